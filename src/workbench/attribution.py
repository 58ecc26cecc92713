"""Which words are attributed to whom: the likeliest of the candidates, by trained weights."""

import json
from bisect import bisect, insort
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import repeat
from math import exp
from pathlib import Path
from typing import NamedTuple

from workbench.candidates import Cue, candidates, completed, cues, mark_cues, speakers
from workbench.clues import Rivals, cue_features, floating_features, span_features, speaker_features
from workbench.marks import Parse, Pieces

MODEL = Path(__file__).parent / "models" / "quotations.json"
Weights = dict[str, float]

THRESHOLD = 0.27  # of confidence: somewhat under half the F1 that is reached, where one more begins to cost
UNLIKELY_CUE = 0.03  # too unlikely to be anyone's rival
UNLIKELY_SPAN = 0.02
SAME = 0.8  # Jaccard overlap in words from which two stretches count as the same
SURE_CUE = 0.45  # a cue so likely attributes something, though it be unsure what
SCRIPT = 3  # lines of a transcript from which on each is somebody's
FLOATING = 0.5
SIGNED = 0.9  # of signatures, headlines and transcripts, too few in the training articles to learn from


class Attribution(NamedTuple):
    """Words attributed to someone: pieces, cue token or -1, speaker's head token or -1, probability."""

    pieces: Pieces
    cue: int
    head: int
    confidence: float


@cache
def weights() -> dict[str, Weights]:
    """The trained weights of each of the four models, read once."""
    return json.loads(MODEL.read_text("utf-8"))


def attributions(p: Parse) -> list[Attribution]:
    """The attributed stretches of a parsed text, none overlapping another, in the order of the text."""
    found = sorted(chosen(p))
    for number, taken in left_over(p, found):
        _add_floating(p, found, number, taken)
    return found


class _Option(NamedTuple):
    cue: Cue
    likely: float  # that the cue attributes anything
    spans: dict[Pieces, float]  # what, given that it does


def _rated(p: Parse) -> list[_Option]:
    """The likely cues with the likely stretches of each."""
    model = weights()
    likely = {cue: _logistic(score(model["cue"], cue_features(p, cue))) for cue in cues(p)}
    rivals = Rivals((cue, chance) for cue, chance in likely.items() if chance >= UNLIKELY_CUE)
    options = []
    for cue, chance in likely.items():
        signed = _signed(p, cue)
        if chance < THRESHOLD and not signed:
            continue
        found = candidates(p, cue)
        if signed:
            options.append(_Option(cue, SIGNED, {c.pieces: 1.0 for c in found if signed in c.ways}))
            continue
        scores = {c.pieces: score(model["span"], span_features(p, c, rivals)) for c in found}
        top = max(scores.values(), default=0.0)
        total = sum([exp(value - top) for value in scores.values()])
        shares = {pieces: exp(value - top) / total for pieces, value in scores.items()}
        least = min(UNLIKELY_SPAN, 1 / total) if total else 0.0
        options.append(_Option(cue, chance, {pieces: share for pieces, share in shares.items() if share >= least}))
    return options


def _signed(p: Parse, cue: Cue) -> str:
    """The way to the words of a transcript's line, or of a headline that ends in ": poll"; "" elsewhere."""
    if cue.how == "dash" and p.lower[cue.token] == ":":
        return "paragraph<"
    return "paragraph>" if len(p.script) >= SCRIPT and cue.token in p.script else ""


def score(model: Weights, features: list[str]) -> float:
    """The sum of the features' weights."""
    return sum(map(model.get, features, repeat(0.0)))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def chosen(p: Parse) -> list[Attribution]:
    """What cues attribute: one by one, surest first, each cue's stretch that is most likely to be the right one.

    What overlaps a stretch already taken drops out, and the rest of its cue's probability is shared out anew: a cue
    whose likeliest stretch has gone to another may still be sure of the next.
    """
    queue = [(*_best(p, option), number, option) for number, option in enumerate(_rated(p)) if option.spans]
    heapify(queue)
    taken = bytearray(len(p.text))
    found = []
    while queue:
        doubt, pieces, number, option = heappop(queue)
        free = {span: share for span, share in option.spans.items() if not any(1 in taken[a : b + 1] for a, b in span)}
        if len(free) < len(option.spans):
            left, lost = sum(free.values()), sum(v for span, v in option.spans.items() if span not in free)
            if free:
                shares = {span: share / left for span, share in free.items()}
                rest = _Option(option.cue, option.likely * left / (1 - option.likely * lost), shares)
                heappush(queue, (*_best(p, rest), number, rest))
        elif -doubt >= THRESHOLD or option.likely >= SURE_CUE:
            whole = completed(p, option.cue, pieces)
            pieces = pieces if taken[whole[0][0]] else whole
            found.append(Attribution(pieces, option.cue.token, _speaker(p, option.cue, pieces), -doubt))
            for first, last in pieces:
                taken[first : last + 1] = bytes([1]) * (last + 1 - first)
    return found


