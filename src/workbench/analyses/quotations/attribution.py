"""Which words are attributed to whom: the likeliest of the candidates, by trained weights."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from math import exp
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from workbench.analyses.quotations.candidates import Candidate, candidates, completed
from workbench.analyses.quotations.clauses import in_clauses, kind_of_cue, quotation_before, reports
from workbench.analyses.quotations.confidence import Choice, choice_features, nobodys
from workbench.analyses.quotations.context import VECTOR, around_cues, around_words, log_odds, strengths
from workbench.analyses.quotations.cues import Cue, cues, introduced, inverted_speaker, possible_speakers, signed
from workbench.analyses.quotations.features import Rivals, cue_features, span_features, speaker_features
from workbench.analyses.quotations.marks import Parse, Pieces
from workbench.analyses.quotations.selection import Stretch, most_worth
from workbench.analyses.quotations.weights import Weights
from workbench.language import DEFAULT_MODELS, model_name
from workbench.statistics import Network, Numbers, logistic

MODEL = Path(__file__).with_name("quotations.json")
POSSIBLE_CUE = 0.08  # by its features; what stands around it is worth a look
LIKELY_CUE = 0.2  # by both
UNLIKELY_CUE = 0.03  # too unlikely to be anyone's rival
UNLIKELY_SPAN = 0.02
SAME = 0.8  # Jaccard overlap in words from which two stretches count as the same
EVEN_SPAN, EVEN_WORD = 0.3, 0.43  # half of the F1 that is reached: from there on one more brings more than it costs
UNLIKELY = 0.1  # too unlikely to be taken, be its words as likely as they may
WORD = 0.06  # what a word counts beside a whole quotation: so that both F1 count the same, with 15 words to one
SIGNED = 0.9  # of signatures, headlines and transcripts, too few in the training articles to learn from
REPORTING = 0.87  # of a word of saying with a speaker and a clause, at least, whatever the models say
CALIBRATED = 0.42, 0.95  # added to the last model's score, and times it: fitted on general news that it had not seen
LEAST = 0.55  # of indirect speech; on general news 88 of 100 are right from here on
DIRECT_SHARE = 0.9  # of the letters between marks, as in PolNeAR
SURE = 9.0  # worth more than anything that has to be weighed


class Attribution(NamedTuple):
    """Words attributed to someone: pieces, cue token or -1, speaker's head token or -1, probability."""

    pieces: Pieces
    cue: int
    head: int
    confidence: float


def usable(written: Mapping[str, Any]) -> dict[str, Any]:
    """A model as it is used: what reads its features by name, the last one's by feature, networks."""
    networks = {name: Network(part) for name, part in written.items() if name.endswith("network")}
    linear = {name: Weights(part) for name, part in written.items() if name not in (*networks, "confidence")}
    return {**linear, **networks, "confidence": written.get("confidence")}


@cache
def model() -> dict[str, Any]:
    """The trained weights and networks, read once."""
    return usable(json.loads(MODEL.read_text("utf-8")))


class Option(NamedTuple):
    """A cue, how likely it is to attribute anything, how likely each stretch, given that it does; whether signed."""

    cue: Cue
    likely: float
    spans: dict[Pieces, float]
    signed: bool = False


class Reading(NamedTuple):
    """The likely cues of a text with the likely stretches of each, and the score of the cue that each token is."""

    options: list[Option]
    strength: Numbers


def read(p: Parse) -> Reading:
    """What may attribute what."""
    found = list(cues(p))
    scores = model()["cue"].sums(cue_features(p, found), len(found))
    rivals = Rivals(
        (cue, chance) for cue, chance in zip(found, logistic(scores), strict=True) if chance >= UNLIKELY_CUE
    )
    strength = strengths(p, zip(found, scores, strict=True))
    owners = {quotation_before(p, cue.token, cue.speaker): cue.token for cue in found}
    options: list[Option] = []
    stretches: list[list[Candidate]] = []
    for cue, trained in zip(found, cue_chances(p, found, scores, strength), strict=True):
        inverted, reporting = inverted_speaker(p, cue.token), reports(p, cue.token, cue.speaker)
        chance = max(trained, SIGNED if inverted else REPORTING if reporting else 0.0)
        if signed := _signed(p, cue):
            options.append(Option(cue, SIGNED, dict.fromkeys(signed, 1.0), True))
            stretches.append([])
        elif chance >= LIKELY_CUE:
            options.append(Option(cue, chance, {}))
            stretches.append([c for c in candidates(p, cue) if not nobodys(p, c) and not _anothers(p, c, owners)])
    every = [c for own in stretches for c in own]
    values = iter(model()["span"].sums(span_features(p, every, rivals), len(every)).tolist())
    for option, own in zip(options, stretches, strict=True):
        option.spans.update(
            shares(in_clauses(p, option.cue.token, option.cue.speaker, {c.pieces: next(values) for c in own}))
        )
    return Reading(options, strength)


