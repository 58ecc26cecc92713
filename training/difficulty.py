"""Learn estimated difficulty from judgements of six kinds at once; write difficulty.json, word_weights.tsv.

Judgements: of excerpts (CLEAR), sentences and paragraphs (ReadMe++), texts for learners (CEFR), news at three levels
(OneStop) and originals beside simplifications (ASSET). All share one set of weights; each has a scale of its own.
"""

import json
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold
from wordfreq import top_n_list

from workbench.analyses.readability import difficulty
from workbench.analyses.readability.counting import OPENING, find
from workbench.analyses.readability.words import plain

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
FOLDER = Path("src/workbench/analyses/readability")
FOLDS, VOCABULARY = 10, 15_000
# How much each kind of judgement counts: fewer texts than CLEAR's, but nearer to news, or pairs of one content.
SHARES = {"clear": 2.0, "sentences": 0.7, "paragraphs": 0.8, "cefr": 1.5, "onestop": 0.2, "asset": 0.6}
FEATURE_PENALTY, VECTOR_PENALTY = 0.001, 0.15
RARE = 4.0  # decades: a word rarer than 1 in 10,000 is not made easier by its own weight
Floats = NDArray[np.float64]
Weights = dict[str, dict[str, float]]


def records(name: str) -> list[dict]:
    """The records of a gold file."""
    return [json.loads(line) for line in (GOLD / name).open(encoding="utf-8")]


def sources(texts: list[str]) -> NDArray[np.int64]:
    """A number for each text, the same for texts that seem to come from one source.

    The corpus comes without titles but in their order: texts are of one source that share two names which at most eight
    texts have, or one within five places; or whose tf-idf cosine is over 0.25, or over 0.12 within three places.
    """
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    places = defaultdict(list)
    for i, text in enumerate(texts):
        for name in set(re.findall(r"(?<=[a-z,;] )[A-Z][a-z]{2,}", text)):
            places[name].append(i)
    shared = Counter((a, b) for at in places.values() if len(at) <= 8 for b in at for a in at if a < b)
    similar = TfidfVectorizer(min_df=2, sublinear_tf=True, stop_words="english").fit_transform(texts)
    cosines = (similar @ similar.T).tocoo()
    pairs = [(a, b) for (a, b), names in shared.items() if names > 1 or b - a <= 5]
    for a, b, cosine in zip(cosines.row, cosines.col, cosines.data, strict=True):
        if a < b and (cosine > 0.25 or (cosine > 0.12 and b - a <= 3)):
            pairs.append((a, b))
    for a, b in pairs:
        parent[root(a)] = root(b)
    first: dict[int, int] = {}  # by which a source goes, whatever the order in which its texts were joined
    return np.array([first.setdefault(root(i), i) for i in range(len(texts))])


def overlapping(texts: list[str], groups: list[object]) -> NDArray[np.int64]:
    """A number for each text, the same for those of one group and those that share eight words in a row."""
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[object, int] = {}
    for i, (text, group) in enumerate(zip(texts, groups, strict=True)):
        words = re.findall(r"\w+", text.lower())
        for key in [group, *(" ".join(words[k : k + 8]) for k in range(len(words) - 7))]:
            parent[root(i)] = root(first.setdefault(key, i))
    return np.array([root(i) for i in range(len(texts))])


