"""The lines of a hard-wrapped text joined to paragraphs."""

import re
from itertools import pairwise

import numpy as np

HYPHENATED = "\x02"  # at a line's end: its last word is divided
NARROWEST, WIDEST = 18, 130  # characters in the lines of a hard-wrapped text
SENTENCE_END = re.compile(r"[.!?。？！…][\"'”’»)\]]*$|[.,!?][\"”]$")

Lines = list[tuple[int, str]]  # each line with its number, from 1, in the source's text


def unwrap(lines: Lines, ragged: float = 0, width: int | None = None) -> Lines:
    """The lines that are not blank, stripped; those of a hard-wrapped text joined to paragraphs.

    Where no `width` is given, a text is hard-wrapped if most lines end within a sentence just where the next one's
    first word would have overrun the width that most lines have. A line that had room for that word ends its
    paragraph; so does one before an indented line, and so do longer lines. Where letters differ in width, `ragged` is
    the share of the width by which full lines may fall short of it.
    """
    pairs = [(a.rstrip(), b) for (_, a), (_, b) in pairwise([(0, ""), *lines])]
    if width is None:
        width = _wrapped_at(pairs, ragged)
    if not width:
        return [(number, line.strip()) for number, line in lines if line.strip()]
    runs_on = [_runs_on(a, b, width, ragged) for a, b in pairs]
    paragraphs: Lines = []
    for (number, line), runs in zip(lines, runs_on, strict=True):
        if runs:
            first, paragraph = paragraphs[-1]
            paragraphs[-1] = (first, f"{paragraph} {line.strip()}")
        elif line.strip():
            paragraphs.append((number, line.strip()))
    return paragraphs


def wrapped_at(lines: Lines) -> int:
    """The width that the text was wrapped at; 0 where it was not."""
    return _wrapped_at([(a.rstrip(), b) for (_, a), (_, b) in pairwise(lines)], 0)


def _wrapped_at(pairs: list[tuple[str, str]], ragged: float) -> int:
    width = _width(pairs, ragged)
    broken = [b for a, b in pairs if _runs_on(a, b, width, ragged) and not SENTENCE_END.search(a)]
    if len(broken) < 2:
        return 0
    neighbours = sum(0.6 * width <= len(a) <= 1.15 * width and bool(b.strip()) for a, b in pairs)
    small = sum(b.lstrip()[:1].islower() for b in broken)
    return width if len(broken) > 0.5 * neighbours and small > 0.25 * len(broken) else 0


def _width(pairs: list[tuple[str, str]], ragged: float) -> int:
    """The width that most lines were wrapped at: as long as they are, and too short for the next line's first word."""
    full = [(len(a), len(b.split(maxsplit=1)[0])) for a, b in pairs if NARROWEST <= len(a) <= WIDEST and b.strip()]
    if not full:
        return 0
    if ragged:
        return int(np.quantile([length for length, _ in full], 0.9))
    fitting = np.zeros(2 * WIDEST, int)  # by width, in how many lines it would have been broken here
    for length, word in full:
        fitting[length : length + min(word, WIDEST) + 1] += 1
    return int(np.argmax(fitting))


def _runs_on(line: str, following: str, width: float, ragged: float) -> bool:
    if not line or not following.strip():
        return False
    indented = following[0].isspace() and not line[0].isspace()
    word = following.split(maxsplit=1)[0]
    overruns = len(line) + 1 + len(word) > width * (1 - ragged)
    longer = max(len(line), len(following.rstrip()) if " " in following.strip() else 0) > width * 1.15
    return line.endswith(HYPHENATED) or (overruns and not indented and not longer)
