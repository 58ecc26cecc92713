"""Learn the tone towards a target (`targets`): run `python training/targets.py` from the repository root.

Three logistic regressions, one a label, over the features of `targets.features`; a word's features are scaled
by how much more often they stand in texts of that label than in others (Wang & Manning 2012, NB-SVM). Run
`training/sentiment.py` before it.
"""

import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sentiment import GOLD, vectors_of
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from workbench.analyses.sentiment import targets, valence as tone
from workbench.language.model import model_name, pipeline
from workbench.language.parsing import Tokens, annotate

CARD = """# The weights of the tone towards a target

`targets.tsv`: what each feature adds to the logit of each label; `targets_words.tsv`: what each word is like, in
{dimensions} whole hundredths (principal components of the word's vector in all-MiniLM-L6-v2, Apache-2.0). Made by
`training/targets.py` on {date} from NewsMTSC's training part (Hamborg & Donnay 2021), {n} targets; no text is stored.
Names are known to the model as names only, so that who the target is does not decide.

Features: lemmas by how they hang on the target in the parse, beside it, within three words, and anywhere; what the
learned valence and each source lexicon of `sentiment_words.tsv` say there; the words' vectors there; two neighbours on
each side; the target's place.

| measured on | n | macro F1 |
| --- | --- | --- |
| training part, cross-validated in five parts that keep an article together | {n} | {cross_validated:.3f} |
| sentiment_targets, which took no part in training | {n_dev} | {dev:.3f} |
"""
Target = tuple[Tokens, targets.Range]
RELATION_SEEN, FEATURE_SEEN, WEIGHT_KEPT = 400, 3, 0.004
VALENCE_SCALE, VECTOR_SCALE, NAIVE_BAYES, STRENGTH = 0.3, 0.1, 0.7, 0.05


def tokens(texts: list[str]) -> list[Tokens]:
    nlp = pipeline(model_name())
    found = {text: Tokens(annotate(nlp, text)) for text in dict.fromkeys(texts)}
    return [found[text] for text in texts]


