"""Text to a parsed spaCy `Doc`: which model, loaded once and lazily; one parse serves all analyses."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workbench.documents import Document
from workbench.language.memory import per_document
from workbench.language.model import model_name, pipeline
from workbench.language.sentences import sentences
from workbench.statistics import one_thread

if TYPE_CHECKING:  # what needs no parse starts without spaCy
    from spacy.language import Language
    from spacy.pipeline import EntityRecognizer
    from spacy.tokens import Doc

STEPS = "entity steps"


@per_document
def parse(document: Document) -> "Doc":
    """The parse of `document.text`; its tokens' `idx` are character offsets into that text."""
    return annotate(pipeline(model_name()), document.text)


@one_thread
def annotate(nlp: "Language", text: str) -> "Doc":
    """What `nlp` makes of `text`, which goes through it alone: in a batch, numbers would be rounded differently."""
    from spacy.pipeline import EntityRecognizer  # start-up time

    doc = nlp.make_doc(text)
    for _, component in nlp.pipeline:
        if isinstance(component, EntityRecognizer) and component.cfg["beam_width"] == 1 and len(doc):
            component.set_annotations([doc], _recognised(component, doc))
        else:
            doc = component(doc)
    return doc


def _recognised(recogniser: "EntityRecognizer", doc: "Doc") -> list:
    """What its `predict` gives, step by step: there, asking which steps are valid takes and leaves Python's lock.

    How well each step fits each token is kept in `doc.user_data`, for `Tokens.likely`.
    """
    model = recogniser.model.predict([doc])
    found = states = recogniser.moves.init_batch([doc])
    outside, scores = _outside_names(model, len(doc)), []
    while states:
        token, *others = model.get_token_ids(states)[0].tolist()
        scores.append(model.predict(states) if max(others, default=-1) >= 0 else outside[token : token + 1])
        states = recogniser.transition_states(states, scores[-1])
    model.clear_memory()
    doc.user_data[STEPS] = recogniser.move_names, np.concatenate(scores)
    return found


def _outside_names(model: Any, size: int) -> NDArray[np.float32]:
    """The scores of the steps at each token where no name is open: they hang on that token alone, so all at once."""
    alone = np.full((size, model.state2vec.nF), -1, dtype="i")
    alone[:, 0] = np.arange(size)
    scores: NDArray[np.float32] = model.state2vec.predict(alone)
    if model.vec2scores:
        scores = model.vec2scores.predict(scores)
    if (unseen := model._class_mask == 0).any():
        scores[:, unseen] = np.nanmin(scores, axis=1, keepdims=True)
    return scores


class Tokens:
    """A parse as lists by token, which are quick to read often; `end` is exclusive, `sentence` its tokens' range."""

    def __init__(self, doc: "Doc") -> None:
        self.doc, self.whole, self.vectors = doc, doc.text, doc.tensor
        layers = (self._strings(layer) for layer in ("ORTH", "LOWER", "LEMMA", "POS", "TAG", "DEP", "ENT_TYPE"))
        self.text, self.lower, self.lemma, self.pos, self.tag, self.dep, self.entity = layers
        self.start = doc.to_array("IDX").astype(int).tolist()
        self.end = [start + len(word) for start, word in zip(self.start, self.text, strict=True)]
        self.head = (np.arange(len(doc)) + doc.to_array("HEAD").astype(np.int64)).tolist()
        opens = np.flatnonzero(doc.to_array("SENT_START") == 1).tolist()
        bounds = pairwise([0, *(i for i in opens if i), len(doc)])
        self.sentence = [bound for bound in bounds for _ in range(*bound)]

    def written(self, first: int, past: int) -> str:
        """The text from one token to before another."""
        return self.whole[self.start[first] : self.end[past - 1]] if first < past else ""

    def opens(self, token: int) -> bool:
        """Whether a token is its sentence's first."""
        return self.sentence[token][0] == token

    def _strings(self, layer: str) -> list[str]:
        """The layer's text at each token."""
        keys = self.doc.to_array(layer).tolist()
        texts = {key: self.doc.vocab.strings[key] for key in set(keys)}
        return [texts[key] for key in keys]


@per_document
def tokens(document: Document) -> Tokens:
    """The tokens of `document.text`."""
    return Tokens(parse(document))


@per_document
def sentence_spans(document: Document) -> list[tuple[int, int]]:
    """The `sentences` of `document.text`."""
    return sentences(document.text)
