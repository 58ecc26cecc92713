"""Learn how many syllables a word has from its spelling; write src/workbench/models/syllables.tsv and its card."""

import zlib
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge

from workbench.counting import pronounced

MODEL = Path("src/workbench/models/syllables.tsv")
SEQUENCES = 8000


def words() -> list[str]:
    """The dictionary's words of two letters or more, in order."""
    return sorted(word for word in pronounced() if word.isascii() and word.isalpha() and len(word) > 1)


def is_held_out(word: str) -> bool:
    """Whether a word belongs to the fifth that the figures are measured on."""
    return zlib.crc32(word.encode()) % 5 == 0


def learn(known: list[str]) -> dict[str, float]:
    """The weight of each of the 8,000 weightiest letter sequences, from the syllables of the words `known`."""
    vectorizer = CountVectorizer(analyzer="char", ngram_range=(1, 5), min_df=10, lowercase=False, dtype=np.float32)
    present = vectorizer.fit_transform(f"^{word}$" for word in known)
    target = np.array([pronounced()[word] for word in known], dtype=float)
    ridge = Ridge(alpha=1.0, solver="lsqr", max_iter=200, fit_intercept=False)
    weight = np.abs(ridge.fit(present, target).coef_) * np.sqrt(np.asarray(present.power(2).sum(axis=0)).ravel())
    kept = np.sort(np.argsort(-weight, kind="stable")[:SEQUENCES])
    ridge.fit(present[:, kept], target)
    names = vectorizer.get_feature_names_out()[kept]
    return {str(name): round(float(coefficient), 2) for name, coefficient in zip(names, ridge.coef_, strict=True)}


def predict(weights: dict[str, float], word: str) -> int:
    """Syllables of `word` by `weights`."""
    marked = f"^{word}$"
    spans = ((i, j) for i in range(len(marked)) for j in range(i + 1, min(i + 5, len(marked)) + 1))
    return max(1, round(sum(weights.get(marked[i:j], 0.0) for i, j in spans)))


def accuracy(weights: dict[str, float], tested: list[str]) -> float:
    """Share of the words whose syllables come out as in the dictionary."""
    return float(np.mean([predict(weights, word) == pronounced()[word] for word in tested]))


def main() -> None:
    everything = words()
    held_out = [word for word in everything if is_held_out(word)]
    figure = accuracy(learn([word for word in everything if not is_held_out(word)]), held_out)
    weights = learn(everything)
    MODEL.write_text("".join(f"{name}\t{weight}\n" for name, weight in sorted(weights.items()) if weight), "utf-8")
    print(f"{figure:.4f} of {len(held_out)} held-out words right; {len(weights)} weights from {len(everything)} words")


if __name__ == "__main__":
    main()
