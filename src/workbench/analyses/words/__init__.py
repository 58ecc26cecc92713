"""Any word or phrase, and the user's own word lists."""

from workbench.analyses.words.table import WORD, expression, in_context, matches, occurrences, pattern

__all__ = ["WORD", "expression", "in_context", "matches", "occurrences", "pattern"]
