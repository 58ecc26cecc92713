"""Of which type a name is: a network over what spaCy and the tagger say of it, its words, and those beside it."""

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.entities import tagger
from workbench.language import Tokens
from workbench.statistics import one_thread

TYPES = ["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", ""]  # "": none
LABELS = [*TYPES[:-1], "LANGUAGE", *sorted(tagger.NUMBERS), ""]  # of spaCy's
_ORG = frozenset({"organisation"})
_GAZETTEER = ["organisation", "club", "city", "region", "country", "demonym", "female", "male", "last"]
_DEPENDENCIES = ["nsubj", "nsubjpass", "pobj", "dobj", "compound", "poss", "appos", "conj", "ROOT", "nmod", "amod"]
_NO_FIT = (0.0,) * len(tagger.KINDS)
_POSSESSIVE = {"'s", "’s", "'", "’"}
# Words that take up a name in its sentence: a person's, a thing's, one of several.
_TAKES_UP = dict.fromkeys(["he", "she", "his", "her", "him", "who", "himself", "herself", "whose"], 0)
_TAKES_UP |= dict.fromkeys(["it", "its", "itself", "which"], 1) | dict.fromkeys(["they", "their", "them"], 2)
_FAR = 200  # tokens behind a name in which a word takes it up
_LEAST = 1e-3  # of a likelihood
_TRUST = 0.15  # how much spaCy's own likelihood counts once more, for names unlike those learned from
# Logarithm of how much rarer names without a listed first name or surname are among persons (28 % in the sets learned
# from) than among organisations (80 %): the network leans on spaCy here, which takes any strange word for a person.
_STRANGE = 1.0
_SURE = 8.0  # by how much the tagger prefers its kind from where on a name has no type of another
_PLACE = 10.0  # added to GPE where something happens in a listed place: more than "Leeds said" tells against it
_SETTLED = {"village", "town", "suburb", "hamlet"}
_DWELL = _SETTLED | {"residents", "resident", "villagers", "outskirts"}
_COUNCIL = {"council", "councillor", "councillors", "residents", "villagers"}
_SHARED = 3  # organisations whose names begin or end with a word from which on no person's does
# Which of the tagger's kinds each of TYPES is of.
_KIND = [{"PERSON": 0, "ORG": 1, "GPE": 2, "LOC": 2, "FAC": 2}.get(kind, 3) for kind in TYPES]
Numbers = NDArray[np.float32]


class Learned(NamedTuple):
    """What was learned: a vector a word in lower case, and the network's weights, layer by layer."""

    words: dict[str, int]
    vectors: Numbers
    layers: list[Numbers]


@cache
def learned() -> Learned:
    """What is in types.npz: `words` by line, a row of `vectors` for each, weights with constants in the last row."""
    with np.load(Path(__file__).with_name("types.npz")) as file:
        words = dict(zip(bytes(file["words"]).decode().split("\n"), count()))
        vectors = np.vstack([file["vectors"] * file["scale"], np.zeros_like(file["scale"])]).astype(np.float32)
        return Learned(words, vectors, [file["hidden"].astype(np.float32), file["out"].astype(np.float32)])


@one_thread
def fits(t: Tokens, spans: Sequence[tagger.Span]) -> Numbers:
    """How likely each span is of each of TYPES, as logarithms: a row a span."""
    if not spans:
        return np.empty((0, len(TYPES)), dtype=np.float32)
    hidden, out = learned().layers
    seen = evidence(t, spans)
    units = np.maximum(seen @ hidden[:-1] + hidden[-1], 0)
    scores = units @ out[:-1] + out[-1] + _TRUST * seen[:, [LABELS.index(kind) for kind in TYPES]]
    for row, span in zip(scores, spans, strict=True):
        *_, second, best = sorted(span.fits or _NO_FIT)
        if best - second > _SURE:
            row[np.not_equal(_KIND, span.fits.index(best))] -= 2 * _SURE
        row[TYPES.index("GPE")] += _PLACE * max(_is_where(t, span), 3 * _is_lived_in(t, span))
        row[TYPES.index("PERSON")] -= _SURE * _is_thing(t, span)
    scores[:, TYPES.index("PERSON")] -= _STRANGE * _strange(t, spans)
    scores -= scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def _strange(t: Tokens, spans: Sequence[tagger.Span]) -> NDArray[np.bool_]:
    """Which names have no listed first name, and no surname for their last word, and are in no longer name."""
    names = [t.written(span.start, span.end).split() for span in spans]
    within = {word for words in names if len(words) > 1 for word in words}
    return np.array(
        [
            not (any(map(tagger.is_given, words)) or "last" in tagger.gazetteer().get(words[-1], ()))
            and (len(words) > 1 or words[0] not in within)
            for words in names
        ]
    )


