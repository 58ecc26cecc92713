"""The tidy table of all figures, what each means, and the findings in sentences."""

from workbench.measurement.definitions import (
    COLUMNS,
    Analysis,
    Asked,
    agreement,
    dictionary,
    inert,
    label,
    number,
    plain,
    written,
)
from workbench.measurement.findings import findings
from workbench.measurement.table import NEUTRAL, Row, figures, measures, tidy

__all__ = [
    "COLUMNS",
    "NEUTRAL",
    "Analysis",
    "Asked",
    "Row",
    "agreement",
    "dictionary",
    "figures",
    "findings",
    "inert",
    "label",
    "measures",
    "number",
    "plain",
    "tidy",
    "written",
]
