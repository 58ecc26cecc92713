"""The tidy table of figures: the analyses' evidence summed up, each figure with its interval."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import VOICES, direct_speech, quotations, sentence_voices, sources, voices
from workbench.analyses.readability import scored, sentence_counts
from workbench.analyses.sentiment import entity_sentiment, vader, valences
from workbench.documents import Document
from workbench.language import paragraphs, per_document, sentence_spans
from workbench.measurement.definitions import ANALYSES, COLUMNS, DIFFERENCE, Asked
from workbench.statistics import FEW, Floats, interval, welch

NEUTRAL = 0.05  # a valence nearer to nought than this is neutral, as VADER's authors have it for `compound`
COUNTED = ["speakers", "entities", "Herfindahl index, 0 to 1", "share of the text before it"]  # without intervals
SCALES = {"share of sentences": "items", "per 1,000 words": "rate", "words": "rate"}  # of `interval`, by unit
KINDS = {"value": "float64", "low": "float64", "high": "float64", "n": "int64"}  # of columns that are no text
RATED = {*ANALYSES["sentiment"]} - {"vader_compound", "tone_towards"}  # what is made of the sentences' valence
Row = dict[str, Any]


@per_document
def measures(document: Document, only: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Every figure about `document`, a row each, with columns as `COLUMNS`.

    `low` and `high` bound the 95 % interval from leaving out each of `n` sentences (readability, sentiment), paragraphs
    (quotations, entities) or mentions (tone towards an entity) that have something to count. `voice` is all, narration,
    reported or quotation; a figure about one speaker names them in `speaker`. The `n` of a difference is the smaller
    group's. A measure of one entity or type names it in brackets: `mention_share[NATO]`. Where there is no interval
    because there are fewer than five units, or all of them agree, `note` says so.

    `only` names what is wanted, and no more work is done than that needs: analyses, measures (without brackets) and
    voices. Without a voice the figures are of the text as a whole; formulas and VADER then need no parse. Raises
    ValueError with the nearest name for one that is not known.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee. It rained.")
    >>> wb.measures(doc).query("measure == 'quoted_share'")[["value", "n", "unit"]].values.tolist()
    [[0.2857142857142857, 1, 'share of words']]
    >>> wb.measures(doc, only=["lix", "rix"])[["measure", "voice", "value"]].values.tolist()
    [['lix', 'all', 3.5], ['rix', 'all', 0.0]]
    """
    return tidy(figures(document, Asked.of(only)))


def figures(document: Document, asked: Asked) -> list[Row]:
    """The rows of `measures` that are asked for."""
    summaries = {"readability": _readability, "sentiment": _sentiment, "quotations": _quotations, "entities": _entities}
    bare = {"document": document.name, "voice": "all", "speaker": "", "low": np.nan, "high": np.nan, "note": ""}
    wanted = [(bare | {"analysis": name}, rows) for name, rows in summaries.items() if asked.any(name)]
    found = [{**labels, **row} for labels, rows in wanted for row in rows(document, asked)]
    return [row for row in found if asked.has(str(row["measure"]), str(row["voice"]))]


