"""Estimated difficulty: what makes a text hard, weighed as people judged."""

import gzip
import json
import re
import struct
from collections import ChainMap, Counter
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from itertools import repeat
from math import log10
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.readability.counting import OPENING, Facts, Found, words_of
from workbench.analyses.readability.words import is_listed, plain, syllables
from workbench.documents import Document
from workbench.language import per_document

# Endings that make a noun or adjective from another word, mostly abstract and of Latin or Greek origin.
ABSTRACT = tuple("ion ions ence ences ance ances ency ancy ness ment ments ity ities ism isms ous".split())
SECOND_PERSON = frozenset(["you", "your", "yours", "yourself", "yourselves"])
RELATIVES = frozenset(["which", "whose", "whom"])
PREPOSITIONS = frozenset(
    "of in to for with on at from by about into through over between against during without within among upon towards "
    "toward under".split()
)
# What a word adds: its mean over a sentence's words.
PER_WORD = [
    "rarity",
    "rarity below 1 in 10,000",
    "not known to third-graders",
    "four syllables or more",
    "words in -ed",
    "words in -ing",
    "abstract endings",
    "relative pronouns",
    "second person",
]
# What a sentence has: once for each of its words, so that a text's figure is the mean over its words.
PER_SENTENCE = ["length", "length up to 60", "long words", "rare words", "prepositions", "commas"]
FEATURES = [*PER_WORD, *PER_SENTENCE]
ASPECTS = dict.fromkeys(PER_WORD[:7], "words") | {"vocabulary": "vocabulary"}
ASPECTS |= dict.fromkeys(["relative pronouns", "second person", "prepositions"], "grammar")
ASPECTS |= {"long words": "words", "rare words": "words"}
SUMS = [*FEATURES, "vocabulary", "names", "words", "sentences"]
LEVELS = ["A1", "A2", "B1", "B2", "C1", "C2"]


@cache
def model() -> dict[str, dict[str, float]]:
    """By feature its `means` in news and `coefficients`, and `level`, that of average news on the scale of LEVELS.

    Learned by `training/difficulty.py`.
    """
    text = Path(__file__).with_name("difficulty.json").read_text("utf-8")
    learned: dict[str, dict[str, float]] = json.loads(text)
    return learned


@cache
def word_weights() -> dict[str, float]:
    """What single words add beyond their features, in difficulty; learned by `training/difficulty.py`."""
    weights = {}
    for line in Path(__file__).with_name("word_weights.tsv").read_text("utf-8").splitlines():
        weight, alike = line.split("\t")
        weights.update(dict.fromkeys(alike.split(" "), float(weight)))
    return weights


@cache
def frequencies() -> Mapping[str, float]:
    """Relative frequencies of English words: wordfreq's list, without wordfreq's import, which takes twice as long."""
    import msgpack  # start-up time

    packed = metadata.distribution("wordfreq").locate_file("wordfreq/data/large_en.msgpack.gz")
    _, *alike = msgpack.unpackb(gzip.decompress(Path(str(packed)).read_bytes()))
    known: list[dict[str, float]] = [{}]
    for centibels, words in enumerate(alike):
        if len(known[-1]) > 50_000:  # several are filled in half the time that one takes
            known.append({})
        known[-1].update(zip(words, repeat(10 ** (-centibels / 100))))
    return ChainMap(*known)


def rarity(word: str) -> float:
    """How rare a word is, or its rarest part: 5 for 1 in 100,000 words, at most 8."""
    frequency = frequencies().get(word)
    if not frequency:
        parts = [part for part in re.split(r"[\W_]+", word) if part]
        frequency = min((frequencies().get(part, 1e-8) for part in parts), default=1e-8)
    return min(8.0, -log10(frequency))


def word_facts(written: str) -> tuple[float, ...]:
    """PER_WORD of a word as it stands, its own weight, and what a sentence sums up of it."""
    word = plain(written.lstrip(OPENING))
    if not any(map(str.isalpha, word)):
        return (0.0,) * (len(PER_WORD) + 4)
    decades, spoken = rarity(word), syllables(word)
    return (
        decades,
        max(0.0, decades - 4),
        not is_listed(word, "early_words"),
        spoken > 3,
        len(word) > 4 and word.endswith("ed"),
        len(word) > 5 and word.endswith("ing"),
        len(word) > 5 and word.endswith(ABSTRACT),
        word in RELATIVES,
        word in SECOND_PERSON,
        word_weights().get(word, 0.0),
        spoken > 2,
        max(0.0, decades - 5),
        word in PREPOSITIONS,
    )


WEIGHED = Facts(lambda written: struct.pack(f"{len(PER_WORD) + 4}d", *word_facts(written)))


def feature_sums(found: Found, text: str) -> NDArray[np.float64]:
    """A row a sentence or line of `text`, a column each of SUMS; lines and sentences without a word are all 0."""
    facts = WEIGHED.of(found.written, np.dtype(float)).reshape(-1, len(PER_WORD) + 4).copy()
    facts[found.is_name] = 0
    *per_word, vocabulary, long, rare, prepositions = found.summed(facts).T
    words = found.words.astype(float)
    commas = [sum(map(text[start:end].count, ",;")) for start, end in found.spans]
    per_sentence = [
        np.log(np.maximum(words, 1)),
        np.minimum(words, 60),
        np.log1p(long),
        np.log1p(rare),
        np.log1p(prepositions),
        np.array(commas, dtype=float) / np.maximum(words, 1),
    ]
    sums = [*per_word, *(value * words for value in per_sentence), vocabulary, found.summed(found.is_name), words]
    return np.column_stack([*sums, np.ones(len(words))]) * (found.is_sentence & (words > 0))[:, None]


