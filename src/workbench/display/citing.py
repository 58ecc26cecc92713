"""How to cite the workbench: a sentence for the methods section, and a BibTeX entry."""

from html import escape
from importlib import metadata
from typing import Literal

import pandas as pd

from workbench.display.tables import Html
from workbench.language import model_name, pipeline
from workbench.measurement import Analysis, agreement

TITLE = "workbench: a Jupyter research workbench for the people who study news"
YEAR = "2026"  # in which the version came out, as in CITATION.cff


def cite(analysis: Analysis | Literal[""] = "") -> Html:
    """A sentence for a methods section, with versions and how valid the measures of `analysis` are; and BibTeX.

    >>> "@software{workbench" in wb.cite("sentiment")
    True
    """
    version, model = metadata.version("news-workbench"), pipeline(model_name()).meta["version"]
    made = f"workbench {version} (spaCy {metadata.version('spacy')}, {model_name()} {model})"
    said = [f"{analysis.capitalize() or 'All figures'} measured with {made}."]
    known = agreement(analysis) if analysis else pd.DataFrame()
    rows = [f"{row.measure}: {row.ours} ({row.on}, n = {row.n})" for row in known.head(3).itertuples()]
    said += [f"Agreement with human judgement: {'; '.join(rows)}."] if rows else []
    fields = {"author": "{The workbench authors}", "title": TITLE, "year": YEAR, "version": version, "license": "MIT"}
    entry = "@software{workbench,\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}"
    return Html(
        f'<details class="wb-folded" id="how-to-cite"><summary>How to cite</summary><p>{escape(" ".join(said))}</p>'
        f"<pre>{escape(entry)}</pre></details>"
    )
