"""The tidy table of figures: the analyses' evidence summed up, each figure with its interval."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.entities.table import entities
from workbench.analyses.quotations import GENDERS, VOICES, direct_speech, quotations, sources
from workbench.analyses.readability import READABILITY_COLUMNS, counts, scored
from workbench.analyses.sentiment import entity_sentiment, sentiment
from workbench.documents import Document
from workbench.language import paragraphs, per_document
from workbench.measurement.definitions import COLUMNS
from workbench.statistics import FEW, Floats, interval, welch

NEUTRAL = 0.05  # a valence nearer to nought than this is neutral, as VADER's authors have it for `compound`
COUNTED = ["speakers", "entities", "Herfindahl index, 0 to 1", "share of the text before it"]  # without intervals
SCALES = {"share of sentences": "items", "per 1,000 words": "rate", "words": "rate"}  # of `interval`, by unit
Row = dict[str, object]


@per_document
def measures(document: Document) -> pd.DataFrame:
    """Every figure about `document`, a row each, with columns as `COLUMNS`.

    `low` and `high` bound the 95 % interval from leaving out each of `n` sentences (readability, sentiment), paragraphs
    (quotations, entities) or mentions (tone towards an entity) that have something to count. `voice` is all, narration,
    reported or quotation; a figure about one speaker names them in `speaker`. The `n` of a difference is the smaller
    group's. A measure of one entity or type names it in brackets: `mention_share[NATO]`. Where there is no interval
    because there are fewer than five units, or all of them agree, `note` says so.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee. It rained.")
    >>> wb.measures(doc).query("measure == 'quoted_share'")[["value", "n", "unit"]].values.tolist()
    [[0.2857142857142857, 1, 'share of words']]
    """
    summaries = {"readability": _readability, "sentiment": _sentiment, "quotations": _quotations, "entities": _entities}
    rows = ({"analysis": name, **row} for name, summary in summaries.items() for row in summary(document))
    return tidy(document, rows)


def tidy(document: Document, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """The rows with columns as `COLUMNS`; where there is no interval the note says why."""
    bare = {"document": document.name, "voice": "all", "speaker": "", "low": np.nan, "high": np.nan, "note": ""}
    table = pd.DataFrame([{**bare, **row} for row in rows], columns=COLUMNS)
    table = table.astype({"value": float, "low": float, "high": float, "n": int})
    single = table.note.str.startswith("all in one")
    without = table.low.isna() & table.value.notna() & (single | (table.note == "")) & ~table.unit.isin(COUNTED)
    alike = "all " + table.n.astype(str) + " agree, which does not tell how far others would: no interval"
    why = alike.where(table.n >= FEW, f"from fewer than {FEW}: no interval")
    return table.assign(note=table.note.mask(without, why.mask(single, table.note + "; " + why)))


def ratios(
    tops: Sequence[Floats], bottoms: Sequence[Floats], labels: Sequence[Mapping[str, object]], of: str = "paragraph"
) -> Iterator[Row]:
    """A row for each of `labels`: the sum of its top over that of its bottom, counts a unit, and its interval.

    The note of a share or rate says where all that its top counts is in one of several units (`of`).
    """
    if not labels:
        return
    counts = np.column_stack([*tops, *bottoms])
    with np.errstate(divide="ignore", invalid="ignore"):
        values = counts[:, : len(labels)].sum(axis=0) / counts[:, len(labels) :].sum(axis=0)
    units = (counts[:, len(labels) :] > 0).sum(axis=0)
    scales = [SCALES.get(unit := str(label["unit"]), unit.split()[0]) for label in labels]
    bounds = interval(counts, lambda sums: sums[:, : len(labels)] / sums[:, len(labels) :], scales, units)
    single = ((counts[:, : len(labels)] != 0).sum(axis=0) == 1) & (len(counts) > 1)
    for label, value, low, high, number, one in zip(labels, values, *bounds, units, single, strict=True):
        note = f"all in one {of}" if one and str(label["unit"]).startswith(("share", "per")) else ""
        yield {"value": value, "low": low, "high": high, "n": number, "note": note, **label}


def _readability(document: Document) -> Iterator[Row]:
    table = counts(document)
    sentences = table[(table.kind == "sentence") & (table.speaker != "")].groupby(["voice", "speaker"]).size()
    groups: list[tuple[str, str | None]] = [(voice, None) for voice in ("all", *VOICES)]
    groups += list(sentences.index[sentences >= FEW])
    for voice, speaker in groups:
        columns = dict(zip(READABILITY_COLUMNS, scored(document, voice, speaker), strict=True))
        del columns["words"]
        columns["value"], columns["n"] = columns.pop("score"), columns.pop("sentences")
        for row in zip(*columns.values(), strict=True):
            yield {"voice": voice, "speaker": speaker or "", **dict(zip(columns, row, strict=True))}


def _sentiment(document: Document) -> Iterator[Row]:
    table = sentiment(document)
    valence = table.valence.to_numpy(float)
    of_voice = {voice: (table.voice == voice).to_numpy(bool) for voice in VOICES}
    columns = {
        "valence": (valence, "mean over sentences, -1 to 1"),
        "vader_compound": (table.compound.to_numpy(float), "mean over sentences, -1 to 1"),
        "positive_share": (valence > NEUTRAL, "share of sentences"),
        "neutral_share": (np.abs(valence) <= NEUTRAL, "share of sentences"),
        "negative_share": (valence < -NEUTRAL, "share of sentences"),
    }
    each = np.array([column for column, _ in columns.values()], dtype=float)
    groups = [({"voice": "all"}, np.ones(len(table), dtype=bool))]
    groups += [({"voice": voice}, kept) for voice, kept in of_voice.items()]
    for (voice, speaker), rows in table[table.speaker != ""].groupby(["voice", "speaker"]):
        groups.append(({"voice": voice, "speaker": speaker}, table.index.isin(rows.index)))
    for labels, kept in groups:
        named = [{"measure": measure, "unit": unit, **labels} for measure, (_, unit) in columns.items()]
        yield from ratios([*each[:, kept]], [np.ones(kept.sum())] * len(each), named, "sentence")
    yield _difference(valence[of_voice["narration"]], valence[of_voice["quotation"]])
    towards = entity_sentiment(document)
    for entity, scores in towards.score.groupby(towards.entity):
        if len(scores) > 1:
            label = {"measure": f"tone_towards[{entity}]", "unit": "mean over mentions, -1 to 1"}
            yield from ratios([scores.to_numpy(float)], [np.ones(len(scores))], [label])


def _difference(told: Floats, quoted: Floats) -> Row:
    """The narration's mean tone less the quoted speech's; what is reported is neither's own words."""
    value, low, high = welch(quoted, told)
    labels = {"measure": "valence_narration_minus_quotation", "unit": "difference of means"}
    return {"value": value, "low": low, "high": high, "n": min(len(told), len(quoted)), **labels}


