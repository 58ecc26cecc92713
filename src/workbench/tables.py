"""Rows of tables of documents, one at a time, whatever the table's format."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from workbench.characters import SAMPLE, FormatError, decoded
from workbench.formats import LARGEST_FILE, LARGEST_TEXT, MEGABYTE, MISSING, opened_zip

Row = Mapping[Any, object]


def rows(file: BinaryIO, suffix: str) -> Iterator[dict[str, object] | FormatError]:
    """The rows of the table in `file`, by column in lower case; one that is damaged by itself comes as its FormatError.

    Raises FormatError where the table is.
    """
    try:
        for row in TABLES[suffix](file):
            if isinstance(row, FormatError):
                yield row
            else:
                yield {str(key).strip().lower(): value for key, value in row.items() if key}
    except FormatError:
        raise
    except ImportError as error:
        raise FormatError(MISSING.format(error.name)) from None
    except Exception as error:  # each reader has many kinds of its own
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise FormatError(f"damaged, or not a {suffix} table ({reason[:100]}); save it anew") from None


def _delimited(file: BinaryIO) -> Iterator[Row]:
    sample = file.read(SAMPLE)
    start, encoding = decoded(sample[: sample.rfind(b"\n") + 1] or sample)
    file.seek(0)
    csv.field_size_limit(LARGEST_TEXT)
    text = io.TextIOWrapper(file, encoding.split()[0], errors="replace", newline="")
    yield from csv.DictReader(text, delimiter=max("\t,;|", key=start.partition("\n")[0].count))
    text.detach()


def _json_lines(file: BinaryIO) -> Iterator[Row | FormatError]:
    for number, line in enumerate(iter(lambda: file.readline(LARGEST_TEXT), b""), 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if line.strip():
            yield row if isinstance(row, dict) else FormatError(f"line {number} is not a JSON object; correct it")


def _excel(file: BinaryIO) -> Iterator[Row]:
    from openpyxl import load_workbook

    if sum(part.file_size for part in opened_zip(file).infolist()) > LARGEST_FILE:
        raise FormatError(f"unpacks to more than {LARGEST_FILE // MEGABYTE} MB; save it as .csv")
    cells = load_workbook(file, read_only=True, data_only=True).worksheets[0].iter_rows(max_col=256, values_only=True)
    header = next(cells, ())
    yield from (dict(zip(header, row, strict=False)) for row in cells if any(row))


def _parquet(file: BinaryIO) -> Iterator[Row]:
    from pyarrow import parquet

    for batch in parquet.ParquetFile(file).iter_batches(batch_size=8):
        yield from batch.to_pylist()


TABLES: dict[str, Callable[[BinaryIO], Iterator[Row | FormatError]]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".jsonl": _json_lines,
    ".xlsx": _excel,
    ".parquet": _parquet,
}
