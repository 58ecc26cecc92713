"""The names in a text, and which of them mean the same person, organisation or place."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from spacy.tokens import Doc

from workbench import tagger
from workbench.documents import Document
from workbench.language import parse, per_document

MENTION_COLUMNS = ["start", "end", "text", "type", "entity"]
Aliases = Mapping[str, str] | str | Path
_NOT_FIRST = {"the", "a", "an"}
_NOT_LAST = {"'s", "’s", "'", "’", ",", ".", "-", "–", "(", '"', "”"}


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
        """What mentions of one name share, in capitals or not."""
        return self.name.casefold()


def known(aliases: Aliases | None = None) -> dict[str, Alias]:
    """What is known of names, `aliases` before models/aliases.tsv.

    `aliases` is {name: canonical name}, or the path of a tab-separated file with the columns name, entity and, where
    wanted, type and country.
    """
    if aliases is None:
        return _shipped()
    own = {n: Alias(e) for n, e in aliases.items()} if isinstance(aliases, Mapping) else _read(Path(aliases))
    return _shipped() | own


@cache
def _shipped() -> dict[str, Alias]:
    return _read(Path(str(files("workbench").joinpath("models/aliases.tsv"))))


def _read(path: Path) -> dict[str, Alias]:
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    table = table[["name", *(column for column in Alias._fields if column in table)]]
    return {name: Alias(*rest) for name, *rest in table.itertuples(index=False)}


def mentions(document: Document, aliases: Aliases | None = None) -> pd.DataFrame:
    """A row a mention of a name: start, end, text, type (spaCy's OntoNotes labels), entity (its canonical name).

    `aliases` as in `known`.
    """
    return _mentions(document).copy() if aliases is None else _recognised(document, known(aliases))


@per_document
def _mentions(document: Document) -> pd.DataFrame:
    return _recognised(document, known())


def _recognised(document: Document, aliases: Mapping[str, Alias]) -> pd.DataFrame:
    parsed = parse(document)
    found = [mention for span in tagger.names(parsed) if (mention := _trimmed(parsed, span))]
    _settle_types(parsed, found, aliases)
    found = sorted([*found, *_missed(parsed, found, aliases)], key=lambda mention: mention.start)
    _name(parsed, found, aliases)
    starts = [parsed[mention.start].idx for mention in found]
    ends = [parsed[mention.end - 1].idx + len(parsed[mention.end - 1]) for mention in found]
    texts = [document.text[start:end] for start, end in zip(starts, ends, strict=True)]
    columns = [starts, ends, texts, [m.type for m in found], [m.entity for m in found]]
    table = pd.DataFrame(dict(zip(MENTION_COLUMNS, columns, strict=True)))
    return table.astype({"start": "int64", "end": "int64", "text": "str", "type": "str", "entity": "str"})


def _trimmed(parsed: Doc, span: tagger.Span) -> Mention | None:
    """The name without article, title and possessive; None where nothing is left that could be one."""
    start, end = span.start, span.end
    titles = tagger.lexicon()["title"] if span.type == "PERSON" else tagger.lexicon()["address"]
    while start < end and (parsed[start].lower_ in _NOT_FIRST | titles or not parsed[start].text[0].isalnum()):
        start += 1
    while start < end and (parsed[end - 1].text in _NOT_LAST or parsed[end - 1].is_space):
        end -= 1
    if not any(token.text[0].isalpha() and token.text != token.lower_ for token in parsed[start:end]):
        return None
    return Mention(start, end, " ".join(parsed[start:end].text.split()), span.type, span.fits)


def _settle_types(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias]) -> None:
    """One type for one name throughout a text: what is known of it, else what fits all its mentions best."""
    by_name: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        by_name[mention.key].append(mention)
    fits = {key: np.sum([m.fits for m in ms if m.fits] or [(0, 0, 0, 0)], axis=0) for key, ms in by_name.items()}
    longer = {part: key for key in by_name for part in _parts(key)}
    for key, same in by_name.items():
        alias = aliases.get(same[0].name)
        whole = longer.get(key)
        others = [m.type for m in same if not m.fits]
        if alias and alias.type and not (whole and same[0].type == "PERSON"):
            kind = alias.type
        elif len(others) * 2 > len(same):
            kind = others[0]
        else:
            kind = tagger.KINDS[int((fits[key] + (fits[whole] if whole else 0))[:3].argmax())]
        for mention in same:
            mention.type = tagger.place_type(parsed, mention.start, mention.end) if kind == "PLACE" else kind
        if kind == "PLACE":
            types = [m.type for m in same]
            for mention in same:
                mention.type = max(types, key=types.count)


def _parts(name: str) -> set[str]:
    """The shorter names by which a name of several words is called: its first and last word, all but either."""
    words = name.split()
    return {words[0], words[-1], " ".join(words[1:]), " ".join(words[:-1])} if len(words) > 1 else set()


def _missed(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias]) -> list[Mention]:
    """Mentions that are certain from the rest of the text: known names, names found elsewhere, surnames, acronyms."""
    types = {name: alias.type for name, alias in aliases.items() if alias.type}
    for mention in found:
        surname = mention.name.split()[-1] if mention.type == "PERSON" else mention.name
        acronym = _bracketed(parsed, mention) or mention.name
        types |= dict.fromkeys((surname, acronym, mention.name), mention.type)
    beginning: dict[str, list[str]] = defaultdict(list)
    for name in sorted(types, key=len, reverse=True):
        beginning[_first_word(name)].append(name)
    ends = {token.idx + len(token): token.i + 1 for token in parsed}
    common = {token.text for token in parsed if token.text.islower()}
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    missed = []
    for token in parsed:
        for name in beginning.get(_first_word(token.text), ()) if token.text[:1].isupper() else ():
            tokens = range(token.i, ends.get(token.idx + len(name), token.i))
            if tokens and parsed.text.startswith(name, token.idx) and name.lower() not in common:
                if taken.isdisjoint(tokens):
                    missed.append(Mention(token.i, tokens.stop, name, types[name]))
                    taken |= {*tokens}
                break
    return missed


def _first_word(text: str) -> str:
    return re.split(r"\W", text, maxsplit=1)[0]


def _bracketed(parsed: Doc, mention: Mention) -> str:
    """The acronym in brackets behind a name, as in "Atlantic Mariners' Union (AMU)"; "" without one."""
    behind = [token.text for token in parsed[mention.end : mention.end + 3]]
    if len(behind) < 3 or behind[0] != "(" or behind[2] not in {")", ",", ";"}:
        return ""
    return behind[1] if 2 <= len(behind[1]) <= 10 and sum(map(str.isupper, behind[1])) >= 2 else ""


def _name(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias]) -> None:
    """Give each mention its canonical name."""
    full: dict[str, list[str]] = defaultdict(list)
    for mention in found:
        for part in _parts(_plain(mention)):
            if _plain(mention) not in full[part]:
                full[part].append(_plain(mention))
    meant = {acronym: _plain(m) for m in found if (acronym := _bracketed(parsed, m))}
    latest: dict[str, str] = {}
    for mention in found:
        name = _plain(mention)
        if mention.type == "PERSON":
            mention.entity = _person(name, full, latest)
            continue
        name = meant.get(name, name)
        alias = _alias(name, mention.type, aliases)
        mention.entity = alias.entity if alias else name
        if not alias and mention.type != "NORP":
            mention.entity = _expansion(name, full) or name
    cased = {m.entity.casefold(): m.entity for m in found if not m.entity.isupper()}
    for mention in found:
        mention.entity = cased.get(mention.entity.casefold(), mention.entity)


def _plain(mention: Mention) -> str:
    """A name without its legal form, in title case if the text has a longer word all in capitals."""
    words = mention.name.split()
    while len(words) > 1 and words[-1].lower() in tagger.lexicon()["legal"]:
        words.pop()
    return " ".join(words)


def _alias(name: str, kind: str, aliases: Mapping[str, Alias]) -> Alias | None:
    """What is known of a name, also of one in capitals and of a people's in the plural."""
    forms = [name, *([name.title()] if name.isupper() else []), *([name.removesuffix("s")] if kind == "NORP" else [])]
    return next((aliases[form] for form in forms if form in aliases), None)


def _person(name: str, full: Mapping[str, list[str]], latest: dict[str, str]) -> str:
    """A person's full name: of several persons with one surname, the one whose full name came last."""
    if name in full:
        return latest.get(name, full[name][0])
    latest |= dict.fromkeys(_parts(name), name)
    return name


def _expansion(name: str, full: Mapping[str, list[str]]) -> str:
    """The longer name in the text that an acronym or a shortened name stands for, if it is only one."""
    return ""
