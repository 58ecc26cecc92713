"""The tone towards a target: the words around it, how each hangs on it in the parse, and a learned linear model."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from math import exp
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.sentiment.directions import MOVES, Classes
from workbench.analyses.sentiment.headlines import as_sentence
from workbench.analyses.sentiment.roles import (
    Range,
    children,
    compared,
    denials,
    known_relation,
    names_passed,
    relations,
    standing,
    used,
    worse_of_two,
)
from workbench.analyses.sentiment.valence import LEXICONS, WORDS, word_weights
from workbench.language import Tokens, stop_words

LABELS = (-1, 0, 1)
# Function words, words that order a text and plain verbs of speech are no reason for a tone; names, numbers, marks and
# whether it is a man or a woman say nothing at all.
_FUNCTION_POS = frozenset("ADP AUX CCONJ DET PART PRON SCONJ".split())
_SILENT_POS = frozenset("NUM PROPN PUNCT SPACE SYM X".split())
_SILENT_WORDS = frozenset("he her hers herself him himself his she".split())
_REASONS = frozenset("empty full serious top well".split())  # of spaCy's function words
_CLOSING = frozenset([".", "!", "?", '"', "”", "'", "’"])
_WINDOW, _NEAR = 60, 3  # tokens
DIMENSIONS = 24
LIKENESS = ["weight", *LEXICONS, *map(str, range(DIMENSIONS))]
_MOVED = MOVES | {"gain", "harm"}
Logits = tuple[float, float, float]  # of negative, neutral and positive
Names = tuple[str, ...]  # of features
Rows = tuple[dict[str, int], NDArray[np.float64]]  # the row of each word, and the rows, the last one for other words
Weighings = list[tuple[str, float]]  # where a word stands, and how much what it is like counts there


def target_range(t: Tokens, start: int, end: int) -> Range | None:
    """The tokens that the characters from `start` to `end` touch; None where there are none."""
    first, past = bisect_right(t.end, start), bisect_left(t.start, end)
    return (first, past) if 0 <= start < end and first < past else None


def surroundings(t: Tokens, target: Range) -> tuple[int, Range]:
    """The target's head, and its sentence, at most 60 tokens to either side."""
    start, end = target
    root = start if end == start + 1 else t.doc[start:end].root.i
    first, past = t.sentence[root]
    return root, (max(min(first, start), start - _WINDOW, 0), min(max(past, end), end + _WINDOW, len(t.text)))


def named(t: Tokens, target: Range, names: Sequence[Range], offset: int = 0) -> set[int]:
    """The tokens about a target that stand in names, given by their characters, in order; `t` begins at `offset`."""
    first, past = surroundings(t, target)[1]
    after = bisect_right(names, t.start[first] + offset, key=itemgetter(1))
    before = bisect_left(names, t.end[past - 1] + offset, key=itemgetter(0))
    spans = (target_range(t, start - offset, end - offset) for start, end in names[after:before])
    return {token for span in spans if span for token in range(*span) if t.text[token][:1].isupper()}


def features(
    t: Tokens, target: Range, silent: Set[int], known: frozenset[str], listed: Classes
) -> Iterator[tuple[int, Names, Weighings]]:
    """What the model sees, by the token that it comes from (-1: from none that is a reason): names, weighings.

    Names are left out, those that the parser tags as such and `silent` tokens: that a text is about somebody must not
    decide how it stands to them. Function words ("either any|that") say how likely any tone is, never which.
    """
    (start, end), (root, context) = target, surroundings(t, target)
    first, past = context
    share = 2 / (past - first) ** 0.5
    place = f"role|{t.dep[root]}^{t.dep[t.head[root]]}"
    yield -1, (f"role|{t.dep[root]}", place, *["line|headline"] * (t.text[past - 1] not in _CLOSING)), []
    kinds, turned = used(t, context, listed)
    outdone = worse_of_two(t, root, listed)
    passed, denied, sorts = names_passed(t), denials(t), _sorts(t)
    for i, relation in relations(t, target, root, context):
        if i in silent:
            continue
        side, distance = ("before", start - i) if i < start else ("after", i - end + 1)
        near, kind, place = distance <= _NEAR, kinds.get(i, ""), known_relation(relation, known)
        if kind not in _MOVED and sorts[i] != "reason":
            if sorts[i]:
                yield -1, _function_names(t.lemma[i].lower(), place, side * near), []
            continue
        other_way = compared(t, i) != (outdone and relation.startswith("^prep"))
        negated = (denied[i] != (i in turned)) != other_way
        factor = -0.5 if negated else 1.0
        stands = standing(relation, kind)
        alone = passed[i] == passed[start if i < start else end]  # no other name stands between
        joined = bool(stands) or "conj" in relation
        names = _names(_with_particle(t, i) + "!" * negated, place, kind, stands, joined, side * near, side * alone)
        weighings = [(place, factor)] + [("denied", 1.0)] * negated
        if not stands:
            weighings += [("near", factor / (1 + distance / 3)), ("any", factor * share)]
            weighings += [("beside", factor)] * (distance <= 4)
        yield i, names, weighings


@lru_cache(maxsize=200_000)
def _names(lemma: str, place: str, kind: str, stands: str, joined: bool, near: str, alone: str) -> Names:
    """The features of a word that is a reason, negated where `lemma` ends with "!".

    `near` and `alone` are the side it stands on where it is near, and where no other name is between. A word that sets
    two apart counts by its role alone; what is done in a joined clause, once more apart.
    """
    sign = "!" * lemma.endswith("!")
    places = [place, *["any"] * (not stands), *["else"] * joined]
    names = [f"{where}|{lemma}" for where in places]
    if kind:
        names += [f"{where}|={kind}{sign}" for where in places] + [f"stands|{stands}{sign}"] * bool(stands)
    if not stands:
        names += [f"{near}|{lemma}"] * bool(near) + [f"next {alone}|{lemma}"] * bool(alone)
    return tuple(names)


