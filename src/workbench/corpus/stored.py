"""What a measured corpus holds, read part by part, or the same of documents that have not been measured yet."""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import metadata
from inspect import getdoc
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.analyses.entities.table import entities
from workbench.analyses.quotations import quotations, sources
from workbench.analyses.sentiment import entity_sentiment, sentiment
from workbench.documents import Document, InputError, duplicates, near, read_all
from workbench.language import model_name, paragraphs, pipeline
from workbench.measurement import dictionary, inert

EVIDENCE: dict[str, Callable[[Document], pd.DataFrame]] = {
    "quotations": quotations,
    "sources": sources,
    "entities": entities,
    "towards": entity_sentiment,
    "sentences": sentiment,
}
Field = tuple[str, str, str]  # a document's name, what is known of it, its value
EXAMPLE = "“Oslo is a good town, and not too cold,” said Anna Berg of Unicef. He thinks that its profits fell in May.\n"
NOTE = ".measured-with"  # in the folder of measures
BESIDE = {
    "documents": ["document", "field", "value"],
    "sketches": ["document", "sketch"],
    "errors": ["document", "reason"],
}
Tables = dict[str, pd.DataFrame]


def folder(target: str | Path, table: str) -> Path:
    """Where a corpus measured to `target` has `table`: corpus.parquet, corpus.documents.parquet, …"""
    return Path(target) if table == "measures" else Path(target).with_suffix(f".{table}.parquet")


def is_measured(place: str | Path) -> bool:
    """Whether `place` is a measured corpus, or the table that a render makes of all measures."""
    whole = Path(place)
    a_part = whole if whole.is_file() else next(whole.glob("part-*.parquet"), whole)
    return a_part.suffix == ".parquet" and bool(whole.name) and folder(place, "documents").exists()


