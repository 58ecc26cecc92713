"""What a figure shows in words and as rows of HTML: for pages too narrow for it, and to say what it means."""

import math
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape

import numpy as np
import pandas as pd

from workbench.measurement import number, plain
from workbench.statistics import Floats

Row = tuple[str, str, str]  # its label, the address of its picture, its numbers as written


def spark(
    value: float, low: float, high: float, limits: tuple[float, float], colour: str = "#0b66a8", hollow: bool = False
) -> str:
    """The address of a tiny picture of a point between `limits`, on its interval where it has one."""
    span = (limits[1] - limits[0]) or 1.0
    at = [min(116.0, max(4.0, 4 + 112 * (x - limits[0]) / span)) for x in (low, value, high) if not math.isnan(x)]
    dashes, fill = (' stroke-dasharray="2 2"', f'"#fff" stroke="{colour}"') if hollow else ("", f'"{colour}"')
    line = f'<path d="M{at[0]:.0f} 6H{at[-1]:.0f}" stroke="{colour}" stroke-width="1.5"{dashes}/>' * (len(at) == 3)
    return _picture(f'M4 6H116"/>{line}<circle cx="{at[len(at) // 2]:.0f}" cy="6" r="3.5" fill={fill}/>')


def strip(spans: Iterable[tuple[float, float]], length: float, colour: str) -> str:
    """The address of a tiny picture of where in a text of `length` the `spans` (start, width) stand."""
    bars = "".join(
        f"M{4 + 112 * at / length:.1f} 1h{112 * width / length:.1f}v9h-{112 * width / length:.1f}z"
        for at, width in spans
    )
    return _picture(f'M4 11H116"/><path d="{bars}" fill="{colour}"/>')


def _picture(drawn: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="12"><path stroke="#dfe3e6" d="{drawn}</svg>'
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def listed(title: str, axis: str, rows: Iterable[Row], links: Mapping[str, str]) -> str:
    """The rows under the figure's title and what its axis says; a label in `links` leads to its passages."""
    items = []
    for label, picture, numbers in rows:
        name = f'<a href="{escape(links[label])}">{escape(label)}</a>' if label in links else escape(label)
        image = f'<img class="wb-spark" src="{picture}" alt="">' if picture else ""
        items.append(f"<li><span>{name}</span>{image}<span>{escape(numbers)}</span></li>")
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
