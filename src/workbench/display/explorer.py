"""Exploring documents in a notebook: shares, evidence and text side by side, each choice seen in all three."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd

from workbench.analyses.entities.table import entities
from workbench.analyses.quotations import VOICES, Voice, quotations, voices
from workbench.analyses.readability import counts
from workbench.analyses.sentiment import sentiment
from workbench.analyses.words import WORD
from workbench.display import STYLE, article, tables
from workbench.display.chart import Chart, address, spark
from workbench.display.figures import speaker_colours, strips
from workbench.documents import Document, DocumentError, one_of, read_all
from workbench.measurement import NEUTRAL, Analysis, number, numbers, ratios, starts

CSS = STYLE / "explorer.css"
COLUMNS = ["start", "end", "text", "voice", "speaker", "group", "figure"]
LAYERS: dict[str, article.Layer] = {
    "quotations": "quotations",
    "readability": "difficulty",
    "sentiment": "tone",
    "entities": "entities",
}
LEVELS = {
    -2: "over 2 levels easier",
    -1: "1 to 2 levels easier",
    0: "up to 1 level easier",
    np.inf: "harder than average",
}
TONES = ["negative", "neutral", "positive"]
NOBODY = "(no speaker found)"
BARS = 12


def evidence(document: Document, analysis: Analysis, voice: Voice = "all", who: str = "") -> pd.DataFrame:
    """A row a passage that `analysis` rests on: start, end, text, voice, speaker, group, figure (its own, in words).

    `group` is what the passages are counted by, a Categorical: speaker, difficulty or tone of the sentence, or entity.
    `voice` narrows to one of three, `who` to what a person says or where they are named.
    """
    found = _PASSAGES[analysis](document)
    if voice != "all":
        found = found[found.voice == voice]
    if who:
        named = entities(document).query("entity == @who")
        starts, ends = found.start.to_numpy()[:, None], found.end.to_numpy()[:, None]
        about = ((named.start.to_numpy() < ends) & (named.end.to_numpy() > starts)).any(axis=1)
        found = found[(found.speaker == who) | about]
    return found[COLUMNS].reset_index(drop=True)


def _quotations(document: Document) -> pd.DataFrame:
    found = quotations(document).query("kind != 'scare'")
    voice = voices(document, found).voice
    who = found.speaker_entity.where(found.speaker_entity != "", NOBODY)
    group = pd.Categorical(who, [*article.speakers(document), NOBODY])
    return found.assign(voice=voice, speaker=found.speaker_entity, group=group, figure=found.kind + ", " + who)


def _readability(document: Document) -> pd.DataFrame:
    found = (
        counts(document)
        .query("words > 0 and kind == 'sentence'")
        .sort_values("difficulty", ascending=False, kind="stable")
    )
    group = pd.cut(found.difficulty, [-np.inf, *LEVELS], labels=[*LEVELS.values()])  # CEFR, from average news
    figures = zip(found.difficulty, found.words, strict=True)
    figure = [f"difficulty {number(difficulty)}, {words} words" for difficulty, words in figures]
    return found.assign(group=group, figure=pd.array(figure, dtype="str"))


def _sentiment(document: Document) -> pd.DataFrame:
    found = sentiment(document).sort_values("valence", kind="stable")
    group = pd.cut(found.valence, [-np.inf, -NEUTRAL, NEUTRAL, np.inf], labels=TONES)
    return found.assign(group=group, figure=found.valence.map(number))


def _entities(document: Document) -> pd.DataFrame:
    found = entities(document)
    group = pd.Categorical(found.entity, found.entity.value_counts().index)
    figure = found.entity + " (" + found.type + ")"
    return found.assign(speaker=voices(document, found).speaker, group=group, figure=figure)


_PASSAGES = {"quotations": _quotations, "readability": _readability, "sentiment": _sentiment, "entities": _entities}


def shares(document: Document, analysis: str, passages: pd.DataFrame) -> pd.DataFrame:
    """A row a group: group, n, and its share: value, low, high (95 %), as the reports have them.

    Of quotations the share of their words, of names that of the mentions, the units being paragraphs; of sentences that
    of their number. Those of speakers and names stand in order of their share.
    """
    begins = np.array([word.start() for word in WORD.finditer(document.text)], dtype=int)
    words = np.searchsorted(begins, passages.end) - np.searchsorted(begins, passages.start)
    weights = words if analysis == "quotations" else np.ones(len(passages))
    names, members = list(passages.group.cat.categories), pd.get_dummies(passages.group).to_numpy(float)
    columns = (members * np.reshape(weights, (-1, 1))).T
    known = analysis in ("quotations", "entities")
    if known:
        at = passages["start"].to_numpy(dtype=int)
        columns = np.array([starts(document, at, column) for column in columns]).reshape(len(names), -1)
    labels = [{"group": name, "unit": "share of words" if known else "share of sentences"} for name in names]
    rows = ratios(columns, [columns.sum(axis=0)] * len(names), labels)
    table = pd.DataFrame(rows, columns=["group", "n", "value", "low", "high"])
    table = table.assign(n=members.sum(axis=0).astype(int), value=table.value.fillna(0.0))
    return table.sort_values("value", ascending=False, kind="stable", ignore_index=True) if known else table


def explore(seeds: str | Path = "seeds", analysis: Analysis = "quotations", text: str | None = None) -> "Explorer":
    """Choose a document, an analysis, a voice, a person; then a bar or a row, to see its passages in the text.

    `seeds` and `text` are as in `read_all`. Where widgets don't run, the first document is shown. Raises
    DocumentError where there is no document.

    >>> type(wb.explore("seeds", "sentiment")).__name__
    'Explorer'
    """
    one_of("analysis", analysis, _PASSAGES)
    found = list(read_all(seeds, text=text))
    documents = {item.name: item for item in found if isinstance(item, Document)}
    if not documents:
        raise DocumentError(f"{seeds}: no document in it that can be read; put texts there")
    return Explorer(documents, [str(item) for item in found if isinstance(item, DocumentError)], analysis)


class Explorer:
    """Linked widgets over some documents, in `view`; `passages` are those behind the choices made."""

    def __init__(
        self, documents: Mapping[str, Document], unread: Sequence[str] = (), analysis: Analysis = "quotations"
    ):
        self.documents, self.group = documents, ""
        self.choices: tuple[str, ...] = ()
        narrow, snug = {"description_width": "auto"}, {"button_width": "auto"}
        titles = [(document.title, name) for name, document in documents.items()]
        self.document = widgets.Dropdown(options=titles, description="document", style=narrow)
        self.who = widgets.Dropdown(options=[("anyone", "")], description="who", style=narrow)
        self.analysis = widgets.ToggleButtons(options=list(_PASSAGES), value=analysis, style=snug)
        self.voice = widgets.ToggleButtons(options=["all", *VOICES], style=snug)
        self.bars, self.strip, self.text = widgets.VBox(), widgets.HTML(), widgets.HTML(layout={"flex": "1 1 30rem"})
        self.rows, self.listed = widgets.Select(), widgets.VBox()
        self.document.observe(self._meet, "value")
        for choice in (self.analysis, self.voice, self.who):
            choice.observe(self._narrow, "value")
        wrap = {"flex_flow": "row wrap", "grid_gap": "0 2rem"}
        left = widgets.VBox([self.bars, self.strip, self.listed], layout={"flex": "1 1 29rem", "min_width": "0"})
        skipped = widgets.HTML("".join(f"<p>Not read: {escape(reason)}</p>" for reason in unread))
        choices = widgets.HBox([self.document, self.analysis, self.voice, self.who], layout=wrap)
        self.view = widgets.VBox([choices, widgets.HBox([left, self.text], layout=wrap), skipped])
        self._meet()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {**self.view._repr_mimebundle_(), "text/html": self.page()}

    @property
    def read(self) -> Document:
        """The document chosen."""
        return self.documents[self.document.value]

    def page(self) -> str:
        """The choices made as HTML, for where widgets don't run: findings, shares, passages and text."""
        analysis, passages = self.analysis.value, self.passages
        counted = shares(self.read, analysis, passages)
        parts = [
            article.masthead(self.read, analysis),
            tables.folded(counted[counted.n > 0].assign(unit="share"), "Shares", open=True),
            tables.folded(passages[["figure", "voice", "text"]], "Passages"),
            article.show(self.read, [LAYERS[analysis]]),
        ]
        return tables.Html("".join(parts))._repr_html_()

    def _meet(self, _: object = None) -> None:
        """Offer everyone who speaks or is named in the document."""
        named = entities(self.read).entity.value_counts().index
        names = dict.fromkeys([*article.speakers(self.read), *named])
        self.who.options = [("anyone", ""), *((name, name) for name in names)]
        self._narrow()

    def _narrow(self, _: object = None) -> None:
        """Take the passages of the choices made, and draw their bars, none of them chosen."""
        choices = self.document.value, self.analysis.value, self.voice.value, self.who.value
        if choices == self.choices:
            return
        self.choices, self.group = choices, ""
        analysis = self.analysis.value
        self.passages = evidence(self.read, *choices[1:])
        counted = shares(self.read, analysis, self.passages).query("n > 0").head(BARS)
        counted = counted.assign(written=numbers(counted.assign(unit="share")))
        limits = (0.0, counted[["value", "high"]].max(axis=None))
        _replace(self.bars, [self._bar(row, limits) for row in counted.itertuples()])
        colours = speaker_colours(article.speakers(self.read)) if analysis == "quotations" else None
        table, title = self.passages.astype({"group": str}), f"Where in the article: {analysis}"
        self.strip.value = _picture(strips(table, "group", len(self.read.text), title, list(counted.group), colours))
        self._list()

    def _bar(self, row: Any, limits: tuple[float, float]) -> widgets.HBox:
        what = {"quotations": "quotation", "entities": "mention"}.get(self.analysis.value, "sentence")
        written = f"{row.written} · {row.n} {what}{'s' * (row.n != 1)}"
        layout = {"width": "9rem", "flex": "none"}
        button = widgets.Button(description=row.group, tooltip=f"{row.group}: {written}", layout=layout)
        button.on_click(lambda _: self._choose(row.group))
        picture = spark(row.value, row.low, row.high, limits, hollow=bool(np.isnan(row.low)))
        return widgets.HBox([button, widgets.HTML(f'<span class="wb-share">{picture}{written}</span>')])

    def _choose(self, group: str) -> None:
        """Show the passages behind a bar; chosen again, those behind all."""
        self.group = "" if group == self.group else group
        for bar in self.bars.children:
            chosen = bar.children[0].description == self.group
            bar.children[0].button_style, bar.children[0].icon = ("primary", "check") if chosen else ("", "")
        self._list()

    def _list(self) -> None:
        """List the passages, in a list of its own: what was still being chosen in the last one is not meant for it."""
        shown = self.passages[self.passages.group == self.group] if self.group else self.passages
        around = 30 if self.analysis.value == "entities" else 0  # a mention by itself says little
        chosen = ", ".join(choice for choice in [*self.choices[1:], self.group] if choice not in ("", "all"))
        lines = [(f"{len(shown)} passage{'s' * (len(shown) != 1)}: {chosen}", -1)]
        for row in shown.itertuples():
            words = self.read.text[max(0, row.start - around) : row.end + around].split()
            lines.append((f"{row.figure} · {' '.join(words)}", row.Index))
        style, layout = {"description_width": "auto"}, {"width": "98%"}
        self.rows = widgets.Select(options=lines, rows=14, description="evidence", style=style, layout=layout)
        self.rows.observe(self._point, "value")
        _replace(self.listed, [self.rows])
        self._point()

    def _point(self, _: object = None) -> None:
        """Point out in the text the passage chosen, or else those behind the bar chosen."""
        chosen = self.passages.index == self.rows.value
        if not chosen.any():
            chosen = self.passages.group == self.group
        places = self.passages.loc[chosen, ["start", "end"]].itertuples(index=False, name=None)
        text = article.show(self.read, [LAYERS[self.analysis.value]], list(places))
        self.text.value = f'<style>{CSS.read_text()}</style><div class="wb-explored">{text._repr_html_()}</div>'


def _replace(box: widgets.Box, children: Sequence[widgets.Widget]) -> None:
    """Other widgets into `box`; those that were in it are closed, so that a click under way on one goes nowhere."""
    gone, box.children = list(box.children), children
    for widget in gone:
        gone += getattr(widget, "children", ())
        widget.close()


def _picture(chart: Chart) -> str:
    shown, _ = chart._repr_mimebundle_()
    if not chart.alt:
        return shown["text/html"]
    svg, alt = shown["image/svg+xml"], escape(chart.alt)
    return f'<img class="wb-figure" src="{address(svg)}" alt="{alt}" style="max-width: 100%">'
