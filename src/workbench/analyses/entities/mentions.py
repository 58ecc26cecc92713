"""Mentions of names in a parse: what the tagger found, trimmed, joined, of one type throughout, and completed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from workbench.analyses.entities import forms, tagger, types
from workbench.analyses.entities.aliases import Alias, alias_of, fold, initials, is_people, parts
from workbench.language import Tokens, stop_words

_NOT_FIRST = {"the", "a", "an"}
_NOT_LAST = {"'s", "’s", "'", "’", ",", ".", "-", "–", "(", '"', "”", "''"}
_LONGEST = 6
_FIRM = -0.5  # logarithm of the likelihood from which a surname is an organisation after all
_UNSURE = -1.0  # logarithm of the likelihood below which a people, and a surname's type, are as spaCy has it
_NO_NAME = {"IN", "DT", "CC", "PRP$", "VBG"}  # tags of what stands before a name, as in "Speaking in the Commons"
_HONOURS = set("OBE MBE CBE DBE KBE BEM KC QC RA FRS MP MSP MEP PhD MD CH OM KCB DL JP".split())
# "R-Tex." is a party and a state, "Russia-NATO conflict" two names.
_HALVES = re.compile(" ?(?:--|[-–—]) ?| [a-z]+$")
_ROYAL = re.compile(r"\b(?:Prince|Princess|Duke|Duchess|Earl|Countess|Marquess) of [A-Z]\w+")
_KNOWN_AS = re.compile(r"[,(]? ?\(?(?:also |better |widely )?(?:known as|nicknamed) (?:the )?([A-Z]\w+)")
_HAVE_ACRONYMS = {"ORG", "EVENT", "LAW", "PRODUCT"}
_TOLD = {"PERSON", "WORK_OF_ART", "LAW", "EVENT", "PRODUCT"}  # types that the form of a name alone tells
_PARTIES = {"D", "R", "I"}


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


def find(t: Tokens, aliases: Mapping[str, Alias]) -> list[Mention]:
    """The mentions of names in a parse, in order and apart, without their entities."""
    found = candidates(t, aliases)
    common = {word for word in t.text if word.islower()}
    settle_types(t, found, aliases)
    found = [mention for mention in found if mention.type]
    return _apart([*found, *_missed(t, found, aliases, common)])


def candidates(t: Tokens, aliases: Mapping[str, Alias]) -> list[Mention]:
    """What may be a name, in order and apart, each with the type that the tagger or spaCy gave it."""
    found = [Mention(start, end, t.written(start, end), kind) for start, end, kind, _ in forms.sure(t)]
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    spans = [half for span in tagger.names(t) for half in forms.halved(t, forms.whole(t, span), aliases)]
    spans = [span for span in spans if taken.isdisjoint(range(span.start, span.end))]
    found += [mention for span in spans if (mention := _trimmed(t, span, aliases))]
    common = {word for word in t.text if word.islower()}
    found = [m for m in found if not (t.opens(m.start) and m.name.lower() in common)]
    found = _without_headlines(t, sorted(found, key=lambda mention: mention.start))
    loud = forms.loud(t)
    quiet = {name for m in found if m.start not in loud for name in (m.key, *parts(m.key))}
    found = [m for m in found if m.start not in loud or m.key in quiet or _is_known(m.name, aliases)]
    return _apart(_joined(t, found))


def _is_known(name: str, aliases: Mapping[str, Alias]) -> bool:
    """Whether a name in capitals is listed, or short and begins with a first name that is no country's."""
    first, *others = name.title().split()
    named = tagger.is_given(first) and len(others) < 3 and not (others and first in aliases)
    place = not {"city", "region"}.isdisjoint(tagger.gazetteer().get(name.title(), ()))
    return alias_of(name, "GPE", aliases) is not None or named or place


def _apart(found: Iterable[Mention]) -> list[Mention]:
    """The mentions in order; of two that overlap, the longer."""
    apart: list[Mention] = []
    for mention in sorted(found, key=lambda mention: mention.start):
        if apart and mention.start < apart[-1].end:
            if mention.end - mention.start <= apart[-1].end - apart[-1].start:
                continue
            apart.pop()
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    return apart


