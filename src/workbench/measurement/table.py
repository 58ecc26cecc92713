"""The tidy table of figures: the analyses' evidence summed up, each figure with its interval."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import GENDERS, VOICES, quotations, sources
from workbench.analyses.readability import scored, sentence_counts, told_apart
from workbench.analyses.sentiment import entity_sentiment, vader_scores, valences
from workbench.documents import Document
from workbench.language import per_document, sentence_spans
from workbench.measurement.definitions import COLUMNS, COUNTED, DIFFERENCE, RATED, TOWARDS, Asked
from workbench.measurement.lists import Lists, list_rows
from workbench.measurement.ratios import Row, by_voice, paragraph, ratios, starts, words, words_by_voice
from workbench.statistics import FEW, Floats, welch

NEUTRAL = 0.05  # a valence nearer to nought than this is neutral, as VADER's authors have it for `compound`
KINDS = {"value": "float64", "low": "float64", "high": "float64", "n": "int64"}  # of columns that are no text
Spans = Sequence[tuple[int, int, int]]  # the number of a quotation, and where a piece of it starts and ends


@per_document
def measures(
    document: Document, only: str | Iterable[str] | None = None, lists: str | Path | Lists | None = None
) -> pd.DataFrame:
    """Every figure about `document`, a row each, with columns as `COLUMNS`.

    `low` and `high` bound the 95 % interval from leaving out each of `n` sentences (readability, sentiment), paragraphs
    (quotations, entities) or mentions (tone towards an entity) that have something to count. `voice` is all, narration,
    reported or quotation; a figure about one speaker names them in `speaker`. The `n` of a difference is the smaller
    group's. A measure of one entity or type names it in brackets: `mention_share[NATO]`. Where there is no interval
    because there are fewer than five units, all agree, or a share is all in one paragraph, `note` says so.

    `only` names what is wanted, and no more work is done than that needs: analyses, measures (without brackets) and
    voices. Without a voice the figures are of the text as a whole; readability and sentiment then need no parse. The
    tone towards names is asked for by its own name, or with both `sentiment` and `entities`. Raises ValueError with the
    nearest name for one that is not known, or with all where none is near.

    `lists`, as `word_lists` reads or gives them, are counted too: `list_share[name]`, words and phrases on the list /
    words, and, of a list with weights, `list_weight[name]`, the mean weight of those found.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee. It rained.")
    >>> wb.measures(doc).query("measure == 'quoted_share'")[["value", "n", "unit"]].values.tolist()
    [[0.2857142857142857, 1, 'share of words']]
    >>> wb.measures(doc, only=["lix", "rix"])[["measure", "voice", "value"]].values.tolist()
    [['lix', 'all', 3.5], ['rix', 'all', 0.0]]
    >>> wb.measures(doc, "words", {"victory": {"won": 1, "win*": 1}})[["measure", "value"]].values.tolist()
    [['list_share[victory]', 0.14285714285714285]]
    """
    return tidy(figures(document, Asked.of(only, lists)))


def figures(document: Document, asked: Asked) -> list[Row]:
    """The rows of `measures` that are asked for."""
    summaries = {"readability": _readability, "sentiment": _sentiment, "quotations": _quotations, "entities": _entities}
    bare = {"document": document.name, "voice": "all", "speaker": "", "low": np.nan, "high": np.nan, "note": ""}
    wanted = [(bare | {"analysis": name}, rows) for name, rows in summaries.items() if asked.any(name)]
    found = [{**labels, **row} for labels, rows in wanted for row in rows(document, asked)]
    if asked.lists and asked.any("words"):
        found += [{**bare, **row} for row in list_rows(document, asked.lists, asked.any("words", *VOICES))]
    return [row for row in found if asked.has(str(row["measure"]), str(row["voice"]))]


def tidy(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as a table with columns as `COLUMNS`; where there is no interval the note says why."""
    columns = {column: [row[column] for row in rows] for column in COLUMNS}
    for place, row in enumerate(rows):
        single = row["note"].startswith("all in one ")
        unsaid = single or not row["note"]
        if unsaid and isnan(row["low"]) and not (isnan(row["value"]) or row["unit"] in COUNTED):
            why = f"all {row['n']} agree, which does not tell how far others would" if row["n"] >= FEW else ""
            why = row["note"] if single else why or f"from fewer than {FEW}"
            columns["note"][place] = f"{why}: no interval"
    return pd.DataFrame({column: pd.array(columns[column], KINDS.get(column, "str")) for column in COLUMNS})