def _anothers(p: Parse, candidate: Candidate, owners: dict[int, int]) -> bool:
    """Whether a quotation in it stands right before another cue, whose it is: "“Why?” asked Ann. “No,” Ed answered"."""
    numbers = {p.quote[first] for first, _ in candidate.pieces} - {-1, p.quote[candidate.cue.token]}
    return any(owners.get(number, candidate.cue.token) != candidate.cue.token for number in numbers)


def cue_chances(p: Parse, found: list[Cue], scores: Numbers, strength: Numbers) -> list[float]:
    """How likely each cue is to attribute anything: by its score, and if that makes it possible by its surroundings.

    The surroundings count only with the pipeline whose vectors the network knows.
    """
    chances = logistic(scores)
    possible = np.flatnonzero(chances >= POSSIBLE_CUE)
    if len(possible) and model_name() in DEFAULT_MODELS and p.vectors.shape == (len(p.text), VECTOR):
        inputs = around_cues(p, [found[k] for k in possible], strength)
        chances[possible] = logistic(model()["cue network"](scores[possible], inputs))
    return chances.tolist()


def shares(scores: dict[Pieces, float]) -> dict[Pieces, float]:
    """How likely each stretch is to be what the cue attributes, given that it attributes one; the unlikely left out."""
    top = max(scores.values(), default=0.0)
    total = sum([exp(value - top) for value in scores.values()])
    chances = {pieces: exp(value - top) / total for pieces, value in scores.items()}
    least = min(UNLIKELY_SPAN, 1 / total) if total else 0.0
    return {pieces: share for pieces, share in chances.items() if share >= least}


def reported(p: Parse, reading: Reading) -> Numbers:
    """How likely each token is to be of reported speech; 0 for those that are no words."""
    if not p.text:
        return np.zeros(0)
    said, most = claimed(p, reading.options)
    return logistic(model()["word network"](log_odds(said), around_words(p, said, most, reading.strength))) * p.word


def claimed(p: Parse, options: list[Option]) -> tuple[Numbers, Numbers]:
    """How likely any cue, and the likeliest one, is to attribute each token."""
    nobody, most = np.ones(len(p.text)), np.zeros(len(p.text))
    for option in options:
        start = min([pieces[0][0] for pieces in option.spans], default=0)
        steps = [0.0] * (max([pieces[-1][1] for pieces in option.spans], default=start) + 2 - start)
        for pieces, share in option.spans.items():
            for first, last in pieces:
                steps[first - start] += share
                steps[last + 1 - start] -= share
        chance = np.clip(option.likely * np.cumsum(steps[:-1]), 0, 0.999)
        within = slice(start, start + len(chance))
        nobody[within] *= 1 - chance
        most[within] = np.maximum(most[within], chance)
    return 1 - nobody, most


def _signed(p: Parse, cue: Cue) -> list[Pieces]:
    """The words of a transcript's turn, behind a colon in the first person, of a headline that ends in ": poll", and
    those before a dash and a name.
    """
    if cue.token in p.turns:
        return [p.turns[cue.token][0]]
    if cue.how == "colon" and introduced(p, cue.token) >= 0:
        return [((cue.token + 1, p.paragraph[cue.token][1]),)]
    if signed(p, cue.token) >= 0:
        return [(p.quotes[p.quote[cue.token - 1]],)]
    if cue.how == "dash" and p.lower[cue.token] == ":":
        return [c.pieces for c in candidates(p, cue) if "paragraph<" in c.ways]
    return []


def score(weights: Mapping[str, float], features: list[str]) -> float:
    """The sum of the features' weights."""
    return sum(filter(None, map(weights.get, features)))


def chosen(p: Parse) -> list[Attribution]:
    """What cues attribute: of the stretches that they may, those that are worth most together."""
    return [Attribution(_ended(p, pieces), c.cue, c.head, confidence(p, c)) for c, pieces in choices(p)]


def _ended(p: Parse, pieces: Pieces) -> Pieces:
    """The pieces without an "and" at their end: "the plan was late and, she added, dear"."""
    first, last = pieces[-1]
    if first == last or p.lower[last] not in ("and", "but", "or") or p.quote[last] >= 0:
        return pieces
    return *pieces[:-1], (first, last - 1 - (p.lower[last - 1] == "," and first < last - 1))


