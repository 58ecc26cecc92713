"""The same measures over any number of documents, on Dask: partition by partition, each read, measured and written."""

import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import cache, partial
from hashlib import sha256
from importlib import metadata
from itertools import count, islice
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import uuid4

import pandas as pd
from filelock import FileLock, Timeout

from workbench.corpus import stored
from workbench.corpus.parts import CorpusError, folders_of, is_whole, keep_apart, write
from workbench.corpus.stored import EVIDENCE, Field, Tables, beside, evidence_of, explained, fields, write_wide
from workbench.corpus.workers import FAULT, Watch, work_through
from workbench.documents import Document, DocumentError, Unread, located, read_all, sketch_of, unread
from workbench.language import memory, model_name, pipeline
from workbench.measurement import Asked, Lists, Row, figures, tidy
from workbench.statistics import cores

SMALLEST, LARGEST = 16, 64  # documents in a partition
UNPARSED = 4  # times as many of those that are only counted
WINDOW = 16  # partitions a worker that Dask is given at a time, a quarter of them where they are larger
_MEASURED_WITH = (  # read and measured with
    *("charset-normalizer", "ftfy", "lxml", "py3langid", "pypdfium2", "python-calamine", "striprtf", "trafilatura"),
    *("nltk", "numpy", "pandas", "pyarrow", "spacy", "thinc", "vaderSentiment", "wordfreq"),
)
_TO_TRY_AGAIN = re.compile(rf"{FAULT}|cannot be read|to read;")  # the machine's fault of that day, it may be
_measuring = Lock()  # spaCy's pipelines are not made for several threads at once


class Partition(NamedTuple):
    """A run of documents that one task reads, measures and writes."""

    number: int
    unread: tuple[Unread | DocumentError, ...]


class Measured(NamedTuple):
    """What became of a partition: its file's name, how many documents it has, whether it had to be made."""

    file: str
    documents: int
    made: bool = True


