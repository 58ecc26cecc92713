"""The rows of each table format: delimited texts, spreadsheets, JSON and Parquet."""

import csv
import io
import json
import re
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from workbench.documents.encoding import MEGABYTE, SAMPLE, FormatError, decoded, opened_zip
from workbench.documents.files import apart

LARGEST_TABLE = 50 * MEGABYTE  # bytes of a table that is read as a whole
LONGEST_LINE = 10 * MEGABYTE
LONGEST_RECORD = 2000  # lines; a quotation mark that is open for more was not meant to be
HEADER_WITHIN = 20  # rows; what stands above the header is a title

Row = Mapping[Any, object]
MEANINGS = {  # of a column, by its plain name
    name: key
    for key, _, names in (
        line.partition("\t") for line in (Path(__file__).parent / "columns.tsv").read_text("utf-8").splitlines()[1:]
    )
    for name in names.split()
}
TEXT_COLUMNS = [name for name, key in MEANINGS.items() if key == "text"]


def plain(name: object) -> str:
    """A column's name as it is compared: its letters and digits, in lower case."""
    return re.sub(r"[\W_]", "", str(name)).casefold()


def renamed(cells: Mapping[str, object]) -> dict[str, object]:
    """Those cells that are not blank, lists joined, and what tells title, author, outlet or date by that name, too."""
    filled = {key: value for key, value in cells.items() if value not in (None, "", [])}
    known = {key: ", ".join(map(str, cell)) if isinstance(cell, list) else cell for key, cell in filled.items()}
    meant: dict[str, object] = {}
    for key, value in known.items():
        meaning = MEANINGS.get(plain(key), "")
        if meaning not in ("", "text", "name") and value not in (None, ""):
            meant.setdefault(meaning, value)
    return {**known, **meant, **{key: known[key] for key in meant if known.get(key) not in (None, "")}}


def _is_header(cells: Sequence[object], column: str | None) -> bool:
    names = {plain(cell) for cell in cells if isinstance(cell, str)}
    return (plain(column) in names) if column else not names.isdisjoint(TEXT_COLUMNS)


def _header(rows: Iterator[Any], column: str | None) -> tuple[list[str], list[Any]]:
    """The columns' names, and what rows of those looked at stand below them. Raises FormatError.

    The header is the first row with the name of a column of texts; else the first that is texts in two cells or more.
    """
    looked_at = list(islice(rows, HEADER_WITHIN))
    seen = [[] if isinstance(row, FormatError) else row for row in looked_at]
    wide = max((sum(cell not in (None, "") for cell in row) for row in seen), default=0)
    at = next((i for i, row in enumerate(seen) if _is_header(row, column)), None)
    if at is None:
        at = next((i for i, row in enumerate(seen) if sum(cell not in (None, "") for cell in row) >= min(wide, 2)), 0)
    names = [str(cell if cell is not None else "").strip() for cell in (seen[at] if seen else ())]
    if twice := [name for name, count in Counter(filter(None, map(str.lower, names))).items() if count > 1]:
        raise FormatError(f"more than one column is called {', '.join(twice)[:100]}; give each a name of its own")
    return names, looked_at[at + 1 :]


def _grid(rows: Iterator[Any], column: str | None) -> Iterator[Row | FormatError]:
    names, below = _header(rows, column)
    for number, row in enumerate(chain(below, rows), 1):
        if isinstance(row, FormatError):
            yield row
        elif any(cell not in (None, "") for cell in row):
            beyond = [cell for cell in row[len(names) :] if cell not in (None, "")]
            if beyond:
                told = f"row {number}: has {len(beyond)} cells beyond the header's {len(names)} columns"
                yield FormatError(f"{told} ({str(beyond[0])[:30]}…); put the text in quotation marks")
            else:
                yield dict(zip(names, row, strict=False))


def _delimited(file: BinaryIO, column: str | None) -> Iterator[Row | FormatError]:
    sample = file.read(SAMPLE)
    start, encoding = decoded(sample[: sample.rfind(b"\n") + 1] or sample)
    file.seek(0)
    lines = start.split("\n")[:HEADER_WITHIN]
    marks = "\t,;|"
    if declared := re.fullmatch(r'\W?"?sep=(.)"?\s*', lines[0]):
        mark = declared[1]
    else:
        headers = [line for line in lines if any(_is_header(_cells(line, mark), column) for mark in marks)] or lines
        mark = max(marks, key=next((line for line in headers if any(map(line.count, marks))), "").count)
    text = io.TextIOWrapper(file, encoding.split()[0], errors="replace", newline="")
    csv.field_size_limit(LONGEST_LINE)
    try:
        yield from _grid(_records(text, mark, bool(declared)), column)
    finally:
        text.detach()  # or the file would be closed with it


