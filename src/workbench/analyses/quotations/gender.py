"""The gender of those who are quoted, as far as the text tells: by a title, a pronoun or a first name, and by which."""

import re
from functools import cache
from pathlib import Path

import pandas as pd

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations.people import GENDERED, first_names
from workbench.analyses.quotations.speakers import PRONOUNS
from workbench.documents import Document

GENDERS = ("female", "male", "other or unknown")
_PEOPLE = frozenset("i we they who everyone everybody someone somebody".split())


@cache
def sure_names() -> dict[str, str]:
    """First names that one sex bears in 95 of 100 cases at least, in lower case, with that sex."""
    unsure = {*Path(__file__).with_name("first_names_of_both.txt").read_text("utf-8").lower().split()}
    return {name: gender for name, gender in first_names().items() if name not in unsure}


def genders(document: Document, spoken: pd.DataFrame, source: pd.Series) -> dict[str, object]:
    """Of each quotation in `spoken`, from which `source`: `gender`, one of `GENDERS`, "" where it is no person's; and
    `gender_how`: title ("Mrs", "spokesman"), pronoun or first name, "" where nothing tells.
    """
    named = mentions(document)
    people = named[named["type"] == "PERSON"]
    persons = set(people["entity"])
    told: dict[str, dict[str, str]] = {}  # of each person, gender by how it was found
    for start, end, entity in zip(people["start"], people["end"], people["entity"], strict=True):
        before = re.search(r"\b(\w+)\.?\s$", document.text[max(0, start - 20) : start])
        first = document.text[start:end].split()[0].rstrip(".").lower()
        title = GENDERED.get(before[1].lower() if before else "") or GENDERED.get(first)
        if title:
            told.setdefault(entity, {}).setdefault("title", title)
        elif " " in entity and (gender := sure_names().get(entity.split()[0].lower())):
            told.setdefault(entity, {})["first name"] = gender
    words = [speaker.lower() for speaker in spoken["speaker"]]
    pronouns: dict[str, set[str]] = {}
    for entity, word in zip(spoken["speaker_entity"], words, strict=True):
        if word in PRONOUNS:
            pronouns.setdefault(entity, set()).add(PRONOUNS[word])
    for entity, meant in pronouns.items():
        if len(meant) == 1:
            told.setdefault(entity, {})["pronoun"] = min(meant)
    found = []
    for entity, word, kind in zip(spoken["speaker_entity"], words, source, strict=True):
        called = {"title": GENDERED[last]} if (last := entity.lower().rpartition(" ")[2]) in GENDERED else {}
        evidence = {**called, **told.get(entity, {})}
        how = next((way for way in ("title", "pronoun", "first name") if way in evidence), "")
        person = how or entity in persons or kind == "anonymous" or word in _PEOPLE
        found.append((evidence.get(how, GENDERS[2] if person else ""), how))
    columns = zip(*found, strict=True) if found else ((), ())
    return {n: pd.array(list(c), dtype="str") for n, c in zip(["gender", "gender_how"], columns, strict=True)}
