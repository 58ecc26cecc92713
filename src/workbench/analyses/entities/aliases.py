"""By which other names something is called: aliases, the parts of a longer name, and spellings that are one."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from workbench.analyses.entities import tagger


class Alias(NamedTuple):
    """What a name means: canonical name, type ("" keeps the type found), and the country of a demonym or a capital."""

    entity: str
    type: str = ""
    country: str = ""


@lru_cache(maxsize=100_000)
def fold(name: str) -> str:
    """A name without regard to capitals, accents, the shape of its apostrophes, and how its Cyrillic end is spelt."""
    return re.sub(r"(?:yy|iy|yi)\b", "y", tagger.plain(name.casefold()).replace("’", "'"))


@lru_cache(maxsize=100_000)
def parts(name: str) -> frozenset[str]:
    """The shorter names by which a name of several words is called: its first and last word, both, all but either."""
    words = name.split()
    if len(words) < 2:
        return frozenset()
    shorter = {words[0], words[-1], " ".join(words[1:]), " ".join(words[:-1]), f"{words[0]} {words[-1]}"}
    return frozenset(part for part in shorter - {name} if len(part.strip(".")) > 1)  # no initial


def alias_of(name: str, kind: str, aliases: Mapping[str, Alias]) -> Alias | None:
    """What is known of a name, also of one in capitals and of a people's in the plural."""
    forms = [
        name,
        *([name.title()] if name.isupper() or " " in name else []),
        *([name.removesuffix("s")] if kind == "NORP" else []),
    ]
    return next((aliases[form] for form in forms if form in aliases), None)


def is_people(name: str, aliases: Mapping[str, Alias]) -> bool:
    """Whether each word of a name is a people's, as in "African-Americans"."""
    peoples = (alias_of(word, "NORP", aliases) for word in re.split(r"\W+", name))
    return all(people is not None and people.type == "NORP" for people in peoples)


def initials(name: str) -> set[str]:
    """A name's initials: of the words with a capital, and of all."""
    letters = [word[0] for word in re.findall(r"\w+", name)]
    return {"".join(filter(str.isupper, letters)), "".join(letters).upper()}
