"""The tidy table of all figures, what each means, and the findings in sentences."""

from workbench.measurement.definitions import (
    COLUMNS,
    agreement,
    defined,
    dictionary,
    inert,
    label,
    number,
    plain,
    written,
)
from workbench.measurement.findings import findings
from workbench.measurement.table import FEW, NEUTRAL, measures, starts

__all__ = [
    "COLUMNS",
    "FEW",
    "NEUTRAL",
    "agreement",
    "defined",
    "dictionary",
    "findings",
    "inert",
    "label",
    "measures",
    "number",
    "plain",
    "starts",
    "written",
]
