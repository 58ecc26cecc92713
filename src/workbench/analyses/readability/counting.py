"""One counting pass: what the readability formulas count, sentence by sentence."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.readability.lookup import look_up
from workbench.analyses.readability.words import COUNTS
from workbench.language import paragraphs, parted

COLUMNS = ["start", "end", "text", "kind", *COUNTS]
STOPPING, CLOSING = frozenset(".!?…:;,—–-"), "\"'”’»)]*_"
_LONGEST_LINE = 20  # words of a headline, caption or date line, at most


def is_line(part: str, words: int, small: int) -> bool:
    """Whether a whole paragraph of 20 words at most is a headline, caption, date line or the like and not a sentence.

    It has no stop at its end; or no word in small letters, but a figure or capitals throughout; or no word at all.
    """
    if part.rstrip(CLOSING)[-1:] not in STOPPING:
        return words <= _LONGEST_LINE
    return words == 0 or (small == 0 and words <= _LONGEST_LINE and (any(map(str.isdigit, part)) or part.isupper()))


def tally(text: str) -> tuple[list[tuple[int, int]], NDArray[np.bool_], NDArray[np.int64]]:
    """The sentences of `text`: their ranges, whether each is one or but a line, and a row of COUNTS for each."""
    spans, whole = [], []
    for paragraph in paragraphs(text):
        parts = parted(text, *paragraph)
        spans += parts
        whole += [len(parts) == 1] * len(parts)
    begins = [start for start, _ in spans]
    word = look_up(text, begins)
    bounds = np.searchsorted(word.start, [*begins, len(text)])
    at, words = bounds[:-1], np.diff(bounds)
    full = words > 0

    def summed(column: NDArray) -> NDArray[np.int64]:
        sums = np.zeros((len(spans), *column.shape[1:]), dtype=np.int64)
        if full.any():
            sums[full] = np.add.reduceat(column, at[full], axis=0, dtype=np.int64)
        return sums

    each = zip(spans, whole, words.tolist(), summed(word.small).tolist(), strict=True)
    lines = [alone and is_line(text[slice(*span)], many, small) for span, alone, many, small in each]
    is_sentence = ~np.array(lines, dtype=bool)
    opens = word.opened
    opens[at[full]] = True
    names = word.capital & ~opens
    known = set(word.number[names & np.repeat(is_sentence, words)].tolist())
    first = np.flatnonzero(word.capital & opens)
    numbers, small = word.number[first].tolist(), word.number[word.small]
    known -= {number for number in known.intersection(numbers) if (small == number).any()}
    names[first] = [number in known for number in numbers]
    word.counts[names, len(COUNTS) - 2 :] = 0
    if words[~is_sentence].sum() > 0.9 * words.sum():
        is_sentence = full
    return spans, is_sentence, summed(word.counts)


def count(text: str) -> pd.DataFrame:
    """A row a sentence of `text`, and a row a line that is none: start, end, text, kind and COUNTS.

    `kind` is `sentence`, or `line` for headlines, captions and date lines; where nine words in ten stand in such
    lines, as in verse and transcripts, all are sentences. Words are runs of letters and figures: contractions,
    hyphenated words, abbreviations and figures are one word each; `letters` counts the figures in them, `long` words
    have over 6 others. `syllables` and `monosyllables` take figures and abbreviations as one syllable (Flesch 1948);
    `polysyllables` (three or more) takes them as read aloud (McLaughlin 1969). `complex` words: see `is_complex`;
    `unfamiliar`: see `is_familiar`; names (capitals inside a sentence, or at its start where the text has them inside
    one and never in lower case) are neither.
    """
    spans, is_sentence, counts = tally(text)
    ranges = np.array(spans, dtype=int).reshape(-1, 2)
    texts = pd.array([text[start:end] for start, end in spans], dtype="str")
    columns = [*ranges.T, texts, np.where(is_sentence, "sentence", "line"), *counts.T]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