def _cells(line: str, mark: str) -> list[str]:
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=mark), [])
    return []


def _records(text: Iterable[str], mark: str, skip: bool) -> Iterator[Any]:
    """The cells of each record; where a quotation mark never closes, a FormatError, and the next line starts anew."""
    waiting: deque[str] = deque()
    lines = iter(text)
    width = number = 0

    def following() -> Iterator[str]:
        while len(used) < LONGEST_RECORD:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                return
            used.append(line)
            yield line

    while True:
        used: list[str] = []
        try:
            record = next(csv.reader(following(), delimiter=mark, strict=True), None)
            runaway = len(used) > 1 and width > 1 and len(record or ()) != width
        except csv.Error as error:
            runaway = len(used) > 1 or "unexpected end" in str(error)
            if not runaway:
                record = next(csv.reader(used, delimiter=mark))
        if skip:
            skip = False
            continue
        if runaway:
            yield FormatError(
                f"row {number}: a quotation mark in it is never closed; close it ({used[0].strip()[:40]}…)"
            )
            waiting.extendleft(reversed(used[1:]))
        elif record is None:
            return
        else:
            width = max(width, len(record))
            yield record
        number += bool(runaway or (record and any(record)))


def _json_lines(file: BinaryIO, column: str | None) -> Iterator[Row | FormatError]:
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
        row = None
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
        if line.strip():
            yield row if isinstance(row, dict) else FormatError(f"line {number} is not a JSON object; correct it")


def _json(file: BinaryIO, column: str | None) -> Iterator[Row | FormatError]:
    """The longest list of objects, wherever it stands; else the object itself."""
    raw = file.read(LARGEST_TABLE + 1)
    if len(raw) > LARGEST_TABLE:
        raise FormatError(f"larger than {LARGEST_TABLE // MEGABYTE} MB; save it as .jsonl, an object a line")
    try:
        whole = json.loads(decoded(raw)[0])
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON ({str(error)[:80]}); correct it, or save an object a line as .jsonl") from None
    lists: list[list[object]] = []
    waiting = [whole]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list) and any(isinstance(inner, dict) for inner in item):
            lists.append(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())
    rows = max(lists, key=lambda items: len(json.dumps(items)), default=[whole])
    if isinstance(whole, dict) and any(plain(key) in TEXT_COLUMNS and isinstance(whole[key], str) for key in whole):
        rows = [whole]
    for number, row in enumerate(rows, 1):
        yield row if isinstance(row, dict) else FormatError(f"item {number} is not a JSON object; correct it")


def _sheets(file: BinaryIO, column: str | None) -> Iterator[Row | FormatError]:
    """The rows of the sheet that has a column of texts, else of the one with most characters."""
    from python_calamine import CalamineWorkbook  # start-up time

    raw = io.BytesIO(file.read(LARGEST_TABLE + 1))
    if len(raw.getbuffer()) > LARGEST_TABLE or (
        zipfile.is_zipfile(raw) and sum(part.file_size for part in opened_zip(raw).infolist()) > LARGEST_TABLE
    ):
        raise FormatError(f"unpacks to more than {LARGEST_TABLE // MEGABYTE} MB; save it as .csv")

    def worth(rows: Any) -> tuple[bool, int]:
        named = any(_is_header(row, column) for row in rows[:HEADER_WITHIN])
        return named, sum(len(cell) for row in rows[:200] for cell in row if isinstance(cell, str))

    def best() -> list[Any]:
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(raw.getbuffer()))
            sheets: list[Any] = [book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names]
        except (MemoryError, FormatError):
            raise
        except BaseException as error:  # a panic of its reader is no Exception
            locked = " or protected by a password;" if "password" in str(error).lower() else ";"
            raise FormatError(f"damaged, not a spreadsheet{locked} open it and save it anew") from None
        return max(sheets, key=worth, default=[])

    yield from _grid(apart(best), column)


def _parquet(file: BinaryIO, column: str | None) -> Iterator[Row]:
    from pyarrow import parquet  # start-up time

    def batches() -> Iterator[list[Row]]:
        # by its name, as two processes that read the same open file would each move the other's place in it
        with parquet.ParquetFile(getattr(file, "name", file), pre_buffer=False) as table:
            for batch in table.iter_batches(batch_size=8, use_threads=False):
                yield batch.to_pylist()

    yield from chain.from_iterable(apart(batches))


TABLES: dict[str, Callable[[BinaryIO, str | None], Iterator[Row | FormatError]]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json,
    ".xlsx": _sheets,
    ".xls": _sheets,
    ".ods": _sheets,
    ".parquet": _parquet,
}
