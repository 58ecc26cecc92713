"""Train the weights of `workbench.analyses.quotations.attribution` on PolNeAR and write them with their data card.

usage: python training/quotations.py      from the repository's root; $WORKBENCH_GOLD (else ../shared/gold) holds the
corpus, $WORKBENCH_PARSES, if set, a folder to keep the parses in. Deterministic. About ten minutes on one core, two
with the parses kept.
"""

import json
import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import spacy
from linear import Features, choice, logistic
from networks import fitted
from spacy.tokens import Doc, DocBin

from workbench.analyses.quotations import attribution, uncued
from workbench.analyses.quotations.candidates import candidates
from workbench.analyses.quotations.clauses import said
from workbench.analyses.quotations.confidence import Choice, choice_features
from workbench.analyses.quotations.context import (
    CUE_INPUTS,
    WORD_INPUTS,
    around_cues,
    around_words,
    log_odds,
    strengths,
)
from workbench.analyses.quotations.cues import Cue, cues
from workbench.analyses.quotations.features import (
    Rivals,
    cue_features,
    floating_features,
    span_features,
    speaker_features,
)
from workbench.analyses.quotations.marks import Parse, Pieces
from workbench.analyses.quotations.weights import Block
from workbench.documents.document import Document
from workbench.language.model import model_name, pipeline
from workbench.language.parsing import Tokens, parse
from workbench.statistics.networks import logistic as chance

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
FOLDS = 5
EVERY = 3
SMALLEST_COUNT = {"cue": 3, "span": 6, "speaker": 3, "floating": 3, "confidence": 3}
VARIANCE = {"cue": 0.2, "span": 0.35, "speaker": 0.3, "floating": 1.0, "confidence": 0.1}  # of each weight's prior
GENERAL_WEIGHT = 60  # so that politics and general news count about the same
FOLDED = Path(__file__).with_name("quotations_folded.json")  # confidence without each fifth of the general articles
NETWORK: dict[str, dict] = {
    "cue": {"epochs": 4, "batch": 256, "dropout": 0.5},
    "word": {"epochs": 3, "batch": 512, "dropout": 0.0},
}
LINEAR = ("cue", "span", "speaker", "floating")
CARD = """# quotations.json

Weights of five linear models, whose features are written out in `features.py` and `confidence.py`: `cue`, whether a
word attributes others to someone; `span`, which of the stretches of words that it may attribute; `speaker`, who of
those named around it speaks; `floating`, whether a quotation without a cue is speech; `confidence`, whether what was
chosen is a quotation on any news, by what all genres share. And two small networks (`statistics/networks.py`),
a row of numbers for each input: `cue network` judges a possible cue anew by what stands around it, other cues and the
vectors of the tagger and parser; `word network` tells how likely a word is to be reported, whichever cue does it.
Taken are the stretches that are worth most together, in whole quotations and in words.

- Trained on the {n} training articles of PolNeAR 1.0 (Newell, Margolin & Ruths 2018, "An Attribution Relations Corpus
  for Political News", LREC), US political news of 2015 and 2016; {quotations} attributions marked by hand, beliefs and
  intentions among them, but for contents without a clause and without marks ("supports the bill"), which are no
  quotations and so negatives. Each model learns from what those before it give on articles that they have not seen.
- `confidence` has learned from 31 articles of general news as well (BBC 2004/5 and outlets of 2023, marked by hand, for
  research use), which count as much as politics do. `training/quotations_folded.json` has it without each fifth of
  these, to measure by.
- The corpus states no licence and is given for research; no text of it is here. A weight says how much a feature (a
  lemma with a relation, a part of speech, a length) counts; features seen fewer than {smallest} times (of stretches
  {smallest_span}) are left out.
- Parsed with en_core_web_sm {model}; with other pipelines the accuracy is not known, and the network of cues, which
  knows that pipeline's vectors only, is left out.
- {weights} weights, {numbers} numbers in networks; made {today} by training/quotations.py.
- How well they do: `validity.csv`, made by `python -m benchmarks quotations`.
"""


def articles(part: str) -> list[tuple[dict, Parse]]:
    """The part's records, each with its parse."""
    records = [json.loads(line) for line in (GOLD / f"{part}.jsonl").read_text("utf-8").splitlines()]
    return [(record, Parse(Tokens(doc))) for record, doc in zip(records, parses(part, records), strict=True)]


