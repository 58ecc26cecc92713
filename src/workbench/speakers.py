"""Who a speaker is: names, pronouns and descriptions led to one name where the article supports it."""

import json
from bisect import bisect_left, bisect_right
from functools import cache
from pathlib import Path
from typing import NamedTuple

from workbench.attribution import Attribution
from workbench.candidates import Parse
from workbench.documents import Document
from workbench.names import mentions

FIRST_NAMES = Path(__file__).parent / "models" / "first_names.json"
_PRONOUNS = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female"}
_MALE = "mr mr. sir lord spokesman congressman chairman king prince husband son"
_FEMALE = "mrs mrs. ms ms. miss lady dame baroness spokeswoman congresswoman chairwoman queen princess wife daughter"
_GENDERED = dict.fromkeys(_MALE.split(), "male") | dict.fromkeys(_FEMALE.split(), "female")
_SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "WORK_OF_ART", "PRODUCT")
_MODIFIERS = ("amod", "compound", "nmod")
_REACH = 15  # names back within which a pronoun finds its own


class Mention(NamedTuple):
    """Someone or something named: first and last token, head, canonical name, whether a person."""

    first: int
    last: int
    head: int
    entity: str
    person: bool


@cache
def first_names() -> dict[str, str]:
    """The gender that the commonest first names in English suggest: lower-case name to "female" or "male"."""
    lists = json.loads(FIRST_NAMES.read_text("utf-8"))
    return {name.lower(): gender for gender, names in lists.items() for name in names.split()}


def resolved(document: Document, p: Parse, attributions: list[Attribution]) -> list[str]:
    """The canonical name of each attribution's speaker, "" where it has none; in the order given.

    A name gives its entity. A pronoun gives the likeliest person named before it: of fitting gender, near, a subject,
    speaking just before. A description ("the Russian president") gives the person to whom the article ties those words
    by title or apposition; if it ties them to nobody, they stand as they are, without determiner and what follows.
    """
    found = _mentions(document, p)
    named = {token: mention for mention in found for token in range(mention.first, mention.last + 1)}
    people = [mention for mention in found if mention.person]
    genders = _genders(p, people)
    described = _descriptions(p, people)
    entities: dict[int, str] = {}
    previous = ""
    for index in sorted(range(len(attributions)), key=lambda index: attributions[index].pieces):
        head = attributions[index].head
        if head < 0:
            entities[index] = ""
            continue
        lower = p.lower[head]
        if head in named:
            entity = named[head].entity
        elif lower in _PRONOUNS:
            entity = _antecedent(p, head, _PRONOUNS[lower], people, genders, previous) or lower
        elif p.pos[head] == "PRON":
            entity = lower
        else:
            entity = _described(p, head, described) or _phrase(p, head)
        entities[index] = previous = entity
    return [entities[index] for index in range(len(attributions))]


def _mentions(document: Document, p: Parse) -> list[Mention]:
    """The names that can speak, in order."""
    table = mentions(document)
    table = table[table["type"].isin(_SPEAKING)].sort_values("start")
    found = []
    for start, end, kind, entity in table[["start", "end", "type", "entity"]].itertuples(index=False):
        first, last = bisect_right(p.end, start), bisect_left(p.start, end) - 1
        if first <= last:
            head = next((k for k in range(first, last + 1) if not first <= p.head[k] <= last), last)
            found.append(Mention(first, last, head, entity, kind == "PERSON"))
    return found


def _genders(p: Parse, people: list[Mention]) -> dict[str, str]:
    """Gender by title or gendered noun before the name, else by first name; those of whom nothing is known left out."""
    genders: dict[str, str] = {}
    for person in people:
        before = p.lower[person.first - 1] if person.first else ""
        title = _GENDERED.get(before) or _GENDERED.get(p.lower[person.first])
        first, *others = person.entity.lower().split()
        if title:
            genders[person.entity] = title
        elif others and first in first_names():
            genders.setdefault(person.entity, first_names()[first])
    return genders


def _antecedent(
    p: Parse, pronoun: int, gender: str, people: list[Mention], genders: dict[str, str], previous: str
) -> str:
    """The best placed of the people named before the pronoun, "" if nobody fits."""
    paragraph, sentence = p.paragraph[pronoun][0], p.sentence[pronoun][0]
    best, entity = float("-inf"), ""
    for person in reversed(people[: bisect_left(people, (pronoun,))][-_REACH:]):
        if genders.get(person.entity, gender) != gender:
            continue
        place = 2.0 * (person.first >= sentence) + 1.0 * (person.first >= paragraph)
        place += 1.5 * (p.dep[person.head] in ("nsubj", "nsubjpass")) + 1.5 * (person.entity == previous)
        place += 0.5 * (person.entity in genders) - 1.5 * (p.quote[person.first] >= 0)
        place -= (p.paragraph_number[pronoun] - p.paragraph_number[person.first]) / 2
        if place > best:
            best, entity = place, person.entity
    return entity


def _descriptions(p: Parse, people: list[Mention]) -> list[tuple[set[str], str]]:
    """What the article calls people: the words of title, apposition and "is a …" beside each name, in order."""
    found = []
    for person in people:
        head = person.head
        above = p.head[head]
        nouns = [k for k in p.children[head] if p.dep[k] == "appos"]
        if p.dep[head] == "appos":
            nouns.append(above)
        if p.dep[head] == "nsubj" and p.lemma[above] == "be":
            nouns += [k for k in p.children[above] if p.dep[k] == "attr"]
        words = {p.lower[k] for k in range(p.left[head], person.first) if p.word[k]}
        for noun in nouns:
            words |= {p.lower[k] for k in (noun, *p.children[noun]) if k == noun or p.dep[k] in _MODIFIERS}
        if words:
            found.append((words, person.entity))
    return found


def _described(p: Parse, head: int, described: list[tuple[set[str], str]]) -> str:
    """The one person to whom all words of the definite description at `head` are tied; "" if nobody or several."""
    children = p.children[head]
    if not any(p.lower[k] in ("the", "this", "that") for k in children) or p.tag[head] in ("NNS", "NNPS"):
        return ""
    words = {p.lower[head]} | {p.lower[k] for k in children if p.dep[k] in _MODIFIERS}
    matching = [entity for tied, entity in described if words <= tied]
    return matching[-1] if len(set(matching)) == 1 else ""


def _phrase(p: Parse, head: int) -> str:
    """The noun with what stands before it, without determiners and numbers."""
    first = min((k for k in range(p.left[head], head) if p.lower[k] not in (",", "(")), default=head)
    kept = [
        k
        for k in range(first, head + 1)
        if p.pos[k] not in ("DET", "NUM", "PUNCT") and p.lower[k] not in ("a", "an", "the")
    ]
    return " ".join(p.text[k] for k in kept)
