"""Learn estimated difficulty from teachers' judgements; write difficulty.json and its card."""

import json
import os
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from spacy.tokens import Doc

from workbench.analyses.readability import difficulty
from workbench.language import parsing as language

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
MODEL = Path("src/workbench/analyses/readability/difficulty.json")
PENALTY = 300
WORD_SCALE = 0.15  # a word's rate is worth this much of a feature before the penalty: words only correct the features
FEWEST_TEXTS = 15  # that a word must stand in to get a weight

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


def words(parsed: Doc) -> list[str]:
    """The words of a text that may get a weight: no names."""
    return [token.lower_ for token in parsed if token.is_alpha and token.pos_ != "PROPN"]


def learn(sums: NDArray[np.float64], texts: list[list[str]], hardness: NDArray[np.float64]) -> Weights:
    """The model of texts with these sums (summed over sentences), words and hardness."""
    vectorizer = CountVectorizer(analyzer=lambda spoken: spoken, min_df=FEWEST_TEXTS)
    rates = vectorizer.fit_transform(texts).toarray() / sums[:, [-2]]
    features = difficulty.ratios(sums)[:, :-1]
    present = np.hstack([features, rates])
    spread = present.std(axis=0) + 1e-9
    scale = np.r_[np.ones(features.shape[1]), np.full(rates.shape[1], WORD_SCALE)] / spread
    ridge = Ridge(PENALTY).fit((present - present.mean(axis=0)) * scale, hardness)
    coefficients = ridge.coef_ * scale
    count = features.shape[1]
    words_weighed = zip(vectorizer.get_feature_names_out(), coefficients[count:], strict=True)
    weights = {str(word): round(float(weight), 2) for word, weight in words_weighed}
    usual = rates @ np.array(list(weights.values()))
    names = [*difficulty.FEATURES, "vocabulary"]
    means = [*features.mean(axis=0), float(usual.mean() - hardness.mean())]
    return {
        "means": {name: round(float(mean), 5) for name, mean in zip(names, means, strict=True)},
        "coefficients": {n: round(float(c), 4) for n, c in zip(names, [*coefficients[:count], 1.0], strict=True)},
        "words": weights,
    }


def predict(model: Weights, sums: NDArray[np.float64], texts: list[list[str]]) -> NDArray[np.float64]:
    """Difficulty by `model`, whatever model the sums' vocabulary was made with."""
    vocabulary = [sum(model["words"].get(word, 0.0) for word in spoken) for spoken in texts]
    ratios = np.column_stack([difficulty.ratios(sums)[:, :-1], vocabulary / sums[:, -2]])
    return (ratios - list(model["means"].values())) @ list(model["coefficients"].values())


def cross_validated(
    sums: NDArray[np.float64], texts: list[list[str]], hardness: NDArray[np.float64], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Each text's difficulty by a model that saw no text of its group; ten folds."""
    predicted = np.zeros(len(texts))
    for seen, unseen in GroupKFold(10, shuffle=True, random_state=0).split(sums, groups=groups):
        model = learn(sums[seen], [texts[i] for i in seen], hardness[seen])
        predicted[unseen] = predict(model, sums[unseen], [texts[i] for i in unseen])
    return predicted


def measured(texts: list[str]) -> tuple[NDArray[np.float64], list[list[str]]]:
    """Each text's sums and words."""
    sums, spoken = [], []
    for parsed in language.pipeline(language.model_name()).pipe(texts, batch_size=16, disable=["ner"]):
        sums.append(difficulty.feature_sums(parsed).sum(axis=0))
        spoken.append(words(parsed))
    return np.array(sums), spoken


def main() -> None:
    MODEL.write_text('{"words": {}}', "utf-8")
    clear = records("readability_clear.jsonl")
    sums, spoken = measured([record["text"] for record in clear])
    easiness = np.array([record["easiness"] for record in clear])
    hardness = (easiness.mean() - easiness) / easiness.std()
    groups = sources([record["text"] for record in clear])
    r = np.corrcoef(cross_validated(sums, spoken, hardness, groups), hardness)[0, 1]
    blocks = np.arange(len(clear)) // 10
    r_blocks = np.corrcoef(cross_validated(sums, spoken, hardness, blocks), hardness)[0, 1]
    model = learn(sums, spoken, hardness)
    MODEL.write_text(json.dumps(model, indent=0, ensure_ascii=False) + "\n", "utf-8")
    articles = records("readability_onestop.jsonl")
    news = measured([article[level] for article in articles for level in ("ele", "int", "adv")])
    levels = predict(model, *news).reshape(-1, 3)
    ordered = float(np.mean((levels[:, 0] < levels[:, 1]) & (levels[:, 1] < levels[:, 2])))
    print(f"CLEAR r {r:.4f} by source ({len(set(groups))} of them), {r_blocks:.4f} by blocks of ten, n {len(clear)}")
    print(f"OneStop {ordered:.4f} in order, n {len(articles)}; {len(model['words'])} words")


if __name__ == "__main__":
    main()
