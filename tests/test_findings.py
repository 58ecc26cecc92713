"""Figures and findings as a reader sees them."""

from math import nan

import pandas as pd
import pytest

import workbench as wb
from workbench.findings import findings, number, outliers


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
        ((0.125,), "0.12"),
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


def test_a_document_far_from_the_others_is_named_unless_its_interval_reaches_back_to_them():
    values = [5.0, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 12.0, 13.0]
    table = pd.DataFrame({"document": list("abcdefghi"), "measure": "flesch_kincaid_grade", "value": values})
    table = table.assign(low=table.value - 0.5, high=table.value + 0.5)
    table.loc[8, "low"] = 4.0
    assert [sentence[0] for sentence in outliers(table)] == ["h"]
    assert outliers(table.head(7)) == []
