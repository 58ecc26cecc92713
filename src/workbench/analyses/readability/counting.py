"""One counting pass: what the readability formulas count, sentence by sentence."""

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.readability.words import COUNTS, counted
from workbench.documents import Document
from workbench.language import paragraphs, per_document, sentences

COLUMNS = ["start", "end", "text", "kind", *COUNTS]
STOPPING, CLOSING = frozenset(".!?…:;,—–-"), "\"'”’»)]*_"
_LONGEST_LINE = 20  # words of a headline, caption or date line, at most
_KEPT, _KEPT_LETTERS = 1 << 17, 100  # words that Facts keeps, and letters of these, at most
OPENING = "\"“'’‘("
# A run of letters and figures with what joins them, and a mark that opens it.
WORD = re.compile(
    rf"""[{OPENING}]?[^\W_]+(?:
        (?:[-‐‑]?['’][-‐‑]?|[&@.\-‐‑]|(?<=[0-9])[,:/–](?=[0-9]))[^\W_]+
        |[\u0300-\u036f]+[^\W_]*  # an accent written apart
    )*""",
    re.VERBOSE,
)
# A word's COUNTS; whether it begins with a capital (which `I` is not), is in small letters, or opened by a mark.
ROW = np.dtype([("counts", "<u4", len(COUNTS)), ("capital", "?"), ("small", "?"), ("opened", "?"), ("", "V1")])
PACK = struct.Struct(f"<{len(COUNTS)}I3?x").pack


class Facts(dict[str, bytes]):
    """For each word as WORD finds it what `judge` says, packed; asked once and then kept, what is alike shared."""

    def __init__(self, judge: Callable[[str], bytes]) -> None:
        super().__init__()
        self.judge, self.shared = judge, dict[bytes, bytes]()

    def __missing__(self, written: str) -> bytes:
        facts = self.judge(written)
        if len(self) < _KEPT and len(written) < _KEPT_LETTERS:
            self[written] = self.shared.setdefault(facts, facts)
        return facts

    def of(self, words: Iterable[str], dtype: np.dtype[Any]) -> NDArray[Any]:
        """An element for each of the words."""
        return np.frombuffer(b"".join(map(self.__getitem__, words)), dtype=dtype)


def _row(written: str) -> bytes:
    word = written.lstrip(OPENING)
    capital = word[0].isupper() and word[:2] not in {"I", "I'", "I’"}
    return PACK(*counted(word), capital, word[0].isalpha() and word.islower(), word != written)


FACTS = Facts(_row)


def is_line(part: str, words: int, small: int) -> bool:
    """Whether a whole paragraph of 20 words at most is a headline, caption, date line or the like and not a sentence.

    It has no stop at its end; or no word in small letters, but a figure or capitals throughout; or no word at all.
    """
    if part.rstrip(CLOSING)[-1:] not in STOPPING:
        return words <= _LONGEST_LINE
    return words == 0 or (small == 0 and words <= _LONGEST_LINE and (any(map(str.isdigit, part)) or part.isupper()))


class Found(NamedTuple):
    """The words of a text: what each row or element stands for is said first."""

    spans: tuple[tuple[int, int], ...]  # sentence: its range
    is_sentence: NDArray[np.bool_]  # sentence: whether it is one or but a line
    words: NDArray[np.int64]  # sentence: how many words it has
    written: list[str]  # word: as it stands, with a mark that opens it
    is_name: NDArray[np.bool_]  # word: whether it is part of a name
    counts: NDArray[np.uint32]  # word: a row of COUNTS

    def summed(self, column: NDArray[Any]) -> NDArray[Any]:
        """The sum over each sentence's words of a column or of columns."""
        sums = np.zeros((len(self.spans), *column.shape[1:]), dtype=np.result_type(column.dtype, np.int64))
        full = self.words > 0
        if full.any():
            sums[full] = np.add.reduceat(column, (np.cumsum(self.words) - self.words)[full], axis=0, dtype=sums.dtype)
        return sums


def find(text: str) -> Found:
    """The sentences of `text` and their words."""
    spans, whole = sentences(text), {*paragraphs(text)}
    found = [WORD.findall(text, *bounds) for bounds in pairwise([*(start for start, _ in spans), len(text)])]
    written = list(chain.from_iterable(found))
    word = FACTS.of(written, ROW)
    words = np.array(list(map(len, found)), dtype=np.int64)
    at, full = np.cumsum(words) - words, words > 0
    opens = word["opened"].copy()
    opens[at[full]] = True
    names = word["capital"] & ~opens
    found_all = Found(spans, full, words, written, names, word["counts"])
    small = found_all.summed(word["small"]).tolist()
    each = zip(spans, words.tolist(), small, strict=True)
    is_sentence = ~np.array([s in whole and is_line(text[slice(*s)], many, few) for s, many, few in each], bool)
    known = {_alike(written[k]) for k in np.flatnonzero(names & np.repeat(is_sentence, words)).tolist()}
    first = np.flatnonzero(word["capital"] & opens).tolist()
    apart = set(written)
    common = {
        name for name in known.intersection(_alike(written[k]) for k in first) if not apart.isdisjoint(_small(name))
    }
    known -= common
    names[first] = [_alike(written[k]) in known for k in first]
    if words[~is_sentence].sum() > 0.9 * words.sum():
        is_sentence = full
    return found_all._replace(is_sentence=is_sentence)


@per_document
def words_of(document: Document) -> Found:
    """What `find` gives for the document's text."""
    return find(document.text)


def totals(found: Found) -> NDArray[np.int64]:
    """A row of COUNTS for each sentence or line."""
    counts = found.counts.copy()
    counts[found.is_name, len(COUNTS) - 2 :] = 0
    return found.summed(counts)


def tally(text: str) -> tuple[tuple[tuple[int, int], ...], NDArray[np.bool_], NDArray[np.int64]]:
    """The sentences of `text`: their ranges, whether each is one or but a line, and a row of COUNTS for each."""
    found = find(text)
    return found.spans, found.is_sentence, totals(found)


@lru_cache(maxsize=1 << 16)
def _alike(word: str) -> str:
    """What words that differ in capitals, or by a mark before them, share."""
    return word.lstrip(OPENING).lower().replace("’", "'")


def _small(name: str) -> Iterator[str]:
    """How a name would be written in small letters, with or without a mark before it."""
    return (mark + form for mark in ("", *OPENING) for form in (name, name.replace("'", "’")))


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
