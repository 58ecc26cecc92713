"""Processes that start at once: forked from a warm one that has everything imported and the model loaded."""

import atexit
import ctypes
import gc
import json
import os
import pkgutil
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib import import_module
from typing import Any

CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")
# The same in every process, so that the same bytes come out: the order of sets, the dates in SVG files, sums of floats
# that don't depend on how many threads added them. With one thread each, nothing else runs when we fork.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # pyarrow would have a thread of its allocator
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or the debugger warns in each kernel
}
# Read when a library is imported, hence frozen in the warm process: a kernel that wants other values starts on its own.
FROZEN = ("PYTHON", "WORKBENCH_", "MPL", "OMP_", "OPENBLAS_", "LANG", "LC_", "TZ", "HOME")
IMPORTED = """ipykernel.debugger ipykernel.kernelapp IPython.core.completerlib IPython.core.debugger IPython.core.logger
    IPython.core.oinspect IPython.extensions.storemagic pyarrow.parquet tornado.platform.asyncio"""
START_LIMIT = 600.0  # seconds: a crowded machine takes minutes to import, and one that dies is noticed at once


def _frozen(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(FROZEN)}


class ForkedProcess:
    """The part of Popen that Jupyter uses, for a process that is another one's child; its pid is 0 if none came."""

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


