"""One run of a notebook: papermill's parameters and engine, a forked kernel, and the same outputs every time."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Instance

from workbench import kernels
from workbench.forking import SETTINGS, START_LIMIT, Branch

ENGINE = "workbench"
PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"


class NotebookError(RuntimeError):
    """A notebook that stopped; `cell` says where (from 1, in the notebook as written)."""

    def __init__(self, reason: str, cell: int | None = None) -> None:
        super().__init__(reason)
        self.cell = cell


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
        manager.client_factory = kernels.QuickClient
        if sys.platform != "win32":  # sockets in a folder of our own: no port that another kernel could take first
            self.folder = tempfile.TemporaryDirectory(prefix="kernel-")
            manager.transport, manager.connection_file = "ipc", str(Path(self.folder.name, "k.json"))
        return manager

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except Exception as error:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                self._cancel_tasks()
                if isinstance(error, CellExecutionError):
                    return
                raise
            self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)

    def _cancel_tasks(self) -> None:
        """End what still listens to a kernel that is given up, or asyncio complains about it on the terminal."""
        loop = ensure_event_loop()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


class WarmEngine(NBClientEngine):
    """The papermill engine that runs notebooks in forked kernels: `papermill --engine workbench in.ipynb out.ipynb`."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            log=logger,
            startup_timeout=options.get("start_timeout", START_LIMIT),
            timeout=options.get("execution_timeout"),
            shutdown_kernel="immediate",
            extra_arguments=["--HistoryManager.enabled=False"],
            **{
                name: options[name]
                for name in ("log_output", "stdout_file", "stderr_file", "origin")
                if name in options
            },
        )
        client.execute(cwd=options.get("cwd"), env={**os.environ, **SETTINGS})


papermill_engines.register(ENGINE, WarmEngine)


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, object],
    cwd: Path,
    time_limit: float | None = None,
    origin: Branch | None = None,
) -> None:
    """Run `notebook` with `parameters` in a kernel of its own, at most `time_limit` seconds a cell, in place.

    The kernel is forked from `origin`, by default from the warm process, and works in the folder `cwd`. Raises
    NotebookError where a cell fails; the notebook then has the outputs until there, and true cell states.
    """
    notebook.metadata = {"kernelspec": dict(PYTHON), **notebook.metadata, "papermill": {}}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    parameterize_notebook(notebook, dict(parameters))
    kernel, options = notebook.metadata["kernelspec"]["name"], {"cwd": str(cwd), "origin": origin}
    reason = ""
    try:
        papermill_engines.execute_notebook_with_engine(
            ENGINE, notebook, kernel, progress_bar=False, execution_timeout=time_limit, **options
        )
    except CellTimeoutError:
        reason = f"still running after {time_limit:g} s; make it faster, or raise the time limit"
    except DeadKernelError:
        reason = "its kernel died; memory may have run out"
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    failed = [place for place, cell in enumerate(notebook.cells) if cell.metadata.papermill.status == "failed"]
    if failed:
        place = failed[0]
        raised = [f"{out.ename}: {out.evalue}".rstrip(": ") for out in notebook.cells[place].outputs if "ename" in out]
        injected = any("injected-parameters" in cell.metadata.tags for cell in notebook.cells[:place])
        raise NotebookError(" ".join((reason or raised[-1]).split()), place + 1 - injected)
    if reason:
        raise NotebookError(" ".join(reason.split()))


def stabilise(notebook: NotebookNode, called: Mapping[str, str]) -> None:
    """Take out of `notebook`, in place, what differs from run to run and from machine to machine.

    `called` says what paths of this machine are called in a report.
    """
    paths = "|".join(re.escape(path) for path in sorted(called, key=len, reverse=True))
    styled: dict[str, str] = {}

    def stable(text: str) -> str:
        text = re.sub(rf"(?<![\w/.-])(?:{paths})(?![\w-])", lambda path: called[path[0]], text)
        text = re.sub(r"(?<= at )0x[0-9a-f]{6,16}(?=>|&gt;)", "0x…", text)
        return re.sub(
            r"\bT_[0-9a-f]{5}(?![0-9a-f])", lambda found: styled.setdefault(found[0], f"T_{len(styled)}"), text
        )

    for name in ("papermill", "widgets"):
        notebook.metadata.pop(name, None)
    for position, cell in enumerate(notebook.cells):
        state = cell.metadata.pop("papermill", {}).get("status", "completed")
        cell.metadata.pop("execution", None)
        if state != "completed":
            cell.metadata["state"] = state
        if "injected-parameters" in cell.metadata.tags:
            cell.id, cell.source = "injected-parameters", stable(cell.source)
        cell.setdefault("id", f"cell-{position}")
        if "outputs" in cell:
            cell.outputs = _in_order(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            for holder in (output, output.get("data", {})):
                for kind, value in holder.items():
                    if isinstance(value, str) and kind not in ("output_type", "name", "image/png", "image/jpeg"):
                        holder[kind] = stable(value)
            if "traceback" in output:
                output.traceback = [stable(line) for line in output.traceback]


def _in_order(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """What is printed comes in pieces as time has it; here all of it between two displays, errors last."""
    ordered: list[NotebookNode] = []
    for printed, pieces in groupby(outputs, lambda output: output.output_type == "stream"):
        if not printed:
            ordered.extend(pieces)
            continue
        texts = {"stdout": "", "stderr": ""}
        for piece in pieces:
            texts[piece.name] += piece.text
        ordered.extend(new_output("stream", name=name, text=text) for name, text in texts.items() if text)
    return ordered
