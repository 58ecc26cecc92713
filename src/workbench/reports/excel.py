"""An Excel workbook of tables: the same bytes for the same tables, and no text in it is a formula.

Written by hand, for it takes ten lines of XML: a library would need one more package, and writes the time into it.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from math import isfinite
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

ROWS = 1_000_000  # in a sheet; Excel takes 48,575 more
CELL = 32_767  # characters in a cell; Excel takes no more
FAST = 3  # of 1 to 9: twice as fast as the usual 6, and a fifth larger
WIDE = 1000  # rows by which columns are as wide as they are
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TOP = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'


def excel(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """The tables as sheets of a workbook, by their names; of one with more than a million rows the first ones."""
    book = io.BytesIO()
    with ZipFile(book, "w") as file:
        for name, content in _parts(sheets):
            entry = ZipInfo(name)  # of 1 January 1980, whenever it is written
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, (_HEAD + content).encode("utf-8", "replace"), compresslevel=FAST)
    return book.getvalue()


def _parts(sheets: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    """The files in the workbook."""
    types, listed, leading = "", "", ""
    for at, (name, table) in enumerate(sheets.items(), 1):
        yield f"xl/worksheets/sheet{at}.xml", _sheet(table)
        types += f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        listed += f'<sheet name="{escape(name)}" sheetId="{at}" r:id="r{at}"/>'
        leading += f'<Relationship Id="r{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    yield "xl/workbook.xml", f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    yield "xl/_rels/workbook.xml.rels", f"{relations}{leading}</Relationships>"
    whole = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f"{relations}{whole}</Relationships>"
    types += f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    endings = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    known = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in endings.items())
    yield "[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{known}{types}</Types>'


def _sheet(table: pd.DataFrame) -> str:
    rows = zip(*([_cell(str(name)), *written_once(table[name].head(ROWS), _cell)] for name in table), strict=True)
    cells = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{_width(name, table[name])}" customWidth="1"/>'
        for at, name in enumerate(table, 1)
    )
    return (
        f'<worksheet xmlns="{_SHEET}">{_TOP}</sheetViews><cols>{columns}</cols>'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


def _width(name: str, column: pd.Series) -> int:
    """A column's width in characters: as wide as its head and its first texts need, up to 60."""
    texts = [] if pd.api.types.is_numeric_dtype(column) else column.head(WIDE).dropna().astype(str)
    return min(60, max(10, len(str(name)), *map(len, texts)) + 2)


def written_once(column: pd.Series, cell: Callable[[object], str]) -> list[str]:
    """A column's values, each written once by `cell`, as most recur."""
    places, values = pd.factorize(column)
    written = [*map(cell, values), cell(None)]  # the last for what is missing
    return [written[place] for place in places.tolist()]


def _cell(value: object) -> str:
    if isinstance(value, (int, float)) and isfinite(value):
        return f"<c><v>{float(value):.12g}</v></c>"
    text = "" if pd.isna(value) else _ILLEGAL.sub("", str(value))[:CELL]
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else "<c/>"
