"""Every notebook rendered for every document: only what changed, several at once, the same bytes, nothing lost."""

import io
import json
import os
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from workbench import forking
from workbench.documents import DocumentError
from workbench.manifest import (
    MANIFEST,
    Shelf,
    differing,
    digest,
    environment,
    file_digest,
    folders,
    provenance,
    recorded,
)
from workbench.notebooks import Notebook, ParameterError

COLUMNS = ["document", "notebook", "status", "message"]
MEASURES = "measures"
TIME_LIMIT = 600.0
SET_HERE = {"document", "seeds", "reports", MEASURES}  # the parameters that a render sets itself


class RenderError(ValueError):
    """A render that cannot begin; the message says why and what to do."""


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


def render(
    seeds: str | Path = "seeds",
    notebooks: str | Path = "notebooks",
    reports: str | Path = "reports",
    jobs: int | None = None,
    parameters: Mapping[str, object] | None = None,
    force: bool = False,
    time_limit: float = TIME_LIMIT,
    progress: bool = True,
) -> pd.DataFrame:
    """A row a report: document, notebook, status (rendered, current, failed, removed), message.

    Each notebook in `notebooks` with a parameter `document` is run for each document in `seeds`, to
    `reports/<document>/<notebook>.ipynb` and `.html`; the others once, after `measures.csv` and `measures.parquet` are
    there; `overview` becomes `index.html`. What is there already from the same inputs is kept, unless `force`. `jobs`
    reports are made at once, each cell in at most `time_limit` seconds; `parameters` go to the notebooks that declare
    them. Raises RenderError, ParameterError or LockedError where nothing can be rendered; whatever fails in a document
    or a notebook is a row.
    """
    seeds, found = Path(seeds), _notebooks(Path(notebooks), parameters or {})
    if not seeds.is_dir():
        raise RenderError(f"{seeds}: no such folder; create it and put documents into it")
    with Shelf.locked(Path(reports)) as shelf:
        under_way = _Render(seeds, found, shelf, parameters or {}, force, time_limit)
        try:
            under_way.run(jobs or (os.cpu_count() or 1) + 1, progress)
        finally:
            forking.warm.stop()
            under_way.attempt(MANIFEST, shelf.record)
    return pd.DataFrame(sorted(under_way.rows, key=lambda row: (not row[0], row)), columns=COLUMNS)


