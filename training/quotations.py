"""Train the weights of `workbench.attribution` on PolNeAR and write them with their data card.

usage: python training/quotations.py      from the repository's root; $WORKBENCH_GOLD (else ../shared/gold) holds the
corpus, $WORKBENCH_PARSES, if set, a folder to keep the parses in. Deterministic. About ten minutes on one core.
"""

import json
import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import spacy
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.tokens import Doc, DocBin

from workbench import attribution
from workbench.candidates import Cue, candidates, cues
from workbench.clues import Rivals, cue_features, floating_features, span_features
from workbench.documents import Document
from workbench.language import Tokens, model_name, parse, pipeline
from workbench.marks import Parse, Pieces

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
FOLDS = 5
SMALLEST_COUNT = {"cue": 3, "span": 6, "speaker": 3, "floating": 3}
VARIANCE = {"cue": 0.2, "span": 0.35, "speaker": 0.3, "floating": 1.0}  # of each weight's normal prior
SMALLEST_WEIGHT = 0.035
CARD = """# quotations.json

Weights of four logistic models, whose features are written out in `workbench/clues.py`: `cue`, whether a word
attributes others to someone; `span`, which of the stretches of words that it may attribute; `speaker`, who of those
named around it speaks; `floating`, whether a quotation without a cue is speech.

- Trained on the {n} training articles of PolNeAR 1.0 (Newell, Margolin & Ruths 2018, "An Attribution Relations Corpus
  for Political News", LREC), US political news of 2015 and 2016; {quotations} attributions marked by hand, beliefs and
  intentions among them.
- The corpus states no licence and is given for research; no text of it is here. A weight says how much a feature (a
  lemma with a relation, a part of speech, a length) counts; features seen fewer than {smallest} times are left out.
- Parsed with en_core_web_sm {model}; with other pipelines the accuracy is not known.
- {weights} weights; made {today} by training/quotations.py.
- How well they do: `validity.csv`, made by `python -m benchmarks quotations`. On articles that took no part in training
  (five-fold cross-validation over these {n}), with 95 % intervals over articles: words_reported_f1 0.868
  [0.861, 0.875], words_direct_f1 0.976 [0.965, 0.985], span_f1 0.657 [0.647, 0.666], speaker_accuracy 0.957
  [0.953, 0.962], end_to_end_f1 0.635 [0.625, 0.646].
"""


def articles(part: str) -> list[tuple[dict, Parse]]:
    """The part's records, each with its parse."""
    records = [json.loads(line) for line in (GOLD / f"quotations_{part}.jsonl").read_text("utf-8").splitlines()]
    return [(record, Parse(Tokens(doc))) for record, doc in zip(records, parses(part, records), strict=True)]


def parses(part: str, records: list[dict]) -> Iterator[Doc]:
    """The parses of the records' texts, kept in $WORKBENCH_PARSES if that is set."""
    folder = os.environ.get("WORKBENCH_PARSES")
    kept = Path(folder, f"{part}.spacy") if folder else None
    if kept and kept.exists():
        yield from DocBin().from_disk(kept).get_docs(spacy.blank("en").vocab)
        return
    attributes = ["ORTH", "LEMMA", "POS", "TAG", "DEP", "HEAD", "ENT_TYPE", "ENT_IOB", "SENT_START", "SPACY", "MORPH"]
    parsed = DocBin(attributes)
    for record in records:
        doc = parse(Document.from_text(record["text"]))
        parsed.add(doc)
        yield doc
    if kept:
        parsed.to_disk(kept)


