"""Exports of news databases, taken apart into their articles: Nexis, Factiva, ProQuest, NewsBank, Europresse.

A layout says by which lines its exports are known, where an article begins or ends, and what of it is what.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workbench.documents import layouts
from workbench.documents.cleaning import Removed
from workbench.documents.document import Extract
from workbench.documents.encoding import FormatError
from workbench.documents.layouts import MARK, Parts
from workbench.documents.wrapping import Lines, unwrap, wrapped_at

LEFT_OUT = "entry of the news database"


def articles(text: str) -> list[Extract | FormatError]:
    """Each article of the export that `text` is, or why it cannot be told; an empty list where it is no export.

    Raises FormatError where the text has the marks of an export and none of its articles can be told.
    """
    lines = list(enumerate(text.split("\n"), 1))
    width = wrapped_at(lines)
    for layout in LAYOUTS:
        if not any(layout.known_by.match(line) for _, line in lines):
            continue
        chunks = [chunk for chunk in layout.chunks(lines) if any(layout.known_by.match(line) for _, line in chunk)]
        items = [_article(layout, chunk, number, width) for number, chunk in enumerate(chunks, 1)]
        if not any(isinstance(item, Extract) for item in items):
            reason = str(items[0]) if items else "none of its articles has an end that is known"
            raise FormatError(f"looks like an export of {layout.name}, but {reason}; {_REMEDY}")
        return items
    for name, marks in SUSPECT.items():
        if sum(bool(re.search(mark, text, re.M)) for mark in marks) >= 2:
            raise FormatError(f"looks like an export of {name}, but where its articles begin cannot be told; {_REMEDY}")
    return []


_REMEDY = "download it anew with full texts, as .docx, .rtf, .txt or .html, or save each article by itself"


def _article(layout: "Layout", chunk: Lines, number: int, width: int) -> Extract | FormatError:
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


@dataclass(frozen=True)
class Layout:
    """How the exports of a database look: the lines they are known by, and those that begin or end an article."""

    name: str
    known_by: re.Pattern[str]
    parts: Callable[[Lines], Parts]
    first: re.Pattern[str] | None = None
    last: re.Pattern[str] | None = None

    def chunks(self, lines: Lines) -> Iterator[Lines]:
        """The lines of each article; what stands before the first beginning or after the last end is no article."""
        chunk: Lines = []
        begun = not self.first
        for row in lines:
            if self.first and self.first.match(row[1]):
                if begun and any(line.strip() for _, line in chunk[1:]):
                    yield chunk
                chunk, begun = [], True
            chunk.append(row)
            if self.last and self.last.match(row[1]):
                yield chunk
                chunk = []
        if self.first and begun and not self.last and any(line.strip() for _, line in chunk[1:]):
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


_OUTLET = re.compile(rf"outlet{MARK}")
_NUMBERED = re.compile(r"\s*(?:\d+ of \d+ DOCUMENTS?|Dokument \d+ von \d+|Document \d+ de \d+)\s*$")
_END = re.compile(r"\s*End of Document\s*$")
_CODE = re.compile(r"\s*(?:AN\s+)?(?:Document|Dokument) [A-Z]\w{4,}(?:19|20)\d{6}\w{5,}\s*$")
LAYOUTS = (
    Layout("Europresse", _OUTLET, layouts.europresse, first=_OUTLET),
    Layout("LexisNexis", _NUMBERED, layouts.nexis, first=_NUMBERED),
    Layout("Nexis Uni", _END, layouts.nexis_uni, last=_END),
    Layout("Factiva", _CODE, layouts.factiva, last=_CODE),
    Layout(
        "ProQuest",
        re.compile(r"\s*(?:ProQuest document (?:ID|link)\b|Full text\s?:.*)", re.I),
        layouts.proquest,
        first=re.compile(r"\s*_{10,}\s*$"),
    ),
    Layout(
        "NewsBank",
        re.compile(r"\s*Record Number\s?:", re.I),
        layouts.newsbank,
        last=re.compile(r"\s*Record Number\s?:", re.I),
    ),
)
# marks of which two tell an export whose articles don't begin and end as they should
SUSPECT = {
    "LexisNexis": (r"^\s*LOAD-DATE: ", r"^\s*PUBLICATION-TYPE: ", r"^\s*LENGTH: +\d+ words", r"\d+ of \d+ DOCUMENTS"),
    "Nexis Uni": (r"^\s*Length:\s+\d+ words", r"^\s*Load-Date: ", r"^\s*Body\s*$", r"^\s*Search Terms: "),
    "Factiva": (
        r"^\s*HD\s",
        r"^\s*(?:LP|TD)\b",
        r"^\s*WC\s+\d",
        r"^\d[\d,]* words\n\d{1,2} \w+ \d{4}$",
        r"^Results Found$",
        r"Factiva, Inc\.|^\s*IPD?\s",
        r"^\s*PUB\s",
    ),
    "ProQuest": (
        r"ProQuest document (?:link|ID)",
        r"^\s*Full text: ",
        r"^\s*Document URL: .*proquest",
        r"ProQuest LLC",
    ),
    "NewsBank": (r"OpenURL Link", r"^\s*Record Number: ", r"NewsBank|Access World News"),
    "Europresse": (r"news·\d{8}·", r"(?:Europresse|eureka\.cc|CEDROM)", r"Numéro de document"),
}
_HINT = re.compile(
    rb"of \d+ DOCUMENT|End of Document|LOAD-DATE|Load-Date|Document [A-Z]\w{4,40}|Dokument |ProQuest|Record Number"
    rb"|DocPublicationName|news\xc2\xb7\d|OpenURL|PUBLICATION-TYPE"
    rb"|\nLP\b|Results Found|Factiva|words(?:\\par)?\s+\d{1,2} [A-Z]\w+ (?:19|20)\d\d"
)
_IN_HINTS = (
    b"DOCUMENT",
    b"Document ",
    b"Dokument ",
    b"LOAD-DATE",
    b"Load-Date",
    b"ProQuest",
    b"Record Number",
    b"OpenURL",
    b"DocPublicationName",
    b"news\xc2\xb7",
    b"PUBLICATION-TYPE",
    b"\nLP",
    b"Results Found",
    b"Factiva",
    b" words",
)


@lru_cache(maxsize=1)  # asked of a file when it is found and when it is read
def hinted(raw: bytes) -> bool:
    """Whether the bytes of a file hint at an export; much quicker than taking it apart."""
    for part in _IN_HINTS:
        if part in raw:
            return bool(_HINT.search(raw))
    return False