def _is_where(t: Tokens, span: tagger.Span) -> bool:
    """Whether something is "in" or "near" a place of that name: "in Leeds", but not "in Leeds's defence"."""
    listed = tagger.gazetteer().get(t.written(span.start, span.end), frozenset())
    after = t.text[span.end] if span.end < len(t.text) else ""
    inside = span.start > 0 and t.lower[span.start - 1] in {"in", "near"} and t.dep[span.end - 1] == "pobj"
    return inside and after not in _POSSESSIVE and not listed.isdisjoint({"city", "region", "country"})


def _is_lived_in(t: Tokens, span: tagger.Span) -> bool:
    """Whether a name is that of where people live: "residents of Marlbridge", "Kettle Cross, a village"."""
    before, behind = t.lower[max(span.start - 2, 0) : span.start], t.lower[span.end : span.end + 5]
    if len(before) == 2 and before[1] == "of" and before[0] in _DWELL:
        return True
    told = behind[:1] == [","] and behind[1:2] in (["a"], ["the"]) and _SETTLED & {*behind[2:4]}
    return bool(told) or (behind[:1] != [] and behind[0] in _COUNCIL and _ORG.isdisjoint(_listed(t, span)))


def _listed(t: Tokens, span: tagger.Span) -> frozenset[str]:
    return tagger.gazetteer().get(t.written(span.start, span.end), frozenset())


def _is_thing(t: Tokens, span: tagger.Span) -> bool:
    """Whether a name can't be a person's: "which" takes it up, or many organisations share its first or last word."""
    behind = t.lower[span.end : span.end + 2]
    first, last = t.text[span.start], t.text[span.end - 1]
    begin, end = shared()
    shares = first in begin or (last in end and not tagger.is_given(first))
    return behind == [",", "which"] or (span.end > span.start + 1 and shares)


@cache
def shared() -> tuple[frozenset[str], frozenset[str]]:
    """Words with which the names of _SHARED organisations begin, and end, and no listed name of a person or place."""
    listed = tagger.gazetteer()
    rows = (alike.split("|") for kinds, alike in tagger.table("gazetteer.tsv") if "organisation" in kinds.split())
    names = [name.split() for names in rows for name in names if " " in name]
    counts = (Counter(words[0] for words in names), Counter(words[-1] for words in names))
    begin, end = (
        frozenset(
            word for word, n in count.items() if n >= _SHARED and word.isalpha() and listed.get(word, _ORG) <= _ORG
        )
        for count in counts
    )
    return begin, end


def evidence(t: Tokens, spans: Sequence[tagger.Span]) -> Numbers:
    """What the network reads: a row a span."""
    own = [i for span in spans for i in range(span.start, span.end)]
    given = np.log(tagger.likely(t, LABELS, own) + _LEAST).astype(np.float32)
    firsts = np.cumsum([0, *(span.end - span.start for span in spans[:-1])])
    agreed = np.exp(np.array([np.subtract(span.fits or _NO_FIT, max(span.fits or _NO_FIT)) for span in spans]))
    vectors, size = learned().vectors, len(t.text)
    named, places, looks = [], [], []
    kinds: list[NDArray[np.bool_]] = []
    for span in spans:
        words = t.text[span.start : span.end]
        head = next((i for i in range(span.start, span.end) if not span.start <= t.head[i] < span.end), span.end - 1)
        around = (span.start - 2, span.start - 1, span.end, span.end + 1, t.head[head])
        beside = [t.text[i] if 0 <= i < size else "" for i in around]
        capital = [word for word in words if word[0].isupper()] or words
        within = [_place(word) for word in capital]
        named.append(within)
        places.append([within[0], within[-1], *map(_place, beside)])
        listed = (beside[1], capital[0], words[-1], beside[2], " ".join(words))
        kinds += map(_kinds, listed)
        unknown = within.count(len(vectors) - 1) / len(within)
        looks.append([*_looks(t, span, beside), unknown, *(t.dep[head] == kind for kind in _DEPENDENCIES)])
    starts = np.cumsum([0, *map(len, named[:-1])])
    means = np.add.reduceat(vectors[np.concatenate(named)], starts) / np.array([len(w) for w in named])[:, None]
    parts = [
        np.maximum.reduceat(given, firsts),
        given[firsts],
        agreed / agreed.sum(axis=1, keepdims=True),
        means,
        vectors[np.array(places)].reshape(len(spans), -1),
        np.concatenate(kinds).reshape(len(spans), -1),
        np.array(looks),
        _throughout(t, spans),
    ]
    return np.hstack(parts).astype(np.float32)


