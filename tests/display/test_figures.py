"""Charts say in words what they show, and show it as SVG that never changes."""

from xml.etree import ElementTree

import pandas as pd
import pytest

from workbench.display import figures

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
COUNTS = pd.DataFrame([[0, 2], [2, 0]], index=["A", "B"], columns=["A", "B"])
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


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_shows_itself_as_the_same_svg_every_time_with_its_alternative_text(chart):
    (shown, metadata), (again, _) = (CHARTS[chart]()._repr_mimebundle_() for _ in range(2))
    assert shown == again
    ElementTree.fromstring(shown["image/svg+xml"])
    assert metadata["image/svg+xml"]["alt"] == CHARTS[chart]().alt


def test_the_three_voices_differ_in_shape_and_line_not_in_colour_alone():
    axes = CHARTS["dots"]().figure.axes[0]
    intervals, points = axes.lines[:6:2], axes.lines[1:6:2]
    assert len({point.get_marker() for point in points}) == 3
    assert [line.get_linestyle() for line in intervals] == ["-", ":", "-"]
    assert points[1].get_markerfacecolor() == "white"


def test_a_figure_of_nothing_is_a_sentence():
    for chart in (
        figures.dots(FIGURES[:0], "name", "Tone", "valence"),
        figures.curve(SENTENCES[:0], "valence", "Tone", "valence"),
        figures.strips(SPANS[:0], "who", 0, "Where", ["A"]),
        figures.matrix(COUNTS.iloc[:0, :0], "Together"),
        figures.panels(FIGURES[:0].assign(measure="valence"), "name", "Tone"),
    ):
        shown, _ = chart._repr_mimebundle_()
        assert "image/svg+xml" not in shown
        assert shown["text/html"].startswith("<p>")
        assert "nothing to show" in shown["text/html"]