def ratios(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """FEATURES and the vocabulary as means over the words, a name counting as a usual word; last axis as in SUMS."""
    names, words = sums[..., [-3]], sums[..., [-2]]
    usual = np.array(list(model()["means"].values()))
    of_a_name = np.r_[usual[: len(PER_WORD)], np.zeros(len(PER_SENTENCE)), usual[-1]]
    return (sums[..., :-3] + names * of_a_name) / words


def effects(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each of FEATURES and the vocabulary adds to the estimated difficulty, against average news."""
    means, coefficients = (np.array(list(model()[part].values())) for part in ("means", "coefficients"))
    return (ratios(sums) - means) * coefficients


def estimated_difficulty(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Difficulty as people judge it: 0 is an average newspaper article, 1 a level of the CEFR (A1 to C2) harder.

    A text's is the mean of its sentences', each counted by its words: a linear model of FEATURES and of what single
    words add, learned from judgements of six kinds at once; see `difficulty.md`. A longer sentence, a rarer word or
    one more relative clause never makes it easier. NaN without a word.
    """
    return effects(sums).sum(axis=-1)


def level(value: float) -> str:
    """The level of the CEFR that is nearest to an estimated difficulty: A1 to C2."""
    if np.isnan(value):
        return "–"
    return LEVELS[int(np.clip(np.floor(value + model()["level"]["news"] + 0.5), 1, 6)) - 1]


@per_document
def sentence_sums(document: Document) -> NDArray[np.float64]:
    """What `feature_sums` gives for the document's text."""
    return feature_sums(words_of(document), document.text)


def contributions(document: Document) -> pd.DataFrame:
    """What makes the text hard, hardest first: feature, aspect, value, usual, contribution.

    `aspect` is words (how rare, long and abstract they are), grammar (clauses, prepositions, address), sentences (their
    length) or vocabulary (what single words add beyond that); `value` is the feature's mean over the text's words,
    `usual` that of the 102 newspaper articles which are the scale's zero; `contribution` is what the difference adds to
    the estimated difficulty. They add up to it. Features overlap, so a single one's part is less certain than that of
    its aspect.

    >>> doc = wb.Document.from_text("Ann Lee met Bo Berg in Oslo. It was late.")
    >>> bool(wb.contributions(doc).contribution.is_monotonic_decreasing)
    True
    """
    total = sentence_sums(document).sum(axis=0)
    with np.errstate(invalid="ignore"):
        value, effect = ratios(total), effects(total)
    features = [*FEATURES, "vocabulary"]
    aspects = [ASPECTS.get(feature, "sentences") for feature in features]
    usual = list(model()["means"].values())
    columns = {"feature": features, "aspect": aspects, "value": value, "usual": usual, "contribution": effect}
    return pd.DataFrame(columns).sort_values("contribution", ascending=False, kind="stable", ignore_index=True)


def by_sentence(sums: NDArray[np.float64], around: int = 7) -> pd.DataFrame:
    """A row a sentence: difficulty, around, adds; from rows of SUMS, NaN for lines.

    `difficulty` is the sentence's own estimate, which is noisy; `around` that of the `around` sentences about it, the
    curve over the article; `adds` its part of the whole text's, difficulty times share of the words: they add up to it.
    """
    rows = np.flatnonzero(sums[:, -1] > 0)
    each = sums[rows]
    running = np.vstack([np.zeros(len(SUMS)), each.cumsum(axis=0)])
    first = np.clip(np.arange(len(each)) - around // 2, 0, None)
    last = np.clip(np.arange(len(each)) + around // 2 + 1, None, len(each))
    values = np.full((len(sums), 3), np.nan)
    own = estimated_difficulty(each)
    share = each[:, -2] / max(each[:, -2].sum(), 1)
    values[rows] = np.column_stack([own, estimated_difficulty(running[last] - running[first]), own * share])
    return pd.DataFrame(values, columns=["difficulty", "around", "adds"])


def hard_words(document: Document) -> pd.DataFrame:
    """A row a word, hardest first: word, times, share, what its occurrences add to the estimated difficulty.

    By the word's own features and weight, against a usual word's; names and what third-graders know are left out.

    >>> doc = wb.Document.from_text("The promulgation of edicts was late. It was late.")
    >>> wb.hard_words(doc).word[0]
    'promulgation'
    """
    found, total = words_of(document), sentence_sums(document).sum(axis=0)
    measured = np.repeat(found.is_sentence, found.words) & ~found.is_name
    spoken = (word.lstrip(OPENING).lower() for word, kept in zip(found.written, measured, strict=True) if kept)
    known = PER_WORD.index("not known to third-graders")
    times = Counter(word for word in spoken if word_facts(word)[known])
    kept = [*range(len(PER_WORD)), len(FEATURES)]
    usual, coefficients = (np.array(list(model()[part].values()))[kept] for part in ("means", "coefficients"))
    facts = np.array([word_facts(word)[: len(kept)] for word in times], dtype=float).reshape(-1, len(kept))
    table = pd.DataFrame(
        {"word": pd.array([*times], dtype=object), "times": np.array([*times.values()], dtype="int64")}
    )
    table["share"] = table["times"] * ((facts - usual) @ coefficients) / max(total[-2], 1.0)
    return table.sort_values(["share", "word"], ascending=[False, True], ignore_index=True)
