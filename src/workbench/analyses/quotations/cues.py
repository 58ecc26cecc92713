"""Which tokens may attribute others, and to whom: every cue that a parse offers, none of them judged yet."""

from collections.abc import Iterator
from typing import NamedTuple

from workbench.analyses.quotations.marks import Parse

DASHES = frozenset("― — – -- -".split())
_MODIFIERS = frozenset("det compound amod poss nummod nmod".split())
_CUES = frozenset("VERB AUX NOUN ADJ".split())
_SPEAKERS = frozenset("PROPN NOUN DET PRON ADJ".split())
_SIGNING = frozenset(
    "agency analyst aide data document expert lawyer letter memo minister ministry official paper police poll report "
    "researcher scientist source spokesman spokeswoman study survey watchdog witness".split()
)
_GENERATIONS = 5  # heads above a cue whose subjects may be its speaker
_TAIL = 4  # tokens after a headline's colon that may name its speaker


class Cue(NamedTuple):
    """A token that may attribute others; its speaker's head token or -1, how found; first and last token of both."""

    token: int
    speaker: int
    how: str
    first: int
    last: int


def cues(p: Parse) -> Iterator[Cue]:
    """Every token that could be a cue: verbs, nouns, adjectives, "according", colons and dashes beside a name."""
    for i, lower in enumerate(p.lower):
        if lower == ":" or lower in DASHES or i in p.script:
            yield from mark_cues(p, i)
        elif (p.pos[i] in _CUES and p.word[i] and p.dep[i] not in ("aux", "auxpass")) or lower in ("according", "per"):
            if p.names(i):
                continue
            speaker, how = _likeliest(p, i)
            first = last = i
            for child in p.children[i]:
                if p.dep[child] in ("aux", "auxpass", "neg", "advmod", "prt") and abs(child - i) <= 3:
                    first, last = min(first, child), max(last, child)
            if how in ("own", "ownpassive", "inverted", "before") and p.quote[speaker] == p.quote[i]:
                first, last = min(first, p.left[speaker]), max(last, p.right[speaker]) if speaker > i else last
            elif how == "according":
                last = max(last, p.right[speaker])
            yield Cue(i, speaker, how, first, last)


def _likeliest(p: Parse, cue: int) -> tuple[int, str]:
    """The first of its speakers who does not stand in a quotation that the cue stands outside of, else the first."""
    first = (-1, "none")
    for speaker, how in speakers(p, cue):
        if p.quote[speaker] in (-1, p.quote[cue]):
            return speaker, how
        first = (speaker, how) if first[0] < 0 else first
    return first


def mark_cues(p: Parse, i: int) -> Iterator[Cue]:
    """A colon after a speaker early in its paragraph, or a dash between a quotation or a short remark and a speaker.

    A headline's colon may stand before its speaker: "Most voters back the tax: poll".
    """
    if i >= len(p.text):
        return
    first, last = p.paragraph[i]
    if p.lower[i] == ":" and i < last <= i + _TAIL and p.word[last] and not first and _SIGNING & {p.lemma[last]}:
        yield Cue(i, last, "dash", i, last)
    elif p.lower[i] != ":" and i in p.script:
        yield Cue(i, i, "colon", i, i)
    elif p.lower[i] == ":" and first < i <= first + 15 and p.pos[i - 1] != "VERB":
        yield Cue(i, i - 1, "colon", max(p.sentence[i][0], first), i)
    elif p.lower[i] in DASHES and i < last and p.quote[i] < 0 and (p.quote[i - 1] >= 0 or last - i < 8):
        speaker = i + 1
        while p.dep[speaker] == "compound" and speaker < p.head[speaker] <= last:
            speaker = p.head[speaker]
        yield Cue(i, speaker, "dash", i, last)


def speakers(p: Parse, cue: int) -> Iterator[tuple[int, str]]:
    """Head tokens of who may be saying it, with how each was found; at first sight likely ones first."""
    if p.lower[cue] in ("according", "per"):
        for prep in (*p.children[cue], cue + 1, cue):
            yield from ((k, "according") for k in _objects(p, prep))
        return
    if p.pos[cue] == "NOUN":
        yield from ((k, "poss") for k in p.children[cue] if p.dep[k] == "poss")
        for k in p.children[cue]:
            if p.lower[k] in ("by", "from", "of"):
                yield from ((k, "by") for k in _objects(p, k))
    verb, how = cue, "own"
    for _ in range(_GENERATIONS):
        for k in p.children[verb]:
            if p.dep[k] == "agent":
                yield from ((k, "agent") for k in _objects(p, k))
        for k in p.children[verb]:
            if p.dep[k] in ("nsubj", "nsubjpass"):
                if p.lower[k] in ("who", "that", "which") and p.dep[verb] == "relcl":
                    yield p.head[verb], "relative"
                else:
                    yield k, how + "passive" * p.passive(verb)
        if p.dep[verb] in ("acl", "relcl") and p.pos[p.head[verb]] in ("NOUN", "PROPN", "PRON"):
            yield p.head[verb], "noun"
        if p.head[verb] == verb:
            break
        verb, how = p.head[verb], "above"
    after = cue + 1
    if p.pos[cue] == "VERB" and after < len(p.pos) and p.quote[after] < 0 and p.pos[after] in _SPEAKERS:
        while p.dep[after] in _MODIFIERS and after < p.head[after]:
            after = p.head[after]
        yield after, "inverted"
    before = cue - 1
    while before > p.paragraph[cue][0] and p.pos[before] in ("ADV", "AUX", "PUNCT", "PART"):
        before -= 1
    if before >= 0 and p.pos[before] in ("PROPN", "NOUN", "PRON") and p.quote[before] == p.quote[cue]:
        while before < p.head[before] < cue or (p.dep[before] in ("appos", "pobj", "prep") and p.head[before] < before):
            before = p.head[before]
        yield before, "before"


def _objects(p: Parse, preposition: int) -> list[int]:
    return [k for k in p.children[preposition] if p.dep[k] == "pobj"] if preposition < len(p.dep) else []