@dataclass
class Judged:
    """Texts with judgements: a row a text of `sums` and `rates` (of `vocabulary`, a word), by kind where they stand."""

    texts: list[str]
    groups: NDArray[np.int64]
    rows: dict[str, NDArray[np.int64]]
    judgements: dict[str, Floats]

    @cached_property
    def pairs(self) -> dict[str, NDArray[np.int64]]:
        """Rows of the harder and the easier text of each pair."""
        levels = self.rows["onestop"].reshape(-1, 3)
        return {
            "onestop": np.vstack([levels[:, [1, 0]], levels[:, [2, 1]]]),
            "asset": self.rows["asset"].reshape(-1, 2),
        }

    def measure(self) -> None:
        """Take each text's sums, and the words that are no names."""
        found = [find(text) for text in self.texts]
        self.sums = np.array(
            [difficulty.feature_sums(each, text).sum(axis=0) for each, text in zip(found, self.texts, strict=True)]
        )
        words = [
            [
                plain(word.lstrip(OPENING))
                for word, name, kept in zip(
                    each.written, each.is_name, np.repeat(each.is_sentence, each.words), strict=True
                )
                if kept and not name
            ]
            for each in found
        ]
        seen = Counter(word for spoken in words for word in set(spoken))
        common = [word for word in top_n_list("en", VOCABULARY) if word.isalpha() and word.isascii()]
        mine = [word for word, texts in seen.items() if texts > 1 and any(map(str.isalpha, word))]
        self.vocabulary = sorted({*common, *mine})
        place = {word: at for at, word in enumerate(self.vocabulary)}
        entries = [(i, place[word]) for i, spoken in enumerate(words) for word in spoken if word in place]
        at = np.array(entries).T
        counts = csr_matrix((np.ones(len(entries)), at), shape=(len(words), len(place)))
        self.rates = csr_matrix(counts.multiply(1 / np.maximum(self.sums[:, [-2]], 1)))
        from minilm import MiniLM  # found where this file's folder is on the path

        self.vectors = MiniLM().encode(self.vocabulary).astype(float)


