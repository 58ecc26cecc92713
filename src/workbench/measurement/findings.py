"""Three findings of an analysis in plain sentences."""

import math

import pandas as pd

from workbench.documents import Document
from workbench.measurement.definitions import plain, written
from workbench.measurement.table import FEW, measures


def findings(document: Document, analysis: str) -> list[str]:
    """Three sentences on what `analysis` (readability, sentiment, quotations, entities) found, with intervals."""
    table = measures(document)
    return _FINDINGS[analysis](table[table.analysis == analysis])


def _row(table: pd.DataFrame, measure: str, voice: str = "all") -> pd.Series:
    return table[(table.measure == measure) & (table.voice == voice) & (table.speaker == "")].iloc[0]


def _compared(first: pd.Series, second: pd.Series, more: str, less: str, same: str) -> str:
    """Which of two figures is larger, where their intervals do not overlap; `same` where they do."""
    if first.low > second.high:
        return more
    return less if first.high < second.low else same


def _said(row: pd.Series) -> str:
    """The figure as written, and whether a single paragraph or sentence is all that it rests on."""
    return f"{written(row)} ({row.note})" if row.note.startswith("all in one") else written(row)


def _readability(table: pd.DataFrame) -> list[str]:
    ease, grade = _row(table, "flesch_reading_ease"), _row(table, "flesch_kincaid_grade")
    grades = table[(table.voice == "all") & (table.unit == "grade")].value
    told, quoted = (_row(table, "flesch_kincaid_grade", voice) for voice in ("narration", "quotation"))
    compared = _compared(
        told, quoted, "is harder to read than", "is easier to read than", "is not distinguishable from"
    )
    comparison = (
        f"The journalist's narration (grade {written(told)}) {compared} the quotations (grade {written(quoted)})."
    )
    if min(told.n, quoted.n) < FEW:
        comparison = (
            f"The formulas that give a grade range from {plain(grades.min(), 1)} to {plain(grades.max(), 1)}; there is "
            "too little of one voice to compare narration and quotation."
        )
    return [
        f"The article reads at US school grade {written(grade)} (Flesch-Kincaid).",
        f"Its Flesch Reading Ease is {written(ease)}, where 60 to 70 is plain English and under 30 very difficult.",
        comparison,
    ]


def _sentiment(table: pd.DataFrame) -> list[str]:
    tone = _row(table, "valence")
    positive, negative = _row(table, "positive_share"), _row(table, "negative_share")
    difference = _row(table, "valence_narration_minus_quotation")
    zero = pd.Series({"low": 0.0, "high": 0.0})
    leaning = _compared(tone, zero, "leans positive", "leans negative", "is not distinguishable from neutral")
    if math.isnan(tone.low):
        leaning = "cannot be told from so few"
    compared = _compared(difference, zero, "more positive than", "more negative than", "not distinguishable from")
    comparison = f"The journalist's tone is {compared} that of the quotations (difference {written(difference)})."
    if difference.n < FEW:
        comparison = "There is too little of one voice to compare the journalist's tone with that of the quotations."
    return [
        f"The tone over all sentences {leaning}: {written(tone)} on a scale from −1 to 1.",
        f"{_said(positive)} of the sentences are positive, {_said(negative)} negative.",
        comparison,
    ]


def _quotations(table: pd.DataFrame) -> list[str]:
    quoted, reported, told = (_row(table, f"{voice}_share") for voice in ("quoted", "reported", "narration"))
    voices = table[table.measure == "share_of_voice"].sort_values("value", ascending=False)
    speakers = int(_row(table, "speakers").value)
    largest = "Nobody is named as speaking."
    if len(voices) == 1:
        largest = f"Only one speaker was found: {voices.speaker.iloc[0]}."
    elif len(voices):
        first, second = voices.iloc[0], voices.iloc[1]
        compared = _compared(first, second, "more than", "", "not distinguishable from")
        largest = (
            f"{first.speaker} has the largest share of what is quoted and reported, {_said(first)}, {compared} "
            f"{second.speaker}'s {_said(second)}."
        )
    return [
        f"{_said(quoted)} of the words stand in direct quotation, {_said(reported)} are reported in the "
        f"journalist's words, {written(told)} are narration.",
        f"{speakers} speaker{'s were' if speakers != 1 else ' was'} found.",
        largest,
    ]


def _entities(table: pd.DataFrame) -> list[str]:
    shares = table[table.measure.str.startswith("mention_share[")]
    top = shares.sort_values("value", ascending=False, kind="stable").head(3)
    named = "; ".join(f"{row.measure[14:-1]} {_said(row)}" for row in top.itertuples())
    return [
        f"Names occur {written(_row(table, 'mentions_per_1000_words'))} times per 1,000 words.",
        f"{int(_row(table, 'distinct_entities').value)} different persons, organisations, places and others are named.",
        f"Most often, as a share of all mentions: {named}." if named else "No name was found.",
    ]


_FINDINGS = {"readability": _readability, "sentiment": _sentiment, "quotations": _quotations, "entities": _entities}
