"""Every notebook rendered for every document: only what changed, several at once, the same bytes, nothing lost."""

import io
import json
import os
import platform
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.notebooks import Notebook, ParameterError

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

COLUMNS = ["document", "notebook", "status", "message"]
MANIFEST = "manifest.json"
MEASURES = "measures"
TIME_LIMIT = 600.0
_OURS = {"document", "seeds", "reports", "measures"}  # parameters that a render sets itself


class RenderError(ValueError):
    """A render that cannot begin; the message says why and what to do."""


@dataclass(frozen=True)
class Job:
    """One report to be: a notebook (none: the measures), and the document it is of (none: all of them)."""

    folder: str
    notebook: Notebook | None
    source: Path | None
    parameters: Mapping[str, object]
    inputs: Mapping[str, object]

    @property
    def name(self) -> str:
        return self.notebook.name if self.notebook else MEASURES

    @property
    def key(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def outputs(self) -> list[str]:
        """Paths under the reports' folder."""
        if self.notebook is None:
            return [f"{self.folder}/{MEASURES}.parquet"]
        base = "index" if self.key == "overview" else self.key
        return [f"{base}.ipynb", f"{base}.html"]


def render(
    seeds: str | Path = "seeds",
    notebooks: str | Path = "notebooks",
    reports: str | Path = "reports",
    jobs: int | None = None,
    parameters: Mapping[str, object] | None = None,
    force: bool = False,
    time_limit: float = TIME_LIMIT,
    progress: bool = True,
) -> "pd.DataFrame":
    """A row a report: document, notebook, status (rendered, current, failed, removed), message.

    Each notebook in `notebooks` with a parameter `document` is run for each document in `seeds`, the others once, after
    `measures.csv` and `measures.parquet` have been written. What is there already from the same inputs is kept, unless
    `force`. `jobs` notebooks run at once, each cell at most `time_limit` seconds; `parameters` go to the notebooks that
    declare them. Raises RenderError or ParameterError where the call is wrong; what fails in a notebook or a document is
    a row.
    """
    import pandas as pd

    seeds, notebooks, reports = Path(seeds), Path(notebooks), Path(reports)
    found = _notebooks(notebooks, parameters or {})
    if not seeds.is_dir():
        raise RenderError(f"{seeds}: no such folder; create it and put documents into it")
    reports.mkdir(parents=True, exist_ok=True)
    with _locked(reports):
        rows = _Render(seeds, found, reports, jobs, parameters or {}, force, time_limit, progress).run()
    return pd.DataFrame(rows, columns=COLUMNS)


def _notebooks(folder: Path, parameters: Mapping[str, object]) -> list[Notebook]:
    if not folder.is_dir():
        raise RenderError(f"{folder}: no such folder; name the one that holds the notebooks")
    found = [Notebook.read(path) for path in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise RenderError(f"{folder}: no notebook in it; put one there, or name another folder")
    declared = sorted({name for notebook in found for name in notebook.parameters} - _OURS)
    for name in parameters:
        if name not in declared:
            raise ParameterError(
                f"no notebook declares the parameter {name!r}; there is {', '.join(declared) or 'none'}"
            )
    for notebook in found:
        notebook.typed(parameters)
    return found


@contextmanager
def _locked(reports: Path) -> Iterator[None]:
    """The folder is ours until we leave or die. Raises RenderError while another render has it."""
    with open(reports / ".lock", "a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            raise RenderError(f"{reports}: another render is writing here; wait until it has ended") from None
        yield


class _Render:
    """One render under way: what is recorded in the manifest, and the rows that say what became of each report."""

    def __init__(
        self,
        seeds: Path,
        notebooks: list[Notebook],
        reports: Path,
        jobs: int | None,
        parameters: Mapping[str, object],
        force: bool,
        time_limit: float,
        progress: bool,
    ) -> None:
        self.seeds, self.notebooks, self.reports = seeds, notebooks, reports
        self.jobs = jobs or (os.cpu_count() or 1) + 1
        self.parameters, self.force, self.time_limit, self.progress = parameters, force, time_limit, progress
        self.staging = reports / ".staging"
        self.environment = environment()
        self.called = {  # what this machine calls them, to what a report does
            os.path.abspath(seeds): seeds.name,
            os.path.abspath(reports): reports.name,
            f"{Path.cwd()}{os.sep}": "",
            sys.prefix: "<python>",
            str(Path.home()): "~",
        }
        self.recorded: dict[str, Any] = _recorded(reports)
        self.rows: list[tuple[str, str, str, str]] = []
        self.each = [notebook for notebook in notebooks if "document" in notebook.parameters]
        self.once = [notebook for notebook in notebooks if "document" not in notebook.parameters]

    def run(self) -> list[tuple[str, str, str, str]]:
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir()
        try:
            sources = folders(path for path in self.seeds.iterdir() if path.is_file() and path.name[0] != ".")
            self._remove(sources)
            planned = [job for folder, path in sources.items() for job in self._jobs(folder, path)]
            self._run([job for job in planned if not self._current(job)])
            self._measures(sources)
            self._run([job for job in map(self._whole, self.once) if not self._current(job)])
            from workbench.pages import style_sheet

            self._write("report.css", style_sheet().encode())
        finally:
            self._record()
            shutil.rmtree(self.staging, ignore_errors=True)
        return sorted(self.rows, key=lambda row: (row[0] == "", row[0], row[1]))

    def _jobs(self, folder: str, path: Path) -> Iterator[Job]:
        """The reports of one document."""
        document = {"path": f"{self.seeds.name}/{path.name}", "sha256": sha256(path.read_bytes()).hexdigest()}
        inputs = {"document": document, "environment": self.environment["sha256"]}
        yield Job(folder, None, path, {}, inputs)
        for notebook in self.each:
            given = notebook.typed(self.parameters)
            yield Job(folder, notebook, path, given, {**inputs, **self._inputs(notebook, given)})

    def _whole(self, notebook: Notebook) -> Job:
        """A report of all documents together."""
        given = notebook.typed(self.parameters)
        measured = sha256((self.reports / f"{MEASURES}.csv").read_bytes()).hexdigest()
        inputs = {MEASURES: measured, "reports": self._contents(), "environment": self.environment["sha256"]}
        return Job("", notebook, None, given, {**inputs, **self._inputs(notebook, given)})

    def _inputs(self, notebook: Notebook, given: Mapping[str, object]) -> dict[str, object]:
        names = [other.name for other in self.notebooks]
        return {
            "notebook": {"path": f"{notebook.path.parent.name}/{notebook.path.name}", "sha256": notebook.sha256},
            "parameters": dict(given),
            "notebooks": names,
        }

    def _contents(self) -> dict[str, list[str]]:
        """Each document's folder, with the names of its reports."""
        contents: dict[str, list[str]] = {}
        for key in sorted(self.recorded):
            folder, _, name = key.rpartition("/")
            if folder and name != MEASURES:
                contents.setdefault(folder, []).append(name)
        return contents

    def _current(self, job: Job) -> bool:
        """Whether the report is there, from the same inputs and unchanged; if so, it gets its row."""
        entry = self.recorded.get(job.key, {})
        same = entry.get("inputs") == job.inputs and all(
            _sha256(self.reports / name) == digest for name, digest in entry.get("outputs", {}).items()
        )
        if same and not self.force:
            self._row(job, "current")
            return True
        return False

    def _row(self, job: Job, status: str, message: str = "") -> None:
        self.rows.append((job.folder, job.name, status, message))

    def _remove(self, sources: Mapping[str, Path]) -> None:
        """Take away the reports of documents and notebooks that are no more."""
        names = {notebook.name for notebook in self.notebooks} | {MEASURES}
        for key in sorted(self.recorded):
            folder, _, name = key.rpartition("/")
            if (folder and folder not in sources) or name not in names:
                entry = self.recorded.pop(key)
                for output in entry["outputs"]:
                    (self.reports / output).unlink(missing_ok=True)
                (self.reports / f"{key}.failed.ipynb").unlink(missing_ok=True)
                if folder and not any((self.reports / folder).iterdir()):
                    (self.reports / folder).rmdir()
                self.rows.append(
                    (folder, name, "removed", f"{entry['inputs'].get('document', {}).get('path', name)} is gone")
                )

    def _run(self, stale: list[Job]) -> None:
        """Run the jobs, several at once; each is published and recorded as soon as it is done."""
        stale = list(self._readable(stale))
        if not stale:
            return
        from tqdm import tqdm

        from workbench import execution
        from workbench.kernels import warm

        warm.start()
        bar = tqdm(total=len(stale), unit="report", disable=None if self.progress else True)
        pool = ThreadPoolExecutor(self.jobs)
        running: dict[Future[None], Job] = {}
        waiting = iter(stale)
        try:
            while True:
                while len(running) < self.jobs and (job := next(waiting, None)):
                    running[pool.submit(self._make, job)] = job
                if not running:
                    break
                bar.set_postfix_str(", ".join(job.key for job in running.values()))
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    job = running.pop(done)
                    try:
                        done.result()
                        self._row(job, "rendered")
                    except (execution.NotebookError, OSError) as error:
                        self._row(job, "failed", str(error))
                    bar.update()
        finally:
            warm.stop()
            pool.shutdown(cancel_futures=True)
            bar.close()

    def _readable(self, jobs: list[Job]) -> Iterator[Job]:
        """Those of the jobs whose document can be read; the others' documents get a row that says why not."""
        from workbench.documents import DocumentError, read

        readable: dict[Path, bool] = {}
        for job in jobs:
            if job.source is not None and job.source not in readable:
                try:
                    read(job.source)
                    readable[job.source] = True
                except DocumentError as error:
                    readable[job.source] = False
                    self.rows.append((job.folder, "", "failed", str(error)))
            if job.source is None or readable[job.source]:
                yield job

    def _make(self, job: Job) -> None:
        """Run one job, publish what comes out and record it. Raises NotebookError with the place and the reason."""
        import nbformat

        from workbench import execution
        from workbench.pages import page

        notebook = nbformat.read(job.notebook.path, 4) if job.notebook else _measuring()
        table = self.staging / f"{job.folder}.parquet"
        ours = {
            "document": _shown(job.source) if job.source else "",
            "seeds": _shown(self.seeds),
            "reports": _shown(self.reports),
            "measures": _shown(self.reports / f"{MEASURES}.parquet") if job.notebook else str(table.absolute()),
        }
        declared = job.notebook.parameters if job.notebook else {"document", "measures"}
        given = {**job.parameters, **{name: value for name, value in ours.items() if name in declared}}
        failed = f"{job.key}.failed.ipynb"
        try:
            execution.execute(notebook, given, Path.cwd(), self.time_limit)
        except execution.NotebookError as error:
            execution.stabilise(notebook, self.called)
            self._write(failed, _bytes(notebook))
            place = [str(job.notebook.path)] if job.notebook else [MEASURES]
            place += [f"cell {error.cell}"] if error.cell else []
            place += [f"document {job.source}"] if job.source else []
            raise execution.NotebookError(f"{', '.join(place)}: {error}; see {self.reports / failed}") from None
        if job.notebook is None:
            contents = [table.read_bytes()]
            table.unlink()
        else:
            execution.stabilise(notebook, self.called)
            title = _title(job.name) + (f" · {job.folder}" if job.folder else "")
            html = page(notebook, title, self._links(job), self._provenance(job), "../" if job.folder else "")
            contents = [_bytes(notebook), html.encode()]
        outputs = {name: self._write(name, content) for name, content in zip(job.outputs, contents, strict=True)}
        (self.reports / failed).unlink(missing_ok=True)
        self.recorded[job.key] = {"inputs": job.inputs, "outputs": outputs}

    def _links(self, job: Job) -> list[tuple[str, str]]:
        """The way from a report to the overview and to the others of the same document."""
        up = "../" if job.folder else ""
        whole = [
            (_title(other.name), up + ("index.html" if other.name == "overview" else f"{other.name}.html"))
            for other in self.once
        ]
        same = [(_title(other.name), f"{other.name}.html") for other in self.each] if job.folder else []
        return [(text, "" if text == _title(job.name) else quote(address)) for text, address in whole + same]

    def _provenance(self, job: Job) -> list[tuple[str, str]]:
        inputs: Mapping[str, Any] = job.inputs
        files = [
            (kind.capitalize(), f"{file['path']}, sha256 {file['sha256']}")
            for kind, file in inputs.items()
            if kind in ("document", "notebook")
        ]
        given = (
            [("Parameters", ", ".join(f"{name} = {value!r}" for name, value in job.parameters.items()))]
            if job.parameters
            else []
        )
        packages = self.environment["packages"]
        main = [
            f"{name} {packages[name]}"
            for name in ("workbench", "spacy", *self.environment["models"])
            if name in packages
        ]
        return [*files, *given, ("Made with", ", ".join([*main, f"Python {self.environment['python']}"]))]

    def _measures(self, sources: Mapping[str, Path]) -> None:
        """Put the documents' measures together, unless that has been done with the same ones."""
        keys = [f"{folder}/{MEASURES}" for folder in sources if f"{folder}/{MEASURES}" in self.recorded]
        inputs = {key: next(iter(self.recorded[key]["outputs"].values())) for key in keys}
        entry = self.recorded.get(MEASURES, {"outputs": {}})
        if entry.get("inputs") == inputs and all(
            _sha256(self.reports / name) == digest for name, digest in entry["outputs"].items()
        ):
            return
        import pandas as pd

        tables = [pd.read_parquet(self.reports / f"{key}.parquet") for key in keys]
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
        columnar, plain = io.BytesIO(), table.map(_inert)
        table.to_parquet(columnar, index=False)
        contents = {
            f"{MEASURES}.csv": plain.to_csv(index=False, lineterminator="\n").encode(),
            f"{MEASURES}.parquet": columnar.getvalue(),
        }
        outputs = {name: self._write(name, content) for name, content in contents.items()}
        self.recorded[MEASURES] = {"inputs": inputs, "outputs": outputs}

    def _write(self, name: str, content: bytes) -> str:
        """Put `content` at `name` in the reports, whole or not at all; its sha256."""
        target, beside = self.reports / name, self.staging / sha256(name.encode()).hexdigest()
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        target.parent.mkdir(exist_ok=True)
        os.replace(beside, target)
        return sha256(content).hexdigest()

    def _record(self) -> None:
        content = {
            "environment": self.environment,
            "reports": {key: self.recorded[key] for key in sorted(self.recorded)},
        }
        self._write(MANIFEST, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def verify(reports: str | Path = "reports") -> "pd.DataFrame":
    """A row a file that the manifest records: file, status (same, changed, missing)."""
    import pandas as pd

    recorded = _recorded(Path(reports))
    rows = []
    for entry in recorded.values():
        for name, digest in entry["outputs"].items():
            found = _sha256(Path(reports) / name)
            rows.append((name, "missing" if found is None else "same" if found == digest else "changed"))
    return pd.DataFrame(rows, columns=["file", "status"])


def folders(paths: Iterable[Path]) -> dict[str, Path]:
    """Each document's folder under the reports: its name where that is a plain one and no other's, else made so."""
    found: dict[str, Path] = {}
    for path in sorted(paths):
        plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", path.stem) and not path.stem.endswith(".")
        found[path.stem if plain and path.stem not in found else slug(path.name)] = path
    return found


def slug(name: str) -> str:
    """A file name of letters, digits and hyphens that no other `name` has: what can be read of it, and a hash."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:40] or 'document'}-{_digest(name)[:8]}"


def environment() -> dict[str, Any]:
    """What besides document, notebook and parameters a report depends on, and the sha256 of all that."""
    here = Path(__file__).parent
    code = {
        path.relative_to(here).as_posix(): _sha256(path)
        for path in sorted(here.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
    content = {
        "python": platform.python_version(),
        "model": os.environ.get("WORKBENCH_MODEL", ""),
        "models": sorted({point.dist.name for point in metadata.entry_points(group="spacy_models") if point.dist}),
        "packages": {
            dist.name.lower(): dist.version for dist in sorted(metadata.distributions(), key=lambda d: d.name.lower())
        },
        "code": _digest(json.dumps(code)),
    }
    return {**content, "sha256": _digest(json.dumps(content))}


def _recorded(reports: Path) -> dict[str, Any]:
    """The manifest's entries; none where it is missing or torn."""
    try:
        return dict(json.loads((reports / MANIFEST).read_text("utf-8"))["reports"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _measuring() -> "NotebookNode":
    """The notebook that measures a document."""
    from nbformat.v4 import new_code_cell, new_notebook

    declared = new_code_cell('document: str = ""\nmeasures: str = ""', metadata={"tags": ["parameters"]})
    return new_notebook(
        cells=[
            declared,
            new_code_cell("import workbench\n\nworkbench.measures(workbench.read(document)).to_parquet(measures)"),
        ]
    )


def _bytes(notebook: "NotebookNode") -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def _shown(path: Path) -> str:
    """`path` from the working directory where it lies in there, else in full."""
    full, here = Path(os.path.abspath(path)), Path.cwd()
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else str(full)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _inert(value: object) -> object:
    """A text that a spreadsheet would take for a formula, marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _sha256(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
