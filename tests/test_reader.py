"""What a person reads: the annotated article and the tables."""

import re
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
    assert "<td></td>" in html
    assert '<td class="wb-n"></td>' in html
    assert "(2)" in html


def test_the_overview_has_a_row_a_document_with_links_where_there_are_reports():
    rows = [("b", "valence", 0.1, 0.0, 0.2, ""), ("a", "valence", -0.5, -0.7, -0.3, "")]
    table = pd.DataFrame(rows, columns=["document", "measure", "value", "low", "high", "unit"])
    html = wb.overview(table, "reports")
    assert html.index(">a") < html.index(">b")
    assert 'href="a/quote_density.html"' in html
    assert "−0.50 [−0.70, −0.30]" in html
    assert "href" not in wb.overview(table)
