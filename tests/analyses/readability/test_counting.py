"""Words of a text found and counted: by what is written down of them here, and the same as one by one."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from workbench.analyses.readability import counting
from workbench.analyses.readability.counting import FACTS, ROW, WORD, tally
from workbench.analyses.readability.words import COUNTS, counted, dictionary


def found(text):
    return [word.lstrip("“\"'’‘(") for word in WORD.findall(text)]


def facts(word):
    return np.frombuffer(FACTS[word], dtype=ROW)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's the U.S. v. AT&T, isn’t it?", ["It's", "the", "U.S", "v", "AT&T", "isn’t", "it"]),
        ("1,000 of 1,5 at 9:30, 3/4, 1990–95, 1,a", ["1,000", "of", "1,5", "at", "9:30", "3/4", "1990–95", "1", "a"]),
        ("a well-known rock-'n'-roll — co‑op--no", ["a", "well-known", "rock-'n'-roll", "co‑op", "no"]),
        ("café, cafe\u0301s: São Paulo_North 北京", ["café", "cafe\u0301s", "São", "Paulo", "North", "北京"]),
        ("(“Why?” she’d ‘ask’)", ["Why", "she’d", "ask"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_words_are_runs_of_letters_and_figures_with_what_joins_them(text, expected):
    assert found(text) == expected


@given(st.text(st.sampled_from("aB7é中\u0301 .,:/-'’&@–‐“”(…_\n£")))
def test_every_letter_and_figure_is_in_one_word_and_no_word_is_without(text):
    words = found(text)
    letters = [mark for mark in text if mark.isalnum()]
    assert [mark for word in words for mark in word if mark.isalnum()] == letters
    assert all(word[0].isalnum() for word in words)
    assert all(not set(word) & set(" \n“”(…_£") for word in words)


@given(st.text(st.sampled_from("aB7é. \n“”'’!?-")))
def test_each_word_is_counted_in_one_sentence(text):
    _, _, counts = tally(text)
    assert counts[:, 0].sum() >= len(found(text))
    assert counts[:, COUNTS.index("letters")].sum() == sum(map(str.isalnum, text))


def test_no_word_goes_on_over_the_start_of_a_sentence():
    assert len(found("the end.Next one")) == 3
    spans, _, counts = tally("That was the end.Next one came on Monday.")
    assert len(spans) == 2
    assert counts[:, 0].tolist() == [4, 5]


def test_a_word_of_the_dictionary_counts_the_same_however_it_is_written():
    some = [word for word in dictionary() if "." not in word and "'" not in (word[0], word[-1])][::50]
    for word in [*some, *map(str, range(0, 3000, 7))]:
        for shown in (word, word.capitalize(), f"“{word}"):
            plain = shown.lstrip("“")
            assert facts(shown)["counts"].tolist() == list(map(int, counted(plain)))


def test_i_is_no_capital_and_a_mark_may_open_a_word():
    words = WORD.findall("“So I said I’m (Not) sure")
    assert [bool(facts(word)["capital"]) for word in words] == [True, False, False, False, True, False]
    assert [bool(facts(word)["opened"]) for word in words] == [True, False, False, False, True, False]


def test_a_name_at_the_start_of_a_sentence_is_known_by_the_rest_of_the_text():
    unfamiliar = COUNTS.index("unfamiliar")
    _, _, named = tally("They met Quibblesome in town. Quibblesome laughed.")
    assert named[:, unfamiliar].tolist() == [0, 0]
    _, _, both = tally("They met Quibblesome in town. Quibblesome laughed. The quibblesome boy left.")
    assert both[:, unfamiliar].tolist() == [0, 1, 1]
    _, _, opened = tally("They met Quibblesome in town. Quibblesome laughed. It was a “quibblesome” boy.")
    assert opened[:, unfamiliar].tolist() == [0, 1, 1]


def test_a_word_judged_once_is_kept_unless_it_is_very_long_or_there_are_too_many(monkeypatch):
    tally("quibblesome " + "x" * 1000)
    assert "quibblesome" in FACTS
    assert max(map(len, FACTS)) < 1000
    monkeypatch.setattr(counting, "_KEPT", len(FACTS))
    tally("quizzacious " * 3)
    assert "quizzacious" not in FACTS


@pytest.mark.parametrize("stray", ["\u0301", "\x7f", "-\u0301\u0302-"])
def test_what_has_neither_letter_nor_figure_is_no_word(stray):
    assert tally(f"Two {stray} words")[2].sum(axis=0)[0] == 2