def _without_headlines(t: Tokens, found: list[Mention]) -> list[Mention]:
    """The mentions; of those in headlines, all in capitals, only persons with a first name and what recurs."""
    within: set[int] = set()
    for start, end in dict.fromkeys(t.sentence):
        words = [word for word in t.text[start:end] if word.isalpha() and word not in stop_words()]
        if len(words) > 3 and all(word[0].isupper() for word in words):
            within |= {*range(start, end)}
    sure = {name for m in found if m.start not in within for name in (m.key, *parts(m.key))}
    if not within or not sure:
        return found
    sure |= {m.key for m in found if m.type == "PERSON" and tagger.is_given(m.name.split()[0])}
    return [m for m in found if m.start not in within or m.key in sure]


def _trimmed(t: Tokens, span: tagger.Span, aliases: Mapping[str, Alias]) -> Mention | None:
    """The name without article, title and possessive; None where nothing is left that could be one."""
    start, end, kind, words = span.start, span.end, span.type, tagger.lexicon()
    while end > start and t.lower[end - 1] in words["event"] and _continues(t, start, end):
        start -= 1
    for first, past in ((start, min(end + 1, len(t.text))), (start, end), (max(start - 1, 0), end)):
        if "organisation" in tagger.gazetteer().get(t.written(first, past), ()):
            return Mention(first, past, t.written(first, past), kind, span.fits)
    before = _NOT_FIRST | words["title" if kind == "PERSON" else "address"] | words["trade"]
    if start > 1 and t.text[start - 1] == "of" and t.text[start - 2].lower() in words["royal"]:
        start -= 2
    while start < end and (t.lower[start] in before or not t.text[start][0].isalnum() or t.tag[start] in _NO_NAME):
        kept = forms.is_royal(t.written(start, end)) or forms.has_initials(t, start)
        if kept or (t.tag[start] == "VBG" and not t.opens(start)):
            break
        start += 1
    opens = start < end and (t.opens(start) or t.text[start - 1] in tagger.QUOTES)
    told = end < len(t.text) and t.tag[end] in {"VBD", "VBZ"} and tagger.is_given(t.text[start])  # "Will Kerr said"
    if end > start + 1 and opens and t.lower[start] in stop_words() and t.text[start].istitle() and not told:
        start += 1
    while start < end and not t.text[start][0].isupper() and (kind == "OTHER" or t.tag[start].startswith("V")):
        start += 1
    while start < end and (t.text[end - 1] in _NOT_LAST or t.text[end - 1].isspace()):
        end -= 1
    honoured = False
    end = next((i for i in range(start, end) if t.text[i] in {"(", ")"} and ")" not in t.text[i + 1 : end]), end)
    while end > start + 1 and (
        (t.text[end - 1].islower() and t.text[end - 1].isalpha() and t.start[end - 1] > t.end[end - 2])
        or (t.text[end - 1] in _HONOURS and end > start + 2 and t.text[start].istitle())
    ):
        honoured = honoured or t.text[end - 1] in _HONOURS
        end -= 1
    if forms.is_quoted(t, start, end):
        start -= t.lower[start - 1] == "the"
        return Mention(start, end, t.written(start, end), "WORK_OF_ART", span.fits)
    name = " ".join(t.written(start, end).split())
    if kind == "PLACE" and name.islower() and t.entity[start] in {"GPE", "LOC"} and _is_place(name.title(), "GPE"):
        return Mention(start, end, name.title(), kind, span.fits)  # "i am from mexico"
    capitals = sum(word[0].isupper() for word in t.text[start:end])
    halves = [half for half in _HALVES.split(name) if half]
    if (
        not any(t.text[i][0].isalpha() and t.text[i] != t.lower[i] for i in range(start, end))
        or any(name.lower() in words[of] for of in ("currency", "calendar", "nameless", "address"))
        or (end == start + 1 and ((t.lower[start] in stop_words() and not name.isupper()) or forms.is_rank(t, start)))
        or sum(map(str.isalnum, name)) < 2
        or len(name) > 200
        or (kind not in tagger.KINDS and capitals * 2 < end - start)
        or (len(halves) > 1 and (halves[0] in _PARTIES or aliases.keys() >= {*halves}))
    ):
        return None
    return Mention(start, end, name, "PERSON") if honoured else Mention(start, end, name, kind, span.fits)


