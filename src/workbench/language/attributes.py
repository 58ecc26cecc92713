"""spaCy's attribute ruler with a memory: which of its rules fit a word is asked once for each kind of word.

All four analyses take an eighth more time with the ruler itself, and more than is promised.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:  # what needs no parse starts without spaCy
    from spacy.pipeline import AttributeRuler
    from spacy.strings import StringStore
    from spacy.tokens import Doc

ASKED: list[int | str] = ["TAG", "DEP", "LOWER", "IS_SPACE"]
_ANOTHER = 2  # in place of what no rule names


class Condition(NamedTuple):
    """What a rule asks of a word."""

    attribute: int  # which of ASKED
    values: frozenset[int]
    expression: re.Pattern[str] | None  # in place of values
    to_be: bool  # whether it is to be one of them, or none

    def fits(self, value: int, strings: "StringStore") -> bool:
        if self.expression:
            return value != _ANOTHER and self.expression.search(strings[value]) is not None
        return (value in self.values) == self.to_be


class Fitting(NamedTuple):
    """What fits a kind of word."""

    rules: tuple[int, ...]  # of a single word
    begun: tuple[int, ...]  # patterns of several words, by their first
    parts: frozenset[tuple[int, int]]  # patterns, by their words in this place


def _conditions(word: dict, strings: "StringStore") -> list[Condition] | None:
    """What a pattern asks of a word; None where it asks for more than we know."""
    found = []
    how: str
    values: Any
    for name, wanted in word.items():
        (how, values), *more = (wanted if isinstance(wanted, dict) else {"IN": [wanted]}).items()
        if name not in ASKED or more or how not in ("IN", "NOT_IN", "REGEX" * (name == "LOWER")):
            return None
        expression = re.compile(values) if how == "REGEX" else None
        ids = frozenset() if expression else frozenset(v if isinstance(v, bool) else strings[v] for v in values)
        found.append(Condition(ASKED.index(name), ids, expression, how != "NOT_IN"))
    return found


@cache
def remembering(ruler: "AttributeRuler") -> "Callable[[Doc], Doc]":
    """What does to a document what `ruler` does, to the last attribute, in a fraction of the time.

    Which rules fit a word is kept by those of its attributes that a rule names. Of two rules the later has precedence.
    The ruler itself where one of its rules asks for what we don't know.
    """
    from spacy.pipeline.attributeruler import set_token_attrs  # start-up time

    strings = ruler.vocab.strings
    patterns: list[tuple[int, list[list[Condition]]]] = []  # the rule, and for each word what is asked of it
    for number, rule in enumerate(ruler.patterns):
        for pattern in cast(list[list[dict]], rule["patterns"]):
            words = [_conditions(word, strings) for word in pattern]
            if None in words:
                return ruler
            patterns.append((number, words))  # type: ignore[arg-type]
    asked = [condition for _, words in patterns for conditions in words for condition in conditions]
    named = {value for condition in asked for value in condition.values}
    expressions = [condition.expression for condition in asked if condition.expression]

    @lru_cache(maxsize=1 << 16)
    def asked_for(value: int) -> int:
        return value if value in named or any(e.search(strings[value]) for e in expressions) else _ANOTHER

    @cache
    def fitting(kind: tuple[int, ...]) -> Fitting:
        parts = frozenset(
            (number, place)
            for number, (_, words) in enumerate(patterns)
            for place, conditions in enumerate(words)
            if all(condition.fits(kind[condition.attribute], strings) for condition in conditions)
        )
        first = sorted(number for number, place in parts if not place)
        rules = tuple(patterns[number][0] for number in first if len(patterns[number][1]) == 1)
        return Fitting(rules, tuple(number for number in first if len(patterns[number][1]) > 1), parts)

    @cache
    def merged(rules: tuple[int, ...]) -> dict[int | str, object]:
        return {name: value for rule in rules for name, value in ruler.attrs[rule].items()}

    def ruled(doc: "Doc") -> "Doc":
        columns = doc.to_array(ASKED).reshape(-1, len(ASKED)).T.tolist()
        fits = [*map(fitting, zip(*(map(asked_for, column) for column in columns), strict=True))]
        rules = [fit.rules for fit in fits]
        for first, begun in ((first, number) for first, fit in enumerate(fits) for number in fit.begun):
            rule, words = patterns[begun]
            following = fits[first : first + len(words)]
            if len(following) == len(words) and all((begun, i) in fit.parts for i, fit in enumerate(following)):
                at = first + ruler.indices[rule] % len(words)
                rules[at] = tuple(sorted((*rules[at], rule)))
        for token, numbers in zip(doc, rules, strict=True):
            if numbers:
                set_token_attrs(token, merged(numbers))
        return doc

    return ruled