def collected() -> Judged:
    """All judged texts, measured."""
    texts: list[str] = []
    groups: list[object] = []
    rows, judgements = {}, {}

    def add(kind: str, more: list[str], their: list[object], judged: list[float] | None = None) -> None:
        rows[kind] = np.arange(len(texts), len(texts) + len(more))
        texts.extend(more)
        groups.extend((kind, group) for group in their)
        if judged is not None:
            judgements[kind] = (np.array(judged) - np.mean(judged)) / np.std(judged)

    clear = records("readability_clear.jsonl")
    excerpts = [record["text"] for record in clear]
    add("clear", excerpts, sources(excerpts).tolist(), [-record["easiness"] for record in clear])
    for kind, field in (("sentences", "rating"), ("paragraphs", "rating"), ("cefr", "level")):
        found = records(f"readability_{'cefr_texts' if kind == 'cefr' else f'readme_{kind}'}.jsonl")
        add(kind, [record["text"] for record in found], list(range(len(found))), [record[field] for record in found])
    news, pairs = records("readability_onestop.jsonl"), records("readability_asset_pairs.jsonl")
    levels = ("ele", "int", "adv")
    add("onestop", [article[level] for article in news for level in levels], [i // 3 for i in range(3 * len(news))])
    versions = [pair[side] for pair in pairs for side in ("original", "simple")]
    add("asset", versions, [i // 2 for i in range(2 * len(pairs))])
    judged = Judged(texts, overlapping(texts, groups), rows, judgements)
    judged.measure()
    return judged


def bound() -> tuple[Floats, Floats]:
    """The least and the largest coefficient of each feature: only talking to the reader makes a text easier."""
    easier = np.array([name == "second person" for name in difficulty.FEATURES])
    return np.where(easier, -np.inf, 0.0), np.where(easier, 0.0, np.inf)


def learn(judged: Judged, seen: NDArray[np.bool_]) -> Weights:
    """The model of the judgements of the texts that are `seen`, on the scale of standardised judgements."""
    news = judged.rows["onestop"][2::3]
    news = news[seen[news]]
    usual = usual_of(judged.sums[news])
    features = np.array([filled(sums, usual) for sums in judged.sums])
    of_words = np.asarray(judged.rates[news].mean(axis=0)).ravel()
    centre = of_words @ judged.vectors / of_words.sum()
    vectors = judged.rates @ (judged.vectors - centre)
    spread = features[seen].std(axis=0) + 1e-9
    width = features.shape[1]
    inputs = np.hstack([features / spread, 0.3 * vectors / vectors[seen].std()])
    penalty = np.r_[np.full(width, FEATURE_PENALTY), np.full(vectors.shape[1], VECTOR_PENALTY)]
    lowest, highest = bound()
    free = np.full(vectors.shape[1], np.inf)
    weights = shared(judged, inputs, seen, penalty, np.c_[np.r_[lowest, -free], np.r_[highest, free]])
    of_word = (judged.vectors - centre) @ weights[width:] * 0.3 / vectors[seen].std()
    coefficients = weights[:width] / spread
    # What a rare word's features say of it, its own weight may raise and not take back.
    rare = np.array([difficulty.rarity(word) > RARE for word in judged.vocabulary])
    of_word = np.where(rare, np.maximum(of_word, 0), of_word)
    vocabulary = float((judged.rates[news] @ of_word / (1 - judged.sums[news, -3] / judged.sums[news, -2])).mean())
    names = [*difficulty.FEATURES, "vocabulary"]
    return {
        "means": dict(zip(names, [*usual, vocabulary], strict=True)),
        "coefficients": dict(zip(names, [*coefficients, 1.0], strict=True)),
        "words": dict(zip(judged.vocabulary, of_word, strict=True)),
    }


def usual_of(news: Floats) -> Floats:
    """FEATURES' means over the texts with these sums, those of a word over the words that are no names."""
    per_word, names, words = len(difficulty.PER_WORD), news[:, [-3]], news[:, [-2]]
    of_words, of_sentences = news[:, :per_word] / (words - names), news[:, per_word:-4] / words
    return np.r_[of_words.mean(axis=0), of_sentences.mean(axis=0)]


def filled(sums: Floats, usual: Floats) -> Floats:
    """FEATURES of a text with these sums, a name counting as a usual word."""
    of_a_name = np.r_[usual[: len(difficulty.PER_WORD)], np.zeros(len(difficulty.PER_SENTENCE))]
    return (sums[:-4] + sums[-3] * of_a_name) / max(sums[-2], 1.0)


def shared(judged: Judged, inputs: Floats, seen: NDArray[np.bool_], penalty: Floats, bounds: Floats) -> Floats:
    """The weights of `inputs` that fit all kinds of judgement at once, each by least squares on a scale of its own.

    A pair's judgement is that its harder text is one step harder. Scales and weights are found in turns.
    """
    moments = {}
    for kind, judgements in judged.judgements.items():
        rows = judged.rows[kind]
        some, target = inputs[rows[seen[rows]]], judgements[seen[rows]]
        some = some - some.mean(axis=0)
        moments[kind] = some.T @ some / len(some), some.T @ (target - target.mean()) / len(some)
    for kind, pairs in judged.pairs.items():
        kept = pairs[seen[pairs[:, 0]]]
        differences = inputs[kept[:, 0]] - inputs[kept[:, 1]]
        moments[kind] = differences.T @ differences / len(kept), differences.mean(axis=0)
    weights, scales = np.clip(np.full(len(penalty), 0.01), bounds[:, 0], bounds[:, 1]), dict.fromkeys(moments, 1.0)
    for turn in range(6):
        if turn:
            scales = {
                kind: max(0.02, float(weights @ toward / (weights @ square @ weights)))
                for kind, (square, toward) in moments.items()
            }
            mean = float(np.exp(np.mean([np.log(scales[kind]) for kind in judged.judgements])))
            weights, scales = weights * mean, {kind: scale / mean for kind, scale in scales.items()}
        square = sum(SHARES[kind] * scales[kind] ** 2 * moments[kind][0] for kind in moments)
        toward = sum(SHARES[kind] * scales[kind] * moments[kind][1] for kind in moments)

        weights = minimize(
            loss,
            weights,
            (square, toward, penalty),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 500},
        ).x
    return weights


def loss(weights: Floats, square: Floats, toward: Floats, penalty: Floats) -> tuple[float, Floats]:
    """Half the squared error, up to a constant, with its penalty; and its slope."""
    ahead = square @ weights
    return 0.5 * weights @ ahead - toward @ weights + 0.5 * (
        penalty * weights
    ) @ weights, ahead - toward + penalty * weights


def predict(model: Weights, judged: Judged) -> Floats:
    """Each text's difficulty by `model`, as the package has it."""
    usual, coefficients = (np.array(list(model[part].values())) for part in ("means", "coefficients"))
    features = np.array([filled(sums, usual[:-1]) for sums in judged.sums])
    weights = np.array([model["words"].get(word, 0.0) for word in judged.vocabulary])
    vocabulary = judged.rates @ weights + judged.sums[:, -3] / np.maximum(judged.sums[:, -2], 1) * usual[-1]
    return (np.column_stack([features, vocabulary]) - usual) @ coefficients


def cross_validated(judged: Judged) -> Floats:
    """Each text's difficulty by a model that saw no text of its source, on any set."""
    predicted = np.zeros(len(judged.texts))
    for _, unseen in GroupKFold(FOLDS, shuffle=True, random_state=0).split(judged.groups, groups=judged.groups):
        seen = np.ones(len(judged.texts), dtype=bool)
        seen[unseen] = False
        predicted[unseen] = predict(on_levels(learn(judged, seen), judged, seen), judged)[unseen]
    return predicted


def on_levels(model: Weights, judged: Judged, seen: NDArray[np.bool_]) -> Weights:
    """`model` with one level of the CEFR as its unit, and the level of average news."""
    rows = judged.rows["cefr"][seen[judged.rows["cefr"]]]
    levels = np.array([record["level"] for record in records("readability_cefr_texts.jsonl")], dtype=float)
    levels = levels[seen[judged.rows["cefr"]]]
    slope, start = np.polyfit(levels, predict(model, judged)[rows], 1)
    coefficients = {name: value / slope for name, value in model["coefficients"].items()}
    coefficients["vocabulary"] = 1.0
    words = {word: weight / slope for word, weight in model["words"].items()}
    means = model["means"] | {"vocabulary": model["means"]["vocabulary"] / slope}
    return {"level": {"news": -start / slope}, "means": means, "coefficients": coefficients, "words": words}


def figures(judged: Judged, predicted: Floats) -> dict[str, float]:
    """How well `predicted` agrees with each kind of judgement."""
    rows = judged.rows
    levels, pairs = predicted[rows["onestop"]].reshape(-1, 3), predicted[rows["asset"]].reshape(-1, 2)
    return {
        "clear": float(np.corrcoef(predicted[rows["clear"]], judged.judgements["clear"])[0, 1]),
        **{
            kind: float(spearmanr(predicted[rows[kind]], judged.judgements[kind])[0])
            for kind in ("sentences", "paragraphs", "cefr")
        },
        "onestop": float(np.mean((levels[:, 0] < levels[:, 1]) & (levels[:, 1] < levels[:, 2]))),
        "asset": float(np.mean(pairs[:, 0] > pairs[:, 1])),
    }


def main() -> None:
    (FOLDER / "word_weights.tsv").write_text("", "utf-8")
    judged = collected()
    print(figures(judged, cross_validated(judged)), len(set(judged.groups.tolist())), "groups")
    seen = np.ones(len(judged.texts), dtype=bool)
    model = on_levels(learn(judged, seen), judged, seen)
    print("in sample", figures(judged, predict(model, judged)))
    alike = defaultdict(list)
    for word, weight in model.pop("words").items():
        alike[f"{weight:.2f}"].append(word)
    alike.pop("0.00", None)
    alike.pop("-0.00", None)
    lines = [
        f"{weight}\t{' '.join(words)}\n" for weight, words in sorted(alike.items(), key=lambda item: float(item[0]))
    ]
    (FOLDER / "word_weights.tsv").write_text("".join(lines), "utf-8")
    rounded = {part: {name: round(float(value), 5) for name, value in by.items()} for part, by in model.items()}
    (FOLDER / "difficulty.json").write_text(json.dumps(rounded, indent=0, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
