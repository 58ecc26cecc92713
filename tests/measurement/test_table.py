"""The tidy table: what it sums up must agree with the evidence."""

import pandas as pd
import pytest
from articles import articles

import workbench as wb
from workbench.measurement.definitions import ANALYSES, DIFFERENCE, TOWARDS, definitions, inert
from workbench.measurement.table import COLUMNS

ARTICLE = wb.Document.from_text(
    "Anna Berg met reporters on Monday.\n"
    "“We will never leave this town,” said Anna Berg. The crowd was quiet.\n"
    "“You will regret it,” said Carl Lund. The hall in Oslo was empty.",
    "town",
)


@pytest.fixture(scope="module")
def table():
    return wb.measures(ARTICLE)


def one(table, measure, **labels):
    rows = table[table.measure == measure]
    for label, value in {"voice": "all", "speaker": "", **labels}.items():
        rows = rows[rows[label] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def test_columns_and_types(table):
    assert list(table) == COLUMNS
    assert set(table.document) == {"town"}
    assert set(table.analysis) == {"readability", "sentiment", "quotations", "entities"}
    assert not table.duplicated(["measure", "voice", "speaker"]).any()


def test_the_quoted_share_is_quoted_words_over_all_words(table):
    assert one(table, "quoted_share").value == pytest.approx((6 + 4) / (6 + 6 + 3 + 4 + 4 + 3 + 5 + 0), abs=0.02)


def test_anonymous_sources_are_counted_apart_from_named_and_from_missing_ones():
    lines = ["Officials said that the bridge was safe.", "Anna Berg said that it was not."]
    lines += ["A source close to the company said that nobody had asked.", "A report said that cracks had been found."]
    lines += ["Carl Lund said that the report was wrong."]
    share = one(wb.measures(wb.Document.from_text("\n".join(lines), "bridge")), "anonymous_share")
    assert share.value == pytest.approx(2 / 5)
    assert share.low < share.value < share.high


def test_shares_of_voice_sum_to_one(table):
    voices = table[table.measure == "share_of_voice"]
    assert set(voices.speaker) == {"Anna Berg", "Carl Lund"}
    assert voices.value.sum() == pytest.approx(1)


@pytest.mark.parametrize("kind", ["mention_share", "type_share"])
def test_shares_of_mentions_sum_to_one(table, kind):
    assert table[table.measure.str.startswith(kind)].value.sum() == pytest.approx(1)


def test_tone_is_the_mean_over_sentences(table):
    tones = wb.sentiment(ARTICLE)
    assert one(table, "vader_compound").value == pytest.approx(tones.compound.mean())
    quoted = tones[tones.voice == "quotation"]
    assert one(table, "vader_compound", voice="quotation").value == pytest.approx(quoted.compound.mean())


def test_every_interval_holds_its_value():
    table = wb.measures(wb.Document.from_text(max((article.text for article in articles()), key=len)))
    rows = table.dropna(subset=["value", "low", "high"])
    assert len(rows) > 40
    assert ((rows.low <= rows.value + 1e-9) & (rows.value <= rows.high + 1e-9)).mean() > 0.97


def test_a_figure_from_few_has_no_interval_and_says_so(table):
    few = table[(table.n < 5) & (table.note != "")]
    assert len(few) > 10
    assert few.low.isna().all()
    assert few.high.isna().all()


@pytest.mark.parametrize("text", ["", " \n ", "Word", "…", "\x00\x01", "🙂 🙂", "1234 5678.\r\n", "«»", '"'])
def test_any_text_has_a_table_with_the_same_columns(text):
    table = wb.measures(wb.Document.from_text(text))
    assert list(table) == COLUMNS
    assert table.value.dtype == float


def test_reading_the_same_document_twice_gives_the_same_table(table):
    pd.testing.assert_frame_equal(table, wb.measures(wb.Document.from_text(ARTICLE.text, "town")))


def test_names_are_counted_together_by_sentence_or_paragraph_and_by_who_mentions_them():
    document = wb.Document.from_text(
        "Anna Berg lives in Oslo. Carl Lund lives in Paris.\n“I have never seen Paris,” said Anna Berg.", "two"
    )
    names = ["Anna Berg", "Oslo", "Paris"]
    assert wb.together(document, names).loc["Anna Berg"].tolist() == [0, 1, 1]
    assert wb.together(document, names, within="paragraph").loc["Anna Berg"].tolist() == [0, 1, 2]
    counted = wb.who_on_whom(document).set_index(["speaker", "entity"]).mentions
    assert counted["Anna Berg", "Paris"] == 1
    assert counted["narration", "Anna Berg"] == 2
    assert len(wb.who_on_whom(wb.Document.from_text(""))) == 0


VOICES = ["narration", "reported", "quotation"]
MEASURES = {measure: name for name, measures in ANALYSES.items() if name != "words" for measure in measures}


@pytest.fixture(scope="module")
def long():
    """An article with many voices, and the whole table of another document of the same text."""
    article = max(articles(), key=lambda article: len(article.entities))
    return wb.Document.from_text(article.text, "long"), wb.measures(wb.Document.from_text(article.text, "long"))


def same(table, rows):
    pd.testing.assert_frame_equal(table, rows.reset_index(drop=True), check_exact=True)


def stems(table):
    return table.measure.str.partition("[")[0]


def test_each_measure_belongs_to_the_analysis_that_gives_it(long):
    found = dict(zip(stems(long[1]), long[1].analysis, strict=True))
    assert found == MEASURES
    assert set(MEASURES) <= set(definitions().index)


@pytest.mark.parametrize("analysis", sorted({*MEASURES.values()}))
def test_an_analysis_alone_has_the_figures_of_the_whole_to_the_last_digit(long, analysis):
    document = wb.Document.from_text(long[0].text, "long")  # of which nothing is remembered
    rows = long[1][(long[1].analysis == analysis) & (long[1].measure != DIFFERENCE)]
    rows = rows[stems(rows) != TOWARDS]
    same(wb.measures(document, only=analysis), rows[rows.voice == "all"])
    same(wb.measures(document, only=[analysis, *VOICES[:2]]), rows[rows.voice.isin(VOICES[:2])])


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_alone_has_the_figures_of_the_whole_to_the_last_digit(long, measure):
    document, whole = long
    rows = whole[stems(whole) == measure]
    same(wb.measures(document, only=[measure]), rows[rows.voice == "all"])
    same(wb.measures(document, only=[measure, "all", *VOICES]), rows)


def test_voices_alone_have_the_figures_of_all_analyses(long):
    document, whole = long
    same(wb.measures(document, only="reported"), whole[whole.voice == "reported"])
    same(wb.measures(document, only=["all", *VOICES]), whole)
    compared = wb.measures(document, only=["sentiment", "narration", "quotation"])
    assert set(compared.voice) == {"narration", "quotation", "all"}
    assert list(compared.measure[compared.voice == "all"]) == [DIFFERENCE]


def test_the_tone_towards_names_is_asked_for_by_its_name_or_by_both_its_analyses(long):
    document, whole = long
    assert TOWARDS in {*stems(whole)}
    both = whole[
        whole.analysis.isin(["sentiment", "entities"]) & (whole.voice == "all") & (whole.measure != DIFFERENCE)
    ]
    same(wb.measures(document, only=["sentiment", "entities"]), both)
    alone = whole[(whole.analysis == "sentiment") & (whole.voice == "all") & (whole.measure != DIFFERENCE)]
    same(wb.measures(document, only=["sentiment", TOWARDS]), alone)


@pytest.mark.parametrize(("wrong", "nearest"), [("readabilty", "readability"), ("Lix", "lix"), ("speaker", "speakers")])
def test_a_name_that_is_not_known_is_answered_with_the_nearest(wrong, nearest):
    with pytest.raises(ValueError, match=f"'{wrong}'; did you mean '{nearest}'") as error:
        wb.measures(ARTICLE, only=["lix", wrong])
    assert "\n" not in str(error.value)


def test_one_that_is_like_no_other_is_answered_with_all():
    with pytest.raises(ValueError, match=r"'foo'; there is readability, sentiment, .*narration, .*lix") as error:
        wb.measures(ARTICLE, only="foo")
    assert "did you mean" not in str(error.value)


@pytest.mark.parametrize("before", ["", " ", "\n", " \t\r\n ", "\xa0", "\u3000", "\ufeff", "\u200b", "\0"])
@pytest.mark.parametrize("sign", "=+-@＝＋－＠−")
def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_marked_as_text(before, sign):
    assert inert(f"{before}{sign}1+1") == f"'{before}{sign}1+1"
    assert inert(f"{before}1{sign}1") == f"{before}1{sign}1"
