"""How hard a text is to read."""

from workbench.analyses.readability.difficulty import contributions, hard_words
from workbench.analyses.readability.formulas import FORMULAS
from workbench.analyses.readability.table import counts, readability, scored, sentence_counts, told_apart
from workbench.analyses.readability.words import COUNTS

__all__ = [
    "COUNTS",
    "FORMULAS",
    "contributions",
    "counts",
    "hard_words",
    "readability",
    "scored",
    "sentence_counts",
    "told_apart",
]
