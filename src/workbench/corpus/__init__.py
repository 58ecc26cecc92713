"""Many documents: measured, stored, compared, and judged by people."""

from workbench.corpus.measuring import measure_all, measure_corpus
<<<<<<< HEAD
from workbench.corpus.stored import account, describe, measures_by_part

__all__ = ["account", "describe", "measure_all", "measure_corpus", "measures_by_part"]
=======
from workbench.corpus.stored import account, account_of, measures_by_part

__all__ = ["account", "account_of", "measure_all", "measure_corpus", "measures_by_part"]
>>>>>>> work-tone2
