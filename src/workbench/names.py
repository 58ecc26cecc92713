"""The names in a text, and which of them mean the same person, organisation or place."""

import pandas as pd

from workbench.documents import Document
from workbench.language import parse, per_document

MENTION_COLUMNS = ["start", "end", "text", "type", "entity"]


@per_document
def mentions(document: Document) -> pd.DataFrame:
    """A row a mention of a name: start, end, text, type (spaCy's OntoNotes labels), entity (its canonical name)."""
    parsed = parse(document)
    rows = [(e.start_char, e.end_char, e.text, e.label_, e.text) for e in parsed.ents]
    return pd.DataFrame(rows, columns=MENTION_COLUMNS)
