"""In what tone a text is written, and towards whom."""

from workbench.analyses.sentiment.table import entity_sentiment, lexicon_agreement, sentiment, vader_scores, valences

__all__ = ["entity_sentiment", "lexicon_agreement", "sentiment", "vader_scores", "valences"]
