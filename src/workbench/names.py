"""The names in a text, and which of them mean the same person, organisation or place."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
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
_DASHES = {"-", "–", "—", "--"}
_QUOTES = {'"', "“", "”", "''", "``", "'", "‘", "’"}
_NOT_LAST = {"'s", "’s", "'", "’", ",", ".", "-", "–", "(", '"', "”", "''"}


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
    datelines = [Mention(start, end, parsed[start:end].text, "GPE") for start, end in _datelines(parsed)]
    taken = {i for mention in datelines for i in range(mention.start, mention.end)}
    spans = [span for span in tagger.names(parsed) if taken.isdisjoint(range(span.start, span.end))]
    found = [*datelines, *(mention for span in spans if (mention := _trimmed(parsed, span)))]
    common = {token.text for token in parsed if token.text.islower()}
    found = [m for m in found if not (parsed[m.start].is_sent_start and m.name.lower() in common)]
    found = _joined(parsed, sorted(found, key=lambda mention: mention.start))
    _settle_types(parsed, found, aliases)
    found = sorted([*found, *_missed(parsed, found, aliases, common)], key=lambda mention: mention.start)
    _name(parsed, found, aliases)
    starts = [parsed[mention.start].idx for mention in found]
    ends = [parsed[mention.end - 1].idx + len(parsed[mention.end - 1]) for mention in found]
    texts = [document.text[start:end] for start, end in zip(starts, ends, strict=True)]
    columns = [starts, ends, texts, [m.type for m in found], [m.entity for m in found]]
    table = pd.DataFrame(dict(zip(MENTION_COLUMNS, columns, strict=True)))
    return table.astype({"start": "int64", "end": "int64", "text": "str", "type": "str", "entity": "str"})


def _datelines(parsed: Doc) -> Iterator[tuple[int, int]]:
    """Places in capitals that begin a paragraph and lead to a dash: "HALIFAX, Nova Scotia, March 14 -"."""
    for token in parsed:
        if token.i and "\n" not in parsed[token.i - 1].text:
            continue
        end = token.i
        while end < len(parsed) and parsed[end].is_upper and parsed[end].is_alpha:
            end += 1
        behind = [t.text for t in parsed[end : end + 12]]
        dash = next((i for i, text in enumerate(behind) if text in _DASHES or "\n" in text), len(behind))
        led_to = behind[dash:] and behind[dash] in _DASHES and (dash == 0 or behind[0] in {",", "(", "/"})
        if end > token.i and len(token) > 2 and led_to:
            yield token.i, end


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
    alone = end == start + 1 and ((parsed[start].is_stop and not name.isupper()) or name.lower() in _no_names())
    if len(name) < 2 or alone or not any(t.text[0].isalpha() and t.text != t.lower_ for t in parsed[start:end]):
        return None
    kind = _type_by_words(parsed, start, end, span.type)
    if kind == "LANGUAGE" and parsed[end - 1].dep_ in {"amod", "compound"}:
        kind = "NORP"
    return Mention(start, end, name, kind, span.fits if kind == span.type else ()) if kind != "OTHER" else None


def _no_names() -> frozenset[str]:
    return tagger.lexicon()["currency"] | tagger.lexicon()["calendar"]


def _type_by_words(parsed: Doc, start: int, end: int, kind: str) -> str:
    """The type that a name's first or last word gives away, else `kind`."""
    words, ends = tagger.lexicon(), {parsed[start].lower_, parsed[end - 1].lower_}
    if end == start + 1:
        return kind
    if ends & words["contest"] or (kind == "OTHER" and ends & words["event"]):
        return "EVENT"
    if parsed[end - 1].lower_ in words["law"] and kind in {"ORG", "PLACE", "OTHER"}:
        return "LAW"
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
    longer = {part: key for key in by_name for part in _parts(key)}
    settled: dict[str, str] = {}
    for key in sorted(by_name, key=lambda key: -key.count(" ")):
        same, whole = by_name[key], longer.get(key, "")
        alias = _alias(same[0].name, same[0].type, aliases)
        given = [mention.type for mention in same if not mention.fits]
        if settled.get(whole) == "PERSON" and ((whole.endswith(key) and not alias) or same[0].type == "PERSON"):
            kind = "PERSON"
        elif alias and alias.type and "LANGUAGE" not in given:
            kind = alias.type
        elif len(given) * 2 >= len(same):
            kind = max(given, key=given.count)
        else:
            own = shown[key] or [mention.fits for mention in same if mention.fits]
            related = [np.mean(shown[other], axis=0) for other in (whole, *_parts(key)) if shown.get(other)]
            kind = tagger.KINDS[int(np.sum([*own, *related], axis=0)[:3].argmax())]
        settled[key] = kind
        places = [tagger.place_type(parsed, m.start, m.end) for m in same] if kind == "PLACE" else [kind]
        for mention in same:
            mention.type = max(places, key=places.count)


