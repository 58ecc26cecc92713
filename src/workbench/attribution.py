"""Which words are attributed to whom: the likeliest of the candidates, by trained weights."""

import json
from functools import cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from workbench.candidates import Cue, candidates, cues, mark_cues, speakers
from workbench.clues import Rivals, cue_features, floating_features, span_features, speaker_features
from workbench.tokens import Parse, Pieces

MODEL = Path(__file__).parent / "models" / "quotations.json"
Weights = dict[str, float]

THRESHOLD = 0.3  # of confidence: about half the F1 that is reached, where taking one more begins to cost
UNLIKELY_CUE = 0.03  # too unlikely to be anyone's rival
UNLIKELY_SPAN = 0.02
SAME = 0.8  # Jaccard overlap in words from which two stretches count as the same
SURE_CUE = 0.5  # a cue so likely attributes something, though it be unsure what
SCRIPT = 3  # lines of a transcript from which on each is somebody's
FLOATING = 0.4
SIGNED = 0.9  # of signatures after a dash and lines of transcripts, too few in the training articles to learn from


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
    found = chosen(p)
    for number, taken in left_over(p, found):
        found = _with_floating(p, found, number, taken)
    return sorted(found, key=lambda attribution: attribution.pieces)


class _Option(NamedTuple):
    cue: Cue
    likely: float  # that the cue attributes anything
    spans: dict[Pieces, float]  # what, given that it does


def _rated(p: Parse) -> list[_Option]:
    """The likely cues with the likely stretches of each."""
    model = weights()
    rated = [(cue, _logistic(score(model["cue"], cue_features(p, cue)))) for cue in cues(p)]
    rated = [(cue, likely) for cue, likely in rated if likely >= UNLIKELY_CUE]
    rivals = Rivals(rated)
    options = []
    for cue, likely in rated:
        if likely < THRESHOLD and cue.token not in p.script:
            continue
        found = candidates(p, cue)
        if len(p.script) >= SCRIPT and cue.token in p.script:
            options += [_Option(cue, SIGNED, {c.pieces: 1.0}) for c in found if "paragraph>" in c.ways]
            continue
        scores = [score(model["span"], span_features(p, candidate, rivals)) for candidate in found]
        if scores:
            top = max(scores)
            powers = [exp(value - top) for value in scores]
            total = sum(powers)
            shares = {c.pieces: power / total for c, power in zip(found, powers, strict=True)}
            least = min(UNLIKELY_SPAN, 1 / total)
            options.append(_Option(cue, likely, {pieces: v for pieces, v in shares.items() if v >= least}))
    return options


def score(model: Weights, features: list[str]) -> float:
    """The sum of the features' weights."""
    return sum([model.get(feature, 0.0) for feature in features])


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def chosen(p: Parse) -> list[Attribution]:
    """What cues attribute; cues whose stretches may collide are decided together."""
    groups: list[list[_Option]] = []
    reach = -1
    for option in sorted(_rated(p), key=lambda option: min(option.spans)):
        if not groups or min(option.spans)[0][0] > reach:
            groups.append([])
        groups[-1].append(option)
        reach = max(reach, *(pieces[-1][1] for pieces in option.spans))
    return [attribution for group in groups for attribution in _taken(p, group)]


def _taken(p: Parse, options: list[_Option]) -> list[Attribution]:
    """One by one, surest first, each cue's stretch that is most likely to be the same as the right one.

    What overlaps a stretch already taken drops out, and the rest of its cue's probability is shared out anew: a cue
    whose likeliest stretch has gone to another may still be sure of the next.
    """
    rated = [(*_best(p, option), option) for option in options]
    taken: list[Attribution] = []
    while rated:
        index = max(range(len(rated)), key=lambda k: rated[k][0])
        confidence, pieces, option = rated.pop(index)
        if not pieces or (confidence < THRESHOLD and option.likely < SURE_CUE):
            continue
        taken.append(Attribution(pieces, option.cue.token, _speaker(p, option.cue, pieces), confidence))
        for k, (_, _, other) in enumerate(rated):
            kept = {span: share for span, share in other.spans.items() if not _overlap(span, pieces)}
            if len(kept) < len(other.spans):
                left, all_shares = sum(kept.values()), sum(other.spans.values())
                likely = other.likely * left / (1 - other.likely * (all_shares - left))
                rest = _Option(other.cue, likely, {span: share / left for span, share in kept.items()})
                rated[k] = (*_best(p, rest), rest)
    return taken


def _best(p: Parse, option: _Option) -> tuple[float, Pieces]:
    """How likely it is that the cue attributes a stretch that is, small differences aside, this one; and this one."""
    if not option.spans:
        return 0.0, ()
    together = {a: sum(share for b, share in option.spans.items() if _same(p, a, b)) for a in option.spans}
    pieces = max(together, key=together.__getitem__)
    return option.likely * together[pieces], pieces


def _speaker(p: Parse, cue: Cue, pieces: Pieces) -> int:
    """The likeliest speaker who is not in the words that the cue attributes, or -1."""
    best, speaker = float("-inf"), -1
    for token, features in speaker_options(p, cue):
        value = score(weights()["speaker"], features)
        if value > best and not any(first <= token <= last for first, last in pieces):
            best, speaker = value, token
    return speaker


def speaker_options(p: Parse, cue: Cue) -> list[tuple[int, list[str]]]:
    """Who may be the cue's speaker, with what speaks for and against each."""
    if cue.how in ("colon", "dash"):
        return [(cue.speaker, [])]
    found = [(token, how) for token, how in speakers(p, cue.token) if p.entity[token] not in ("DATE", "TIME")]
    ways = dict(reversed(found))  # of two ways to one speaker the first
    ranked = enumerate(reversed(ways.items()))
    return [(token, speaker_features(p, cue.token, token, how, rank)) for rank, (token, how) in ranked]


def _overlap(a: Pieces, b: Pieces) -> bool:
    return any(first <= end and start <= last for first, last in a for start, end in b)


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


def _with_floating(p: Parse, found: list[Attribution], number: int, taken: set[int]) -> list[Attribution]:
    """Those found and a quotation without a cue of its own, if it is signed after a dash or likely to be speech.

    It goes on with the last quotation of its paragraph or of the one before, else it is of whoever speaks next.
    """
    quote = p.quotes[number]
    for cue in mark_cues(p, quote[1] + 1):
        if cue.how == "dash" and p.text[cue.speaker].istitle():
            return [*found, Attribution((quote,), cue.token, cue.speaker, SIGNED)]
    likely = speech(p, number, taken)
    if likely < FLOATING:
        return found
    colon = quote[0] - 1 - p.text[quote[0] - 1].isspace() if quote[0] > 1 else 0
    if p.text[colon] == ":" and p.pos[colon - 1] in ("NOUN", "PROPN"):
        return [*found, Attribution((quote,), colon, colon - 1, likely)]
    before = max((a for a in found if a.pieces[-1] < quote), key=lambda a: a.pieces[-1], default=None)
    if before and p.paragraph_number[quote[0]] - p.paragraph_number[before.pieces[-1][1]] <= 1:
        if p.quote[before.pieces[-1][1]] >= 0:
            return [a for a in found if a is not before] + [before._replace(pieces=(*before.pieces, quote))]
        return [*found, Attribution((quote,), -1, before.head, likely)]
    after = min((a for a in found if a.pieces[0] > quote), key=lambda a: a.pieces[0], default=None)
    return [*found, Attribution((quote,), -1, after.head if after else -1, likely)]
