"""Intervals and tests by simulation: how often they hold the truth, how often they find what is not there.

Intervals are drawn for texts put together from real sentences and paragraphs of the gold articles, whose figures over
all of them are the truth; errors of tests for groups that are alike. Everything is seeded. Without the gold sets only
the tests are simulated.
"""

import json
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

import workbench as wb
from workbench.analyses.readability.difficulty import estimated_difficulty, sentence_sums
from workbench.analyses.readability.formulas import FORMULAS, formulas
from workbench.analyses.readability.table import sentence_counts
from workbench.corpus import keyness
from workbench.measurement import NEUTRAL, starts
from workbench.measurement.ratios import words_by_voice
from workbench.statistics import differences, interval, interval_of_mean, permutation_test

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
ARTICLES = 200
SIZES = (5, 10, 20, 40, 80)
DESIGNS = [(5, 5), (8, 8), (20, 20), (5, 60), (20, 100), (3, 250)]
Statistic = Callable[[np.ndarray], np.ndarray]


def documents() -> Iterator[wb.Document]:
    """News of two kinds: the general articles, then political ones."""
    for name in ("speech_general", "quotations_train"):
        path = GOLD / f"{name}.jsonl"
        for line in path.open(encoding="utf-8") if path.exists() else ():
            record = json.loads(line)
            yield wb.Document.from_text(record["text"], str(record["id"]))


def ratio(top: np.ndarray, bottom: np.ndarray, scale: str) -> tuple[np.ndarray, Statistic, str]:
    kept = bottom > 0
    return np.column_stack([top[kept], bottom[kept]]), lambda sums: sums[:, 0] / sums[:, 1], scale


def measured(articles: list[wb.Document]) -> dict[str, tuple[np.ndarray, Statistic, str]]:
    """By measure the counts of every sentence or paragraph of the articles, its statistic and scale."""
    parts: dict[str, list[np.ndarray]] = {}
    for document in articles:
        counted, is_sentence = sentence_counts(document)
        tones = wb.sentiment(document)
        spoken = wb.quotations(document).query("kind != 'scare'")
        total, _, reported, quoted = words_by_voice(document)
        first, whose, found = spoken.drop_duplicates("quotation"), wb.sources(document), wb.entities(document)
        anonymous = first[first.quotation.isin(whose.quotation[whose.source == "anonymous"])]
        of = {
            "counts": counted[is_sentence],
            "sums": sentence_sums(document)[is_sentence],
            "valence": tones.valence.to_numpy(float),
            "words": total,
            "quoted": quoted,
            "spoken": reported + quoted,
            "quotations": starts(document, first.start.to_numpy()),
            "anonymous": starts(document, anonymous.start.to_numpy()),
            "names": starts(document, found.start.to_numpy()),
        }
        for name, units in of.items():
            parts.setdefault(name, []).append(units)
    all_ = {name: np.concatenate(units) for name, units in parts.items()}
    grade, ease = (list(FORMULAS).index(name) for name in ("flesch_kincaid_grade", "flesch_reading_ease"))
    each = np.ones(len(all_["valence"]))
    return {
        "Flesch Reading Ease": (all_["counts"], lambda sums: formulas(sums)[:, ease], "mean"),
        "Flesch-Kincaid grade": (all_["counts"], lambda sums: formulas(sums)[:, grade], "mean"),
        "Estimated difficulty": (all_["sums"], estimated_difficulty, "mean"),
        "Tone": ratio(all_["valence"], each, "mean"),
        "Positive sentences": ratio((all_["valence"] > NEUTRAL) * 1.0, each, "items"),
        "Negative sentences": ratio((all_["valence"] < -NEUTRAL) * 1.0, each, "items"),
        "Neutral sentences": ratio((np.abs(all_["valence"]) <= NEUTRAL) * 1.0, each, "items"),
        "Direct quotation": ratio(all_["quoted"], all_["words"], "share"),
        "Quoted or reported": ratio(all_["spoken"], all_["words"], "share"),
        "Quotations per 1,000 words": ratio(1000 * all_["quotations"], all_["words"], "rate"),
        "Length of a quotation": ratio(all_["spoken"], all_["quotations"], "rate"),
        "Names per 1,000 words": ratio(1000 * all_["names"], all_["words"], "rate"),
        "Anonymous sources": ratio(all_["anonymous"], all_["quotations"], "items"),
    }


