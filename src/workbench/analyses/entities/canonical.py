"""The names in a text, and which of them mean the same person, organisation or place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.analyses.entities import tagger
from workbench.analyses.entities.aliases import Alias, alias_of, fold, initials, parts
from workbench.analyses.entities.mentions import Mention, find, other_name
from workbench.documents import Document, InputError
from workbench.language import Tokens, per_document, tokens

MENTION_COLUMNS = ["start", "end", "text", "type", "entity"]
_NO_ACRONYMS = {"PERSON", "GPE", "LOC", "NORP"}
_SPELT = {"PERSON", "GPE"}  # types of which a long name in capitals is no acronym: "OKAFOR" in a transcript
Aliases = Mapping[str, str] | str | Path
# By type and part of a name in lower case, the longer names that it is a part of, in their order.
Longer = Mapping[tuple[str, str], Iterable[str]]


def known(aliases: Aliases | None = None) -> dict[str, Alias]:
    """What is known of names, `aliases` before aliases.tsv.

    `aliases` is {name: canonical name}, or the path of a tab-separated file with the columns name, entity and, where
    wanted, type and country.
    """
    if aliases is None:
        return _shipped()
    if not isinstance(aliases, Mapping | str | Path):
        raise TypeError(f"aliases={aliases!r}: give {{'a name': 'its canonical name'}}, or the path of a table of them")
    own = {n: Alias(e) for n, e in aliases.items()} if isinstance(aliases, Mapping) else _read(Path(aliases))
    return _shipped() | own


@cache
def _shipped() -> dict[str, Alias]:
    return _read(Path(__file__).with_name("aliases.tsv"))


def _read(path: Path) -> dict[str, Alias]:
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame()
    if not {"name", "entity"} <= {*table}:
        raise InputError(f"{path}: no table of names; make it a tab-separated file with the columns name and entity")
    table = table[["name", *(column for column in Alias._fields if column in table)]]
    return {name: Alias(*rest) for name, *rest in table.itertuples(index=False)}


@per_document
def mentions(document: Document, aliases: Aliases | None = None) -> pd.DataFrame:
    """A row a mention of a name: start, end, text, type (spaCy's OntoNotes labels), entity (its canonical name).

    `aliases` as in `known`.
    """
    t, meanings = tokens(document), known(aliases)
    found = find(t, meanings)
    _name(t, found, meanings)
    spans = [(t.start[mention.start], t.end[mention.end - 1]) for mention in found]
    starts, ends = np.array(spans, dtype="int64").reshape(-1, 2).T
    texts = [document.text[start:end] for start, end in spans]
    strings = [texts, [mention.type for mention in found], [mention.entity for mention in found]]
    columns = [starts, ends, *(pd.array(column, dtype="str") for column in strings)]
    return pd.DataFrame(dict(zip(MENTION_COLUMNS, columns, strict=True)))


def _name(t: Tokens, found: Iterable[Mention], aliases: Mapping[str, Alias]) -> None:
    """Give each mention its canonical name."""
    cased = {fold(part): part for m in found if not m.name.isupper() for part in (m.name, *parts(m.name))}
    everyday = {fold(mention.name) for mention in found}
    full: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    meant: dict[str, str] = {}
    for mention in found:
        if mention.name.isupper():
            known_so = mention.name in aliases or mention.type not in _SPELT or len(mention.name) < 5
            mention.name = cased.get(mention.key, mention.name if known_so else mention.name.title())
        name = mention.name = _everyday(mention, everyday)
        whole = fold(_plain(name))
        for part in parts(whole) | {whole.partition(":")[0]} - {whole}:
            full[mention.type, part][name] = None
        meant[other_name(t, mention)] = name
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for mention in found:
        name, kind = mention.name, mention.type
        if kind == "PERSON":
            name = _person(t, mention, name, full, counts)
            name = spelt.setdefault(fold(name), name)
            counts[name] += 1
            alias = aliases.get(name) or aliases.get(_plain(name))
            mention.entity = alias.entity if alias and alias.type in {"", kind} else name
            continue
        name = meant.get(mention.name, name)
        if alias := alias_of(name, kind, aliases) or alias_of(_plain(name), kind, aliases):
            mention.entity = alias.entity
        elif kind == "NORP":
            mention.entity = f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
        else:
            name = _expansion(name, kind, full)
            mention.entity = spelt.setdefault(fold(_plain(name)), name)


def _everyday(mention: Mention, others: Set[str]) -> str:
    """A name without its legal form where the text has it so, too; a person's "Jr." tells son from father."""
    plain = _plain(mention.name)
    return plain if mention.type != "PERSON" and fold(plain) in others else mention.name


def _plain(name: str) -> str:
    """A name without its legal form or "Jr."."""
    words = name.split()
    while len(words) > 1 and (words[-1] == "&" or words[-1].lower() in tagger.lexicon()["legal"]):
        words.pop()
    return " ".join(words).rstrip(",")


def _person(t: Tokens, mention: Mention, name: str, full: Longer, counts: Counter[str]) -> str:
    """A person's full name: of several with one surname, the one whom "Mr" or "Mrs" fits, who is named most so far.

    A first name alone gets the surname that it shares, as in "Ruth and Peter Thorvald".
    """
    longer = list(full.get(("PERSON", fold(name)), ()))
    if not longer:
        behind = t.text[mention.end : mention.end + 3]
        shares = len(behind) == 3 and behind[0] == "and" and behind[2].istitle() and " " not in name
        return f"{name} {behind[2]}" if shares and tagger.is_given(behind[1]) and tagger.is_given(name) else name
    before = t.lower[mention.start - 1].rstrip(".") if mention.start else ""
    sex = {"mr": "male", "mrs": "female", "ms": "female", "miss": "female"}.get(before)
    fitting = [other for other in longer if not sex or sex in _sexes(other.split()[0])]
    if not fitting:
        return name
    name = max(fitting, key=lambda other: counts[other])
    return next(iter(full.get(("PERSON", fold(name)), ())), name)


def _sexes(first: str) -> Set[str]:
    """Those to whom a first name is given, mostly; both where nothing is known."""
    mostly = _mostly().get(first)
    given = {mostly} if mostly else tagger.gazetteer().get(first, frozenset()) & {"female", "male"}
    return given or {"female", "male"}


@cache
def _mostly() -> dict[str, str]:
    return dict(tagger.table("first_names.tsv"))


def _adds_a_kind(name: str, longer: str, kind: str) -> bool:
    """Whether what a longer name adds only says what kind of thing it is: "Yahoo Group", not "Yahoo Messenger"."""
    added = {*fold(longer).split()} - {*fold(name).split()}
    of = ("land", "link") if kind in {"GPE", "LOC"} else ("organisation", "legal", "link")
    return added <= set().union(*(tagger.lexicon()[group] for group in of))


def _expansion(name: str, kind: str, full: Longer) -> str:
    """The longer name in the text that an acronym or a shortened name stands for; itself where none or several."""
    if (kind, fold(name)) in full:
        longer = [other for other in full[kind, fold(name)] if other.startswith(name) or " " in name]
        if longer and longer[0].startswith(f"{name}:"):
            return longer[0]
        return longer[0] if len(longer) == 1 and _adds_a_kind(name, longer[0], kind) else name
    letters = name.replace(".", "")
    if not (2 <= len(letters) <= 8 and letters.isupper()):
        return name
    whole = (
        other for (type_, _), others in full.items() if kind not in _NO_ACRONYMS or type_ == kind for other in others
    )
    return next((other for other in whole if letters in initials(other)), name)
