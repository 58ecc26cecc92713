"""What a person reads: the annotated article and the tables."""

import re
from datetime import date
from html import unescape

import pandas as pd
import pytest

import workbench as wb

ARTICLE = wb.Document.from_text("The mayor met Anna Berg.\n“We will never leave this town,” said Anna Berg.", "town")


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_the_annotated_article_loses_and_adds_no_character():
    article = re.search(r"<article.*?>(.*)</article>", wb.show(ARTICLE))[1]
    paragraphs = [text_of(paragraph) for paragraph in re.findall(r"<p>(.*?)</p>", article)]
    assert paragraphs == ARTICLE.text.split("\n")


def test_a_quotation_carries_its_evidence():
    spoken = re.search(r'<mark class="wb-q wb-direct[^>]*>We will', wb.show(ARTICLE)) or re.search(
        r'<mark class="wb-q wb-direct[^>]*>“', wb.show(ARTICLE)
    )
    assert spoken
    assert "Anna Berg" in spoken[0]
    assert "said" in spoken[0]


@pytest.mark.parametrize("layer", ["quotations", "entities", "tone", "difficulty"])
def test_each_layer_has_a_switch_that_is_on_when_asked_for(layer):
    assert re.search(rf'class="wb-switch-{layer}" checked', wb.show(ARTICLE, [layer]))
    assert not re.search(rf'class="wb-switch-{layer}" checked', wb.show(ARTICLE, []))


def test_markup_in_a_text_is_shown_as_text():
    hostile = wb.Document.from_text('<script>alert(1)</script> said "<img src=x onerror=alert(2)>" today.', "<b>x</b>")
    for html in (wb.show(hostile), wb.masthead(hostile, "quotations")):
        assert "<script" not in html
        assert "<img" not in html
        assert "<b>" not in html


def test_a_folded_table_writes_numbers_to_the_right_and_missing_ones_as_nothing():
    table = pd.DataFrame({"name": ["<i>a</i>", None], "value": [0.5, float("nan")], "n": [1, 2]})
    html = wb.folded(table, "Rows")
    assert "&lt;i&gt;a&lt;/i&gt;" in html
    assert '<td class="wb-n">0.50</td>' in html
    assert '<td class="wb-brief"></td>' in html
    assert '<td class="wb-n"></td>' in html
    assert "(2)" in html


def test_a_quotation_that_holds_names_is_reached_once_and_marked_without_a_gap():
    html = wb.show(ARTICLE)
    article = re.search(r"<article.*?>(.*)</article>", html)[1]
    spoken = wb.quotations(ARTICLE)
    assert article.count('tabindex="0"') == len(spoken)
    sentence = wb.Document.from_text("The mayor met Anna Berg Carl Dahl of Oslo.")
    assert not re.search(r"</mark> <mark", wb.show(sentence, ["tone"]))


def test_only_a_long_article_is_scrolled_in_a_frame():
    assert "wb-lengthy" not in wb.show(ARTICLE)
    assert "wb-lengthy" in wb.show(wb.Document.from_text("It rained in Oslo. " * 600))


def test_the_masthead_writes_the_date_out():
    dated = wb.Document.from_text("It rained.", "a_b", {"date": date(2024, 3, 14), "title": "ferry strike"})
    assert "14 March 2024" in wb.masthead(dated)
    assert "<h2>Ferry strike</h2>" in wb.masthead(dated)


def test_a_sentence_is_shaded_where_its_tone_counts_as_positive_or_negative():
    glad = wb.Document.from_text("It was a wonderful day. The council met on Monday. It was a terrible, bloody war.")
    html = wb.show(glad, ["tone"])
    for row in wb.sentiment(glad).itertuples():
        classes = re.search(rf'<mark class="([^"]*)"[^>]*>{row.text[:6]}', html)[1]
        assert bool(re.search("wb-(positive|negative)[123]", classes)) == (abs(row.valence) > 0.05)