def _continues(t: Tokens, start: int, end: int) -> bool:
    """Whether the proper noun before belongs to the name: "Somerset" to "Maugham Award"."""
    i = start - 1
    inside = i >= t.sentence[start][0] and start <= t.head[i] < end and t.dep[i] == "compound"
    return inside and t.tag[i] == "NNP" and t.text[i].istitle() and not t.opens(i)


def _joined(t: Tokens, found: list[Mention]) -> list[Mention]:
    """The mentions, those of one name joined: "Gulf" and "Finland" over their "of", a people and its "peninsula"."""
    land, landform = tagger.lexicon()["land"], tagger.lexicon()["landform"]
    joined: list[Mention] = []
    for mention in found:
        start, end = mention.start, mention.end
        if joined and start == joined[-1].end + 1 and t.text[start - 1] == "&":
            start = joined.pop().start
        over = t.text[start - 1] if joined and start == joined[-1].end + 1 else ""
        if over == "v." or (over == "of" and joined[-1].name.lower() in land):
            start = joined.pop().start
        elif mention.type == "NORP" and end < len(t.text) and t.lower[end] in landform:
            end += 1
        longer = (start, end) != (mention.start, mention.end)
        kind = "LAW" if over == "v." else mention.type
        joined.append(Mention(start, end, t.written(start, end), kind) if longer else mention)
    return joined


def settle_types(t: Tokens, found: Sequence[Mention], aliases: Mapping[str, Alias]) -> None:
    """One type for one name throughout a text: what is known of it, else what fits all its mentions best."""
    by_name: dict[str, list[Mention]] = defaultdict(list)
    spans = [tagger.Span(m.start, m.end, m.type, m.fits) for m in found]
    told = {mention.key: mention.type for mention in found if mention.type in _TOLD and not mention.fits}
    told |= {key.partition(":")[0]: kind for key, kind in told.items()}
    told |= {mention.key: "ORG" for mention in found if forms.has_legal_form(mention.name)}
    for mention, fits in zip(found, types.fits(t, spans), strict=True):
        by_name[mention.key].append(mention)
        mention.fits = tuple(fits.tolist())
    longer = {part: key for key in by_name for part in parts(key)}
    stands_for = {letters.lower(): m.key for m in found if " " in m.key for letters in initials(m.name)}
    stands_for |= {fold(acronym): m.key for m in found if (acronym := other_name(t, m))}
    settled: dict[str, str] = {}
    for key in sorted(by_name, key=lambda key: -key.count(" ")):
        same, whole = by_name[key], longer.get(key, "")
        name, first = same[0].name, same[0].type
        alias = alias_of(name, first, aliases)
        own = [mention.fits for mention in same]
        related = [np.mean([mention.fits for mention in by_name[whole]], axis=0)] if whole else []
        scores = np.sum([*own, *related], axis=0)
        scores[_impossible(name)] = -np.inf
        kind = types.TYPES[int(np.argmax(scores))]
        unsure = scores.max() < _UNSURE * (len(own) + len(related))
        surname = "last" in tagger.gazetteer().get(name.split()[-1], ())
        if unsure and ((kind == "NORP" and first in types.TYPES) or (surname and first == "PERSON")):
            kind = first
        if kind == "PERSON" and settled.get(whole) == "ORG" and _is_short(key, whole, by_name):
            kind = "ORG"
        if key in told or " v. " in name:
            kind = told.get(key, "LAW")
        elif (
            settled.get(whole) == "PERSON"
            and not _is_firm(same)
            and (kind == "PERSON" or (whole.endswith(key) and not alias and not _is_place(name, kind)))
        ):
            kind = "PERSON"
        elif alias and alias.type and first != "LANGUAGE":
            kind = alias.type
        elif is_people(name, aliases):
            kind = "NORP"
        elif first == "LANGUAGE":
            kind = first
        elif name.isupper() and settled.get(stands_for.get(key.replace(".", ""), "")) in _HAVE_ACRONYMS:
            kind = settled[stands_for[key.replace(".", "")]]
        elif forms.is_royal(name):
            kind = "PERSON"
        settled[key] = kind
        for mention in same:
            addressed = mention.start > 0 and t.lower[mention.start - 1] in tagger.lexicon()["address"]
            mention.type = "PERSON" if addressed else kind


