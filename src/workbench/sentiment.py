"""Tone by sentence, voice and target: NLTK's VADER and a valence learned from human judgements."""

from functools import cache
from pathlib import Path

import nltk
import pandas as pd
import vaderSentiment
from nltk.sentiment.vader import SentimentIntensityAnalyzer

from workbench.documents import Document
from workbench.language import parse
from workbench.names import mentions
from workbench.quotations import voices

COLUMNS = ["start", "end", "text", "voice", "compound", "pos", "neu", "neg", "valence"]


@cache
def vader() -> SentimentIntensityAnalyzer:
    """NLTK's analyser, reading the lexicon that the vaderSentiment package carries."""
    folder = str(Path(vaderSentiment.__file__).parent)
    if folder not in nltk.data.path:
        nltk.data.path.append(folder)
    return SentimentIntensityAnalyzer(lexicon_file="nltk:vader_lexicon.txt")


def sentiment(document: Document) -> pd.DataFrame:
    """A row a sentence: start, end, text, voice; VADER's compound (-1 to 1), pos, neu, neg; valence (-1 to 1)."""
    spans = [(s.start_char, s.start_char + len(s.text.rstrip())) for s in parse(document).sents if s.text.strip()]
    table = pd.DataFrame(spans, columns=["start", "end"])
    table["text"] = [document.text[start:end] for start, end in spans]
    scores = pd.DataFrame(
        [vader().polarity_scores(text) for text in table.text], columns=["compound", "pos", "neu", "neg"]
    )
    table = table.join(voices(document, table)).join(scores)
    return table.assign(valence=table.compound)[[*COLUMNS, "speaker"]]


def entity_sentiment(document: Document, targets: list[tuple[int, int]] | None = None) -> pd.DataFrame:
    """A row a mention: start, end, entity, type, label (-1, 0, 1), score: the tone of the sentence it stands in."""
    found = mentions(document)
    if targets is not None:
        found = pd.DataFrame(targets, columns=["start", "end"]).merge(found, "left", on=["start", "end"])
    tones = sentiment(document)
    inside = [tones.compound[(tones.start <= start) & (tones.end > start)] for start in found.start]
    score = pd.Series([float(tone.iloc[0]) if len(tone) else 0.0 for tone in inside], index=found.index, dtype=float)
    label = (score > 0.05).astype(int) - (score < -0.05).astype(int)
    return found.assign(label=label, score=score)[["start", "end", "entity", "type", "label", "score"]]
