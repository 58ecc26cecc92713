"""How hard a text is to read."""

from workbench.analyses.readability.difficulty import contributions, hard_words
from workbench.analyses.readability.table import READABILITY_COLUMNS, counts, readability, scored
from workbench.analyses.readability.words import COUNTS

__all__ = ["COUNTS", "READABILITY_COLUMNS", "contributions", "counts", "hard_words", "readability", "scored"]
