"""How figures and measures are written: as many digits as the interval supports, labels, definitions."""

import math
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from workbench.documents import one_of

Analysis = Literal["readability", "sentiment", "quotations", "entities"]
TYPES = {
    "PERSON": "persons",
    "NORP": "peoples, parties, faiths",
    "ORG": "organisations",
    "GPE": "countries, states, cities",
    "LOC": "other places",
    "FAC": "buildings",
    "PRODUCT": "products",
    "EVENT": "events",
    "WORK_OF_ART": "works",
    "LAW": "laws",
    "LANGUAGE": "languages",
}
MEANINGS = {
    "document": "name of the article",
    "analysis": "readability, sentiment, quotations or entities",
    "measure": "as defined below; one of a single entity or type names it in brackets, as in `mention_share[NATO]`",
    "voice": (
        "what is measured: `all`, the journalist's `narration`, what is `reported` in the journalist's words (indirect "
        "speech, the unmarked part of mixed), or what stands in quotation marks (`quotation`); a sentence or name has "
        "the voice of most of its words"
    ),
    "speaker": "whose speech is measured; empty where it is not that of one speaker",
    "value": "the figure; empty where it is not defined, as for a text without a word",
    "low, high": "95 % interval for a text like this one, from leaving out each sentence or paragraph in turn",
    "n": "how many sentences, paragraphs, mentions or quotations the figure comes from",
    "unit": "as below",
    "note": "what to beware of",
}
COLUMNS = [name for names in MEANINGS for name in names.split(", ")]


@cache
def definitions() -> pd.DataFrame:
    """A row a measure, by its name without brackets: label, unit, range, definition."""
    return pd.read_csv(Path(__file__).with_name("measures.csv"), index_col="measure", keep_default_na=False)


def agreement(analysis: Analysis) -> pd.DataFrame:
    """How well the measures of `analysis` agree with human judgement: measure, on, n, ours, best peer, date."""
    one_of("analysis", analysis, get_args(Analysis))
    table = pd.read_csv(Path(__file__).with_name("validity.csv"), keep_default_na=False, dtype="str")
    return table[table.analysis == analysis].drop(columns="analysis")


def number(value: float, low: float = math.nan, high: float = math.nan, unit: str = "") -> str:
    """`0.42 [0.31, 0.53]`: digits as the interval supports; shares (a `unit` that starts so) as per cent.

    Ends are rounded outwards, with as many more digits as one that is not nought needs to be written as such.
    """
    share = unit.startswith("share")
    if share:
        value, low, high = 100 * value, 100 * low, 100 * high
    width = high - low
    if 0 <= width < math.inf:
        digits = min(2, max(0, 1 - math.floor(math.log10(width)))) if width else 2
        while digits < 6 and (0 < low < 10**-digits or -(10**-digits) < high < 0):
            digits += 1
        step = 10**digits
        ends = math.floor(low * step + 1e-6) / step, math.ceil(high * step - 1e-6) / step
        interval = f" [{plain(ends[0], digits)}, {plain(ends[1], digits)}]"
    else:
        digits, interval = (2 - share - (abs(value) >= 10)) * (value % 1 != 0), ""
    return f"{plain(value, digits)}{' %' * (share and not math.isnan(value))}{interval}"


def plain(value: float, digits: int) -> str:
    """With thin spaces between thousands from 10 000 on, a real minus sign, and no minus nought; "–" for NaN."""
    if math.isnan(value):
        return "–"
    text = f"{abs(value):,.{digits}f}".replace(",", "\u2009" if abs(value) >= 10_000 else "")
    return f"−{text}" if value < 0 and text.strip("0.") else text


def label(measure: str) -> str:
    """A measure's name as a reader writes it: `Flesch-Kincaid grade`, `valence`, `NATO` for `mention_share[NATO]`."""
    stem, _, of = measure.partition("[")
    return of.removesuffix("]") or TYPES.get(stem) or definitions().label.get(stem, stem.replace("_", " "))


def written(row: Any) -> str:
    """A figure as `number` writes it, from its row's value, low, high and unit."""
    return number(row.value, row.low, row.high, row.unit)


def dictionary() -> str:
    """The data dictionary in Markdown: the columns of each table and the definition of each measure."""
    table = definitions().reset_index()
    rows = [list(table), ["---"] * table.shape[1], *table.itertuples(index=False)]
    measures = "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)
    columns = "\n".join(f"- `{name}`: {meaning}" for name, meaning in MEANINGS.items())
    return f"# Data dictionary\n\n{columns}\n\n{measures}\n"


def inert(value: object) -> object:
    """A text that a spreadsheet would take for a formula, marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