def parses(part: str, records: list[dict]) -> Iterator[Doc]:
    """The parses of the records' texts, kept in $WORKBENCH_PARSES if that is set."""
    folder = os.environ.get("WORKBENCH_PARSES")
    kept, beside = (Path(folder or ".", f"{part}.{ending}") for ending in ("spacy", "npz"))
    if folder and kept.exists() and beside.exists():
        vectors = np.load(beside)
        docs = DocBin().from_disk(kept).get_docs(spacy.blank("en").vocab)
        for doc, vector in zip(docs, np.split(vectors["t"], vectors["ends"][1:-1]), strict=True):
            doc.tensor = vector
            yield doc
        return
    attributes = ["ORTH", "LEMMA", "POS", "TAG", "DEP", "HEAD", "ENT_TYPE", "ENT_IOB", "SENT_START", "SPACY", "MORPH"]
    parsed, tensors = DocBin(attributes), []
    for record in records:
        doc = parse(Document.from_text(record["text"]))
        parsed.add(doc)
        tensors.append(doc.tensor)
        yield doc
    if folder:
        parsed.to_disk(kept)
        np.savez(beside, t=np.concatenate(tensors), ends=np.cumsum([0, *map(len, tensors)]))


def written(blocks: Iterable[Block], size: int) -> list[list[str]]:
    """The features of each of so many rows, as they are written."""
    rows: list[list[str]] = [[] for _ in range(size)]
    for block in blocks:
        for name, parts in block.columns():
            for row, *values in zip(block.rows, *(block.seen[part] for part in parts), strict=True):
                rows[row].append(f"{name}={'|'.join(values)}")
    return rows


def by_name(weights: dict[str, float]) -> dict[str, dict[str, float]]:
    """The weights of features of a name with as many values ("lemma|dep 2"), by their values."""
    alike = defaultdict[str, dict[str, float]](dict)
    for feature, weight in weights.items():
        name, _, values = feature.partition("=")
        alike[f"{name} {values.count('|') + 1}"][values] = weight
    return dict(alike)


