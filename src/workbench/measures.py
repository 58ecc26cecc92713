"""The tidy table of figures: the analyses' evidence summed up, each figure with its interval."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.documents import Document
from workbench.entities import entities
from workbench.intervals import interval
from workbench.language import paragraphs
from workbench.quotations import quotations
from workbench.readability import readability
from workbench.sentiment import sentiment

COLUMNS = ["document", "analysis", "measure", "voice", "speaker", "value", "low", "high", "n", "unit", "note"]
ANALYSES = ["readability", "sentiment", "quotations", "entities"]
Floats = NDArray[np.float64]
Row = dict[str, object]


def measures(document: Document) -> pd.DataFrame:
    """Every figure about `document`, a row each, with columns as `COLUMNS`.

    `low` and `high` bound the 95 % interval from resampling `n` sentences (readability, sentiment) or paragraphs
    (quotations, entities). `voice` is all, narration or quotation; a figure about one speaker names them in `speaker`.
    A measure of one entity or type names it in brackets: `mention_share[NATO]`.
    """
    summaries = [_readability, _sentiment, _quotations, _entities]
    bare = {"document": document.name, "voice": "all", "speaker": "", "low": np.nan, "high": np.nan, "note": ""}
    rows = [bare | row for summary in summaries for row in summary(document)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": float, "low": float, "high": float, "n": int})


def _figure(counts: Floats, statistic: Callable[[Floats], Floats], **labels: object) -> Row:
    """A row: the statistic of the summed counts and its interval over the units that they were counted in."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(statistic(counts.sum(axis=0, keepdims=True))[0])
    low, high = interval(counts, statistic)
    return {"value": value, "low": low, "high": high, "n": len(counts), **labels}


def _ratio(sums: Floats) -> Floats:
    return sums[:, 0] / sums[:, 1]


def _groups(table: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """The table whole, by voice and by speaker, each with the labels of its figures."""
    yield {"voice": "all"}, table
    for voice in ("narration", "quotation"):
        yield {"voice": voice}, table[table.voice == voice]
    for speaker, rows in table[table.speaker != ""].groupby("speaker"):
        yield {"voice": "quotation", "speaker": str(speaker)}, rows


def _readability(document: Document) -> Iterator[Row]:
    for voice in ("all", "narration", "quotation"):
        table = readability(document, voice).rename(columns={"score": "value", "sentences": "n"})
        for row in table.drop(columns="words").to_dict("records"):
            yield {"analysis": "readability", "voice": voice, **{str(key): value for key, value in row.items()}}


def _sentiment(document: Document) -> Iterator[Row]:
    table = sentiment(document)
    for labels, rows in _groups(table):
        one = np.ones(len(rows))
        columns = {
            "valence": rows.valence,
            "vader_compound": rows.compound,
            "positive_share": rows.valence > 0.05,
            "neutral_share": rows.valence.abs() <= 0.05,
            "negative_share": rows.valence < -0.05,
        }
        for measure, column in columns.items():
            unit = "share of sentences" if measure.endswith("share") else "mean over sentences, -1 to 1"
            counts = np.column_stack([column.to_numpy(float), one])
            yield _figure(counts, _ratio, analysis="sentiment", measure=measure, unit=unit, **labels)
    narrated = (table.voice == "narration").to_numpy(float)
    valence = table.valence.to_numpy(float)
    counts = np.column_stack([valence * narrated, narrated, valence * (1 - narrated), 1 - narrated])
    yield _figure(
        counts,
        lambda sums: sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3],
        analysis="sentiment",
        measure="valence_narration_minus_quotation",
        unit="difference of means",
    )


def _quotations(document: Document) -> Iterator[Row]:
    spoken = quotations(document)
    spoken = spoken[spoken.kind != "scare"]
    direct = spoken[spoken.kind.isin(["direct", "mixed"])]
    total, quoted, reported = (_words(document, spans) for spans in (None, direct, spoken))
    first = spoken.drop_duplicates("quotation")
    pieces = _starts(document, first)
    shares = {
        "quoted_share": (quoted, total, "share of words"),
        "reported_share": (reported, total, "share of words"),
        "quotations_per_1000_words": (1000 * pieces, total, "per 1,000 words"),
        "words_per_quotation": (reported, pieces, "words"),
    }
    for measure, (top, bottom, unit) in shares.items():
        counts = np.column_stack([top, bottom])
        yield _figure(counts, _ratio, analysis="quotations", measure=measure, unit=unit)
    speakers = first.speaker_entity[first.speaker_entity != ""]
    yield {"analysis": "quotations", "measure": "speakers", "n": len(first), "unit": "speakers"} | {
        "value": speakers.nunique()
    }
    for speaker in sorted(speakers.unique()):
        theirs = _words(document, spoken[spoken.speaker_entity == speaker])
        labels = {"voice": "quotation", "speaker": speaker, "unit": "share of reported words"}
        counts = np.column_stack([theirs, reported])
        yield _figure(counts, _ratio, analysis="quotations", measure="share_of_voice", **labels)


def _entities(document: Document) -> Iterator[Row]:
    found = entities(document)
    mentions, total = _starts(document, found), _words(document, None)
    counts = np.column_stack([1000 * mentions, total])
    labels = {"analysis": "entities"}
    yield _figure(counts, _ratio, measure="mentions_per_1000_words", unit="per 1,000 words", **labels)
    shares = found.entity.value_counts(normalize=True)
    for measure, value in {"distinct_entities": len(shares), "concentration": float((shares**2).sum())}.items():
        unit = "entities" if measure == "distinct_entities" else "Herfindahl index, 0 to 1"
        yield {**labels, "measure": measure, "value": value, "n": len(found), "unit": unit}
    for column, measure in (("type", "type_share"), ("entity", "mention_share")):
        for name, rows in found.groupby(column):
            counts = np.column_stack([_starts(document, rows), mentions])
            yield _figure(counts, _ratio, measure=f"{measure}[{name}]", unit="share of mentions", **labels)


def _words(document: Document, spans: pd.DataFrame | None) -> Floats:
    """Words a paragraph, of the whole text or of those inside `spans`."""
    starts = np.array([match.start() for match in re.finditer(r"\w+(?:[-'’.]\w+)*", document.text)], dtype=int)
    if spans is not None:
        inside = np.zeros(len(document.text) + 1, dtype=bool)
        for start, end in zip(spans.start, spans.end, strict=True):
            inside[start:end] = True
        starts = starts[inside[starts]]
    return _by_paragraph(document, starts)


def _starts(document: Document, spans: pd.DataFrame) -> Floats:
    """How many of `spans` begin in each paragraph."""
    return _by_paragraph(document, spans.start.to_numpy(dtype=int))


def _by_paragraph(document: Document, positions: NDArray[np.int_]) -> Floats:
    ends = np.array([end for _, end in paragraphs(document.text)], dtype=int)
    return np.bincount(np.searchsorted(ends, positions, side="right"), minlength=len(ends))[: len(ends)].astype(float)
