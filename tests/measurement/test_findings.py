"""Figures and findings as a reader sees them."""

from math import nan

import pandas as pd
import pytest

import workbench as wb
from workbench.measurement.definitions import number
from workbench.measurement.findings import _quotations, findings

MEASURES = ("quoted_share", "reported_share", "narration_share", "speakers")


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        ((0.42, 0.31, 0.53), "0.42 [0.31, 0.53]"),
        ((33.4, 22.5, 45.6), "33 [22, 46]"),
        ((14.41, 11.48, 17.13), "14.4 [11.5, 17.1]"),
        ((0.031, 0.0, 0.086, "share of words"), "3.1 % [0.0, 8.6]"),
        ((-0.2, -0.31, -0.08), "−0.20 [−0.31, −0.08]"),
        ((-0.001, -0.3, 0.3), "0.00 [−0.30, 0.30]"),
        ((12345.0,), "12\u2009345"),
        ((1234.0,), "1234"),
        ((0.125,), "0.12"),
        ((0.0218, nan, nan, "share of words"), "2.2 %"),
        ((0.215, nan, nan, "share of words"), "22 %"),
        ((nan, nan, nan), "–"),
    ],
)
def test_a_number_has_as_many_digits_as_its_interval_supports(figure, written):
    assert number(*figure) == written


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
    ("shares", "said"),
    [
        (
            [(0.6, 0.5, 0.7), (0.2, 0.1, 0.3)],
            "Ann has the largest share of what is quoted and reported, 60 % [50, 70], more than",
        ),
        ([(0.6, 0.2, 0.8), (0.4, 0.1, 0.7)], "not distinguishable from Bo's 40 % [10, 70]"),
        ([(1.0, nan, nan)], "Only one speaker was found: Ann"),
        ([], "Nobody"),
    ],
)
def test_the_largest_share_of_voice_is_compared_with_the_next(shares, said):
    share = ("share_of_voice", "all")
    rows = [(*share, name, *figure, "share") for name, figure in zip(["Ann", "Bo"], shares, strict=False)]
    rows += [(measure, "all", "", 0.1, nan, nan, "share") for measure in MEASURES]
    table = pd.DataFrame(rows, columns=["measure", "voice", "speaker", "value", "low", "high", "unit"]).assign(note="")
    assert said in _quotations(table)[2]


def test_a_finding_that_rests_on_one_paragraph_says_so():
    text = "“We will not go,” said Anna Berg.\nIt rained.\nIt was cold.\nNobody came.\nThe bus left at five.\n"
    said = findings(wb.Document.from_text(text), "quotations")
    assert "(all in one paragraph)" in said[0]
    again = wb.Document.from_text(text + "“We will stay here,” said Anna Berg.")
    assert "one paragraph" not in findings(again, "quotations")[0]
