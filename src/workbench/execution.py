"""One run of a notebook: papermill's parameters and engine, a forked kernel, and the same outputs every time."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.utils import ensure_async
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Instance

from workbench import kernels

PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}


class NotebookError(RuntimeError):
    """A notebook that stopped; `cell` says where (from 1, in the notebook as written)."""

    def __init__(self, reason: str, cell: int | None = None) -> None:
        super().__init__(reason)
        self.cell = cell


class QuickClient(AsyncKernelClient):
    """Ready when the kernel has answered one question on both channels; its parent class waits 0.2 s more each time."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or kernels.START_LIMIT)
        while loop.time() < end:
            question, again = self.kernel_info(), loop.time() + 1
            reply, idle = None, False
            while loop.time() < again and not idle:
                channel = self.iopub_channel if reply else self.shell_channel
                with suppress(Empty):
                    message = await ensure_async(channel.get_msg(timeout=0.2))
                    if message["parent_header"].get("msg_id") != question:
                        continue
                    idle = message["content"].get("execution_state") == "idle"
                    reply = reply or message
            if idle:
                self._handle_kernel_info_reply(reply)
                return
            if not await ensure_async(self.parent.is_alive()):  # type: ignore[attr-defined]
                raise RuntimeError("the kernel died while it started")
        raise RuntimeError("the kernel did not start in time")

    wait_for_ready = _async_wait_for_ready


class _Client(PapermillNotebookClient):
    """Papermill's client with true cell states: what stopped a cell is its failure, and later cells stay pending."""

    origin = Instance(object, allow_none=True)

    def create_kernel_manager(self) -> AsyncKernelManager:
        manager = super().create_kernel_manager()
        kernels.register()
        provisioner = {"provisioner_name": kernels.NAME, "config": {"origin": self.origin}}
        manager.kernel_spec.metadata = {**manager.kernel_spec.metadata, "kernel_provisioner": provisioner}
        if "ipykernel_launcher" in manager.kernel_spec.argv:
            manager.kernel_spec.argv[0] = sys.executable  # a kernel spec found elsewhere may name another Python
        manager.client_factory = QuickClient
        if sys.platform != "win32":  # sockets in a folder of our own: no port that another kernel could take first
            manager.transport = "ipc"
            self.folder = tempfile.TemporaryDirectory(prefix="kernel-")
            manager.connection_file = str(Path(self.folder.name, "k.json"))
        return manager

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except Exception as error:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                if isinstance(error, CellExecutionError):
                    return
                raise
            self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)


class WarmEngine(NBClientEngine):
    """The papermill engine that runs notebooks in forked kernels: `papermill --engine workbench in.ipynb out.ipynb`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> None:
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            startup_timeout=start_timeout,
            timeout=execution_timeout,
            shutdown_kernel="immediate",
            extra_arguments=["--HistoryManager.enabled=False"],
            origin=options.get("origin"),
        )
        client.execute(cwd=options.get("cwd"), env={**os.environ, **kernels.SETTINGS})


papermill_engines.register("workbench", WarmEngine)


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, object],
    cwd: Path,
    time_limit: float | None = None,
    origin: kernels.Branch | None = None,
) -> None:
    """Run `notebook` with `parameters` in a kernel of its own, at most `time_limit` seconds a cell, in place.

    The kernel is forked from `origin`, by default from the warm process, and works in the folder `cwd`. Raises NotebookError where a cell fails; the notebook then has the outputs until there and true cell states.
    """
    notebook.metadata.setdefault("papermill", {})
    notebook.metadata.setdefault("kernelspec", dict(PYTHON))
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    parameterize_notebook(notebook, dict(parameters))
    reason = ""
    try:
        papermill_engines.execute_notebook_with_engine(
            "workbench",
            notebook,
            notebook.metadata.kernelspec["name"],
            progress_bar=False,
            execution_timeout=time_limit,
            cwd=str(cwd),
            origin=origin,
        )
    except Exception as error:
        reason = _reason(error, time_limit)
    states = [cell.metadata.papermill.status for cell in notebook.cells]
    if "failed" in states:
        place = states.index("failed")
        outputs = notebook.cells[place].get("outputs", [])
        raised = [f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"]
        reason = reason or raised[-1]
        injected = any("injected-parameters" in cell.metadata.tags for cell in notebook.cells[:place])
        raise NotebookError(reason, place + 1 - injected)
    if reason:
        raise NotebookError(reason)


def _reason(error: Exception, time_limit: float | None) -> str:
    match type(error).__name__:
        case "CellTimeoutError":
            return f"still running after {time_limit:g} s; make it faster, or raise the time limit"
        case "DeadKernelError":
            return "its kernel died; memory may have run out"
        case "NoSuchKernel":
            return f"{error}; choose the kernel python3 in JupyterLab and save"
        case name:
            return f"{name}: {error}"


def stabilise(notebook: NotebookNode, replacements: Mapping[str, str]) -> None:
    """Take out of `notebook` what differs from run to run and from machine to machine, in place.

    `replacements` maps paths of this machine to what they are called in a report.
    """
    notebook.metadata.pop("papermill", None)
    styler_ids: dict[str, str] = {}

    def stable(text: str) -> str:
        for path, name in replacements.items():
            text = text.replace(path, name)
        text = re.sub(r"\b0x[0-9a-f]{6,16}\b", "0x…", text)
        return re.sub(r"\bT_[0-9a-f]{5}\b", lambda m: styler_ids.setdefault(m[0], f"T_{len(styler_ids):05}"), text)

    for position, cell in enumerate(notebook.cells):
        status = cell.metadata.pop("papermill", {}).get("status")
        cell.metadata.pop("execution", None)
        if status and status != "completed":
            cell.metadata["state"] = status
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
        elif "injected-parameters" in cell.metadata.tags:
            cell.id = "injected-parameters"
            cell.source = stable(cell.source)
        cell.setdefault("id", f"cell-{position}")
        for output in cell.get("outputs", []):
            for holder, key in ((output, "text"), (output, "evalue")):
                if key in holder:
                    holder[key] = stable(holder[key])
            if "traceback" in output:
                output.traceback = [stable(line) for line in output.traceback]
            for kind, value in output.get("data", {}).items():
                if isinstance(value, str) and not kind.startswith("image/png"):
                    output.data[kind] = stable(value)
