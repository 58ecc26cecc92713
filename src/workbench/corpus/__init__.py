"""Many documents: measured, stored, compared, and judged by people."""

from workbench.corpus.measuring import measure_all, measure_corpus
from workbench.corpus.stored import account, beside, fields, folder, measures_by_part

__all__ = ["account", "beside", "fields", "folder", "measure_all", "measure_corpus", "measures_by_part"]