def choices(p: Parse) -> list[tuple[Choice, Pieces]]:
    """What is chosen, with what there is to judge it by, and its pieces with the pronoun that they are about."""
    reading = read(p)
    chances = reported(p, reading)
    gains = np.concatenate([[0.0], np.cumsum((chances - EVEN_WORD) * p.word)]).tolist()
    offers = [offer for option in reading.options if (offer := sorted(_worth(p, option, gains)))]
    best = most_worth(offers)
    taken = {token for stretch in best for first, last in stretch.pieces for token in range(first, last + 1)}
    whole = [completed(p, stretch.cue, stretch.pieces) for stretch in best]
    whole = [
        stretch.pieces if any(first in taken for first, _ in {*pieces}.difference(stretch.pieces)) else pieces
        for stretch, pieces in zip(best, whole, strict=True)
    ]
    heads = _speakers(p, [(stretch.cue, pieces) for stretch, pieces in zip(best, whole, strict=True)])
    found = []
    for stretch, pieces, head in zip(best, whole, heads, strict=True):
        said = sum([chances[first : last + 1].sum() for first, last in stretch.pieces]) / p.count(stretch.pieces)
        choice = Choice(stretch.pieces, stretch.cue.token, head, stretch.confidence, float(said))
        found.append((choice, pieces))
    return found


def kind(p: Parse, attribution: Attribution) -> str:
    """Direct (at least 90 % of its letters lie between quotation marks, or a transcript's turn), mixed or indirect."""
    if attribution.cue in p.turns:
        return "direct"
    words = [k for first, last in attribution.pieces for k in range(first, last + 1) if p.word[k]]
    quoted = sum(len(p.text[k]) for k in words if p.quote[k] >= 0)
    letters = sum(len(p.text[k]) for k in words)
    return "indirect" if not quoted else "direct" if quoted >= DIRECT_SHARE * letters else "mixed"


def confidence(p: Parse, choice: Choice) -> float:
    """How likely what was chosen is a quotation, of these words but for few, on any news; what is signed is one."""
    if choice.cue in p.turns or (p.lower[choice.cue] == ":" and choice.likely >= SIGNED):
        return SIGNED
    shift, slope = CALIBRATED
    sure = float(logistic(np.array(shift + slope * score(model()["confidence"], choice_features(p, choice)))))
    return max(sure, REPORTING) if _called(p, choice) else sure


def _called(p: Parse, choice: Choice) -> bool:
    """Whether somebody calls something what stands in marks, which is no name: "called it “a farce”"."""
    cue, inside = choice.cue, [k for first, last in choice.pieces for k in range(first, last + 1) if p.word[k]]
    calls = choice.head >= 0 <= cue and kind_of_cue(p, cue) == "name" and not p.passive(cue)
    return calls and not p.free(choice.pieces) and any(p.text[k].islower() for k in inside)


def _worth(p: Parse, option: Option, gains: list[float]) -> Iterator[Stretch]:
    """The stretches by which anything is gained: by their being right, small differences aside, and by their words."""
    for pieces in option.spans:
        words = sum([gains[last + 1] - gains[first] for first, last in pieces])
        if option.likely + WORD * words <= EVEN_SPAN:
            continue
        confidence = option.likely * sum([share for other, share in option.spans.items() if _same(p, pieces, other)])
        if confidence < UNLIKELY:
            continue
        value = SURE if option.signed else confidence - EVEN_SPAN + WORD * words
        if value > 0:
            yield Stretch(-value, pieces, option.cue, confidence)


def _speakers(p: Parse, said: list[tuple[Cue, Pieces]]) -> list[int]:
    """Of each cue the likeliest speaker who is not in the words that it attributes, or -1."""
    options = [speaker_options(p, cue) for cue, _ in said]
    every = [option for own in options for option in own]
    likely = iter(model()["speaker"].sums(speaker_features(p, every), len(every)).tolist())
    heads = []
    for (_, pieces), own in zip(said, options, strict=True):
        rated = [(value, option[1]) for option, value in zip(own, likely, strict=False)]
        outside = [one for one in rated if not any(first <= one[1] <= last for first, last in pieces)]
        heads.append(max(outside, key=itemgetter(0), default=(0.0, -1))[1])
    return heads


def speaker_options(p: Parse, cue: Cue) -> list[tuple[int, int, str, int]]:
    """Who may be the cue's speaker: the cue, who, how found, and which in that order."""
    if cue.how in ("colon", "dash"):
        return [(cue.token, cue.speaker, cue.how, 0)]
    ways: dict[int, str] = {}
    for token, how in possible_speakers(p, cue.token):
        if p.entity[token] not in ("DATE", "TIME") or p.lower[token] == "old":  # "the 19-year-old"
            ways.setdefault(token, how)
    return [(cue.token, token, how, rank) for rank, (token, how) in enumerate(ways.items())]


def _same(p: Parse, a: Pieces, b: Pieces) -> bool:
    if a == b:
        return True
    shared = p.count(tuple((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b if x[0] <= y[1] and y[0] <= x[1]))
    return shared >= SAME * (p.count(a) + p.count(b) - shared)