def coverage(
    counts: np.ndarray, statistic: Statistic, scale: str, size: int, samples: int = 3000
) -> tuple[float, float]:
    """The share of intervals that hold the truth, of those that there are, and the share of samples without one."""
    numbers = np.random.default_rng(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        truth = float(statistic(counts.sum(axis=0, keepdims=True))[0])
    ends = [interval(counts[numbers.integers(len(counts), size=size)], statistic, scale) for _ in range(samples)]
    low, high = np.array([pair for pair in ends if not np.isnan(pair).any()]).T
    return float(((low <= truth) & (truth <= high)).mean()), 1 - len(low) / samples


def type_one_error(sizes: tuple[int, int], spread: float, comparisons: int = 4000) -> float:
    """How often two groups without any difference are told apart, the smaller one with so many times the spread."""
    values = np.random.default_rng(7 + sum(sizes)).normal(size=(sum(sizes), comparisons))
    values[: sizes[0]] *= spread
    members = np.repeat([True, False], sizes)[:, None]
    errors = [
        (permutation_test(values[:, at : at + 500], members)[0] < 0.05).mean() for at in range(0, comparisons, 500)
    ]
    return float(np.mean(errors))


def false_leanings(valence: np.ndarray, size: int, texts: int = 4000) -> float:
    """How often a text from a pool of sentences with a mean tone of nought is said to lean."""
    numbers, centred = np.random.default_rng(size), valence - valence.mean()
    bounds = np.array([interval_of_mean(numbers.choice(centred, size)) for _ in range(texts)])
    return float(((bounds[:, 0] > 0) | (bounds[:, 1] < 0)).mean())


def false_differences(valence: np.ndarray, narrated: np.ndarray, size: int, texts: int = 4000) -> float:
    """How often narration and quotation are told apart in tone where each sentence's voice is given by chance."""
    numbers, found = np.random.default_rng(size), []
    for _ in range(texts):
        tones, told = numbers.choice(valence, size), numbers.random(size) < narrated.mean()
        _, low, high = differences.welch(tones[~told], tones[told])
        found.append(low > 0 or high < 0)
    return float(np.mean(found))


def false_leads(size: int, texts: int = 4000) -> float:
    """How often one of two speakers is said to have more, of whom each says every paragraph with the same chance."""
    numbers, leads = np.random.default_rng(size), 0
    for _ in range(texts):
        words, first = numbers.lognormal(2.6, 0.7, size), numbers.random(size) < 0.5
        theirs = words * (first if words[first].sum() > words.sum() / 2 else ~first)
        leads += interval(np.column_stack([theirs, words]), lambda sums: sums[:, 0] / sums[:, 1], "share")[0] > 0.5
    return leads / texts


def halves(articles: list[wb.Document]) -> float:
    """How often the interval of an article's first half holds the tone of its second, were both drawn from one pool:
    the interval of their difference holds nought."""
    held = []
    for document in articles:
        valence = wb.sentiment(document).valence.to_numpy(float)
        if len(valence) >= 20:
            _, low, high = differences.welch(valence[: len(valence) // 2], valence[len(valence) // 2 :])
            held.append(low <= 0 <= high)
    return float(np.mean(held))


def words_named(articles: list[wb.Document], sizes: tuple[int, int], runs: int = 200) -> float:
    """How often any word is named as telling two groups drawn by chance from the same articles."""
    numbers, named = np.random.default_rng(sum(sizes)), 0
    everything = pd.Series(pd.Categorical(["all"] * len(articles)), [document.name for document in articles])
    rates = keyness.rates(articles, everything)
    for _ in range(runs):
        chosen = rates.iloc[numbers.permutation(len(rates))[: sum(sizes)]]
        chosen = chosen.loc[:, (chosen > 0).sum() >= 5]
        groups = pd.Series(pd.Categorical.from_codes(np.repeat([0, 1], sizes), ["a", "b"]), chosen.index, name="group")
        named += bool((keyness.keyness(chosen, groups).p_adjusted < 0.05).any())
    return named / runs


def main() -> None:
    """Print every figure beside the nominal one."""
    differences.DRAWS, differences.EXACT = 999, 1000
    print("comparison of nothing, by sizes (share told apart; nominal 0.05)")
    for sizes in DESIGNS:
        errors = [type_one_error(sizes, spread) for spread in (1, 2)]
        print(f"  {sizes[0]:>3} and {sizes[1]:<3}  equal spread {errors[0]:.3f}  doubled in the first {errors[1]:.3f}")
    articles = list(islice(documents(), ARTICLES))
    if not articles:
        print(f"no gold sets in {GOLD}: intervals are not simulated")
        return
    pool = measured(articles)
    print(f"coverage of 95 % intervals over {len(articles)} articles, by number of units (in brackets: no interval)")
    for name, (counts, statistic, scale) in pool.items():
        found = [coverage(counts, statistic, scale, size) for size in SIZES]
        print(f"  {name:27}", "  ".join(f"{held:.3f} ({none:.2f})" for held, none in found))
    valence = pool["Tone"][0][:, 0]
    leanings = ", ".join(f"{size}: {false_leanings(valence, size):.3f}" for size in (10, 20, 40))
    print(f"texts without leaning that are said to lean, by number of sentences: {leanings}")
    narrated = np.concatenate([(wb.sentiment(article).voice == "narration").to_numpy() for article in articles])
    apart = ", ".join(f"{size}: {false_differences(valence, narrated, size):.3f}" for size in (10, 20, 40))
    print(f"texts whose voices are said to differ in tone though they do not: {apart}")
    leads = ", ".join(f"{size}: {false_leads(size):.3f}" for size in (10, 20, 40))
    print(f"texts in which one of two equal speakers is said to lead: {leads}")
    print(f"two halves of an article not told apart in tone: {halves(articles):.3f} (nominal 0.95)")
    political = articles[31:]
    for sizes in ((8, 8), (20, 20), (8, 60)):
        print(f"runs that name any word, {sizes[0]} and {sizes[1]} articles: {words_named(political, sizes):.3f}")


if __name__ == "__main__":
    main()