def _looks(t: Tokens, span: tagger.Span, beside: Sequence[str]) -> list[float]:
    """What is seen of the name and what stands beside it."""
    words, size = t.text[span.start : span.end], len(t.text)
    name = " ".join(words)
    past = min(t.sentence[span.start][1], span.end + _FAR)
    taken_up = next((_TAKES_UP[word] for word in t.lower[span.end : past] if word in _TAKES_UP), -1)
    return [
        *(taken_up == kind for kind in range(3)),
        *(len(words) == n for n in (1, 2, 3)),
        len(words) > 3,
        name.isupper(),
        len(name),
        "&" in words,
        any(map(str.isdigit, name)),
        "." in name,
        t.opens(span.start),
        *(beside[1].lower() == word for word in ("the", "a")),
        *(bool(word) and word in tagger.QUOTES for word in beside[1:3]),
        not span.fits,
        *(span.end < size and t.tag[span.end][:1] == tag for tag in "VNJ"),
    ]


def _throughout(t: Tokens, spans: Sequence[tagger.Span]) -> Numbers:
    """What the whole text says of each name: of which longer names it is a part, how often it stands there, what stands
    before and behind its mentions; and of the text: how many names it has, how much of it is sport, and business.
    """
    names = [" ".join(t.text[span.start : span.end]) for span in spans]
    kinds, words = tagger.lexicon(), ["", *t.lower, ""]
    longer: dict[str, set[bool]] = {}
    for name, span in zip(names, spans, strict=True):
        first, *_, last = [*name.split()] * 2
        for part in {first, last} - {name}:
            longer.setdefault(part, set()).add(span.type == "PERSON" and part == last)
    told = []
    for span in spans:
        ahead, past = words[span.start], words[span.end + 1]
        before = (ahead in kinds["locative"], ahead == "the", ahead in kinds["title"])
        told.append((*before, past in kinds["says"], past in _POSSESSIVE))
    _, same, number = np.unique(names, return_inverse=True, return_counts=True)
    shares = np.zeros((len(number), len(told[0])))
    np.add.at(shares, same, told)
    within = [longer.get(name, set()) for name in names]
    alone = np.array([not of and " " not in name for of, name in zip(within, names, strict=True)])
    parts = np.array([(True in of, False in of) for of in within])
    size = np.full(len(spans), np.log1p(len(spans)))
    topics = [sum(map(kinds[kind].__contains__, t.lower)) / len(t.lower) for kind in ("sport", "business")]
    text = np.tile(topics, (len(spans), 1))
    told_of = (shares / number[:, None])[same]
    return np.column_stack([parts, alone, alone * size, size, np.log(number)[same], told_of, text])


@lru_cache(maxsize=100_000)
def _place(word: str) -> int:
    """The row of a word's vector; the last, of zeros, for one that is not known."""
    known, lower = learned().words, word.lower()
    forms = (lower, tagger.plain(lower), lower.strip(".'’"), lower.removesuffix("s"))
    return next((known[form] for form in forms if form in known), len(known))


@lru_cache(maxsize=100_000)
def _kinds(word: str) -> NDArray[np.bool_]:
    """Of which kinds of name and of word a word can be."""
    listed, lower = tagger.gazetteer().get(word, ()), word.lower()
    classes = (lower in tagger.lexicon()[kind] for kind in tagger.CLASSES)
    return np.array([*(kind in listed for kind in _GAZETTEER), *classes])
