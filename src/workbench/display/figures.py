"""matplotlib figures from the analyses' tables: dots with intervals, a curve, marks along the article, a matrix."""

import io
import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from workbench.measurement import label as named, number
from workbench.statistics import running_mean

STYLE = Path(__file__).parent / "style" / "figures.mplstyle"
NARRATION, REPORTED, QUOTATION = "#56636d", "#4a94c8", "#0b66a8"
SPEAKERS = ["#0072B2", "#D55E00", "#007a5a", "#B0578D", "#8a6d00"]  # Okabe-Ito, darkened to 4.5:1 on white
OTHERS = "#6b757c"
INK, QUIET = "#222222", "#8b959c"
VOICES = {"all": INK, "narration": NARRATION, "reported": REPORTED, "quotation": QUOTATION}
MARKERS = {"all": "o", "narration": "s", "reported": "d", "quotation": "D"}
WIDTH = 7.6
BESIDE = ("axes fraction", "data")
BARE = {"low": math.nan, "high": math.nan, "unit": ""}


@dataclass(frozen=True)
class Chart:
    """A matplotlib figure that shows itself as SVG, with `alt`: its finding's numbers in words, or that there are none.

    An empty one shows that as a sentence, never as a picture of axes.
    """

    figure: Figure
    alt: str
    empty: bool = False

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        if self.empty:
            return {"text/html": f"<p>{escape(self.alt)}</p>", "text/plain": self.alt}, {}
        drawn = io.StringIO()
        with matplotlib.style.context(STYLE):
            self.figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": "workbench"})
        svg = drawn.getvalue()
        return {"image/svg+xml": svg[svg.index("<svg") :], "text/plain": self.alt}, {"image/svg+xml": {"alt": self.alt}}


