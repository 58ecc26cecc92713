"""Who is named in an article and could speak, and of what gender, as far as the text tells."""

from bisect import bisect_left, bisect_right
from functools import cache
from typing import NamedTuple

from workbench.analyses.entities import tagger
from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations.marks import Parse
from workbench.documents import Document

_MALE = "mr mr. sir lord spokesman congressman chairman king prince husband son"
_FEMALE = "mrs mrs. ms ms. miss lady dame baroness spokeswoman congresswoman chairwoman queen princess wife daughter"
GENDERED = dict.fromkeys(_MALE.split(), "male") | dict.fromkeys(_FEMALE.split(), "female")
_SPEAKING = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "WORK_OF_ART", "PRODUCT")


class Mention(NamedTuple):
    """Someone or something named: first and last token, head, canonical name, whether a person."""

    first: int
    last: int
    head: int
    entity: str
    person: bool


@cache
def first_names() -> dict[str, str]:
    """The gender that a first name suggests, by name in lower case; names given to both much alike are left out."""
    given = {name: kinds & {"female", "male"} for name, kinds in tagger.gazetteer().items()}
    alone = {name.lower(): gender for name, genders in given.items() if len(genders) == 1 for gender in genders}
    return alone | {name.lower(): gender for name, gender in tagger.table("first_names.tsv")}


def named(document: Document, p: Parse) -> list[Mention]:
    """The names that can speak, in order."""
    table = mentions(document)
    columns = [table[name].tolist() for name in ("start", "end", "type", "entity")]
    found = []
    for start, end, kind, entity in sorted(zip(*columns, strict=True)):
        first, last = bisect_right(p.end, start), bisect_left(p.start, end) - 1
        if first <= last and kind in _SPEAKING:
            head = next((k for k in range(first, last + 1) if not first <= p.head[k] <= last), last)
            found.append(Mention(first, last, head, entity, kind == "PERSON"))
    return found


def genders(p: Parse, people: list[Mention]) -> dict[str, str]:
    """Gender by title or gendered noun before a name, else by first name; those of whom nothing is known left out."""
    found: dict[str, str] = {}
    for person in people:
        title = p.lower[max(0, person.first - 1)], p.lower[person.first]
        first, _, others = person.entity.lower().partition(" ")
        if gender := next((GENDERED[word] for word in title if word in GENDERED), ""):
            found[person.entity] = gender
        elif others and first in first_names():
            found.setdefault(person.entity, first_names()[first])
    return found
