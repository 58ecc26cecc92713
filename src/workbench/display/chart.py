"""A figure with what it says in words, as rows of HTML for narrow pages, and with links to its passages."""

import io
import math
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from workbench.display.tables import prose
from workbench.measurement import number, plain
from workbench.statistics import Floats

STYLE = Path(__file__).parent / "style" / "figures.mplstyle"
Row = tuple[str, str, str]  # its label, its picture, its numbers as written


@dataclass(frozen=True)
class Chart:
    """A matplotlib figure that shows itself as SVG, with `alt`: its finding's numbers in words.

    `narrow` is the same as HTML, or as a second figure, for pages too narrow for it; `reading` what it allows to say;
    `links` has, by the height of a row, its label and where its passages are. Without `alt` there is nothing to show:
    it shows itself as the sentence `reading`, which says what is missing, never as a picture of axes.
    """

    figure: Figure
    alt: str = ""
    narrow: str | Figure = ""
    reading: str = ""
    links: Mapping[float, tuple[str, str]] = field(default_factory=dict)

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display  # start-up time

        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        if self.alt and self.reading:
            display(HTML(self._said()))

    def save(self, path: str | Path) -> None:
        """Write the figure as its ending says: .svg and .pdf to edit, .png with 300 dots an inch, for print."""
        with matplotlib.style.context(STYLE):
            self.figure.savefig(path, dpi=300)

    def _said(self) -> str:
        return f'<p class="wb-reading">{prose(self.reading)}</p>'

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        if not self.alt:
            return {"text/html": self._said(), "text/plain": self.reading}, {}
        svg, narrow = _svg(self.figure), self.narrow
        if isinstance(narrow, Figure):
            narrow = f'<img class="wb-narrow wb-figure" src="{address(_svg(narrow))}" alt="{escape(self.alt)}">'
        links = [[*link, *_place(self.figure, height)] for height, link in self.links.items()]
        shown: dict[str, object] = {"alt": self.alt, "narrow": narrow, "links": links}
        return {"image/svg+xml": svg, "text/plain": self.alt}, {"image/svg+xml": shown}


def _svg(figure: Figure) -> str:
    drawn = io.StringIO()
    with matplotlib.style.context(STYLE):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": "workbench"})
    return drawn.getvalue()[drawn.getvalue().index("<svg") :]


def _place(figure: Figure, height: float) -> tuple[float, float]:
    """Where the row at `height` lies in the figure as drawn, in per cent of its height: from the top, and how high."""
    ends = figure.axes[0].transData.transform([(0, height - 0.5), (0, height + 0.5)])[:, 1] / figure.bbox.height
    return round(100 - 100 * float(max(ends)), 1), round(100 * float(abs(ends[1] - ends[0])), 1)


def spark(
    value: float, low: float, high: float, limits: tuple[float, float], colour: str = "", hollow: bool = False
) -> str:
    """A point between `limits`, on its interval where it has one, drawn by the style sheet.

    A picture would be a document of its own to the browser: a hundred of them took half of what a page did.
    """
    span = (limits[1] - limits[0]) or 1.0
    ends = {"low": low, "at": value, "high": high}
    at = {end: min(97, max(3, round(3 + 94 * (x - limits[0]) / span))) for end, x in ends.items() if not math.isnan(x)}
    style = "".join(f"--{end}:{place};" for end, place in at.items()) + (f"color:{colour}" if colour else "")
    return f'<i class="wb-range{" wb-hollow" * hollow}" style="{style.rstrip(";")}"></i>'


def strip(spans: Iterable[tuple[float, float]], length: float, colour: str) -> str:
    """A tiny picture of where in a text of `length` the `spans` (start, width) stand."""
    places = ((4 + 112 * at / length, max(2, 112 * width / length)) for at, width in spans)  # thinner is hardly seen
    bars = "".join(f"M{at:.1f} 1h{width:.1f}v9h-{width:.1f}z" for at, width in places)
    drawn = f'<path stroke="#dfe3e6" d="M4 11H116"/><path d="{bars}" fill="{colour}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="12">{drawn}</svg>'
    return f'<img class="wb-spark" src="{address(svg)}" alt="">'


def address(svg: str) -> str:
    """The address of a picture that comes with its page."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def listed(title: str, axis: str, rows: Iterable[Row], links: Mapping[str, str]) -> str:
    """The rows under the figure's title and what its axis says; a label in `links` leads to its passages."""
    items = []
    for label, picture, numbers in rows:
        name = f'<a href="{escape(links[label])}">{escape(label)}</a>' if label in links else escape(label)
        items.append(f"<li><span>{name}</span>{picture}<span>{prose(numbers)}</span></li>")
    head = f"<p><strong>{escape(title)}</strong>{f'<br>{escape(axis)}' if axis else ''}</p>"
    return f'<div class="wb-narrow">{head}<ul class="wb-rows">{"".join(items)}</ul></div>'


def ranking(figures: pd.DataFrame, reference: float | None) -> str:
    """What the figures (name, written, value, low, high) allow to say, in a sentence or two: which are clear of
    `reference`, or which is highest, as far as intervals tell them apart; and which have none."""
    figures = figures.reset_index(drop=True)
    sure = figures.dropna(subset=["low", "high"])
    said = []
    if reference is not None and len(sure):
        line = plain(reference, 1 if reference % 1 else 0)
        sides = {"above": sure.name[sure.low > reference], "below": sure.name[sure.high < reference]}
        said = [f"Clearly {side} {line}: {some(names)}." for side, names in sides.items() if len(names)]
        said = said or [f"No interval is clear of {line}."]
    elif len(sure) > 1:
        top = sure.loc[sure.value.idxmax()]
        rivals = sure.name[(sure.high >= top.low) & (sure.index != top.name)]
        said = [f"Highest: {top['name']}, {top.written}; its interval lies above those of all others."]
        if len(rivals):
            said = [f"Which is highest can’t be told: the interval of {top['name']} reaches that of {some(rivals)}."]
    if none := len(figures) - len(sure):
        whose = f"No interval for {some(figures.name[figures.low.isna()])}" if len(sure) else "No interval"
        said.append(f"{whose}: too little is behind {'it' if none == 1 else 'them'}.")
    text = " ".join(said)
    return text[:1].upper() + text[1:]


def course(running: Floats, low: Floats, high: Floats, reference: float | None, drawn: str) -> str:
    """Where the running mean is highest and lowest, and whether these can be told apart, or from `reference`."""
    sure = running if np.isnan(low).all() else np.where(np.isnan(low), np.nan, running)  # the ends have no interval
    top, bottom = int(np.nanargmax(sure)), int(np.nanargmin(sure))
    ends = [f"sentence {at + 1} ({number(running[at], low[at], high[at])})" for at in (top, bottom)]
    apart = low[top] > high[bottom]
    said = f"{drawn[0].upper()}{drawn[1:]}. It is highest around {ends[0]} and lowest around {ends[1]}"
    said += "." if apart or math.isnan(low[top] + high[bottom]) else ", which can’t be told apart."
    if reference is not None:
        clear = int(((low > reference) | (high < reference)).sum())
        where = f" at {clear} of {len(running)} sentences" if clear else ""
        said += f" Its band is {'' if clear else 'nowhere '}clear of {number(reference)}{where}."
    return said


def some(names: Iterable[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    listed = list(map(str, names))
    *before, last = [*listed[:most], *([f"{len(listed) - most} more"] if len(listed) > most else [])]
    return f"{', '.join(before)} and {last}" if before else last
