"""Names that are sure by their form: datelines, speakers in transcripts, titles of works, attacks by their date."""

import re
from collections import Counter
from collections.abc import Iterator

from workbench.analyses.entities import tagger
from workbench.analyses.entities.tagger import Span
from workbench.language import Tokens, stop_words

# "HALIFAX, Nova Scotia, March 14 -", and "JONES:".
_OPENING = re.compile(
    r"^[^\S\n]*(?P<name>[^\W\d_]{3,}(?: [^\W\d_]+)*)(?:(?: ?[,(/][^\n]{0,60}?)? (?:--|[-–—])|(?P<colon>:))",
    re.MULTILINE,
)
_DATED = re.compile(r"\b(?:9/11|7/7)(?: (?:attacks?|bombings?))?\b")
_LONGEST_TITLE = 9


def sure(t: Tokens) -> Iterator[Span]:
    """Names sure by their form: a dateline's place; who speaks in a transcript, there at least twice; titles of works;
    attacks named by their date.
    """
    opening = [match for match in _OPENING.finditer(t.whole) if match["name"].isupper()]
    times = Counter(match["name"] for match in opening if match["colon"])
    for match in opening:
        place = t.doc.char_span(*match.span("name"))
        if place is not None and (not match["colon"] or times[match["name"]] > 1):
            yield Span(place.start, place.end, "PERSON" if match["colon"] else "GPE")
    for start, end in titles(t):
        yield Span(start, end, "WORK_OF_ART")
    for match in _DATED.finditer(t.whole):
        if event := t.doc.char_span(*match.span()):
            yield Span(event.start, event.end, "EVENT")


def titles(t: Tokens) -> Iterator[tuple[int, int]]:
    """Tokens of works' titles: capitals in quotation marks, several, or beside "album" or "film"; or after "titled"."""
    words = tagger.lexicon()
    for i, word in enumerate(t.text):
        if t.lower[i] in {"titled", "entitled"}:
            end = next((j for j in range(i + 1, len(t.text)) if not _in_title(t.text[j])), len(t.text))
            while end > i + 1 and not t.text[end - 1][0].isupper():
                end -= 1
            if end > i + 1:
                yield i + 1, end
        elif word in tagger.QUOTES and _opens_quote(t, i):
            within = range(i + 1, min(i + 1 + _LONGEST_TITLE, len(t.text)))
            close = next((j for j in within if t.text[j] in tagger.QUOTES), i)
            near = {*t.lower[max(0, i - 3) : i], *t.lower[close + 1 : close + 3]} & words["work"]
            end = close - (close > i + 1 and t.text[close - 1] in {",", "."})
            title = t.text[i + 1 : end]
            if not title or not title[0][0].isupper() or not all(map(_in_title, title)) or not _in_title(title[-1]):
                continue
            capitals = sum(word[0].isupper() for word in title)
            if near or (capitals > 1 and title[0].lower() in stop_words()):
                yield i + 1, end


def _in_title(word: str) -> bool:
    """Whether a word may stand in a title."""
    small = word[0].islower() and (word in tagger.lexicon()["link"] or word in stop_words())
    return word[0].isupper() or word[0].isdigit() or small or word == "n't"


def _opens_quote(t: Tokens, i: int) -> bool:
    """Whether a quotation mark stands before a word and behind none."""
    before, behind = t.whole[: t.start[i]][-1:], t.whole[t.end[i] : t.end[i] + 1]
    return behind.isalnum() and not (before.isalnum() or before in {".", ","})


def is_quoted(t: Tokens, start: int, end: int) -> bool:
    """Whether a name of several words stands alone in quotation marks, and not as what something is called."""
    opening = start - 1 - (start > 0 and t.lower[start - 1] == "the")
    closing = end + (end < len(t.text) and t.text[end] in {",", "."})
    if end < start + 2 or opening < 0 or closing >= len(t.text):
        return False
    marks = t.text[opening] in tagger.QUOTES and t.text[closing] in tagger.QUOTES
    return marks and not (opening and t.lower[opening - 1] in tagger.lexicon()["called"])
