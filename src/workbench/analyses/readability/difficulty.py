"""Estimated difficulty: what makes a text hard, weighed as teachers judged."""

import json
from bisect import bisect
from collections import Counter
from functools import cache, lru_cache
from math import log10
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from spacy.tokens import Doc

from workbench.analyses.readability.counting import tally
from workbench.analyses.readability.words import COUNTS, syllables, with_inflections
from workbench.documents import Document
from workbench.language import parse, per_document

# Endings that make a word from another one, mostly abstract and of Latin or Greek origin.
ENDINGS = {
    "words in -ion": ("tion", "tions", "sion", "sions"),
    "words in -ence": ("ance", "ances", "ancy", "ancies", "ence", "ences", "ency", "encies"),
    "words in -ness": ("ness", "nesses"),
    "words in -ment": ("ment", "ments"),
    "words in -ity": ("ity", "ities"),
    "words in -ic": ("ic", "ical"),
    "words in -ous": ("ous",),
    "words in -al": ("al",),
    "words in -ism": ("ism", "isms", "ist", "ists"),
    "words in -er": ("er", "ers", "or", "ors"),
}
PERSONS = {
    "first person": {"i", "me", "my", "mine", "we", "us", "our", "ours"},
    "second person": {"you", "your", "yours"},
    "contractions": {f"{mark}{end}" for mark in "'’" for end in ("ll", "re", "ve", "m", "d")} | {"n't", "n’t"},
}
# What a word adds by itself, names excepted; `rarity` in decades below 1 in 100,000 or in 10,000 words.
WORD_FEATURES = [
    "rarity below 1 in 100,000",
    "rarity below 1 in 10,000",
    "not known to third-graders",
    "four syllables or more",
    "nine letters or more",
    *ENDINGS,
    *PERSONS,
]
PARSED_FEATURES = {
    "nouns": ("POS", "NOUN"),
    "adjectives": ("POS", "ADJ"),
    "plural nouns": ("TAG", "NNS"),
    "verbs in -s": ("TAG", "VBZ"),
    "verbs in the present": ("TAG", "VBP"),
    "verbs in the past": ("TAG", "VBD"),
    "verbs in -ing": ("TAG", "VBG"),
    "modal verbs": ("TAG", "MD"),
    "when, where, why, how": ("TAG", "WRB"),
    "subjects": ("DEP", "nsubj"),
    "passives": ("DEP", "auxpass"),
    "coordination": ("DEP", "conj"),
    "compounds": ("DEP", "compound"),
}
COUNTED_FEATURES = ["monosyllables", "unfamiliar"]
PER_WORD = [*COUNTED_FEATURES, *WORD_FEATURES, *PARSED_FEATURES, "words repeated from the sentence before"]
PER_WORD += ["short sentences", "words beyond a sentence's thirtieth"]
PER_SENTENCE = ["words a sentence", "polysyllables a sentence", "depth of clauses", "longest dependency"]
FEATURES = [*PER_WORD, *PER_SENTENCE]
ASPECTS = {
    **dict.fromkeys([*COUNTED_FEATURES, *WORD_FEATURES], "words"),
    **dict.fromkeys([*PARSED_FEATURES, "depth of clauses", "longest dependency"], "grammar"),
    "vocabulary": "vocabulary",
}
CLAUSES = ["advcl", "ccomp", "relcl", "acl", "csubj"]
TOKEN: list[int | str] = ["IDX", "LOWER", "POS", "TAG", "DEP", "HEAD", "LEMMA"]
SUMS = [*FEATURES, "vocabulary", "words", "sentences"]


@cache
def model() -> dict[str, dict[str, float]]:
    """By feature its `means` and `coefficients`, by word its weight; learned by `training/difficulty.py`."""
    text = Path(__file__).with_name("difficulty.json").read_text("utf-8")
    learned: dict[str, dict[str, float]] = json.loads(text)
    return learned


@cache
def frequencies() -> dict[str, float]:
    """Relative frequencies of English words (wordfreq)."""
    from wordfreq import get_frequency_dict  # start-up time

    return get_frequency_dict("en")


