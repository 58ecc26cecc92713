"""matplotlib figures from the analyses' tables: dots with intervals, a curve, marks along the article, a matrix."""

import math
from collections.abc import Mapping, Sequence

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from workbench.display.chart import STYLE, Chart, Row, course, listed, ranking, some, spark, strip
from workbench.display.layout import BELOW, NARROW, WIDTH, beside, constrain, fit, in_rows, titled
from workbench.display.tables import DEFINITIONS
from workbench.measurement import is_defined, label as named, number, numbers, of_few
from workbench.statistics import running_mean

NARRATION, REPORTED, QUOTATION = "#56636d", "#4a94c8", "#0b66a8"
SPEAKERS = ["#0072B2", "#D55E00", "#007a5a", "#B0578D", "#8a6d00"]  # Okabe-Ito, darkened to 4.5:1 on white
OTHERS = "#6b757c"
INK, QUIET = "#222222", "#8b959c"
VOICES = {"all": INK, "narration": NARRATION, "reported": REPORTED, "quotation": QUOTATION}
MARKERS = {"all": "o", "narration": "s", "reported": "d", "quotation": "D"}
BARE = {"low": math.nan, "high": math.nan, "unit": "", "n": math.inf}


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
    links: Mapping[str, str] | None = None,
    ranked: bool = True,
    missing: str = "",
) -> Chart:
    """A row a figure: a point at `value`, its interval from `low` to `high` as a thin line, both written out.

    `label` names the column of row labels. Colour and marker tell the `voice`, where there is such a column, unless
    `colours` has the row's label; a `unit` says how numbers are written; without `low` and `high` there is no interval.
    What has none as fewer than five units (`n`) are behind it is hollow and pale, with its n.
    `reference` draws a line to compare with. Of more than `most` rows only those at both ends are drawn. `links` are
    addresses by row label; what is not of one kind is not `ranked`; `missing` is said where there is no row.
    """
    rows = _complete(table)
    if rows.empty:
        return _nothing(title, missing)
    if hidden := max(0, len(rows) - most):
        rows = pd.concat([rows.head(most // 2), rows.tail(most - most // 2)])
        title = f"{title} ({hidden} in the middle not shown)"
    keys = list(rows[label])
    names, shades = [named(str(key)) for key in keys], [(colours or {}).get(key) for key in keys]
    figure, (axes,) = in_rows(names, title)
    written = _points(axes, rows, range(len(rows)), shades)
    beside(axes, written, right=True)
    fit(figure)
    if reference is not None:
        axes.axvline(reference, color=QUIET, linewidth=1, zorder=0)
    axes.set(xlabel=axis, **({"xlim": limits} if limits else {}))
    measures = {key: str(key).partition("[")[0] for key in keys if label == "measure"}
    terms = {key: f"{DEFINITIONS}#{measure}" for key, measure in measures.items() if is_defined(measure)}
    links = terms | dict(links or {})
    pictures = _sparks(rows, axes.get_xlim(), shades)
    narrow = listed(title, axis, zip(names, pictures, written, strict=True), {named(k): links[k] for k in links})
    told = rows.assign(name=[f"“{name}”" for name in names] if label == "title" else names, written=written)
    parts = told[told.voice != "all"] if "voice" in told else told  # the whole is not ranked among its parts
    places = {float(place): (names[place], links[key]) for place, key in enumerate(keys) if key in links}
    said = [f"{name} {text}" for name, text in zip(names, written, strict=True)]
    reading = ranking(parts if len(parts) else told, reference) if ranked and "low" in table else ""
    return Chart(figure, _alt(title, said), narrow, reading, places)


@matplotlib.style.context(STYLE)
def panels(table: pd.DataFrame, label: str, title: str, missing: str = "") -> Chart:
    """A row a `label`, a panel a `measure`: a point at `value` with its interval, its number above it, a star where it
    `holds` by more than chance.

    The columns are those of `dots`, and `measure`; rows and panels stand in the order of the table.
    """
    rows = _complete(table)
    if rows.empty:
        return _nothing(title, missing)
    names, measures = list(map(str, rows[label].unique())), list(rows.measure.unique())
    figure, panels = in_rows(names, title, len(measures))
    # Without room between them the last number of an axis and the first of the next are one.
    constrain(figure, wspace=0.08)
    said: list[str] = []
    lines: list[Row] = []
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
        axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 4, 5, 10]))
        said += [f"{named(measure)}, {name}: {text}" for name, text in zip(here[label], written, strict=True)]
        pictures = _sparks(here, axes.get_xlim(), [None] * len(here))
        lines += zip(here[label] + ", " + named(measure), pictures, written, strict=True)
    lines.sort(key=lambda line: names.index(line[0].rpartition(", ")[0]))
    return Chart(figure, _alt(title, said), listed(title, "", lines, {}))


