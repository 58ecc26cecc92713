"""Who says what, and whose words a passage has: the three voices."""

from workbench.analyses.quotations.gender import GENDERS
from workbench.analyses.quotations.speakers import TURNS
from workbench.analyses.quotations.table import (
    VOICES,
    Voice,
    direct_speech,
    quotations,
    sentence_voices,
    sources,
    voices,
)

__all__ = ["GENDERS", "TURNS", "VOICES", "Voice", "direct_speech", "quotations", "sentence_voices", "sources", "voices"]
