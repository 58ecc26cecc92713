"""What a measured corpus holds, read part by part, or the same of documents that have not been measured yet."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from workbench.analyses.entities.table import entities
from workbench.analyses.quotations import quotations
from workbench.analyses.sentiment import sentiment
from workbench.documents import Document, read_all

EVIDENCE = {"quotations": quotations, "entities": entities, "sentences": sentiment}
Tables = dict[str, pd.DataFrame]


def folder(target: str | Path, table: str) -> Path:
    """Where a corpus measured to `target` has `table`: corpus.parquet, corpus.documents.parquet, …"""
    return Path(target) if table == "measures" else Path(target).with_suffix(f".{table}.parquet")


def describe(document: Document) -> pd.DataFrame:
    """What is known of a document: document, field, value, all as text."""
    own = {"source": document.source, "sha256": document.sha256, "characters": len(document.text)}
    fields: dict[str, object] = {
        **document.metadata,
        "title": document.title,
        **own,
        "lines left out": len(document.removed),
    }
    rows = [(document.name, str(field), str(value)) for field, value in fields.items() if value is not None]
    return pd.DataFrame(rows, columns=["document", "field", "value"], dtype="str")


def evidence_of(document: Document) -> Tables:
    """The document's quotations, entities and sentences, each with its name in a first column."""
    tables = {name: analysis(document) for name, analysis in EVIDENCE.items()}
    for table in tables.values():
        table.insert(0, "document", document.name)
    return tables


def known(source: str | Path) -> pd.DataFrame:
    """`describe` of every document of a folder, file or measured corpus."""
    if folder(source, "documents").is_dir():
        return pd.read_parquet(folder(source, "documents"))
    tables = [describe(document) for document in documents(source)]
    return pd.concat(tables or [describe(Document("", ""))[:0]], ignore_index=True)


def measures_by_part(measures: str | Path | pd.DataFrame) -> Iterator[pd.DataFrame]:
    """A table of measures, or the file or folder of one, in parts that fit in memory, no document in two of them."""
    if isinstance(measures, pd.DataFrame):
        yield measures
    elif Path(measures).is_dir():
        yield from map(pd.read_parquet, sorted(Path(measures).glob("part-*.parquet")))
    else:
        yield pd.read_parquet(measures)


def evidence(source: str | Path) -> Iterator[Tables]:
    """Quotations, entities and sentences of a folder, file or measured corpus, a few documents at a time.

    Raises ValueError where a corpus has been measured without evidence.
    """
    if not folder(source, "documents").is_dir():
        yield from map(evidence_of, documents(source))
        return
    if not folder(source, "sentences").is_dir():
        raise ValueError(f"{source}: measured without evidence; measure it again with evidence")
    for part in sorted(folder(source, "sentences").glob("part-*.parquet")):
        yield {name: pd.read_parquet(folder(source, name) / part.name) for name in EVIDENCE}


def texts(source: str | Path) -> Iterator[tuple[str, str]]:
    """The name and text of each document; of a measured corpus, of each sentence."""
    if folder(source, "documents").is_dir():
        for tables in evidence(source):
            yield from zip(tables["sentences"].document, tables["sentences"].text, strict=True)
    else:
        yield from ((document.name, document.text) for document in documents(source))


def documents(source: str | Path) -> Iterator[Document]:
    """The documents of a folder or file that can be read; none of a measured corpus, which does not hold texts."""
    if not folder(source, "documents").is_dir():
        yield from (item for item in read_all(source) if isinstance(item, Document))
