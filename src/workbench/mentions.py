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
_PARTY_AND_STATE = re.compile(r"[DRI]-[A-Z]")
_LONGEST = 6
_GIVEN = {"female", "male"}
_DASHES = {"-", "–", "—", "--"}
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
    found = [*_datelines(parsed), *_speaker_labels(parsed)]
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    spans = [span for span in tagger.names(parsed) if taken.isdisjoint(range(span.start, span.end))]
    spans = [span for span in spans if not _is_pair(parsed, span, aliases)]
    found += [mention for span in spans if (mention := _trimmed(parsed, span))]
    common = {token.text for token in parsed if token.text.islower()}
    found = [m for m in found if not (parsed[m.start].is_sent_start and m.name.lower() in common)]
    found = _without_headlines(parsed, sorted(found, key=lambda mention: mention.start))
    found = _joined(parsed, found)
    _settle_types(parsed, found, aliases)
    return sorted([*found, *_missed(parsed, found, aliases, common)], key=lambda mention: mention.start)


def _capitals(parsed: Doc) -> Iterator[tuple[int, int]]:
    """Token ranges of the words in capitals that begin a paragraph."""
    words = [token.text for token in parsed]
    for start in [0, *(i + 1 for i, word in enumerate(words) if "\n" in word)]:
        end = next(
            (i for i in range(start, len(words)) if not words[i].isalpha() or not words[i].isupper()), len(words)
        )
        if end > start and len(words[start]) > 2:
            yield start, end


def _datelines(parsed: Doc) -> Iterator[Mention]:
    """Places in capitals that lead to a dash: "HALIFAX, Nova Scotia, March 14 -"."""
    for start, end in _capitals(parsed):
        behind = [token.text for token in parsed[end : end + 12]]
        dash = next((i for i, word in enumerate(behind) if word in _DASHES or "\n" in word), len(behind))
        if behind[dash:] and behind[dash] in _DASHES and (dash == 0 or behind[0] in {",", "(", "/"}):
            yield Mention(start, end, parsed[start:end].text, "GPE")


def _speaker_labels(parsed: Doc) -> list[Mention]:
    """Persons in capitals before a colon, as in transcripts, where one comes at least twice."""
    before_colon = [(a, b) for a, b in _capitals(parsed) if b < len(parsed) and parsed[b].text == ":"]
    labels = [Mention(start, end, parsed[start:end].text, "PERSON") for start, end in before_colon]
    times = Counter(label.name for label in labels)
    return [label for label in labels if times[label.name] > 1]


def _without_headlines(parsed: Doc, found: list[Mention]) -> list[Mention]:
    """The mentions; of those in headlines, all in capitals, only persons with a first name and what recurs."""
    headlines = set()
    for sentence in parsed.sents:
        words = [token for token in sentence if token.is_alpha and not (token.is_stop and token.is_lower)]
        if len(words) > 3 and all(token.text[0].isupper() for token in words):
            headlines.add(sentence.start)
    within = [parsed[mention.start].sent.start in headlines for mention in found] if headlines else [True]
    if all(within):
        return found
    sure = {m.key for m, inside in zip(found, within, strict=True) if not inside}
    sure |= {part for key in sure for part in parts(key)}
    given = tagger.gazetteer()
    sure |= {m.key for m in found if m.type == "PERSON" and _GIVEN & given.get(m.name.split()[0], set())}
    return [m for m, inside in zip(found, within, strict=True) if not inside or m.key in sure]


def _is_pair(parsed: Doc, span: tagger.Span, aliases: Mapping[str, Alias]) -> bool:
    """Whether it is two known names held together by a hyphen, as in "a Russia-NATO conflict"."""
    words = [token.text for token in parsed[span.start : span.end]]
    return any(
        sign in _DASHES and {a, b} <= aliases.keys() for a, sign, b in zip(words, words[1:], words[2:], strict=False)
    )


def _trimmed(parsed: Doc, span: tagger.Span) -> Mention | None:
    """The name without article, title and possessive; None where nothing is left that could be one."""
    start, end = span.start, span.end
    titles = tagger.lexicon()["title" if span.type == "PERSON" else "address"]
    while start < end and (parsed[start].lower_ in _NOT_FIRST | titles or not parsed[start].text[0].isalnum()):
        start += 1
    opens = start < end and (parsed[start].is_sent_start or parsed[start - 1].text in _QUOTES)
    if end > start + 1 and opens and parsed[start].is_stop and parsed[start].is_title:
        start += 1
    if span.type == "OTHER":
        while start < end and not parsed[start].text[0].isupper():
            start += 1
    while start < end and (parsed[end - 1].text in _NOT_LAST or parsed[end - 1].is_space):
        end -= 1
    if _is_quoted(parsed, start, end):
        start -= parsed[start - 1].lower_ == "the"
        return Mention(start, end, parsed[start:end].text, "WORK_OF_ART")
    name = " ".join(parsed[start:end].text.split())
    no_name = any(name.lower() in tagger.lexicon()[kind] for kind in ("currency", "calendar", "nameless"))
    no_name |= end == start + 1 and parsed[start].is_stop and not name.isupper()
    no_name |= not 1 < len(name) < 200 or _PARTY_AND_STATE.match(name) is not None
    if no_name or not any(t.text[0].isalpha() and t.text != t.lower_ for t in parsed[start:end]):
        return None
    if span.type not in tagger.KINDS and sum(t.text[0].isupper() for t in parsed[start:end]) * 2 < end - start:
        return None
    kind = _type_by_words(parsed, start, end, span.type)
    if kind == "LANGUAGE" and parsed[end - 1].dep_ in {"amod", "compound"}:
        kind = "NORP"
    return Mention(start, end, name, kind, span.fits if kind == span.type else ()) if kind != "OTHER" else None


def _type_by_words(parsed: Doc, start: int, end: int, kind: str) -> str:
    """The type that a name's first or last word gives away, else `kind`."""
    words, ends = tagger.lexicon(), {parsed[start].lower_, parsed[end - 1].lower_}
    if end == start + 1:
        return kind
    if parsed[end - 1].lower_ in words["law"] and not _GIVEN & tagger.gazetteer().get(parsed[start].text, set()):
        return "LAW"
    if ends & words["contest"] or (kind == "OTHER" and ends & words["event"]):
        return "EVENT"
    if parsed[end - 1].lower_ in words["road"] and kind in {"ORG", "PERSON"}:
        return "FAC"
    return kind


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
        last = joined[-1] if joined else None
        if last and last.name.lower() in land and mention.start == last.end + 1 and parsed[last.end].text == "of":
            mention = Mention(joined.pop().start, mention.end, f"{last.name} of {mention.name}", "LOC")
        elif mention.type == "NORP" and mention.end < len(parsed) and parsed[mention.end].lower_ in landform:
            mention = Mention(mention.start, mention.end + 1, f"{mention.name} {parsed[mention.end].text}", "LOC")
        joined.append(mention)
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
        alias = alias_of(same[0].name, same[0].type, aliases)
        given = [mention.type for mention in same if not mention.fits]
        if settled.get(whole) == "PERSON" and ((whole.endswith(key) and not alias) or same[0].type == "PERSON"):
            kind = "PERSON"
        elif alias and alias.type and "LANGUAGE" not in given:
            kind = alias.type
        elif all(
            (a := alias_of(word, "NORP", aliases)) and a.type == "NORP" for word in re.split(r"\W+", same[0].name)
        ):
            kind = "NORP"  # "African-Americans"
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
