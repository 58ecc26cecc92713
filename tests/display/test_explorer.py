"""Exploring: passages, shares and text agree with each other whatever is chosen, with widgets and without."""

import re

import pandas as pd
import pytest

import workbench as wb
from workbench.display import explorer

ARTICLE = wb.Document.from_text(
    "The mayor met Anna Berg in Oslo on a wonderful day.\n"
    "“We will never leave this terrible town,” said Anna Berg.\n"
    "“Oslo is a city that nobody who has a family, a dog, a job and a house to heat would ever choose to leave in the "
    "middle of such a long and dark winter,” said Carl Dahl.\n"
    "Nobody else spoke.",
    "town",
)
QUIET = wb.Document.from_text("Rain fell. It fell again.", "quiet")
ANALYSES = ["quotations", "readability", "sentiment", "entities"]


@pytest.fixture
def exploring():
    return explorer.Explorer({"town": ARTICLE, "quiet": QUIET}, ["scan.pdf: no text found"])


def press(exploring, name):
    next(bar.children[0] for bar in exploring.bars.children if bar.children[0].description == name).click()


def pointed_out(exploring):
    return "".join(re.findall(r'<mark class="[^"]*wb-chosen[^>]*>([^<]*)', exploring.text.value))


@pytest.mark.parametrize("analysis", ANALYSES)
def test_passages_point_at_their_words_and_have_the_same_columns_also_in_an_empty_text(analysis):
    for document in (ARTICLE, QUIET, wb.Document.from_text("")):
        found = explorer.evidence(document, analysis)
        assert list(found.columns) == explorer.COLUMNS
        assert [document.text[row.start : row.end] for row in found.itertuples()] == list(found.text)
        assert isinstance(found.group.dtype, pd.CategoricalDtype)
        assert not found.group.isna().any()


def test_a_voice_and_a_person_narrow_the_passages():
    both = explorer.evidence(ARTICLE, "entities")
    told, quoted = (explorer.evidence(ARTICLE, "entities", voice) for voice in ("narration", "quotation"))
    assert len(told) + len(quoted) == len(both)
    assert "Oslo" in set(quoted.text)
    spoken = explorer.evidence(ARTICLE, "quotations", who="Anna Berg")
    assert len(spoken) == 1
    assert "terrible town" in spoken.text[0]
    about = explorer.evidence(ARTICLE, "readability", who="Oslo")
    assert len(about) == 2
    assert all("Oslo" in text for text in about.text)


def test_shares_count_every_passage_once():
    for analysis in ANALYSES:
        passages = explorer.evidence(ARTICLE, analysis)
        counted = explorer.shares(ARTICLE, analysis, passages)
        assert counted.n.sum() == len(passages)
        assert counted.value.sum() == pytest.approx(1)
    assert counted.value.is_monotonic_decreasing


def test_the_explorer_shows_the_reports_shares_and_intervals():
    long = wb.Document.from_text(
        "\n".join([ARTICLE.text, *(f"“It rains in Oslo,” said Carl Dahl {n}." for n in range(4))])
    )
    measured = wb.measures(long)
    for analysis, measure in {"quotations": "share_of_voice", "entities": "mention_share"}.items():
        shares = explorer.shares(long, analysis, explorer.evidence(long, analysis)).query("n > 0")
        rows = measured[measured.measure.str.startswith(measure)]
        names = rows.speaker.where(rows.speaker != "", rows.measure.str.extract(r"\[(.*)\]")[0])
        expected = rows.set_index(names)[["value", "low", "high"]]
        for row in shares.itertuples():
            assert [row.value, row.low, row.high] == pytest.approx(list(expected.loc[row.group]), nan_ok=True)
    few = explorer.shares(ARTICLE, "quotations", explorer.evidence(ARTICLE, "quotations"))
    assert few.low.isna().all()  # as in the reports, from four paragraphs


def test_choosing_a_bar_lists_its_passages_and_points_them_out_in_the_text(exploring):
    assert pointed_out(exploring) == ""
    press(exploring, "Anna Berg")
    assert "terrible town" in pointed_out(exploring)
    assert "winter" not in pointed_out(exploring)
    assert [label for label, _ in exploring.rows.options[1:]] == [
        line for line in (label for label, _ in exploring.rows.options) if "terrible town" in line
    ]
    press(exploring, "Anna Berg")
    assert pointed_out(exploring) == ""
    assert len(exploring.rows.options) == 3


def test_a_bar_stays_where_it_is_when_it_is_chosen_and_says_so_by_more_than_colour(exploring):
    before = exploring.bars.children
    press(exploring, "Anna Berg")
    assert exploring.bars.children == before
    assert [bar.children[0].icon for bar in before if bar.children[0].description == "Anna Berg"] == ["check"]
    press(exploring, "Carl Dahl")
    assert [bar.children[0].description for bar in before if bar.children[0].icon] == ["Carl Dahl"]


def test_what_was_about_to_be_chosen_when_the_passages_changed_is_not_taken_for_another(exploring):
    bars, rows = exploring.bars.children, exploring.rows
    exploring.analysis.value = "sentiment"
    exploring.voice.value = "narration"
    assert "sentiment, narration" in exploring.rows.options[0][0]
    rows.set_state({"index": 2})  # as the browser sends it
    assert pointed_out(exploring) == ""
    assert exploring.rows.index == 0
    assert all(bar.comm is None and bar.children[0].comm is None for bar in bars)  # so that no click arrives


def test_choosing_a_row_points_out_that_passage_alone(exploring):
    exploring.analysis.value = "readability"
    exploring.rows.value = 0
    assert "long and dark winter" in pointed_out(exploring)
    assert "Nobody else spoke" not in pointed_out(exploring)
    assert re.match(r"difficulty −1\.\d+, 37 words", exploring.rows.options[1][0])


def test_another_document_brings_its_own_people_and_forgets_what_was_chosen(exploring):
    assert {"Anna Berg", "Carl Dahl", "Oslo"} <= {label for label, _ in exploring.who.options}
    exploring.who.value = "Carl Dahl"
    press(exploring, "Carl Dahl")
    exploring.document.value = "quiet"
    assert [label for label, _ in exploring.who.options] == ["anyone"]
    assert exploring.bars.children == ()
    exploring.analysis.value = "sentiment"
    assert len(exploring.passages) == 2


def test_where_widgets_do_not_run_the_choices_are_shown_as_html(exploring):
    exploring.analysis.value = "sentiment"
    shown = exploring._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "terrible town" in shown["text/html"]
    assert "<script" not in shown["text/html"]


def test_what_cannot_be_read_is_named_and_nothing_to_read_is_an_error(exploring, tmp_path):
    assert "scan.pdf: no text found" in exploring.view.children[-1].value
    with pytest.raises(wb.DocumentError, match="nothing to read in it"):
        wb.explore(tmp_path)


def test_markup_in_a_text_stays_text_in_every_view():
    hostile = "“<img src=x onerror=alert(1)> is what we will always say,” said <b>Anna</b> Berg of Oslo."
    shown = explorer.Explorer({"x": wb.Document.from_text(hostile, "<b>x</b>")}, ["<i>bad</i>"])
    for analysis in ANALYSES:
        shown.analysis.value = analysis
        for html in (shown.text.value, shown.strip.value, shown.page(), shown.view.children[-1].value):
            assert not re.search(r"<(img src=x|b>|i>)", html)
