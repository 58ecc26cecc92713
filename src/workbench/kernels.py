"""Kernels that start at once: each is forked from a warm process that has everything imported and the model loaded."""

import asyncio
import atexit
import ctypes
import gc
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from importlib.metadata import EntryPoint
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from jupyter_client.utils import ensure_async

NAME = "workbench-warm"
CAN_FORK = sys.platform == "linux"
# What must be the same in every process for the same bytes to come out: the order of sets, the dates in SVG files, sums
# of floats that don't depend on how many threads added them. One thread also means that nothing runs when we fork.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
# Read when a library is imported, hence frozen in the warm process: a kernel that wants other values gets its own start.
FROZEN = ("PYTHON", "WORKBENCH_", "MPL", "OMP_", "OPENBLAS_", "LANG", "LC_", "TZ", "HOME")
_KERNEL_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class WarmProcess:
    """The process that kernels are forked from; it ends, and its kernels with it, when its owner ends."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.popen: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        """Start it, unless it runs; return without waiting for its imports."""
        with self.lock:
            self._start()

    def _start(self) -> None:
        if self.popen is not None and self.popen.poll() is None:
            return
        self.environment = {**os.environ, **SETTINGS}
        self.socket, theirs = socket.socketpair()
        with theirs:
            self.popen = subprocess.Popen(
                [sys.executable, "-P", "-m", "workbench.kernels", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=self.environment,
            )

    def stop(self) -> None:
        """End it and every kernel forked from it."""
        with self.lock:
            if self.popen is not None:
                self.socket.close()
                self.popen.wait()
                self.popen = None

    def fork(self, arguments: list[str], environment: dict[str, str], cwd: str) -> "ForkedKernel":
        """A new kernel; starts the warm process, or a new one if it has died."""
        request = json.dumps([arguments, environment, cwd]).encode()
        for last_try in (False, True):
            with self.lock:
                self._start()
                reading, writing = os.pipe()
                with suppress(OSError):
                    descriptor = os.memfd_create("request")
                    os.write(descriptor, request)
                    socket.send_fds(self.socket, [b"k"], [descriptor, writing])
                os.close(descriptor)
                os.close(writing)
            kernel = ForkedKernel(reading)
            if kernel.pid or last_try:
                return kernel
        raise AssertionError("unreachable")

    def serves(self, command: list[str], environment: dict[str, str]) -> bool:
        """Whether a kernel forked here is the same as `command` started with `environment`."""
        warm = self.environment or {**os.environ, **SETTINGS}
        names = {name for name in warm.keys() | environment.keys() if name.startswith(FROZEN)} - SETTINGS.keys()
        return (
            CAN_FORK
            and command[1:4] == ["-m", "ipykernel_launcher", "-f"]
            and os.path.realpath(command[0]) == os.path.realpath(sys.executable)
            and all(warm.get(name) == environment.get(name) for name in names)
        )


class ForkedKernel:
    """The part of Popen that LocalProvisioner uses, for a process that is the warm process's child and not ours."""

    stdin = stdout = stderr = None

    def __init__(self, status: int) -> None:
        self._status = os.fdopen(status, "rb", 0)
        self.pid = int(self._status.readline() or 0)
        self.returncode: int | None = None if self.pid else -signal.SIGKILL
        if not self.pid:
            self._status.close()

    def poll(self, timeout: float | None = 0) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout)[0]:
            self.returncode = int(self._status.readline() or -signal.SIGKILL)
            self._status.close()
        return self.returncode

    def wait(self) -> int | None:
        return self.poll(None)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


warm = WarmProcess()
atexit.register(warm.stop)


