"""The tidy table of all figures, what each means, and the findings in sentences."""

from workbench.measurement.definitions import (
    COLUMNS,
    Analysis,
    Asked,
    agreement,
    defined,
    dictionary,
    inert,
    is_defined,
    label,
    number,
    numbers,
    of_few,
    plain,
    written,
)
from workbench.measurement.findings import Finding, findings
from workbench.measurement.lists import Lists, word_lists
from workbench.measurement.ratios import Row, ratios, starts
from workbench.measurement.table import NEUTRAL, figures, measures, tidy

__all__ = [
    "COLUMNS",
    "NEUTRAL",
    "Analysis",
    "Asked",
    "Finding",
    "Lists",
    "Row",
    "agreement",
    "defined",
    "dictionary",
    "figures",
    "findings",
    "inert",
    "is_defined",
    "label",
    "measures",
    "number",
    "numbers",
    "of_few",
    "plain",
    "ratios",
    "starts",
    "tidy",
    "word_lists",
    "written",
]
