"""matplotlib figures from the analyses' tables: dots with intervals, a curve, marks along the article, a matrix."""

import io
from dataclasses import dataclass
from pathlib import Path

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from workbench.findings import number

STYLE = Path(__file__).parent / "style" / "figures.mplstyle"
NARRATION, QUOTATION = "#56636d", "#0b66a8"
SPEAKERS = ["#0072B2", "#D55E00", "#007a5a", "#B0578D", "#8a6d00", "#3f8fc4"]  # Okabe-Ito, darkened to 4.5:1 on white
VOICES = {"all": "#222222", "narration": NARRATION, "quotation": QUOTATION}
MARKERS = {"all": "o", "narration": "s", "quotation": "D"}
WIDTH = 7.6


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
    limits: tuple[float, float] | None = None,
    reference: float | None = None,
) -> Chart:
    """A row a figure: a point at `value`, its interval from `low` to `high` as a thin line, both written out.

    `label` names the column of row labels; a `voice` column gives colour and marker; `unit` how numbers are written.
    `reference` draws a vertical line to compare with.
    """
    rows = table.dropna(subset="value").iloc[::-1].reset_index(drop=True)
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.9 + 0.36 * max(1, len(rows))))
        axes = figure.subplots()
        written = [number(row.value, row.low, row.high, row.unit) for row in rows.itertuples()]
        for height, row in enumerate(rows.itertuples()):
            voice = getattr(row, "voice", "all")
            axes.plot([row.low, row.high], [height, height], color=VOICES[voice], linewidth=1.3, alpha=0.75)
            axes.plot(row.value, height, MARKERS[voice], color=VOICES[voice], markersize=6.5)
            axes.annotate(
                written[height], (1.01, height), xycoords=("axes fraction", "data"), va="center", annotation_clip=False
            )
        if reference is not None:
            axes.axvline(reference, color="#8b959c", linewidth=1, zorder=0)
        if rows.empty:
            axes.text(0.5, 0.5, "nothing to show", transform=axes.transAxes, ha="center", va="center")
        axes.set_yticks(range(len(rows)), rows[label])
        axes.set_ylim(-0.6, max(1, len(rows)) - 0.4)
        axes.set(xlabel=axis, **({"xlim": limits} if limits else {}))
        _title(figure, title)
    alt = f"{title}. " + "; ".join(
        f"{name} {text}" for name, text in zip(rows[label][::-1], written[::-1], strict=True)
    )
    return Chart(figure, alt + ".")


def curve(
    table: pd.DataFrame, value: str, title: str, axis: str, reference: float | None = None, window: int = 5
) -> Chart:
    """`value` sentence by sentence (points by voice) and its running mean over `window` sentences."""
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
        running = table[value].rolling(window, center=True, min_periods=min(window, 2)).mean()
        axes.plot(place, running, color="#222222", linewidth=1.8)
        if reference is not None:
            axes.axhline(reference, color="#8b959c", linewidth=1, zorder=0)
        axes.grid(axis="y")
        axes.set(xlabel="sentence, from the beginning of the article to its end", ylabel=axis)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if len(table):
            figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9, handletextpad=0.2)
        _title(figure, title)
    numbers = f"from {number(table[value].min())} to {number(table[value].max())}" if len(table) else "no sentence"
    return Chart(figure, f"{title}. {len(table)} sentences, {numbers}; black line: running mean of {window} sentences.")


def strips(table: pd.DataFrame, label: str, length: int, title: str) -> Chart:
    """Where in an article of `length` characters each span (start, end) of a `label` stands: a row a label."""
    names = list(dict.fromkeys(table[label]))
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.9 + 0.34 * max(1, len(names))))
        axes = figure.subplots()
        for height, name in enumerate(reversed(names)):
            spans = table[table[label] == name]
            widths = np.maximum(spans.end - spans.start, length / 250)
            bars = list(zip(spans.start.astype(float), widths.astype(float), strict=True))
            axes.broken_barh(bars, (height - 0.32, 0.64), facecolor=SPEAKERS[(len(names) - 1 - height) % len(SPEAKERS)])
        axes.set_yticks(range(len(names)), reversed(names))
        axes.set_ylim(-0.6, max(1, len(names)) - 0.4)
        axes.set_xlim(0, max(length, 1))
        axes.set_xticks([0, length / 2, length], ["beginning", "middle", "end"])
        _title(figure, title)
    places = {name: (table.start[table[label] == name] / max(length, 1) * 100).round().astype(int) for name in names}
    said = "; ".join(f"{name} at {', '.join(map(str, place))} %" for name, place in places.items())
    return Chart(figure, f"{title}. Position in the article: {said or 'none'}.")


def matrix(table: pd.DataFrame, title: str) -> Chart:
    """A square table of counts, each cell shaded by its count and labelled with it."""
    names, cells = list(table.index), table.to_numpy(dtype=float)
    with matplotlib.style.context(STYLE):
        figure = Figure(figsize=(WIDTH, 1.2 + 0.42 * max(1, len(names))))
        axes = figure.subplots()
        axes.grid(visible=False)
        if len(names):
            axes.imshow(cells, cmap="Blues", aspect="auto", vmin=0, vmax=max(1.0, cells.max()) * 1.4)
        for row, column in zip(*np.nonzero(cells), strict=True):
            axes.text(column, row, f"{cells[row, column]:.0f}", ha="center", va="center")
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), names)
        _title(figure, title)
    pairs = [
        (cells[i, j], f"{names[i]} with {names[j]} {cells[i, j]:.0f}") for i in range(len(names)) for j in range(i)
    ]
    said = "; ".join(text for count, text in sorted(pairs, reverse=True)[:8] if count)
    return Chart(figure, f"{title}. {said or 'No pair'}.")


def _title(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.005, ha="left", fontsize=12, fontweight="bold")
