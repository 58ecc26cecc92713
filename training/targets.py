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
from scipy.ndimage import uniform_filter
from sentiment import GOLD, vectors_of
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from target_sentences import sentences

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from workbench.analyses.entities.canonical import mentions
from workbench.analyses.sentiment import headlines, roles, targets, valence as tone
from workbench.analyses.sentiment.directions import classes
from workbench.analyses.sentiment.table import places
from workbench.analyses.sentiment.vader import Vader
from workbench.documents import Document
from workbench.language import Tokens, tokens

CARD = """# The weights of the tone towards a target

`targets.tsv`: what each feature adds to the logit of each label; `targets_words.tsv`: what each word is like, in
{dimensions} whole hundredths (principal components of the word's vector in all-MiniLM-L6-v2, Apache-2.0). Made by
`training/targets.py` on {date} from {n} targets: NewsMTSC's training part (Hamborg & Donnay 2021), the headlines about
politicians of SEN and about companies of SEntFiN (Sinha et al. 2022), and plain sentences of our own
(`training/target_sentences.py`); no text is stored. Names and "he" or "she" are left out, so that who is spoken of does
not decide; function words say how likely any tone is, never which.

Features: lemmas by how they hang on the target in the parse, within three words, with no other name between, and
anywhere, in a clause joined to the target's own once more apart; what `directions.tsv` says of them there, rises and
falls joined with what rises or falls; what the learned valence and each source lexicon of `sentiment_words.tsv` say
there; the words' vectors there; the target's place; whether the line ends without a stop.
Headlines in which every word has a capital are parsed without them.

Macro F1, cross-validated in five parts that keep an article and a headline together; VADER's compound score of the
whole text beside it, from 0.05 on positive, from -0.05 on negative. What is shipped is learned from all parts. The
thresholds of headlines suit the three sets of them together, for each part chosen on the other four.

| set | n | macro F1 | VADER on the text |
| --- | --- | --- | --- |
{rows}
"""
Target = tuple[Tokens, targets.Range, set[int]]  # the parse, the target, the tokens of names about it
RELATION_SEEN, FEATURE_SEEN, WEIGHT_KEPT = 400, 3, 0.004
VALENCE_SCALE, VECTOR_SCALE, NAIVE_BAYES, STRENGTH, OWN_COUNTS = 0.3, 0.1, 0.7, 0.1, 0.3
LISTED = classes()
HEADLINES = ["SEN_R", "SEN_AMT", "SEntFiN"]
SHIFTS = np.arange(-5, 6) / 10
OWN = "own sentences"  # always learned from, never a figure


def gold() -> pd.DataFrame:
    """A row a target: text, start, end, label, set, group (kept together in cross-validation; "" is never learned)."""
    articles = pd.read_json(GOLD / "sentiment_targets_train.jsonl", lines=True)
    articles = articles.assign(set="NewsMTSC", group=articles["id"].str.rsplit("_", n=3).str[0].str[:25])
    shown = pd.read_json(GOLD / "tone_towards_headlines.jsonl", lines=True)
    shown = shown.assign(group=shown["text"].str.lower().str[:40])
    apart = pd.read_json(GOLD / "sentiment_targets.jsonl", lines=True).assign(set="sentiment_targets", group="")
    own = pd.DataFrame(sentences(), columns=["text", "start", "end", "label"]).assign(set=OWN, group=OWN)
    columns = ["text", "start", "end", "label", "set", "group"]
    return pd.concat([part[columns] for part in (articles, shown, own, apart)], ignore_index=True)


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
    documents = {text: Document.from_text(text) for text in dict.fromkeys(table["text"])}
    found = []
    for row in table.itertuples():
        document = documents[row.text]
        read, offset = headlines.as_sentence(tokens(document), row.start, row.end)
        target = targets.target_range(read, row.start - offset, row.end - offset)
        assert target is not None
        found.append((read, target, targets.named(read, target, places(mentions(document)), offset)))
    return found


def counted(found: list[Target], known: frozenset[str]) -> list[dict[str, float]]:
    rows = []
    for t, span, silent in found:
        row = Counter[str]()
        for token, names, weighings in targets.features(t, span, silent, known, LISTED):
            row.update(dict.fromkeys(names, 1.0))
            like = targets.likeness(t.lower[token])
            for where, weight in weighings:
                for name, value in zip(targets.LIKENESS, like, strict=True):
                    if value and (name.isdigit() or where != "beside"):
                        row[f"{name}@{where}"] += value * weight
        rows.append(row)
    return rows


def scaled(names: list[str]) -> NDArray[np.float64]:
    return np.array([1.0 if "|" in name else VECTOR_SCALE if name[0].isdigit() else VALENCE_SCALE for name in names])


def fit(
    features: sparse.csr_matrix, names: list[str], labels: NDArray[np.int64], counts: NDArray[np.float64]
) -> tuple[np.ndarray, np.ndarray]:
    """Weights, shape (features, labels), and intercepts; `counts` is how much each row counts.

    Function words speak for or against neutral alone.
    """
    is_word, is_function = (np.array([part in name for name in names]) for part in ("|", "either "))
    columns, intercepts = [], []
    seen = features != 0
    for label in targets.LABELS:
        own = labels == label
        inside, outside = (np.asarray(seen[rows].sum(0)).ravel() + 1.0 for rows in (own, ~own))
        ratio = np.abs(np.log(inside / inside[is_word].sum() / (outside / outside[is_word].sum())))
        weighting = np.where(is_word, NAIVE_BAYES * ratio + 1 - NAIVE_BAYES, 1.0) * ~(is_function & (label != 0))
        model = LogisticRegression(C=STRENGTH, max_iter=200, class_weight="balanced")
        model.fit(features @ sparse.diags(weighting), own, sample_weight=counts)
        columns.append(model.coef_[0] * weighting)
        intercepts.append(model.intercept_[0])
    return np.array(columns).T, np.array(intercepts)


