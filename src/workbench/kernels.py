"""Kernels that start at once: each is forked from a warm process that has everything imported and the model loaded.

JupyterLab uses them with `JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-warm`, and starts the warm process early as the
server extension `workbench.kernels`.
"""

import asyncio
import atexit
import ctypes
import gc
import json
import os
import pkgutil
import random
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Instance

NAME = "workbench-warm"
CAN_FORK = sys.platform == "linux"
# The same in every process, so that the same bytes come out: the order of sets, the dates in SVG files, sums of floats
# that don't depend on how many threads added them. With one thread each, also nothing else runs when we fork.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger's warning that Python's own modules are frozen
}
# Read when a library is imported, hence frozen in the warm process: a kernel that wants other values starts on its own.
FROZEN = ("PYTHON", "WORKBENCH_", "MPL", "OMP_", "OPENBLAS_", "LANG", "LC_", "TZ", "HOME")
START_LIMIT = 60.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class ForkedProcess:
    """The part of Popen that LocalProvisioner uses, for a process that is another one's child."""

    stdin = stdout = stderr = None

    def __init__(self, status: int) -> None:
        self._status = os.fdopen(status, "rb", 0)
        started = select.select([self._status], [], [], START_LIMIT)[0]
        self.pid = int(self._status.readline() or 0) if started else 0
        self.returncode: int | None = None if self.pid else -signal.SIGKILL

    def poll(self, timeout: float | None = 0) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout)[0]:
            self.returncode = int(self._status.readline() or -signal.SIGKILL)
            self._status.close()
        return self.returncode

    def wait(self) -> int | None:
        return self.poll(None)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Branch:
    """A process forked from the warm one that has called a function, and from which kernels are forked in turn.

    They find ready what that call has left in memory, and end with the branch.
    """

    def __init__(self, process: ForkedProcess, connection: socket.socket) -> None:
        self.process, self._connection, self._lock = process, connection, threading.Lock()

    def wait(self, time_limit: float | None = None) -> str:
        """Wait until the function has returned: what went wrong in it, or nothing."""
        self._connection.settimeout(time_limit)
        try:
            answer = self._connection.recv(4096)
        except TimeoutError:
            return f"still running after {time_limit:g} s"
        except OSError:
            answer = b""
        self._connection.settimeout(None)
        return answer[1:].decode() if answer else "its process died; memory may have run out"

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], cwd: str) -> ForkedProcess:
        """A new kernel; its pid is 0 where that failed."""
        with self._lock:
            return _request(self._connection, [arguments, dict(environment), cwd])

    def close(self) -> None:
        """End the branch and its kernels."""
        self._connection.close()
        self.process.kill()


class WarmProcess:
    """The process that kernels and branches are forked from; all of them end when this process, its owner, ends."""

    def __init__(self) -> None:
        self.popen: subprocess.Popen[bytes] | None = None
        self.environment: Mapping[str, str] = {}
        self._lock = threading.Lock()
        self._connection = socket.socket()

    def start(self) -> None:
        """Start it where it doesn't run, without waiting for its imports."""
        with self._lock:
            self._start()

    def _start(self) -> None:
        if not CAN_FORK or (self.popen is not None and self.popen.poll() is None):
            return
        self.environment = {**os.environ, **SETTINGS}
        self._connection.close()
        self._connection, theirs = socket.socketpair()
        with theirs:
            self.popen = subprocess.Popen(
                [sys.executable, "-P", "-m", "workbench.kernels", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=self.environment,
            )

    def stop(self) -> None:
        """End it, and every kernel forked from it."""
        with self._lock:
            self._connection.close()
            if self.popen is not None:
                self.popen.wait()
                self.popen = None

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], cwd: str) -> ForkedProcess:
        """A new kernel; its pid is 0 where that failed."""
        return self._requested([arguments, dict(environment), cwd])

    def branch(self, function: str, *arguments: str) -> Branch:
        """A process that has called `function` (`module:name`) and forks kernels."""
        connection, theirs = socket.socketpair()
        with theirs:
            return Branch(self._requested([function, arguments, os.getcwd()], theirs.fileno()), connection)

    def _requested(self, content: Sequence[object], *descriptors: int) -> ForkedProcess:
        for _ in range(2):  # a warm process that has died is replaced
            with self._lock:
                self._start()
                process = _request(self._connection, content, *descriptors)
            if process.pid:
                break
        return process

    def serves(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:
        """Whether a kernel forked here is the same as `command` started with `environment`."""
        warm = self.environment or {**os.environ, **SETTINGS}
        frozen = {name for name in warm.keys() | environment.keys() if name.startswith(FROZEN)}
        return (
            CAN_FORK
            and list(command[1:4]) == ["-m", "ipykernel_launcher", "-f"]
            and os.path.realpath(command[0]) == os.path.realpath(sys.executable)
            and all(warm.get(name) == environment.get(name) for name in frozen)
        )


def _request(connection: socket.socket, content: Sequence[object], *descriptors: int) -> ForkedProcess:
    """Ask the process at the other end to fork; a connection beside the request makes it a branch."""
    reading, writing = os.pipe()
    request = os.memfd_create("request")
    os.write(request, json.dumps(content).encode())
    with suppress(OSError):  # nobody at the other end: the pipe closes, and says so
        socket.send_fds(connection, [b"?"], [request, writing, *descriptors])
    os.close(request)
    os.close(writing)
    return ForkedProcess(reading)


warm = WarmProcess()
atexit.register(warm.stop)


class WarmProvisioner(LocalProvisioner):
    """Forks Python kernels of this environment from `origin`; starts any other kernel as Jupyter does."""

    origin = Instance(object, allow_none=True, help="a Branch; by default the warm process")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        environment = {**kwargs["env"], **SETTINGS}
        if warm.serves(cmd, environment):
            cwd = str(kwargs.get("cwd") or os.getcwd())
            fork = getattr(self.origin or warm, "fork")  # noqa: B009
            # in a thread: the first kernel waits for the imports, which JupyterLab's event loop must not
            process = await asyncio.to_thread(fork, cmd[3:], environment, cwd)
            if process.pid:
                self.process = process
                self.pid = self.pgid = process.pid
                self.cwd = cwd  # type: ignore[assignment]
                return self.connection_info
        return await super().launch_kernel(cmd, **{**kwargs, "env": environment})

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)  # LocalProvisioner looks ten times less often
        return await super().wait()


