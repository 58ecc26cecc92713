"""Tables of documents: which sheet, row and columns have the texts and what is known of them; a document a row."""

import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from math import isnan
from typing import BinaryIO

from workbench.documents.document import Extract
from workbench.documents.encoding import FormatError
from workbench.documents.metadata import ORDERED_DATE, parsed_date
from workbench.documents.rows import MEANINGS, TABLES, TEXT_COLUMNS, Row, plain, renamed

LONG = 80  # characters; a column of as long values on average may be one of texts

_KINDS = {bool: "true or false", int: "a number", float: "a number", bytes: "bytes", list: "a list", dict: "an object"}
_NO_TEXT = re.compile(r"nan|none|null|#?n/a|na|nat|true|false|[-+]?[\d.,]*\d%?", re.I)


def documents(
    file: BinaryIO, suffix: str, stem: str, column: str | None = None, dates: str | None = None
) -> Iterator[tuple[str, Extract] | FormatError]:
    """The name and text of each row's document, in order; a row that has none comes as its FormatError.

    `column` names the column of texts, `dates` says "day first" or "month first" where 3/4/2024 may be either.
    Raises FormatError where the table itself cannot be read or has no column of texts.
    """
    try:
        found = _rows(file, suffix, column)
        peeked = list(islice(found, 50))
        column = _text_column([row for row in peeked if isinstance(row, dict)], column)
        month_first = dates == "month first" if dates else _month_first(peeked)
        if month_first is None:  # the other rows may tell
            file.seek(0)
            if (month_first := _month_first(_rows(file, suffix, column))) is None:
                said = "dates like 3/4/2024 in it are read day first; if they are month first, say dates='month first'"
                warnings.warn(f"{stem}{suffix}: {said}", stacklevel=2)
            file.seek(0)
            peeked, found = [], _rows(file, suffix, column)
        for number, row in enumerate(chain(peeked, found), 1):
            if isinstance(row, FormatError):
                yield row
                continue
            try:
                yield _document(row, column, f"{stem}-{number}", bool(month_first))
            except FormatError as error:
                yield FormatError(f"row {number}: {error}")
    except (FormatError, ImportError):
        raise
    except Exception as error:  # each reader has many kinds of its own
        if "field limit" in str(error):
            raise FormatError(
                "a quotation mark in it is never closed, or a cell is larger than 10 MB; correct it"
            ) from None
        raise FormatError(f"damaged, or not a {suffix} table; open it and save it anew") from None


def _document(row: dict[str, object], column: str, name: str, month_first: bool) -> tuple[str, Extract]:
    """The row's name, text and other cells, with what they are by their columns' names. Raises FormatError."""
    text = row.pop(column, None)
    blank = text is None or (isinstance(text, float) and isnan(text)) or (isinstance(text, str) and not text.strip())
    if not blank and (not isinstance(text, str) or _NO_TEXT.fullmatch(text.strip())):
        kind = _KINDS.get(type(text), "a value")
        raise FormatError(
            f"its {column} is {kind} ({str(text)[:30]}), not a text; correct it, or name a column with text="
        )
    known = renamed(row)
    name = str(next((value for key, value in known.items() if MEANINGS.get(plain(key)) == "name"), name))
    if isinstance(known.get("date"), str | datetime | date):
        known["date"] = parsed_date(known["date"], month_first) or known["date"]
    if isinstance(author := known.get("author"), str):
        known["author"] = re.sub(r"^by:? ", "", author, flags=re.I)
    return name, Extract("" if blank else str(text), known)


def _text_column(rows: list[dict[str, object]], named: str | None) -> str:
    """The column of texts: the one that is named, has such a name, or has the longest values, which is then said."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    if named:
        if (chosen := next((key for key in columns if key == named.strip().lower()), None)) is None and rows:
            raise FormatError(f"no column {named} among {', '.join(columns)[:200]}; name another with text=")
        return chosen or named
    if like_texts := sorted(
        (key for key in columns if plain(key) in TEXT_COLUMNS), key=lambda key: TEXT_COLUMNS.index(plain(key))
    ):
        return max(like_texts, key=lambda key: any(isinstance(row.get(key), str) and row[key] for row in rows))
    lengths = {key: sum(len(v) for row in rows if isinstance(v := row.get(key), str)) / len(rows) for key in columns}
    longest = max(lengths, key=lambda key: lengths[key], default="")
    if lengths.get(longest, 0) >= LONG:
        said = "no column is called as one of texts is; taken is that of the longest values"
        warnings.warn(f"{said}, {longest}; name another with text=", stacklevel=3)
        return longest
    if not rows:
        return ""
    raise FormatError(f"no column of texts among {', '.join(columns)[:200]}; name it with text=")


def _month_first(rows: Iterable[object]) -> bool | None:
    """Whether the column's dates like 3/4/2024 are month first, as one of them has to be; None where none has to."""
    seen = False
    for row in rows:
        values = row.items() if isinstance(row, dict) else ()
        for first, second in (
            map(int, found.groups())
            for key, value in values
            if MEANINGS.get(plain(key)) == "date" and isinstance(value, str) and (found := ORDERED_DATE.search(value))
        ):
            if first > 12 or second > 12:
                return second > 12
            seen = seen or first != second
    return None if seen else False


def _rows(file: BinaryIO, suffix: str, column: str | None) -> Iterator[dict[str, object] | FormatError]:
    """The rows of the table, by column in lower case; one that is damaged by itself comes as its FormatError."""
    for row in TABLES[suffix](file, column):
        if isinstance(row, FormatError):
            yield row
        else:
            yield {str(key).strip().lower(): value for key, value in _flat(row) if key not in (None, "")}


def _flat(row: Row, within: str = "") -> Iterator[tuple[str, object]]:
    for key, value in row.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{within}{key}.")
        else:
            yield f"{within}{key}".removesuffix(".name"), value
