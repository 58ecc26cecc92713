"""All words of a text at once: where they stand and what they count, by arithmetic on the text's bytes."""

import codecs
import struct
from collections.abc import Sequence
from functools import cache
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.readability.words import COUNTS, SHORTENED, counted, dictionary, spoken_long

_LETTERS = 16  # of a word that the table holds, at most
_ROOM = 19  # the table has 2 to this power places, four times as many as words
_FIGURES = 2100  # the table holds the whole numbers below
_KEPT, _KEPT_LETTERS = 1 << 17, 100  # words that Facts keeps, and letters of these, at most
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)  # odd, their bits evenly mixed
_MASKS = np.array([[(1 << 8 * min(8, max(0, n - k))) - 1 for n in range(_LETTERS + 1)] for k in (0, 8)], np.uint64)

# The mark in ASCII that stands for one beyond it; any other letter or figure there, and any other mark.
_STRAIGHT = {"’": "'", "“": '"', "”": ")", "‘": '"'}
_JOINING = {"‐": "-", "‑": "-", "–": "/"}
_LETTER, _MARK = "\x7f", "\x01"

# What a byte may be, a bit each.
IN_WORD, CAPITAL, SMALL, FIGURE, OPENING, HYPHEN, JOINING, JOINING_FIGURES = (1 << bit for bit in range(8))
_ARE = {
    IN_WORD: ascii_letters + digits + _LETTER,
    CAPITAL: ascii_uppercase,
    SMALL: ascii_lowercase,
    FIGURE: digits,
    OPENING: "\"'(",
    HYPHEN: "'-",
    JOINING: "'&@.-",
    JOINING_FIGURES: "'&@.-,:/",
}
_KINDS = bytes(sum(kind for kind, marks in _ARE.items() if chr(byte) in marks) for byte in range(256))


class Words(NamedTuple):
    """An array a column, a row a word.

    `start` is its place in the text, `counts` its COUNTS; it begins with a `capital` (which `I` is not) or is `small`
    letters, and is `opened` by a mark before it; words that differ in capitals at most have the same `number`.
    """

    start: NDArray[np.int64]
    counts: NDArray[np.int64]
    capital: NDArray[np.bool_]
    small: NDArray[np.bool_]
    opened: NDArray[np.bool_]
    number: NDArray[np.uint64]


def look_up(text: str, begins: Sequence[int]) -> Words:
    """The words of `text`, whose sentences begin at `begins`; no word goes on over one.

    A word is a run of letters and figures with what joins them: a single `'`, `’`, `&`, `@`, `.` or hyphen, also `-'`;
    between figures `,`, `:`, `/` and `–`, too.
    """
    text = f" {text} "
    coded = in_bytes(text)
    kind = np.frombuffer(coded.translate(_KINDS), dtype=np.uint8)
    start, end = ranges(coded, kind, np.array(begins, dtype=np.int64) + 1)
    first, length = kind[start], end - start
    number = numbers(coded.lower(), start, length)
    keys, alike, counts = table()
    place = places(number, 0)
    other = np.flatnonzero(keys[place] != number)
    place[other] = places(number[other], 1)
    odd = keys[place] != number
    odd |= length > _LETTERS
    odd |= is_any(kind[start + 1] | kind[end - 1], CAPITAL)  # perhaps an abbreviation
    capital, small, opened = is_any(first, CAPITAL), is_any(first, SMALL), is_any(kind[start - 1], OPENING)
    each = counts.take(alike[place], axis=0)
    at = np.flatnonzero(odd)
    spans = zip(start[at].tolist(), end[at].tolist(), strict=True)
    facts = np.frombuffer(b"".join([FACTS[text[i:j]] for i, j in spans]), dtype=ROW)
    each[at], capital[at], small[at] = facts["counts"], facts["capital"], facts["small"]
    return Words(start - 1, each, capital, small, opened, number)


def in_bytes(text: str) -> bytes:
    """A byte for each character: ASCII as it is, else a mark that does the same, _LETTER or _MARK."""
    if not text.isascii():
        for mark, straight in _STRAIGHT.items():
            text = text.replace(mark, straight)
    return text.encode("ascii", "workbench.in_bytes")


