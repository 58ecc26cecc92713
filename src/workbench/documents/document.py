"""A `Document`: an article's text with its metadata and an account of what was left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from html import escape
from textwrap import shorten
from typing import TYPE_CHECKING

from workbench.documents import cleaning
from workbench.documents.encoding import printable

if TYPE_CHECKING:  # what makes no table starts without pandas
    import pandas as pd


@dataclass(frozen=True)
class Extract:
    """A file's text and metadata, what of it was `removed`, and whether that has told the article from its page.

    `properties` is what the file's format says of it, as a word processor writes it without being asked.
    """

    text: str
    metadata: dict[str, object] = field(default_factory=dict)
    removed: cleaning.Removed = field(default_factory=list)
    is_article: bool = False
    properties: dict[str, object] = field(default_factory=dict)


class InputError(ValueError):
    """Something given that cannot be used; the message says what, and what can."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the message alone."""
        return [str(self)]


class DocumentError(InputError):
    """A document that cannot be read; the message names the file and the remedy.

    >>> wb.read("seeds")
    Traceback (most recent call last):
        ...
    workbench.documents.document.DocumentError: seeds: a folder; read it with read_all
    """


@dataclass(frozen=True, eq=False)
class Document:
    """An article as it is measured.

    In `text` each line is a paragraph. `metadata` may have title, author, date (a datetime.date), outlet, language.
    `removed` lists what is not in `text`: `line` (from 1, in the file's text; in its HTML for what a page has around
    its article), `text`, `reason`. `sha256` is that of the source's bytes.

    >>> doc = wb.Document.from_text("It rained.", name="draft", metadata={"outlet": "Oslo Post"})
    >>> doc.name, doc.text, doc.metadata["outlet"], len(doc.removed)
    ('draft', 'It rained.', 'Oslo Post', 0)
    """

    name: str
    text: str
    metadata: Mapping[str, object] = field(default_factory=dict)
    source: str | None = None
    sha256: str = ""
    left_out: cleaning.Removed = field(default_factory=list, repr=False)

    @cached_property
    def removed(self) -> "pd.DataFrame":  # made when asked for, which takes longer than to read a short text
        """The table of what is not in the text; Arrow's strings, which pandas uses, hold no lone surrogates."""
        import pandas as pd  # start-up time

        rows = [(line, text.encode("utf-8", "replace").decode(), reason) for line, text, reason in self.left_out]
        return pd.DataFrame(rows, columns=[*cleaning.REMOVED]).astype(cleaning.REMOVED)

    @classmethod
    def from_text(cls, text: str, name: str = "text", metadata: Mapping[str, object] | None = None) -> "Document":
        """A document of a text that is already clean; it is taken as it is.

        >>> wb.Document.from_text("It rained.").name
        'text'
        """
        if not isinstance(text, str):
            raise TypeError(f"{text!r:.80} is not a text; read a file with wb.read(path)")
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)  # half a character, which no file can hold
        return cls(name, text, dict(metadata or {}), sha256=sha256(text.encode()).hexdigest())

    @property
    def title(self) -> str:
        """The headline, or without one the text's first words."""
        words = shorten(" ".join(self.text[:400].split())[:90], 60, placeholder=" …") or self.name
        written = str(self.metadata.get("title") or words)
        return written[:1].upper() + written[1:]

    def _repr_html_(self) -> str:
        """The document at a glance: its title, its length, how much was left out, its first paragraphs."""
        first = "".join(f"<p>{escape(line)}</p>" for line in self.text.split("\n\n")[:3])
        length = f"{len(self.text.split()):,} words, {len(self.removed)} pieces left out (.removed)"
        return f"<h3>{escape(self.title)}</h3><p>{length}</p>{first}"


def is_document(given: object) -> None:
    """Raise TypeError, saying how to get one, where `given` is no Document."""
    if isinstance(given, Document):
        return
    what, remedy = f"{given!r}"[:80], "read a file with wb.read(path)"
    if isinstance(given, str) and (len(given) > 300 or "\n" in given):
        what, remedy = "a text", "make it one with wb.Document.from_text(text)"
    elif isinstance(given, str):
        remedy = "read a file with wb.read(path), or take a text with wb.Document.from_text(text)"
    elif isinstance(given, Iterable):
        what, remedy = f"a {type(given).__name__}", "call it for each document, or wb.measure_all(source) for all"
    raise TypeError(f"{what} is not a Document; {remedy}")


def one_of(what: str, given: str, choices: Iterable[str]) -> str:
    """What is `given`; raises InputError (a ValueError), naming the nearest of `choices`, where it is none of them."""
    names = list(choices)
    if given in names:
        return given
    near = get_close_matches(str(given).lower(), names, 1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    raise InputError(f"no {what} {given!r}; {meant}there is {', '.join(names)}")