def register() -> None:
    """Make the provisioner known also where the package is on the path but not installed."""
    entry_point = EntryPoint(NAME, "workbench.kernels:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners.setdefault(NAME, entry_point)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "workbench.kernels"}]


def _load_jupyter_server_extension(_: object) -> None:
    """Start the warm process with JupyterLab, so that also the first notebook is ready at once."""
    warm.start()


def _serve(owner: socket.socket) -> Any:
    """Fork a process for each request; returns in a kernel's process only: its arguments, environment and folder.

    No thread, event loop or zmq context may exist here: none of them would survive in the child.
    """
    children: dict[int, tuple[int, int]] = {}
    while True:
        ready = select.select([owner, *children], [], [])[0][0]
        if ready != owner:
            pid, status = children.pop(ready)
            os.close(ready)
            with suppress(BrokenPipeError):
                os.write(status, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            os.close(status)
            continue
        message, descriptors, *_ = socket.recv_fds(owner, 1, 3)
        if not message:
            for pid, _ in children.values():
                with suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
            os._exit(0)
        request, status, *connection = descriptors
        if pid := os.fork():
            with suppress(BrokenPipeError):
                os.write(status, b"%d\n" % pid)
            children[os.pidfd_open(pid)] = pid, status
            for descriptor in (request, *connection):
                os.close(descriptor)
            continue
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        os.setsid()
        for descriptor in (owner.detach(), status, *children, *(status for _, status in children.values())):
            os.close(descriptor)
        os.lseek(request, 0, os.SEEK_SET)
        with os.fdopen(request, "rb") as file:
            content = json.load(file)
        if not connection:
            return content
        owner, children = socket.socket(fileno=connection[0]), {}
        owner.send(b"!" + _called(*content).encode()[:4000])


_kept: list[object] = []


def _called(function: str, arguments: list[str], cwd: str) -> str:
    """Call `function` and keep its result in memory for the kernels to come; what went wrong, or nothing."""
    os.chdir(cwd)
    try:
        _kept.append(pkgutil.resolve_name(function)(*arguments))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    gc.collect()
    gc.freeze()
    return ""


def _run_kernel(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    random.seed()
    sys.modules["numpy"].random.seed()
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")  # when memory runs out, this cell is to go, not the render or the warm process
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["ipykernel_launcher", *arguments]
    # 1: neither poll for the parent, which prctl does better, nor print how to connect
    IPKernelApp.launch_instance(argv=[*arguments, "--IPKernelApp.parent_handle=1"])
    atexit._run_exitfuncs()
    os._exit(0)


def _warm_up() -> None:
    """Import what kernels and notebooks use, and load models and fonts by measuring and drawing a sentence."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # jsonschema would spend a second on its grammar
    import ipykernel.debugger
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import IPython.core.completerlib
    import IPython.extensions.storemagic  # noqa: F401

    del sys.modules["rfc3987_syntax"]
    import matplotlib.pyplot
    import pandas

    pandas.set_option("display.max_columns", 20)  # what pandas picks when it is imported in a kernel
    matplotlib.rcParams["svg.hashsalt"] = "workbench"
    with suppress(Exception):  # what is wrong here is said by the notebook that meets it
        import workbench
        from workbench import figures

        document = workbench.Document.from_text('"It works," said Ann Lee of NATO on Monday.\nIt is a good day.')
        table = workbench.measures(document)
        workbench.show(document)
        figures.dots(table[:2], "measure", "Warm", "up")._repr_mimebundle_()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    _run_kernel(*_serve(socket.socket(fileno=int(sys.argv[1]))))
