"""Exports of news databases, taken apart into their articles: Nexis, Factiva, ProQuest, NewsBank, Europresse.

A layout says by which lines its exports are known, where an article begins or ends, and what of it is what.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from workbench.documents.cleaning import Removed
from workbench.documents.document import Extract
from workbench.documents.encoding import FormatError
from workbench.documents.layouts import MARK, Layout, layouts
from workbench.documents.wrapping import Lines, unwrap, wrapped_at

LEFT_OUT = "entry of the news database"


def articles(text: str) -> list[Extract | FormatError]:
    """Each article of the export that `text` is, or why it cannot be told; an empty list where it is no export.

    Raises FormatError where the text has the marks of an export and none of its articles can be told.
    """
    lines = list(enumerate(text.split("\n"), 1))
    width = wrapped_at(lines)
    for layout in layouts():
        marks = [mark for mark in (layout.known_by, layout.only) if mark]
        if not all(any(mark.match(line) for _, line in lines) for mark in marks):
            continue
        chunks = [chunk for chunk in _chunks(layout, lines) if any(layout.known_by.match(line) for _, line in chunk)]
        items = [_article(layout, chunk, number, width) for number, chunk in enumerate(chunks, 1)]
        if not any(isinstance(item, Extract) for item in items):
            reason = str(items[0]) if items else "none of its articles has an end that is known"
            raise FormatError(f"looks like an export of {layout.name}, but {reason}; {_REMEDY}")
        return items
    for layout in layouts():
        if sum(bool(mark.search(text)) for mark in layout.suspect) >= 2:
            reason = f"looks like an export of {layout.name}, but where its articles begin cannot be told"
            raise FormatError(f"{reason}; {_REMEDY}")
    return []


_REMEDY = "download it anew with full texts, as .docx, .rtf, .txt or .html, or save each article by itself"


def _article(layout: Layout, chunk: Lines, number: int, width: int) -> Extract | FormatError:
    fields, body = layout.parts(chunk)
    kept = {line for line, _ in body}
    text = "\n\n".join(line for _, line in unwrap(body, width=width))
    if not re.search(r"\w", text):
        title = f" ({fields['title'][:60]})" if fields.get("title") else ""
        return FormatError(f"article {number}{title} has no text in this export; download it with full texts")
    removed: Removed = [(n, " ".join(line.split()), LEFT_OUT) for n, line in chunk if line.strip() and n not in kept]
    metadata: dict[str, object] = {key: " ".join(value.split()).strip(" ;") for key, value in fields.items() if value}
    if words := re.search(r"\d[\d.,\s]*", str(metadata.get("length", ""))):
        metadata["length"] = int(re.sub(r"\D", "", words[0]))
    author = re.sub(r"^(?:by|par|von)\s+", "", str(metadata.get("author", "")), flags=re.I)
    return Extract(text, {**metadata, "author": author, "database": layout.name}, removed, is_article=True)


def _chunks(layout: Layout, lines: Lines) -> Iterator[Lines]:
    """The lines of each article; what stands before the first beginning or after the last end is no article."""
    chunk: Lines = []
    begun = not layout.first
    for row in lines:
        if layout.first and layout.first.match(row[1]):
            if begun and any(line.strip() for _, line in chunk[1:]):
                yield chunk
            chunk, begun = [], True
        chunk.append(row)
        if layout.last and layout.last.match(row[1]):
            yield chunk
            chunk = []
    if layout.first and begun and any(line.strip() for _, line in chunk[1:]):
        yield chunk


_MARKED = {  # what stands in an element of that class, or before one of that name
    "docpublicationname": "outlet",
    "docheader": "header",
    "titrearticlevisu": "title",
    "docauthors": "author",
}


def mark(tree: Any) -> None:
    """Write into the page what only its elements' names tell of its articles' parts."""
    for element in tree.xpath("//*[@class]"):
        name = element.get("class", "").lower().split(" ")[0]
        previous = element.getprevious()
        if name in _MARKED and not (
            name == "docheader" and previous is not None and previous.get("class") == "DocHeader"
        ):
            element.text = f"{_MARKED[name]}{MARK}{element.text or ''}"
    for anchor in tree.xpath("//a[starts-with(@name, 'DocID_')]"):
        anchor.text = "_" * 20
    for cell in tree.xpath("//td[contains(@class, 'index')]"):
        cell.tag = "span"  # a code and what it stands for in one line
        if (other := cell.getnext()) is not None:
            other.tag = "span"


_HINT = re.compile(
    rb"of \d+ DOCUMENT|End of Document|LOAD-DATE|Load-Date|Document [A-Z]\w{4,40}|Dokument |ProQuest|Record Number"
    rb"|DocPublicationName|news\xc2\xb7\d|OpenURL|PUBLICATION-TYPE"
    rb"|\nLP\b|Results Found|Factiva|words(?:\\par)?\s+\d{1,2} [A-Z]\w+ (?:19|20)\d\d"
)
_IN_HINTS = (
    b"DOCUMENT|Document |Dokument |LOAD-DATE|Load-Date|ProQuest|Record Number|OpenURL|DocPublicationName|news\xc2\xb7"
    b"|PUBLICATION-TYPE|\nLP|Results Found|Factiva| words"
).split(b"|")


@lru_cache(maxsize=1)  # asked of a file when it is found and when it is read
def hinted(raw: bytes) -> bool:
    """Whether the bytes of a file hint at an export; much quicker than taking it apart."""
    for part in _IN_HINTS:
        if part in raw:
            return bool(_HINT.search(raw))
    return False
