"""Figures for `workbench.analyses.quotations.table` beside its peers': on general news, and on PolNeAR's dev part.

usage: python benchmarks/quotations.py      $WORKBENCH_GOLD (else ../shared/gold) holds the gold sets and their scorers

On general news the last model, which gives the confidence, is one that has not seen the article
(training/quotations_folded.json); the others have learned from politics alone.
"""

import gc
import importlib.util
import json
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import attribution, marks
from workbench.analyses.quotations.table import direct_speech, quotations
from workbench.documents.document import Document
from workbench.language.parsing import parse

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
FOLDED = Path(__file__).parents[1] / "training" / "quotations_folded.json"
GENERAL, POLITICS = "speech_general", "quotations_dev"
SCORERS = {GENERAL: "score_speech", POLITICS: "score_quotations"}
SETS = {
    GENERAL: "general news (BBC, 36 outlets), 31 articles, cross-validated",
    POLITICS: "PolNeAR dev (US politics), 84 articles, seen in development",
}
LABELS = {
    GENERAL: {
        "words_f1": "words in reported speech of any kind, F1",
        "right_f1": "quotations right (Jaccard over 0.5), F1",
        "right_unmarked_f1": "quotations without marks right, F1",
        "whole_f1": "whole quotations (Jaccard 0.8), F1",
        "speaker": "speaker of a quotation found, accuracy",
    },
    POLITICS: {
        "words_direct_f1": "words in direct quotation, F1",
        "words_reported_f1": "words in reported speech of any kind, F1",
        "span_f1": "whole quotations (Jaccard 0.8), F1",
        "speaker_accuracy": "speaker of a quotation found, accuracy",
        "end_to_end_f1": "quotation and speaker, F1",
    },
}
KINDS = ("direct", "mixed", "indirect")
GENRES = {"BBC news of 2004/5": "bbc", "36 outlets of 2023": "news2023"}
_MARKED = re.compile("[\"“”„«»‘]|''|``")
# What the Gender Gap Tracker's paper calls reporting verbs: those of its syntactic rule.
_REPORTING = frozenset(
    (
        "accuse acknowledge add admit advise agree allege announce answer argue ask assert assure believe boast claim "
        "comment complain concede conclude confirm contend declare deny describe emphasize estimate exclaim explain "
        "express find forecast hint imply indicate inform insist joke maintain mention note observe point predict "
        "proclaim promise recall recommend remark remind repeat reply report respond reveal say state stress suggest "
        "suspect tell testify think urge vow warn wonder write"
    ).split()
)
_LEAST_WORDS = 4  # of a quotation between marks, in the tracker's rules
Predicted = list[dict]  # a quotation each: content and source, lists of [start, end], entity, kind, confidence


def ours(document: Document) -> Predicted:
    """All but scare quotes, pieces joined."""
    table = quotations(document)
    found = []
    for _, pieces in table[table["kind"] != "scare"].groupby("quotation"):
        first = pieces.iloc[0]
        source = [] if first["speaker"] == "" else [[int(first["speaker_start"]), int(first["speaker_end"])]]
        row = {"content": pieces[["start", "end"]].to_numpy().tolist(), "source": source, "kind": first["kind"]}
        found.append(row | {"entity": first["speaker_entity"], "confidence": float(first["confidence"])})
    return found


def unseen(number: int, document: Document) -> Predicted:
    """Ours of the general article with this number, by a confidence that has not seen it."""
    model, folded = attribution.model(), json.loads(FOLDED.read_text("utf-8"))
    shipped, model["confidence"] = model["confidence"], folded[number % len(folded)]
    try:
        return ours(Document.from_text(document.text))
    finally:
        model["confidence"] = shipped


def marks_alone(document: Document) -> Predicted:
    """Everything between quotation marks, of nobody."""
    return [{"content": [list(pair)], "source": []} for pair in marks.pairs(document.text)]


