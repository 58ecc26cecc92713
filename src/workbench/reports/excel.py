"""An Excel workbook of tables, with the same bytes for the same tables and no text that it would take for a formula."""

import io
import re
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from workbench.measurement import inert

ROWS = 1_000_000  # in a sheet; Excel takes 48,575 more


def excel(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """The tables as sheets of a workbook, by their names; of one with more than a million rows the first ones."""
    from openpyxl import Workbook  # start-up time
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book, written = Workbook(write_only=True), io.BytesIO()
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(map(str, table.columns)))
        cells = table.head(ROWS).astype(object).where(table.notna(), None)
        for row in cells.itertuples(index=False, name=None):
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", str(inert(v))) if isinstance(v, str) else v for v in row])
    book.save(written)
    same = io.BytesIO()
    with ZipFile(written) as made, ZipFile(same, "w", ZIP_DEFLATED) as file:
        for entry in made.namelist():  # openpyxl writes the time of writing into each
            content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2000-01-01T00:00:00Z", made.read(entry))
            file.writestr(ZipInfo(entry), content if entry.startswith("docProps/") else made.read(entry), ZIP_DEFLATED)
    return same.getvalue()
