"""Who is named or described in an article and could speak, and of what gender, as far as the text tells."""

from bisect import bisect_left, bisect_right
from functools import cache
from typing import NamedTuple

from workbench.analyses.entities import tagger
from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations.marks import Parse, Pieces
from workbench.documents import Document

_MALE = "mr mr. sir lord spokesman congressman chairman king prince husband son"
_FEMALE = "mrs mrs. ms ms. miss lady dame baroness spokeswoman congresswoman chairwoman queen princess wife daughter"
GENDERED = dict.fromkeys(_MALE.split(), "male") | dict.fromkeys(_FEMALE.split(), "female")
_LEFT_OUT = frozenset("DET NUM PUNCT SPACE SYM".split())
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
    kinds = {*tagger.gazetteer().values()}
    sure = {kind: gender for kind in kinds for gender in kind & {"female", "male"} if not {"female", "male"} <= kind}
    alone = {name.lower(): sure[kind] for name, kind in tagger.gazetteer().items() if kind in sure}
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
        set_off = person.first > 1 and p.dep[person.head] == "appos" and p.lower[person.first - 1] == ","
        title = p.lower[max(0, person.first - 1 - set_off)], p.lower[person.first]  # "his spokesman, Ed Hill"
        first, _, others = person.entity.lower().partition(" ")
        if gender := next((GENDERED[word] for word in title if word in GENDERED), ""):
            found[person.entity] = gender
        elif others and first in first_names():
            found.setdefault(person.entity, first_names()[first])
    return found


def phrase(p: Parse, head: int, pieces: Pieces) -> str:
    """The noun with what stands before it, without determiners and numbers; a sentence's capital is taken off.

    Nothing of what is said (`pieces`), and nothing before a colon.
    """
    said = {last for _, last in pieces}
    first = next((k + 1 for k in range(head - 1, p.left[head] - 1, -1) if p.lower[k] == ":" or k in said), p.left[head])
    before = range(first, head + 1)
    left_out = _LEFT_OUT - {"NUM"} if p.lemma[head] in ("percent", "%") else _LEFT_OUT
    joined = {k + step for k in before if p.tag[k] == "HYPH" for step in (-1, 0)}  # "19-year-old"
    beside = [k for k in before if p.tag[k] != "PRP$" and p.lower[k] != "late"]  # "her late father"
    kept = [k for k in beside if p.pos[k] not in left_out or k in joined] or [head]
    opening = kept[0] - p.sentence[head][0] <= 2 and p.pos[kept[0]] != "PROPN" and not p.entity[kept[0]]
    phrase = p.written(kept).lstrip("-–—")
    return phrase[0].lower() + phrase[1:] if opening and phrase[1:2].islower() else phrase
