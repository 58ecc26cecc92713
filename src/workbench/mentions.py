"""Mentions of names in a parse: what the tagger found, trimmed, joined, of one type throughout, and completed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from workbench import tagger

_NOT_FIRST = {"the", "a", "an"}
_NOT_LAST = {"'s", "’s", "'", "’", ",", ".", "-", "–", "(", '"', "”", "''"}
# "HALIFAX, Nova Scotia, March 14 -", and "JONES:".
_OPENING = re.compile(
    r"^[^\S\n]*(?P<name>[^\W\d_]{3,}(?: [^\W\d_]+)*)(?:(?: ?[,(/][^\n]{0,60}?)? (?:--|[-–—])|(?P<colon>:))",
    re.MULTILINE,
)
_LONGEST = 6
# "R-Tex." is a party and a state, "Russia-NATO conflict" two names.
_HALVES = re.compile(" ?(?:--|[-–—]) ?| [a-z]+$")
_PARTIES = {"D", "R", "I"}
_QUOTES = {'"', "“", "”", "''", "``", "'", "‘", "’"}


class Alias(NamedTuple):
    """What a name means: canonical name, type ("" keeps the type found), and the country of a demonym or a capital."""

    entity: str
    type: str = ""
    country: str = ""


@dataclass
class Mention:
    """A name: its tokens, its text, its type, how well each of the tagger's kinds fits it, and what it means."""

    start: int
    end: int
    name: str
    type: str
    fits: tuple[float, ...] = ()
    entity: str = ""

    @property
    def key(self) -> str:
        """What mentions of one name share."""
        return fold(self.name)


def find(parsed: Doc, aliases: Mapping[str, Alias]) -> list[Mention]:
    """The mentions of names in a parse, in order and apart, without their entities."""
    found = list(_openings(parsed))
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    spans = [span for span in tagger.names(parsed) if taken.isdisjoint(range(span.start, span.end))]
    found += [mention for span in spans if (mention := _trimmed(parsed, span, aliases))]
    common = {token.text for token in parsed if token.text.islower()}
    found = [m for m in found if not (parsed[m.start].is_sent_start and m.name.lower() in common)]
    found = _without_headlines(parsed, sorted(found, key=lambda mention: mention.start))
    found = _joined(parsed, found)
    _settle_types(parsed, found, aliases)
    return sorted([*found, *_missed(parsed, found, aliases, common)], key=lambda mention: mention.start)


def _openings(parsed: Doc) -> Iterator[Mention]:
    """Names in capitals that open a paragraph: a dateline's place; who speaks in a transcript, there at least twice."""
    opening = [match for match in _OPENING.finditer(parsed.text) if match["name"].isupper()]
    times = Counter(match["name"] for match in opening if match["colon"])
    for match in opening:
        place = parsed.char_span(*match.span("name"))
        if place is not None and (not match["colon"] or times[match["name"]] > 1):
            yield Mention(place.start, place.end, match["name"], "PERSON" if match["colon"] else "GPE")


def _without_headlines(parsed: Doc, found: list[Mention]) -> list[Mention]:
    """The mentions; of those in headlines, all in capitals, only persons with a first name and what recurs."""
    within: set[int] = set()
    for sentence in parsed.sents:
        words = [token for token in sentence if token.is_alpha and not (token.is_stop and token.is_lower)]
        if len(words) > 3 and all(token.text[0].isupper() for token in words):
            within |= {*range(sentence.start, sentence.end)}
    sure = {name for m in found if m.start not in within for name in (m.key, *parts(m.key))}
    if not within or not sure:
        return found
    sure |= {m.key for m in found if m.type == "PERSON" and is_given(m.name.split()[0])}
    return [m for m in found if m.start not in within or m.key in sure]


def is_given(name: str) -> bool:
    """Whether it is known as a first name."""
    return not tagger.gazetteer().get(name, set()).isdisjoint({"female", "male"})