@lru_cache(maxsize=1 << 16)
def word_facts(word: str) -> tuple[float, ...]:
    """WORD_FEATURES of a lower-case word, and its own weight; all 0 for what has no letter."""
    if not any(map(str.isalpha, word)):
        return (0.0,) * (len(WORD_FEATURES) + 1)
    decades = -log10(frequencies().get(word, 1e-8))
    plain = word.isalpha()
    return (
        max(0.0, decades - 5) * plain,
        max(0.0, decades - 4) * plain,
        plain and word not in with_inflections("early_words"),
        plain and syllables(word) > 3,
        len(word) > 8,
        *(len(word) > 5 and word.endswith(endings) for endings in ENDINGS.values()),
        *(word in words for words in PERSONS.values()),
        model()["words"].get(word, 0.0),
    )


def feature_sums(parsed: Doc) -> NDArray[np.float64]:
    """A row a sentence or line of the text (as `counting.tally` has them), a column each of SUMS; lines are all 0."""
    spans, is_sentence, counts = tally(parsed.text)
    token = dict(zip(map(str, TOKEN), parsed.to_array(TOKEN).reshape(-1, len(TOKEN)).T, strict=True))
    code = parsed.vocab.strings.add
    sentence = np.searchsorted([start for start, _ in spans], token["IDX"], side="right") - 1
    counted = (token["POS"] != code("SPACE")) & (sentence >= 0)

    def summed(values: ArrayLike) -> NDArray[Any]:
        return np.bincount(sentence[counted], np.asarray(values, dtype=float)[counted], len(spans))

    types, index = np.unique(token["LOWER"], return_inverse=True)
    facts = np.array([word_facts(parsed.vocab.strings[int(key)]) for key in types], dtype=float)
    facts = facts.reshape(-1, len(WORD_FEATURES) + 1)[index] * (token["POS"] != code("PROPN"))[:, None]
    content = counted & np.isin(token["POS"], [code(name) for name in ("NOUN", "VERB", "ADJ", "ADV")])
    said = set(zip(sentence[content].tolist(), token["LEMMA"][content].tolist(), strict=True))
    again = np.array([number for number, lemma in said if (number - 1, lemma) in said], dtype=int)
    offset = token["HEAD"].astype(np.int64)
    length = np.abs(offset) * (token["POS"] != code("PUNCT"))
    longest = np.zeros(len(spans))
    np.maximum.at(longest, sentence[counted], length[counted])
    count = dict(zip(COUNTS, counts.T.astype(float), strict=True))
    values = {
        **{name: count[name] for name in COUNTED_FEATURES},
        **{name: summed(column) for name, column in zip([*WORD_FEATURES, "vocabulary"], facts.T, strict=True)},
        **{name: summed(token[layer] == code(label)) for name, (layer, label) in PARSED_FEATURES.items()},
        "words repeated from the sentence before": np.bincount(again, minlength=len(spans)),
        "short sentences": count["words"] < 8,
        "words beyond a sentence's thirtieth": np.maximum(count["words"] - 30, 0),
        "words a sentence": count["words"],
        "polysyllables a sentence": count["polysyllables"],
        "depth of clauses": summed(clause_depth(np.isin(token["DEP"], [code(name) for name in CLAUSES]), offset)),
        "longest dependency": longest,
        "words": count["words"],
        "sentences": np.ones(len(spans)),
    }
    return np.column_stack([values[name] for name in SUMS]) * is_sentence[:, None]


def clause_depth(heads_clause: NDArray[np.bool_], offset: NDArray[np.int64]) -> NDArray[np.int_]:
    """For each token that heads a clause, how many clauses it stands in, its own included; 0 for the others."""
    at = np.arange(len(offset))
    depth = heads_clause.astype(int)
    while (offset[at] != 0).any():
        at = at + offset[at]
        depth += heads_clause[at] & (offset[at] != 0)
    return depth * heads_clause


