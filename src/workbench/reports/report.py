"""One report made: a document measured, or a notebook run about it, its notebook and page the same each time."""

import json
import os
import pkgutil
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.documents import DocumentError, container
from workbench.reports import warm_process
from workbench.reports.manifest import Shelf, provenance
from workbench.reports.parameters import Notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

MEASURES = "measures"
ACCOUNT, TERMS = "account.txt", "terms.html"  # what was read, and what each measure is
MEASURING, GATHERING = "workbench.reports.report:measure", "workbench.reports.gathering:gather"
READING = ("readability", "sentiment", "quote_density", "entity_frequency", "words", "comparison", "validation")


@dataclass(eq=False)
class Subject:
    """What reports are about: the document in `source`, or, without one, all documents together.

    `stale` has the inputs of each report that is to be made, by its notebook; None stands for the measures. `between`
    has the folders of the documents before and after it, "" for none. `name` is the document's as `read_all` has it,
    `described` its path and sha256 in the manifest.
    """

    folder: str = ""
    source: Path | None = None
    name: str = ""
    between: tuple[str, str] = ("", "")
    stale: dict[Notebook | None, dict[str, Any]] = field(default_factory=dict)
    branch: warm_process.Branch | None = None
    described: Mapping[str, Any] = field(default_factory=dict)

    def report(self, notebook: Notebook | None) -> str:
        """A report's path in the reports' folder, without its ending."""
        name = notebook.name if notebook else MEASURES
        return f"{self.folder}/{name}" if self.folder else {"overview": "index"}.get(name, name)


@dataclass
class Workshop:
    """Where reports are made: what they are made from and with, and where they go."""

    seeds: Path
    text: str | None  # the column of texts in tables
    shelf: Shelf
    each: list[Notebook]  # run for each document
    once: list[Notebook]  # run for all of them together
    parameters: Mapping[str, object]
    time_limit: float

    def __post_init__(self) -> None:
        self.closed = False
        self.called = {str(Path.cwd()): ".", sys.prefix: "<python>", str(Path.home()): "~"}
        for path in (self.seeds, self.shelf.path):
            self.called |= {os.path.abspath(path): path.name, str(path): path.name}

    def make(self, subject: Subject, notebook: Notebook | None) -> None:
        """Make one report and publish it."""
        if notebook:
            contents = self._run(subject, notebook)
        else:
            contents = self._measure(subject) if subject.source else self._gather(subject)
        if notebook in subject.stale:
            self.shelf.publish(subject.report(notebook), subject.stale[notebook], contents)

    def _measure(self, subject: Subject) -> dict[str, bytes]:
        """Measure a document, in a process from which its notebooks' kernels are then forked; a Parquet file."""
        assert subject.source
        table = self.shelf.staging / f"{subject.folder}.parquet"
        arguments = [shown(subject.source), str(table.absolute()), shown(self.seeds)]
        subject.branch = self._call(MEASURING, arguments, f"{MEASURES}, document {subject.source}", self.time_limit)
        return {f"{subject.report(None)}.parquet": table.read_bytes()}

    def _call(self, function: str, arguments: list[str], place: str, limit: float | None) -> warm_process.Branch | None:
        """Call a function in a process forked from the warm one, which is given, or here where none can be forked."""
        if not warm_process.CAN_FORK:
            pkgutil.resolve_name(function)(*arguments)
            return None
        branch = warm_process.warm.branch(function, *arguments)
        if problem := branch.wait(limit):
            branch.close()
            kind, _, message = problem.partition(": ")
            if kind == DocumentError.__name__:
                raise DocumentError(message)
            raise RuntimeError(f"{place}: {problem}")
        return branch

    def _gather(self, subject: Subject) -> dict[str, bytes]:
        """The documents' measures together, in files and as a page of definitions."""
        from nbformat.v4 import new_markdown_cell, new_notebook  # start-up time

        from workbench.reports.page import page  # start-up time

        inputs, target = subject.stale[None], self.shelf.staging / MEASURES
        target.mkdir()
        listed = self.shelf.staging / f"{MEASURES}.json"
        listed.write_text(json.dumps([inputs["names"], inputs["refused"]]))
        arguments = [str(path.absolute()) for path in (self.shelf.path, listed, target)]
        if branch := self._call(GATHERING, arguments, MEASURES, None):  # of very many documents it takes long
            branch.close()
        made = {path.name: path.read_bytes() for path in sorted(target.iterdir())}
        text = f"# Definitions\n\nWhat each measure is.\n\n{made.pop(TERMS).decode()}"
        node = new_notebook(cells=[new_markdown_cell(text)])
        html = page(node, "Definitions", self._links(subject, None), others=self._others(subject, None, ""))
        return {f"{MEASURES}.html": html.encode(), **made}

    def _run(self, subject: Subject, notebook: Notebook) -> dict[str, bytes]:
        """Run a notebook; the executed notebook and its page. What stops it is raised with its place and the remedy."""
        import nbformat  # start-up time

        # start-up time
        from workbench.reports.kernels import NotebookError, execute
        from workbench.reports.page import page

        report, node = subject.report(notebook), nbformat.read(notebook.path, 4)
        seeds = Path(f"{self.seeds}#{self.text}") if self.text else self.seeds
        ours = {"seeds": seeds, "reports": self.shelf.path, "table": self.shelf.path / f"{MEASURES}.parquet"}
        ours |= {"document": subject.source} if subject.source else {}
        given = notebook.typed(self.parameters)
        given |= {name: shown(path) for name, path in ours.items() if name in notebook.parameters}
        try:
            execute(node, given, Path.cwd(), self.time_limit, subject.branch)
        except NotebookError as error:
            if self.closed:
                raise
            stabilise(node, self.called)
            kept = f"{report}.failed.ipynb"
            with suppress(OSError):
                self.shelf.write(kept, _written(node))
            place = f"{notebook.path}{f', cell {error.cell}' if error.cell else ''}"
            place += f", document {subject.source}" if subject.source else ""
            raise NotebookError(f"{place}: {error}; see {self.shelf.path / kept}") from None
        stabilise(node, self.called)
        title = " · ".join(filter(None, [_title(notebook), subject.folder]))
        made_from, root = provenance(subject.stale[notebook]), "../" * bool(subject.folder)
        html = page(node, title, self._links(subject, notebook), made_from, root, self._others(subject, notebook, root))
        return {f"{report}.ipynb": _written(node), f"{report}.html": html.encode("utf-8", "replace")}

    def excuse(self, report: str, message: str) -> None:
        """Where a report that failed has no page yet, one that says so, for other pages link to it."""
        if report in self.shelf.entries or self.closed:
            return
        head = f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{escape(report)}</title>"
        text = f"{head}<p>Not made: {escape(message)}</p></html>"
        page = f"{report}.html"
        written = self.shelf.write(page, text.encode("utf-8", "replace"))
        self.shelf.entries[report] = {"inputs": {}, "outputs": {page: written}}

    def _links(self, subject: Subject, notebook: Notebook | None) -> list[tuple[str, str]]:
        """From a report to those on all documents, and to the others on the same one, in the order of reading."""
        whole, up = Subject(), "../" * bool(subject.folder)
        once = {other: f"{up}{whole.report(other)}.html" for other in sorted(self.once, key=_place)}
        each = {other: f"{other.name}.html" for other in sorted(self.each, key=_place) if subject.folder}
        links = {other: once[other] for other in once if other.name == "overview"} | each | once
        return [(_title(other), "" if other is notebook else quote(address)) for other, address in links.items()]

    def _others(self, subject: Subject, notebook: Notebook | None, root: str) -> list[tuple[str, str]]:
        """From a report to the same on the documents before and after, and to what can be taken along."""
        near = zip(("← previous article", "next article →"), subject.between, strict=True)
        links = [(text, f"../{quote(folder)}/{notebook.name}.html") for text, folder in near if folder and notebook]
        files = {"figures (.csv)": f"{root}{MEASURES}.csv", "figures (.xlsx)": f"{root}{MEASURES}.xlsx"}
        files |= {"definitions": f"{root}{MEASURES}.html"} if notebook else {"definitions (.md)": f"{MEASURES}.md"}
        files |= {"this notebook": f"{subject.report(notebook).rpartition('/')[2]}.ipynb"} if notebook else {}
        return [*links, *files.items()]


