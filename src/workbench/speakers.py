"""Who a speaker is: names, pronouns and descriptions led to one name where the article supports it."""

import json
from bisect import bisect_left, bisect_right
from functools import cache
from pathlib import Path
from typing import NamedTuple

from workbench.attribution import Attribution
from workbench.documents import Document
from workbench.names import mentions
from workbench.tokens import Parse

FIRST_NAMES = Path(__file__).parent / "models" / "first_names.json"
_PRONOUNS = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female"}
_MALE = "mr mr. sir lord spokesman congressman chairman king prince husband son"
_FEMALE = "mrs mrs. ms ms. miss lady dame baroness spokeswoman congresswoman chairwoman queen princess wife daughter"
_GENDERED = dict.fromkeys(_MALE.split(), "male") | dict.fromkeys(_FEMALE.split(), "female")
_SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "WORK_OF_ART", "PRODUCT")
_MODIFIERS = ("amod", "compound", "nmod")
_DEFINITE = frozenset("the this that their its his her".split())
_LEFT_OUT = frozenset("DET NUM PUNCT SPACE SYM".split())
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

    A name gives its entity, and so does a noun with a name in apposition. A pronoun gives the likeliest one named or
    speaking before it: of fitting gender, near, a subject. A description ("the Russian president", "the union") gives
    the person to whom the article ties those words by title or apposition, or the name that ends in them; if there is
    none, it stands as it is, without determiner, number and what follows the noun.
    """
    found = _mentions(document, p)
    cast = _Cast(p, found)
    entities: dict[int, str] = {}
    for index in sorted(range(len(attributions)), key=lambda index: attributions[index].pieces):
        head = attributions[index].head
        entities[index] = cast.entity(head) if head >= 0 else ""
    return [entities[index] for index in range(len(attributions))]


class _Cast:
    """Those who are named in an article, what else it calls them, and who spoke last."""

    def __init__(self, p: Parse, found: list[Mention]) -> None:
        self.p = p
        self.found = found
        self.people = [mention for mention in found if mention.person]
        self.named = {token: mention for mention in found for token in range(mention.first, mention.last + 1)}
        self.genders = _genders(p, self.people)
        self.described = _descriptions(p, self.people)
        self.spoke: dict[str, str] = {}  # the latest speaker: any, an organisation or place, several

    def entity(self, head: int) -> str:
        """Whom the noun or pronoun `head` means; called in the order of the text, since speakers take turns."""
        p = self.p
        lower = p.lower[head]
        mention = self._mention(head)
        if mention:
            entity = self._titled(mention)
        elif lower in _PRONOUNS:
            entity = self._antecedent(head, _PRONOUNS[lower]) or lower
        elif lower in ("it", "its"):
            entity = self.spoke.get("thing", lower)
        elif lower in ("they", "them", "their"):
            entity = self.spoke.get("several", lower)
        else:
            entity = lower if p.pos[head] == "PRON" else self._described(head) or _phrase(p, head)
        self.spoke["last"] = entity
        if mention and not mention.person:
            self.spoke["thing"] = entity
        elif p.tag[head] == "NNS":
            self.spoke["several"] = entity
        return entity

    def _mention(self, head: int) -> Mention | None:
        """The name at `head`, in apposition to it, or, where it is a proper noun, within its phrase or ending in it."""
        p = self.p
        beside = [k for k in p.children[head] if p.dep[k] == "appos"] + (
            [p.head[head]] if p.dep[head] == "appos" else []
        )
        near = [head, *beside, *(range(p.left[head], head) if p.pos[head] == "PROPN" else ())]
        mention = next((self.named[k] for k in near if k in self.named), None)
        if not mention and p.pos[head] != "PROPN" and not p.text[head].isupper():
            return None
        name = mention.entity if mention else p.text[head]
        if " " in name:
            return mention
        surname = [name.casefold()]
        return next((m for m in self.people if m.entity.casefold().split()[1:][-1:] == surname), mention)

    def _titled(self, mention: Mention) -> str:
        """The mention's entity, or, where "Mrs" before it says otherwise, that of her namesake."""
        title = _GENDERED.get(self.p.lower[mention.first - 1], "") if mention.first else ""
        if mention.person and title and self.genders.get(mention.entity, title) != title:
            surname = mention.entity.split()[-1:]
            fitting = (m.entity for m in self.people if m.entity.split()[-1:] == surname and self._gender(m) == title)
            return next(fitting, mention.entity)
        return mention.entity

    def _gender(self, person: Mention) -> str:
        return self.genders.get(person.entity, "")

    def _antecedent(self, pronoun: int, gender: str) -> str:
        """The best placed of the people named before the pronoun, "" if nobody fits."""
        p = self.p
        paragraph, sentence = p.paragraph[pronoun][0], p.sentence[pronoun][0]
        best, entity = float("-inf"), ""
        for person in reversed(self.people[: bisect_left(self.people, (pronoun,))][-_REACH:]):
            if self.genders.get(person.entity, gender) != gender:
                continue
            place = 2.0 * (person.first >= sentence) + 1.0 * (person.first >= paragraph)
            place += 1.5 * (p.dep[person.head] in ("nsubj", "nsubjpass"))
            place += 1.5 * (person.entity == self.spoke.get("last")) + 0.5 * (person.entity in self.genders)
            place -= 1.5 * (p.quote[person.first] >= 0)
            place -= (p.paragraph_number[pronoun] - p.paragraph_number[person.first]) / 2
            if place > best:
                best, entity = place, person.entity
        return entity

    def _described(self, head: int) -> str:
        """The latest person before `head` to whom all its words are tied, or name that holds them; "" if none is."""
        p = self.p
        children = p.children[head]
        if p.tag[head] in ("NNS", "NNPS") or not any(p.lower[k] in _DEFINITE for k in children):
            return ""
        words = {p.lower[head]} | {p.lower[k] for k in children if p.dep[k] in _MODIFIERS}
        called = [(m, tied) for m, tied in self.described if m.first < head and p.lower[head] in tied]
        fully = [m.entity for m, tied in called if words <= tied]
        if fully or len({m.entity for m, _ in called}) == 1:
            return fully[-1] if fully else called[0][0].entity
        for mention in reversed(self.found[: bisect_left(self.found, (head,))]):
            if not mention.person and words <= set(mention.entity.casefold().split()):
                return mention.entity
        return ""


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
        first, *others = person.entity.lower().split() or [""]
        if others and first in first_names():
            genders[person.entity] = first_names()[first]
        elif title:
            genders.setdefault(person.entity, title)
    return genders


def _descriptions(p: Parse, people: list[Mention]) -> list[tuple[Mention, set[str]]]:
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
            found.append((person, words))
    return found


def _phrase(p: Parse, head: int) -> str:
    """The noun with what stands before it, without determiners and numbers; a sentence's capital is taken off."""
    kept = [k for k in range(p.left[head], head + 1) if p.pos[k] not in _LEFT_OUT and p.tag[k] != "PRP$"] or [head]
    opening = kept[0] - p.sentence[head][0] <= 2 and p.pos[kept[0]] != "PROPN" and not p.entity[kept[0]]
    first = p.lower[kept[0]] if opening and not p.text[kept[0]][1:].isupper() else p.text[kept[0]]
    return " ".join([first, *(p.text[k] for k in kept[1:])])