def _is_short(key: str, whole: str, others: Mapping[str, Sequence[Mention]]) -> bool:
    """Whether a word that nobody is called by may be short for a listed organisation, as "Villa" for "Aston Villa"."""
    listed = "organisation" in tagger.gazetteer().get(others[whole][0].name, ())
    plain = listed and whole.endswith(f" {key}") and not {"&", "and"} & {*whole.split()}
    return plain and not any(other.endswith(f" {key}") and of[0].type == "PERSON" for other, of in others.items())


def _is_place(name: str, kind: str) -> bool:
    """Whether it is a listed place that stands where places do, whoever else is called so."""
    return kind == "GPE" and not tagger.gazetteer().get(name, frozenset()).isdisjoint({"city", "region", "country"})


def _impossible(name: str) -> list[int]:
    """The types that a name can't be of: a person with a number, a law without a word for one."""
    lawless = tagger.lexicon()["law"].isdisjoint(name.lower().split())
    numbered = any(map(str.isdigit, name)) or name.endswith((" One", " Two", " Three"))
    ruled_out = ["PERSON"] * numbered + ["LAW"] * lawless
    return [types.TYPES.index(kind) for kind in ruled_out]


def _is_firm(same: Iterable[Mention]) -> bool:
    """Whether mentions of one word are an organisation, whoever else is called so: "Ford said it would close"."""
    return float(np.mean([mention.fits[types.TYPES.index("ORG")] for mention in same])) > _FIRM


def _missed(t: Tokens, found: Iterable[Mention], aliases: Mapping[str, Alias], common: Set[str]) -> list[Mention]:
    """Mentions that are certain from the rest of the text: known names, names found elsewhere, surnames, acronyms."""
    certain: dict[str, str] = {}
    for mention in found:
        certain |= dict.fromkeys((mention.name, other_name(t, mention)), mention.type)
        if mention.type == "PERSON":
            surname = [word for word in mention.name.split() if word.lower() not in tagger.lexicon()["legal"]][-1:]
            certain |= {form: "PERSON" for word in surname for form in (word, word.upper())}
    text = t.whole.replace("\xa0", " ")
    certain |= dict.fromkeys(_ROYAL.findall(text), "PERSON")
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    missed = []
    loud = forms.loud(t)
    for i, word in enumerate(t.text):
        if i in taken or not word[0].isupper():
            continue
        for end in range(min(i + _LONGEST, len(t.text)), i, -1):
            name = text[t.start[i] : t.end[end - 1]]
            known = aliases.get(name) or (alias_of(name, "GPE", aliases) if i in loud else None)
            kind = certain.get(name) or (known.type if known else "")
            if kind and name.lower() not in common and taken.isdisjoint(range(i, end)):
                missed.append(Mention(i, end, name, kind))
                taken |= {*range(i, end)}
                break
    return missed


def other_name(t: Tokens, mention: Mention) -> str:
    """The acronym in brackets behind a name, as in "Atlantic Mariners' Union (AMU)", or what an organisation is known
    as, as in "Tottenham, known as Spurs"; "" without one.
    """
    if mention.type == "ORG" and (known := _KNOWN_AS.match(t.whole, t.end[mention.end - 1])):
        return known[1]
    behind = t.text[mention.end : mention.end + 3]
    if mention.type in {"PERSON", "GPE"} or len(behind) < 3 or behind[0] != "(" or behind[2] not in {")", ",", ";"}:
        return ""
    return behind[1] if 2 <= len(behind[1]) <= 10 and sum(map(str.isupper, behind[1])) >= 2 else ""
