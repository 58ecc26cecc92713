"""Findings in plain sentences, and figures written with as many digits as their interval supports."""

import math
from functools import cache
from pathlib import Path

import pandas as pd

from workbench.documents import Document
from workbench.measures import FEW, measures


@cache
def definitions() -> pd.DataFrame:
    """What each measure is, by its name without brackets: label, unit, range, definition."""
    return pd.read_csv(Path(__file__).parent / "models" / "measures.csv", index_col="measure")


def number(value: float, low: float = math.nan, high: float = math.nan, unit: str = "") -> str:
    """`0.42 [0.31, 0.53]`: digits as the interval supports; shares (a `unit` that starts so) as per cent."""
    if math.isnan(value):
        return "–"
    sign = ""
    if unit.startswith("share"):
        value, low, high, sign = 100 * value, 100 * low, 100 * high, " %"
    width = high - low
    digits = min(2, max(0, 1 - math.floor(math.log10(width)))) if 0 < width < math.inf else 2 * (value % 1 != 0)
    written = plain(value, digits) + sign
    return written if math.isnan(width) else f"{written} [{plain(low, digits)}, {plain(high, digits)}]"


def label(measure: str) -> str:
    """A measure's name as a reader writes it: `Flesch-Kincaid grade`, `valence`, `NATO` for `mention_share[NATO]`."""
    stem, _, of = measure.partition("[")
    return of.removesuffix("]") or definitions().label.get(stem, stem.replace("_", " "))


def plain(value: float, digits: int) -> str:
    """With thin spaces between thousands, a real minus sign, and no minus nought."""
    text = f"{abs(value):,.{digits}f}".replace(",", "\u2009")
    return f"−{text}" if value < 0 and text.strip("0.") else text


def findings(document: Document, analysis: str) -> list[str]:
    """Three sentences on what `analysis` (readability, sentiment, quotations, entities) found, with intervals."""
    table = measures(document)
    return _FINDINGS[analysis](table[table.analysis == analysis])


def outliers(table: pd.DataFrame) -> list[str]:
    """A sentence for each figure about a whole document that lies far outside those of the others.

    Far: more than one and a half times the middle half's width beyond it (Tukey 1977), its interval too; from eight
    documents on.
    """
    sentences = []
    for measure, rows in table.groupby("measure", sort=False):
        quarter, three_quarters = rows.value.quantile([0.25, 0.75])
        reach = 1.5 * (three_quarters - quarter)
        low, high = rows.low.fillna(rows.value), rows.high.fillna(rows.value)
        outside = (low > three_quarters + reach) | (high < quarter - reach)
        if len(rows) >= 8:
            usual = f"half of the documents lie between {number(quarter)} and {number(three_quarters)}"
            sentences += [
                f"{row.document}: {label(str(measure))} {number(row.value, row.low, row.high)}, where {usual}."
                for row in rows[outside].itertuples()
            ]
    return sentences


def _row(table: pd.DataFrame, measure: str, voice: str = "all") -> pd.Series:
    return table[(table.measure == measure) & (table.voice == voice) & (table.speaker == "")].iloc[0]


def _written(row: pd.Series) -> str:
    return number(row.value, row.low, row.high, row.unit)


def _compared(first: pd.Series, second: pd.Series, more: str, less: str, same: str) -> str:
    """Which of two figures is larger, where their intervals do not overlap; `same` where they do."""
    if first.low > second.high:
        return more
    return less if first.high < second.low else same


def _readability(table: pd.DataFrame) -> list[str]:
    ease, grade = _row(table, "flesch_reading_ease"), _row(table, "flesch_kincaid_grade")
    grades = table[(table.voice == "all") & (table.unit == "grade")].value
    told, quoted = (_row(table, "flesch_kincaid_grade", voice) for voice in ("narration", "quotation"))
    sentences = [
        f"The article reads at US school grade {_written(grade)} (Flesch-Kincaid).",
        f"Its Flesch Reading Ease is {_written(ease)}, where 60 to 70 is plain English and under 30 very difficult.",
    ]
    if min(told.n, quoted.n) < FEW:
        sentences.append(
            f"The formulas that give a grade range from {number(grades.min())} to {number(grades.max())}; there is too "
            "little of one voice to compare narration and quoted speech."
        )
    else:
        compared = _compared(
            told, quoted, "is harder to read than", "is easier to read than", "is not distinguishable from"
        )
        sentences.append(
            f"The narration (grade {_written(told)}) {compared} the quoted speech (grade {_written(quoted)})."
        )
    return sentences


def _sentiment(table: pd.DataFrame) -> list[str]:
    tone = _row(table, "valence")
    positive, negative = _row(table, "positive_share"), _row(table, "negative_share")
    difference = _row(table, "valence_narration_minus_quotation")
    zero = pd.Series({"low": 0.0, "high": 0.0})
    leaning = _compared(tone, zero, "leans positive", "leans negative", "is not distinguishable from neutral")
    if math.isnan(tone.low):
        leaning = "cannot be told from so few"
    sentences = [
        f"The tone over all sentences {leaning}: {_written(tone)} on a scale from −1 to 1.",
        f"{_written(positive)} of the sentences are positive, {_written(negative)} negative.",
    ]
    if difference.n < FEW:
        sentences.append("There is too little of one voice to compare the tone of narration and quoted speech.")
    else:
        compared = _compared(difference, zero, "more positive than", "more negative than", "not distinguishable from")
        sentences.append(f"The narration's tone is {compared} the quoted speech's (difference {_written(difference)}).")
    return sentences


def _quotations(table: pd.DataFrame) -> list[str]:
    quoted, reported = _row(table, "quoted_share"), _row(table, "reported_share")
    voices = table[table.measure == "share_of_voice"].sort_values("value", ascending=False)
    speakers = int(_row(table, "speakers").value)
    sentences = [
        f"{_written(quoted)} of the words stand in direct quotation.",
        f"{_written(reported)} are reported speech of any kind, by {speakers} speaker{'s' * (speakers != 1)}.",
    ]
    if voices.empty:
        return [*sentences, "Nobody is named as speaking."]
    largest = voices.iloc[0]
    return [*sentences, f"{largest.speaker} has the largest share of the reported words: {_written(largest)}."]


def _entities(table: pd.DataFrame) -> list[str]:
    shares = table[table.measure.str.startswith("mention_share[")]
    top = shares.sort_values("value", ascending=False, kind="stable").head(3)
    named = "; ".join(f"{row.measure[14:-1]} {_written(row)}" for row in top.itertuples())
    return [
        f"Names occur {_written(_row(table, 'mentions_per_1000_words'))} times per 1,000 words.",
        f"{int(_row(table, 'distinct_entities').value)} different persons, organisations, places and others are named.",
        f"Most often, as a share of all mentions: {named}." if named else "No name was found.",
    ]


_FINDINGS = {"readability": _readability, "sentiment": _sentiment, "quotations": _quotations, "entities": _entities}
