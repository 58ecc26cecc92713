"""Figures and findings as a reader sees them."""

import re
from math import nan

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.measurement.definitions import number, numbers, of_few
from workbench.measurement.findings import _difference, _quotations, findings
from workbench.measurement.ratios import ratios
from workbench.statistics import interval, interval_of_mean

MEASURES = ("quoted_share", "reported_share", "narration_share", "speakers")


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        ((0.42, 0.31, 0.53), "0.42 [0.31, 0.53]"),
        ((33.4, 22.5, 45.6), "33 [22, 46]"),
        ((14.41, 11.48, 17.13), "14.4 [11.4, 17.2]"),
        ((0.031, 0.0, 0.086, "share of words"), "3.1 % [0.0, 8.6]"),
        ((-0.2, -0.31, -0.08), "−0.20 [−0.31, −0.08]"),
        ((-0.001, -0.3, 0.3), "0.00 [−0.30, 0.30]"),
        ((0.3, 0.0004, 0.6), "0.30 [>0.00, 0.60]"),
        ((0.05, 0.0091, 0.0871), "0.05 [>0.00, 0.09]"),
        ((0.3, 0.0, 0.6), "0.30 [0.00, 0.60]"),
        ((-0.2, -0.41, -0.003), "−0.20 [−0.41, <0.00]"),
        ((0.29, 0.29, 0.57), "0.29 [0.29, 0.57]"),
        ((12345.0,), "12\u2009345"),
        ((1234.0,), "1234"),
        ((0.125,), "0.12"),
        ((0.0218, nan, nan, "share of words"), "2.2 %"),
        ((0.215, nan, nan, "share of words"), "22 %"),
        ((0.023, 0.0003, 0.66, "share of mentions"), "2 % [<1, 66]"),
        ((0.003, 0.00004, 0.16, "share of words"), "<1 % [<1, 16]"),
        ((0.0, 0.0, 0.28, "share of sentences"), "0 % [0, 28]"),
        ((109.375,), "109"),
        ((nan, nan, nan), "–"),
    ],
)
def test_a_number_has_as_many_digits_as_its_interval_supports(figure, written):
    assert number(*figure) == written


def test_the_figures_of_a_column_have_one_set_of_digits_each_unit_its_own():
    rows = [
        (7.0, 6.52, 7.47, "grade"),
        (10.59, 10.16, 11.02, "grade"),
        (6.6, 5.9, 7.2, "grade"),
        (5.0, nan, nan, "grade"),
    ]
    rows += [(0.023, 0.0003, 0.66, "share of words"), (0.143, 0.06, 0.3, "share of words"), (3.0, nan, nan, "speakers")]
    table = pd.DataFrame(rows, columns=["value", "low", "high", "unit"])
    rare = pd.DataFrame([(0.003, 0.00004, 0.16, "share of words")], columns=["value", "low", "high", "unit"])
    assert numbers(rare) == ["0.3 % [<0.1, 16.0]"]
    nothing = pd.DataFrame([(0.0, 0.0, 0.4428, "share of words")], columns=["value", "low", "high", "unit"])
    assert numbers(nothing) == ["0 % [0, 45]"]
    assert numbers(table) == [
        "7.00 [6.52, 7.47]",
        "10.59 [10.16, 11.02]",
        "6.60 [5.90, 7.20]",
        "5.00",
        "2 % [<1, 66]",
        "14 % [6, 30]",
        "3",
    ]


def test_a_rate_whose_interval_reaches_beyond_what_there_can_be_has_none():
    words, names = np.array([40.0, 30, 50, 3, 2, 1]), np.array([1.0, 0, 0, 0, 0, 0])
    labels = [{"measure": "mentions_per_1000_words", "unit": "per 1,000 words"}]
    (few,) = ratios([1000 * names], [words], labels)
    assert np.isnan([few["low"], few["high"]]).all()
    (many,) = ratios([1000 * np.array([4.0, 2, 5, 4, 6, 3])], [np.full(6, 50.0)], labels)
    assert 0 < many["low"] < many["value"] < many["high"] < 1000


def test_an_interval_over_nought_is_called_not_distinguishable():
    neutral = wb.Document.from_text(
        "The council met on Monday. It was a good day. It was a bad day. It left. It meets again. It will vote."
    )
    assert "not distinguishable from neutral" in findings(neutral, "sentiment")[0]


def test_a_glad_text_leans_positive_and_a_short_one_is_not_judged():
    glad = "It was a wonderful day. We love this great success. Everybody was happy and delighted. "
    longer = wb.Document.from_text(glad + "The children laughed with joy. Friends praised the beautiful gifts.")
    assert "leans positive" in findings(longer, "sentiment")[0]
    assert "cannot be told from so few" in findings(wb.Document.from_text(glad), "sentiment")[0]