@matplotlib.style.context(STYLE)
def dots(
    table: pd.DataFrame,
    label: str,
    title: str,
    axis: str,
    limits: tuple[float | None, float | None] | None = None,
    reference: float | None = None,
    colours: Mapping[str, str] | None = None,
    most: int = 40,
) -> Chart:
    """A row a figure: a point at `value`, its interval from `low` to `high` as a thin line, both written out.

    `label` names the column of row labels. Colour and marker tell the `voice`, where there is such a column, unless
    `colours` has the row's label; a `unit` says how numbers are written; without `low` and `high` there is no interval.
    `reference` draws a line to compare with. Of more than `most` rows only those at both ends are drawn.
    """
    rows = _complete(table)
    if hidden := max(0, len(rows) - most):
        rows = pd.concat([rows.head(most // 2), rows.tail(most - most // 2)])
        title = f"{title} ({hidden} in the middle not shown)"
    names = [named(str(name)) for name in rows[label]]
    figure, (axes,) = _rows(names, title)
    written = _points(axes, rows, range(len(rows)), list(map((colours or {}).get, rows[label])))
    for height, text in enumerate(written):
        axes.annotate(text, (1.015, height), xycoords=BESIDE, va="center", annotation_clip=False)
    if reference is not None and len(rows):
        axes.axvline(reference, color=QUIET, linewidth=1, zorder=0)
    axes.set(xlabel=axis, **({"xlim": limits} if limits else {}))
    return _chart(figure, title, [f"{name} {text}" for name, text in zip(names, written, strict=True)])


@matplotlib.style.context(STYLE)
def panels(table: pd.DataFrame, label: str, title: str) -> Chart:
    """A row a `label`, a panel a `measure`: a point at `value` with its interval, its number above it, a star where it
    `holds` by more than chance.

    The columns are those of `dots`, and `measure`; rows and panels stand in the order of the table.
    """
    rows = _complete(table)
    names, measures = list(map(str, rows[label].unique())), list(rows.measure.unique())
    figure, panels = _rows(names, title, len(measures))
    said = []
    for axes, measure in zip(panels, measures, strict=False):
        here = rows[rows.measure == measure]
        heights = [names.index(str(name)) for name in here[label]]
        written = _points(axes, here, heights, [None] * len(here))
        for place, holds in enumerate(here.get("holds", ())):
            figure_, *ends = written[place].split(" [")
            written[place] = " [".join([figure_ + " *" * bool(holds), *ends])
        for value, height, text in zip(here.value, heights, written, strict=True):
            axes.annotate(text.split(" [")[0], (value, height), (0, 5), textcoords="offset points", ha="center")
        axes.set_xlabel(named(measure))
        axes.margins(x=0.15)
        axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
        said += [f"{named(measure)}, {name}: {text}" for name, text in zip(here[label], written, strict=True)]
    return _chart(figure, title, said)


@matplotlib.style.context(STYLE)
def curve(
    table: pd.DataFrame, value: str, title: str, axis: str, reference: float | None = None, window: int = 7
) -> Chart:
    """`value` sentence by sentence (points by voice), and its running mean over `window` of them with its interval."""
    running, low, high = running_mean(table[value], window)
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.subplots()
    place = np.arange(1, len(table) + 1)
    for voice in list(VOICES)[1:]:
        if (here := (table.voice == voice).to_numpy()).any():
            points = axes.plot(place[here], table[value][here], MARKERS[voice], color=VOICES[voice], label=voice)
            points[0].set(markersize=4.5, alpha=0.8 if len(table) < 100 else 0.45, markeredgewidth=voice == "reported")
            points[0].set_markerfacecolor("white" if voice == "reported" else VOICES[voice])
    axes.plot(place, running, color=INK, linewidth=1.8)
    axes.fill_between(place, low, high, color=INK, alpha=0.1, linewidth=0)
    if reference is not None:
        axes.axhline(reference, color=QUIET, linewidth=1, zorder=0)
    axes.grid(axis="y")
    axes.set(xlabel="sentence, from the beginning of the article to its end", ylabel=axis)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(table):
        figure.legend(loc="outside upper right", ncols=3, frameon=False, fontsize=9, handletextpad=0.2)
    _title(figure, title)
    if not len(table):
        return _chart(figure, title, [])
    numbers = f"{len(table)} sentences, from {number(table[value].min())} to {number(table[value].max())}"
    drawn = f"black line: running mean of {window} sentences, band: its 95 % interval"
    return _chart(figure, title, [numbers, drawn])


@matplotlib.style.context(STYLE)
def strips(
    table: pd.DataFrame,
    label: str,
    length: int,
    title: str,
    order: Sequence[str],
    colours: Mapping[str, str] | None = None,
) -> Chart:
    """Where in an article of `length` characters each span (start, end) stands: a row a label, in this `order`."""
    names, length = [name for name in order if (table[label] == name).any()], max(length, 1)
    figure, (axes,) = _rows(names, title)
    said = []
    for height, name in enumerate(names):
        spans = table[table[label] == name]
        widths = np.maximum(spans.end - spans.start, length / 250)
        bars = list(zip(spans.start.astype(float), widths.astype(float), strict=True))
        axes.broken_barh(bars, (height - 0.3, 0.6), facecolor=colours.get(name, OTHERS) if colours else QUOTATION)
        said.append(f"{name} at {', '.join(str(round(100 * start / length)) for start in spans.start)} %")
    axes.set_xlim(0, length)
    axes.set_xticks([0, length / 2, length], ["beginning", "middle", "end"])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[-1].set_horizontalalignment("right")
    return _chart(figure, f"{title}. Position in the article", said)


@matplotlib.style.context(STYLE)
def matrix(table: pd.DataFrame, title: str) -> Chart:
    """The lower half of a symmetric table of counts, each cell shaded by its count and labelled with it."""
    names, cells = list(table.index), np.tril(table.to_numpy(dtype=float), -1)
    figure, (axes,) = _rows(names, title, margin=1.3)
    axes.grid(visible=False)
    if len(names):
        axes.imshow(np.where(cells > 0, cells, np.nan), cmap="Blues", aspect="auto", vmin=-1, vmax=2 * cells.max() + 1)
        axes.set_ylim(len(names) - 0.5, -0.5)
    for row, column in zip(*np.nonzero(cells), strict=True):
        axes.text(column, row, f"{cells[row, column]:.0f}", ha="center", va="center")
    axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    places = sorted(zip(*np.nonzero(cells), strict=True), key=lambda place: -cells[place])
    said = [f"{names[row]} with {names[column]} {cells[row, column]:.0f}" for row, column in places[:8]]
    return _chart(figure, title, said)


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a value, with whatever column they lack."""
    return table.assign(**{name: table.get(name, other) for name, other in BARE.items()}).dropna(subset="value")


def _rows(names: Sequence[str], title: str, panels: int = 1, margin: float = 1.05) -> tuple[Figure, list[Axes]]:
    """A figure with a row for each of `names`, from the top, in each of its panels."""
    lines = ["\n".join(wrap(name, 30, max_lines=2, placeholder=" …")) for name in names]
    height = 0.34 if panels == 1 and not any("\n" in line for line in lines) else 0.44
    figure = Figure(figsize=(WIDTH, margin + height * max(1, len(names))))
    panels_ = list(figure.subplots(1, max(1, panels), sharey=True, squeeze=False)[0])
    panels_[0].set_yticks(range(len(names)), lines)
    panels_[0].set_ylim(max(1, len(names)) - 0.4, -0.6)
    _title(figure, title)
    return figure, panels_


def _points(axes: Axes, rows: pd.DataFrame, heights: Sequence[int], colours: Sequence[str | None]) -> list[str]:
    """Draw each row's point and interval at its height, in its colour or its voice's; its numbers as written."""
    for height, colour, row in zip(heights, colours, rows.itertuples(), strict=True):
        voice = getattr(row, "voice", "all")
        colour = colour or VOICES[voice]
        style, face = (":", "white") if voice == "reported" else ("-", colour)
        axes.plot([row.low, row.high], [height, height], style, color=colour, linewidth=1.3, alpha=0.75)
        axes.plot(row.value, height, MARKERS[voice], color=colour, mfc=face, markersize=6.5, clip_on=False, zorder=3)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]) if len(rows) else NullLocator())
    if rows.unit.astype(str).str.startswith("share").any():
        axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g} %")
    return list(map(number, rows.value, rows.low, rows.high, rows.unit))


def speaker_colours(speakers: Sequence[str]) -> dict[str, str]:
    """Each speaker's colour, the same in every figure and in the annotated text; from the sixth on they are grey."""
    return {name: SPEAKERS[place] if place < len(SPEAKERS) else OTHERS for place, name in enumerate(speakers)}


def spark(value: float, low: float, high: float, limits: tuple[float, float]) -> str:
    """The address of a tiny picture of a point and its interval between `limits`, for a table; empty without one."""
    if math.isnan(low):
        return ""
    span = (limits[1] - limits[0]) or 1.0
    at = [min(116.0, max(4.0, 4 + 112 * (x - limits[0]) / span)) for x in (low, value, high)]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="12"><path d="M4 6H116" stroke="#dfe3e6"/>'
        f'<path d="M{at[0]:.0f} 6H{at[2]:.0f}" stroke="#0b66a8" stroke-width="1.5"/>'
        f'<circle cx="{at[1]:.0f}" cy="6" r="3.5" fill="#0b66a8"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def _chart(figure: Figure, title: str, said: Sequence[str]) -> Chart:
    return Chart(figure, f"{title}: {'; '.join(said) or 'nothing to show'}.", not said)


def _title(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.004, ha="left", fontsize=12.5, fontweight="bold")
