"""What opens paragraphs: in transcripts, interviews and briefings labels that tell whose turn it is; datelines."""

import re
from collections import Counter
from typing import NamedTuple

from workbench.analyses.quotations.words import WORDS
from workbench.language import paragraphs

# "Q", "Q.", "A:"; an answer's letter alone would be an article.
_TIME = r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?[ \t]+)?"  # of a recording: [00:12]
_LETTER = re.compile(_TIME + r"(Q|A(?=[.:]))([.:])?[ \t\xa0]+(?=\S)")
_WORD = r"(?:[A-Z][\w.'’]*(?:[-–][A-Z][\w'’]*)*|de|la|van|von|der|of|the|and|\((?!\d)[^)\n]{1,40}\))"
# "MS. JEAN-PIERRE:", "Anna Reed (00:12):", "JOE BURNS, CNN:", "Speaker 2:"
_NAME = re.compile(
    rf"{_TIME}({_WORD}(?: {_WORD}){{0,5}}(?: \d{{1,2}})?)(?:, [^:\n]{{1,40}}| \(\d{{1,2}}:\d\d[^)\n]{{0,6}}\))?"
    r"(:)[ \t\xa0]+(?=\S)"
)
_EDITED = re.compile(
    r"(?:this|the) (?:\w+ )?(?:conversation|interview|transcript)\b.{0,40}\b(?:condensed|edited)\b", re.I
)
# "OSLO, March 3 (AP) — ": names, figures and brackets, among them capitals, a date or an agency, before a sentence.
DATELINE = re.compile(
    r"(?=[^\n]{0,60}?(?:[A-Z]{3}|\d|\())\(?[A-Z\d][\w.'’/-]*[,)]*(?: \(?[A-Z\d][\w.'’/-]*[,)]*){0,8}"
    r"(?: ?[—–―]| ?--| -(?= )) ?(?=[\"“”„«‘']?[A-Z\d])"
    r"|[A-Z][\w.' ]{1,40}, [A-Z][\w.]{2,9} \d{1,2} \([A-Z]\w{1,20}\):? (?=[\"“‘']?[A-Z])"  # Mumbai, Jun 12 (PTI) The …
    r"|(?:Dear [\w.’' -]{1,40}|Sirs?|Madam|Sir or Madam), (?=[\"“‘']?[A-Z])"  # a letter's salutation
)
_LABELS = 3  # labelled paragraphs from which on a text is a transcript


class Turn(NamedTuple):
    """A turn of a transcript, in character ranges: the label's name, its mark (or letter), the pieces."""

    label: tuple[int, int]
    cue: tuple[int, int]
    pieces: tuple[tuple[int, int], ...]


def turns(text: str) -> list[Turn]:
    """The turns of a transcript, in order; none where a text is no transcript, which repeats its labels.

    All paragraphs up to the next label are of one turn, but for stage directions in brackets and paragraphs that name
    the one whose turn it is. A label in capitals or "Q" and "A" may stand once, a name in mixed case has to come again
    or to have two words.
    """
    places = list(paragraphs(text))
    labels = [_LETTER.match(text, *place) or _NAME.match(text, *place) for place in places]
    often = Counter(match[1] for match in labels if match and _may_be(match[1], bool(match[2])))
    labels = [match if match and _is_label(match[1], often) else None for match in labels]
    if sum(map(bool, labels)) < _LABELS or max((often[match[1]] for match in labels if match), default=0) < 2:
        return []
    found: list[Turn] = []
    for match, (start, end) in zip(labels, places, strict=True):
        if match:
            found.append(Turn(match.span(1), match.span(2) if match[2] else match.span(1), ((match.end(), end),)))
        elif (
            found
            and text[start] not in "(["
            and not _EDITED.match(text, start, end)
            and not _named(text[slice(*found[-1].label)], text[start:end])
        ):
            found[-1] = found[-1]._replace(pieces=(*found[-1].pieces, (start, end)))
    return found


def _may_be(label: str, marked: bool) -> bool:
    return (marked or label == "Q") and label.split()[0].lower().rstrip(".") not in WORDS["no label"]


def _is_label(label: str, often: Counter[str]) -> bool:
    capitals = label.isupper() and (len(label) > 1 or label in ("Q", "A"))
    return often[label] > 1 or (often[label] == 1 and (capitals or " " in label) and not label[-1].isdigit())


def _named(label: str, paragraph: str) -> bool:
    """Whether a paragraph names the one whose label this is, as only narration does."""
    return len(label) > 1 and bool(re.search(rf"\b{re.escape(label.split()[-1])}\b", paragraph, re.IGNORECASE))