@matplotlib.style.context(STYLE)
def curve(
    table: pd.DataFrame,
    value: str,
    title: str,
    axis: str,
    reference: float | None = None,
    window: int = 7,
    weight: str = "",
) -> Chart:
    """`value` sentence by sentence (points by voice), and its running mean over `window` of them with its interval.

    In the mean each sentence counts by its `weight` (a column, as `words`), by default alike.
    """
    table = table.dropna(subset=value)  # of a sentence without a word
    if table.empty:
        return _nothing(title, "")
    running, low, high = running_mean(table[value], window, table[weight] if weight else 1.0)
    place, figures = np.arange(1, len(table) + 1), [Figure(figsize=(width, 3.2)) for width in (WIDTH, NARROW)]
    for figure in figures:
        axes = figure.subplots()
        for voice in list(VOICES)[1:]:
            if (here := (table.voice == voice).to_numpy()).any():
                points = axes.plot(place[here], table[value][here], MARKERS[voice], color=VOICES[voice], label=voice)
                hollow = voice == "reported"
                points[0].set(markersize=4.5, alpha=0.8 if len(table) < 100 else 0.45, markeredgewidth=hollow)
                points[0].set_markerfacecolor("white" if hollow else VOICES[voice])
        axes.plot(place, running, color=INK, linewidth=1.8)
        axes.fill_between(place, low, high, color=INK, alpha=0.1, linewidth=0)
        if reference is not None:
            axes.axhline(reference, color=QUIET, linewidth=1, zorder=0)
        axes.grid(axis="y")
        axes.set(xlabel="sentence, from the first to the last", ylabel=axis)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        figure.legend(loc="lower right", ncols=3, frameon=False, fontsize=9, handletextpad=0.2, borderaxespad=0)
        titled(figure, title)
        fit(figure, BELOW + 0.22, [f"{mark.get_text()}mm" for mark in axes.get_yticklabels()])
    numbers = f"from {number(table[value].min())} to {number(table[value].max())}"
    by = f", each by its {weight}" if weight else ""
    drawn = f"line: running mean of {window} sentences{by}; band: its 95 % interval at each place by itself"
    return Chart(
        figures[0],
        _alt(title, [f"{len(table)} sentences, {numbers}", drawn]),
        figures[1],
        course(running, low, high, reference, drawn),
    )


@matplotlib.style.context(STYLE)
def strips(
    table: pd.DataFrame,
    label: str,
    length: int,
    title: str,
    order: Sequence[str],
    colours: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    missing: str = "",
) -> Chart:
    """Where in an article of `length` characters each span (start, end) stands: a row a label, in this `order`."""
    names, length = [name for name in dict.fromkeys(order) if (table[label] == name).any()], max(length, 1)
    if not names:
        return _nothing(title, missing)
    figure, (axes,) = in_rows(names, title)
    said, lines, links = [], [], links or {}
    shades = [colours.get(name, OTHERS) if colours else QUOTATION for name in names]
    starts = np.asarray(table.start, float)
    widths, heights = np.maximum(table.end - starts, length / 250), pd.Index(names).get_indexer(table[label])
    of = heights >= 0
    axes.hlines(heights[of], starts[of], (starts + widths)[of], np.array(shades)[heights[of]], linewidth=14)
    for height, (name, colour) in enumerate(zip(names, shades, strict=True)):
        here = heights == height
        at = f"at {', '.join(str(round(100 * start / length)) for start in starts[here])} %"
        said.append(f"{name} {at}")
        lines.append((name, strip(zip(starts[here], widths[here], strict=True), length, colour), at))
    fit(figure, 0.3)
    axes.set_xlim(0, length)
    axes.set_xticks([0, length / 2, length], ["beginning", "middle", "end"])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[-1].set_horizontalalignment("right")
    halves = table[table[label].isin(names)].groupby(label).start.agg(["min", "max"]).loc[names] / length
    early, late = halves.index[halves["max"] < 0.5], halves.index[halves["min"] >= 0.5]
    only = {"the first half": early, "the second half": late}
    reading = " ".join(f"Only in {half}: {some(those)}." for half, those in only.items() if len(those))
    places = {float(height): (name, links[name]) for height, name in enumerate(names) if name in links}
    axis = "how far into the article"
    return Chart(
        figure, _alt(f"{title}. Position in the article", said), listed(title, axis, lines, links), reading, places
    )


