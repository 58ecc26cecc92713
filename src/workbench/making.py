"""One report made: a document measured, or a notebook run about it and written as notebook and page."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import forking
from workbench.documents import DocumentError
from workbench.manifest import Shelf, provenance
from workbench.notebooks import Notebook

MEASURES = "measures"
MEASURING = "workbench.making:measure"


@dataclass(eq=False)
class Subject:
    """What reports are about: the document in `source`, or, without one, all documents together.

    `stale` has the inputs of each report that is to be made, by its notebook; None stands for the document's measures.
    """

    folder: str = ""
    source: Path | None = None
    stale: dict[Notebook | None, dict[str, Any]] = field(default_factory=dict)
    branch: "forking.Branch | None" = None

    def report(self, notebook: Notebook | None) -> str:
        """A report's path in the reports' folder, without its ending."""
        name = notebook.name if notebook else MEASURES
        return f"{self.folder}/{name}" if self.folder else {"overview": "index"}.get(name, name)


@dataclass
class Workshop:
    """Where reports are made: what they are made from and with, and where they go."""

    seeds: Path
    shelf: Shelf
    each: list[Notebook]  # run for each document
    once: list[Notebook]  # run for all of them together
    parameters: Mapping[str, object]
    time_limit: float
    closed: bool = False

    def __post_init__(self) -> None:
        self.called = {str(Path.cwd()): ".", sys.prefix: "<python>", str(Path.home()): "~"}
        for path in (self.seeds, self.shelf.path):
            self.called |= {os.path.abspath(path): path.name, str(path): path.name}

    def make(self, subject: Subject, notebook: Notebook | None) -> None:
        """Make one report and publish it."""
        if notebook:
            contents = self._run(subject, notebook)
        else:
            contents = {f"{subject.report(None)}.parquet": self._measure(subject)}
        if notebook in subject.stale:
            self.shelf.publish(subject.report(notebook), subject.stale[notebook], contents)
            (self.shelf.path / f"{subject.report(notebook)}.failed.ipynb").unlink(missing_ok=True)

    def _measure(self, subject: Subject) -> bytes:
        """Measure a document, in a process from which its notebooks' kernels are then forked; a Parquet file."""
        assert subject.source
        table = self.shelf.staging / f"{subject.folder}.parquet"
        arguments = _shown(subject.source), str(table.absolute())
        if forking.CAN_FORK:
            branch = forking.warm.branch(MEASURING, *arguments)
            if problem := branch.wait(self.time_limit):
                branch.close()
                kind, _, message = problem.partition(": ")
                if kind == DocumentError.__name__:
                    raise DocumentError(message)
                raise RuntimeError(f"{MEASURES}, document {subject.source}: {problem}")
            subject.branch = branch
        else:
            measure(*arguments)
        content = table.read_bytes()
        table.unlink()
        return content

    def _run(self, subject: Subject, notebook: Notebook) -> dict[str, bytes]:
        """Run a notebook; the executed notebook and its page. What stops it is raised with its place and the remedy."""
        import nbformat

        from workbench import execution
        from workbench.pages import page

        report, node = subject.report(notebook), nbformat.read(notebook.path, 4)
        ours = {"seeds": self.seeds, "reports": self.shelf.path, MEASURES: self.shelf.path / f"{MEASURES}.parquet"}
        ours |= {"document": subject.source} if subject.source else {}
        given = {**notebook.typed(self.parameters)}
        given |= {name: _shown(path) for name, path in ours.items() if name in notebook.parameters}
        try:
            execution.execute(node, given, Path.cwd(), self.time_limit, subject.branch)
        except execution.NotebookError as error:
            if self.closed:
                raise
            execution.stabilise(node, self.called)
            with suppress(OSError):
                self.shelf.write(f"{report}.failed.ipynb", _written(node))
            place = f"{notebook.path}{f', cell {error.cell}' if error.cell else ''}"
            place += f", document {subject.source}" if subject.source else ""
            kept = self.shelf.path / f"{report}.failed.ipynb"
            raise execution.NotebookError(f"{place}: {error}; see {kept}") from None
        execution.stabilise(node, self.called)
        title = " · ".join(filter(None, [_title(notebook.name), subject.folder]))
        made_from, root = provenance(subject.stale[notebook]), "../" * bool(subject.folder)
        html = page(node, title, self._links(subject, notebook), made_from, root)
        return {f"{report}.ipynb": _written(node), f"{report}.html": html.encode("utf-8", "replace")}

    def _links(self, subject: Subject, notebook: Notebook) -> list[tuple[str, str]]:
        """From a report to those on all documents, and to the others on the same one."""
        whole, up = Subject(), "../" * bool(subject.folder)
        links = {other: f"{up}{whole.report(other)}.html" for other in self.once}
        if subject.folder:
            links |= {other: f"{other.name}.html" for other in self.each}
        return [(_title(other.name), "" if other is notebook else quote(address)) for other, address in links.items()]


def measure(path: str, target: str) -> object:
    """Measure the document in `path`, the table to `target`; gives the document, which remembers its analyses."""
    import workbench

    document = workbench.read(path)
    workbench.measures(document).to_parquet(target, index=False)
    return document


def _written(notebook: Any) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def _shown(path: Path) -> str:
    """`path` from the working directory where it lies in there, else in full."""
    full = Path(os.path.abspath(path))
    return full.relative_to(Path.cwd()).as_posix() if full.is_relative_to(Path.cwd()) else str(full)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
