"""Kernels that are ready at once, for reports and JupyterLab, and notebooks run in them.

JupyterLab uses them with `JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-warm`; as a server extension this room starts the
warm process with JupyterLab, so that the first notebook is ready at once, too.
"""

import asyncio
import atexit
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Instance

from workbench.reports import warm_process
from workbench.reports.warm_process import SETTINGS, START_LIMIT, Origin, warm

if TYPE_CHECKING:
    from nbformat import NotebookNode

NAME = "workbench-warm"


class NotebookError(RuntimeError):
    """A notebook that stopped; `cell` says where (from 1, in the notebook as written)."""

    def __init__(self, reason: str, cell: int | None = None) -> None:
        super().__init__(reason)
        self.cell = cell


class WarmProvisioner(LocalProvisioner):
    """Forks Python kernels of this environment from `origin`; starts any other kernel as Jupyter does."""

    origin = Instance(Origin, allow_none=True, help="a Branch; by default the warm process")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        environment = {**kwargs["env"], **SETTINGS}
        if warm.serves(cmd, environment):
            cwd = str(kwargs.get("cwd") or os.getcwd())
            # in a thread: the first kernel waits for the imports, which JupyterLab's event loop must not
            process = await asyncio.to_thread((self.origin or warm).fork, cmd[3:], environment, cwd)
            if process.pid:
                self.process, self.cwd = process, cwd  # type: ignore[assignment]
                self.pid = self.pgid = process.pid
                return self.connection_info
        return await super().launch_kernel(cmd, **{**kwargs, "env": environment})

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)  # LocalProvisioner looks ten times less often
        return await super().wait()


class QuickClient(AsyncKernelClient):
    """Ready when the kernel has answered one question on both channels; its parent class waits 0.2 s more each time."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or START_LIMIT)
        while loop.time() < end:
            with suppress(Empty, TimeoutError):  # of what is asked before both channels are open one part is lost
                reply = await self.kernel_info(reply=True, timeout=1)
                idle = reply["parent_header"]["msg_id"], "idle"
                answer = None
                while answer != idle:
                    message = await self.get_iopub_msg(timeout=0.2)
                    answer = message["parent_header"].get("msg_id"), message["content"].get("execution_state")
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("the kernel died while it started")
        raise RuntimeError("the kernel did not start in time")

    wait_for_ready = _async_wait_for_ready


def execute(
    notebook: "NotebookNode",
    parameters: Mapping[str, object],
    cwd: Path,
    time_limit: float | None = None,
    origin: Origin | None = None,
) -> None:
    """Run `notebook` with `parameters` in a kernel of its own, at most `time_limit` seconds a cell, in place.

    The kernel is forked from `origin`, by default from the warm process, and works in the folder `cwd`. Raises
    NotebookError where a cell fails; the notebook then has the outputs until there, and a state, failed or pending, in
    the metadata of each cell from there on.
    """
    # start-up time of JupyterLab, which loads this room
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from papermill.parameterize import parameterize_notebook

    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": python, **notebook.metadata, "papermill": {}}
    written = {cell.get("id") for cell in notebook.cells}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.pop("state", None)
    parameterize_notebook(notebook, dict(parameters))
    del notebook.metadata["papermill"]
    for position, cell in enumerate(notebook.cells):
        if cell.id not in written:  # papermill draws random ones
            cell.id = f"cell-{position}"
    begun: list[int] = []
    reason = ""
    try:
        asyncio.run(_execute(notebook, cwd, time_limit, origin, begun))
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}".rstrip(": ")
    except CellTimeoutError:
        reason = f"still running after {time_limit:g} s; make it faster, or raise the time limit"
    except DeadKernelError:
        reason = "its kernel died; memory may have run out"
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    if reason:
        for cell in notebook.cells[len(begun) :]:
            cell.metadata["state"] = "pending"
        if begun:
            notebook.cells[begun[-1]].metadata["state"] = "failed"
        as_written = [cell for cell in notebook.cells[: len(begun)] if "injected-parameters" not in cell.metadata.tags]
        raise NotebookError(" ".join(reason.split()), len(as_written) or None)


async def _execute(
    notebook: "NotebookNode", cwd: Path, time_limit: float | None, origin: Origin | None, begun: list[int]
) -> None:
    from nbclient import NotebookClient  # start-up time

    name = notebook.metadata["kernelspec"]["name"]
    kept = not warm_process.CAN_FORK and name == "python3"
    folder, manager = _idle.pop() if kept and _idle else _kernel(name, origin)
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=time_limit,
        startup_timeout=START_LIMIT,
        shutdown_kernel="immediate",
        record_timing=False,
        raise_on_iopub_timeout=True,
        extra_arguments=["--HistoryManager.enabled=False"],
        on_cell_start=lambda cell, cell_index: begun.append(cell_index),
    )
    try:
        await client.async_execute(cwd=str(cwd), env={**os.environ, **SETTINGS}, cleanup_kc=not kept)
        if kept and isinstance(client.kc, AsyncKernelClient):
            client.kc.execute(EMPTYING.format(cwd=str(cwd)), silent=True)
            await client.kc.get_shell_msg(timeout=START_LIMIT)
            client.kc.stop_channels()
            _idle.append((folder, manager))
    finally:
        if kept and (folder, manager) not in _idle:
            await client._async_cleanup_kernel()
        atexit.unregister(client._cleanup_kernel)  # nbclient leaves it there where a kernel died as it started


# Where kernels can't be forked they take seconds to start: one whose notebook ended well is emptied and runs the next.
EMPTYING = "import os, matplotlib.pyplot as p; os.chdir({cwd!r}); p.close('all'); get_ipython().reset()"
_idle: list[tuple[tempfile.TemporaryDirectory[str], AsyncKernelManager]] = []
atexit.register(lambda: [manager.provisioner.process.kill() for _, manager in _idle])  # type: ignore[union-attr]


def _kernel(name: str, origin: Origin | None) -> tuple[tempfile.TemporaryDirectory[str], AsyncKernelManager]:
    """A kernel that is yet to start, and the folder of its sockets, which goes with it."""
    folder = tempfile.TemporaryDirectory("", "k-", warm.temporary, ignore_cleanup_errors=True)
    manager = AsyncKernelManager(kernel_name=name)
    manager.client_factory = QuickClient
    assert manager.kernel_spec
    provisioner = {"provisioner_name": NAME, "config": {"origin": origin}}
    manager.kernel_spec.metadata = {**manager.kernel_spec.metadata, "kernel_provisioner": provisioner}
    if "ipykernel_launcher" in manager.kernel_spec.argv:
        manager.kernel_spec.argv[0] = sys.executable  # a kernel spec found elsewhere may name another Python
    if sys.platform != "win32":  # sockets in a folder of our own: no port that another kernel could take first
        manager.transport, manager.connection_file = "ipc", str(Path(folder.name, "k.json"))
    return folder, manager


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "workbench.reports.kernels"}]


def _load_jupyter_server_extension(_: object) -> None:
    warm.start()
