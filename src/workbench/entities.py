"""Who and what an article is about: every mention of a name, under its canonical name."""

import pandas as pd

from workbench.documents import Document
from workbench.names import mentions
from workbench.quotations import voices

COLUMNS = ["start", "end", "text", "type", "entity", "voice"]
QUANTITIES = frozenset(["DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"])


def entities(document: Document) -> pd.DataFrame:
    """A row a mention: start, end, text, type (spaCy's OntoNotes labels), entity (canonical name), voice."""
    found = mentions(document)
    found = found[~found.type.isin(QUANTITIES)].reset_index(drop=True)
    return found.assign(voice=voices(document, found).voice)[COLUMNS]
