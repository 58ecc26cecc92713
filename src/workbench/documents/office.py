"""PDFs, documents of word processors and e-books to their text, and what the formats' own properties say of them."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath
from threading import Lock
from typing import Any
from urllib.parse import unquote

from workbench.documents.cleaning import HYPHENATED, Lines, Removed, unwrap
from workbench.documents.document import Extract
from workbench.documents.encoding import LARGEST_TEXT, FormatError, member, opened_zip
from workbench.documents.files import apart
from workbench.documents.pages import block_lines

_pdfium = Lock()  # PDFium may be used by one thread at a time


def pdf(raw: bytes) -> Extract:
    import pypdfium2  # start-up time

    def read() -> Iterator[tuple[list[str], dict[str, str]]]:
        with _pdfium, pypdfium2.PdfDocument(raw) as document:
            yield [page.get_textpage().get_text_range() for page in document], document.get_metadata_dict()

    try:
        ((texts, known),) = apart(read)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise FormatError("protected by a password; save a copy without one") from None
        raise FormatError("damaged, or not a PDF; open it in a PDF viewer and save it anew") from None
    pages = [text.replace("\ufffe", f"{HYPHENATED}\n").splitlines() for text in texts]
    lines, removed = _without_running_heads(pages)
    if not lines:
        raise FormatError(f"no text found on its {len(pages)} pages; it looks like a scan, so run OCR first")
    text = "\n".join(line for _, line in unwrap(lines, ragged=0.2)).replace(f"{HYPHENATED} ", "")
    named = {"title": known["Title"], "author": known["Author"], "date": known["CreationDate"][2:10]}
    return Extract(text, {}, removed, properties=named)


def _without_running_heads(pages: list[list[str]]) -> tuple[Lines, Removed]:
    """The pages' numbered lines without those at the top or foot of most pages, which differ in digits at most."""
    digits = re.compile(r"\d+")
    heads = Counter(head for page in pages for head in {digits.sub("0", line) for line in page[:2] + page[-2:]})
    running = {head for head, count in heads.items() if count > 1 and 2 * count > len(pages)}
    lines = [row for row in enumerate(chain.from_iterable(pages), 1) if row[1].strip()]
    kept = [row for row in lines if digits.sub("0", row[1]) not in running]
    return kept, [(*row, "running head") for row in sorted({*lines}.difference(kept))]


def office(raw: bytes, body: str, properties: str) -> Extract:
    """The text of zipped XML in the part `body`; its title, author and date in the part `properties`."""
    from lxml import etree  # start-up time

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        with opened_zip(io.BytesIO(raw)) as parts:
            text = etree.fromstring(member(parts, parts.getinfo(body), LARGEST_TEXT), parser)
            known = text[:0]
            if properties in parts.namelist():
                known = etree.fromstring(member(parts, parts.getinfo(properties), LARGEST_TEXT), parser).iter("{*}*")
    except (KeyError, etree.XMLSyntaxError):
        raise FormatError("damaged, or protected by a password; open it and save a new copy") from None
    etree.strip_elements(text, *(f"{{*}}{name}" for name in _NOT_TEXT), with_tail=False)
    for gap in text.iter("{*}tab", "{*}br", "{*}line-break", "{*}s", "{*}cr"):
        gap.text = " "
    lines = []
    for paragraph in reversed([*text.iter("{*}p", "{*}h")]):  # one within another, as of a text box, comes by itself
        lines.append("".join(paragraph.itertext()))
        paragraph.clear(keep_tail=True)
    named = {_PROPERTIES[name]: e.text for e in known if (name := etree.QName(e).localname) in _PROPERTIES}
    return Extract("\n".join(reversed(lines)), properties=named)


_NOT_TEXT = "Fallback delText instrText tracked-changes annotation note posOffset align pctWidth pctHeight".split()
_PROPERTIES = {"title": "title", "creator": "author", "created": "date", "creation-date": "date"}


def rtf(raw: bytes) -> Extract:
    from striprtf.striprtf import rtf_to_text  # start-up time

    if not raw.lstrip().startswith(b"{\\rtf"):
        raise FormatError("not an RTF document by its content; save it anew as RTF or as text")
    return Extract(rtf_to_text(raw.decode("latin-1"), errors="ignore"))


def epub(raw: bytes) -> Extract:
    """The text of all parts of the book, in its reading order, and what its package says of it."""
    from lxml import etree, html  # start-up time

    def parsed(parts: Any, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        return etree.fromstring(member(parts, parts.getinfo(name), LARGEST_TEXT), parser)

    try:
        with opened_zip(io.BytesIO(raw)) as parts:
            place = parsed(parts, "META-INF/container.xml").find(".//{*}rootfile").get("full-path")
            package, folder = parsed(parts, place), PurePosixPath(place).parent
            files = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
            order = [str(folder / unquote(files[item.get("idref")])) for item in package.iter("{*}itemref")]
            pages = [html.fromstring(member(parts, parts.getinfo(name), LARGEST_TEXT)) for name in order]
    except (KeyError, AttributeError, TypeError, etree.LxmlError):
        raise FormatError("damaged, or not an EPUB; open it and save a new copy") from None
    lines = [line for page in pages for body in page.iter("body") for line in block_lines(body)]
    says = {
        key: package.findtext(f".//{{*}}{name}")
        for key, name in (("title", "title"), ("author", "creator"), ("date", "date"))
    }
    return Extract("\n".join(lines), dict(says))
