"""The same measures over any number of documents, on Dask."""

from pathlib import Path

import pandas as pd

from workbench.documents import Document, DocumentError, read_all
from workbench.language import parse_all
from workbench.measures import COLUMNS, measures


def measure_all(source: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures of every document that `read_all` finds in `source`, and a row (document, reason) a failed one."""
    found = list(read_all(source))
    readable = parse_all(document for document in found if isinstance(document, Document))
    tables = [measures(document) for document in readable]
    errors = [str(error).split(": ", 1) for error in found if isinstance(error, DocumentError)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    return table, pd.DataFrame(errors, columns=["document", "reason"])


def measure_corpus(source: str | Path, target: str | Path, scheduler: str | None = None) -> pd.DataFrame:
    """Write every document's measures to the Parquet file `target`; the failed ones come back: document, reason."""
    table, errors = measure_all(source)
    table.to_parquet(target, index=False)
    return errors
