"""A figure with what it says in words, as rows for narrow pages, and with links to its passages."""

import io
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import matplotlib.style
from matplotlib.figure import Figure

from workbench.display.tables import prose

STYLE = Path(__file__).parent / "style" / "figures.mplstyle"


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
            address = f"data:image/svg+xml;base64,{b64encode(_svg(narrow).encode()).decode()}"
            narrow = f'<img class="wb-narrow wb-figure" src="{address}" alt="{escape(self.alt)}">'
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