def write_word_vectors(texts: list[str]) -> None:
    """The vectors of words seen twice in the training texts or with a clear tone, in whole hundredths."""
    counts = Counter(word for text in set(texts) for word in set(re.findall(r"[a-z]+(?:['-][a-z]+)*", text.lower())))
    table = tone.word_weights()
    rated = set(table.index[table["weight"].abs() >= 0.05])
    words = sorted(word for word in table.index if counts[word] >= 2 or word in rated)
    vectors = vectors_of(words)
    vectors -= vectors.mean(0)
    _, spread, axes = np.linalg.svd(vectors, full_matrices=False)
    axes *= np.where(axes[np.arange(len(axes)), np.abs(axes).argmax(1)] < 0, -1, 1)[:, None]
    reduced = vectors @ axes[: targets.DIMENSIONS].T / (spread[targets.DIMENSIONS // 3] / np.sqrt(len(words)))
    lines = (
        "\t".join([word, *map(str, row)]) for word, row in zip(words, np.rint(reduced * 100).astype(int), strict=True)
    )
    (tone.MODELS / "targets_words.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    targets.word_vectors.cache_clear()


def ranges(table: pd.DataFrame) -> list[Target]:
    found = [
        (t, targets.target_range(t, row.start, row.end))
        for t, row in zip(tokens(list(table["text"])), table.itertuples(), strict=True)
    ]
    return [(t, target) for t, target in found if target is not None]


def counted(found: list[Target], known: frozenset[str]) -> list[dict[str, float]]:
    rows = []
    for t, span in found:
        row = Counter[str]()
        for token, names, weighings in targets.features(t, span, known):
            row.update(dict.fromkeys(names, 1.0))
            like = targets.likeness(t.lower[token], t.pos[token] in targets.FUNCTION_WORDS) if weighings else ()
            for where, weight in weighings:
                for name, value in zip(targets.LIKENESS, like, strict=True):
                    if value and (name.isdigit() or where != "beside"):
                        row[f"{name}@{where}"] += value * weight
        rows.append(row)
    return rows


def scaled(names: list[str]) -> NDArray[np.float64]:
    return np.array([1.0 if "|" in name else VECTOR_SCALE if name[0].isdigit() else VALENCE_SCALE for name in names])


def fit(
    features: sparse.csr_matrix, is_word: NDArray[np.bool_], labels: NDArray[np.int64]
) -> tuple[np.ndarray, np.ndarray]:
    """Weights, shape (features, labels), and intercepts."""
    columns, intercepts = [], []
    seen = features != 0
    for label in targets.LABELS:
        own = labels == label
        inside, outside = (np.asarray(seen[rows].sum(0)).ravel() + 1.0 for rows in (own, ~own))
        ratio = np.abs(np.log(inside / inside[is_word].sum() / (outside / outside[is_word].sum())))
        weighting = np.where(is_word, NAIVE_BAYES * ratio + 1 - NAIVE_BAYES, 1.0)
        model = LogisticRegression(C=STRENGTH, max_iter=200, class_weight="balanced")
        model.fit(features @ sparse.diags(weighting), own)
        columns.append(model.coef_[0] * weighting)
        intercepts.append(model.intercept_[0])
    return np.array(columns).T, np.array(intercepts)


def main() -> None:
    train = pd.read_json(GOLD / "sentiment_targets_train.jsonl", lines=True)
    dev = pd.read_json(GOLD / "sentiment_targets.jsonl", lines=True)
    write_word_vectors(list(train["text"]))
    train_targets, dev_targets = ranges(train), ranges(dev)
    seen = Counter(
        name
        for t, target in train_targets
        for _, relation in targets.relations(t, target, *targets.surroundings(t, target))
        for name in {relation, relation.partition("/")[0] + "/"}
    )
    known = frozenset(name for name, count in seen.items() if count >= RELATION_SEEN) | {"far"}
    print(len(known), "relations")
    vectorizer = DictVectorizer()
    features = vectorizer.fit_transform(counted(train_targets, known)).tocsr()
    frequent = np.flatnonzero(np.asarray((features != 0).sum(0)).ravel() >= FEATURE_SEEN)
    frequent = [column for column in frequent if vectorizer.feature_names_[column].isprintable()]
    names = [str(vectorizer.feature_names_[column]) for column in frequent]
    scales = scaled(names)
    is_word = np.array(["|" in name for name in names])
    features = (features[:, frequent] @ sparse.diags(scales)).tocsr()
    labels = train["label"].to_numpy()
    classes = np.array(targets.LABELS)

    articles = train["id"].str.rsplit("_", n=3).str[0].str[:25]
    predicted = np.zeros(len(train), dtype=int)
    for learn, judge in GroupKFold(5).split(features, groups=articles):
        weights, intercepts = fit(features[learn], is_word, labels[learn])
        predicted[judge] = classes[(features[judge] @ weights + intercepts).argmax(1)]
    cross_validated = f1_score(labels, predicted, average="macro")
    print("cross-validated macro F1", round(cross_validated, 4), flush=True)
    weights, intercepts = fit(features, is_word, labels)
    weights *= scales[:, None]
    kept = (np.abs(weights) >= WEIGHT_KEPT).any(1) | ~is_word
    table = pd.DataFrame(np.round(weights, 3), index=names, columns=["negative", "neutral", "positive"])[kept]
    table.loc["intercept"] = np.round(intercepts, 4)
    table.sort_index().to_csv(tone.MODELS / "targets.tsv", sep="\t", index_label="feature", quoting=3, escapechar="\\")
    targets.weights.cache_clear()
    targets.known_relations.cache_clear()
    judged = [
        targets.judge(t, row.start, row.end)[0] for (t, _), row in zip(dev_targets, dev.itertuples(), strict=True)
    ]
    on_dev = f1_score(dev["label"], judged, average="macro")
    print("macro F1 on sentiment_targets", round(on_dev, 4), flush=True)
    figures = {"n": len(train), "n_dev": len(dev), "cross_validated": cross_validated, "dev": on_dev}
    card = CARD.format(dimensions=targets.DIMENSIONS, date=date.today(), **figures)
    (tone.MODELS / "targets.md").write_text(card, "utf-8")


if __name__ == "__main__":
    main()
