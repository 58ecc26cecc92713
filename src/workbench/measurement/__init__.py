"""The tidy table of all figures, what each means, and the findings in sentences."""

from workbench.measurement.definitions import (
    COLUMNS,
    Analysis,
    agreement,
    dictionary,
    inert,
    label,
    number,
    plain,
    written,
)
from workbench.measurement.findings import findings
from workbench.measurement.table import NEUTRAL, measures

__all__ = [
    "COLUMNS",
    "NEUTRAL",
    "Analysis",
    "agreement",
    "dictionary",
    "findings",
    "inert",
    "label",
    "measures",
    "number",
    "plain",
    "written",
]
