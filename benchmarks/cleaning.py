"""How well the article is told from its page, beside the peers, and what is taken from texts that are already clean.

    python -m benchmarks.cleaning

Reads ../shared/gold (or $WORKBENCH_GOLD). The model in use is trained on these pages; the figure to go by for plain
text is the cross-validated one in src/workbench/documents/cleaning.md.
"""

import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

import workbench as wb

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))


def word_f1(found: str, marked: str) -> float:
    a, b = (Counter(re.findall(r"\w+", text.lower())) for text in (found, marked))
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def records(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").strip().split("\n")]


def through(suffix: str) -> Callable[[str], str]:
    """Read a text as a file of that ending."""

    def read(text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"page{suffix}")
            path.write_text(text, "utf-8", newline="")
            try:
                return wb.read(path, language="any").text
            except wb.DocumentError as error:
                print(error)
                return ""

    return read


def as_files(texts: list[str]) -> tuple[int, float]:
    """How many words are kept of the texts as files of a folder; megabytes read a second, the best of three times."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number:05}.txt").write_text(text, "utf-8", newline="")
        for _ in range(3):
            started = time.process_time()
            found = list(wb.read_all(folder, language="any"))
            seconds.append(time.process_time() - started)
    kept = sum(len(item.text.split()) for item in found if isinstance(item, wb.Document))
    return kept, sum(len(text.encode()) for text in texts) / min(seconds) / 1e6


def long_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if len(line.split()) >= 8)


def peers_for_html() -> dict[str, Callable[[str], str]]:
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed: skipped")
        return {}
    return {"trafilatura": lambda html: trafilatura.extract(html) or ""}


def validity() -> list[tuple[object, ...]]:
    """Rows (measure, on, n, ours, best peer), cross-validated where learned; none without the pages."""
    if not (GOLD / "cleaning.jsonl").exists():
        return []
    pages = records("cleaning.jsonl")

    def f1(source: str, reader: Callable[[str], str], pages: list[dict[str, str]] = pages) -> str:
        return f"{np.mean([word_f1(reader(page[source]), page['clean']) for page in pages]):.3f}"

    card = (Path(wb.__file__).parent / "documents" / "cleaning.md").read_text("utf-8")
    crossed = card.split("rules of `cleaning.tsv` included:\n")[1][:5]
    on, peer = "article-extraction-benchmark", f"{f1('dirty', long_lines)} (lines of 8 words or more)"
    rows: list[tuple[object, ...]] = [
        ("the article's words from plain text, F1, cross-validated", on, len(pages), crossed, peer)
    ]
    for where, html in {on: pages, "news pages of 2023": records("cleaning_news2023.jsonl")}.items():
        peers = [f"{f1('html', reader, html)} ({name})" for name, reader in peers_for_html().items()]
        ours = f1("html", through(".html"), html)
        rows.append(
            (
                "the article's words from HTML, F1",
                f"{where}, seen in development",
                len(html),
                ours,
                max(peers, default=""),
            )
        )
    return rows


def main() -> None:
    pages = records("cleaning.jsonl")
    plain = {"workbench (seen in training)": through(".txt"), "lines of 8 words or more": long_lines, "nothing": str}
    html = {"workbench": through(".html"), **peers_for_html()}
    for source, readers in (("dirty", plain), ("html", html)):
        for name, reader in readers.items():
            scores = [word_f1(reader(page[source]), page["clean"]) for page in pages]
            error = np.std(scores) / len(scores) ** 0.5
            print(f"{source:6} {name:30} word F1 {np.mean(scores):.3f} (standard error {error:.3f}, n = {len(scores)})")
    onestop = records("readability_onestop.jsonl")
    clean = {
        "quotations_dev, _train": [r["text"] for part in ("dev", "train") for r in records(f"quotations_{part}.jsonl")],
        "readability_onestop": [record[level] for record in onestop for level in ("ele", "int", "adv")],
        "cleaning, article bodies": [page["clean"] for page in pages],
    }
    clean["readability_clear, excerpts"] = [record["text"] for record in records("readability_clear.jsonl")]
    for name, texts in clean.items():
        kept, speed = as_files(texts)
        words = sum(len(text.split()) for text in texts)
        print(f"{name:30} {1 - kept / words:.2%} of {words:,} words removed, {len(texts)} texts, {speed:.1f} MB/s")


if __name__ == "__main__":
    main()