def _notebooks(folder: Path, parameters: Mapping[str, object]) -> list[Notebook]:
    """The notebooks in `folder`, each able to take those of the parameters that it declares."""
    if not folder.is_dir():
        raise RenderError(f"{folder}: no such folder; name the one that holds the notebooks")
    found = [Notebook.read(path) for path in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise RenderError(f"{folder}: no notebook in it; put one there, or name another folder")
    declared = sorted({name for notebook in found for name in notebook.parameters} - SET_HERE)
    for name in parameters:
        if name not in declared:
            raise ParameterError(f"no notebook has a parameter {name!r}; there is {', '.join(declared) or 'none'}")
    for notebook in found:
        notebook.typed(parameters)
    return found


@dataclass
class _Render:
    """A render under way; `rows` says what has become of each report."""

    seeds: Path
    notebooks: list[Notebook]
    shelf: Shelf
    parameters: Mapping[str, object]
    force: bool
    time_limit: float
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    broken_off: bool = False

    def __post_init__(self) -> None:
        self.each = [notebook for notebook in self.notebooks if "document" in notebook.parameters]
        self.once = [notebook for notebook in self.notebooks if "document" not in notebook.parameters]
        self.environment = digest(json.dumps(environment()).encode())
        self.called = {str(Path.cwd()): ".", sys.prefix: "<python>", str(Path.home()): "~"}
        for path in (self.seeds, self.shelf.path):
            self.called |= {os.path.abspath(path): path.name, str(path): path.name}

    def run(self, jobs: int, progress: bool) -> None:
        """Make what is stale: the documents' reports, their measures together, and the reports on all of them."""
        sources = folders(self.seeds)
        self._remove(sources)
        documents = [Subject(folder, source) for folder, source in sources.items()]
        for document in documents:
            self._plan(document, [None, *self.each])
        self._make_all(documents, jobs, progress)
        self.attempt(MEASURES, self._gather, [document.report(None) for document in documents])
        whole = Subject()
        self._plan(whole, self.once)
        self._make_all([whole], jobs, progress)
        self.attempt("report.css", self._style)

    def _plan(self, subject: Subject, notebooks: Iterable[Notebook | None]) -> None:
        """Find out which reports on `subject` are stale; a row for each that is not."""
        common: dict[str, Any] = {"environment": self.environment}
        if subject.source:
            path = f"{self.seeds.name}/{subject.source.relative_to(self.seeds).as_posix()}"
            common["document"] = {"path": path, "sha256": file_digest(subject.source)}
        else:
            measured = self.shelf.entries.get(MEASURES, {}).get("outputs")
            common |= {MEASURES: measured, "reports": sorted(name for name in self.shelf.entries if "/" in name)}
        for notebook in notebooks:
            inputs = dict(common)
            if notebook:
                path = f"{notebook.path.parent.name}/{notebook.path.name}"
                inputs["notebook"] = {"path": path, "sha256": notebook.sha256}
                inputs["parameters"] = notebook.typed(self.parameters)
                inputs["beside"] = [other.name for other in (*self.once, *self.each)]
            inputs = json.loads(json.dumps(inputs))
            if self.shelf.current(subject.report(notebook), inputs) and not self.force:
                self._row(subject, notebook, "current")
            else:
                subject.stale[notebook] = inputs

    def _make_all(self, subjects: Iterable[Subject], jobs: int, progress: bool) -> None:
        """Make the stale reports, several at once; a document is measured before its notebooks are run."""
        subjects = [subject for subject in subjects if subject.stale]
        if not subjects:
            return
        forking.warm.start()
        with forking.quick_imports():
            from tqdm import tqdm

            import workbench.execution
            import workbench.pages  # noqa: F401  # here, while the warm process starts, not later in many threads

        waiting: deque[tuple[Subject, Notebook | None]] = deque()
        for subject in subjects:
            waiting.extend([(subject, None)] if subject.source else [(subject, notebook) for notebook in subject.stale])
        running: dict[Future[None], tuple[Subject, Notebook | None]] = {}
        total = sum(len(subject.stale) for subject in subjects)
        with (
            tqdm(total=total, unit="report", disable=None if progress else True) as bar,
            ThreadPoolExecutor(jobs) as pool,
        ):
            try:
                while waiting or running:
                    while waiting and len(running) < jobs:
                        subject, notebook = waiting.popleft()
                        running[pool.submit(self._make, subject, notebook)] = subject, notebook
                    bar.set_postfix_str(", ".join(subject.report(notebook) for subject, notebook in running.values()))
                    for done in wait(running, return_when=FIRST_COMPLETED).done:
                        subject, notebook = running.pop(done)
                        bar.update(self._note(subject, notebook, done.exception()))
                        if notebook is None:
                            waiting.extendleft((subject, other) for other in reversed(subject.stale))
                        if subject.branch and not subject.stale:
                            subject.branch.close()
            except BaseException:
                self.broken_off = True
                forking.warm.stop()  # ends the kernels, for which the threads wait, for which the pool waits
                raise

    def _note(self, subject: Subject, notebook: Notebook | None, error: BaseException | None) -> int:
        """Take a report off the list and give it its row, as well as those that its failure precludes; how many."""
        before = len(subject.stale)
        if isinstance(error, DocumentError):
            subject.stale.clear()
            self.rows.append((subject.folder, "", "failed", str(error)))
        elif notebook in subject.stale:
            del subject.stale[notebook]
            self._row(subject, notebook, "failed" if error else "rendered", str(error or ""))
        return before - len(subject.stale)

    def _row(self, subject: Subject, notebook: Notebook | None, status: str, message: str = "") -> None:
        self.rows.append((subject.folder, notebook.name if notebook else MEASURES, status, message))

    def attempt(self, name: str, step: Any, *arguments: object) -> None:
        """Take a step that a full disk may stop; if so, a row says it."""
        try:
            step(*arguments)
        except OSError as error:
            self.rows.append(("", name, "failed", str(error)))

    def _make(self, subject: Subject, notebook: Notebook | None) -> None:
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
            branch = forking.warm.branch("workbench.reports:measure", *arguments)
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
            if self.broken_off:
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

    def _gather(self, reports: list[str]) -> None:
        """Put the documents' measures together, unless these are together already."""
        inputs = {report: self.shelf.entries[report]["outputs"] for report in reports if report in self.shelf.entries}
        if self.shelf.current(MEASURES, inputs):
            return
        tables = [pd.read_parquet(self.shelf.path / f"{report}.parquet") for report in inputs]
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
        plain = table.map(_inert).to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")
        columnar = io.BytesIO()
        table.to_parquet(columnar, index=False)
        self.shelf.publish(MEASURES, inputs, {f"{MEASURES}.csv": plain, f"{MEASURES}.parquet": columnar.getvalue()})

    def _remove(self, sources: Mapping[str, Path]) -> None:
        """Take away the reports of documents and notebooks that are no more."""
        kept = {MEASURES, *(Subject().report(notebook) for notebook in self.once)}
        kept |= {Subject(folder).report(notebook) for folder in sources for notebook in (None, *self.each)}
        for report in sorted(self.shelf.entries.keys() - kept):
            folder, _, name = report.rpartition("/")
            document = self.shelf.entries[report]["inputs"].get("document", {}).get("path", "")
            gone = document if folder not in sources else f"notebook {name}"
            self.shelf.remove(report)
            self.rows.append((folder, name, "removed", f"{report}: removed, as {gone} is gone"))

    def _style(self) -> None:
        from workbench.pages import style_sheet

        content = style_sheet().encode()
        if file_digest(self.shelf.path / "report.css") != digest(content):
            self.shelf.write("report.css", content)


def verify(
    reports: str | Path = "reports", seeds: str | Path = "seeds", notebooks: str | Path = "notebooks"
) -> pd.DataFrame:
    """A row a file that the manifest in `reports` records: file, status, message.

    The status is same, changed or missing (the file is not as it was written), or different (rendered again from
    `seeds` and `notebooks`, other bytes come out); the message says what it was made from that is different now.
    """
    reports = Path(reports)
    entries, rows = recorded(reports), []
    given = {name: value for entry in entries.values() for name, value in entry["inputs"].get("parameters", {}).items()}
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder, reports.name)
        render(seeds, notebooks, again, parameters=given, progress=False)
        now = recorded(again)
        for report, entry in entries.items():
            touched = dict(differing(reports, entry))
            fresh = now.get(report, {"inputs": {}, "outputs": {}})
            causes = [name for name, value in entry["inputs"].items() if fresh["inputs"].get(name) != value]
            for name, written in entry["outputs"].items():
                same = fresh["outputs"].get(name) == written
                message = (
                    ""
                    if same
                    else f"made from another {' and another '.join(causes)}"
                    if causes
                    else "not the same bytes"
                )
                rows.append((name, touched.get(name, "same" if same else "different"), message))
    return pd.DataFrame(rows, columns=["file", "status", "message"])


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


def _inert(value: object) -> object:
    """A text that a spreadsheet would take for a formula, marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
