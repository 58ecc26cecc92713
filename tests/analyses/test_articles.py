"""The hand-marked articles are sound: spans lie on their text, seeds hold them, styles keep their promise."""

import re
from pathlib import Path

import pandas as pd
import pytest
from articles import Article, articles

ROOT = Path(__file__).parents[2]
ARTICLES = {article.name: article for article in articles()}
# Stretches in quotation marks, the outermost ones; one that isn't closed ends with its paragraph.
IN_MARKS = "|".join(
    [
        r"“[^”\n]*",
        r'"[^"\n]*"?',
        r"«[^»\n]*",
        r"„[^“\n]*“",
        r"''.+?''",
        r"‘.+?’(?!\w)",
        r"(?<![\w'])'(?!').+?'(?![\w'])",
    ]
)
MARKS = {
    "ferry_strike": '"',
    "night_choir": "“",
    "pothole_column": "“",
    "two_holroyds": "‘",
    "eel_court": "'",
    "quiet_bells": "«",
    "lantern_hour": ["''"],
    "swimming_teacher": '"',
    "leaking_dam": "“",
}
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


def test_the_named_person_in_a_speaker_is_the_speaker(article):
    people = article.entities[article.entities.type.eq("PERSON")]
    for row in article.quotations.itertuples():
        named = people[(people.start >= row.speaker_start) & (people.end <= row.speaker_end)].entity
        # "A source close to Venn" is nobody in particular.
        assert named.empty or row.speaker_entity in {*named, "source"}, row.text


def test_a_speaker_and_a_cue_stand_outside_what_they_report(article):
    for number, pieces in article.quotations.groupby("quotation"):
        for where in ("speaker", "cue"):
            start, end = pieces[f"{where}_start"].iloc[0], pieces[f"{where}_end"].iloc[0]
            assert ((pieces.end <= start) | (pieces.start >= end) | (start == -1)).all(), number


def test_a_kind_agrees_with_the_marks(article):
    letters, marked = re.compile(r"[^\W\d_]"), re.compile(IN_MARKS)
    for number, pieces in article.quotations.groupby("quotation"):
        text = "\n".join(pieces.text)
        share = len(letters.findall("".join(marked.findall(text)))) / len(letters.findall(text))
        kind = "direct" if share >= 0.9 else "mixed" if share else "indirect"
        turn = pieces.cue.iloc[0] == ":" and article.text[pieces.speaker_start.iloc[0] - 1] == "\n"
        assert pieces.kind.iloc[0] in ("direct" if turn else kind, "scare"), number


@pytest.mark.parametrize(("name", "opening"), MARKS.items())
def test_an_article_uses_the_marks_of_its_style(name, opening):
    verbatim = ARTICLES[name].quotations.query("kind in ['direct', 'scare']").text
    assert len(verbatim) >= 4
    assert verbatim.str.startswith(tuple(opening)).mean() > 0.8


def test_two_of_one_surname_are_told_apart():
    entities = ARTICLES["two_holroyds"].entities
    assert set(entities[entities.text.eq("Holroyd")].entity) == {"Margaret Holroyd", "Peter Holroyd"}


def test_names_of_one_place_are_one_and_capitals_stand_for_governments():
    entities = ARTICLES["danube_talks"].entities
    assert set(entities[entities.entity.eq("Kyiv")].text) == {"Kyiv", "Kiev"}
    assert {"Russia", "United States", "Ukraine", "European Union"} <= set(entities.metonym)
    assert set(entities[entities.text.isin(["Romanians", "Hungarians", "Americans"])].type) == {"NORP"}


def test_an_acronym_introduced_in_brackets_is_its_name():
    for name, acronym in [("cloud_outage", "BTR"), ("ferry_strike", "AMU"), ("glacier_beetle", "NSF")]:
        entities = ARTICLES[name].entities
        assert f"({acronym})" in ARTICLES[name].text
        assert entities[entities.text.eq(acronym)].entity.str.contains(r"\w \w").all()


def test_quotations_run_over_paragraphs_with_a_new_opening_mark_for_each():
    pieces = ARTICLES["swimming_teacher"].quotations.query("quotation == 3")
    assert len(pieces) == 4
    assert pieces.text.str.startswith('"').all()
    assert pieces.text.str.endswith('"').tolist() == [True, False, False, True]


def test_marks_that_are_no_quotation_marks_are_there():
    for name, measures in [("shortest_striker", ["5'4\"", "6'5\""]), ("lantern_hour", ["6'3\"", '12"', "'78"])]:
        assert all(measure in ARTICLES[name].text for measure in measures)
    assert "’80s" in ARTICLES["two_holroyds"].text


def test_speech_without_a_mark_is_there():
    typhoon, interview = ARTICLES["after_the_typhoon"], ARTICLES["completion_guarantor"]
    assert set(typhoon.quotations.kind) == {"indirect"}
    assert not re.search(r"[“”\"«»„‘']", typhoon.text)
    assert interview.quotations.cue.eq(":").sum() >= 10
    assert set(interview.quotations.speaker) >= {"Q", "A", "ESQUIVEL", "HADDADIN"}


def test_a_column_lets_nobody_speak_in_his_own_words():
    assert set(ARTICLES["pothole_column"].quotations.kind) == {"scare", "indirect"}


def test_speakers_are_named_in_all_the_ways_that_the_news_has():
    quotations = pd.concat([article.quotations for article in articles()]).drop_duplicates(["speaker", "speaker_start"])
    pronouns = quotations[quotations.speaker.str.lower().isin(["he", "she", "it", "him", "i", "who"])]
    assert len(pronouns) >= 30
    assert {
        "the minister",
        "the president",
        "the striker",
        "Another official, who asked not to be named to protect his job",
    } <= {*quotations.speaker}
    assert ((quotations.speaker_start > quotations.cue_end) & quotations.speaker.str.len().gt(60)).sum() >= 3


def test_there_is_enough_to_measure():
    assert len(articles()) >= 14
    quotations = pd.concat([article.quotations.drop_duplicates("quotation") for article in articles()])
    counts = quotations.kind.value_counts()
    assert counts[["direct", "mixed", "indirect", "scare"]].ge([50, 25, 80, 10]).all()
    entities = pd.concat([article.entities for article in articles()])
    assert set(entities.type) >= {"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART"}
    assert entities.entity.nunique() > 150
