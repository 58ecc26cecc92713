"""The same measures over any number of documents, on Dask."""

from pathlib import Path

import pandas as pd

from workbench.documents import DocumentError, read_all
from workbench.language import parse_all
from workbench.measures import COLUMNS, measures


def measure_corpus(source: str | Path, target: str | Path, scheduler: str | None = None) -> pd.DataFrame:
    """Write every document's measures to the Parquet file `target`; the documents that failed come back.

    `source` is what `read_all` takes. The result has a row (document, reason) for each document that could not be read.
    """
    errors, readable = [], []
    for found in read_all(source):
        if isinstance(found, DocumentError):
            errors.append(str(found).split(": ", 1))
        else:
            readable.append(found)
    tables = [measures(document) for document in parse_all(readable)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    table.to_parquet(target, index=False)
    return pd.DataFrame(errors, columns=["document", "reason"])
