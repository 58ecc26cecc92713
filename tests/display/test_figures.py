"""Charts say in words what they show, and show it as SVG that never changes."""

import re
from base64 import b64decode
from math import nan
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

import workbench as wb
from workbench.display import figures
from workbench.display.chart import ranking

FIGURES = pd.DataFrame(
    [
        ("narration", "narration", 0.1, -0.05, 0.25, ""),
        ("reported", "reported", 0.2, 0.05, 0.35, ""),
        ("quotation", "quotation", -0.4, -0.7, -0.1, ""),
    ],
    columns=["name", "voice", "value", "low", "high", "unit"],
)
SPANS = pd.DataFrame([("A", 0, 10), ("B", 40, 50), ("A", 90, 100)], columns=["who", "start", "end"])
SENTENCES = pd.DataFrame({"valence": [0.1, -0.2, 0.3], "voice": ["narration", "quotation", "reported"]})
COUNTS = pd.DataFrame([[0, 2, 0], [2, 0, 1], [0, 1, 0]], index=list("ABC"), columns=list("ABC"))
CHARTS = {
    "dots": lambda: figures.dots(FIGURES, "name", "Tone", "valence", reference=0),
    "curve": lambda: figures.curve(SENTENCES, "valence", "Tone", "valence"),
    "strips": lambda: figures.strips(SPANS, "who", 100, "Where", ["A", "B"]),
    "matrix": lambda: figures.matrix(COUNTS, "Together"),
    "panels": lambda: figures.panels(FIGURES.assign(measure="valence"), "name", "Tone"),
}


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        ("dots", ["narration 0.10 [−0.05, 0.25]", "quotation −0.40 [−0.70, −0.10]"]),
        ("curve", ["3 sentences", "from −0.20 to 0.30"]),
        ("strips", ["A at 0, 90 %", "B at 40 %"]),
        ("matrix", ["B with A 2"]),
        ("panels", ["Tone, narration: 0.10 [−0.05, 0.25]", "Tone, quotation: −0.40"]),
    ],
)
def test_the_alternative_text_states_the_numbers(chart, said):
    assert all(text in CHARTS[chart]().alt for text in said)


def test_the_curve_of_difficulty_is_on_the_scale_of_its_article():
    article = wb.Document.from_text(
        "It rained. ... The council, which met on Monday, agreed on the budget for the year. We won. “?” She left."
    )
    sentences = wb.counts(article).query("kind == 'sentence'")
    chart = figures.curve(sentences, "difficulty", "Difficulty", "levels", window=99, weight="words")
    line = chart.figure.axes[0].lines[1].get_ydata()
    assert line == pytest.approx(wb.measures(article, only="estimated_difficulty").value[0])
    assert "at each place by itself" in chart.alt


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_shows_itself_as_the_same_svg_every_time_with_its_alternative_text(chart):
    (shown, metadata), (again, _) = (CHARTS[chart]()._repr_mimebundle_() for _ in range(2))
    assert shown == again
    ElementTree.fromstring(shown["image/svg+xml"])
    assert metadata["image/svg+xml"]["alt"] == CHARTS[chart]().alt


def test_the_three_voices_differ_in_shape_and_line_not_in_colour_alone():
    axes = CHARTS["dots"]().figure.axes[0]
    solid, dotted, *points = axes.collections[:5]
    assert len({point.get_paths()[0].vertices.tobytes() for point in points}) == 3
    assert [line.get_linestyle()[0][1] is None for line in (solid, dotted)] == [True, False]
    assert [len(line.get_segments()) for line in (solid, dotted)] == [2, 1]
    assert [to_hex(point.get_facecolor()[0]) == "#ffffff" for point in points] == [False, True, False]


def test_nothing_to_show_is_never_a_picture_but_a_sentence():
    empty = {
        "dots": figures.dots(FIGURES[:0], "name", "Tone", "valence", missing="Nobody speaks."),
        "curve": figures.curve(SENTENCES[:0], "valence", "Tone", "valence"),
        "strips": figures.strips(SPANS[:0], "who", 0, "Where", ["A"], missing="Nobody speaks."),
        "matrix": figures.matrix(COUNTS * 0, "Together", "Nobody speaks."),
        "panels": figures.panels(FIGURES[:0].assign(measure="valence"), "name", "Tone", "Nobody speaks."),
    }
    for name, chart in empty.items():
        shown, _ = chart._repr_mimebundle_()
        assert "image/svg+xml" not in shown
        said = "Tone: nothing to show." if name == "curve" else "Nobody speaks."
        assert shown["text/html"] == f'<p class="wb-reading">{said}</p>'


