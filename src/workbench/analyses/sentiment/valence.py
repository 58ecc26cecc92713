"""The tone of a sentence from its words: NLTK's VADER, exact and fast, and a learned valence that shows its words."""

import json
import math
import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from workbench.analyses.sentiment.directions import MOVES, THINGS, Classes, classes, outcome
from workbench.language import word_lists

MODELS = Path(__file__).parent
LEXICONS = ["vader", "hu_liu", "pattern", "labmt"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")
WORDS = word_lists(MODELS / "function_words.tsv")
_UNSURPASSED = frozenset(["can't", "cannot", "couldn't", "never"])
_MOVING_NOTHING = frozenset(["add that", "added that", "adding that", "adds that", "up to"])
_BREAKS = frozenset(",;:.") | {"but"}
_ENDS = frozenset(".!?")
_NEGATED, _RAISED, _LOWERED = -0.5, 1.3, 0.7
_REACH = 3
_APART = 4
DIRECTION = 0.5  # the weight of a good thing that rises


class Reading(NamedTuple):
    """A word, or a listed phrase, as a sentence uses it."""

    entry: str  # in lower case
    factor: float  # 1; below 0 when negated, above 1 when strengthened, below 1 when weakened
    clause: int = 0  # which stretch between commas, full stops, colons and "but" it stands in


@cache
def false_friends() -> dict[str, float]:
    """Words and phrases whose tone in news is not what lexicons say, with the valence weight that they get instead."""
    table = pd.read_csv(MODELS / "sentiment_false_friends.tsv", sep="\t", keep_default_na=False)
    return dict(zip(table["entry"].to_numpy(object), table["weight"].astype(float).tolist(), strict=True))


@cache
def _phrase_starts() -> dict[str, list[list[str]]]:
    """The listed phrases of two words or more by their first word, longest first."""
    entries = {*false_friends(), *WORDS["negating"], *WORDS["stressing"]}
    phrases = sorted((entry.split() for entry in sorted(entries) if " " in entry), key=len, reverse=True)
    starts: dict[str, list[list[str]]] = {}
    for phrase in phrases:
        starts.setdefault(phrase[0], []).append(phrase)
    return starts


def _asked(tokens: list[str]) -> list[bool]:
    """Whether the next full stop, exclamation or question mark from each token on is a question mark."""
    asked = False
    answers = []
    for token in reversed(tokens):
        asked = token == "?" if token in _ENDS else asked
        answers.append(asked)
    return answers[::-1]


def readings(sentence: str) -> list[Reading]:
    """The words of `sentence` with the factor that its context gives each.

    A negation among the three words before, articles and forms of "be" not counted, in the same clause and not in a
    question ("Is it not a threat?"), turns a word's tone round and halves it; an intensifier or a weakening word right
    before raises or lowers it by 30 %.
    """
    tokens = [token.replace("’", "'") for token in _WORD.findall(sentence.lower())]
    asks = _asked(tokens)
    found = []
    position = clause = 0
    since_negation = _REACH
    while position < len(tokens):
        token = tokens[position]
        phrases = (p for p in _phrase_starts().get(token, ()) if tokens[position : position + len(p)] == p)
        phrase = next(phrases, [token])
        if token[0].isalpha():
            before = tokens[position - 1] if position else ""
            factor = _NEGATED if since_negation < _REACH else 1.0
            factor *= _RAISED if before in WORDS["stronger"] else _LOWERED if before in WORDS["weaker"] else 1.0
            found.append(Reading(" ".join(phrase), factor, clause))
        since_negation += len(phrase) * (token not in WORDS["passed over"])
        if negates(" ".join(phrase)) and not asks[position] and not outdone(tokens, position):
            since_negation = 0
        elif token in _BREAKS:
            since_negation = _REACH
        clause += token in _BREAKS
        position += len(phrase)
    return found


@lru_cache(maxsize=200_000)
def negates(*words: str) -> bool:
    """Whether one or two of `words`, in lower case, negate: "no", "far from"; but not "not only"."""
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    stressed = {word for pair in pairs if pair in WORDS["stressing"] for word in pair.split()}
    single = (word in WORDS["negation"] or word in WORDS["negating"] or word.endswith(("n't", "n’t")) for word in words)
    return any(pair in WORDS["negating"] or pair in WORDS["refusing"] for pair in pairs) or any(
        found and word not in stressed for found, word in zip(single, words, strict=True)
    )


def outdone(tokens: list[str], position: int) -> bool:
    """Whether nothing surpasses what follows: "could not be better", "never been worse"."""
    if tokens[position] not in _UNSURPASSED and tokens[position - 1 : position] not in (["could"], ["can"]):
        return False
    between = (token for token in tokens[position + 1 : position + 5] if token not in WORDS["up to compared"])
    return next(between, "") in WORDS["compared"]


@cache
def word_weights() -> pd.DataFrame:
    """The learned lexicon: by `entry` its `weight`, and what each source lexicon says of it (-1 to 1; NaN: nothing)."""
    table = pd.read_csv(MODELS / "sentiment_words.tsv", sep="\t", keep_default_na=False, na_values=[""], quoting=3)
    return table.set_index("entry")


@cache
def parameters() -> dict[str, Any]:
    """The learned numbers that belong to no word: `intercept`, the rating without a word of tone, and `minilm`."""
    return dict(json.loads((MODELS / "sentiment.json").read_text("utf-8")))


@cache
def _weights() -> dict[str, float]:
    weights = word_weights()["weight"]
    return dict(zip(weights.index.to_numpy(object), weights.tolist(), strict=True)) | false_friends()


def moves(words: list[Reading], listed: Classes) -> dict[int, tuple[int, float]]:
    """By the place of each word of rising or falling: the place of what rises or falls, and 1 (good) or -1 (bad).

    That is the nearest listed thing of the same clause, at most five words away; none in "up to 40" and "added that".
    """
    kinds = [listed.get(word.entry, "") for word in words]
    for place, (word, following) in enumerate(pairwise(words)):
        if f"{word.entry} {following.entry}" in _MOVING_NOTHING:
            kinds[place] = ""
    things = [place for place, kind in enumerate(kinds) if kind in THINGS]
    found = {}
    for place, kind in enumerate(kinds):
        near = [i for i in things if abs(i - place) <= _APART and words[i].clause == words[place].clause]
        if kind in MOVES and near:
            thing = min(near, key=lambda i: abs(i - place))
            found[place] = thing, outcome(kind, kinds[thing])
    return found


def valence(sentence: str, listed: Classes | None = None) -> tuple[float, list[tuple[str, float]]]:
    """The rating, -1 to 1, that readers are expected to give `sentence`, and the (word, share) pairs that make it.

    The sum of factor x weight over the words / sqrt(number of words), cut at -1 and 1: the rating less the small
    negative one that sentences without a word of tone get, so that 0 is neutral. A rise or fall of something `listed`
    (by default in directions.tsv) counts in place of its own words. The shares, largest first, add up to it; "not good"
    stands for a "good" that is negated.
    """
    weights = _weights()
    words = readings(sentence)
    listed = classes() if listed is None else listed
    moved = moves(words, listed)
    told = {*moved, *(thing for thing, _ in moved.values())}
    told |= {i - 1 for i in told if i and listed.get(words[i - 1].entry) in THINGS}  # "approval rating"
    shares: dict[str, float] = {}
    for place, word in enumerate(words):
        if place in moved:
            thing, sign = moved[place]
            shown, weight = " ".join(words[i].entry for i in sorted((thing, place))), sign * DIRECTION
        elif place in told:
            continue
        else:
            shown, weight = word.entry, weights.get(word.entry, 0.0)
        if weight:
            shown = f"not {shown}" if word.factor < 0 else shown
            shares[shown] = shares.get(shown, 0.0) + word.factor * weight / math.sqrt(len(words))
    value = sum(shares.values())
    return min(1.0, max(-1.0, value)), sorted(shares.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