def measure_all(
    source: str | Path,
    text: str | None = None,
    only: str | Iterable[str] | None = None,
    lists: str | Path | Lists | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures of every document that `read_all` finds in `source`, and a row (document, reason) a failed one.

    `only` and `lists` as in `measures`.

    >>> table, errors = wb.measure_all("seeds/2024-03-14_harbour-city-news_ferry-strike.txt")
    >>> table.document.unique().tolist(), len(errors)
    (['2024-03-14_harbour-city-news_ferry-strike'], 0)
    """
    tables = _tables(list(read_all(source, text=text)), Asked.of(only, lists), False, Watch())
    return tables["measures"], tables["errors"]


def measure_corpus(
    source: str | Path,
    target: str | Path,
    scheduler: str | None = None,
    jobs: int | None = None,
    evidence: bool = False,
    progress: bool = True,
    text: str | None = None,
    only: str | Iterable[str] | None = None,
    lists: str | Path | Lists | None = None,
) -> pd.DataFrame:
    """Measure every document that `read_all` finds in `source`; the failed ones come back: document, reason.

    What comes out are folders of Parquet files, each a table that `pandas.read_parquet` reads. For a `target` of
    `corpus.parquet` the measures are in that; what is known of each document in `corpus.documents.parquet` (document,
    field, value), and a row a document in `corpus.documents.csv`; by what near-copies are known in
    `corpus.sketches.parquet`; the failed ones in `corpus.errors.parquet`; with
    `evidence`, every quotation, its source, every mention, the tone towards it and every sentence in
    `corpus.quotations.parquet`, `.sources`, `.entities`, `.towards` and `.sentences.parquet`. What the columns of all
    these are stands in `corpus.md`.

    `scheduler` is "processes" (`jobs` of them, by default one a core), "threads", "sync", or the address of a Dask
    cluster, `tcp://…`, whose workers see `source` and `target` under the same paths. The figures do not depend on it,
    and are those of `measures`. What an earlier run wrote from the same documents with the same versions is kept.
    `text` names the column of texts where `source` is a table. `only` and `lists` as in `measures`: a target has the
    figures of one choice. Memory does not grow with the number of documents.
    Raises CorpusError where the call is wrong or another run writes to `target`, RuntimeError where workers keep dying.

    >>> errors = wb.measure_corpus(
    ...     "seeds/2024-03-14_harbour-city-news_ferry-strike.txt", "corpus.parquet", progress=False
    ... )
    >>> len(errors), len(pd.read_parquet("corpus.parquet")) > 50
    (0, True)
    """
    if not str(target):
        raise CorpusError("no target: name the folder of Parquet files to write, as in corpus.parquet")
    if Path(target).suffix in (".csv", ".tsv", ".xlsx", ".json"):
        raise CorpusError(f"{target}: measures are written as Parquet; name it {Path(target).stem}.parquet")
    if Path(target).resolve().is_relative_to(located(source).resolve()):
        raise CorpusError(f"{target}: lies in {source}, whose documents are read; name a target outside it")
    asked = Asked.of(only, lists)
    if evidence and only is not None:
        raise CorpusError("evidence is that of all analyses: ask for it without only")
    few, jobs = len([*islice(unread(source, text), SMALLEST + 1)]) <= SMALLEST, jobs or cores()
    # starting a process takes longer than measuring a few documents
    scheduler = scheduler or ("sync" if few or jobs == 1 else "processes")
    total = sum(1 for _ in unread(source, text)) if progress else None
    folders = folders_of(Path(target), evidence)
    found = partial(unread, source, text)
    try:
        with FileLock(folders["measures"] / ".lock", blocking=False):
            keep_apart(folders["measures"], asked)
            return _measured_into(folders, found, total, asked, scheduler, jobs)
    except Timeout:
        raise CorpusError(f"{target}: another run is writing here; wait until it has ended, or name another") from None


def _measured_into(
    folders: dict[str, Path],
    found: Callable[[], Iterator[Unread | DocumentError]],
    total: int | None,
    asked: Asked,
    scheduler: str,
    jobs: int,
) -> pd.DataFrame:
    """Measure what is `found` into `folders`, which are ours alone; the failed ones. Of a `total` progress is shown."""
    from tqdm import tqdm  # start-up time

    class Bar(tqdm):
        monitor_interval = 0  # without its thread, with which no worker could be forked

    model = model_name() if asked.parse else ""
    versions = _versions(model, asked)  # where the model is missing, says so at once
    written = {".lock", ".only", stored.NOTE}
    measure = partial(measure_partition, folders=folders, model=model, asked=asked, versions=versions, run=uuid4().hex)
    said, changed = monotonic(), False
    with Bar(total=total, unit="doc", disable=True if total is None else None) as bar:

        def done(measured: Measured) -> None:
            nonlocal said, changed
            written.add(measured.file)
            changed |= measured.made
            bar.n += measured.documents
            bar.refresh()
            if total and bar.disable and monotonic() > said + 60:  # no terminal: a line a minute
                said = monotonic()
                print(f"{bar.n} of {total} documents measured", file=sys.stderr, flush=True)

        if scheduler == "processes":
            figures(Document.from_text(stored.EXAMPLE), asked)  # loads what forked workers then share
        times = 1 if asked.parse else UNPARSED
        work_through(measure, _partitions(found(), times), WINDOW // times, scheduler, jobs, done)
    gone = [part for place in folders.values() for part in place.iterdir() if part.name not in written]
    for path in gone:
        path.unlink(missing_ok=True)
    target = folders["measures"]
    made_with = stored.with_versions(model)
    (target / stored.NOTE).write_text(made_with, "utf-8")
    target.with_suffix(".md").write_text(explained(target.name, made_with, "sentences" in folders), "utf-8")
    wide = target.with_suffix(".documents.csv")
    if changed or gone or not wide.exists():
        write_wide(target, wide)
    return stored.refused(folders["errors"])


def measure_partition(
    partition: Partition, folders: dict[str, Path], model: str, asked: Asked, versions: str, run: str = ""
) -> Measured:
    """Read, measure and write a partition: a file in each of `folders`, moved into place whole, the measures' last.

    Where that is there, whole and without a fault, from the same documents and versions, it is left as it is. `run`
    tells the notes of this run from those of runs that were killed, which is not their documents' fault. Raises
    RuntimeError on a worker whose own versions are others, for its figures might be.
    """
    if model and model_name() != model:  # on a worker that was started with another one
        os.environ["WORKBENCH_MODEL"] = model
    if _versions(model, asked) != versions:
        raise RuntimeError(f"{platform.node()}: not the workbench, Python packages or model of the asking machine")
    file = f"part-{partition.number:06d}-{_key(partition.unread, versions)[:16]}.parquet"
    whole = all(is_whole(folder / file) for folder in folders.values())
    made = not whole or any(map(_TO_TRY_AGAIN.search, stored.refused(folders["errors"] / file).reason))
    if made:
        watch = Watch(folders["errors"] / f".part-{partition.number:06d}-deaths", run)
        found = [watch.of(Unread.read, item) for item in partition.unread]
        with _measuring, memory(model) if model else nullcontext():
            tables = _tables(found, asked, not folders.keys().isdisjoint(EVIDENCE), watch)
            for table, folder in folders.items():
                write(tables[table], folder / file)
        watch.end()
    return Measured(file, len(partition.unread), made)


def _tables(found: list[Document | DocumentError], asked: Asked, evidence: bool, watch: Watch) -> Tables:
    """Each table over the documents, which are taken off the list and forgotten as they are measured."""
    rows: list[Row] = []
    described: list[Field] = []
    sketches: list[tuple[str, str]] = []
    errors: list[tuple[str, str]] = []
    passages = {name: [table] for name, table in stored.no_rows(model_name()).items()} if evidence else {}
    while found:
        name = getattr(found[0], "name", "")
        measured = watch.of(partial(_measured, asked=asked, evidence=evidence), found.pop(0))
        if isinstance(measured, DocumentError):
            document, _, reason = str(measured).partition(": ")
            errors.append((document, reason))
            continue
        rows += measured[0]
        described += measured[1]
        sketches.append((name, measured[2]))
        for name, table in measured[3].items():
            passages[name].append(table)
    tables = {name: pd.concat([t for t in parts if len(t)] or parts[:1]) for name, parts in passages.items()}
    tables["measures"], tables["documents"] = tidy(rows), beside("documents", described)
    return {**tables, "sketches": beside("sketches", sketches), "errors": beside("errors", errors)}


def _measured(document: Document, asked: Asked, evidence: bool) -> tuple[list[Row], list[Field], str, Tables]:
    """Its figures, what is known of it, its sketch, its passages. Raises DocumentError whatever goes wrong."""
    try:
        passages = evidence_of(document) if evidence else {}
        return figures(document, asked), fields(document), sketch_of(document.text).hex(), passages
    except Exception as error:
        why = f"{document.name}: {FAULT}: {type(error).__name__}: {error}".rstrip(": ")
        raise (error if isinstance(error, DocumentError) else DocumentError(why)) from None


def _partitions(found: Iterator[Unread | DocumentError], times: int = 1) -> Iterator[Partition]:
    """At least one, for an empty source has its tables too; small ones first, so that a few documents occupy all
    workers and a million don't make too many files."""
    for number in count():
        documents = tuple(islice(found, times * min(LARGEST, SMALLEST << number // 64)))
        if number and not documents:
            return
        yield Partition(number, documents)


def _key(unread: Iterable[Unread | DocumentError], versions: str) -> str:
    """A hash of all that the partition's tables are made from."""
    parts = (item.sha256 if isinstance(item, Unread) else str(item) for item in unread)
    return sha256("\n".join([versions, *parts]).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _versions(model: str, asked: Asked) -> str:
    """A hash of what figures depend on besides the text: this package's code and models, those it uses, the model."""
    here = Path(__file__).parents[1]
    code = [path for path in sorted(here.rglob("*")) if path.suffix in (".py", ".csv", ".tsv", ".json", ".txt")]
    made_with = sha256(repr([(package, metadata.version(package)) for package in _MEASURED_WITH]).encode())
    made_with.update(repr([sorted(part) for part in asked]).encode())
    if model:
        made_with.update(repr(sorted(pipeline(model).meta.items(), key=str)).encode())
    for path in code:
        made_with.update(path.relative_to(here).as_posix().encode() + path.read_bytes())
    return made_with.hexdigest()