def test_a_name_is_written_as_text_even_with_signs_that_mean_mathematics():
    names = ["Joey Bada$$", "Ca$h $x^2$", "A_b"]
    chart = figures.dots(FIGURES.assign(name=names), "name", "Ca$h and $x$", "valence")
    drawn = chart._repr_mimebundle_()[0]["image/svg+xml"]
    assert all(name in drawn for name in ["Joey Bada$$", "Ca$h $x^2$"])


@pytest.mark.parametrize("chart", sorted(CHARTS.keys() - {"curve"}))
def test_every_value_is_in_the_rows_for_narrow_pages(chart):
    shown = CHARTS[chart]()
    numbers = re.findall(r"−?\d+(?:\.\d+)?", shown.alt.partition(". ")[2])
    rows = re.sub("<[^>]*>", " ", shown.narrow)
    assert numbers
    assert all(number in rows for number in numbers)


def test_a_mention_in_a_long_article_is_a_mark_that_is_seen():
    narrow = figures.strips(SPANS, "who", 10_000, "Where", ["A", "B"]).narrow
    drawn = [b64decode(picture).decode() for picture in re.findall(r"base64,([\w+/=]+)", narrow)]
    widths = [float(width) for svg in drawn for width in re.findall(r"h([\d.]+)v9", svg)]
    assert widths == [2, 2, 2]


def test_pairs_of_the_same_count_share_a_row_of_a_narrow_page():
    once = pd.DataFrame([[0, 2, 1], [2, 0, 1], [1, 1, 0]], index=list("ABC"), columns=list("ABC"))
    items = re.findall(r"<li>(.*?)</li>", figures.matrix(once, "Together").narrow)
    assert [re.sub("<[^>]*>", " ", item).split() for item in items] == [
        ["B", "with", "A", "2"],
        ["C", "with", "A;", "C", "with", "B", "1", "each"],
    ]


def test_a_sentence_has_titles_in_quotation_marks():
    titles = FIGURES.assign(title=["Night choir", "He left. Maybe", "Ferry strike"], voice="all")
    said = "the interval of “He left. Maybe” reaches that of “Night choir”."
    assert said in figures.dots(titles, "title", "strike by document", "share").reading


@pytest.mark.parametrize("chart", ["dots", "panels"])
def test_points_in_rows_are_no_pictures_of_their_own_which_would_keep_a_page_of_hundreds_waiting(chart):
    drawn = re.findall(
        r'<i class="wb-range([^"]*)" style="--low:\d+;--at:\d+;--high:\d+;color:#\w+"></i>', CHARTS[chart]().narrow
    )
    assert "<img" not in CHARTS[chart]().narrow
    assert sorted(drawn) == ["", "", " wb-hollow"]


def test_a_curve_has_a_second_picture_for_narrow_pages():
    narrow = CHARTS["curve"]()._repr_mimebundle_()[1]["image/svg+xml"]["narrow"]
    assert narrow.startswith('<img class="wb-narrow')


def test_a_row_leads_to_its_passages_where_it_is_drawn():
    chart = figures.dots(FIGURES, "name", "Tone", "valence", links={"reported": "#at-7"})
    links = chart._repr_mimebundle_()[1]["image/svg+xml"]["links"]
    assert [link[:2] for link in links] == [["reported", "#at-7"]]
    assert 30 < links[0][2] < links[0][2] + links[0][3] < 70
    assert '<a href="#at-7">reported</a>' in chart.narrow


@pytest.mark.parametrize(
    ("figures_", "reference", "said"),
    [
        ([(3, 2, 4), (1, 0.5, 1.5)], None, "Highest: A, 3; its interval lies above those of all others."),
        ([(3, 2, 4), (2.5, 2, 3)], None, "Which is highest can’t be told: the interval of A reaches that of B."),
        ([(3, 2, 4), (2.5, nan, nan)], None, "No interval for B: too little is behind it."),
        ([(3, 2, 4), (-2, -3, -1)], 0, "Clearly above 0: A. Clearly below 0: B."),
        ([(3, -2, 4), (-2, -3, 1)], 0, "No interval is clear of 0."),
        ([(3, nan, nan), (2, nan, nan)], None, "No interval: too little is behind them."),
        ([(3, nan, nan)], None, "No interval: too little is behind it."),
    ],
)
def test_what_a_figure_says_is_what_its_intervals_allow(figures_, reference, said):
    table = pd.DataFrame(figures_, columns=["value", "low", "high"]).assign(name=list("AB")[: len(figures_)])
    assert ranking(table.assign(written=table.value.map("{:g}".format)), reference) == said


