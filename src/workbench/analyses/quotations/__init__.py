"""Who says what, and whose words a passage has: the three voices."""

from workbench.analyses.quotations.gender import GENDERS
from workbench.analyses.quotations.table import VOICES, direct_speech, quotations, sources, voices

__all__ = ["GENDERS", "VOICES", "direct_speech", "quotations", "sources", "voices"]
