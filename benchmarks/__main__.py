"""All figures beside their peers: `python -m benchmarks`, or `python -m benchmarks quotations sentiment` for some.

Each module here prints what it measures; those with `validity()` also give the rows (measure, on, n, ours, best peer)
that the notebooks, docs/validity.md and README show. They are written anew only where the gold sets are there to be
measured on.
"""

import csv
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

from docs import generate

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "src" / "workbench" / "measurement" / "validity.csv"
COLUMNS = ["analysis", "measure", "on", "n", "ours", "best peer", "date"]


def main(names: list[str]) -> None:
    """Run the benchmarks named, or all; keep what is known of the others."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in names or found:
        print(f"\n{name}\n{'=' * len(name)}")
        benchmark = import_module(f"benchmarks.{name}")
        benchmark.main()
        measured = benchmark.validity() if hasattr(benchmark, "validity") else []
        if measured:
            today = date.today().isoformat()
            rows = [row for row in rows if row["analysis"] != name]
            rows += [{"analysis": name, "date": today} | dict(zip(COLUMNS[1:6], row, strict=True)) for row in measured]
    rows.sort(key=lambda row: row["analysis"])
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    generate.write()


if __name__ == "__main__":
    main(sys.argv[1:])
