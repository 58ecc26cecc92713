"""Quotation marks of every style, paired within each paragraph."""

import re
from bisect import bisect_right

from workbench.language import paragraphs

# What may close each opening mark. Straight and curly ones stand for each other: many editors mix them.
_CLOSERS: dict[str, tuple[str, ...]] = dict.fromkeys('“”„‟"', ("”", "“", '"')) | {
    "«": ("»",),
    "»": ("«",),
    "‹": ("›",),
    "›": ("‹",),
}
_CLOSERS |= {"``": ("''",), "''": ("''",), "‘": ("’", "'"), "‚": ("‘", "’"), "'": ("'", "’")}
_SINGLE = {"‘", "’", "'", "‚", "‹", "›"}
_MARK = re.compile(r"''|``|[\"“”„‟«»‹›‘’‚']")
_MEASURE = re.compile(r"(?<!\w)\d+(?:\.\d+)?(?:['’′] ?\d+(?:\.\d+)?(?:[\"”″]|'')?|-?['′](?=-))")  # 6'2", 5’ 10”
_ELIDED = re.compile(
    r"(?:\d\ds?|tis|twas|em|til|till|cause|bout|n|round|em)\b", re.IGNORECASE
)  # '90s, 'em, rock 'n' roll


def pairs(text: str) -> list[tuple[int, int]]:
    """Character ranges of what stands between quotation marks, the marks included, in order and never overlapping.

    Straight, curly, angle, low and doubled single marks, and single marks as in British print; of nested ones the
    outermost. A quotation never runs over its paragraph: one without an end lasts to the end of its line. Apostrophes
    and the marks of feet, inches and minutes are left out. Linear in the length of `text`.
    """
    return [pair for start, end in paragraphs(text) for pair in _paragraph_pairs(text, start, end)]


def _paragraph_pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    measures = [match.span() for match in _MEASURE.finditer(text, start, end)]
    starts = [span[0] for span in measures]
    open_marks: list[tuple[int, str]] = []
    closed: list[tuple[int, int]] = []
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        nearest = bisect_right(starts, at) - 1
        if nearest >= 0 and at < measures[nearest][1]:
            continue
        before = text[at - 1] if at > start else " "
        after = text[match.end()] if match.end() < end else " "
        depth = next((d for d in range(len(open_marks) - 1, -1, -1) if mark in _CLOSERS[open_marks[d][1]]), None)
        if mark in _SINGLE and before.isalnum() and after.isalnum():
            continue
        if depth is not None and _may_close(mark, before, after):
            opened = open_marks[depth][0]
            del open_marks[depth:]
            closed.append((opened, match.end()))
        elif mark in _CLOSERS and _may_open(mark, before, after, text, match.end()):
            open_marks.append((at, mark))
    unclosed = next((at for at, mark in open_marks if mark not in _SINGLE), None)
    if unclosed is not None:
        closed.append((unclosed, end))
    return _outermost(closed)


def _may_close(mark: str, before: str, after: str) -> bool:
    """A mark that stands after a space and before a letter opens, whatever is open; singles close only after a word."""
    if mark in _SINGLE:
        return not before.isspace() and not after.isalnum()
    return not (before.isspace() and not after.isspace()) and not (mark == "“" and after.isalnum())


def _may_open(mark: str, before: str, after: str, text: str, following: int) -> bool:
    if mark in _SINGLE:
        return not before.isalnum() and not after.isspace() and not _ELIDED.match(text, following)
    if mark in '"”»':
        return not after.isspace() and not (before.isdigit() and not after.isalpha())
    return True


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