def beside(table: str, rows: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """One of the tables that stand beside the measures of every corpus, of these rows."""
    return pd.DataFrame(rows, columns=BESIDE[table], dtype="str")


def fields(document: Document) -> list[Field]:
    """What is known of a document, all as text: its name, field, value."""
    known: dict[str, object] = {**document.metadata, "title": document.title}
    for name, value in {"source": document.source, "sha256": document.sha256, "characters": len(document.text)}.items():
        known[f"file {name}" if name in document.metadata else name] = value  # theirs is kept
    known["lines left out"] = len(document.left_out)
    # a file's name may be any bytes, and Arrow's strings hold Unicode only
    plain = {field: str(known[field]).encode("utf-8", "surrogateescape") for field in known if known[field] is not None}
    called = {"document": "document (column)"}  # ours is the name
    texts = {str(called.get(field, field)): value.decode("utf-8", "replace") for field, value in plain.items()}
    return [(document.name, field.encode("utf-8", "replace").decode(), text) for field, text in texts.items()]


def of_file(told: pd.DataFrame, field: str) -> pd.Series:
    """The `source` or `sha256` of each document's file, of a row a document; a column of that name may be a table's."""
    ours = told.get(f"file {field}", pd.Series(index=told.index, dtype="str"))
    return ours.fillna(told[field]) if field in told else ours


def account(target: str | Path) -> list[str]:
    """Three lines on what was read into a measured corpus: documents and files by kind, refused ones, copies."""
    told = known(target).pivot(index="document", columns="field", values="value")
    failed = refused(folder(target, "errors")).reason.astype("str")
    files = of_file(told, "source").drop_duplicates()
    kinds = files.map(lambda file: Path(str(file)).suffix.lower() or "no ending").value_counts()
    of_kinds = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none"
    reasons = failed.str.rpartition(": ")[2] if len(failed) else failed
    counts = reasons.str.replace(r";.*| ?\([^()]*\)", "", regex=True).value_counts()
    told_of = [f"{reason} ({count})" for reason, count in counts.head(5).items()]
    told_of += [f"other reasons ({others})"] if (others := counts[5:].sum()) else []
    copies, same = near(_sketches(target)).duplicate.nunique(), int(of_file(told, "sha256").duplicated().sum())
    return [
        f"{len(told)} document{'s' * (len(told) != 1)} of {len(files)} file{'s' * (len(files) != 1)} ({of_kinds})",
        f"{len(failed)} refused" + (": " + "; ".join(told_of) if told_of else ""),
        f"{copies} near-cop{'y' if copies == 1 else 'ies'} of another, {same} with the same bytes; see wb.duplicates",
    ]


def refused(errors: Path) -> pd.DataFrame:
    """The table `errors` (document, reason), a file or a folder of parts, of which those without a row are not read."""
    from pyarrow import parquet  # start-up time

    parts = sorted(errors.glob("part-*.parquet")) if errors.is_dir() else [errors]
    some = [pd.read_parquet(part) for part in parts if parquet.read_metadata(part).num_rows]
    return pd.concat(some, ignore_index=True) if some else beside("errors", [])


def evidence_of(document: Document) -> Tables:
    """The document's passages, a table an analysis, its name first; sentences with their paragraph (from 0)."""
    tables = {name: analysis(document).copy() for name, analysis in EVIDENCE.items()}
    ends = [end for _, end in paragraphs(document.text)]
    tables["sentences"]["paragraph"] = np.searchsorted(ends, tables["sentences"].start, side="right")
    for table in tables.values():
        table.insert(0, "document", document.name)
    return tables


@cache
def no_rows(model: str) -> Tables:
    """Every table of evidence without a row: its columns and their types, for a partition without a document."""
    some = evidence_of(Document.from_text(EXAMPLE))
    return {name: table[:0] for name, table in some.items()}


def known(source: str | Path, text: str | None = None) -> pd.DataFrame:
    """What is known of every document of a folder, file or measured corpus, as `fields`; `text` as in `read_all`."""
    if is_measured(source):
        return pd.read_parquet(folder(source, "documents"))
    rows = [row for document in documents(source, text) for row in fields(document)]
    return beside("documents", rows)


def measures_by_part(measures: str | Path | pd.DataFrame) -> Iterator[pd.DataFrame]:
    """A table of measures, or the file or folder of one, in parts that fit in memory, no document in two of them."""
    if isinstance(measures, pd.DataFrame):
        if missing := {"document", "measure", "value"} - {*measures.columns}:
            raise InputError(
                f"no table of measures: it has no {', '.join(sorted(missing))}; make one with wb.measure_all"
            )
        yield measures
    elif not isinstance(measures, str | Path):
        raise TypeError(f"{measures!r:.80} is no table of measures; make one with wb.measure_all(source)")
    elif Path(measures).suffix == ".parquet" and Path(measures).exists():
        files = sorted(Path(measures).glob("part-*.parquet")) if Path(measures).is_dir() else [Path(measures)]
        yield from map(pd.read_parquet, files)
    else:
        raise InputError(f"{measures}: no measured corpus; make one with wb.measure_corpus(source, target)")


def of_names(measures: pd.DataFrame, of: str) -> pd.DataFrame:
    """The rows of a measure of single speakers or names, with the `name` of each."""
    rows = measures[(measures.measure == of) | measures.measure.str.startswith(f"{of}[")]
    return rows.assign(name=rows.speaker.where(rows.speaker != "", rows.measure.str.slice(len(of) + 1, -1)))


def evidence(source: str | Path, text: str | None = None) -> Iterator[Tables]:
    """Quotations, entities and sentences of a folder, file or measured corpus, a few documents at a time.

    Raises ValueError where a corpus has been measured without evidence.
    """
    if not is_measured(source):
        yield from map(evidence_of, documents(source, text))
        return
    if not folder(source, "sentences").is_dir():
        raise InputError(f"{source}: measured without evidence; measure it again with evidence")
    for part in sorted(folder(source, "sentences").glob("part-*.parquet")):
        yield {name: pd.read_parquet(folder(source, name) / part.name) for name in EVIDENCE}


def measured_with(corpus: str | Path) -> str:
    """The versions of the workbench and the pipeline that a corpus is measured with, or a folder would be now."""
    if not is_measured(corpus):
        return with_versions(model_name())
    note = folder(corpus, "measures") / NOTE
    return note.read_text("utf-8") if note.exists() else "an earlier workbench"


def with_versions(model: str) -> str:
    """The versions of the workbench and of the pipeline `model`, if there is one."""
    own = f"workbench {metadata.version('news-workbench')}"
    return f"{own} and the pipeline {model} {pipeline(model).meta['version']}" if model else own


def copies(source: str | Path, text: str | None = None) -> pd.DataFrame:
    """`wb.duplicates` of the documents of a folder, file or measured corpus, which has no need of its texts for it."""
    if not is_measured(source):
        return duplicates(documents(source, text))
    return near(_sketches(source))


def _sketches(target: str | Path) -> dict[str, bytes]:
    table = pd.read_parquet(folder(target, "sketches"))
    return dict(zip(table.document, table.sketch.map(bytes.fromhex), strict=True))


def documents(source: Document | str | Path, text: str | None = None) -> Iterator[Document]:
    """The document itself, or those of a folder or file that can be read; of a measured corpus, their sentences.

    Raises ValueError where a corpus has been measured without evidence.
    """
    if isinstance(source, Document):
        yield source
    elif not is_measured(source):
        yield from (item for item in read_all(source, text=text) if isinstance(item, Document))
    else:
        for tables in evidence(source):
            for name, rows in tables["sentences"].groupby("document", sort=False):
                yield Document.from_text("\n".join(rows.text), name=str(name))


def explained(target: str, made_with: str, evidence: bool) -> str:
    """The data dictionary of a corpus measured to `target`, in Markdown: each table, its columns, each measure."""
    tables = [f"- `{folder(target, 'documents')}`: what is known of each document: document, field, value"]
    tables.append(f"- `{Path(target).with_suffix('.documents.csv')}`: the same, a row a document, a column a field")
    tables.append(f"- `{folder(target, 'sketches')}`: by what `workbench measure` knows near-copies: document, sketch")
    tables.append(f"- `{folder(target, 'errors')}`: what could not be read or measured: document, reason")
    for name, analysis in EVIDENCE.items() if evidence else ():
        tables.append(f"\n## {folder(target, name)}\n\nFirst `document`, then as `{analysis.__name__}` has it.")
        tables.append(f"{getdoc(analysis)}" + "\n\n`paragraph` is the sentence's, from 0." * (name == "sentences"))
    of_measures = dictionary().replace(
        "# Data dictionary", f"# Data dictionary\n\nMeasured with {made_with}. `{target}` has a figure in each row:", 1
    )
    return of_measures + "\n## Beside it\n\n" + "\n".join(tables) + "\n"


def write_wide(target: str | Path, path: Path) -> None:
    """Write what is known of a measured corpus's documents to `path`: a CSV file of a row a document, a column a field.

    Part by part, so that memory does not grow with the corpus; whole or not at all.
    """
    from pyarrow import parquet  # start-up time

    parts = sorted(folder(target, "documents").glob("part-*.parquet"))
    names = (parquet.ParquetFile(part).read(["field"])["field"].unique().to_pylist() for part in parts)
    fields = sorted({name for some in names for name in some})
    beside = path.with_name(f".{path.name}")
    with open(beside, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["document", *map(inert, fields)])
        for part in parts:
            known: dict[str, dict[str, str]] = {}
            for document, field, value in zip(*parquet.ParquetFile(part).read().to_pydict().values(), strict=True):
                known.setdefault(document, {})[field] = value
            for document in sorted(known):
                writer.writerow([inert(document), *(inert(known[document].get(field, "")) for field in fields)])
    os.replace(beside, path)
