"""Quotations without a cue: signed, under a line that says from whom, going on after another, or no speech."""

import re
from bisect import bisect, insort

from workbench.analyses.quotations.attribution import LEAST, SIGNED, Attribution, confidence, kind, model
from workbench.analyses.quotations.candidates import SUBJECTS
from workbench.analyses.quotations.confidence import Choice
from workbench.analyses.quotations.cues import signature
from workbench.analyses.quotations.features import floating_features
from workbench.analyses.quotations.marks import Parse
from workbench.statistics import logistic

FLOATING = 0.5
_LETTERS = frozenset("comment email excerpt letter memo message note post review statement tweet".split())
_TERM = 4  # words of the longest name or term that is no speech unless likely to be
_SIGNED_WORDS = 4  # of the shortest quotation that somebody signs
_STOPS = frozenset(".!?…")
# A line above: Chairwoman Diaz: / From the desk of John Doe
_FROM = r"(?i:from the desk of|(?:a )?(?:letter|message|statement) (?:by|from|of)) "
_HEADING = re.compile(rf"(?:{_FROM}(?=.+?:?$)|(?=.+:$))((?:[A-Z][\w.'’-]*(?: |(?=:|$))){{1,5}}):?\s*")


def attributions(p: Parse, chosen: list[Attribution], least: float) -> list[Attribution]:
    """Those chosen, of indirect speech the ones at least so likely, and quotations without a cue, in order.

    Of what stands in marks, too, the likely ones, unless `least` is smaller: the marks may be scare quotes.
    """
    marked = min(least, LEAST)
    found = sorted(a for a in chosen if round(a.confidence, 3) >= (least if kind(p, a) == "indirect" else marked))
    for number, taken in left_over(p, found):
        _add_floating(p, found, number, taken, marked)
    return found


def left_over(p: Parse, attributed: list[Attribution]) -> list[tuple[int, set[int]]]:
    """The quotations of which nothing is attributed, by number, each with the numbers of those that are."""
    taken = {p.quote[k] for a in attributed for first, last in a.pieces for k in range(first, last + 1)}
    return [(number, taken) for number, quote in enumerate(p.quotes) if number not in taken and p.count((quote,))]


def speech(p: Parse, number: int, taken: set[int]) -> float:
    """How likely a quotation without a cue is to be speech."""
    return float(logistic(model()["floating"].sums(floating_features(p, number, taken), 1))[0])


def _add_floating(p: Parse, found: list[Attribution], number: int, taken: set[int], least: float) -> None:
    """Add a quotation without a cue of its own to those found, if it is signed after a dash or likely to be speech.

    It goes on with the last quotation of its paragraph or of the one before, else it is of whoever speaks next; of a
    heading it is not known whose it is.
    """
    quote = p.quotes[number]
    if signed := _signed(p, quote):
        insort(found, signed)
        return
    cited = p.text[quote[0]] == ">"  # a block quotation
    likely = SIGNED if cited or _is_sentence(p, quote) else speech(p, number, taken)
    if likely < FLOATING or number in p.titles:
        return
    at = bisect(found, ((quote,),))
    before, after = found[at - 1] if at else None, found[at] if at < len(found) else None
    colon = quote[0] - 1 - p.text[quote[0] - 1].isspace() if quote[0] > 1 else 0
    introduced, speaker = -1, after.head if after else -1
    if cited and p.text[colon] == ":":
        introduced, speaker = colon, _sender(p, colon)
    elif p.text[colon] == ":" and p.pos[colon - 1] in ("NOUN", "PROPN"):
        introduced, speaker = colon, colon - 1
    elif _heading(p, quote):
        speaker = -1
    elif (named := _named_before(p, quote[0])) >= 0 and not (before and before.pieces[-1][1] > p.paragraph[named][0]):
        speaker = named
    elif before and p.paragraph_number[quote[0]] - p.paragraph_number[before.pieces[-1][1]] <= 1:
        if p.quote[before.pieces[-1][1]] >= 0:
            found[at - 1] = before._replace(pieces=tuple(sorted((*before.pieces, quote))))
            return
        speaker = before.head
    sure = max(confidence(p, without_cue(quote, likely)), LEAST if p.count((quote,)) > _TERM else 0.0)
    if sure >= least:
        found.insert(at, Attribution((quote,), introduced, speaker, sure))


def _is_sentence(p: Parse, quote: tuple[int, int]) -> bool:
    """Whether a quotation is a sentence, or several, in a sentence's place: "Moss was cross. “It is late.”"."""
    first, last = quote
    inside = range(first + 1, last)
    in_place = first == p.paragraph[first][0] or p.lower[first - 1] in _STOPS
    capitals = sum(p.text[k][:1].isupper() for k in inside)
    heading = capitals > 2 and all(p.text[k][:1].isupper() for k in inside if len(p.text[k]) > 3)
    subject = any(p.dep[k] in SUBJECTS and p.head[k] in inside for k in inside)
    return in_place and p.text[first + 1][:1].isupper() and p.lower[last - 1] in _STOPS and subject and not heading


def _heading(p: Parse, quote: tuple[int, int]) -> bool:
    """Whether a quotation is a line of its own without a stop, as between the parts of an article."""
    first, last = p.paragraph[quote[0]]
    return first == quote[0] and last == quote[1] and p.lower[last - 1] not in (".", "?", "!", ",", "…")


def _named_before(p: Parse, mark: int) -> int:
    """Whom the sentence of narration before a mark names last: "It left Moss cross. “Why?”"; or -1."""
    if p.lower[mark - 1] not in (".", "?", "!"):
        return -1
    before = range(mark - 1, max(p.paragraph[mark][0], p.sentence[mark - 1][0]) - 1, -1)
    return next((k for k in before if p.quote[k] < 0 and p.entity[k] == "PERSON" and p.word[k]), -1)


def _sender(p: Parse, colon: int) -> int:
    """Whom a letter before a colon is from: "the notes from the mayor:"; else -1."""
    for k in range(colon - 1, p.sentence[colon][0], -1):
        if p.lower[k] in ("by", "from") and p.lemma[k - 1] in _LETTERS:
            return next((m for m in p.children[k] if p.dep[m] == "pobj"), -1)
    return -1


def _signed(p: Parse, quote: tuple[int, int]) -> Attribution | None:
    """The quotation with whose name stands behind it, or above it in a line of its own."""
    if p.count((quote,)) >= _SIGNED_WORDS and (name := signature(p, quote)):
        mark, first, last = name
        return Attribution((quote,), mark if mark < first else -1, last, SIGNED)
    above = p.paragraph[max(0, quote[0] - 2)]
    line = _HEADING.match(p.whole, p.start[above[0]], p.end[above[1]])
    if not line or line.end() < p.end[above[1]] or not quote[0] == p.paragraph[quote[0]][0] > 0:
        return None
    return Attribution((quote,), above[1] if p.text[above[1]] == ":" else -1, p.tokens(*line.span(1))[1], SIGNED)


def without_cue(quote: tuple[int, int], likely: float) -> Choice:
    """A quotation without a cue as a choice to be judged."""
    return Choice((quote,), -1, -1, likely, likely)
