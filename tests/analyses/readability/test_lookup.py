"""Words of a text found and counted all at once: the same as one by one."""

import re

import numpy as np
import pytest
from hypothesis import given, strategies as st

from workbench.analyses.readability.lookup import FACTS, look_up, placed, places
from workbench.analyses.readability.words import counted, dictionary

# What a word is, as one would write it down: a run of letters and figures, and what joins them.
WORD = re.compile(r"[^\W_]+(?:(?:[-‐]?['’][-‐]?|[&@.\-‐‑]|(?<=[0-9])[,:/–](?=[0-9]))[^\W_]+|[\u0300-\u036f]+[^\W_]*)*")


def found(text, begins=(0,)):
    words = look_up(text, begins)
    return [WORD.match(text, start)[0] for start in words.start.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's the U.S. v. AT&T, isn’t it?", ["It's", "the", "U.S", "v", "AT&T", "isn’t", "it"]),
        ("1,000 of 1,5 at 9:30, 3/4, 1990–95, 1,a", ["1,000", "of", "1,5", "at", "9:30", "3/4", "1990–95", "1", "a"]),
        ("a well-known rock-'n'-roll — co‑op--no", ["a", "well-known", "rock-'n'-roll", "co‑op", "no"]),
        ("café, cafe\u0301s: São Paulo_North 北京", ["café", "cafe\u0301s", "São", "Paulo", "North", "北京"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_words_are_runs_of_letters_and_figures_with_what_joins_them(text, expected):
    assert found(text) == expected


@given(st.text(st.sampled_from("aB7é中\u0301 .,:/-'’&@–‐“”(…_\n£")))
def test_words_of_any_text_are_those_of_the_definition(text):
    expected = [match.start() for match in WORD.finditer(text)]
    text_begins_with_an_accent = re.search(r"(?<![^\W_])(?<![\u0300-\u036f])[\u0300-\u036f]", text)
    if not text_begins_with_an_accent:
        assert look_up(text, [0]).start.tolist() == expected


def test_no_word_goes_on_over_the_start_of_a_sentence():
    assert len(look_up("the end.Next one", [0]).start) == 3
    assert len(look_up("the end.Next one", [0, 8]).start) == 4


def test_each_word_of_the_dictionary_counts_what_it_counts_alone():
    words = [word for word in dictionary() if "." not in word and "'" not in (word[0], word[-1])]
    shown = [*words, *map(str.capitalize, words), *map(str.upper, words), *map(str, range(3000))]
    counts = look_up(" ".join(shown), [0]).counts
    assert counts.tolist() == [list(map(int, counted(word))) for word in shown]


def test_words_that_differ_by_a_capital_share_a_number_and_others_do_not():
    words = look_up("Zorbing zorbing Fox fox FOXGLOVE Foxglove Foxglov Überall überall Überal", [0])
    assert len(set(words.number.tolist())) == 6
    assert words.capital.tolist() == [True, False, True, False, True, True, True, True, False, True]
    assert (words.small == ~words.capital).all()


def test_i_is_no_capital_and_a_mark_may_open_a_word():
    words = look_up("“So I said I’m (Not) sure", [0])
    assert words.capital.tolist() == [True, False, False, False, True, False]
    assert words.opened.tolist() == [True, False, False, False, True, False]


def test_a_word_judged_once_is_kept_unless_it_is_very_long():
    look_up("quibblesome " + "x" * 1000, [0])
    assert "quibblesome" in FACTS
    assert max(map(len, FACTS)) < 1000


def test_every_number_gets_a_place_of_its_own():
    number = np.random.default_rng(0).integers(0, 1 << 63, 200_000).astype(np.uint64) * np.uint64(3)
    at = placed(number)
    assert len(set(at.tolist())) == len(number)
    assert ((at == places(number, 0)) | (at == places(number, 1))).all()


@pytest.mark.parametrize("stray", ["\u0301", "\x7f", "-\u0301\u0302-"])
def test_what_has_neither_letter_nor_figure_is_no_word(stray):
    assert look_up(f"Two {stray} words", [0]).counts.sum(axis=0)[0] == 2
