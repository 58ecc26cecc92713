"""Every notebook rendered for every document: only what changed, several at once, the same bytes, nothing lost."""

import json
import os
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from tqdm import tqdm

from workbench.documents import DocumentError, closed, container
from workbench.reports import warm_process
from workbench.reports.manifest import MANIFEST, Shelf, digest, environment, file_digest, folders
from workbench.reports.parameters import Notebook, RenderError, notebooks_in
from workbench.reports.report import ACCOUNT as ACCOUNT, MEASURES, Subject, Workshop, shown
from workbench.statistics import cores

if TYPE_CHECKING:  # a render with nothing to do starts without pandas
    import pandas as pd

TIME_LIMIT = 600.0
STYLE = "report.css"
FILES, FILES_A_JOB = 128, 32  # that may have to be open at once


class Outcome(NamedTuple):
    """What became of a notebook's report on a document: rendered, current, failed or removed, and why."""

    document: str
    notebook: str
    status: str
    message: str


def render(
    seeds: str | Path = "seeds",
    notebooks: str | Path = "notebooks",
    reports: str | Path = "reports",
    jobs: int | None = None,
    parameters: Mapping[str, object] | None = None,
    force: bool = False,
    time_limit: float = TIME_LIMIT,
    progress: bool = True,
    text: str | None = None,
) -> "pd.DataFrame":
    """A row a report: document, notebook, status (rendered, current, failed, removed), message.

    Each notebook in `notebooks` with a parameter `document` is run for each document in `seeds`, to
    `reports/<document>/<notebook>.ipynb` and `.html`; the others once, after `measures.csv` and `measures.parquet` are
    there; `overview` becomes `index.html`. What is there already from the same inputs is kept, unless `force`. `jobs`
    reports are made at once, each cell in at most `time_limit` seconds; `parameters` go to the notebooks that declare
    them; `text` names the column of texts in tables.
    Raises RenderError, ParameterError, ModelError or LockedError where nothing can be rendered; whatever fails in a
    document or a notebook is a row.

    >>> wb.render("no-such-folder")
    Traceback (most recent call last):
        ...
    workbench.reports.parameters.RenderError: no-such-folder: no such folder; create it and put documents into it
    >>> rendered = wb.render("seeds", "notebooks", "reports")  # doctest: +SKIP
    """
    rows = outcomes(seeds, notebooks, reports, jobs, parameters or {}, force, time_limit, progress, text)
    import pandas as pd  # start-up time

    return pd.DataFrame(rows, columns=[*Outcome._fields])


def outcomes(
    seeds: str | Path,
    notebooks: str | Path,
    reports: str | Path,
    jobs: int | None,
    parameters: Mapping[str, object],
    force: bool,
    time_limit: float,
    progress: bool,
    text: str | None,
) -> list[Outcome]:
    """The rows of `render`."""
    seeds, found = Path(seeds), notebooks_in(Path(notebooks), parameters)
    if not seeds.exists():
        raise RenderError(f"{seeds}: no such folder; create it and put documents into it")
    if os.environ.get("WORKBENCH_MODEL"):
        from workbench.language import model_name, pipeline  # start-up time

        pipeline(model_name())  # else each report would fail with what this raises
    if Path(reports).is_file():
        raise RenderError(f"{reports}: a file; name a folder to write to")
    jobs = _with_files(jobs or cores() + 2)
    with Shelf.locked(Path(reports)) as shelf:
        each = [notebook for notebook in found if "document" in notebook.parameters]
        once = [notebook for notebook in found if notebook not in each]
        under_way = _Render(seeds, text, shelf, each, once, parameters, time_limit, force)
        under_way.rows += [Outcome("", MANIFEST, "removed", message) for message in shelf.refused]
        try:
            under_way.run(jobs, progress)
        finally:
            under_way.finish()
    return sorted(under_way.rows, key=lambda row: (not row.document, row))


