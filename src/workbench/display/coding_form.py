"""A form for JupyterLab in which coders answer a sheet's questions one after another."""

from html import escape
from pathlib import Path

import pandas as pd

from workbench.corpus.coding import ANSWERS, read_sheets, write_sheet


def form(sample: pd.DataFrame, path: str | Path) -> object:
    """A form for JupyterLab that asks one question after another and keeps the answers in the coding sheet at `path`.

    Where ipywidgets is not installed, the sheet is written and a sentence says so.
    """
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sheet(sample, path)
    try:
        import ipywidgets as widgets  # may be missing where only tables are wanted
    except ImportError:
        return f"{path}: fill in its column `answer` in a spreadsheet; the form needs `pip install ipywidgets`"
    codes = read_sheets([path])
    given = dict(zip(zip(codes.item, codes.question, strict=True), codes.answer, strict=True))
    rows = list(sample.itertuples())
    open_ones = [place for place, row in enumerate(rows) if (row.item, row.question) not in given]
    passage, buttons, bar = widgets.HTML(), widgets.HBox(), widgets.IntProgress(max=len(rows))
    place = open_ones[0] if open_ones else len(rows)

    def ask(number: int) -> None:
        nonlocal place
        place = max(0, number)
        bar.value = len(given)
        if place >= len(rows):
            passage.value, buttons.children = "<p>All answered. Thank you.</p>", [back]
            return
        row = rows[place]
        before, text, after = (escape(part) for part in (row.before, row.text, row.after))
        passage.value = f"<p>{before} <mark>{text}</mark> {after}</p><p><b>{escape(row.ask)}</b></p>"
        buttons.children = [back, *(choices[answer] for answer in ANSWERS[row.question])]

    def answered(button: widgets.Button) -> None:
        row = rows[place]
        given[row.item, row.question] = int(button.description)
        answers = [given.get((row.item, row.question), "") for row in rows]
        write_sheet(sample.assign(answer=answers), path)
        ask(place + 1)

    back = widgets.Button(description="back")
    back.on_click(lambda _: ask(place - 1))
    choices = {answer: widgets.Button(description=str(answer)) for answer in (-1, 0, 1)}
    for button in choices.values():
        button.on_click(answered)
    ask(place)
    return widgets.VBox([bar, passage, buttons])
