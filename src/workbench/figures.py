"""matplotlib figures from the analyses' tables: dots with intervals, a curve, marks along the article, a matrix."""

import io
import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from workbench.findings import label as named
from workbench.findings import number
from workbench.intervals import running_mean

STYLE = Path(__file__).parent / "style" / "figures.mplstyle"
NARRATION, QUOTATION = "#56636d", "#0b66a8"
SPEAKERS = ["#0072B2", "#D55E00", "#007a5a", "#B0578D", "#8a6d00"]  # Okabe-Ito, darkened to 4.5:1 on white
OTHERS = "#6b757c"
VOICES = {"all": "#222222", "narration": NARRATION, "quotation": QUOTATION}
MARKERS = {"all": "o", "narration": "s", "quotation": "D"}
WIDTH = 7.6
BARE = {"low": math.nan, "high": math.nan, "unit": ""}


@dataclass(frozen=True)
class Chart:
    """A matplotlib figure that shows itself as SVG, with `alt`: its finding's numbers in words."""

    figure: Figure
    alt: str

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        drawn = io.StringIO()
        with matplotlib.style.context(STYLE):
            self.figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
        svg = drawn.getvalue()
        return {"image/svg+xml": svg[svg.index("<svg") :], "text/plain": self.alt}, {"image/svg+xml": {"alt": self.alt}}


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
    rows = table.assign(**{name: table.get(name, other) for name, other in BARE.items()}).dropna(subset="value")
    hidden = max(0, len(rows) - most)
    rows = pd.concat([rows.head(most // 2), rows.tail(most - most // 2)]) if hidden else rows
    rows = rows.iloc[::-1].reset_index(drop=True)
    names = [named(str(name)) for name in rows[label]]
    written = [number(row.value, row.low, row.high, row.unit) for row in rows.itertuples()]
    title = f"{title} ({hidden} in the middle not shown)" if hidden else title
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 1.05 + 0.34 * max(1, len(rows))))
        axes = figure.subplots()
        for height, row in enumerate(rows.itertuples()):
            voice = getattr(row, "voice", "all")
            colour = (colours or {}).get(getattr(row, label), VOICES[voice])
            axes.plot([row.low, row.high], [height, height], color=colour, linewidth=1.3, alpha=0.75)
            axes.plot(row.value, height, MARKERS[voice], color=colour, markersize=6.5)
            beside = (1.015, height)
            axes.annotate(
                written[height], beside, xycoords=("axes fraction", "data"), va="center", annotation_clip=False
            )
        if reference is not None:
            axes.axvline(reference, color="#8b959c", linewidth=1, zorder=0)
        if rows.empty:
            axes.text(0.5, 0.5, "nothing to show", transform=axes.transAxes, ha="center", va="center")
        if rows.unit.astype(str).str.startswith("share").any():
            axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(-0.6, max(1, len(rows)) - 0.4)
        axes.set(xlabel=axis, **({"xlim": limits} if limits else {}))
        _title(figure, title)
    said = "; ".join(f"{name} {text}" for name, text in zip(names[::-1], written[::-1], strict=True))
    return Chart(figure, f"{title}. {said or 'Nothing to show'}.")


def curve(
    table: pd.DataFrame, value: str, title: str, axis: str, reference: float | None = None, window: int = 7
) -> Chart:
    """`value` sentence by sentence (points by voice), and its running mean over `window` of them with its interval."""
    running, low, high = running_mean(table[value], window)
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 3.2))
        axes = figure.subplots()
        place = np.arange(1, len(table) + 1)
        for voice in ("narration", "quotation"):
            here = (table.voice == voice).to_numpy()
            if here.any():
                axes.plot(
                    place[here],
                    table[value][here],
                    MARKERS[voice],
                    color=VOICES[voice],
                    markersize=4.5,
                    alpha=0.8,
                    label=voice,
                )
        axes.plot(place, running, color="#222222", linewidth=1.8)
        axes.fill_between(place, low, high, color="#222222", alpha=0.1, linewidth=0)
        if reference is not None:
            axes.axhline(reference, color="#8b959c", linewidth=1, zorder=0)
        axes.grid(axis="y")
        axes.set(xlabel="sentence, from the beginning of the article to its end", ylabel=axis)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if len(table):
            figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9, handletextpad=0.2)
        _title(figure, title)
    numbers = f"from {number(table[value].min())} to {number(table[value].max())}" if len(table) else "no sentence"
    drawn = f"black line: running mean of {window} sentences, band: its 95 % interval"
    return Chart(figure, f"{title}. {len(table)} sentences, {numbers}; {drawn}.")


def strips(
    table: pd.DataFrame,
    label: str,
    length: int,
    title: str,
    order: Sequence[str],
    colours: Mapping[str, str] | None = None,
) -> Chart:
    """Where in an article of `length` characters each span (start, end) stands: a row a label, in this `order`."""
    names = [name for name in order if (table[label] == name).any()]
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.95 + 0.34 * max(1, len(names))))
        axes = figure.subplots()
        for height, name in enumerate(reversed(names)):
            spans = table[table[label] == name]
            widths = np.maximum(spans.end - spans.start, length / 250)
            bars = list(zip(spans.start.astype(float), widths.astype(float), strict=True))
            axes.broken_barh(bars, (height - 0.3, 0.6), facecolor=(colours or {}).get(name, QUOTATION))
        axes.set_yticks(range(len(names)), reversed(names))
        axes.set_ylim(-0.6, max(1, len(names)) - 0.4)
        axes.set_xlim(0, max(length, 1))
        axes.set_xticks([0, length / 2, length], ["beginning", "middle", "end"])
        axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        _title(figure, title)
    places = {name: (table.start[table[label] == name] / max(length, 1) * 100).round().astype(int) for name in names}
    said = "; ".join(f"{name} at {', '.join(map(str, place))} %" for name, place in places.items())
    return Chart(figure, f"{title}. Position in the article: {said or 'none'}.")


def matrix(table: pd.DataFrame, title: str) -> Chart:
    """The lower half of a symmetric table of counts, each cell shaded by its count and labelled with it."""
    names, cells = list(table.index), np.tril(table.to_numpy(dtype=float), -1)
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 1.3 + 0.32 * max(1, len(names))))
        axes = figure.subplots()
        axes.grid(visible=False)
        if len(names):
            axes.imshow(
                np.where(cells > 0, cells, np.nan), cmap="Blues", aspect="auto", vmin=-1, vmax=2 * cells.max() + 1
            )
        for row, column in zip(*np.nonzero(cells), strict=True):
            axes.text(column, row, f"{cells[row, column]:.0f}", ha="center", va="center")
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), names)
        _title(figure, title)
    places = sorted(zip(*np.nonzero(cells), strict=True), key=lambda place: -cells[place])
    said = "; ".join(f"{names[row]} with {names[column]} {cells[row, column]:.0f}" for row, column in places[:8])
    return Chart(figure, f"{title}. {said or 'No pair'}.")


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


def _title(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.004, ha="left", fontsize=12.5, fontweight="bold")