def _with_files(jobs: int) -> int:
    """How many of so many jobs may have all the files that they open. Raises RenderError where not even one may."""
    try:
        import resource  # not on every platform
    except ImportError:
        return jobs
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES + FILES_A_JOB * jobs
    if 0 <= soft < wanted:
        soft = wanted if hard < 0 else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if 0 <= soft < FILES + FILES_A_JOB:
        raise RenderError(f"no more than {soft} files may be open here: allow 1024 by `ulimit -n 1024`")
    return jobs if soft < 0 else min(jobs, (soft - FILES) // FILES_A_JOB)


@dataclass
class _Render(Workshop):
    """A render under way; `rows` says what has become of each report."""

    force: bool
    rows: list[Outcome] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # documents, as the manifest calls them, and why
    due: float = 0.0  # from when on the manifest is written again

    def dress(self) -> None:
        """Write the style of all pages."""
        from workbench.reports.page import style_sheet  # start-up time

        try:
            self.shelf.write(STYLE, style_sheet().encode())
        except OSError as error:
            self.rows.append(Outcome("", "", "failed", str(error)))

    def run(self, jobs: int, progress: bool) -> None:
        """Make what is stale: the documents' reports, their measures together, and the reports on all of them."""
        sources, entries = folders(self.seeds, self.text), self.shelf.entries
        made_with = digest(json.dumps(environment()).encode())
        root = Path(os.path.abspath(self.seeds)).name
        self._remove(sources)
        for said in map(str, closed(self.seeds)):
            self.rows.append(Outcome("", "", "failed", said))
            place, _, reason = said.partition(": ")
            self.refused[root + place.removeprefix(str(self.seeds))] = reason
        if not (self.shelf.path / STYLE).exists():
            self.dress()
        if not sources:
            self.rows.append(Outcome("", "", "failed", f"{self.seeds}: nothing to read in it; put documents there"))
            return
        names, whole = ["", *sources, ""], Subject()
        documents = [
            Subject(names[k], *sources[names[k]], (names[k - 1], names[k + 1])) for k in range(1, len(names) - 1)
        ]
        for document, (source, _) in zip(documents, sources.values(), strict=True):
            within = source.relative_to(self.seeds).as_posix() if self.seeds.is_dir() else source.name
            is_file = (file := container(source)).is_file()  # no pipe, which might never end
            described = {"path": f"{root}/{within}", "sha256": file_digest(file) if is_file else None}
            document.described = described
            if entries.get(document.report(None), {"inputs": {}})["inputs"].get("document") != described:
                warm_process.warm.start()  # while we look through the reports that there are
        for document in documents:
            self._plan(document, [None, *self.each], {"environment": made_with, "document": document.described})
        self._make_all(documents, jobs, progress)
        # what is refused now may have figures of an earlier day
        read = [document for document in documents if document.described["path"] not in self.refused]
        names_of = {document.report(None): document.name for document in read if document.report(None) in entries}
        measured = {report: entries[report]["outputs"] for report in names_of}
        if not measured:  # no document can be read, as the rows say already
            for notebook in (None, *self.once):
                self._take_away(whole.report(notebook), "as no document can be read")
            return
        about: dict[str, Any] = {"environment": made_with, MEASURES: measured, "refused": sorted(self.refused.items())}
        self._plan(whole, [None], about | {"names": names_of})
        self._make_all([whole], jobs, progress)
        about = {"environment": made_with, MEASURES: entries.get(MEASURES, {}).get("outputs", {})}
        self._plan(whole, self.once, about | {"reports": sorted(name for name in entries if "/" in name)})
        self._make_all([whole], jobs, progress)

    def _plan(self, subject: Subject, notebooks: Sequence[Notebook | None], about: Mapping[str, Any]) -> None:
        """Note which reports on `subject` are stale; those made from the same inputs get their row."""
        for notebook in notebooks:
            inputs = dict(about)
            if notebook:
                path = f"{notebook.path.parent.name}/{notebook.path.name}"
                inputs["notebook"] = {"path": path, "sha256": notebook.sha256}
                inputs["parameters"] = notebook.typed(self.parameters)
                inputs["files"] = notebook.reads(self.parameters)
                inputs["beside"] = [other.name for other in (*self.once, *self.each)]
                inputs["between"] = subject.between
            inputs = json.loads(json.dumps(inputs))
            if self.shelf.current(subject.report(notebook), inputs) and not self.force:
                self._row(subject, notebook, "current")
            else:
                subject.stale[notebook] = inputs
                warm_process.warm.start()

    def _make_all(self, subjects: Iterable[Subject], jobs: int, progress: bool) -> None:
        """Make the stale reports, several at once; a document is measured before its notebooks are run."""
        subjects = [subject for subject in subjects if subject.stale]
        if not subjects:
            return
        self.dress()  # before any page, so that one can be read before the last is made
        with warm_process.quick_imports():  # here, while the warm process starts, not later in many threads
            for name in (
                "nbclient",
                "nbformat",
                "papermill.parameterize",
                "workbench.reports.kernels",
                "workbench.reports.page",
            ):
                import_module(name)
        waiting = deque(
            (subject, first) for subject in subjects for first in ([None] if subject.source else subject.stale)
        )
        running: dict[Future[None], tuple[Subject, Notebook | None]] = {}
        total = sum(len(subject.stale) for subject in subjects)
        with (
            tqdm(total=total, unit="report", disable=None if progress else True) as bar,
            ThreadPoolExecutor(jobs) as pool,
        ):
            try:
                while waiting or running:
                    # a document measured early would only wait for its turn, in memory
                    while waiting and len(running) < (jobs if waiting[0][1] else max(1, jobs - 1)):
                        subject, notebook = waiting.popleft()
                        running[pool.submit(self.make, subject, notebook)] = subject, notebook
                    bar.set_postfix_str(", ".join(subject.report(notebook) for subject, notebook in running.values()))
                    for done in wait(running, return_when=FIRST_COMPLETED).done:
                        subject, notebook = running.pop(done)
                        bar.update(self._note(subject, notebook, done.exception()))
                        if notebook is None:
                            waiting.extendleft((subject, other) for other in reversed(subject.stale))
                        if not subject.stale:
                            self._leave(subject)
            except BaseException:
                self.closed = True
                warm_process.warm.stop()  # ends the kernels, for which the threads wait, for which the pool waits
                raise

    def _note(self, subject: Subject, notebook: Notebook | None, error: BaseException | None) -> int:
        """Take a report off the list and give it its row, as well as those that its failure precludes; how many."""
        before = len(subject.stale)
        if error and notebook is None and subject.source:
            about, said = f"{shown(subject.source)}: ", str(error)
            reason = said.removeprefix(about) if said.startswith(about) else said.partition(": ")[2]
            if not isinstance(error, DocumentError):
                reason = f"cannot be measured: {said.removeprefix(f'{MEASURES}, document {subject.source}: ')}"
            self.refused[subject.described["path"]] = reason
        if isinstance(error, DocumentError):
            subject.stale.clear()
            self.rows.append(Outcome(subject.folder, "", "failed", str(error)))
        elif subject.stale.pop(notebook, None) is not None:
            self._row(subject, notebook, "failed" if error else "rendered", str(error or ""))
            if error and notebook:
                with suppress(OSError):
                    self.excuse(subject.report(notebook), str(error))
        return before - len(subject.stale)

    def _leave(self, subject: Subject) -> None:
        """Give up what a subject's reports were made with, and remember them in case the render is killed."""
        if subject.branch:
            subject.branch.close()
        if (now := monotonic()) > self.due:
            with suppress(OSError):  # a full disk, which the end of the render will say
                self.shelf.record()
            self.due = monotonic() + 20 * (monotonic() - now)  # of many reports it takes long

    def _row(self, subject: Subject, notebook: Notebook | None, status: str, message: str = "") -> None:
        self.rows.append(Outcome(subject.folder, notebook.name if notebook else MEASURES, status, message))

    def _remove(self, sources: Mapping[str, object]) -> None:
        """Take away the reports of documents and notebooks that are no more."""
        kept = {Subject().report(notebook) for notebook in (None, *self.once) if sources}
        kept |= {Subject(folder).report(notebook) for folder in sources for notebook in (None, *self.each)}
        for report in sorted(self.shelf.entries.keys() - kept):
            folder, _, name = report.rpartition("/")
            document = self.shelf.entries[report]["inputs"].get("document", {}).get("path", "")
            gone = f"notebook {name}" if sources and folder in ("", *sources) else document or "every document"
            self._take_away(report, f"as {gone} is gone")

    def _take_away(self, report: str, why: str) -> None:
        if report in self.shelf.entries:
            self.shelf.remove(report)
            folder, _, name = report.rpartition("/")
            self.rows.append(Outcome(folder, name, "removed", f"{report}: removed, {why}"))

    def finish(self) -> None:
        """Write down what the reports were made from."""
        try:
            self.shelf.record()
        except OSError as error:
            self.rows.append(Outcome("", MANIFEST, "failed", str(error)))
