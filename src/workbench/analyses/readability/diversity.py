"""How varied the words of a text are, whatever its length: MTLD and MATTR, with intervals."""

import re
from itertools import count
from math import nan
from unicodedata import normalize

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.analyses.readability.counting import OPENING, words_of
from workbench.documents import Document
from workbench.language import per_document
from workbench.statistics import interval, interval_of_mean

UNITS = {"mtld": "words in a row", "mattr": "different words / words"}
THRESHOLD, WINDOW = 0.72, 50  # as their authors have them


@per_document
def word_numbers(document: Document) -> NDArray[np.int64]:
    """For each word of the document the place where it first stood, in small letters and without accents."""
    text = "\n" + "\n".join(words_of(document).written).lower()
    for mark in OPENING:
        text = text.replace(f"\n{mark}", "\n")
    text = text.replace("’", "'")
    if not text.isascii():
        text = re.sub("[\u0300-\u036f]", "", normalize("NFD", text))
    first: dict[str, int] = {}
    return np.array([*map(first.setdefault, text.split("\n")[1:], count())], dtype=np.int64)


def mtld(words: ArrayLike) -> tuple[float, float, float]:
    """How many words in a row, on average, until types/words has fallen to 0.72; and the ends of its interval.

    The mean of a pass forwards and one backwards; what is left at the end counts as part of a stretch. The interval
    (95 %) is from leaving out each stretch of the pass forwards. NaN where no word recurs. McCarthy & Jarvis (2010).
    """
    passes = [_stretches(_last(some)) for some in (np.asarray(words), np.asarray(words)[::-1])]
    sums = [stretches.sum(axis=0) for stretches in passes]
    value = float(np.mean([total / factors if factors else nan for total, factors in sums]))
    return value, *interval(passes[0], lambda sums: sums[:, 0] / sums[:, 1])


def _stretches(last: NDArray[np.int64]) -> NDArray[np.float64]:
    """A row a stretch: its length, and how much of one it is: 1, at the end less. From where each word stood before."""
    found: list[tuple[float, float]] = []
    start, types = 0, 0
    for place, before in enumerate(last.tolist(), 1):
        types += before < start
        if types / (place - start) <= THRESHOLD:
            found.append((place - start, 1.0))
            start, types = place, 0
    if start < len(last):
        found.append((len(last) - start, (1 - types / (len(last) - start)) / (1 - THRESHOLD)))
    return np.array(found, dtype=float).reshape(-1, 2)


def mattr(words: ArrayLike) -> tuple[float, float, float]:
    """Types/words, 0 to 1, the mean over all windows of 50 words; and the ends of its interval.

    The interval (95 %) is from windows that don't overlap. NaN for fewer words. Covington & McFall (2010).
    """
    last = _last(words)
    if len(last) < WINDOW:
        return nan, nan, nan
    # A word is one more type in the windows that begin after it stood last, until they begin after itself.
    place, windows = np.arange(len(last)), len(last) - WINDOW + 1
    first = np.maximum(last + 1, place - WINDOW + 1)
    counted = first < windows
    changes = np.bincount(np.maximum(first, 0)[counted], minlength=windows + 1)
    changes = changes - np.bincount(np.minimum(place + 1, windows)[counted], minlength=windows + 1)
    shares = np.cumsum(changes)[:windows] / WINDOW
    return float(shares.mean()), *interval_of_mean(shares[::WINDOW])


def _last(words: ArrayLike) -> NDArray[np.int64]:
    """Where each word stood last before: its place, -1 for none."""
    words = np.asarray(words)
    order = np.argsort(words, kind="stable")
    again = words[order][1:] == words[order][:-1]
    found = np.full(len(words), -1)
    found[order[1:][again]] = order[:-1][again]
    return found
