"""Text to a parsed spaCy `Doc`: which model, loaded once and lazily; one parse serves all analyses."""

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workbench.documents import Document, DocumentError
from workbench.language.attributes import remembering
from workbench.language.memory import per_document
from workbench.language.model import model_name, pipeline
from workbench.language.sentences import sentences
from workbench.statistics import one_thread

if TYPE_CHECKING:  # what needs no parse starts without spaCy
    from spacy.language import Language
    from spacy.pipeline import EntityRecognizer
    from spacy.tokens import Doc

STEPS = "entity steps"
MOST_TOKENS = 150_000  # words and marks; a minute's work, twice as many as a novel has
AT_ONCE = 100_000  # characters parsed at once, which takes 300 MB
_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")
_PARTS = re.compile(rf"(?s).{{1,{AT_ONCE}}}(?:\Z|\n)|.{{1,{AT_ONCE}}}")  # whole paragraphs where they are short enough
# spaCy takes marks off a word one by one, each time looking at all that is left
_RUN = re.compile(r"(?:[^\w\s]{50}|\S{300})(?=\S)")
_SIGN = re.compile(r"(?<=[”\"])(?:--|[-–—―])(?=\s?[^\W\d_a-z])")


@per_document
def parse(document: Document) -> "Doc":
    """The parse of `document.text`; its tokens' `idx` are character offsets into that text.

    Raises DocumentError where it has more than 150,000 words and marks.
    """
    length = sum(1 for _ in _WORD_OR_MARK.finditer(document.text))
    if length > MOST_TOKENS:
        raise DocumentError(
            f"{document.name}: {length:,} words and marks, and no more than {MOST_TOKENS:,} can be parsed; split it"
        )
    nlp = pipeline(model_name())
    parts = [annotate(nlp, part) for part in _PARTS.findall(document.text)]
    return _joined(parts) if len(parts) > 1 else parts[0] if parts else annotate(nlp, "")


def _joined(parts: list["Doc"]) -> "Doc":
    """The parse of the text that `parts` make one after another."""
    from spacy.tokens import Doc  # start-up time

    steps = [part.user_data.pop(STEPS) for part in parts if STEPS in part.user_data]
    whole = Doc.from_docs(parts, ensure_whitespace=False)
    assert whole is not None
    if steps:
        whole.user_data[STEPS] = steps[0][0], np.concatenate([scores for _, scores in steps])
    return whole


def _tokenised(nlp: "Language", text: str) -> "Doc":
    """The text's tokens, cut within runs without a space that no word has, as they take longer the longer they are,
    and around the dash of a signature, which spaCy takes for a part of a word: “…”―Ann Lee.
    """
    ends = [run.end() for run in _RUN.finditer(text)]
    ends += [end for sign in _SIGN.finditer(text) for end in sign.span()]
    cuts = [0, *sorted({*ends} - {0, len(text)}), len(text)]
    return _joined([nlp.make_doc(text[a:b]) for a, b in pairwise(cuts)]) if len(cuts) > 2 else nlp.make_doc(text)


@one_thread
def annotate(nlp: "Language", text: str, names: bool = True) -> "Doc":
    """What `nlp` makes of `text`, which goes through it alone: in a batch, numbers would be rounded differently.

    Without `names` its recogniser, two fifths of the work, is left out.
    """
    from spacy.pipeline import AttributeRuler, EntityRecognizer  # start-up time

    doc = _tokenised(nlp, text)
    for _, component in nlp.pipeline:
        if not isinstance(component, EntityRecognizer):
            doc = (remembering(component) if isinstance(component, AttributeRuler) else component)(doc)
        elif names and component.cfg["beam_width"] == 1 and len(doc):
            component.set_annotations([doc], _recognised(component, doc))
        elif names:
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
        self.doc, self.vectors = doc, doc.tensor
        layers = (self._strings(layer) for layer in ("ORTH", "LOWER", "LEMMA", "POS", "TAG", "DEP", "ENT_TYPE"))
        self.text, self.lower, self.lemma, self.pos, self.tag, self.dep, self.entity = layers
        self.whole = "".join(w + " " * s for w, s in zip(self.text, doc.to_array("SPACY").tolist(), strict=True))
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
def sentence_spans(document: Document) -> tuple[tuple[int, int], ...]:
    """The `sentences` of `document.text`."""
    return sentences(document.text)