def counted_as(groups: pd.Series) -> NDArray[np.float64]:
    return np.where(groups == OWN, OWN_COUNTS, 1.0)


def design(found: list[Target], to_learn: NDArray[np.bool_]) -> tuple[sparse.csr_matrix, list[str]]:
    """The scaled features, shape (targets, features), and their names; those seldom learned from are left out."""
    seen = Counter(
        name
        for (t, target, _), learned in zip(found, to_learn, strict=True)
        if learned
        for _, relation in roles.relations(t, target, *targets.surroundings(t, target))
        for name in set(roles.coarser(relation))
    )
    known = frozenset(name for name, count in seen.items() if count >= RELATION_SEEN) | {"far"}
    vectorizer = DictVectorizer()
    features = vectorizer.fit_transform(counted(found, known)).tocsr()
    frequent = np.flatnonzero(np.asarray((features[to_learn] != 0).sum(0)).ravel() >= FEATURE_SEEN)
    frequent = [column for column in frequent if vectorizer.feature_names_[column].isprintable()]
    names = [str(vectorizer.feature_names_[column]) for column in frequent]
    return (features[:, frequent] @ sparse.diags(scaled(names))).tocsr(), names


def judged(
    features: sparse.csr_matrix, names: list[str], table: pd.DataFrame, shown: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The labels by models that learned from other groups; and the weights, intercepts and shift learned from all.

    The targets of the group "" are judged by that last model. Headlines' logits are shifted by what suits the headlines
    of the other groups.
    """
    labels, groups = table["label"].to_numpy(), table["group"]
    scores = np.zeros((len(labels), len(targets.LABELS)))
    own, apart = np.flatnonzero(groups == OWN), np.flatnonzero(groups == "")
    rest = np.setdiff1d(np.arange(len(labels)), [*own, *apart])
    folds = GroupKFold(5, shuffle=True, random_state=0).split(rest, groups=groups[rest])
    parts = [*((rest[learn], rest[judge]) for learn, judge in folds), (rest, apart)]
    for learn, judge in parts:
        learn = np.concatenate([learn, own])
        weights, intercepts = fit(features[learn], names, labels[learn], counted_as(groups[learn]))
        scores[judge] = features[judge] @ weights + intercepts
    shifted = scores.copy()
    for learn, judge in parts:
        shift = headline_shift(table.iloc[learn], scores[learn], shown[learn])
        shifted[judge] += np.outer(shown[judge], shift)
    return np.array(targets.LABELS)[shifted.argmax(1)], weights, intercepts, shift


def headline_shift(table: pd.DataFrame, scores: NDArray[np.float64], shown: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What to add to the logits of the lines `shown` to be headlines, so that macro F1 is good on all sets of them.

    One number, from positive to negative: the greatest mean over the sets, each step taken with its two neighbours.
    """
    rows = [np.flatnonzero(table["set"] == name) for name in HEADLINES]
    means = []
    for step in SHIFTS:
        found = (scores + np.outer(shown, [step, 0.0, -step])).argmax(1) - 1
        means.append(np.mean([f1_score(table["label"].iloc[own], found[own], average="macro") for own in rows]))
    step = SHIFTS[uniform_filter(means, 3, mode="nearest").argmax()]
    return np.array([step, 0.0, -step])


def macro_f1(table: pd.DataFrame, labels: np.ndarray) -> float:
    return float(f1_score(table["label"], labels[table.index], average="macro"))


def by_vader(texts: pd.Series) -> np.ndarray:
    vader = Vader()
    compound = texts.map(lambda text: vader.polarity_scores(text)["compound"]).to_numpy()
    return (compound >= 0.05).astype(int) - (compound <= -0.05)


def main() -> None:
    table = gold()
    to_learn = (table["group"] != "").to_numpy()
    found = ranges(table)
    write_word_vectors([t.whole for (t, *_), learned in zip(found, to_learn, strict=True) if learned])
    features, names = design(found, to_learn)
    shown = features[:, [names.index("line|headline")]].toarray().ravel() > 0
    ours, weights, intercepts, shift = judged(features, names, table, shown)
    weights *= scaled(names)[:, None]
    weights[names.index("line|headline")] += shift
    peer = by_vader(table["text"])
    kept = (np.abs(weights) >= WEIGHT_KEPT).any(1) | np.array(["|" not in name for name in names])
    stored = pd.DataFrame(np.round(weights, 3), index=names, columns=["negative", "neutral", "positive"])[kept]
    stored.loc["intercept"] = np.round(intercepts, 4)
    stored.sort_index().to_csv(tone.MODELS / "targets.tsv", sep="\t", index_label="feature", quoting=3, escapechar="\\")
    sets = dict(list(table[table["set"] != OWN].groupby("set", sort=False)))
    for name in ("NewsMTSC", "sentiment_targets"):
        several = sets[name].groupby("text")["label"].transform("size") > 1
        sets[f"{name}, several targets in a sentence"] = sets[name][several]
    rows = [f"| {name} | {len(s)} | {macro_f1(s, ours):.3f} | {macro_f1(s, peer):.3f} |" for name, s in sets.items()]
    print("\n".join(rows))
    card = CARD.format(dimensions=targets.DIMENSIONS, date=date.today(), n=int(to_learn.sum()), rows="\n".join(rows))
    (tone.MODELS / "targets.md").write_text(card, "utf-8")


if __name__ == "__main__":
    main()