def _quotations(document: Document) -> Iterator[Row]:
    spoken = quotations(document)
    spoken = spoken[spoken.kind != "scare"]
    total, told, reported, quoted = words_by_voice(document)
    others = reported + quoted
    first = spoken.drop_duplicates("quotation")
    pieces = starts(document, first)
    unattributed = starts(document, first[first.speaker_entity == ""])
    whose = sources(document)
    anonymous = starts(document, first[first.quotation.isin(whose.quotation[whose.source == "anonymous"])])
    speakers = sorted(set(first.speaker_entity) - {""})
    yield from _by_gender(document, spoken, whose)
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
    tops = [quoted, reported, told, 1000 * pieces, others, anonymous, unattributed, *theirs]
    bottoms = [total, total, total, total, pieces, pieces, pieces, *([others] * len(speakers))]
    if len(speakers) > 1:
        one, two = sorted(range(len(speakers)), key=lambda place: -theirs[place].sum())[:2]
        lead = {"measure": "lead_of_voice", "unit": "share of the words of two speakers"}
        labels.append({**lead, "speaker": speakers[one]})
        tops.append(theirs[one])
        bottoms.append(theirs[one] + theirs[two])
    yield from ratios(tops, bottoms, labels)
    yield {"measure": "speakers", "value": len(speakers), "n": len(first), "unit": "speakers"}
    named = first.speaker_entity[first.speaker_entity != ""]
    yield {"measure": "speakers_in_5_quotations", "value": rarefied(named, 5), "n": len(named), "unit": "speakers"}


def _by_gender(document: Document, spoken: pd.DataFrame, whose: pd.DataFrame) -> Iterator[Row]:
    """What people of each gender say, as shares of all that people say, and how many of them there are."""
    people = [whose[whose.gender == gender] for gender in GENDERS]
    said = [_words(document, spoken[spoken.quotation.isin(those.quotation)]) for those in people]
    labels = [{"measure": f"gender_share[{gender}]", "unit": "share of what people say"} for gender in GENDERS]
    yield from ratios(said, [np.sum(said, axis=0)] * len(said), labels)
    for gender, those in zip(GENDERS, people, strict=True):
        many = those.speaker_entity.where(those.speaker_entity != "", those.speaker).nunique()
        yield {"measure": f"sources_by_gender[{gender}]", "value": many, "n": len(those), "unit": "speakers"}


def _entities(document: Document) -> Iterator[Row]:
    found = entities(document)
    mentions = starts(document, found)
    of_voice = [starts(document, found[found.voice == voice]) for voice in VOICES]
    label = {"measure": "mentions_per_1000_words", "unit": "per 1,000 words"}
    labels = [{**label, "voice": voice} for voice in ("all", *VOICES)]
    yield from ratios([1000 * count for count in (mentions, *of_voice)], words_by_voice(document), labels)
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
        counts = np.zeros((len(names), len(mentions)))
        np.add.at(counts, (codes, paragraph), 1)
        labels = [{"measure": f"{measure}[{name}]", "unit": "share of mentions"} for name in names]
        yield from ratios([*counts], [mentions] * len(names), labels)


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


def words_by_voice(document: Document) -> list[Floats]:
    """Words a paragraph: all, and those of each of `VOICES`."""
    spoken = quotations(document)
    total, quoted = _words(document, None), _words(document, direct_speech(document))
    others = _words(document, spoken[spoken.kind != "scare"])
    return [total, total - others, others - quoted, quoted]


def starts(document: Document, spans: pd.DataFrame, weights: Floats | None = None) -> Floats:
    """How many of `spans` begin in each paragraph, or the sum of their weights."""
    return _by_paragraph(document, spans.start.to_numpy(dtype=int), weights)


def _by_paragraph(document: Document, positions: NDArray[np.int_], weights: Floats | None = None) -> Floats:
    return np.bincount(_paragraph(document, positions), weights, len(_paragraph_ends(document))).astype(float)


def _paragraph(document: Document, positions: NDArray[np.int_]) -> NDArray[np.int_]:
    """The number of the paragraph in which each of the positions lies."""
    return np.searchsorted(_paragraph_ends(document), positions, side="right")


@per_document
def _paragraph_ends(document: Document) -> NDArray[np.int_]:
    return np.array([end for _, end in paragraphs(document.text)], dtype=int)


@per_document
def _word_starts(document: Document) -> NDArray[np.int_]:
    return np.array([match.start() for match in re.finditer(r"\w+(?:[-'’.]\w+)*", document.text)], dtype=int)