class Origin:
    """A process that others are forked from, at the other end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._lock = connection, threading.RLock()

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], cwd: str) -> ForkedProcess:
        """A new kernel."""
        return self._forked([arguments, dict(environment), cwd])

    def _forked(self, request: Sequence[object], *descriptors: int) -> ForkedProcess:
        reading, writing = os.pipe()
        with self._lock, suppress(OSError):  # nobody at the other end: the pipe closes, which says so
            socket.send_fds(self._connection, [json.dumps(request).encode()], [writing, *descriptors])
        os.close(writing)
        return ForkedProcess(reading)


class Branch(Origin):
    """A process forked from the warm one to call a function; kernels forked from it find what that left in memory."""

    def __init__(self, connection: socket.socket, process: ForkedProcess) -> None:
        super().__init__(connection)
        self.process = process

    def wait(self, time_limit: float | None = None) -> str:
        """What went wrong in the function, when it has returned; nothing if all is well."""
        self._connection.settimeout(time_limit)
        try:
            answer = self._connection.recv(4096)
        except TimeoutError:
            return f"still running after {time_limit:g} s"
        except OSError:
            answer = b""
        return answer[1:].decode(errors="replace") if answer else "its process died; memory may have run out"

    def close(self) -> None:
        """End it and its kernels."""
        self._connection.close()
        self.process.kill()


class WarmProcess(Origin):
    """The process that kernels and branches are forked from; it and all of them end with this process, its owner."""

    popen: subprocess.Popen[bytes] | None = None
    environment: Mapping[str, str] = {}

    @cached_property
    def temporary(self) -> str:
        """The folder for what its owner needs only for now: gone with the owner, or where that is killed, with this."""
        long = len(os.fsencode(tempfile.gettempdir())) > 70  # a socket's path has room for about 100 bytes
        folder = tempfile.mkdtemp("", "wb-", "/tmp" if long and os.access("/tmp", os.W_OK) else None)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        if not (os.path.isdir(home := os.path.expanduser("~")) and os.access(home, os.W_OK)):  # else folders stay
            os.environ.setdefault("IPYTHONDIR", folder)
            os.environ.setdefault("MPLCONFIGDIR", folder)
        return folder

    def start(self) -> None:
        """Start it, without waiting for its imports, unless it runs in the environment of now."""
        command = [sys.executable, "-P", "-m", "workbench.reports.warm_process", self.temporary]
        environment = {**os.environ, **SETTINGS}
        with self._lock:
            alive = self.popen is not None and self.popen.poll() is None
            if not CAN_FORK or (alive and _frozen(environment) == _frozen(self.environment)):
                return
            self.stop()
            self.environment = environment
            self._connection, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
            with theirs:
                self.popen = subprocess.Popen(
                    [*command, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    env=environment,
                )

    def stop(self) -> None:
        """End it, and every process forked from it."""
        with self._lock:
            if self.popen is not None:
                self.popen.kill()
                self.popen.wait()
            self._connection.close()

    def branch(self, function: str, *arguments: str) -> Branch:
        """A process that calls `function`, named as in `module:function`."""
        connection, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        with theirs:
            return Branch(connection, self._forked([function, arguments, os.getcwd()], theirs.fileno()))

    def _forked(self, request: Sequence[object], *descriptors: int) -> ForkedProcess:
        for _ in range(2):  # a warm process that has died is replaced
            self.start()
            process = super()._forked(request, *descriptors)
            if process.pid:
                break
        return process

    def serves(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:
        """Whether a kernel forked here is the same as `command` started with `environment`."""
        return (
            CAN_FORK
            and list(command[1:4]) == ["-m", "ipykernel_launcher", "-f"]
            and os.path.realpath(command[0]) == os.path.realpath(sys.executable)
            and _frozen(environment) == _frozen({**os.environ, **SETTINGS})
        )


warm = WarmProcess(socket.socket())
atexit.register(warm.stop)


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import what needs jsonschema without the second that it spends on a grammar of web addresses."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    yield
    if sys.modules["rfc3987_syntax"] is None:
        del sys.modules["rfc3987_syntax"]


def _serve(owner: socket.socket, temporary: str) -> Any:
    """Fork a process for each request; returns in a kernel's process only: its arguments, environment and folder.

    When the owner has gone, so do all of them and the folder `temporary`.
    No thread, event loop or zmq context may exist here: none of them would survive in the child.
    """
    children: dict[int, tuple[int, int]] = {}
    while True:
        ready = select.select([owner.fileno(), *children], [], [])[0][0]
        if ready in children:
            pid, status = children.pop(ready)
            os.close(ready)
            with suppress(BrokenPipeError):
                os.write(status, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            os.close(status)
            continue
        request, descriptors = b"", list[int]()
        with suppress(ConnectionResetError):  # the owner went without waiting for what it asked
            request, descriptors, *_ = socket.recv_fds(owner, 1 << 20, 2)
        if not request:
            for pid, _ in children.values():
                with suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
            shutil.rmtree(temporary, ignore_errors=True)
            os._exit(0)
        status, *connection = descriptors
        if pid := os.fork():
            with suppress(BrokenPipeError):
                os.write(status, b"%d\n" % pid)
            children[os.pidfd_open(pid)] = pid, status
            for descriptor in connection:
                os.close(descriptor)
            continue
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with its parent
        os.setsid()
        for descriptor in (owner.detach(), status, *children, *(status for _, status in children.values())):
            os.close(descriptor)
        content = json.loads(request)
        if not connection:
            return content
        owner, children, temporary = socket.socket(fileno=connection[0]), {}, ""
        owner.send(b"!" + _called(*content).encode()[:4000])


_kept: list[object] = []


def _called(function: str, arguments: list[str], cwd: str) -> str:
    """Call `function` and keep its result in memory for the kernels to come; what went wrong, or nothing."""
    os.chdir(cwd)
    try:
        _kept.append(pkgutil.resolve_name(function)(*arguments))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    gc.freeze()
    return ""


def _run_kernel(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    from ipykernel.kernelapp import IPKernelApp  # start-up time of whoever starts the warm process

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    random.seed()
    sys.modules["numpy"].random.seed()
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")  # when memory runs out, this cell is to go, not the render or the warm process
    sys.argv = ["ipykernel_launcher", *arguments]
    # 1: neither poll for the parent, which prctl does better, nor print how to connect; 40: errors, not warnings
    settings = ["parent_handle=1", "log_level=40", "extra_extensions=workbench"]
    IPKernelApp.launch_instance(argv=[*arguments, *(f"--IPKernelApp.{setting}" for setting in settings)])
    atexit._run_exitfuncs()
    os._exit(0)


def _warm_up() -> None:
    """Import what kernels and notebooks use, and load models and fonts by measuring and drawing a sentence."""
    with quick_imports():
        for name in IMPORTED.split():
            import_module(name)
    import_module("pandas").set_option("display.max_columns", 20)  # what pandas picks when it is imported in a kernel
    import matplotlib.pyplot  # start-up time, likewise

    matplotlib.rcParams["svg.hashsalt"] = "workbench"
    with suppress(Exception):  # what is wrong here is said by the notebook that meets it
        import workbench  # start-up time, likewise; as a notebook imports it
        from workbench.display import figures

        for name in dir(workbench):
            getattr(workbench, name)  # imports its room
        document = workbench.Document.from_text('"It works," said Ann Lee of NATO on Monday.\nIt is a good day.')
        figures.dots(workbench.measures(document)[:2], "measure", "Warm", "up")._repr_mimebundle_()
        workbench.show(document)
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    _run_kernel(*_serve(socket.socket(fileno=int(sys.argv[2])), sys.argv[1]))