@lru_cache(maxsize=200_000)
def _function_names(lemma: str, place: str, near: str) -> Names:
    return tuple(f"either {where}|{lemma}" for where in (place, "any", near) if where)


@lru_cache(maxsize=4)
def _sorts(t: Tokens) -> list[str]:
    return [_sort(word, lemma.lower(), pos) for word, lemma, pos in zip(t.lower, t.lemma, t.pos, strict=True)]


@lru_cache(maxsize=100_000)
def _sort(word: str, lemma: str, pos: str) -> str:
    """ "reason" for what a reader would take for one: of spaCy's function words only verbs and a few more.

    "function" for other words, and "" for those that say nothing at all.
    """
    if pos in _SILENT_POS:
        return ""
    told = pos == "VERB" or lemma in _REASONS or stop_words().isdisjoint((word, lemma))
    if told and pos not in _FUNCTION_POS and word[0].isalpha() and WORDS["no reason"].isdisjoint((word, lemma)):
        return "reason"
    return "function" if lemma[0].isalpha() and word not in _SILENT_WORDS else ""


def _with_particle(t: Tokens, token: int) -> str:
    """The lemma of a token, of a verb with its particle: "drop_out"."""
    particle = next((child for child in children(t)[token] if t.dep[child] == "prt"), None)
    return t.lemma[token].lower() + ("" if particle is None else f"_{t.lower[particle]}")


@lru_cache(maxsize=100_000)
def likeness(word: str) -> NDArray[np.float64]:
    """What a word is like, as `LIKENESS` has it; 0 where nothing is known."""
    return np.concatenate([rows[places.get(word, -1)] for places, rows in (_scores(), word_vectors())])


@cache
def _scores() -> Rows:
    """What the learned valence (times 5) and each source lexicon say of the words of tone."""
    table = word_weights()[LIKENESS[:-DIMENSIONS]].fillna(0.0)
    return _rows(table.assign(weight=table["weight"] * 5))


@cache
def word_vectors() -> Rows:
    """The principal components of MiniLM's vectors of the words."""
    path = Path(__file__).with_name("targets_words.tsv")
    table = pd.read_csv(path, sep="\t", header=None, index_col=0, quoting=3, na_filter=False)
    return _rows(table / 100)


def _rows(table: pd.DataFrame) -> Rows:
    """The row of each of a table's words, and the rows; for other words there is one of noughts."""
    places = dict(zip(table.index.to_numpy(object), range(len(table)), strict=True))
    return places, np.vstack([table.to_numpy(), np.zeros(table.shape[1])])


@cache
def weights() -> dict[str, Logits]:
    """The learned weights of each feature for the labels -1, 0 and 1; "intercept" is added once."""
    written = Path(__file__).with_name("targets.tsv").read_text("utf-8")
    cells = written.replace("\n", "\t").split("\t")[4:-1]  # without the four heads, and what is past the last line
    negative, neutral, positive = (map(float, cells[column::4]) for column in (1, 2, 3))
    return dict(zip(cells[::4], zip(negative, neutral, positive, strict=True), strict=True))


@cache
def known_relations() -> frozenset[str]:
    return frozenset(name.partition("@")[2] for name in weights() if name.startswith("weight@")) | {"far"}


@cache
def _likeness_weights(where: str) -> NDArray[np.float64]:
    return np.array([weights().get(f"{name}@{where}", (0.0, 0.0, 0.0)) for name in LIKENESS])


@lru_cache(maxsize=200_000)
def _adds(word: str, where: str) -> Logits:
    """What a word's likeness adds to the logits where it stands."""
    negative, neutral, positive = (likeness(word) @ _likeness_weights(where)).tolist()
    return negative, neutral, positive


@lru_cache(maxsize=200_000)
def _weighed(names: Names) -> Logits:
    """What the features add to the logits."""
    found = [weights()[name] for name in names if name in weights()]
    return sum(row[0] for row in found), sum(row[1] for row in found), sum(row[2] for row in found)


def judge(
    t: Tokens, start: int, end: int, names: Sequence[Range], listed: Classes
) -> tuple[int, float, list[tuple[str, float]]]:
    """The label (-1, 0, 1), the score (-1 to 1), and the words that decided with their shares, largest first.

    The characters from `start` to `end` are the target, `names` those of all names, in order. The score is the chance
    of a positive tone less that of a negative one. A word's share is what it adds to the logit of positive less that of
    negative.
    """
    t, offset = as_sentence(t, start, end) if 0 <= start < end else (t, 0)
    target = target_range(t, start - offset, end - offset)
    if target is None:
        return 0, 0.0, []
    negative, neutral, positive = weights()["intercept"]
    shares: dict[str, float] = {}
    silent = named(t, target, names, offset)
    for token, seen, weighings in features(t, target, silent, known_relations(), listed):
        bad, neither, good = _weighed(seen)
        for where, weight in weighings:
            adds = _adds(t.lower[token], where)
            bad, neither, good = bad + adds[0] * weight, neither + adds[1] * weight, good + adds[2] * weight
        negative, neutral, positive = negative + bad, neutral + neither, positive + good
        if token >= 0:
            shares[t.text[token]] = shares.get(t.text[token], 0.0) + good - bad
    chances = [1 / (1 + exp(min(30.0, -logit))) for logit in (negative, neutral, positive)]
    deciding = sorted(shares.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return LABELS[chances.index(max(chances))], round((chances[2] - chances[0]) / sum(chances), 4) + 0.0, deciding
