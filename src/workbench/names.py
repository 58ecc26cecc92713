"""The names in a text, and which of them mean the same person, organisation or place."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from spacy.tokens import Doc

from workbench import tagger
from workbench.documents import Document
from workbench.language import parse, per_document

MENTION_COLUMNS = ["start", "end", "text", "type", "entity"]
Aliases = Mapping[str, str] | str | Path
_PLACES = {"GPE", "LOC", "FAC"}
_ARTICLES = {"the", "a", "an"}
_TITLES = set("mr mr. mrs mrs. ms ms. miss dr dr. prof prof. professor president chancellor premier minister".split())
_TITLES |= set("senator sen. sen representative rep. rep congressman congresswoman governor gov. gov mayor".split())
_TITLES |= set("chairman chairwoman spokesman spokeswoman judge justice ambassador secretary".split())
_FIRST_WORD = re.compile(r"\w*")
_AFTER = {"'s", "’s", "'", "’", ",", ".", "-", "–", "(", '"', "”"}
_LEGAL = set(
    "inc inc. ltd ltd. llc plc corp corp. co co. gmbh ag sa s.a. a/s nv n.v. bv b.v. s.p.a. spa pty ab oy".split()
)
_SMALL = {"of", "the", "for", "and", "on", "in", "to", "de", "la", "&", "-", "'s", "’s"}


class Alias(NamedTuple):
    """What a name means: canonical name, type ("" keeps the type found), and the country of a demonym or a capital."""

    entity: str
    type: str = ""
    country: str = ""


@dataclass
class Mention:
    """A name as a range of tokens, with its text and what it means."""

    start: int
    end: int
    type: str
    name: str
    entity: str = ""


@cache
def known_names() -> dict[str, Alias]:
    """The names of models/aliases.tsv: countries, demonyms, capitals, spelling variants, well-known institutions."""
    return _read_aliases(Path(str(files("workbench").joinpath("models/aliases.tsv"))))


def _read_aliases(path: Path) -> dict[str, Alias]:
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    columns = [column for column in Alias._fields if column in table]
    return {row.pop("name"): Alias(**row) for row in table[["name", *columns]].to_dict("records")}


def known(aliases: Aliases | None = None) -> dict[str, Alias]:
    """What is known of names, `aliases` before models/aliases.tsv.

    `aliases` is {name: canonical name}, or the path of a tab-separated file with the columns name, entity and, where
    wanted, type and country.
    """
    if aliases is None:
        return known_names()
    own = {n: Alias(e) for n, e in aliases.items()} if isinstance(aliases, Mapping) else _read_aliases(Path(aliases))
    return known_names() | own


@per_document
def _mentions(document: Document) -> pd.DataFrame:
    return recognise(document, known())


def mentions(document: Document, aliases: Aliases | None = None) -> pd.DataFrame:
    """A row a mention of a name: start, end, text, type (spaCy's OntoNotes labels), entity (its canonical name).

    `aliases` as in `known`.
    """
    return _mentions(document).copy() if aliases is None else recognise(document, known(aliases))


def recognise(document: Document, known: Mapping[str, Alias]) -> pd.DataFrame:
    """The mentions in a document, given what `known` says of names: columns `MENTION_COLUMNS`, in order of place."""
    parsed = parse(document)
    found = [m for start, end, kind in tagger.names(parsed) if (m := _trimmed(parsed, start, end, kind))]
    found = _with_missed(parsed, found, known)
    _settle_types(found, known)
    _name_entities(parsed, found, known)
    text = document.text
    spans = [(parsed[m.start].idx, parsed[m.end - 1].idx + len(parsed[m.end - 1]), m) for m in found]
    rows = [(start, end, text[start:end], m.type, m.entity) for start, end, m in spans]
    table = pd.DataFrame(rows, columns=MENTION_COLUMNS)
    return table.astype({"start": "int64", "end": "int64", "text": "str", "type": "str", "entity": "str"})


def _trimmed(parsed: Doc, start: int, end: int, kind: str) -> Mention | None:
    """The name without article, title and possessive; None where nothing is left that could be one."""
    while start < end and (
        parsed[start].lower_ in _ARTICLES
        or not any(c.isalnum() for c in parsed[start].text)
        or (kind == "PERSON" and parsed[start].lower_ in _TITLES)
    ):
        start += 1
    while start < end and (parsed[end - 1].text in _AFTER or parsed[end - 1].is_space):
        end -= 1
    words = parsed[start:end]
    if not any(token.text[:1].isalpha() and token.text != token.lower_ for token in words):
        return None
    return Mention(start, end, kind, " ".join(words.text.split()))


def _with_missed(parsed: Doc, found: list[Mention], known: Mapping[str, Alias]) -> list[Mention]:
    """The mentions, and those certain from the rest of the text: names found elsewhere, surnames, known names."""
    certain: dict[str, str] = {name: alias.type for name, alias in known.items() if alias.type}
    for mention in found:
        certain[mention.name] = mention.type
        if mention.type == "PERSON" and " " in mention.name:
            certain.setdefault(mention.name.split()[-1], "PERSON")
    for mention in found:
        if acronym := _bracketed(parsed, mention):
            certain[acronym] = mention.type
    beginning: dict[str, list[str]] = defaultdict(list)
    for name in sorted(certain, key=len, reverse=True):
        beginning[_FIRST_WORD.match(name)[0]].append(name)
    text = parsed.text
    ends = {token.idx + len(token): token.i + 1 for token in parsed}
    lower = {token.text for token in parsed if token.text.islower()}
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    added = []
    for token in parsed:
        if token.i in taken or not (word := _FIRST_WORD.match(token.text)[0]) or word not in beginning:
            continue
        for name in beginning[word]:
            end = ends.get(token.idx + len(name))
            if end and text.startswith(name, token.idx) and name.lower() not in lower and name[:1].isupper():
                if taken.isdisjoint(range(token.i, end)):
                    added.append(Mention(token.i, end, certain[name], name))
                    taken |= set(range(token.i, end))
                break
    return sorted([*found, *added], key=lambda mention: mention.start)


def _bracketed(parsed: Doc, mention: Mention) -> str:
    """The acronym in brackets behind a name: "Atlantic Mariners' Union (AMU)"; "" without one."""
    after = parsed[mention.end : mention.end + 3]
    if len(after) < 3 or after[0].text != "(" or after[2].text not in {")", ",", ";"}:
        return ""
    acronym = after[1].text
    return acronym if 2 <= len(acronym) <= 10 and sum(map(str.isupper, acronym)) >= 2 else ""


def _settle_types(found: list[Mention], known: Mapping[str, Alias]) -> None:
    """One type for one name throughout a text: what is known of it, else what most of its mentions have."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in found:
        votes[mention.name][mention.type] += 1
    parts = {word for name, types in votes.items() if " " in name and "PERSON" in types for word in name.split()}
    for mention in found:
        alias = known.get(mention.name)
        if alias and alias.type and not (mention.name in parts and mention.type == "PERSON"):
            mention.type = alias.type
        elif mention.name in parts and votes[mention.name]["PERSON"]:
            mention.type = "PERSON"
        else:
            mention.type = votes[mention.name].most_common(1)[0][0]


def _name_entities(parsed: Doc, found: list[Mention], known: Mapping[str, Alias]) -> None:
    """Give each mention its canonical name."""
    full = _full_names(m for m in found if m.type == "PERSON")
    longer = {m.name for m in found if m.type not in {"PERSON", "NORP"} and " " in m.name}
    expansions = {name: m.name for m in found if (name := _bracketed(parsed, m))}
    latest: dict[str, str] = {}
    for mention in found:
        mention.entity = _known_entity(mention, known) or mention.name
        if mention.entity != mention.name or mention.name in known:
            continue
        if mention.type == "PERSON":
            mention.entity = _person(mention.name, full, latest)
        elif mention.type == "NORP":
            continue
        else:
            name = _without_legal_form(mention.name)
            name = expansions.get(name) or _expansion(name, longer) or _longer(name, longer) or name
            known_again = known.get(name)
            mention.entity = known_again.entity if known_again else _without_legal_form(name)
    cased = {m.entity.casefold(): m.entity for m in reversed(found) if not m.entity.isupper()}
    for mention in found:
        if mention.entity.isupper() and len(mention.entity) > 3:
            mention.entity = cased.get(mention.entity.casefold(), mention.entity)


def _known_entity(mention: Mention, known: Mapping[str, Alias]) -> str:
    """What `known` says: demonyms in the plural and names in capitals too."""
    for name in (mention.name, mention.name.removesuffix("s") if mention.type == "NORP" else "", mention.name.title()):
        if (alias := known.get(name)) and (name != mention.name.title() or mention.name.isupper()):
            if mention.type == "PERSON" and alias.type:
                return ""
            return alias.entity
    return ""


def _full_names(persons: Iterable[Mention]) -> dict[str, list[str]]:
    """For each part of a name, the full names in the text that begin or end with it, in order of first mention."""
    found: dict[str, list[str]] = defaultdict(list)
    for person in persons:
        words = person.name.split()
        if len(words) > 1:
            for part in {words[0], words[-1], " ".join(words[1:]), " ".join(words[:-1])}:
                if person.name not in found[part]:
                    found[part].append(person.name)
    return found


def _person(name: str, full: Mapping[str, list[str]], latest: dict[str, str]) -> str:
    """A person's full name: of several persons with one surname, the one whose full name came last."""
    if name in full:
        return latest.get(name, full[name][0])
    words = name.split()
    if len(words) > 1:
        twins = [other for other in full[words[-1]] if other.split()[0] == words[0]]
        name = twins[0]
        for part in {words[0], words[-1], " ".join(words[1:]), " ".join(words[:-1])}:
            latest[part] = name
    return name


def _without_legal_form(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1].lower() in _LEGAL:
        words.pop()
    return " ".join(words)


def _expansion(acronym: str, longer: Iterable[str]) -> str:
    """The name among `longer` whose initials are `acronym`, with or without its small words' ones."""
    letters = acronym.replace(".", "")
    if not (2 <= len(letters) <= 8 and letters.isupper()):
        return ""
    for name in sorted(longer):
        words = re.split(r"[ -]+", name)
        initials = "".join(word[0] for word in words if word[0].isupper())
        every = "".join(word[0] for word in words if word[0].isalpha()).upper()
        if letters in {initials, every}:
            return name
    return ""


def _longer(name: str, longer: Iterable[str]) -> str:
    """The only longer name that begins or ends with `name`, if it is no place's name."""
    if name in known_names() or "city" in tagger.gazetteer().get(name, ()):
        return ""
    fits = {other for other in longer if other.startswith(f"{name} ") or (" " in name and other.endswith(f" {name}"))}
    return _without_legal_form(fits.pop()) if len(fits) == 1 else ""