def _best(p: Parse, option: _Option) -> tuple[float, Pieces]:
    """How likely the cue is to attribute a stretch that is, small differences aside, this one (negative); this one."""
    together = {a: sum([share for b, share in option.spans.items() if _same(p, a, b)]) for a in option.spans}
    pieces = max(together, key=together.__getitem__)
    return -option.likely * together[pieces], pieces


def _speaker(p: Parse, cue: Cue, pieces: Pieces) -> int:
    """The likeliest speaker who is not in the words that the cue attributes, or -1."""
    model = weights()["speaker"]
    options = speaker_options(p, cue)
    outside = [option for option in options if not any(first <= option[0] <= last for first, last in pieces)]
    return max(outside, key=lambda option: score(model, option[1]), default=(-1, []))[0]


def speaker_options(p: Parse, cue: Cue) -> list[tuple[int, list[str]]]:
    """Who may be the cue's speaker, with what speaks for and against each."""
    if cue.how in ("colon", "dash"):
        return [(cue.speaker, [])]
    ways: dict[int, str] = {}
    for token, how in speakers(p, cue.token):
        if p.entity[token] not in ("DATE", "TIME"):
            ways.setdefault(token, how)
    raised = cue.how == "ownpassive" and any(p.dep[k] == "xcomp" for k in p.children[cue.token])
    if raised and p.pos[cue.speaker] == "NOUN":
        ways.pop(cue.speaker, None)  # "rates are expected to rise": nobody says by whom
    ranked = enumerate(ways.items())
    return [(token, speaker_features(p, cue.token, token, how, rank)) for rank, (token, how) in ranked]


def _same(p: Parse, a: Pieces, b: Pieces) -> bool:
    shared = p.count(tuple((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b if x[0] <= y[1] and y[0] <= x[1]))
    return shared >= SAME * (p.count(a) + p.count(b) - shared)


def left_over(p: Parse, attributed: list[Attribution]) -> list[tuple[int, set[int]]]:
    """The quotations of which nothing is attributed, by number, each with the numbers of those that are."""
    taken = {p.quote[k] for a in attributed for first, last in a.pieces for k in range(first, last + 1)}
    return [(number, taken) for number, quote in enumerate(p.quotes) if number not in taken and p.count((quote,))]


def speech(p: Parse, number: int, taken: set[int]) -> float:
    """How likely a quotation without a cue is to be speech."""
    return _logistic(score(weights()["floating"], floating_features(p, number, taken)))


def _add_floating(p: Parse, found: list[Attribution], number: int, taken: set[int]) -> None:
    """Add a quotation without a cue of its own to those found, if it is signed after a dash or likely to be speech.

    It goes on with the last quotation of its paragraph or of the one before, else it is of whoever speaks next.
    """
    quote = p.quotes[number]
    line = p.paragraph[quote[0]]
    for cue in mark_cues(p, quote[1] + 1 if quote != line else line[1] + 2):
        if cue.how == "dash" and p.text[cue.speaker].istitle() and p.pos[cue.speaker] == "PROPN":
            insort(found, Attribution((quote,), cue.token, cue.speaker, SIGNED))
            return
    likely = speech(p, number, taken)
    if likely < FLOATING:
        return
    at = bisect(found, ((quote,),))
    before, after = found[at - 1] if at else None, found[at] if at < len(found) else None
    colon = quote[0] - 1 - p.text[quote[0] - 1].isspace() if quote[0] > 1 else 0
    introduced, speaker = -1, after.head if after else -1
    if p.text[colon] == ":" and p.pos[colon - 1] in ("NOUN", "PROPN"):
        introduced, speaker = colon, colon - 1
    elif before and p.paragraph_number[quote[0]] - p.paragraph_number[before.pieces[-1][1]] <= 1:
        if p.quote[before.pieces[-1][1]] >= 0:
            found[at - 1] = before._replace(pieces=tuple(sorted((*before.pieces, quote))))
            return
        speaker = before.head
    found.insert(at, Attribution((quote,), introduced, speaker, likely))
