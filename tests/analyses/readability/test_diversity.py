"""Lexical diversity as its authors define it, and independent of length."""

import random

import pytest

import workbench as wb
from workbench.analyses.readability.diversity import mattr, mtld


def test_mtld_counts_whole_and_partial_stretches_forwards_and_backwards():
    # Forwards: a b a → 2/3 ≤ 0.72 ends a stretch of 3; c d e c has 3/4, so (1 − 0.75)/(1 − 0.72) of a stretch is left.
    # Backwards: c e d c → 3/4; a → 4/5; b → 5/6; a → 5/7 ≤ 0.72 ends a stretch of 7.
    forwards = 7 / (1 + 0.25 / 0.28)
    assert mtld("a b a c d e c".split())[0] == pytest.approx((forwards + 7) / 2)


def test_mattr_is_the_mean_over_all_windows():
    words = [str(k % 40) for k in range(60)]
    assert mattr(words)[0] == pytest.approx(40 / 50)
    assert mattr([*map(str, range(50)), "0"])[0] == pytest.approx(1.0)
    assert mattr([*map(str, range(50)), "49"])[0] == pytest.approx((1 + 49 / 50) / 2)


@pytest.mark.parametrize("measure", [mtld, mattr])
def test_a_longer_text_of_the_same_kind_is_as_varied(measure):
    draw = random.Random(1)
    words = [str(int(draw.paretovariate(0.5))) for _ in range(8000)]
    short, low, high = measure(words[:1000])
    assert measure(words)[0] == pytest.approx(short, rel=0.08)
    assert low < short < high


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b"], ["a"] * 200])
def test_odd_texts_have_a_figure_or_none(words):
    assert mtld(words)[0] == pytest.approx(2) if len(words) > 2 else mtld(words)[0] != mtld(words)[0]
    assert mattr(words)[0] == pytest.approx(1 / 50) if len(words) > 50 else mattr(words)[0] != mattr(words)[0]


def test_both_stand_among_the_measures_of_readability_by_voice():
    said = "The council met on Monday and the mayor spoke of the council. "
    document = wb.Document.from_text("".join(said + "It rained again. " * (k % 5 == 0) for k in range(40)))
    table = wb.readability(document).set_index("measure")
    assert table.score["mtld"] < 15
    assert 0 < table.low["mattr"] <= table.score["mattr"] <= table.high["mattr"] < 0.5
    assert {"mtld", "mattr"} <= set(wb.measures(document).query("voice == 'narration'").measure)
