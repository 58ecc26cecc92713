"""Who says what, and which words are the journalist's."""

from workbench.analyses.quotations.table import direct_speech, quotations, sources, voices

__all__ = ["direct_speech", "quotations", "sources", "voices"]
