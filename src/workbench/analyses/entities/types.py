"""Of which type a name is: a network over what spaCy and the tagger say of it, its words, and those beside it."""

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.entities import tagger
from workbench.language import Tokens
from workbench.statistics import one_thread

TYPES = ["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", ""]  # "": none
LABELS = [*TYPES[:-1], "LANGUAGE", *sorted(tagger.NUMBERS), ""]  # of spaCy's
_GAZETTEER = ["organisation", "city", "region", "country", "demonym", "female", "male", "last"]
_DEPENDENCIES = ["nsubj", "nsubjpass", "pobj", "dobj", "compound", "poss", "appos", "conj", "ROOT", "nmod", "amod"]
_LEAST = 1e-3  # of a likelihood
_TRUST = 0.3  # how much spaCy's own likelihood counts once more, for names unlike those learned from
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
        words = {word: i for i, word in enumerate(bytes(file["words"]).decode().split("\n"))}
        vectors = np.vstack([file["vectors"] * file["scale"], np.zeros_like(file["scale"])]).astype(np.float32)
        return Learned(words, vectors, [file["hidden"].astype(np.float32), file["out"].astype(np.float32)])


@one_thread
def fits(t: Tokens, spans: Sequence[tagger.Span]) -> Numbers:
    """How likely each span is of each of TYPES, as logarithms: a row a span."""
    if not spans:
        return np.empty((0, len(TYPES)), dtype=np.float32)
    hidden, out = learned().layers
    units = np.maximum(evidence(t, spans) @ hidden[:-1] + hidden[-1], 0)
    own = tagger.likely(t, TYPES)
    given = np.array([own[span.start : span.end].max(axis=0) for span in spans])
    scores = units @ out[:-1] + out[-1] + _TRUST * np.log(given + _LEAST)
    scores -= scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def evidence(t: Tokens, spans: Sequence[tagger.Span]) -> Numbers:
    """What the network reads: a row a span."""
    given = np.log(tagger.likely(t, LABELS) + _LEAST).astype(np.float32)
    rows = [_row(t, span, given) for span in spans]
    return np.array(rows, dtype=np.float32)


def _row(t: Tokens, span: tagger.Span, given: Numbers) -> Numbers:
    start, end = span.start, span.end
    words, size = t.text[start:end], len(t.text)
    capital = [word for word in words if word[0].isupper()] or words
    head = next((i for i in range(start, end) if not start <= t.head[i] < end), end - 1)
    beside = [t.text[i] if 0 <= i < size else "" for i in (start - 2, start - 1, end, end + 1, t.head[head])]
    vectors = learned().vectors
    places = [_place(word) for word in capital]
    agreed = np.exp(np.array(span.fits or [0.0] * 4) - max(span.fits or [0.0]))
    name = " ".join(words)
    looks = [
        *(len(words) == n for n in (1, 2, 3)),
        len(words) > 3,
        name.isupper(),
        len(name),
        "&" in words,
        any(map(str.isdigit, name)),
        "." in name,
        t.opens(start),
        *(beside[1].lower() == word for word in ("the", "a")),
        *(bool(word) and word in tagger.QUOTES for word in beside[1:3]),
        not span.fits,
        sum(place == len(vectors) - 1 for place in places) / len(places),
        *(t.dep[head] == kind for kind in _DEPENDENCIES),
        *(end < size and t.tag[end][:1] == tag for tag in "VNJ"),
    ]
    return np.concatenate(
        [
            given[start:end].max(axis=0),
            given[start],
            agreed / agreed.sum(),
            vectors[places].mean(axis=0),
            *(vectors[[places[0], places[-1], *map(_place, beside)]]),
            *(_kinds(word) for word in (beside[1], capital[0], words[-1], beside[2], name)),
            looks,
        ]
    )


@lru_cache(maxsize=100_000)
def _place(word: str) -> int:
    """The row of a word's vector; the last, of zeros, for one that is not known."""
    known, lower = learned().words, word.lower()
    forms = (lower, tagger.plain(lower), lower.strip(".'’"), lower.removesuffix("s"))
    return next((known[form] for form in forms if form in known), len(known))


@lru_cache(maxsize=100_000)
def _kinds(word: str) -> tuple[bool, ...]:
    """Of which kinds of name and of word a word can be."""
    listed, lower = tagger.gazetteer().get(word, ()), word.lower()
    return *(kind in listed for kind in _GAZETTEER), *(lower in tagger.lexicon()[kind] for kind in tagger.CLASSES)
