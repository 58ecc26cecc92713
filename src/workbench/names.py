"""The names in a text, and which of them mean the same person, organisation or place."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from spacy.tokens import Doc

from workbench import tagger
from workbench.documents import Document
from workbench.language import parse, per_document
from workbench.mentions import Alias, Mention, acronym_behind, alias_of, find, fold, parts

MENTION_COLUMNS = ["start", "end", "text", "type", "entity"]
Aliases = Mapping[str, str] | str | Path


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
    found = find(parsed, aliases)
    _name(parsed, found, aliases)
    starts = [parsed[mention.start].idx for mention in found]
    ends = [parsed[mention.end - 1].idx + len(parsed[mention.end - 1]) for mention in found]
    texts = [document.text[start:end] for start, end in zip(starts, ends, strict=True)]
    columns = [np.array(starts, dtype="int64"), np.array(ends, dtype="int64")]
    strings = [texts, [mention.type for mention in found], [mention.entity for mention in found]]
    columns += [pd.array(column, dtype="str") for column in strings]
    return pd.DataFrame(dict(zip(MENTION_COLUMNS, columns, strict=True)))


def _name(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias]) -> None:
    """Give each mention its canonical name."""
    cased = {fold(part): part for m in found if not m.name.isupper() for part in (m.name, *parts(m.name))}
    full: dict[tuple[str, str], list[str]] = defaultdict(list)
    meant: dict[str, str] = {}
    for mention in found:
        if mention.name.isupper():
            known_so = mention.name in aliases or mention.type != "GPE"
            mention.name = cased.get(mention.key, mention.name if known_so else mention.name.title())
        name = _plain(mention.name)
        for part in parts(fold(name)):
            if name not in full[mention.type, part]:
                full[mention.type, part].append(name)
        meant[acronym_behind(parsed, mention)] = name
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for mention in found:
        if mention.type == "PERSON":
            name = _person(mention, parsed, full, counts)
            alias = aliases.get(name) or aliases.get(mention.name)
            mention.entity = alias.entity if alias and alias.type in {"", "PERSON"} else name
            counts[name] += 1
            continue
        name = meant.get(mention.name) or _plain(mention.name)
        if alias := alias_of(name, mention.type, aliases):
            mention.entity = alias.entity
        elif mention.type == "NORP":
            mention.entity = name.removesuffix("s")
        else:
            name = _expansion(name, mention.type, full) or name
            mention.entity = spelt.setdefault(fold(name), name)


def _plain(name: str) -> str:
    """A name without its legal form or "Jr."."""
    words = name.split()
    while len(words) > 1 and words[-1].lower() in tagger.lexicon()["legal"]:
        words.pop()
    return " ".join(words)


def _person(mention: Mention, parsed: Doc, full: Mapping[tuple[str, str], list[str]], counts: Counter[str]) -> str:
    """A person's full name: of several with one surname, the one whom "Mr" or "Mrs" fits, who is named most so far."""
    name = _plain(mention.name)
    fulls = full.get(("PERSON", fold(name)), [])
    if not fulls:
        return _with_shared_surname(parsed, mention, name)
    before = parsed[mention.start - 1].lower_.rstrip(".") if mention.start else ""
    sex = {"mr": "male", "mrs": "female", "ms": "female", "miss": "female"}.get(before)
    kinds = tagger.gazetteer()
    fitting = [other for other in fulls if not sex or sex in kinds.get(other.split()[0], {sex})]
    name = max(fitting or fulls, key=lambda other: counts[other])
    return full.get(("PERSON", fold(name)), [name])[0]


def _with_shared_surname(parsed: Doc, mention: Mention, name: str) -> str:
    """A first name with the surname that it shares, as in "Ruth and Peter Thorvald"."""
    behind = parsed[mention.end : mention.end + 3]
    given = {"female", "male"}
    if " " in name or len(behind) < 3 or behind[0].lower_ != "and" or not behind[2].is_title:
        return name
    kinds = tagger.gazetteer()
    if given & kinds.get(behind[1].text, set()) and given & kinds.get(name, set()):
        return f"{name} {behind[2].text}"
    return name


def _expansion(name: str, kind: str, full: Mapping[tuple[str, str], list[str]]) -> str:
    """The longer name in the text that an acronym or a shortened name stands for; "" where there is none or several."""
    if (kind, fold(name)) in full:
        longer = [other for other in full[kind, fold(name)] if other.startswith(name) or " " in name]
        return longer[0] if len(longer) == 1 else ""
    letters = name.replace(".", "")
    if not (2 <= len(letters) <= 8 and letters.isupper()):
        return ""
    whole = (other for (type_, _), others in full.items() if type_ == kind for other in others)
    return next((other for other in whole if letters in _initials(other)), "")


def _initials(name: str) -> set[str]:
    """A name's initials: of the words with a capital, and of all."""
    words = re.findall(r"\w+", name)
    return {"".join(word[0] for word in words if word[0].isupper()), "".join(word[0] for word in words).upper()}