@pytest.mark.parametrize("analysis", ["readability", "sentiment", "quotations", "entities"])
@pytest.mark.parametrize("text", ["", "Word", "“Never,” said the man.\n“Never,” he said."])
def test_there_are_three_findings_on_any_text_and_none_says_nan(analysis, text):
    sentences = findings(wb.Document.from_text(text), analysis)
    assert len(sentences) == 3
    assert not any("nan" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("shares", "lead", "said"),
    [
        (
            [0.6, 0.2],
            (0.75, 0.6, 0.9),
            "Ann has the largest share of what is quoted and reported, 60 %, more than",
        ),
        ([0.6, 0.4], (0.6, 0.4, 0.8), "not distinguishable from Bo's 40 %"),
        ([0.6, 0.4], (0.6, nan, nan), "not distinguishable from Bo's 40 %"),
        ([1.0], None, "Nobody but Ann is quoted or reported."),
        ([], None, "no shares of voice can be compared"),
    ],
)
def test_the_largest_share_of_voice_is_compared_with_the_next(shares, lead, said):
    rows = [
        ("share_of_voice", "all", name, share, nan, nan) for name, share in zip(["Ann", "Bo"], shares, strict=False)
    ]
    rows += [("lead_of_voice", "all", "Ann", *lead)] if lead else []
    rows += [(measure, "all", "", 0.1, nan, nan) for measure in MEASURES]
    table = pd.DataFrame(rows, columns=["measure", "voice", "speaker", "value", "low", "high"]).assign(
        unit="share", note=""
    )
    assert said in _quotations(table)[2]


def test_the_possessive_of_several_has_no_s_of_its_own():
    text = "Ann Lee said that the mill was safe and dry.\nCouncillors said it was not."
    assert "councillors' " in findings(wb.Document.from_text(text), "quotations")[2]


def test_a_difference_is_told_from_its_own_interval_and_not_from_whether_two_overlap():
    one, two = (
        pd.Series({"value": 1.0, "low": 0.0, "high": 2.0, "n": 30}),
        pd.Series({"value": 2.5, "low": 1.5, "high": 3.5, "n": 30}),
    )
    difference = _difference(one, two)
    assert one.high > two.low
    assert difference.high < 0
    assert difference.value == -1.5


def test_of_texts_without_any_leaning_few_are_said_to_lean():
    numbers = np.random.default_rng(4)
    for size in (10, 20, 40):
        tones = numbers.gamma(1.5, 0.2, (1000, size)) * numbers.choice([-1, 1], (1000, size))
        bounds = np.array([interval_of_mean(tone) for tone in tones])
        assert ((bounds[:, 0] > 0) | (bounds[:, 1] < 0)).mean() <= 0.065


@pytest.mark.parametrize("units", [8, 10, 20, 40])
def test_of_texts_with_two_speakers_of_equal_share_few_are_said_to_have_a_leading_one(units):
    numbers, leads = np.random.default_rng(units), 0
    for _ in range(800):
        words, first = numbers.lognormal(2.6, 0.7, units), numbers.random(units) < 0.5
        share = words[first].sum() / words.sum()
        theirs = words * (first if share > 0.5 else ~first)
        leads += interval(np.column_stack([theirs, words]), lambda sums: sums[:, 0] / sums[:, 1], "share")[0] > 0.5
    assert leads / 800 <= 0.07


def test_a_finding_that_rests_on_one_paragraph_says_so():
    text = "“We will not go,” said Anna Berg.\nIt rained.\nIt was cold.\nNobody came.\nThe bus left at five.\n"
    said = findings(wb.Document.from_text(text), "quotations")
    assert re.search(r"^\d+ % \(all in one paragraph\)", said[0])
    again = wb.Document.from_text(text + "“We will stay here,” said Anna Berg.")
    assert "one paragraph" not in findings(again, "quotations")[0]


def test_a_share_of_what_stands_in_one_of_many_paragraphs_has_no_interval_and_is_marked_in_figures():
    text = "\n".join(
        ["“We will not go,” said Anna Berg."] + [f"“It is cold,” said Carl Lund on day {n}." for n in range(8)]
    )
    table = wb.measures(wb.Document.from_text(text)).query("measure == 'share_of_voice'").set_index("speaker")
    assert table.low.isna().to_dict() == {"Anna Berg": True, "Carl Lund": False}
    assert table.note["Anna Berg"] == "all in one paragraph: no interval"
    assert [of_few(row) for row in table.itertuples()] == [" (one paragraph)", ""]