def tracker(document: Document) -> Predicted:
    """By the rules that the Gender Gap Tracker's paper states (Asr et al. 2021), written anew.

    A clausal complement of a reporting verb is what its subject says; what stands before or after "according to" is of
    its object; what stands between marks and is no part of those is of whoever spoke before.
    """
    doc, found = parse(document), []

    def span(tokens: Iterable) -> list[int]:
        tokens = sorted(tokens, key=lambda token: token.i)
        return [tokens[0].idx, tokens[-1].idx + len(tokens[-1])]

    for token in doc:
        subjects = [child for child in token.head.children if child.dep_ in ("nsubj", "nsubjpass")]
        if token.dep_ == "ccomp" and token.head.lemma_.lower() in _REPORTING and subjects:
            found.append((span(token.subtree), span(subjects[0].subtree)))
        elif token.lower_ == "according":
            objects = [k for prep in token.children for k in prep.children if k.dep_ == "pobj"]
            beside = set(token.sent) - set(token.subtree)
            if objects and beside:
                found.append((span(beside), span(objects[0].subtree)))
    for start, end in marks.pairs(document.text):
        if len(document.text[start:end].split()) >= _LEAST_WORDS and not any(
            a < end and start < b for (a, b), _ in found
        ):
            before = [source for (_, b), source in found if b <= start]
            found.append(([start, end], before[-1] if before else None))
    return [
        {
            "content": [content],
            "source": [source] if source else [],
            "entity": document.text[slice(*source)] if source else "",
        }
        for content, source in sorted(found, key=lambda row: row[0])
    ]


def textacy_quotations(document: Document) -> Predicted:
    """textacy's direct quotations; nothing where it refuses the text."""
    from textacy.extract import triples

    try:
        found = list(triples.direct_quotations(parse(document)))
    except ValueError:
        return []
    ends = [(q.content.start_char, q.content.end_char, q.speaker) for q in found]
    return [
        {
            "content": [[a, b]],
            "source": [[s[0].idx, s[-1].idx + len(s[-1])]] if s else [],
            "entity": " ".join(map(str, s)),
        }
        for a, b, s in ends
    ]


