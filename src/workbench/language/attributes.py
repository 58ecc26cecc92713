"""spaCy's attribute ruler with a memory: which of its rules fit a word is asked once for each kind of word."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # what needs no parse starts without spaCy
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc

ASKED: list[int | str] = ["TAG", "DEP", "LOWER", "IS_SPACE"]
Condition = tuple[int, frozenset[str | bool], bool]  # which of ASKED, some values, whether it is to be one of them


def _conditions(pattern: list[dict]) -> list[Condition] | None:
    """What a pattern asks of a single word; None where it asks for more than we know."""
    found = []
    for name, wanted in pattern[0].items():
        asked = wanted if isinstance(wanted, dict) else {"IN": [wanted]}
        how, values = next(iter(asked.items()))
        if len(pattern) > 1 or name not in ASKED or len(asked) > 1 or how not in ("IN", "NOT_IN"):
            return None
        found.append((ASKED.index(name), frozenset(values), how == "IN"))
    return found or None


@cache
def remembering(ruler: "AttributeRuler") -> "Callable[[Doc], Doc]":
    """What does to a document what `ruler` does, to the last attribute, in a fraction of the time.

    Which rules fit a word is kept by those of its attributes that a rule names; rules of several words, and of what we
    don't know, are matched as ever. Of two rules the later has precedence.
    """
    from spacy.matcher import Matcher  # start-up time
    from spacy.pipeline.attributeruler import set_token_attrs

    strings, others = ruler.vocab.strings, Matcher(ruler.vocab)
    whose: list[int] = []  # of the others, to which rule each belongs
    known: list[tuple[int, list[tuple[int, frozenset[int], bool]]]] = []
    for number, rule in enumerate(ruler.patterns):
        patterns: Any = rule["patterns"]
        for pattern in patterns:
            if conditions := _conditions(pattern):
                ids = [
                    (at, frozenset(v if isinstance(v, bool) else strings[v] for v in vs), to)
                    for at, vs, to in conditions
                ]
                known.append((number, ids))
            else:
                others.add(len(whose), [pattern])  # a name for it would be forgotten with the texts of a memory zone
                whose.append(number)
    named = [
        np.array([*{v for _, cs in known for at, vs, _ in cs if at == i for v in vs}], np.uint64)
        for i in range(len(ASKED))
    ]

    @cache
    def fitting(kind: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(n for n, conditions in known if all((kind[at] in values) == to for at, values, to in conditions))

    @cache
    def merged(rules: tuple[int, ...]) -> dict[int | str, object]:
        return {name: value for rule in rules for name, value in ruler.attrs[rule].items()}

    def ruled(doc: "Doc") -> "Doc":
        columns = doc.to_array(ASKED).reshape(-1, len(ASKED)).T
        kinds = [np.where(np.isin(column, some), column, 2) for column, some in zip(columns, named, strict=True)]
        rules = [fitting(kind) for kind in zip(*(column.tolist() for column in kinds), strict=True)]
        for match, start, end in others(doc, allow_missing=True) if len(others) else ():
            number = whose[match]
            at = (start if ruler.indices[number] >= 0 else end) + ruler.indices[number]
            rules[at] = tuple(sorted((*rules[at], number)))
        for token, numbers in zip(doc, rules, strict=True):
            if numbers:
                set_token_attrs(token, merged(numbers))
        return doc

    return ruled
