"""Figures for `workbench.analyses.quotations.table` beside its peers', on the development articles of PolNeAR.

usage: python benchmarks/quotations.py      $WORKBENCH_GOLD (else ../shared/gold) holds the corpus and its scorer
"""

import gc
import importlib.util
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import marks
from workbench.analyses.quotations.table import direct_speech, quotations
from workbench.documents.document import Document
from workbench.language.parsing import parse

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
LABELS = {
    "words_direct_f1": "words in direct quotation, F1",
    "words_reported_f1": "words in reported speech of any kind, F1",
    "span_f1": "whole quotations (Jaccard 0.8), F1",
    "speaker_accuracy": "speaker of a quotation found, accuracy",
    "end_to_end_f1": "quotation and speaker, F1",
}
PUBLISHED = {"words_reported_f1": "0.695", "span_f1": "0.384", "speaker_accuracy": "0.933", "end_to_end_f1": "0.375"}
PEERS = dict.fromkeys(LABELS, " (Gender Gap Tracker, other articles of the corpus)") | {
    "words_direct_f1": " (marks alone)"
}
Predicted = list[dict[str, list[list[int]]]]  # a quotation each: content and source, lists of [start, end]


def ours(document: Document) -> Predicted:
    """All but scare quotes, pieces joined."""
    table = quotations(document)
    found = []
    for _, pieces in table[table["kind"] != "scare"].groupby("quotation"):
        first = pieces.iloc[0]
        source = [] if first["speaker"] == "" else [[int(first["speaker_start"]), int(first["speaker_end"])]]
        found.append({"content": pieces[["start", "end"]].to_numpy().tolist(), "source": source})
    return found


def marks_alone(document: Document) -> Predicted:
    """Everything between quotation marks, of nobody."""
    return [{"content": [list(pair)], "source": []} for pair in marks.pairs(document.text)]


def textacy_quotations(document: Document) -> Predicted:
    """textacy's direct quotations; nothing where it refuses the text."""
    from textacy.extract import triples

    try:
        found = list(triples.direct_quotations(parse(document)))
    except ValueError:
        return []
    ends = [(q.content.start_char, q.content.end_char, q.speaker) for q in found]
    return [{"content": [[a, b]], "source": [[s[0].idx, s[-1].idx + len(s[-1])]] if s else []} for a, b, s in ends]


def scored(
    name: str, find: Callable[[Document], Predicted], records: list[dict], documents: list[Document]
) -> dict[str, str]:
    """Print the scorer's figures and the time taken; the figures by name."""
    spec = importlib.util.spec_from_file_location("score_quotations", GOLD / "score_quotations.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    began = time.process_time()
    predicted = [{"id": r["id"], "quotations": find(d)} for r, d in zip(records, documents, strict=True)]
    seconds = time.process_time() - began
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()) as printed:
        path = Path(folder, "predicted.jsonl")
        path.write_text("".join(json.dumps(row) + "\n" for row in predicted), "utf-8")
        scorer.main(str(GOLD / "quotations_dev.jsonl"), str(path))
    print(f"== {name} ({seconds:.1f} s for {len(documents)} articles)\n{printed.getvalue()}", end="")
    return dict(line.split()[:2] for line in printed.getvalue().splitlines())


def density(records: list[dict], documents: list[Document]) -> None:
    """Print the mean error of the share of an article's letters that is direct speech, ours and marks alone.

    Once within the marks that the corpus counts, once by our own marks: the corpus leaves ''…'' out, which 8 % of its
    articles have, and single and unclosed ones.
    """
    errors: dict[str, list[float]] = defaultdict(list)
    for record, document in zip(records, documents, strict=True):
        letters = {k for k, character in enumerate(document.text) if character.isalnum()}
        content = _places(span for quotation in record["quotations"] for span in quotation["content"])
        truth = letters & _places(record["quoted"]) & content
        speech = direct_speech(document)
        found = {"workbench": _places(zip(speech["start"], speech["end"], strict=True))}
        found["marks alone"] = _places(marks.pairs(document.text))
        for name, places in found.items():
            for within, kept in (("the corpus's marks", _places(record["quoted"])), ("all marks", letters)):
                errors[f"{name}, {within}"].append((len(letters & places & kept) - len(truth)) / max(1, len(letters)))
    for name, values in errors.items():
        print(f"mean error of direct quote density, {name}: {np.abs(values).mean():.4f} (bias {np.mean(values):+.4f})")


def _places(spans: Iterable[Sequence[int]]) -> set[int]:
    return {k for start, end in spans for k in range(start, end)}


def _seconds(analysis: Callable[[Document], object], documents: list[Document]) -> float:
    """Processor time of the analysis of all documents; none pays for what was kept before."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    for document in documents:
        analysis(document)
    return time.process_time() - began


def development() -> tuple[list[dict], list[Document]]:
    """The development articles: their records and their documents."""
    records = [json.loads(line) for line in (GOLD / "quotations_dev.jsonl").read_text("utf-8").splitlines()]
    return records, [Document.from_text(record["text"]) for record in records]


def validity() -> list[tuple[object, ...]]:
    """Rows (measure, on, n, ours, best peer); none without the corpus."""
    if not (GOLD / "quotations_dev.jsonl").exists():
        return []
    records, documents = development()
    found = scored("workbench", ours, records, documents)
    peers = PUBLISHED | {"words_direct_f1": scored("marks", marks_alone, records, documents)["words_direct_f1"]}
    on = "PolNeAR dev, 84 articles, seen in development"
    n = sum(len(record["quotations"]) for record in records)
    return [(label, on, n, found[figure], peers[figure] + PEERS[figure]) for figure, label in LABELS.items()]


def main() -> None:
    if not (GOLD / "quotations_dev.jsonl").exists():
        sys.exit(f"{GOLD}: no gold corpus here; set WORKBENCH_GOLD to its folder")
    records, documents = development()
    parsing = _seconds(parse, documents)
    naming = _seconds(mentions, documents)
    quoting = _seconds(quotations, documents)
    words = sum(len(parse(document)) for document in documents)
    print(f"parse: {words / parsing:,.0f} tokens/s; on top of it, as a share of its time:")
    print(f"quotations {quoting / parsing:.3f}, the names that they share with entities {naming / parsing:.3f}")
    scored("workbench", ours, records, documents)
    scored("marks alone", marks_alone, records, documents)
    if importlib.util.find_spec("textacy"):
        scored("textacy", textacy_quotations, records, documents)
    else:
        print("== textacy is not installed: skipped")
    density(records, documents)


if __name__ == "__main__":
    main()
