"""The readability formulas, each one line over the same counts."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.readability.words import COUNTS

Sums: TypeAlias = Mapping[str, NDArray[np.float64]]


def flesch_reading_ease(n: Sums) -> NDArray[np.float64]:
    """Ease, about 0 (hardest) to 100 (easiest), unbounded: 206.835 - 1.015 words/sentences - 84.6 syllables/words.

    Figures and abbreviations are one syllable. Flesch (1948), A new readability yardstick.
    """
    return 206.835 - 1.015 * n["words"] / n["sentences"] - 84.6 * n["syllables"] / n["words"]


def flesch_kincaid_grade(n: Sums) -> NDArray[np.float64]:
    """US school grade: 0.39 words/sentences + 11.8 syllables/words - 15.59. Kincaid et al. (1975)."""
    return 0.39 * n["words"] / n["sentences"] + 11.8 * n["syllables"] / n["words"] - 15.59


def gunning_fog(n: Sums) -> NDArray[np.float64]:
    """US school grade: 0.4 (words/sentences + 100 complex/words).

    Complex words have three syllables without -es, -ed, -ing, and are neither names nor easy compounds. Gunning (1952).
    These exceptions belong to the definition, though without them it agrees with teachers a little more.
    """
    return 0.4 * (n["words"] / n["sentences"] + 100 * n["complex"] / n["words"])


def smog_index(n: Sums) -> NDArray[np.float64]:
    """US school grade, at least 3.1: 3.1291 + 1.0430 sqrt(30 polysyllables/sentences), figures as read aloud.

    Defined for 30 sentences; for fewer it is scaled and unsure. McLaughlin (1969), SMOG grading.
    """
    return 3.1291 + 1.0430 * np.sqrt(30 * n["polysyllables"] / n["sentences"])


def automated_readability_index(n: Sums) -> NDArray[np.float64]:
    """US school grade: 4.71 letters/words + 0.5 words/sentences - 21.43, figures as letters. Smith & Senter (1967)."""
    return 4.71 * n["letters"] / n["words"] + 0.5 * n["words"] / n["sentences"] - 21.43


def coleman_liau_index(n: Sums) -> NDArray[np.float64]:
    """US school grade: 5.88 letters/words - 29.6 sentences/words - 15.8. Coleman & Liau (1975).

    Figures count as letters: a scanner does the counting there, and only so has the paper's abstract 639 letters.
    """
    return 5.88 * n["letters"] / n["words"] - 29.6 * n["sentences"] / n["words"] - 15.8


def dale_chall(n: Sums) -> NDArray[np.float64]:
    """Cloze score, about 0 (hardest) to 64 (easiest): 64 - 0.95 per cent unfamiliar words - 0.69 words/sentences.

    Familiar are the words of the Dale-Chall list, their inflections, figures and names. Chall & Dale (1995).
    """
    return 64 - 95 * n["unfamiliar"] / n["words"] - 0.69 * n["words"] / n["sentences"]


def dale_chall_1948(n: Sums) -> NDArray[np.float64]:
    """Raw score of 1948, about 4 to 10: 0.1579 per cent unfamiliar + 0.0496 words/sentences + 3.6365.

    As in the authors' worked samples both are rounded to whole numbers, halves upwards, and the constant always added.
    """
    unfamiliar = np.floor(100 * n["unfamiliar"] / n["words"] + 0.5)
    return 0.1579 * unfamiliar + 0.0496 * np.floor(n["words"] / n["sentences"] + 0.5) + 3.6365


def linsear_write(n: Sums) -> NDArray[np.float64]:
    """US school grade: r/2 where r, (words + 2 polysyllables)/sentences, is over 20, else r/2 - 1. O'Hayre (1966)."""
    points = (n["words"] + 2 * n["polysyllables"]) / n["sentences"]
    return np.where(points > 20, points / 2, points / 2 - 1)


def lix(n: Sums) -> NDArray[np.float64]:
    """LIX, about 20 (easiest) to 60 and more: words/sentences + 100 long/words, over 6 letters. Björnsson (1968)."""
    return n["words"] / n["sentences"] + 100 * n["long"] / n["words"]


def rix(n: Sums) -> NDArray[np.float64]:
    """RIX, 0 (easiest) to 8 and more: long words, over 6 letters, a sentence. Anderson (1983)."""
    return n["long"] / n["sentences"]


def forcast(n: Sums) -> NDArray[np.float64]:
    """US school grade, 5 to 20: 20 - 15 monosyllables/words; knows nothing of sentences. Caylor et al. (1973)."""
    return 20 - 15 * n["monosyllables"] / n["words"]


SCALES = [flesch_reading_ease, flesch_kincaid_grade, gunning_fog, smog_index, automated_readability_index]
SCALES += [coleman_liau_index, dale_chall, linsear_write, lix, rix, forcast]
FORMULAS: dict[str, Callable[[Sums], NDArray[np.float64]]] = {scale.__name__: scale for scale in SCALES}
UNITS = {
    "flesch_reading_ease": "ease, 0 to 100",
    "dale_chall": "cloze, 0 to 64",
    "lix": "LIX",
    "rix": "RIX",
    "estimated_difficulty": "CEFR levels above average news",
}


def formulas(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """All FORMULAS of `sums`, whose last axis holds COUNTS and the number of sentences."""
    names = dict(zip([*COUNTS, "sentences"], sums.T, strict=True))
    return np.array([formula(names) for formula in FORMULAS.values()]).T