def _trimmed(parsed: Doc, span: tagger.Span, aliases: Mapping[str, Alias]) -> Mention | None:
    """The name without article, title and possessive; None where nothing is left that could be one."""
    start, end, kind, words = span.start, span.end, span.type, tagger.lexicon()
    before = _NOT_FIRST | words["title" if kind == "PERSON" else "address"]
    while start < end and (parsed[start].lower_ in before or not parsed[start].text[0].isalnum()):
        start += 1
    opens = start < end and (parsed[start].is_sent_start or parsed[start - 1].text in _QUOTES)
    if end > start + 1 and opens and parsed[start].is_stop and parsed[start].is_title:
        start += 1
    while kind == "OTHER" and start < end and not parsed[start].text[0].isupper():
        start += 1
    while start < end and (parsed[end - 1].text in _NOT_LAST or parsed[end - 1].is_space):
        end -= 1
    if _is_quoted(parsed, start, end):
        start -= parsed[start - 1].lower_ == "the"
        return Mention(start, end, parsed[start:end].text, "WORK_OF_ART")
    name = " ".join(parsed[start:end].text.split())
    capitals = sum(token.text[0].isupper() for token in parsed[start:end])
    halves = [half for half in _HALVES.split(name) if half]
    if (
        not any(token.text[0].isalpha() and token.text != token.lower_ for token in parsed[start:end])
        or any(name.lower() in words[of] for of in ("currency", "calendar", "nameless"))
        or (end == start + 1 and parsed[start].is_stop and not name.isupper())
        or not 1 < len(name) < 200
        or (kind not in tagger.KINDS and capitals * 2 < end - start)
        or (len(halves) > 1 and (halves[0] in _PARTIES or aliases.keys() >= {*halves}))
    ):
        return None
    kind = _type_by_words(parsed, start, end, kind)
    return Mention(start, end, name, kind, span.fits if kind == span.type else ()) if kind != "OTHER" else None


def _type_by_words(parsed: Doc, start: int, end: int, kind: str) -> str:
    """The type that a name's first or last word gives away, else `kind`."""
    words, first, last = tagger.lexicon(), parsed[start], parsed[end - 1]
    if end == start + 1:
        return kind
    if last.lower_ in words["law"] and not is_given(first.text):
        return "LAW"
    if {first.lower_, last.lower_} & (words["contest"] | (words["event"] if kind == "OTHER" else set())):
        return "EVENT"
    return "FAC" if last.lower_ in words["road"] and kind in {"ORG", "PERSON"} else kind


def _is_quoted(parsed: Doc, start: int, end: int) -> bool:
    """Whether a name of several words stands alone in quotation marks, and not as what something is called."""
    opening = start - 1 - (start > 0 and parsed[start - 1].lower_ == "the")
    closing = end + (end < len(parsed) and parsed[end].text in {",", "."})
    if end < start + 2 or opening < 0 or closing >= len(parsed):
        return False
    marks = parsed[opening].text in _QUOTES and parsed[closing].text in _QUOTES
    return marks and not (opening and parsed[opening - 1].lower_ in tagger.lexicon()["called"])


def _joined(parsed: Doc, found: list[Mention]) -> list[Mention]:
    """The mentions, those of one name joined: "Gulf" and "Finland" over their "of", a people and its "peninsula"."""
    land, landform = tagger.lexicon()["land"], tagger.lexicon()["landform"]
    joined: list[Mention] = []
    for mention in found:
        start, end = mention.start, mention.end
        over_of = joined and start == joined[-1].end + 1 and parsed[start - 1].text == "of"
        if over_of and joined[-1].name.lower() in land:
            start = joined.pop().start
        elif mention.type == "NORP" and end < len(parsed) and parsed[end].lower_ in landform:
            end += 1
        longer = (start, end) != (mention.start, mention.end)
        joined.append(Mention(start, end, parsed[start:end].text, "LOC") if longer else mention)
    return joined