def tokens(p: Parse, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The tokens that character spans touch."""
    touched: set[int] = set()
    for start, end in spans:
        token = bisect_right(p.end, start)
        while token < len(p.start) and p.start[token] < end:
            touched.add(token)
            token += 1
    return touched


def runs(touched: set[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of tokens."""
    ordered = sorted(touched)
    breaks = [k for k in range(1, len(ordered)) if ordered[k] > ordered[k - 1] + 1]
    yield from ((ordered[a], ordered[b - 1]) for a, b in pairwise([0, *breaks, len(ordered)]) if a < b)


def similarity(p: Parse, cue: Cue, found: list[Pieces], record: dict) -> list[float]:
    """For each stretch, the greatest Jaccard overlap in words with what an annotator gave this cue."""
    best = [0.0] * len(found)
    for quotation in record["quotations"]:
        if cue.token in quotation["cue_tokens"]:
            for k, pieces in enumerate(found):
                words = {t for first, last in pieces for t in range(first, last + 1) if p.word[t]}
                best[k] = max(best[k], len(words & quotation["words"]) / len(words | quotation["words"]))
    return best


class CueData:
    """The cues of the training articles: what each may attribute, how like what it does that is, which are right."""

    def __init__(self, training: list[tuple[dict, Parse]]) -> None:
        self.training = training
        self.found = [(article, cue) for article, (_, p) in enumerate(training) for cue in cues(p)]
        self.article = np.array([n for n, _ in self.found])
        marked = [set().union(*(q["cue_tokens"] for q in record["quotations"])) for record, _ in training]
        self.stretches = [candidates(training[n][1], cue) if cue.token in marked[n] else [] for n, cue in self.found]
        self.same = [
            similarity(training[n][1], cue, [c.pieces for c in options], training[n][0])
            for (n, cue), options in zip(self.found, self.stretches, strict=True)
        ]
        self.right = np.array([max(values, default=0) >= attribution.SAME for values in self.same], dtype=float)
        self.chosen = np.flatnonzero(self.right)

    def kept(self) -> list[np.ndarray]:
        """Which cues to learn from: all but those of each part of the articles, then all."""
        return [*(self.article % FOLDS != part for part in range(FOLDS)), np.ones(len(self.found), dtype=bool)]

    def rated(self, scores: np.ndarray) -> list[list[tuple[Cue, float]]]:
        """Each article's cues with their scores."""
        ends = np.searchsorted(self.article, range(len(self.training) + 1))
        rows = [(cue, value) for (_, cue), value in zip(self.found, scores.tolist(), strict=True)]
        return [rows[start:end] for start, end in pairwise(ends)]


def trained(training: list[tuple[dict, Parse]]) -> tuple[dict[str, dict], list[dict]]:
    """The models, each trained on what those before it give on articles not seen by them, and those without a part."""
    for record, p in training:
        record["quotations"] = [q for q in record["quotations"] if not q.get("noun")]
        for quotation in record["quotations"]:
            quotation["cue_tokens"] = tokens(p, quotation["cue"])
            pieces = tuple(runs(tokens(p, quotation["content"])))
            own = said(p, min(quotation["cue_tokens"], default=-1), pieces)
            quotation["words"] = {t for first, last in own for t in range(first, last + 1) if p.word[t]}
    data = CueData(training)
    cue, unseen = _cue(data)
    kinds = zip(cue, _span(data, unseen), _cue_network(data, unseen), strict=True)
    *parts, model = [
        {"cue": by_name(cue), "span": by_name(span), "cue network": network} for cue, span, network in kinds
    ]
    model["speaker"] = by_name(_speaker(training, [data.found[k] for k in data.chosen]))
    model["word network"] = _word_network(training, parts)
    model["floating"] = by_name(_floating(training, model, parts))
    return model, parts


def cued(chosen: list[tuple[Choice, Pieces]]) -> list[attribution.Attribution]:
    """What cues were chosen to attribute, in order, before it is judged."""
    return sorted(attribution.Attribution(pieces, one.cue, one.head, one.likely) for one, pieces in chosen)


class Judged(NamedTuple):
    """A choice of the models on an article that they have not seen: the article, features, whether it is right."""

    article: int
    features: list[str]
    right: bool


def judged(articles: Iterable[tuple[int, dict, Parse]]) -> list[Judged]:
    """Every choice but those that are neither right nor wrong: thoughts, nouns and scare quotes of the general gold."""
    rows = []
    for number, record, p in articles:
        chosen = attribution.choices(p)
        found = [one for one, _ in chosen]
        for quote, taken in uncued.left_over(p, cued(chosen)):
            if (likely := uncued.speech(p, quote, taken)) >= uncued.FLOATING:
                found.append(uncued.without_cue(p.quotes[quote], likely))
        marked = [(tokens(p, q["content"]), q.get("type", "speech") == "speech") for q in record["quotations"]]
        marked = [({t for t in content if p.word[t]}, speech) for content, speech in marked]
        for one in found:
            own = {t for first, last in one.pieces for t in range(first, last + 1) if p.word[t]}
            right = any(speech and len(own & words) > len(own | words) / 2 for words, speech in marked)
            if right or not any(not speech and 2 * len(own & words) > len(own) for words, speech in marked):
                rows.append(Judged(number, choice_features(p, one), right))
    return rows


def _confidence(politics: list[Judged], general: list[Judged]) -> dict[str, float]:
    """Trained on both, general news counting more."""
    rows = politics + general * GENERAL_WEIGHT
    features = Features([row.features for row in rows], SMALLEST_COUNT["confidence"])
    x, y = features.matrix([row.features for row in rows]), np.array([row.right for row in rows], dtype=float)
    return features.weights(logistic(x, y, VARIANCE["confidence"]))


def add_confidence(model: dict[str, dict], training: list[tuple[dict, Parse]], parts: list[dict]) -> list[dict]:
    """Add the last model; returned are those that have not seen a fifth of the general articles, to measure by."""
    politics = []
    for number, part in enumerate(parts):
        _use(model | part)
        politics += judged((0, *article) for article in training[number::FOLDS])
    _use(model)
    general = judged((number, *article) for number, article in enumerate(articles("speech_general")))
    model["confidence"] = _confidence(politics, general)
    print("choices", len(politics), len(general), flush=True)
    return [_confidence(politics, [row for row in general if row.article % FOLDS != fold]) for fold in range(FOLDS)]


def _cue(data: CueData) -> tuple[list[dict[str, float]], np.ndarray]:
    """The weights without each part and of all; the scores of the cues by weights that have not seen their article."""
    rows: list[list[str]] = []
    for (_, p), rated in zip(data.training, data.rated(np.zeros(len(data.found))), strict=True):
        rows += written(cue_features(p, [cue for cue, _ in rated]), len(rated))
    features = Features(rows, SMALLEST_COUNT["cue"])
    x = features.matrix(rows)
    print("cues", x.shape, len(data.chosen), flush=True)
    fits = [logistic(x[kept], data.right[kept], VARIANCE["cue"]) for kept in data.kept()]
    unseen = np.zeros(len(rows))
    for fit, kept in zip(fits[:-1], data.kept(), strict=False):
        unseen[~kept] = x[~kept] @ fit
    return [features.weights(fit) for fit in fits], unseen


def _span(data: CueData, unseen: np.ndarray) -> list[dict[str, float]]:
    """Trained on the cues of which some stretch is right."""
    rivals = [Rivals((cue, float(chance(np.array(value)))) for cue, value in rated) for rated in data.rated(unseen)]
    rows: list[list[str]] = []
    for k in data.chosen:
        p, own = data.training[data.article[k]][1], data.stretches[k]
        rows += written(span_features(p, own, rivals[data.article[k]]), len(own))
    sizes = np.array([len(data.stretches[k]) for k in data.chosen])
    y = np.concatenate([np.array(data.same[k]) >= attribution.SAME for k in data.chosen]).astype(float)
    features = Features(rows, SMALLEST_COUNT["span"])
    x = features.matrix(rows)
    print("stretches", x.shape, flush=True)
    fits = []
    for kept in (kept[data.chosen] for kept in data.kept()):
        own, ends = np.repeat(kept, sizes), np.cumsum([0, *sizes[kept]])
        fits.append(features.weights(choice(x[own], ends, y[own], VARIANCE["span"])))
    return fits


def _cue_network(data: CueData, unseen: np.ndarray) -> list[dict[str, str]]:
    """Trained on the cues that their features leave possible."""
    possible = np.flatnonzero(chance(unseen) >= attribution.POSSIBLE_CUE)
    ends = np.searchsorted(data.article[possible], range(len(data.training) + 1))
    inputs = np.concatenate(
        [
            around_cues(p, [data.found[k][1] for k in possible[start:end]], strengths(p, rated))
            for (_, p), rated, (start, end) in zip(data.training, data.rated(unseen), pairwise(ends), strict=True)
        ]
    )
    return [
        fitted(CUE_INPUTS, inputs[kept], unseen[possible][kept], data.right[possible][kept], **NETWORK["cue"])
        for kept in (kept[possible] for kept in data.kept())
    ]


def _use(model: dict[str, dict]) -> None:
    """Let `workbench.analyses.quotations.attribution` go by this model."""
    usable = attribution.usable(model)
    attribution.model = uncued.model = lambda: usable  # type: ignore[assignment]


def _word_network(training: list[tuple[dict, Parse]], parts: list[dict]) -> dict[str, str]:
    """Trained on every third word, given what models that have not seen its article make of the cues."""
    inputs, known, y = [], [], []
    for number, part in enumerate(parts):
        _use(part)
        for record, p in training[number::FOLDS]:
            reading = attribution.read(p)
            said, most = attribution.claimed(p, reading.options)
            words = np.flatnonzero(p.word)[::EVERY]
            spoken = set().union(*(quotation["words"] for quotation in record["quotations"]))
            inputs.append(around_words(p, said, most, reading.strength)[words])
            known.append(log_odds(said)[words])
            y.append(np.array([word in spoken for word in words.tolist()]))
    return fitted(WORD_INPUTS, *map(np.concatenate, (inputs, known, y)), **NETWORK["word"])


def _speaker(training: list[tuple[dict, Parse]], found: list[tuple[int, Cue]]) -> dict[str, float]:
    """Trained on the cues that are right and have a source among the options."""
    rows, ends, y = [], [0], []
    for n, cue in found:
        record, p = training[n]
        quotation = next(q for q in record["quotations"] if cue.token in q["cue_tokens"])
        source = tokens(p, quotation["source"])
        options = attribution.speaker_options(p, cue)
        right = [token in source or _relative(p, cue.token, token) in source for _, token, *_ in options]
        if any(right) and len(options) > 1:
            rows += written(speaker_features(p, options), len(options))
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


def _floating(training: list[tuple[dict, Parse]], model: dict[str, dict], parts: list[dict]) -> dict[str, float]:
    """Trained on the quotations that models leave which have not seen their article."""
    rows, y = [], []
    for number, part in enumerate(parts):
        _use(model | part)
        for record, p in training[number::FOLDS]:
            words = set().union(*(quotation["words"] for quotation in record["quotations"]))
            for quote, taken in uncued.left_over(p, cued(attribution.choices(p))):
                rows += written(floating_features(p, quote, taken), 1)
                first, last = p.quotes[quote]
                own = [t for t in range(first, last + 1) if p.word[t]]
                y.append(2 * len(words.intersection(own)) > len(own))
    features = Features(rows, SMALLEST_COUNT["floating"])
    print("floating", len(rows), sum(y), flush=True)
    return features.weights(logistic(features.matrix(rows), np.array(y, dtype=float), VARIANCE["floating"]))


def main() -> None:
    training = articles("quotations_train")
    model, parts = trained(training)
    FOLDED.write_text(
        json.dumps(add_confidence(model, training, parts), indent=0, separators=(",", ":")) + "\n", "utf-8"
    )
    attribution.MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
    card = CARD.format(
        n=len(training),
        quotations=sum(len(record["quotations"]) for record, _ in training),
        smallest=SMALLEST_COUNT["cue"],
        smallest_span=SMALLEST_COUNT["span"],
        model=pipeline(model_name()).meta["version"],
        weights=sum(len(rows) for kind in LINEAR for rows in model[kind].values()) + len(model["confidence"]),
        numbers=sum(len(row.split()) for name in ("cue network", "word network") for row in model[name].values()),
        today=date.today(),
    )
    attribution.MODEL.with_suffix(".md").write_text(card, "utf-8")


if __name__ == "__main__":
    main()
