"""Three findings of an analysis in plain sentences."""

import math
import re
from typing import Any

import pandas as pd

from workbench.documents import Document, one_of
from workbench.measurement.definitions import Analysis, of_few, written
from workbench.measurement.table import measures
from workbench.statistics import FEW, t_quantile


class Finding(str):
    """A sentence; its `terms` are the words in it that name a measure, by that measure."""

    terms: dict[str, str]

    def __new__(cls, sentence: str, **terms: str) -> "Finding":
        finding = super().__new__(cls, sentence)
        finding.terms = terms
        return finding


def findings(document: Document, analysis: Analysis) -> list[Finding]:
    """Three sentences on what `analysis` (readability, sentiment, quotations, entities) found, with intervals.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee. It rained.")
    >>> wb.findings(doc, "quotations")[-1]
    'Nobody but Ann Lee is quoted or reported.'
    """
    table = measures(document)
    one_of("analysis", analysis, _FINDINGS)
    return _FINDINGS[analysis](table[table.analysis == analysis])


def _row(table: pd.DataFrame, measure: str, voice: str = "all") -> pd.Series:
    return table[(table.measure == measure) & (table.voice == voice) & (table.speaker == "")].iloc[0]


def _compared(difference: Any, more: str, less: str, same: str, nothing: float = 0) -> str:
    """What a difference's interval says: all of it above `nothing`, all below, or neither."""
    if difference.low > nothing:
        return more
    return less if difference.high < nothing else same


def _difference(first: Any, second: Any) -> pd.Series:
    """The first of two independent figures less the second, and its interval (Welch 1947), from their own intervals."""
    variances = [((row.high - row.low) / 2 / float(t_quantile(row.n - 1))) ** 2 for row in (first, second)]
    freedom = sum(variances) ** 2 / sum(
        part**2 / (row.n - 1) for part, row in zip(variances, (first, second), strict=True)
    )
    value, reach = first.value - second.value, float(t_quantile(freedom)) * sum(variances) ** 0.5
    return pd.Series({"value": value, "low": value - reach, "high": value + reach, "unit": ""})


def _said(row: pd.Series) -> str:
    """The figure as written, and whether a single paragraph or sentence is all that it rests on."""
    note = row.note.partition(":")[0]
    return f"{written(row)} ({note})" if note.startswith("all in one") else written(row)


def _readability(table: pd.DataFrame) -> list[Finding]:
    difficulty, ease, grade = (
        _row(table, name) for name in ("estimated_difficulty", "flesch_reading_ease", "flesch_kincaid_grade")
    )
    told, quoted = (_row(table, "estimated_difficulty", voice) for voice in ("narration", "quotation"))
    comparison = "There is too little of one voice to compare narration and quotation."
    if min(told.n, quoted.n) >= FEW:
        difference = _difference(told, quoted)
        verbs = "is harder to read than", "is easier to read than", "is not distinguishable from"
        comparison = (
            f"The journalist's narration ({written(told)}) {_compared(difference, *verbs)} the quotations "
            f"({written(quoted)}): difference {written(difference)}."
        )
    against = _compared(difficulty, "harder than", "easier than", "about as hard as")
    level = re.match(r"nearest CEFR level ([^;]+)", difficulty.note)
    return [
        Finding(
            f"The article is {against} average news: {written(difficulty)}, where 0 is an average newspaper article "
            f"and 1 is one level of language courses harder (CEFR; nearest level {level[1] if level else '–'}); by the "
            f"classic formula it reads at US school grade {written(grade)} (Flesch-Kincaid).",
            estimated_difficulty="average news",
            flesch_kincaid_grade="Flesch-Kincaid",
        ),
        Finding(
            f"Its Flesch Reading Ease is {written(ease)}, where 60 to 70 is plain English and under 30 very difficult.",
            flesch_reading_ease="Flesch Reading Ease",
        ),
        Finding(comparison),
    ]


def _sentiment(table: pd.DataFrame) -> list[Finding]:
    tone = _row(table, "valence")
    positive, negative = _row(table, "positive_share"), _row(table, "negative_share")
    difference = _row(table, "valence_narration_minus_quotation")
    leaning = _compared(tone, "leans positive", "leans negative", "is not distinguishable from neutral")
    if math.isnan(tone.low):
        leaning = "cannot be told from so few" if tone.n < FEW else "is the same in all of them"
    compared = _compared(difference, "more positive than", "more negative than", "not distinguishable from")
    comparison = f"The journalist's tone is {compared} that of the quotations (difference {written(difference)})."
    if difference.n < FEW:
        comparison = "There is too little of one voice to compare the journalist's tone with that of the quotations."
    return [
        Finding(
            f"The tone over all sentences {leaning}: {written(tone)}{of_few(tone)} on a scale from −1 to 1.",
            valence="tone over all sentences",
        ),
        Finding(
            f"{_said(positive)} of the sentences are positive, {_said(negative)} negative.",
            positive_share="sentences are positive",
            negative_share="negative",
        ),
        Finding(comparison),
    ]


def _quotations(table: pd.DataFrame) -> list[Finding]:
    quoted, reported, told = (_row(table, f"{voice}_share") for voice in ("quoted", "reported", "narration"))
    voices = table[table.measure == "share_of_voice"].sort_values("value", ascending=False)
    speakers = int(_row(table, "speakers").value)
    largest = "Nobody is named as speaking, so no shares of voice can be compared."
    if len(voices) == 1:
        largest = f"Nobody but {voices.speaker.iloc[0]} is quoted or reported."
    elif len(voices):
        first, second = voices.iloc[0], voices.iloc[1]
        lead = table[table.measure == "lead_of_voice"].iloc[0]
        compared = _compared(lead, "more than", "", "not distinguishable from", nothing=0.5)
        largest = (
            f"{first.speaker} has the largest share of what is quoted and reported, {_said(first)}, {compared} "
            f"{second.speaker}'{'s' * (not second.speaker.endswith('s'))} {_said(second)}."
        )
    return [
        Finding(
            f"{_said(quoted)} of the words stand in direct quotation, {_said(reported)} are reported in the "
            f"journalist's words, {written(told)} are narration.",
            quoted_share="direct quotation",
            reported_share="reported in the journalist's words",
            narration_share="are narration",
        ),
        Finding(f"{speakers or 'No'} speaker{'s were' if speakers > 1 else ' was'} found."),
        Finding(largest, share_of_voice="largest share of what is quoted and reported"),
    ]


def _entities(table: pd.DataFrame) -> list[Finding]:
    shares = table[table.measure.str.startswith("mention_share[")]
    top = shares.sort_values("value", ascending=False, kind="stable").head(3)
    named = "; ".join(f"{row.measure[14:-1]} {_said(row)}" for row in top.itertuples())
    return [
        Finding(
            f"Names occur {written(_row(table, 'mentions_per_1000_words'))} times per 1,000 words.",
            mentions_per_1000_words="times per 1,000 words",
        ),
        Finding(
            f"{int(_row(table, 'distinct_entities').value)} different persons, organisations, places and others are "
            "named.",
            distinct_entities="different persons",
        ),
        Finding(
            f"Most often, as a share of all mentions: {named}." if named else "No name was found.",
            mention_share="share of all mentions",
        ),
    ]


_FINDINGS = {"readability": _readability, "sentiment": _sentiment, "quotations": _quotations, "entities": _entities}