def tokens(p: Parse, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The tokens that character spans touch."""
    touched: set[int] = set()
    for start, end in spans:
        token = bisect_right(p.end, start)
        while token < len(p.start) and p.start[token] < end:
            touched.add(token)
            token += 1
    return touched


def similarity(p: Parse, cue: Cue, found: list[Pieces], record: dict) -> list[float]:
    """For each stretch, the greatest Jaccard overlap in words with what an annotator gave this cue."""
    best = [0.0] * len(found)
    for quotation in record["quotations"]:
        if cue.token in quotation["cue_tokens"]:
            for k, pieces in enumerate(found):
                words = {t for first, last in pieces for t in range(first, last + 1) if p.word[t]}
                best[k] = max(best[k], len(words & quotation["words"]) / len(words | quotation["words"]))
    return best


class Features:
    """Feature strings to the columns of a sparse matrix; those seen seldom are left out."""

    def __init__(self, rows: Iterable[list[str]], smallest: int) -> None:
        counts = Counter(feature for row in rows for feature in set(row))
        self.column = {feature: k for k, feature in enumerate(sorted(f for f, n in counts.items() if n >= smallest))}

    def matrix(self, rows: list[list[str]]) -> csr_matrix:
        """A row each, 1 where it has the feature."""
        columns = [sorted({self.column[f] for f in row if f in self.column}) for row in rows]
        ends = np.cumsum([0, *map(len, columns)])
        entries = np.concatenate([np.array(c, dtype=np.int32) for c in columns])
        return csr_matrix((np.ones(len(entries)), entries, ends), shape=(len(rows), len(self.column)))

    def weights(self, fitted: np.ndarray) -> dict[str, float]:
        """Those that matter, rounded, by feature."""
        kept = {f: round(float(fitted[k]), 2) for f, k in self.column.items() if abs(fitted[k]) >= SMALLEST_WEIGHT}
        return dict(sorted(kept.items()))


def logistic(x: csr_matrix, y: np.ndarray, variance: float) -> np.ndarray:
    """The weights of a logistic regression with a normal prior."""
    transposed = x.T.tocsr()

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        return (np.logaddexp(0, z) - y * z).sum() + w @ w / variance / 2, transposed @ (
            1 / (1 + np.exp(-z)) - y
        ) + w / variance

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x


def choice(x: csr_matrix, ends: np.ndarray, y: np.ndarray, variance: float) -> np.ndarray:
    """The weights of a conditional choice: in each group of rows one is right, of several right ones any."""
    transposed, sizes = x.T.tocsr(), np.diff(ends)

    def shares(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        top = np.maximum.reduceat(z, ends[:-1])
        powers = np.exp(z - np.repeat(top, sizes))
        totals = np.add.reduceat(powers, ends[:-1])
        return powers / np.repeat(totals, sizes), top + np.log(totals)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        share, total = shares(z)
        right_share, right_total = shares(np.where(y > 0, z, -1e9))
        return (total - right_total).sum() + w @ w / variance / 2, transposed @ (
            share - right_share * (y > 0)
        ) + w / variance

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 120}).x


def trained(training: list[tuple[dict, Parse]]) -> dict[str, dict[str, float]]:
    """The weights of the four models, each trained on what those before it give on articles not seen by them."""
    for record, p in training:
        for quotation in record["quotations"]:
            quotation["cue_tokens"] = tokens(p, quotation["cue"])
            quotation["words"] = {t for t in tokens(p, quotation["content"]) if p.word[t]}
    found = [(article, cue) for article, (_, p) in enumerate(training) for cue in cues(p)]
    article = np.array([n for n, _ in found])
    marked = [set().union(*(q["cue_tokens"] for q in record["quotations"])) for record, _ in training]
    stretches = [candidates(training[n][1], cue) if cue.token in marked[n] else [] for n, cue in found]
    same = [
        similarity(training[n][1], cue, [c.pieces for c in options], training[n][0])
        for (n, cue), options in zip(found, stretches, strict=True)
    ]
    right = np.array([max(values, default=0) >= attribution.SAME for values in same], dtype=float)
    rows = [cue_features(training[n][1], cue) for n, cue in found]
    features = Features(rows, SMALLEST_COUNT["cue"])
    x = features.matrix(rows)
    print("cues", x.shape, int(right.sum()), flush=True)
    unseen = np.zeros(len(found))
    for fold in range(FOLDS):
        held = article % FOLDS == fold
        unseen[held] = 1 / (1 + np.exp(-(x[held] @ logistic(x[~held], right[~held], VARIANCE["cue"]))))
    model = {"cue": features.weights(logistic(x, right, VARIANCE["cue"]))}
    del x, rows
    rivals = {
        n: Rivals([(cue, float(likely)) for (_, cue), likely in zip(found[a:b], unseen[a:b], strict=True)])
        for n in range(len(training))
        for a, b in [np.searchsorted(article, [n, n + 1])]
    }
    chosen = np.flatnonzero(right)
    rows = [span_features(training[article[k]][1], c, rivals[article[k]]) for k in chosen for c in stretches[k]]
    ends = np.cumsum([0, *(len(stretches[k]) for k in chosen)])
    y = np.concatenate([np.array(same[k]) >= attribution.SAME for k in chosen]).astype(float)
    features = Features(rows, SMALLEST_COUNT["span"])
    x = features.matrix(rows)
    print("stretches", x.shape, flush=True)
    model["span"] = features.weights(choice(x, ends, y, VARIANCE["span"]))
    model["speaker"] = _speaker(training, [found[k] for k in chosen])
    model["floating"] = _floating(training, model)
    return model


def _speaker(training: list[tuple[dict, Parse]], found: list[tuple[int, Cue]]) -> dict[str, float]:
    """Trained on the cues that are right and have a source among the options."""
    rows, ends, y = [], [0], []
    for n, cue in found:
        record, p = training[n]
        quotation = next(q for q in record["quotations"] if cue.token in q["cue_tokens"])
        source = tokens(p, quotation["source"])
        options = attribution.speaker_options(p, cue)
        right = [token in source or _relative(p, cue.token, token) in source for token, _ in options]
        if any(right) and len(options) > 1:
            rows += [features for _, features in options]
            y += right
            ends.append(len(rows))
    features = Features(rows, SMALLEST_COUNT["speaker"])
    print("speakers", len(ends) - 1, len(rows), flush=True)
    return features.weights(
        choice(features.matrix(rows), np.array(ends), np.array(y, dtype=float), VARIANCE["speaker"])
    )


def _relative(p: Parse, cue: int, speaker: int) -> int:
    """The pronoun by which a relative clause speaks of its speaker, which the annotators often marked in its place."""
    if p.dep[cue] != "relcl" or p.head[cue] != speaker:
        return -1
    return next((k for k in p.children[cue] if p.lower[k] in ("who", "which", "that")), -1)


def _floating(training: list[tuple[dict, Parse]], model: dict[str, dict[str, float]]) -> dict[str, float]:
    """Trained on the quotations that the other two models leave."""
    attribution.weights = lambda: model  # type: ignore[assignment]
    rows, y = [], []
    for record, p in training:
        words = set().union(*(quotation["words"] for quotation in record["quotations"]))
        for number, taken in attribution.left_over(p, attribution.chosen(p)):
            rows.append(floating_features(p, number, taken))
            first, last = p.quotes[number]
            own = [t for t in range(first, last + 1) if p.word[t]]
            y.append(2 * len(words.intersection(own)) > len(own))
    features = Features(rows, SMALLEST_COUNT["floating"])
    print("floating", len(rows), sum(y), flush=True)
    return features.weights(logistic(features.matrix(rows), np.array(y, dtype=float), VARIANCE["floating"]))


def main() -> None:
    training = articles("train")
    model = trained(training)
    attribution.MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
    card = CARD.format(
        n=len(training),
        quotations=sum(len(record["quotations"]) for record, _ in training),
        smallest=SMALLEST_COUNT["cue"],
        model=pipeline(model_name()).meta["version"],
        weights=sum(map(len, model.values())),
        today=date.today(),
    )
    attribution.MODEL.with_suffix(".md").write_text(card, "utf-8")


if __name__ == "__main__":
    main()