def test_nothing_is_said_of_intervals_where_there_are_none_by_nature():
    assert figures.dots(FIGURES.drop(columns=["low", "high"]), "name", "Adds", "points").reading == ""


def test_figures_with_the_same_row_number_are_told_apart():
    table = pd.DataFrame([("A", 3, 2, 4), ("B", 1, 0.5, 1.5)], columns=["name", "value", "low", "high"], index=[0, 0])
    assert ranking(table.assign(written=table.value.map("{:g}".format)), None).startswith(
        "Highest: A, 3; its interval lies"
    )


def test_a_measure_leads_to_its_definition():
    table = pd.DataFrame({"measure": ["quoted_share", "own"], "value": [0.2, 0.3], "unit": "share"})
    links = figures.dots(table, "measure", "Shares", "share")._repr_mimebundle_()[1]["image/svg+xml"]["links"]
    assert [link[1] for link in links] == ["measures.html#quoted_share"]


def test_a_figure_is_saved_for_print(tmp_path):
    chart = figures.dots(FIGURES, "name", "Tone", "valence")
    chart.save(tmp_path / "tone.png")
    width = int.from_bytes((tmp_path / "tone.png").read_bytes()[16:20], "big")
    assert width == round(300 * chart.figure.get_size_inches()[0])


def test_a_single_pair_is_a_sentence_and_of_more_no_row_or_column_is_empty():
    assert (
        figures.matrix(COUNTS.loc[["A", "B"], ["A", "B"]], "Together").reading
        == "Together: B with A (2), and no others."
    )
    axes = figures.matrix(COUNTS, "Together").figure.axes[0]
    labels = [[text.get_text() for text in texts] for texts in (axes.texts[:2], axes.get_xticklabels())]
    assert labels == [["B", "C"], ["A", "B"]]


def test_the_ends_of_a_curve_have_no_interval_and_are_not_its_highest_or_lowest_place():
    table = pd.DataFrame({"valence": [9.0, *np.linspace(0, 1, 20), -9.0], "voice": "narration"})
    said = re.findall(r"sentence (\d+) \([^)]*\[", figures.curve(table, "valence", "Tone", "valence").reading)
    assert len(said) == 2


def test_a_mean_of_fewer_than_five_is_drawn_pale_and_hollow_with_its_number():
    table = FIGURES.assign(n=[12, 8, 1])
    table.loc[2, ["low", "high"]] = nan
    for chart in (figures.dots(table, "name", "Tone", ""), figures.panels(table.assign(measure="valence"), "name", "")):
        point = chart.figure.axes[0].collections[-1]
        assert to_hex(point.get_facecolor()[0], keep_alpha=True) == "#ffffff80"
        assert "quotation: −0.40 (n 1)" in chart.alt or "quotation −0.40 (n 1)" in chart.alt
        assert "−0.40 (n 1)" in chart.narrow
        assert "n 12" not in chart.alt
    without = figures.dots(table.assign(unit="speakers"), "name", "Speakers", "")
    assert "(n 1)" not in without.alt  # a count needs no interval


LONG = ["Federal Ministry of Food and Agriculture of Germany", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "Lee"]


@pytest.mark.parametrize("kind", ["dots", "strips", "curve"])
def test_all_that_is_written_beside_a_figure_is_inside_of_it(kind):
    spans = pd.DataFrame({"who": LONG, "start": [0, 40, 90], "end": [10, 50, 100]})
    table = FIGURES.assign(name=LONG, value=-1234.5, low=-1299.5, high=-1111.5)
    charts = {
        "dots": lambda: figures.dots(table, "name", "Tone", "valence"),
        "strips": lambda: figures.strips(spans, "who", 100, "Where", LONG),
        "curve": lambda: figures.curve(SENTENCES.assign(valence=[-1234.5, 0, 12.25]), "valence", "Tone", "valence"),
    }
    for figure in (chart := charts[kind]()).figure, *([chart.narrow] if kind == "curve" else []):
        figure.set_dpi(300)  # as it is saved
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        axes = figure.axes[0]
        bottom, top = axes.get_ylim()
        marks = [mark for mark in axes.get_yticklabels() if bottom <= mark.get_position()[1] <= top]
        texts = [*axes.texts, *marks, axes.xaxis.label, axes.yaxis.label, *figure.texts]
        for text in (text for text in texts if text.get_text()):
            box = text.get_window_extent(canvas.get_renderer())
            assert 0 <= box.x0 < box.x1 <= figure.bbox.width, text
            assert 0 <= box.y0 < box.y1 <= figure.bbox.height, text
        assert axes.bbox.width > figure.bbox.width / 8
