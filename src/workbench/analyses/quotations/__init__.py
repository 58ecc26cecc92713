"""Who says what, and whose words a passage has: the three voices."""

from workbench.analyses.quotations.table import VOICES, Voice, direct_speech, quotations, sources, voices

__all__ = ["VOICES", "Voice", "direct_speech", "quotations", "sources", "voices"]