def tidy(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as a table with columns as `COLUMNS`; where there is no interval the note says why."""
    columns = {column: [row[column] for row in rows] for column in COLUMNS}
    for place, row in enumerate(rows):
        if isnan(row["low"]) and not (row["note"] or isnan(row["value"]) or row["unit"] in COUNTED):
            few, alike = f"from fewer than {FEW}", f"all {row['n']} agree, which does not tell how far others would"
            columns["note"][place] = f"{alike if row['n'] >= FEW else few}: no interval"
    return pd.DataFrame({column: pd.array(columns[column], KINDS.get(column, "str")) for column in COLUMNS})


def _ratios(tops: Sequence[Floats], bottoms: Sequence[Floats], labels: Sequence[Mapping[str, object]]) -> Iterator[Row]:
    """A row for each of `labels`: the sum of its top over that of its bottom, counts a unit, and its interval."""
    if not labels:
        return
    counts = np.column_stack([*tops, *bottoms])
    with np.errstate(divide="ignore", invalid="ignore"):
        values = counts[:, : len(labels)].sum(axis=0) / counts[:, len(labels) :].sum(axis=0)
    units = (counts[:, len(labels) :] > 0).sum(axis=0)
    scales = [SCALES.get(unit := str(label["unit"]), unit.split()[0]) for label in labels]
    bounds = interval(counts, lambda sums: sums[:, : len(labels)] / sums[:, len(labels) :], scales, units)
    for label, value, low, high, number in zip(labels, values, *bounds, units, strict=True):
        yield {"value": value, "low": low, "high": high, "n": number, **label}


def _readability(document: Document, asked: Asked) -> Iterator[Row]:
    groups: list[tuple[str, str | None]] = [(voice, None) for voice in ("all", *VOICES) if voice in asked.voices]
    if asked.any("readability", *VOICES):
        told = sentence_voices(document)[sentence_counts(document)[1]]
        spoken = Counter(zip(told["voice"], told["speaker"], strict=True))
        groups += sorted(group for group, sentences in spoken.items() if group[1] and sentences >= FEW)
    for voice, speaker in groups:
        names, *columns = scored(document, voice, speaker, asked.has("estimated_difficulty", voice))
        for measure, value, low, high, unit, sentences, _, note in zip(names, *columns, strict=True):
            numbers = {"value": value, "low": low, "high": high, "n": sentences}
            yield {"measure": measure, "voice": voice, "speaker": speaker or "", "unit": unit, "note": note, **numbers}


def _sentiment(document: Document, asked: Asked) -> Iterator[Row]:
    none = np.zeros(len(sentence_spans(document)))  # in place of what is not asked for
    valence = none if asked.measures.isdisjoint(RATED) else valences(document)[0]
    compound = vader(document)[:, 0] if "vader_compound" in asked.measures else none
    columns = {
        "valence": (valence, "mean over sentences, -1 to 1"),
        "vader_compound": (compound, "mean over sentences, -1 to 1"),
        "positive_share": (valence > NEUTRAL, "share of sentences"),
        "neutral_share": (np.abs(valence) <= NEUTRAL, "share of sentences"),
        "negative_share": (valence < -NEUTRAL, "share of sentences"),
    }
    each = np.array([column for column, _ in columns.values()], dtype=float)
    groups = [({"voice": "all"}, none == 0)]
    if asked.any("sentiment", *VOICES) or asked.has(DIFFERENCE):
        told = sentence_voices(document)
        voice, speaker = told["voice"].to_numpy(object), told["speaker"].to_numpy(object)
        groups += [({"voice": name}, voice == name) for name in VOICES]
        for pair in sorted({*zip(voice[speaker != ""], speaker[speaker != ""], strict=True)}):
            groups.append(({"voice": pair[0], "speaker": pair[1]}, (voice == pair[0]) & (speaker == pair[1])))
    for labels, kept in groups:
        named = [{"measure": measure, "unit": unit, **labels} for measure, (_, unit) in columns.items()]
        yield from _ratios([*each[:, kept]], [np.ones(kept.sum())] * len(each), named)
    if asked.has(DIFFERENCE):
        yield _difference(valence[voice == "narration"], valence[voice == "quotation"])
    if asked.has("tone_towards"):
        towards = entity_sentiment(document)
        for entity, scores in towards.score.groupby(towards.entity):
            if len(scores) > 1:
                label = {"measure": f"tone_towards[{entity}]", "unit": "mean over mentions, -1 to 1"}
                yield from _ratios([scores.to_numpy(float)], [np.ones(len(scores))], [label])


def _difference(told: Floats, quoted: Floats) -> Row:
    """The narration's mean tone less the quoted speech's; what is reported is neither's own words."""
    value, low, high = welch(quoted, told)
    labels = {"measure": "valence_narration_minus_quotation", "unit": "difference of means"}
    return {"value": value, "low": low, "high": high, "n": min(len(told), len(quoted)), **labels}


def _quotations(document: Document, asked: Asked) -> Iterator[Row]:
    if "all" not in asked.voices:
        return
    spoken = quotations(document)
    spoken = spoken[spoken.kind != "scare"]
    total, quoted, others = (_words(document, spans) for spans in (None, direct_speech(document), spoken))
    first = spoken.drop_duplicates("quotation")
    pieces = _starts(document, first)
    unattributed = _starts(document, first[first.speaker_entity == ""])
    whose = sources(document)
    anonymous = _starts(document, first[first.quotation.isin(whose.quotation[whose.source == "anonymous"])])
    speakers = sorted(set(first.speaker_entity) - {""})
    theirs = [_words(document, spoken[spoken.speaker_entity == speaker]) for speaker in speakers]
    labels: list[Mapping[str, object]] = [
        {"measure": "quoted_share", "unit": "share of words"},
        {"measure": "reported_share", "unit": "share of words"},
        {"measure": "narration_share", "unit": "share of words"},
        {"measure": "quotations_per_1000_words", "unit": "per 1,000 words"},
        {"measure": "words_per_quotation", "unit": "words"},
        {"measure": "anonymous_share", "unit": "share of quotations"},
        {"measure": "unattributed_share", "unit": "share of quotations"},
    ]
    voice = {"measure": "share_of_voice", "unit": "share of quoted and reported words"}
    labels += [{**voice, "speaker": speaker} for speaker in speakers]
    tops = [quoted, others - quoted, total - others, 1000 * pieces, others, anonymous, unattributed, *theirs]
    bottoms = [total, total, total, total, pieces, pieces, pieces, *([others] * len(speakers))]
    if len(speakers) > 1:
        one, two = sorted(range(len(speakers)), key=lambda place: -theirs[place].sum())[:2]
        lead = {"measure": "lead_of_voice", "unit": "share of the words of two speakers"}
        labels.append({**lead, "speaker": speakers[one]})
        tops.append(theirs[one])
        bottoms.append(theirs[one] + theirs[two])
    yield from _ratios(tops, bottoms, labels)
    yield {"measure": "speakers", "value": len(speakers), "n": len(first), "unit": "speakers"}
    named = first.speaker_entity[first.speaker_entity != ""]
    yield {"measure": "speakers_in_5_quotations", "value": rarefied(named, 5), "n": len(named), "unit": "speakers"}


def _entities(document: Document, asked: Asked) -> Iterator[Row]:
    found = mentions(document)
    each, total = _starts(document, found), _words(document, None)
    names, words = [each], [total]
    if asked.any("entities", *VOICES):
        told, quoted, spoken = voices(document, found)["voice"], direct_speech(document), quotations(document)
        others, quoted = _words(document, spoken[spoken.kind != "scare"]), _words(document, quoted)
        names += [_starts(document, found[told == voice]) for voice in VOICES]
        words += [total - others, others - quoted, quoted]
    else:
        names, words = names * 4, words * 4
    labels = [{"measure": "mentions_per_1000_words", "unit": "per 1,000 words", "voice": v} for v in ("all", *VOICES)]
    yield from _ratios([1000 * count for count in names], words, labels)
    for entity, start in found.groupby("entity").start.min().items():
        place = start / max(len(document.text), 1)
        yield {"measure": f"first_position[{entity}]", "value": place, "n": 1, "unit": "share of the text before it"}
    yield {"measure": "distinct_entities", "value": found.entity.nunique(), "n": len(found), "unit": "entities"}
    counts = found.entity.value_counts().to_numpy()
    pairs = len(found) * (len(found) - 1)
    concentration = (counts * (counts - 1)).sum() / pairs if pairs else np.nan
    yield {"measure": "concentration", "value": concentration, "n": len(found), "unit": "Herfindahl index, 0 to 1"}
    different = rarefied(found.entity, 10)
    yield {"measure": "entities_in_10_mentions", "value": different, "n": len(found), "unit": "entities"}
    paragraph = _paragraph(document, found.start.to_numpy(dtype=int))
    for column, measure in (("type", "type_share"), ("entity", "mention_share")):
        codes, names = pd.factorize(found[column], sort=True)
        counts = np.zeros((len(names), len(each)))
        np.add.at(counts, (codes, paragraph), 1)
        labels = [{"measure": f"{measure}[{name}]", "unit": "share of mentions"} for name in names]
        yield from _ratios([*counts], [each] * len(names), labels)


def rarefied(names: pd.Series, drawn: int) -> float:
    """How many different names `drawn` of these would have on average (Hurlbert 1971); NaN where there are fewer.

    Unlike the number of different names it does not grow with the length of the text.
    """
    counts, left = names.value_counts().to_numpy(float), np.arange(drawn)
    if len(names) < drawn:
        return float("nan")
    none = ((len(names) - counts[:, None] - left).clip(min=0) / (len(names) - left)).prod(axis=1)
    return float((1 - none).sum())


def _words(document: Document, spans: pd.DataFrame | None) -> Floats:
    """Words a paragraph, of the whole text or of those inside `spans`."""
    starts = _word_starts(document)
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
    return np.bincount(_paragraph(document, positions), minlength=len(_paragraph_ends(document))).astype(float)


def _paragraph(document: Document, positions: NDArray[np.int_]) -> NDArray[np.int_]:
    """The number of the paragraph in which each of the positions lies."""
    return np.searchsorted(_paragraph_ends(document), positions, side="right")


@per_document
def _paragraph_ends(document: Document) -> NDArray[np.int_]:
    return np.array([end for _, end in paragraphs(document.text)], dtype=int)


@per_document
def _word_starts(document: Document) -> NDArray[np.int_]:
    return np.array([match.start() for match in re.finditer(r"\w+(?:[-'’.]\w+)*", document.text)], dtype=int)