def _settle_types(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias]) -> None:
    """One type for one name throughout a text: what is known of it, else what fits all its mentions best."""
    by_name: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        by_name[mention.key].append(mention)
    shown = {key: [m.fits for m in same if m.fits and not m.name.isupper()] for key, same in by_name.items()}
    longer = {part: key for key in by_name for part in parts(key)}
    settled: dict[str, str] = {}
    for key in sorted(by_name, key=lambda key: -key.count(" ")):
        same, whole = by_name[key], longer.get(key, "")
        name, first = same[0].name, same[0].type
        alias = alias_of(name, first, aliases)
        peoples = [alias_of(word, "NORP", aliases) for word in re.split(r"\W+", name)]
        given = [mention.type for mention in same if not mention.fits]
        if settled.get(whole) == "PERSON" and (first == "PERSON" or (whole.endswith(key) and not alias)):
            kind = "PERSON"
        elif alias and alias.type and "LANGUAGE" not in given:
            kind = alias.type
        elif all(people and people.type == "NORP" for people in peoples):  # "African-Americans"
            kind = "NORP"
        elif len(given) * 2 >= len(same):
            kind = max(given, key=given.count)
        else:
            own = shown[key] or [mention.fits for mention in same if mention.fits]
            related = [np.mean(shown[other], axis=0) for other in (whole, *parts(key)) if shown.get(other)]
            kind = tagger.KINDS[int(np.sum([*own, *related], axis=0)[:3].argmax())]
        settled[key] = kind
        places = [tagger.place_type(parsed, m.start, m.end) for m in same] if kind == "PLACE" else [kind]
        for mention in same:
            mention.type = max(places, key=places.count)


def fold(name: str) -> str:
    """A name without regard to capitals and the shape of its apostrophes."""
    return name.casefold().replace("’", "'")


def parts(name: str) -> set[str]:
    """The shorter names by which a name of several words is called: its first and last word, both, all but either."""
    words = name.split()
    if len(words) < 2:
        return set()
    shorter = {words[0], words[-1], " ".join(words[1:]), " ".join(words[:-1]), f"{words[0]} {words[-1]}"}
    return shorter - {name}


def _missed(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias], common: Set[str]) -> list[Mention]:
    """Mentions that are certain from the rest of the text: known names, names found elsewhere, surnames, acronyms."""
    certain: dict[str, str] = {}
    for mention in found:
        certain |= dict.fromkeys((mention.name, acronym_behind(parsed, mention)), mention.type)
        if mention.type == "PERSON":
            surname = mention.name.split()[-1]
            certain |= {surname: "PERSON", surname.upper(): "PERSON"}
    text = parsed.text.replace("\xa0", " ")
    ends = [token.idx + len(token) for token in parsed]
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    missed = []
    for token in parsed:
        if token.i in taken or not token.text[0].isupper():
            continue
        for end in range(min(token.i + _LONGEST, len(parsed)), token.i, -1):
            name = text[token.idx : ends[end - 1]]
            kind = certain.get(name) or (aliases[name].type if name in aliases else "")
            if kind and name.lower() not in common and taken.isdisjoint(range(token.i, end)):
                missed.append(Mention(token.i, end, name, kind))
                taken |= {*range(token.i, end)}
                break
    return missed


def acronym_behind(parsed: Doc, mention: Mention) -> str:
    """The acronym in brackets behind a name, as in "Atlantic Mariners' Union (AMU)"; "" without one."""
    behind = [token.text for token in parsed[mention.end : mention.end + 3]]
    if mention.type in {"PERSON", "GPE"} or len(behind) < 3 or behind[0] != "(" or behind[2] not in {")", ",", ";"}:
        return ""
    return behind[1] if 2 <= len(behind[1]) <= 10 and sum(map(str.isupper, behind[1])) >= 2 else ""


def alias_of(name: str, kind: str, aliases: Mapping[str, Alias]) -> Alias | None:
    """What is known of a name, also of one in capitals and of a people's in the plural."""
    forms = [name, *([name.title()] if name.isupper() else []), *([name.removesuffix("s")] if kind == "NORP" else [])]
    return next((aliases[form] for form in forms if form in aliases), None)