class WarmProvisioner(LocalProvisioner):
    """Forks Python kernels of this environment from the warm process; starts any other kernel as Jupyter does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        environment = {**kwargs["env"], **SETTINGS}
        if not warm.serves(cmd, environment):
            return await super().launch_kernel(cmd, **{**kwargs, "env": environment})
        cwd = str(kwargs.get("cwd") or os.getcwd())
        # in a thread: the first kernel waits for the imports, and JupyterLab's event loop must not
        self.process = await asyncio.to_thread(warm.fork, cmd[3:], environment, cwd)  # type: ignore[assignment]
        self.pid = self.pgid = self.process.pid  # type: ignore[attr-defined]
        self.cwd = cwd  # type: ignore[assignment]
        return self.connection_info

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)  # LocalProvisioner waits ten times as long
        return await super().wait()


def register() -> None:
    """Make the provisioner known also where the package is on the path but not installed."""
    entry_point = EntryPoint(NAME, "workbench.kernels:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners.setdefault(NAME, entry_point)


class QuickClient(AsyncKernelClient):
    """Ready when the kernel has answered one question on both channels; the parent class always waits 0.2 s more."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or 60)
        while loop.time() < end:
            question, retry = self.kernel_info(), loop.time() + 1
            replied = idle = False
            while loop.time() < retry and not (replied and idle):
                with suppress(Empty):
                    if not replied:
                        message = await ensure_async(self.shell_channel.get_msg(timeout=0.2))
                        replied = message["parent_header"].get("msg_id") == question
                        continue
                    message = await ensure_async(self.iopub_channel.get_msg(timeout=0.2))
                    idle = message["content"].get("execution_state") == "idle"
                    idle = idle and message["parent_header"].get("msg_id") == question
            if replied and idle:
                self._handle_kernel_info_reply
                return
            if self.parent is not None and not await ensure_async(self.parent.is_alive()):
                raise RuntimeError("the kernel died while it started")
        raise RuntimeError("the kernel did not start in time")

    wait_for_ready = _async_wait_for_ready


def _serve(owner: socket.socket) -> list[Any]:
    """Fork a kernel for each request; returns, in the kernel's process only, its arguments, environment, folder.

    No thread, event loop or zmq context may exist here: none of them would survive in the child.
    """
    children: dict[int, tuple[int, int]] = {}
    while True:
        for ready in select.select([owner, *children], [], [])[0]:
            if ready != owner:
                pid, status = children.pop(ready)
                os.close(ready)
                with suppress(BrokenPipeError):
                    os.write(status, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                os.close(status)
                continue
            message, descriptors, *_ = socket.recv_fds(owner, 1, 2)
            if not message:
                for pid, _ in children.values():
                    with suppress(OSError):
                        os.killpg(pid, signal.SIGKILL)
                os._exit(0)
            request, status = descriptors
            if pid := os.fork():
                os.write(status, b"%d\n" % pid)
                os.close(request)
                children[os.pidfd_open(pid)] = pid, status
                continue
            ctypes.CDLL(None).prctl(_KERNEL_DIES_WITH_PARENT, signal.SIGKILL)
            for descriptor in (owner.detach(), status, *children, *(status for _, status in children.values())):
                os.close(descriptor)
            os.lseek(request, 0, os.SEEK_SET)
            with os.fdopen(request, "rb") as file:
                return list(json.load(file))


def _run_kernel(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
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
    """Import what notebooks use and load the model, by measuring a sentence."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # jsonschema would spend a second on its grammar
    import ipykernel.ipkernel
    import ipykernel.kernelapp  # noqa: F401

    del sys.modules["rfc3987_syntax"]
    import matplotlib.pyplot
    import pandas

    pandas.set_option("display.max_columns", 20)  # what pandas picks when it is imported in a kernel
    matplotlib.rcParams["svg.hashsalt"] = "workbench"
    with suppress(Exception):  # what is wrong here is said by the notebook that meets it
        import workbench

        document = workbench.Document.from_text('"It works," said Ann Lee of NATO on Monday.\nIt is a good day.')
        workbench.measures(document)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    _run_kernel(*_serve(socket.socket(fileno=int(sys.argv[1]))))
