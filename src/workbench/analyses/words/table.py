"""Where a word or phrase stands, what is around it, and in whose voice it is said."""

import re
from collections.abc import Iterable

import pandas as pd

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import voices
from workbench.documents import Document, InputError

WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
CONTEXT = ["start", "end", "before", "text", "after", "voice", "speaker"]


def pattern(phrase: str, regex: bool = False) -> re.Pattern[str]:
    """What finds `phrase` in small letters or capitals: whole words, `*` standing for any ending, or a `regex`.

    Raises ValueError for a regular expression that is none, TypeError for what is no text.
    """
    if not isinstance(phrase, str):
        raise TypeError(f"{phrase!r:.80} is not a word or phrase, as in 'climate change'")
    try:
        return re.compile(phrase if regex else expression(phrase), re.IGNORECASE)
    except re.error as error:
        raise InputError(
            f"{phrase!r}: not a regular expression ({error}); correct it or leave out regex=True"
        ) from None


def expression(phrase: str) -> str:
    """The regular expression for whole words, `*` standing for any ending."""
    words = (re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    joined = r"\s+".join(words)
    return rf"(?<!\w){joined}(?!\w)" if phrase.strip(" *") else r"(?!)"


def matches(text: str, phrase: str, regex: bool = False) -> list[tuple[int, int]]:
    """Where `phrase` stands in `text`, without overlap."""
    return [found.span() for found in pattern(phrase, regex).finditer(text) if found.group()]


def occurrences(document: Document, phrase: str, regex: bool = False, width: int = 60) -> pd.DataFrame:
    """A row a place where `phrase` stands, or where the entity of that name is mentioned: columns as `CONTEXT`."""
    places = set(matches(document.text, phrase, regex))
    named = mentions(document) if places or not regex else None
    if named is not None:
        named = named[named["entity"].str.casefold() == phrase.casefold()]
        places |= set(zip(named["start"].tolist(), named["end"].tolist(), strict=True))
    kept = [place for place in sorted(places) if not any(a <= place[0] and place[1] <= b for a, b in places - {place})]
    spans = pd.DataFrame(kept, columns=["start", "end"], dtype="int64")
    told = voices(document, spans) if kept else pd.DataFrame(columns=["voice", "speaker"], dtype="str")
    return spans.join(in_context(document.text, kept, width)).join(told)[CONTEXT]


def in_context(text: str, places: Iterable[tuple[int, int]], width: int = 60) -> pd.DataFrame:
    """A row a place: up to `width` characters before it, its text, and as many after it, no word of them cut."""
    text = re.sub(r"\s", " ", text)
    rows = []
    for start, end in places:
        first, last = max(0, start - width), min(len(text), end + width)
        before, after = text[first:start], text[end:last]
        before = before if not first or text[first - 1] == " " else before.partition(" ")[2]
        after = after if last == len(text) or text[last] == " " else after.rpartition(" ")[0]
        rows.append((before.lstrip(), text[start:end], after.rstrip()))
    return pd.DataFrame(rows, columns=["before", "text", "after"], dtype="str")