def _beyond_ascii(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    coded = []
    for mark in error.object[error.start : error.end]:
        coded.append(_LETTER if mark.isalnum() or "\u0300" <= mark <= "\u036f" else _JOINING.get(mark, _MARK))
    return "".join(coded), error.end


codecs.register_error("workbench.in_bytes", _beyond_ascii)


def is_any(kind: NDArray[np.uint8], wanted: int) -> NDArray[np.bool_]:
    """Which bytes are of one of the kinds `wanted`."""
    return (kind & wanted) > 0


def ranges(
    coded: bytes, kind: NDArray[np.uint8], begins: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where words start and end in `coded`, whose bytes are of these kinds and whose sentences begin at `begins`."""
    in_word = is_any(kind, IN_WORD)
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    start, end = edges[::2], edges[1::2]
    before = np.flatnonzero(is_any(kind[end[:-1]], JOINING_FIGURES))  # the runs that may go on after a mark
    left, right = end[before], start[before + 1]
    mark, gap = kind[left], right - left
    joined = is_any(mark, JOINING) | is_any(kind[left - 1] & kind[right], FIGURE)
    joined &= gap == 1
    for at in np.flatnonzero((gap > 1) & (gap < 4) & is_any(mark, HYPHEN)):
        joined[at] = coded[left[at] : right[at]] in (b"-'", b"'-", b"-'-")
    parted = begins[is_any(kind[begins], IN_WORD) & is_any(kind[begins - 1], JOINING)]
    if len(parted):
        joined &= ~np.isin(right, parted)
    apart = np.ones(len(start) + 1, dtype=bool)
    apart[before[joined] + 1] = False
    return start[apart[:-1]], end[apart[1:]]


def numbers(coded: bytes, start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for each stretch of `coded`, its bits mixed from those of its first 16 bytes and its length."""
    padded = coded + bytes(_LETTERS + 8)
    eight = np.ndarray(len(padded) - 8, dtype="<u8", buffer=padded, strides=(1,)).copy()
    number = (eight[start] & _MASKS[0].take(length, mode="clip")) * _FACTORS[0]
    number += (eight[start + 8] & _MASKS[1].take(length, mode="clip")) * _FACTORS[1]
    number += length.view(np.uint64)
    number ^= number >> np.uint64(32)
    number *= _FACTORS[0]
    return number


@cache
def table() -> tuple[NDArray[np.uint64], NDArray[np.uint16], NDArray[np.int64]]:
    """The number of the word at each place, and which of the rows of COUNTS, the third array, is its.

    Each word of the dictionary and each figure stands at one of the two places that its number gives (cuckoo hashing,
    Pagh & Rodler 2004). Left out are long words and those that count by how they are written: `I`, abbreviations.
    """
    as_written = {word.lower() for word in SHORTENED} | {"i"}
    kinds: dict[tuple[Any, ...], int] = {}
    words: list[str] = []
    alike: list[int] = []
    counts: list[tuple[int, ...]] = []

    def add(word: str, *facts: Any) -> None:
        if (kind := kinds.setdefault(facts, len(kinds))) == len(counts):
            counts.append(counted(word))
        words.append(word)
        alike.append(kind)

    for word, facts in dictionary().items():
        if len(word) <= _LETTERS and "." not in word and word[:2] != "i'" and word not in as_written:
            add(word, len(word) if word.isalpha() else sum(map(str.isalpha, word)), facts)
    for figure in map(str, range(_FIGURES)):
        add(figure, len(figure), spoken_long(figure))
    length = np.fromiter(map(len, words), dtype=np.int64)
    end = np.cumsum(length)
    number = numbers("".join(words).encode("ascii"), end - length, length)
    at = placed(number)
    keys, which = np.zeros(1 << _ROOM, dtype=np.uint64), np.zeros(1 << _ROOM, dtype=np.uint16)
    keys[at], which[at] = number, alike
    return keys, which, np.array(counts, dtype=np.int64)


def places(number: NDArray[np.uint64], choice: int) -> NDArray[np.int64]:
    """The first or second place in the table of words with these numbers, by different bits of them."""
    shifted = number >> np.uint64((64 - _ROOM, 63 - 2 * _ROOM)[choice])
    return shifted.astype(np.int64) & ((1 << _ROOM) - 1)


def placed(number: NDArray[np.uint64]) -> NDArray[np.int64]:
    """One of its two places for each number, no two at one: who comes there later sends the holder to its other."""
    both = np.array([places(number, 0), places(number, 1)])
    holder, choice = np.full(1 << _ROOM, -1), np.zeros(len(number), dtype=np.int64)
    moving = np.arange(len(number))
    while len(moving):
        at = both[choice[moving], moving]
        sent = holder[at]
        holder[at] = moving
        moving = np.union1d(sent[sent >= 0], moving[holder[at] != moving])
        choice[moving] ^= 1
    return both[choice, np.arange(len(number))]


# What Facts has of a word.
ROW = np.dtype([("counts", "<u4", len(COUNTS)), ("capital", "?"), ("small", "?"), ("", "V2")])
PACK = struct.Struct(f"<{len(COUNTS)}I2?2x").pack


class Facts(dict[str, bytes]):
    """For a word that the table does not hold a ROW, kept once it is judged."""

    def __missing__(self, word: str) -> bytes:
        capital = word[0].isupper() and word[:2] not in {"I", "I'", "I’"}
        facts = PACK(*counted(word), capital, word[0].isalpha() and word.islower())
        if len(self) < _KEPT and len(word) < _KEPT_LETTERS:
            self[word] = facts
        return facts


FACTS = Facts()
