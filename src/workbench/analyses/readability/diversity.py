"""How varied the words of a text are, whatever its length: MTLD and MATTR, with intervals."""

import re
from collections.abc import Sequence
from math import nan
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.readability.counting import OPENING, words_of
from workbench.documents import Document
from workbench.language import per_document
from workbench.statistics import interval, interval_of_mean

UNITS = {"mtld": "words in a row", "mattr": "different words / words"}
THRESHOLD, WINDOW = 0.72, 50  # as their authors have them


@per_document
def sentence_words(document: Document) -> list[list[str]]:
    """The words of each sentence or line, in small letters without accents."""
    found = words_of(document)
    text = "\n".join(found.written).lower().replace("’", "'")
    if not text.isascii():
        text = re.sub("[\u0300-\u036f]", "", normalize("NFD", text))
    words, ends = [word.lstrip(OPENING) for word in text.split("\n")], np.cumsum(found.words).tolist()
    return [words[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def mtld(words: Sequence[str]) -> tuple[float, float, float]:
    """How many words in a row, on average, until types/words has fallen to 0.72; and the ends of its interval.

    The mean of a pass forwards and one backwards; what is left at the end counts as part of a stretch. The interval
    (95 %) is from leaving out each stretch of the pass forwards. NaN where no word recurs. McCarthy & Jarvis (2010).
    """
    passes = [_stretches(some) for some in (words, words[::-1])]
    sums = [stretches.sum(axis=0) for stretches in passes]
    value = float(np.mean([total / factors if factors else nan for total, factors in sums]))
    return value, *interval(passes[0], lambda sums: sums[:, 0] / sums[:, 1])


def _stretches(words: Sequence[str]) -> NDArray[np.float64]:
    """A row a stretch: its length, and how much of one it is: 1, at the end less."""
    found, start, types, length = [], 0, 0, 0
    for place, last in enumerate(_last(words)):
        types += last < start
        length += 1
        if types / length <= THRESHOLD:
            found.append((float(length), 1.0))
            start, types, length = place + 1, 0, 0
    if length:
        found.append((float(length), (1 - types / length) / (1 - THRESHOLD)))
    return np.array(found).reshape(-1, 2)


def mattr(words: Sequence[str]) -> tuple[float, float, float]:
    """Types/words, 0 to 1, the mean over all windows of 50 words; and the ends of its interval.

    The interval (95 %) is from windows that don't overlap. NaN for fewer words. Covington & McFall (2010).
    """
    if len(words) < WINDOW:
        return nan, nan, nan
    # A word is one more type in the windows that begin after it stood last, until they begin after itself.
    place, windows = np.arange(len(words)), len(words) - WINDOW + 1
    first = np.maximum(np.array(_last(words)) + 1, place - WINDOW + 1)
    counted = first < windows
    changes = np.bincount(np.maximum(first, 0)[counted], minlength=windows + 1)
    changes = changes - np.bincount(np.minimum(place + 1, windows)[counted], minlength=windows + 1)
    shares = np.cumsum(changes)[:windows] / WINDOW
    return float(shares.mean()), *interval_of_mean(shares[::WINDOW])


def _last(words: Sequence[str]) -> list[int]:
    """Where each word stood last before: its place, -1 for none."""
    stood: dict[str, int] = {}
    found = []
    for place, word in enumerate(words):
        found.append(stood.get(word, -1))
        stood[word] = place
    return found
