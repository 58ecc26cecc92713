"""Many documents: measured, stored, compared, and judged by people."""

from workbench.corpus.measuring import measure_all, measure_corpus
from workbench.corpus.stored import account, account_of, fields, measures_by_part

__all__ = ["account", "account_of", "fields", "measure_all", "measure_corpus", "measures_by_part"]