def ratios(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """FEATURES as square roots of their rates a word or a sentence, and the vocabulary's mean; last axis as in SUMS."""
    per_word, per_sentence = sums[..., : len(PER_WORD)], sums[..., len(PER_WORD) : len(FEATURES)]
    vocabulary, words, sentences = (sums[..., [i]] for i in (-3, -2, -1))
    return np.concatenate([np.sqrt(per_word / words), np.sqrt(per_sentence / sentences), vocabulary / words], axis=-1)


def effects(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each of FEATURES and the vocabulary adds to the estimated difficulty, against the training mean."""
    means, coefficients = (np.array(list(model()[part].values())) for part in ("means", "coefficients"))
    return (ratios(sums) - means) * coefficients


def estimated_difficulty(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Difficulty as teachers judge it; 0 is the mean of the excerpts judged, 1 a standard deviation harder.

    A ridge regression on FEATURES and on what single words add, trained on CLEAR (Crossley et al. 2022); see
    `difficulty.md`. NaN without a word.
    """
    return effects(sums).sum(axis=-1)


@per_document
def sentence_sums(document: Document) -> NDArray[np.float64]:
    """What `feature_sums` gives for the document's parse."""
    return feature_sums(parse(document))


def contributions(document: Document) -> pd.DataFrame:
    """What makes the text hard, hardest first: feature, aspect, value, usual, contribution.

    `aspect` is words, grammar, sentences or vocabulary (what single words add); `value` is the feature's rate in the
    text, `usual` in the training texts (both a word, or a sentence where it says so); `contribution` is what the
    difference adds to the estimated difficulty. They add up to it. Features overlap, so a single one's part is less
    certain than that of its aspect.
    """
    total = sentence_sums(document).sum(axis=0)
    with np.errstate(invalid="ignore"):
        value, effect = ratios(total), effects(total)
    usual = np.array(list(model()["means"].values()))
    features, power = [*FEATURES, "vocabulary"], np.array([2] * len(FEATURES) + [1])
    aspects = [ASPECTS.get(feature, "sentences") for feature in features]
    columns = {"feature": features, "aspect": aspects, "value": value**power, "usual": usual**power}
    table = pd.DataFrame(columns | {"contribution": effect})
    return table.sort_values("contribution", ascending=False, kind="stable", ignore_index=True)


def by_sentence(sums: NDArray[np.float64], around: int = 7) -> pd.DataFrame:
    """A row a sentence: difficulty, around, adds; from rows of SUMS, NaN for lines.

    `difficulty` is the sentence's own estimate, which is noisy; `around` that of the `around` sentences about it, the
    curve over the article; `adds` how much lower the whole text's would be without it.
    """
    rows = np.flatnonzero(sums[:, -1] > 0)
    each = sums[rows]
    running = np.vstack([np.zeros(len(SUMS)), each.cumsum(axis=0)])
    first = np.clip(np.arange(len(each)) - around // 2, 0, None)
    last = np.clip(np.arange(len(each)) + around // 2 + 1, None, len(each))
    values = np.full((len(sums), 3), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = each.sum(axis=0)
        adds = estimated_difficulty(total) - estimated_difficulty(total - each)
        windows = estimated_difficulty(running[last] - running[first])
        values[rows] = np.column_stack([estimated_difficulty(each), windows, adds])
    return pd.DataFrame(values, columns=["difficulty", "around", "adds"])


def hard_words(document: Document) -> pd.DataFrame:
    """A row a word, hardest first: word, times, share, what its occurrences add to the estimated difficulty.

    By the word's own features and weight, to first order; names are left out.
    """
    each = sentence_sums(document)
    total = each.sum(axis=0)
    starts = [start for start, _ in tally(document.text)[0]]
    spoken = [token for token in parse(document) if token.is_alpha and token.pos_ != "PROPN"]
    times = Counter(token.lower_ for token in spoken if each[bisect(starts, token.idx) - 1, -1])
    coefficients = np.array([model()["coefficients"][name] for name in WORD_FEATURES])
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = coefficients / (2 * np.sqrt(total[[SUMS.index(name) for name in WORD_FEATURES]] / total[-2]))
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    facts = np.array([word_facts(word) for word in times], dtype=float).reshape(-1, len(WORD_FEATURES) + 1)
    table = pd.DataFrame(
        {"word": pd.array([*times], dtype=object), "times": np.array([*times.values()], dtype="int64")}
    )
    table["share"] = table["times"] * (facts @ [*slopes, 1.0]) / max(total[-2], 1.0)
    return table.sort_values(["share", "word"], ascending=[False, True], ignore_index=True)
