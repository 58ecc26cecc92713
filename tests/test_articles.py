"""The hand-marked articles are sound: spans lie on their text, seeds hold them, styles keep their promise."""

import re
from pathlib import Path

import pytest
from articles import Article, articles

ROOT = Path(__file__).parents[1]
ARTICLES = {article.name: article for article in articles()}
MARKS = '“”"«»„'
ONTONOTES = ["PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"]
# What a careful editor takes out of the seeds: everything else is the article.
DIRT = {
    "security_proposals": [
        "This article is more than",
        "2 year old",
        "20/11/2024",
        "18/11/2024",
        "Newer articles",
        "<p>The two leaders have discussed the Ukraine conflict, with the German chancellor calling on Moscow to hold "
        "peace talks with Kiev</p>",
    ],
    "night_choir": [
        "---",
        "title: The choir that meets between shifts",
        "date: 2023-11-05",
        "outlet: The Lakeside Ledger",
        "author: Maren Tolliver",
        "---",
    ],
    "pothole_column": ["Related articles", "02/10/2023"],
}


@pytest.fixture(params=ARTICLES)
def article(request) -> Article:
    return ARTICLES[request.param]


def test_every_span_lies_where_its_text_is(article):
    for table, columns in [
        (article.quotations, ("text", "start", "end")),
        (article.quotations, ("speaker", "speaker_start", "speaker_end")),
        (article.quotations, ("cue", "cue_start", "cue_end")),
        (article.entities, ("text", "start", "end")),
    ]:
        for text, start, end in table[list(columns)].itertuples(index=False):
            assert (text, start) == ("", -1) or (text and article.text[start:end] == text)


def test_a_text_has_its_words_and_no_white_space_around_it(article):
    assert 150 <= len(article.text.split()) <= 500
    assert article.text == article.text.strip()
    assert "  " not in article.text


@pytest.mark.parametrize("name", [name for name, article in ARTICLES.items() if article.source])
def test_a_seed_is_its_article_and_the_dirt_that_is_known(name):
    article = ARTICLES[name]
    rest = (ROOT / article.source).read_text(encoding="utf-8").replace(article.text, "\n", 1)
    assert [line for line in rest.splitlines() if line.strip()] == DIRT.get(name, [])


def test_a_quotation_has_one_kind_and_one_speaker(article):
    quotations = article.quotations
    assert set(quotations.kind) <= {"direct", "mixed", "indirect", "scare"}
    assert (quotations.groupby("quotation")[["kind", "speaker_entity"]].nunique() == 1).all(axis=None)
    assert (quotations.speaker_entity.eq("") == quotations.kind.eq("scare")).all()
    assert quotations[quotations.kind.eq("scare")].cue.eq("").all()


def test_names_bear_no_title_article_or_possessive(article):
    entities = article.entities
    assert set(entities.type) <= set(ONTONOTES)
    assert not entities.text.str.contains(
        r"^(?:the|a|Mr|Mrs|Ms|Dr|Sir|President|Professor)\b\.? |['’]s$|^\W|[,;:]$"
    ).any()
    assert entities.entity.str.len().gt(0).all()
    assert not (entities.start.shift(-1) < entities.end).any(), "names do not overlap"


def test_a_speaker_is_a_name_of_the_article_or_words_in_it(article):
    names = set(article.entities.entity)
    for speaker in set(article.quotations.speaker_entity) - {""}:
        assert speaker in names or re.search(re.escape(speaker), article.text, re.I), speaker