@cache
def records_of(name: str) -> tuple[list[dict], list[Document]]:
    """The records of a gold set, and their documents."""
    records = [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return records, [Document.from_text(record["text"]) for record in records]


def scored(name: str, gold: str, predicted: list[Predicted], records: list[dict]) -> dict[str, str]:
    """The figures that the gold set's scorer prints for the predicted quotations, by name."""
    spec = importlib.util.spec_from_file_location(SCORERS[gold], GOLD / f"{SCORERS[gold]}.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rows = [{"id": record["id"], "quotations": found} for record, found in zip(records, predicted, strict=True)]
    for row in rows:
        row["quotations"] = [{"entity": ""} | quotation for quotation in row["quotations"]]
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()) as printed:
        path = Path(folder, "predicted.jsonl")
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        scorer.main(str(GOLD / f"{gold}.jsonl"), str(path))
    print(f"== {name}: {SETS[gold]}\n{printed.getvalue()}", end="")
    return dict(line.split()[:2] for line in printed.getvalue().splitlines())


def matched(records: list[dict], predicted: list[Predicted]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The predicted and the gold quotations, a row each: article, kind, confidence, whether right (Jaccard over 0.5).

    Left out of the predicted: those most of whose words are in what is neither right nor wrong, and those within a
    longer gold one.
    """
    found, wanted = [], []
    for record, own in zip(records, predicted, strict=True):
        words = [(_words(record["text"], q["content"]), q) for q in record["quotations"]]
        gold = [(w, q) for w, q in words if q.get("type", "speech") == "speech" and not q.get("noun")]
        other = [w for w, q in words if q.get("type", "speech") != "speech" or q.get("noun")]
        predicted_words = [(_words(record["text"], q["content"]), q) for q in own]
        for w, q in predicted_words:
            right = any(2 * len(w & g) > len(w | g) for g, _ in gold)
            if right or not (any(2 * len(w & o) > len(w) for o in other) or any(w < g for g, _ in gold)):
                found.append((record["id"], q["kind"], q["confidence"], right))
        for g, q in gold:
            wanted.append(
                (
                    record["id"],
                    _kind(record["text"], q),
                    1.0,
                    any(2 * len(w & g) > len(w | g) for w, _ in predicted_words),
                )
            )
    columns = ["article", "kind", "confidence", "right"]
    return pd.DataFrame(found, columns=columns), pd.DataFrame(wanted, columns=columns)


def _words(text: str, spans: Iterable[Sequence[int]]) -> set[int]:
    return {start + match.start() for start, end in spans for match in re.finditer(r"\w+", text[start:end])}


def _kind(text: str, quotation: dict) -> str:
    """The kind that PolNeAR's records state; elsewhere indirect without a mark, direct within two."""
    content = "".join(text[start:end] for start, end in quotation["content"]).strip(" .,")
    marked = [match.span() for match in _MARKED.finditer(content)]
    whole = bool(marked) and marked[0][0] == 0 and marked[-1][1] == len(content)
    return quotation.get("kind") or ("direct" if whole else "mixed" if marked else "indirect")


def reliability(found: pd.DataFrame) -> pd.DataFrame:
    """Of the predicted quotations by tenth of confidence: how many, the mean confidence, the share that is right."""
    tenth = np.minimum((found["confidence"] * 10).astype(int), 9) / 10
    grouped = found.groupby(tenth)
    return pd.DataFrame(
        {"n": grouped.size(), "confidence": grouped["confidence"].mean(), "right": grouped["right"].mean()}
    )


def by_kind(found: pd.DataFrame, wanted: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    """(what, precision or recall, n, value) by kind and, of general news, by genre."""
    rows = []
    for figure, table in (("precision", found), ("recall", wanted)):
        parts = {f"{kind} quotations right": table["kind"] == kind for kind in KINDS}
        parts |= {
            f"{genre}: quotations right": table["article"].str.startswith(start) for genre, start in GENRES.items()
        }
        rows += [
            (name, figure, int(kept.sum()), table.loc[kept, "right"].mean())
            for name, kept in parts.items()
            if kept.any()
        ]
    return sorted(rows, key=lambda row: row[0], reverse=False)


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


def validity() -> list[tuple[object, ...]]:
    """Rows (measure, on, n, ours, best peer); none without the gold sets."""
    rows: list[tuple[object, ...]] = []
    for gold, on in SETS.items():
        if not (GOLD / f"{gold}.jsonl").exists():
            continue
        records, documents = records_of(gold)
        predicted = (
            [unseen(*numbered) for numbered in enumerate(documents)] if gold == GENERAL else [*map(ours, documents)]
        )
        figures = scored("workbench", gold, predicted, records)
        peer = [tracker(document) for document in documents]
        for record, quotations_ in zip(records, peer, strict=True):
            for quotation in quotations_:
                quotation |= {"kind": _kind(record["text"], quotation), "confidence": 1.0}
        peers = scored("Gender Gap Tracker's rules", gold, peer, records)
        found, wanted = matched(records, predicted)
        theirs = {row[:2]: row[3] for row in by_kind(*matched(records, peer))}
        for name, figure, n, value in by_kind(found, wanted):
            best = f"{theirs[name, figure]:.3f} (Gender Gap Tracker's rules)" if (name, figure) in theirs else "–"
            rows.append((f"{name}, {figure}", on, n, f"{value:.3f}", best))
        n = len(wanted)
        rows += [
            (label, on, n, figures[name], f"{peers[name]} (Gender Gap Tracker's rules)")
            for name, label in LABELS[gold].items()
        ]
        if gold == GENERAL:
            table = reliability(found)
            print(table.round(2).to_string())
            fitted = f"{on}; the confidence's shift and slope fitted on these articles"
            rows += [
                (
                    f"right of those with a confidence of {low:.1f} to {low + 0.1:.1f}",
                    fitted,
                    int(n),
                    f"{right:.3f}",
                    "–",
                )
                for low, (n, right) in table[["n", "right"]].iterrows()
            ]
            gap = ((table["right"] - table["confidence"]).abs() * table["n"]).sum() / table["n"].sum()
            rows.append(
                ("confidence and share right, mean difference by tenths", fitted, len(found), f"{gap:.3f}", "–")
            )
    return rows


def main() -> None:
    if not (GOLD / f"{POLITICS}.jsonl").exists():
        sys.exit(f"{GOLD}: no gold sets here; set WORKBENCH_GOLD to their folder")
    records, documents = records_of(POLITICS)
    parsing = _seconds(parse, documents)
    naming = _seconds(mentions, documents)
    quoting = _seconds(quotations, documents)
    words = sum(len(parse(document)) for document in documents)
    print(f"parse: {words / parsing:,.0f} tokens/s; on top of it, as a share of its time, at most 0.2:")
    print(f"quotations {quoting / parsing:.3f}, the names that they share with entities {naming / parsing:.3f}")
    density(records, documents)
    for gold in SETS:
        records, documents = records_of(gold)
        scored("marks alone", gold, [marks_alone(document) for document in documents], records)
        if importlib.util.find_spec("textacy"):
            scored("textacy", gold, [textacy_quotations(document) for document in documents], records)
        else:
            print("== textacy is not installed: skipped")
    for measure, on, n, own, peer in validity():
        print(f"{measure} ({on}, n {n}): {own}; {peer}")


if __name__ == "__main__":
    main()