def _readability(document: Document, asked: Asked) -> Iterator[Row]:
    groups: list[tuple[str, str | None]] = [(voice, None) for voice in ("all", *VOICES) if voice in asked.voices]
    if asked.any("readability", *VOICES):
        is_sentence = sentence_counts(document)[1]
        spoken = Counter(zip(*(column[is_sentence].tolist() for column in told_apart(document)), strict=True))
        groups += sorted(group for group, sentences in spoken.items() if group[1] and sentences >= FEW)
    for voice, speaker in groups:
        varied = not asked.measures.isdisjoint(["mtld", "mattr"])
        names, *columns = scored(document, voice, speaker, asked.has("estimated_difficulty", voice), varied)
        for measure, value, low, high, unit, sentences, _, note in zip(names, *columns, strict=True):
            numbers = {"value": value, "low": low, "high": high, "n": sentences}
            yield {"measure": measure, "voice": voice, "speaker": speaker or "", "unit": unit, "note": note, **numbers}


def _sentiment(document: Document, asked: Asked) -> Iterator[Row]:
    none = np.zeros(len(sentence_spans(document)))  # in place of what is not asked for
    valence = none if asked.measures.isdisjoint(RATED) else valences(document)[0]
    compound = vader_scores(document)[:, 0] if "vader_compound" in asked.measures else none
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
        voice, speaker = told_apart(document)
        groups += [({"voice": name}, voice == name) for name in VOICES]
        for pair in sorted({*zip(voice[speaker != ""], speaker[speaker != ""], strict=True)}):
            groups.append(({"voice": pair[0], "speaker": pair[1]}, (voice == pair[0]) & (speaker == pair[1])))
    for labels, kept in groups:
        named = [{"measure": measure, "unit": unit, **labels} for measure, (_, unit) in columns.items()]
        yield from ratios([*each[:, kept]], [np.ones(kept.sum())] * len(each), named, "sentence")
    if asked.has(DIFFERENCE):
        told, quoted = valence[voice == "narration"], valence[voice == "quotation"]  # reported words are neither's own
        value, low, high = welch(quoted, told)
        numbers = {"value": value, "low": low, "high": high, "n": min(len(told), len(quoted))}
        yield {"measure": DIFFERENCE, "unit": "difference of means", **numbers}
    if asked.has(TOWARDS):
        towards = entity_sentiment(document)
        scores, entity = towards["score"].to_numpy(), towards["entity"].to_numpy(object)
        for name in sorted({*entity}):
            if len(some := scores[entity == name]) > 1:
                label = {"measure": f"{TOWARDS}[{name}]", "unit": "mean over mentions, -1 to 1"}
                yield from ratios([some], [np.ones(len(some))], [label])


def _quotations(document: Document, asked: Asked) -> Iterator[Row]:
    if "all" not in asked.voices:
        return
    table, whose = quotations(document), {name: column.to_numpy(object) for name, column in sources(document).items()}
    kept = table["kind"].to_numpy(object) != "scare"
    number, start, end = (table[name].to_numpy()[kept] for name in ("quotation", "start", "end"))
    spans = [*zip(number.tolist(), start.tolist(), end.tolist(), strict=True)]
    total, told, reported, quoted = words_by_voice(document)
    others = reported + quoted
    first, entity = start[np.unique(number, return_index=True)[1]], whose["speaker_entity"]  # a quotation each
    pieces, anonymous, unattributed = (
        starts(document, first[some]) for some in (entity == entity, whose["source"] == "anonymous", entity == "")
    )
    speakers = sorted({*entity} - {""})
    yield from _by_gender(document, spans, whose)
    theirs = _words_of(document, spans, dict(zip(whose["quotation"], entity, strict=True)), speakers)
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
    named = [name for name in entity if name]
    yield {"measure": "speakers_in_5_quotations", "value": rarefied(named, 5), "n": len(named), "unit": "speakers"}