def measure(path: str, target: str, seeds: str) -> object:
    """Measure the document in `path`, the table to `target`; gives the document, which remembers its analyses.

    With the table goes what is known of the document, its place as seen from where the folder `seeds` is.
    """
    from workbench.corpus import fields  # start-up time
    from workbench.display.article import show
    from workbench.documents import read, sketch_of
    from workbench.measurement import measures

    document = read(path)
    table = measures(document)
    above, file = Path(os.path.abspath(seeds)).parent, container(Path(path))
    place = Path(os.path.relpath(document.source or path, above)).as_posix()
    within = Path(os.path.relpath(file, above)).parts[1:-1]  # the folder, as `read_all` has it
    folder = {"folder": "/".join(within)} if within else {}
    outer = file.suffix.lower() == ".zip"  # has folders of its own, which are not those that documents are put in
    placed = replace(document, source=place, metadata={**folder, **document.metadata, **(folder if outer else {})})
    known = [row[1:] for row in fields(placed)]
    table.attrs = {"known": known, "sketch": sketch_of(document.text).hex()}
    table.to_parquet(target, index=False)
    show(document)  # as our notebooks do, whose kernels then find it made
    return document


def stabilise(notebook: "NotebookNode", called: Mapping[str, str]) -> None:
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

    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.tags:
            cell.id, cell.source = "injected-parameters", stable(cell.source)
        if "outputs" in cell:
            cell.outputs = _in_order(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
            for holder in (output, output.get("data", {})):
                for kind, value in holder.items():
                    if isinstance(value, str) and kind not in ("output_type", "name", "image/png", "image/jpeg"):
                        holder[kind] = stable(value)
            if "traceback" in output:
                output.traceback = [stable(line) for line in output.traceback]


def _in_order(outputs: "list[NotebookNode]") -> "list[NotebookNode]":
    """What is printed comes in pieces as time has it; here all of it between two displays, errors last."""
    ordered: list[NotebookNode] = []
    for printed, pieces in groupby(outputs, lambda output: output.output_type == "stream"):
        if not printed:
            ordered.extend(pieces)
            continue
        whole: dict[str, NotebookNode] = {}
        for piece in pieces:
            if piece is not whole.setdefault(piece.name, piece):
                whole[piece.name].text += piece.text
        ordered.extend(whole[name] for name in ("stdout", "stderr") if name in whole)
    return ordered


def _written(notebook: "NotebookNode") -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def shown(path: Path) -> str:
    """`path` from the working directory where it lies in there, else in full."""
    full = Path(os.path.abspath(path))
    return full.relative_to(Path.cwd()).as_posix() if full.is_relative_to(Path.cwd()) else str(full)


def _place(notebook: Notebook) -> tuple[int, str]:
    """Where in the order of reading a notebook comes; those of one's own after the others."""
    return READING.index(notebook.name) if notebook.name in READING else len(READING), notebook.name


def _title(notebook: Notebook) -> str:
    return notebook.name.replace("_", " ").capitalize()
