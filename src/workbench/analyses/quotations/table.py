"""Who says what, in whose words: every quotation with its speaker and cue, and which voice a stretch of text is in."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from workbench.analyses.quotations import marks
from workbench.analyses.quotations.attribution import LEAST, Attribution, chosen, kind
from workbench.analyses.quotations.gender import genders
from workbench.analyses.quotations.marks import Parse
from workbench.analyses.quotations.speakers import Speaker, resolved
from workbench.analyses.quotations.uncued import attributions, left_over, speech
from workbench.documents import Document, InputError
from workbench.language import per_document, sentence_spans, tokens

_RELATIVES = ("who", "which", "that")
_FOLLOWING = ("appos", "relcl", "acl", "advcl", "punct", "cc", "conj")
Voice = Literal["all", "narration", "reported", "quotation"]
VOICES = get_args(Voice)[1:]


def quotations(document: Document, least: float | None = None) -> pd.DataFrame:
    """A row a piece of quoted or reported speech, in the order of the text.

    `least` is the smallest confidence of indirect speech, 0 to 1: by default the one from which on at least 85 % of it
    is right on general news. What stands in marks and is less sure than that is scare, unless `least` is smaller.

    Columns: `quotation` (from 1; the pieces of one share it); `start`, `end`, `text` of the piece, marks included;
    `kind` of the whole quotation: direct (at least 90 % of its letters lie between quotation marks; a transcript's
    turn), mixed (some), indirect (none: a clause that is attributed to someone; a noun phrase is no quotation), or
    scare (between marks, but not speech: titles, terms, irony); `speaker` with `speaker_start`, `speaker_end` as the
    text names them there; `speaker_entity`, the name that the article supports for them; `cue`, the word that
    attributes, with `cue_start`, `cue_end`; `confidence`, the probability that this is a quotation, of these words but
    for few, 0 to 1. Where there is no speaker or cue the text is "" and the offsets are missing.

    Marks are paired within paragraphs; the parse yields candidates for what each cue attributes; models trained on
    PolNeAR (Newell, Margolin & Ruths 2018) say how likely each is, and those worth most together are taken; a last one,
    trained on general news as well, gives the confidence.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee of Oslo. It rained on Monday.")
    >>> wb.quotations(doc)[["text", "kind", "speaker_entity", "cue"]].values.tolist()
    [['“We won,”', 'direct', 'Ann Lee', 'said']]
    """
    return _spoken(document, least)[0].copy()


def sources(document: Document, least: float | None = None) -> pd.DataFrame:
    """Whose words the quotations are, and how that was found: a row a quotation, scare quotes apart.

    `least` as in `quotations`. Columns: `quotation` as there; `speaker` as named there; `speaker_entity`; `how` that
    name was found, in plain words; `source`: named (a person, organisation or place that the article names), anonymous
    (people whom it nowhere names: "officials", "a source", "critics", "an aide who asked not to be named"; the letters
    of an interview), impersonal (what is written or shown, and bodies called by their kind: "the report", "the
    government") or unknown (no speaker found, or a pronoun that could not be resolved); `gender` of a person, as far as
    the text tells: female, male, other or unknown, "" for what is no person; `gender_how`: by title, pronoun or first
    name.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee. “It was late,” officials said.")
    >>> wb.sources(doc)[["speaker", "source", "gender"]].values.tolist()
    [['Ann Lee', 'named', 'female'], ['officials', 'anonymous', 'other or unknown']]
    """
    table, speakers = _spoken(document, least)
    first = table[table["kind"] != "scare"].drop_duplicates("quotation").sort_values("quotation")
    columns = first[["quotation", "speaker", "speaker_entity"]].reset_index(drop=True)
    told = columns.assign(
        how=pd.array([speaker.how for speaker in speakers], dtype="str"),
        source=pd.array([speaker.source for speaker in speakers], dtype="str"),
    )
    return told.assign(**genders(document, told, told["source"]))


def voices(document: Document, spans: pd.DataFrame) -> pd.DataFrame:
    """For each row of `spans` (columns start, end): voice, one of `VOICES`, and speaker, with its index.

    The majority of a span's words decides. It is narration where at least half of them are the journalist's; else
    quotation where at least half of the rest are direct speech, and reported (indirect speech, what stands outside the
    marks in mixed) where they are not. The speaker is whose words, of both kinds, are most of the rest; "" in narration
    and where that is nobody known.
    """
    begins, speakers, speech, direct = _words(document)
    first, past = (np.searchsorted(begins, spans[column].to_numpy(dtype=np.int64)) for column in ("start", "end"))
    theirs, quoted = (np.cumsum([0, *(rows >= 0)]) for rows in (speech, direct))
    theirs, quoted = theirs[past] - theirs[first], quoted[past] - quoted[first]
    voice = np.select([2 * theirs <= past - first, 2 * quoted >= theirs], ["narration", "quotation"], "reported")
    speaker = [""] * len(spans)
    for span in np.flatnonzero(voice != "narration"):
        rows = speech[first[span] : past[span]]
        speaker[span] = Counter(speakers[rows[rows >= 0]]).most_common(1)[0][0]
    return pd.DataFrame({"voice": voice, "speaker": speaker}, index=spans.index, dtype="str")


@per_document
def sentence_voices(document: Document) -> pd.DataFrame:
    """`voices` of each sentence, by the rules of `sentences`."""
    spans = np.array(sentence_spans(document), dtype=np.int64).reshape(-1, 2)
    return voices(document, pd.DataFrame(spans, columns=["start", "end"]))


@per_document
def _words(document: Document) -> tuple[NDArray[Any], ...]:
    """Where each word begins, whose each piece of speech is, and in which piece each word is, and direct speech."""
    table = _quotations(document)[0]
    spoken = table[table["kind"] != "scare"]
    begins = np.array([match.start() for match in re.finditer(r"\w+", document.text)], dtype=np.int64)
    inside = (_rows_at(begins, stretches) for stretches in (spoken, direct_speech(document)))
    return begins, spoken["speaker_entity"].to_numpy(), *inside


def _rows_at(places: NDArray[np.int64], stretches: pd.DataFrame) -> NDArray[np.int64]:
    """Which of the stretches, in their order and without overlap, each place lies in: its row, -1 for none."""
    row = np.searchsorted(stretches["start"].to_numpy(), places, "right") - 1
    ends = np.array([*stretches["end"], -1], dtype=np.int64)
    return np.where(places < ends[row], row, -1)


@per_document
def _quotations(document: Document) -> tuple[pd.DataFrame, list[Speaker]]:
    """The table by default, and the speaker of each quotation in it that is no scare quote."""
    return _table(document, LEAST)


def _spoken(document: Document, least: float | None) -> tuple[pd.DataFrame, list[Speaker]]:
    """The table from `least` on, and the speakers."""
    if least is not None and not (isinstance(least, Real) and 0 <= least <= 1):
        raise InputError(f"least is the smallest confidence of indirect speech, from 0 to 1, not {least!r}")
    return _quotations(document) if least is None else _table(document, least)


@per_document
def _chosen(document: Document) -> tuple[Parse, list[Attribution]]:
    """What cues attribute, however unlikely."""
    p = Parse(tokens(document))
    return p, chosen(p)


def _table(document: Document, least: float) -> tuple[pd.DataFrame, list[Speaker]]:
    p, likely = _chosen(document)
    found = joined(p, attributions(p, likely, least))
    rows: list[tuple[Any, ...]] = []
    for attribution, speaker in zip(found, resolved(document, p, found), strict=True):
        spans = [(p.start[first], p.end[last]) for first, last in attribution.pieces]
        cue = (p.start[attribution.cue], p.end[attribution.cue]) if attribution.cue >= 0 else None
        rows.append((spans, kind(p, attribution), _speaker(p, attribution), speaker, cue, attribution.confidence))
    for number, taken in left_over(p, found):
        first, last = p.quotes[number]
        rows.append(([(p.start[first], p.end[last])], "scare", None, None, None, 1 - speech(p, number, taken)))
    rows.sort(key=lambda row: row[0])
    pieces = sorted((*span, number) for number, row in enumerate(rows) for span in row[0])
    _, kinds, who, speakers, cues, sure = (
        zip(*[rows[number] for *_, number in pieces], strict=True) if pieces else [()] * 6
    )
    text = document.text
    columns: dict[str, object] = {
        "quotation": np.array([number + 1 for *_, number in pieces], dtype=np.int64),
        "start": np.array([start for start, *_ in pieces], dtype=np.int64),
        "end": np.array([end for _, end, _ in pieces], dtype=np.int64),
        "text": _strings(text[start:end] for start, end, _ in pieces),
        "kind": _strings(kinds),
        **_places(text, "speaker", who),
        "speaker_entity": _strings(speaker.entity if speaker else "" for speaker in speakers),
        **_places(text, "cue", cues),
        "confidence": np.array(sure, dtype=float).round(3),
    }
    return pd.DataFrame(columns), [row[3] for row in rows if row[3]]


def joined(p: Parse, found: list[Attribution]) -> list[Attribution]:
    """Those found, as one where a quotation goes on in the next paragraph and no other cue is there."""
    owner = {p.quote[k]: n for n, a in enumerate(found) for piece in a.pieces for k in piece}
    whole = dict(enumerate(found))
    for first in sorted(p.unclosed - {number + 1 for number in p.unclosed}):
        past = next(number for number in count(first) if number not in p.unclosed) + 1
        parts = {owner[number]: whole[owner[number]] for number in range(first, past) if number in owner}
        if parts and sum(a.cue >= 0 for a in parts.values()) < 2:
            pieces = {piece for n in parts for piece in whole.pop(n).pieces}
            pieces |= {p.quotes[number] for number in range(first, past) if number not in owner}
            surest = max(parts, key=lambda n: (parts[n].cue >= 0, parts[n].confidence))
            whole[surest] = parts[surest]._replace(pieces=tuple(sorted(pieces)))
            owner |= dict.fromkeys((p.quote[k] for piece in pieces for k in piece), surest)
    return sorted(whole.values())


def _strings(values: Iterable[str]) -> ExtensionArray:
    return pd.array(list(values), dtype="str")


def _places(text: str, name: str, spans: Sequence[tuple[int, int] | None]) -> dict[str, object]:
    """The columns of the words at `spans`, "" and missing where there is none."""
    missing = np.array([span is None for span in spans], dtype=bool)
    ends = np.array([span or (0, 0) for span in spans], dtype=np.int64).reshape(-1, 2)
    return {
        name: _strings(text[slice(*span)] if span else "" for span in spans),
        f"{name}_start": pd.arrays.IntegerArray(ends[:, 0].copy(), missing),
        f"{name}_end": pd.arrays.IntegerArray(ends[:, 1].copy(), missing.copy()),
    }


def _speaker(p: Parse, attribution: Attribution) -> tuple[int, int] | None:
    """The speaker's noun phrase, without what follows its head after a pause or as a clause; of a clause, its "who"."""
    head, cue = attribution.head, attribution.cue
    if cue in p.turns:
        first, last = p.turns[cue][1]
        return p.start[first], p.end[last]
    if head < 0:
        return None
    if cue >= 0 and p.dep[cue] == "relcl" and p.head[cue] == head:
        head = next((k for k in p.children[cue] if p.lower[k] in _RELATIVES), head)
    after = [p.left[k] for k in p.children[head] if k > head and (p.dep[k] in _FOLLOWING or p.lower[k] in (",", "("))]
    first, last = p.left[head], min([p.right[head], *(k - 1 for k in after)])
    for start, end in (*attribution.pieces, (cue, cue)):
        if start <= head <= end:
            continue
        first, last = max(first, end + 1) if end < head else first, min(last, start - 1) if start > head else last
    while last > head and (not p.word[last] or p.tag[last] == "POS"):
        last -= 1
    start, end = p.start[first], p.end[last]
    return end - len(p.whole[start:end].lstrip("-–—― ")), end  # "-Robert" is a single token


@per_document
def direct_speech(document: Document) -> pd.DataFrame:
    """Stretches between quotation marks, and turns of transcripts, that are attributed to someone.

    Columns: start, end, speaker (canonical, "" if none).
    """
    table, _ = _quotations(document)
    spoken = table[table["kind"].isin(["direct", "mixed"])]
    starts, ends = spoken["start"].to_numpy(), spoken["end"].to_numpy()
    turns = spoken[(spoken["kind"] == "direct") & ~spoken["text"].str[0].isin(list(marks.OPENING))]  # of transcripts
    pairs = [*marks.pairs(document.text), *zip(turns["start"], turns["end"], strict=True)]
    first, last = np.array(marks.outermost(pairs), dtype=np.int64).reshape(-1, 2).T
    near = zip(np.searchsorted(last, starts, "right"), np.searchsorted(first, ends, "left"), strict=True)
    rows = [
        (max(first[pair], start), min(last[pair], end), speaker)
        for start, end, speaker, pairs in zip(starts, ends, spoken["speaker_entity"], near, strict=True)
        for pair in range(*pairs)
    ]
    begin, finish, speakers = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {"start": np.array(begin, dtype=np.int64), "end": np.array(finish, dtype=np.int64)}
    return pd.DataFrame({**columns, "speaker": _strings(speakers)})
