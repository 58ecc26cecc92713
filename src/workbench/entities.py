"""Who and what an article is about: every mention of a name, under its canonical name."""

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from workbench.documents import Document
from workbench.language import parse
from workbench.names import mentions
from workbench.quotations import voices

COLUMNS = ["start", "end", "text", "type", "entity", "voice"]
QUANTITIES = frozenset(["DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"])


def entities(document: Document) -> pd.DataFrame:
    """A row a mention: start, end, text, type (spaCy's OntoNotes labels), entity (canonical name), voice."""
    found = mentions(document)
    found = found[~found.type.isin(QUANTITIES)].reset_index(drop=True)
    return found.assign(voice=voices(document, found).voice)[COLUMNS]


def together(document: Document, names: Sequence[str]) -> pd.DataFrame:
    """In how many sentences each two of `names` are mentioned together: a square table, 0 on its diagonal."""
    table = pd.DataFrame(0, index=list(names), columns=list(names))
    found = entities(document)
    for sentence in parse(document).sents:
        here = found.entity[(found.start >= sentence.start_char) & (found.start < sentence.end_char)]
        for one, other in combinations(sorted(set(here) & set(names)), 2):
            table.loc[one, other] += 1
            table.loc[other, one] += 1
    return table


def concordance(document: Document, name: str, width: int = 60) -> pd.DataFrame:
    """A row a mention of the entity `name`: up to `width` characters before it, the mention, and as many after it."""
    text = document.text.replace("\n", " ")
    found = entities(document).query("entity == @name")
    rows = [
        (text[max(0, s - width) : s], text[s:e], text[e : e + width])
        for s, e in zip(found.start, found.end, strict=True)
    ]
    return pd.DataFrame(rows, columns=["before", "mention", "after"])
