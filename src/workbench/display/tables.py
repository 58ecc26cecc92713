"""Tables as HTML: texts in full and as text, figures with their intervals, numbers to the right, offsets last."""

import re
from collections.abc import Iterable, Iterator
from html import escape

import numpy as np
import pandas as pd

from workbench.display import STYLE
from workbench.measurement import is_defined, label, number, numbers, plain
from workbench.statistics import Floats

CSS = STYLE / "reader.css"
DEFINITIONS = "measures.html"  # the page of a folder of reports on which each measure has its definition
OURS = ({"start", "end"}, {"low", "high"}, {"text"})  # a table with one of these holds evidence or figures
SHORT = 20  # rows that a notebook shows of a table with more of them than pandas' option display.max_rows
LINE = {"before": "wb-before", "text": "wb-word", "after": "wb-after"}  # of a concordance, aligned on the word
_NUMBER = re.compile(r"(?:< ?)?[-−+]?\d[\d.]*(?: %)?|–|")
Column = tuple[str, str, list[str]]  # its name, its class, its cells


class Html(str):
    """A piece of HTML that JupyterLab and a report show as such; in JupyterLab it brings its style along.

    Pieces can be added, to be shown one below the other.
    """

    def __add__(self, other: str) -> "Html":
        return Html(str(self) + other)

    def _repr_html_(self) -> str:
        return f"<style>{CSS.read_text()}</style>{self}"


def folded(table: pd.DataFrame, summary: str, open: bool = False, missing: str = "") -> Html:
    """The table under a line that opens it (`open`: opened at first); numbers to the right, text shown as text.

    Its address in the page is made from `summary`. Of a table without a row a sentence is said: `missing`, if given.
    A column `note` that says nothing is left out.

    >>> "Words (2)" in wb.folded(pd.DataFrame({"word": ["ferry", "strike"]}), "Words")
    True
    """
    if not len(table):
        return Html(f'<p class="wb-reading">{escape(missing or f"{summary}: none.")}</p>')
    if "note" in table and not table.note.fillna("").astype(str).any():
        table = table.drop(columns="note")
    return Html(
        f'<details class="wb-folded" id="{slug(summary)}"{" open" * open}><summary>{escape(summary)} '
        f"({number(len(table))})</summary>{scrolling(_html(_columns(table), told=True), summary)}</details>"
    )


def term(measure: str, text: str = "") -> str:
    """What a reader calls `measure`, or a `text` in which it is meant; a report's page links it to its definition.

    >>> term("mtld")
    '<span class="wb-term" title="mtld">Lexical diversity (MTLD)</span>'
    """
    stem, _, of = measure.partition("[")
    if not is_defined(stem):
        return escape(text or measure)
    named = text or label(stem) + (f": {of.removesuffix(']')}" if of else "")
    return f'<span class="wb-term" title="{stem}">{escape(named)}</span>'


def prose(text: str) -> str:
    """A sentence as HTML, in which no line begins with a sign of per cent."""
    return escape(text).replace(" %", "&nbsp;%")


def slug(text: str) -> str:
    """A part's address in its page: the words of its title in small letters, with hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "part"


def shown(table: pd.DataFrame) -> str | None:
    """What a notebook shows of a table in a cell's last line; pandas has its way with tables that are not of our kinds.

    The kind is told by the columns, so that the table itself is an ordinary one, and a part of it, or the same read
    from a file, looks the same.
    """
    columns = table.columns
    simple = type(table) is pd.DataFrame and columns.is_unique and columns.nlevels == table.index.nlevels == 1
    ours = simple and any(some <= set(columns) for some in OURS)
    if not (ours and pd.get_option("display.notebook_repr_html")):
        return table._repr_html_()
    most = pd.get_option("display.max_rows")
    some = table.head(SHORT) if most and len(table) > most else table
    said = f"{number(len(table))} row{'s' * (len(table) != 1)}"
    said = said if len(some) == len(table) else f"the first {len(some)} of {said}"
    rows: Column = str(table.index.name or ""), "wb-at", [str(value) for value in some.index]
    body = scrolling(_html([rows, *_columns(some)]), said)
    return Html(f'<div class="wb-folded">{body}<p class="wb-source">{said}</p></div>')._repr_html_()


def scrolling(table: str, name: str) -> str:
    """A wide table in a frame of its own, reached by keyboard under its name."""
    return f'<div class="wb-scroll" tabindex="0" role="region" aria-label="{escape(name)}">{table}</div>'


def _columns(table: pd.DataFrame) -> Iterator[Column]:
    """A table's columns: a figure with its interval as one, each start with its end as one, these after the others."""
    names = [str(name) for name in table.columns]
    table = table.set_axis(names, axis=1)
    pairs = [(name, f"{name[:-5]}end") for name in names if name.endswith("start") and f"{name[:-5]}end" in names]
    numeric = set(table.select_dtypes("number"))
    ends = {"low", "high"} & numeric
    figure = next((name for name in ("value", "score") if name in numeric and (len(ends) == 2 or "unit" in names)), "")
    merged = {name for pair in pairs for name in pair} | (ends if figure else set())
    for name in names:
        if name == figure:
            lacking = {"low": np.nan, "high": np.nan, "unit": ""}
            cells = numbers(table.assign(**{lack: lacking[lack] for lack in lacking.keys() - {*names}}), name)
            yield f"{name} [low, high]" if ends else name, "wb-n", cells
        elif name not in merged:
            kind, cells = _cells(table[name])
            yield name, LINE.get(name, kind) if {*LINE} <= {*names} else kind, cells
    for first, last in pairs:
        spans = zip(table[first], table[last], strict=True)
        cells = ["" if pd.isna(start) else f"{start}:{end}" for start, end in spans]
        yield f"{first.replace('_', ' ')}:end", "wb-at", cells


def _cells(column: pd.Series) -> tuple[str, list[str]]:
    """The column's class and what is written in its cells: numbers with the same digits, the rest as it is."""
    numeric = pd.api.types.is_any_real_numeric_dtype(column)
    digits = _digits(column.dropna().to_numpy(float)) if numeric else 0
    cells = []
    for value in column:
        missing = pd.api.types.is_scalar(value) and pd.isna(value)
        cells.append("" if missing else plain(value, digits) if numeric else str(value))
    if numeric or (any(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)):
        return "wb-n", cells
    longest = max(map(len, cells), default=0)
    return "wb-brief" if longest <= 12 else "wb-long" * (longest > 40), cells


def _digits(values: Floats) -> int:
    """A column's digits: none where all numbers are whole, else two, or up to four so that the least is not nought."""
    if (values % 1 == 0).all():
        return 0
    least = float(np.abs(values[values != 0]).min())
    return next((digits for digits in (2, 3) if least >= 0.5 * 10**-digits), 4)


def _html(columns: Iterable[Column], told: bool = False) -> str:
    """The columns as a table; with their measures `told` by the names that readers know."""
    heads, cells = [], []
    for name, kind, written in columns:
        given = f' class="{kind}"' if kind else ""
        heads.append(f'<th scope="col"{given}>{escape(name)}</th>')
        written = [term(cell) if told and name == "measure" else escape(cell) for cell in written]
        cells.append([f"<td{given}>{cell}</td>" for cell in written])
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    rows = rows or f"<tr><td colspan={max(1, len(heads))}>none</td></tr>"
    return f'<table class="wb-table"><thead><tr>{"".join(heads)}</tr></thead><tbody>{rows}</tbody></table>'
