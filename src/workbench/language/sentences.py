"""Paragraphs and sentences of a text, by rules on its characters alone."""

import re
from functools import lru_cache
from pathlib import Path


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Character ranges of the non-blank lines of `text`, without the white space around them."""
    return [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]


def word_lists(path: Path) -> dict[str, frozenset[str]]:
    """Words by kind, from a table with the columns kind, words (phrases stand between "|"), and what they are."""
    rows = (row.split("\t") for row in path.read_text("utf-8").splitlines()[1:])
    return {kind: frozenset(words.split("|" if "|" in words else None)) for kind, words, *_ in rows}


WORDS = word_lists(Path(__file__).with_name("sentences.tsv"))
TITLES, NUMBERED, ABBREVIATIONS = (WORDS[kind] for kind in ("title", "numbered", "abbreviation"))
SHORTENED = TITLES | NUMBERED | ABBREVIATIONS
BEFORE_I = frozenset("am and are did do had have or should than was were will would".split())  # the pronoun
AFTER_NAME = frozenset("Brands Co Corp Holdings Inc Ltd Plc".split())  # of a company that may end in a mark: Yahoo!
STOP = re.compile(
    r"""(?<![.!?…])(?<![.!?…][^\S\n])[.!?…](?:\s?[.!?…])*  # the stop itself, also a spaced ellipsis, from its start
        (?P<closing>["'”’»)\]*_]*)          # what closes after it
        (?:(?P<space>\s+)|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])|(?<=[a-z]{2}[.!?]["”])(?=[A-Z]))
        (?P<opening>["'“‘«(\[*_—–-]*)\s?(?P<next>[\w'’]{0,20})""",
    re.VERBOSE,
)
DASH, LETTERS_WITH_STOPS = re.compile(r"[-–—/]"), re.compile(r"(?:\w\.)+\w")
NUMBER = re.compile(r"\d\w*|[IVXLC]{2,}|[B-HJ-Z]")  # `A` and `I` are words
SAYS = re.compile(r"(?:[\w.’'-]+ ){1,3}(?:said|says|asked|asks|cried|replied|added|wrote|told)\b")


@lru_cache(maxsize=2)  # asked of a document by several analyses, one after another
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Character ranges of the sentences of `text`, a line's last part being one with or without a full stop.

    A sentence ends with its line, or at a full stop, question or exclamation mark (and what closes after it) that white
    space and a capital, a figure or an opening mark follow; not after titles (`Dr. No`), initials, the figure that
    numbers a line, what a number follows (`Sec. 9`), or abbreviations, unless a word follows that starts sentences
    (`in the U.S. The`); and not where a quotation that asks or exclaims goes on with its speaker (`"Why?" Ann said`).
    Several sentences between quotation marks are several.
    """
    return tuple(span for paragraph in paragraphs(text) for span in parted(text, *paragraph))


def parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Character ranges of the sentences of the paragraph of `text` from `start` to `end`."""
    ranges = []
    for stop in STOP.finditer(text, start, end):
        if ends_sentence(text, start, stop):
            ranges.append((start, stop.end("closing")))
            start = stop.start("opening")
    ranges.append((start, end))
    return ranges


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the sentence that began at `start` ends at `stop`."""
    closing, _, opening, following = stop.groups()
    if following[:1].islower() or not (following or (opening and stop.end() < stop.endpos)):
        return False
    at = stop.start()
    if text[at] != ".":
        said = closing and not opening and SAYS.match(text, stop.start("next"))
        return not (said or following in AFTER_NAME)
    word = text[text.rfind(" ", start, at) + 1 : at]
    if len(word) > 1 and word.isalpha() and word not in SHORTENED:
        return True
    before = text[max(start, at - 40) : at].rsplit(None, 2)
    word = before[-1].strip("\"'“‘([") if before else ""
    if not word.isalpha():
        word = DASH.split(word)[-1]
    starts = following[:1].isupper() and following.lower() in WORDS["starter"]
    if word in TITLES or not word:
        return word == "St" and starts
    if word in NUMBERED:
        return not NUMBER.fullmatch(following)
    if len(word) == 1 and word.isalpha():  # an initial, unless it stands alone for a thing or is the pronoun
        previous = before[-2].lower() if len(before) > 1 else ""
        alone = previous in WORDS["lettered"] or (word == "I" and previous in BEFORE_I)
        return len(before) > 1 and (starts or (alone and following[:1].isupper() and len(following) > 1))
    if word in ABBREVIATIONS or ("." in word and LETTERS_WITH_STOPS.fullmatch(word)):
        return starts or opening[:1] in tuple("\"“‘'")
    return not (len(before) == 1 and word.isdigit())
