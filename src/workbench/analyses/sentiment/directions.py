"""What is good or bad when it rises, words of rising and falling, and verbs that set one above another."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from workbench.documents import one_of

THINGS = frozenset(["good", "bad"])
MOVES = frozenset(["rising", "falling"])
CLASSES = THINGS | MOVES | frozenset("ahead behind praised blamed cleared helping wronging".split())
Directions = Mapping[str, str] | str | Path


class Classes(dict[str, str]):
    """The class of each listed word; never changed, so that what hangs on it can be remembered."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def classes(own: Directions | None = None) -> Classes:
    """The class of each listed word, in lower case; `own` before directions.tsv.

    `own` is {words: class}, forms of a word separated by spaces, or the path of a tab-separated file with the columns
    words and class. Classes: "good" and "bad", a thing that most readers call good or bad when there is more of it;
    "rising" and "falling"; "ahead" and "behind", who does it comes before or after others; "praised" and "blamed", it
    speaks for or against whom it is done to; "cleared", of a charge or a suspicion; "helping" and "wronging", who does
    it does good or wrong. ValueError for any other class.
    """
    if own is None:
        return _shipped()
    rows = own.items() if isinstance(own, Mapping) else _read(Path(own))
    added = {word.lower(): kind for words, kind in rows for word in words.split()}
    for kind in sorted(set(added.values())):
        one_of("class of directions", kind, sorted(CLASSES))
    return Classes(_shipped() | added)


@cache
def _shipped() -> Classes:
    rows = _read(Path(__file__).with_name("directions.tsv"))
    return Classes((word, kind) for words, kind in rows for word in words.split())


def _read(path: Path) -> list[tuple[str, str]]:
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    return list(zip(table["words"], table["class"], strict=True))


def outcome(move: str, thing: str) -> float:
    """1 where a good thing rises or a bad one falls, -1 where it is the other way round."""
    return 1.0 if (move == "rising") == (thing == "good") else -1.0