def _by_gender(document: Document, spans: Spans, whose: Mapping[str, NDArray[Any]]) -> Iterator[Row]:
    """What people of each gender say, as shares of all that people say, and how many of them there are."""
    said = _words_of(document, spans, dict(zip(whose["quotation"], whose["gender"], strict=True)), GENDERS)
    labels = [{"measure": f"gender_share[{gender}]", "unit": "share of what people say"} for gender in GENDERS]
    yield from ratios(said, [np.sum(said, axis=0)] * len(said), labels)
    named = np.where(whose["speaker_entity"] != "", whose["speaker_entity"], whose["speaker"])
    for gender in GENDERS:
        people = named[whose["gender"] == gender].tolist()
        label = {"measure": f"sources_by_gender[{gender}]", "unit": "speakers"}
        yield {"value": len({*people}), "n": len(people), **label}


def _words_of(document: Document, spans: Spans, group: Mapping[object, str], groups: Sequence[str]) -> list[Floats]:
    """Words a paragraph in the quotations of each of `groups`; `group` says to which a quotation belongs."""
    theirs: dict[str, list[tuple[int, int]]] = {name: [] for name in groups}
    for quotation, *span in spans:
        theirs.get(group.get(quotation, ""), []).append((span[0], span[1]))
    return [words(document, theirs[name]) for name in groups]


def _entities(document: Document, asked: Asked) -> Iterator[Row]:
    found, told = mentions(document), asked.any("entities", *VOICES)
    number, start, entity = len(found), found["start"].to_numpy(dtype=int), found["entity"].to_numpy(object)
    each, *others = by_voice(document, found, None, told)
    label = {"measure": "mentions_per_1000_words", "unit": "per 1,000 words"}
    total = words_by_voice(document) if told else [words(document)]
    labels = [{**label, "voice": voice} for voice, _ in zip(("all", *VOICES), total, strict=False)]
    yield from ratios([1000 * some for some in (each, *others)], total, labels)
    names, codes, times = np.unique(entity, return_inverse=True, return_counts=True)
    for code, name in enumerate(names):
        place = start[codes == code].min() / max(len(document.text), 1)
        yield {"measure": f"first_position[{name}]", "value": place, "n": 1, "unit": "share of the text before it"}
    yield {"measure": "distinct_entities", "value": len(names), "n": number, "unit": "entities"}
    pairs = number * (number - 1)
    concentration = (times * (times - 1)).sum() / pairs if pairs else np.nan
    yield {"measure": "concentration", "value": concentration, "n": number, "unit": "Herfindahl index, 0 to 1"}
    different = rarefied(entity, 10)
    yield {"measure": "entities_in_10_mentions", "value": different, "n": number, "unit": "entities"}
    places = paragraph(document, start)
    for column, measure in (("type", "type_share"), ("entity", "mention_share")):
        names, codes = np.unique(found[column].to_numpy(object), return_inverse=True)
        counts = np.zeros((len(names), len(each)))
        np.add.at(counts, (codes, places), 1)
        labels = [{"measure": f"{measure}[{name}]", "unit": "share of mentions"} for name in names]
        yield from ratios([*counts], [each] * len(names), labels)


def rarefied(names: Collection[str], drawn: int) -> float:
    """How many different names `drawn` of these would have on average (Hurlbert 1971); NaN where there are fewer.

    Unlike the number of different names it does not grow with the length of the text.
    """
    counts, left = np.array([*Counter(names).values()], dtype=float), np.arange(drawn)
    if len(names) < drawn:
        return float("nan")
    none = ((len(names) - counts[:, None] - left).clip(min=0) / (len(names) - left)).prod(axis=1)
    return float((1 - none).sum())
