"""The measures of all documents together: tables in several forms, what each figure means, and what was read."""

import csv
import io
import json
from collections.abc import Mapping
from html import escape
from math import isnan
from pathlib import Path

import pandas as pd
from pyarrow import concat_tables, parquet

from workbench.corpus import account, beside, folder
from workbench.measurement import defined, dictionary, inert, tidy
from workbench.reports.excel import excel, written_once
from workbench.reports.report import ACCOUNT, TERMS


def gather(reports: str, listed: str, target: str) -> None:
    """Write the measures of many documents together to the folder `target`, as Parquet, CSV and Excel workbook.

    `listed` is a JSON file: the documents' names by their own tables of measures, as named in the folder `reports`, and
    the documents that were refused, each with the reason. Beside the measures comes what stands beside a measured
    corpus (documents, sketches, errors), the account of what was read, the data dictionary, and its terms as HTML.
    """
    names, refused = json.loads(Path(listed).read_bytes())
    refused = [(place.encode("utf-8", "replace").decode(), reason) for place, reason in refused]
    corpus = Path(target, "measures.parquet")
    figures, known, sketches = _together(Path(reports), names)
    figures.to_parquet(corpus, index=False)
    for name, table in {"documents": known, "sketches": sketches, "errors": beside("errors", refused)}.items():
        table.to_parquet(folder(corpus, name), index=False)
    Path(target, ACCOUNT).write_text("\n".join(account(corpus)) + "\n", "utf-8", newline="\n")
    corpus.with_suffix(".csv").write_bytes(_csv(figures).encode("utf-8", "replace"))
    documents = known.pivot(index="document", columns="field", values="value").reset_index()
    sheets = {"figures": figures, "documents": documents, "definitions": defined()}
    corpus.with_suffix(".xlsx").write_bytes(excel(sheets))
    corpus.with_suffix(".md").write_text(dictionary(), "utf-8", newline="\n")
    terms = "".join(
        f'<dt id="{row.measure}"><strong>{escape(row.label)}</strong> <code>{row.measure}</code></dt>'
        f"<dd>{escape(row.definition)}. <em>{escape(row.unit)}; {escape(row.range)}</em></dd>"
        for row in defined().itertuples()
    )
    Path(target, TERMS).write_text(f"<dl>{terms}</dl>", "utf-8", newline="\n")


def _together(reports: Path, names: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The documents' figures, what is known of them, their sketches."""
    # pandas would take a second longer for 500 of them
    tables = [parquet.ParquetFile(reports / f"{report}.parquet").read() for report in names]
    noted = [json.loads(one.schema.metadata[b"PANDAS_ATTRS"]) for one in tables]
    figures = concat_tables(tables).to_pandas() if tables else tidy([])
    called = pd.Series([*names.values()], dtype=figures.document.dtype)
    figures["document"] = called.repeat([len(one) for one in tables]).array
    folders = {name: report.rpartition("/")[0] for report, name in names.items()}
    figures.attrs = {"folders": {name: own for name, own in folders.items() if own != name}}  # of their reports
    known = [(name, *row) for name, note in zip(names.values(), noted, strict=True) for row in note["known"]]
    sketches = [(name, note["sketch"]) for name, note in zip(names.values(), noted, strict=True)]
    return figures, beside("documents", known), beside("sketches", sketches)


def _csv(table: pd.DataFrame) -> str:
    """The table as CSV; pandas takes three times as long where digits are to be cut off."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*(written_once(table[name], _plain) for name in table), strict=True))
    return text.getvalue()


def _plain(value: object) -> str:
    """A value that no spreadsheet executes, with twelve digits, for the last ones differ between versions of numpy."""
    if isinstance(value, int | float):
        return "" if isnan(value) else f"{value + 0.0:.12g}"  # without a minus before 0
    return "" if pd.isna(value) else str(inert(value))