@matplotlib.style.context(STYLE)
def matrix(table: pd.DataFrame, title: str, missing: str = "") -> Chart:
    """The lower half of a symmetric table of counts, each cell shaded by its count and labelled with it.

    A single pair is a sentence.
    """
    together = table.to_numpy(dtype=float) * (1 - np.eye(len(table)))
    names = [str(name) for name in table.index[together.any(axis=1)]]  # those that are with nobody have no row
    cells = np.tril(together[np.ix_(together.any(axis=1), together.any(axis=1))], -1)[1:, :-1]
    if not cells.any():
        return _nothing(title, missing)
    if cells.size == 1:
        return _nothing("", f"{title}: {names[1]} with {names[0]} ({cells[0, 0]:.0f}), and no others.")
    figure, (axes,) = in_rows(names[1:], title, margin=1.3)
    constrain(figure)
    axes.grid(visible=False)
    ends, seen = np.arange(len(cells) + 1) - 0.5, np.where(cells > 0, cells, np.nan)
    axes.pcolormesh(ends, ends, seen, cmap="Blues", vmin=-1, vmax=2 * cells.max() + 1, edgecolor="white")
    axes.set_ylim(len(cells) - 0.5, -0.5)
    places = sorted(zip(*np.nonzero(cells), strict=True), key=lambda place: -cells[place])
    for row, column in places:
        axes.text(column, row, f"{cells[row, column]:.0f}", ha="center", va="center")
    axes.set_xticks(range(len(cells)), names[:-1], rotation=40, ha="right", rotation_mode="anchor")
    pairs = [(f"{names[row + 1]} with {names[column]}", f"{cells[row, column]:.0f}") for row, column in places]
    most, count = [pair for pair, count in pairs if count == pairs[0][1]], pairs[0][1]
    often = "No two stand together more than once" if count == "1" else f"Most often together ({count} times)"
    reading = f"{often}: {some(most)}."
    alike = [
        (count, [pair for pair, of in pairs if of == count]) for count in dict.fromkeys(count for _, count in pairs)
    ]
    lines = (("; ".join(those), "", count + " each" * (len(those) > 1)) for count, those in alike)
    narrow = listed(title, "", lines, {})
    return Chart(figure, _alt(title, [" ".join(pair) for pair in pairs[:8]]), narrow, reading)


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a value, with whatever column they lack."""
    return table.assign(**{name: table.get(name, other) for name, other in BARE.items()}).dropna(subset="value")


def _points(axes: Axes, rows: pd.DataFrame, heights: Sequence[int], colours: Sequence[str | None]) -> list[str]:
    """Draw each row's point and interval at its height, in its colour or its voice's; its numbers as written."""
    few, voices = list(map(of_few, rows.itertuples())), np.array(rows.get("voice", ["all"] * len(rows)))
    values, low, high, at = (np.asarray(column, float) for column in (rows.value, rows.low, rows.high, heights))
    shades = np.array([colour or VOICES[voice] for colour, voice in zip(colours, voices, strict=True)])
    unsure = np.array(few) != ""
    hollow, sure = unsure | (voices == "reported"), ~np.isnan(low + high)
    faces, lines = np.where(hollow, "white", shades), np.where(hollow, "dotted", "solid")
    for line in dict.fromkeys(lines[sure]):
        of = sure & (lines == line)
        axes.hlines(at[of], low[of], high[of], shades[of], line, linewidth=1.3, alpha=0.75)
    for voice in dict.fromkeys(voices):
        of = voices == voice
        points = axes.scatter(values[of], at[of], 42, faces[of], marker=MARKERS[voice], edgecolors=shades[of])
        points.set(linewidth=1, alpha=np.where(unsure[of], 0.5, 1), clip_on=False, zorder=3)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    if rows.unit.astype(str).str.startswith("share").any():
        axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g} %")
    return [figure + of for figure, of in zip(numbers(rows), few, strict=True)]


def speaker_colours(speakers: Sequence[str]) -> dict[str, str]:
    """Each speaker's colour, the same in every figure and in the annotated text; from the sixth on they are grey."""
    return {name: SPEAKERS[place] if place < len(SPEAKERS) else OTHERS for place, name in enumerate(speakers)}


def _sparks(rows: pd.DataFrame, limits: tuple[float, float], colours: Sequence[str | None]) -> list[str]:
    """Each row's point and interval as a tiny picture."""
    voices = rows.get("voice", ["all"] * len(rows))
    return [
        spark(row.value, row.low, row.high, limits, colour or VOICES[voice], voice == "reported" or bool(of_few(row)))
        for row, voice, colour in zip(rows.itertuples(), voices, colours, strict=True)
    ]


def _nothing(title: str, missing: str) -> Chart:
    return Chart(Figure(), reading=missing or f"{title}: nothing to show.")


def _alt(title: str, said: Sequence[str]) -> str:
    return f"{title}. {'; '.join(said)}."
