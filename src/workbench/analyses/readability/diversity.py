"""How varied the words of a text are, whatever its length: MTLD and MATTR, with intervals."""

import re
from collections import Counter
from collections.abc import Sequence
from math import nan

import numpy as np

from workbench.documents import Document
from workbench.language import paragraphs, parted, per_document
from workbench.statistics import interval, interval_of_mean

UNITS = {"mtld": "words in a row", "mattr": "different words / words"}
THRESHOLD, WINDOW = 0.72, 50  # as their authors have them
LEAST = 5  # stretches from which an interval is drawn
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


@per_document
def sentence_words(document: Document) -> list[list[str]]:
    """The words of each sentence or line, in small letters."""
    text = document.text
    spans = [span for paragraph in paragraphs(text) for span in parted(text, *paragraph)]
    return [_WORD.findall(text[start:end].lower()) for start, end in spans]


def mtld(words: Sequence[str]) -> tuple[float, float, float]:
    """How many words in a row, on average, until types/words has fallen to 0.72; and the ends of its interval.

    The mean of a pass forwards and one backwards; what is left at the end counts as part of a stretch. The interval
    (95 %) is from resampling the stretches of the pass forwards. NaN where no word recurs. McCarthy & Jarvis (2010).
    """
    passes = [np.array(_stretches(some)).reshape(-1, 2).sum(axis=0) for some in (words, words[::-1])]
    value = float(np.mean([total / factors if factors else nan for total, factors in passes]))
    stretches = np.array(_stretches(words)).reshape(-1, 2)
    low, high = interval(stretches, lambda sums: sums[:, 0] / sums[:, 1]) if len(stretches) >= LEAST else (nan, nan)
    return value, low, high


def _stretches(words: Sequence[str]) -> list[tuple[float, float]]:
    """The length of each stretch, and how much of one it is: 1, at the end less."""
    found, types, length = [], set[str](), 0
    for word in words:
        types.add(word)
        length += 1
        if len(types) / length <= THRESHOLD:
            found.append((float(length), 1.0))
            types, length = set(), 0
    if length:
        found.append((float(length), (1 - len(types) / length) / (1 - THRESHOLD)))
    return found


def mattr(words: Sequence[str]) -> tuple[float, float, float]:
    """Types/words, 0 to 1, the mean over all windows of 50 words; and the ends of its interval.

    The interval (95 %) is from resampling windows that don't overlap. NaN for fewer words. Covington & McFall (2010).
    """
    if len(words) < WINDOW:
        return nan, nan, nan
    inside, types = Counter(words[:WINDOW]), []
    for k in range(WINDOW, len(words) + 1):
        types.append(len(inside))
        if k < len(words):
            inside[words[k]] += 1
            inside[words[k - WINDOW]] -= 1
            if not inside[words[k - WINDOW]]:
                del inside[words[k - WINDOW]]
    shares = np.array(types) / WINDOW
    apart = shares[::WINDOW]
    return float(shares.mean()), *(interval_of_mean(apart) if len(apart) >= LEAST else (nan, nan))