def _parts(name: str) -> set[str]:
    """The shorter names by which a name of several words is called: its first and last word, all but either."""
    words = name.split()
    return {words[0], words[-1], " ".join(words[1:]), " ".join(words[:-1])} if len(words) > 1 else set()


def _missed(parsed: Doc, found: Iterable[Mention], aliases: Mapping[str, Alias], common: Set[str]) -> list[Mention]:
    """Mentions that are certain from the rest of the text: known names, names found elsewhere, surnames, acronyms."""
    types = {name: alias.type for name, alias in aliases.items() if alias.type}
    for mention in found:
        surname = mention.name.split()[-1] if mention.type == "PERSON" else mention.name
        acronym = _bracketed(parsed, mention) or mention.name
        types |= dict.fromkeys((surname, acronym, mention.name), mention.type)
    beginning: dict[str, list[str]] = defaultdict(list)
    for name in sorted(types, key=len, reverse=True):
        beginning[_first_word(name)].append(name)
    text = parsed.text
    ends = {token.idx + len(token): token.i + 1 for token in parsed}
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    missed = []
    for token in parsed:
        for name in beginning.get(_first_word(token.text), ()) if token.text[:1].isupper() else ():
            tokens = range(token.i, ends.get(token.idx + len(name), token.i))
            if tokens and text.startswith(name, token.idx) and name.lower() not in common:
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
    cased = {part.casefold(): part for m in found if not m.name.isupper() for part in (m.name, *_parts(m.name))}
    full: dict[tuple[str, str], list[str]] = defaultdict(list)
    meant: dict[str, str] = {}
    for mention in found:
        if mention.name.isupper():
            mention.name = cased.get(mention.key, mention.name.title() if len(mention.name) > 5 else mention.name)
        name = _plain(mention.name)
        for part in _parts(name):
            if name not in full[mention.type, part]:
                full[mention.type, part].append(name)
        meant[_bracketed(parsed, mention)] = name
    counts: Counter[str] = Counter()
    for mention in found:
        if mention.type == "PERSON":
            mention.entity = _person(mention, parsed, full, counts)
            counts[mention.entity] += 1
            continue
        name = meant.get(mention.name) or _plain(mention.name)
        if alias := _alias(name, mention.type, aliases):
            mention.entity = alias.entity
        elif mention.type == "NORP":
            mention.entity = name.removesuffix("s")
        else:
            mention.entity = _expansion(name, mention.type, full) or name


def _plain(name: str) -> str:
    """A name without its legal form."""
    words = name.split()
    while len(words) > 1 and words[-1].lower() in tagger.lexicon()["legal"]:
        words.pop()
    return " ".join(words)


def _alias(name: str, kind: str, aliases: Mapping[str, Alias]) -> Alias | None:
    """What is known of a name, also of one in capitals and of a people's in the plural."""
    forms = [name, *([name.title()] if name.isupper() else []), *([name.removesuffix("s")] if kind == "NORP" else [])]
    return next((aliases[form] for form in forms if form in aliases), None)


def _person(mention: Mention, parsed: Doc, full: Mapping[tuple[str, str], list[str]], counts: Counter[str]) -> str:
    """A person's full name: of several with one surname, the one whom "Mr" or "Mrs" fits, who is named most so far."""
    name = mention.name
    if ("PERSON", name) not in full:
        return _with_shared_surname(parsed, mention)
    before = parsed[mention.start - 1].lower_.rstrip(".") if mention.start else ""
    sex = {"mr": "male", "mrs": "female", "ms": "female", "miss": "female"}.get(before)
    kinds = tagger.gazetteer()
    fitting = [other for other in full["PERSON", name] if not sex or sex in kinds.get(other.split()[0], {sex})]
    return max(fitting or full["PERSON", name], key=lambda other: counts[other])


def _with_shared_surname(parsed: Doc, mention: Mention) -> str:
    """A first name with the surname that it shares, as in "Ruth and Peter Thorvald"."""
    behind = parsed[mention.end : mention.end + 3]
    given = {"female", "male"}
    if " " in mention.name or len(behind) < 3 or behind[0].lower_ != "and" or not behind[2].is_title:
        return mention.name
    kinds = tagger.gazetteer()
    if given & kinds.get(behind[1].text, set()) and given & kinds.get(mention.name, set()):
        return f"{mention.name} {behind[2].text}"
    return mention.name


def _expansion(name: str, kind: str, full: Mapping[tuple[str, str], list[str]]) -> str:
    """The longer name in the text that an acronym or a shortened name stands for; "" where there is none or several."""
    if (kind, name) in full:
        longer = [other for other in full[kind, name] if other.startswith(name) or " " in name]
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
