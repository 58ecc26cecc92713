"""Bytes of each file format to plain text and metadata, in bounded time and memory."""

import codecs
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from threading import Lock
from typing import Any, BinaryIO

from workbench.cleaning import Removed

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE  # bytes of a document's file
LARGEST_TEXT = 10 * MEGABYTE  # bytes of a file that is itself text, or of the XML in a document
MOST_TAGS = 50_000
SAMPLE = 65_536  # bytes that an encoding is guessed from


class FormatError(ValueError):
    """Bytes that hold no document; the message says why and what to do, not in which file."""


@dataclass
class Extract:
    """A file's text and metadata, what of it was `removed`, and whether that has told the article from its page."""

    text: str
    metadata: dict[str, object] = field(default_factory=dict)
    removed: Removed = field(default_factory=list)
    is_article: bool = False


def extract(raw: bytes, suffix: str) -> Extract:
    """What a file's bytes hold, by the ending of its name (".txt"). Raises FormatError."""
    if suffix not in READERS:
        raise FormatError(f"{suffix or 'no ending'}: not a format that is read; save it as one of {' '.join(READERS)}")
    return READERS[suffix](raw)


def decoded(raw: bytes) -> tuple[str, str]:
    """The text in `raw` and its encoding: by its mark, by its pattern of zeros, as UTF-8, or by its letters."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding
    start = raw[:4096]
    kind = next((kind for signature, kind in _SIGNATURES.items() if raw.startswith(signature)), "")
    zeros = [start[parity::2].count(0) / max(len(start) // 2, 1) for parity in (0, 1)]
    if not kind and max(zeros) > 0.4 and min(zeros) < 0.1:
        encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return raw.decode(encoding, "replace"), encoding
    if kind or sum(map(start.count, _CONTROL)) > 0.02 * len(start):
        raise FormatError(
            f"by its content {kind or 'a binary file'}, not text; convert it, or correct the file's ending"
        )
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded_by_letters(raw)


_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\3\4": "a zip or an Office document",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"\x1f\x8b": "compressed with gzip",
}
_CONTROL = [bytes([code]) for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b"]


def _decoded_by_letters(raw: bytes) -> tuple[str, str]:
    """UTF-8 with stray bytes of Windows-1252 if most are not stray; else as the page declares, else the likeliest."""
    strays = 0

    def stray(error: UnicodeError) -> tuple[str, int]:
        nonlocal strays
        assert isinstance(error, UnicodeDecodeError)
        strays += 1
        return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1

    codecs.register_error("stray", stray)
    text = raw.decode("utf-8", "stray")
    if sum(character > "\x7f" for character in text) > 2 * strays:
        return text, "utf-8 with windows-1252"
    if declared := re.search(rb"charset=[\"']?([\w-]+)", raw[:2048]):
        with suppress(LookupError, UnicodeDecodeError):
            return raw.decode(declared[1].decode()), declared[1].decode()
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:SAMPLE]).best()
    encoding = best.encoding if best else "cp1252"
    return raw.decode(encoding, "replace"), encoding


def normalised(text: str) -> tuple[str, str]:
    """`text` with plain line ends and spaces, without control characters; and what of it was repaired, if any was."""
    text = re.sub("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    text = re.sub("[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]", "", text)
    if not re.search("[ÃÂâÅÐðÎÏ×Ø][\x80-\u2122]", text):
        return text, ""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines = text.split("\n")
    fixed = [fix_encoding(line) if is_bad(line) else line for line in lines]
    changed = sum(a != b for a, b in zip(lines, fixed, strict=True))
    return "\n".join(fixed), f"garbled characters in {changed} lines" if changed else ""


def _plain(raw: bytes) -> Extract:
    """The text, and as metadata the "key: value" lines between lines of "---" at its start."""
    text, encoding = decoded(_of_size(raw))
    metadata: dict[str, object] = {} if encoding.removesuffix("-sig") == "utf-8" else {"encoding": encoding}
    if front := re.match(r"\s*---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)---[ \t]*(?:\r?\n|$)", text[:20_000]):
        pairs = re.findall(r"^([\w -]{1,40}):[ \t]*(.*?)[ \t\r]*$", front[1], re.M)
        metadata |= {key.strip().lower(): value.strip("\"'") for key, value in pairs}
        text = "\n" * front[0].count("\n") + text[front.end() :]  # the lines after it keep their numbers
    return Extract(text, metadata)


def _markdown(raw: bytes) -> Extract:
    found = _plain(raw)
    for mark, kept in _MARKDOWN:
        found.text = mark.sub(kept, found.text)
    return found


_MARKDOWN = [
    (re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])"), r"\1"),
    (re.compile(r"^ {0,3}(?:#{1,6} +|> ?)", re.M), ""),
    (re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,500})(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_\n]{1,500})(?<=\S)\1(?!\w)"), r"\2"),
]


def _html(raw: bytes) -> Extract:
    """The article by trafilatura, set to precision; what else is on the page is listed by its line in the source."""
    page, _ = decoded(_of_size(raw))
    if page.count("<") > MOST_TAGS:
        raise FormatError(f"has more than {MOST_TAGS:,} tags, more than any article's page; save its text as .txt")
    from lxml import etree, html
    from trafilatura import bare_extraction

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    found: Any = None
    with suppress(ValueError, TypeError, RecursionError, etree.LxmlError):
        tree = html.fromstring(page.encode("utf-8", "replace"), parser=parser)
        found = bare_extraction(tree, include_comments=False, favor_precision=True, with_metadata=True)
    if not found or not found.text:
        raise FormatError("no article found on this page; save its text as .txt")
    named = {
        "title": found.title,
        "author": found.author,
        "date": found.date,
        "outlet": found.sitename,
        "url": found.url,
    }
    return Extract(found.text, named, _rest_of_page(tree, found.text), is_article=True)


def _rest_of_page(tree: Any, article: str) -> Removed:
    squeezed = "".join(article.split())
    if len(squeezed) > MEGABYTE / 2:
        return [(1, "", "the page around this article is not listed for its size")]
    removed = []
    for element in tree.iter("*"):
        pieces = [element.text, *(child.tail for child in element)]
        if element.tag not in ("script", "style", "noscript", "template"):
            words = [" ".join(piece.split()) for piece in pieces if piece]
            removed += [(element.sourceline or 1, piece, "outside the article") for piece in words if piece]
    return [row for row in removed if row[1].replace(" ", "") not in squeezed]


_pdfium = Lock()  # PDFium may be used by one thread at a time


def _pdf(raw: bytes) -> Extract:
    import pypdfium2

    try:
        with _pdfium, pypdfium2.PdfDocument(raw) as document:
            pages = [page.get_textpage().get_text_range().splitlines() for page in document]
            known = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise FormatError("protected by a password; save a copy without one") from None
        raise FormatError("damaged, or not a PDF; open it in a PDF viewer and save it anew") from None
    lines, removed = _without_running_heads(pages)
    if not any(map(str.strip, lines)):
        raise FormatError(f"no text found on its {len(pages)} pages; it looks like a scan, so run OCR first")
    text = re.sub("(?<=[a-z])[-\x02\xad\ufffe]\n(?=[a-z])", "", "\n".join(lines))
    return Extract(
        text, {"title": known["Title"], "author": known["Author"], "date": known["CreationDate"][2:10]}, removed
    )


def _without_running_heads(pages: list[list[str]]) -> tuple[list[str], Removed]:
    """The pages' lines without those that stand at the top or foot of most pages, whatever their digits."""
    masked = Counter(head for page in pages for head in {re.sub(r"\d+", "0", line) for line in page[:2] + page[-2:]})
    running = {head for head, count in masked.items() if count > 1 and 2 * count > len(pages)}
    numbered = [(number, line, "running head") for number, line in enumerate(chain.from_iterable(pages), 1)]
    removed = [row for row in numbered if re.sub(r"\d+", "0", row[1]) in running]
    return [row[1] for row in numbered if row not in set(removed)], removed


def _office(raw: bytes, body: str, properties: str) -> Extract:
    """The text of zipped XML in the part `body`; its title, author and date in the part `properties`."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        with opened_zip(io.BytesIO(raw)) as parts:
            entries = map(parts.getinfo, (body, properties))
            text, known = (etree.fromstring(member(parts, entry, LARGEST_TEXT), parser) for entry in entries)
    except (KeyError, etree.XMLSyntaxError):
        raise FormatError("damaged, or protected by a password; open it and save a new copy") from None
    etree.strip_elements(text, *(f"{{*}}{name}" for name in _NOT_TEXT), with_tail=False)
    lines = ["".join(_runs(element)) for element in text.iter("{*}p", "{*}h")]
    named = {_PROPERTIES[name]: e.text for e in known.iter("*") if (name := etree.QName(e).localname) in _PROPERTIES}
    return Extract("\n".join(lines), named)


_NOT_TEXT = ("Fallback", "delText", "instrText", "tracked-changes", "annotation", "note")
_PROPERTIES = {"title": "title", "creator": "author", "created": "date", "creation-date": "date"}


def _runs(element: Any) -> Iterator[str]:
    """The pieces of a paragraph's text; a paragraph within it, as of a text box, comes by itself."""
    yield element.text or ""
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in ("tab", "br", "line-break", "s", "cr"):
            yield " "
        elif name not in ("p", "h"):
            yield from _runs(child)
        yield child.tail or ""


def _rtf(raw: bytes) -> Extract:
    from striprtf.striprtf import rtf_to_text

    if not _of_size(raw).lstrip().startswith(b"{\\rtf"):
        raise FormatError("not an RTF document by its content; save it anew as RTF or as text")
    return Extract(rtf_to_text(raw.decode("latin-1"), errors="ignore"))


READERS: dict[str, Callable[[bytes], Extract]] = {
    ".txt": _plain,
    ".md": _markdown,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": partial(_office, body="word/document.xml", properties="docProps/core.xml"),
    ".odt": partial(_office, body="content.xml", properties="meta.xml"),
    ".rtf": _rtf,
}


def _of_size(raw: bytes) -> bytes:
    if len(raw) > LARGEST_TEXT:
        raise FormatError(
            f"{len(raw) // MEGABYTE} MB, too large for an article; split it, or put its articles in a table"
        )
    return raw


def opened_zip(file: BinaryIO) -> zipfile.ZipFile:
    """The zip archive in `file`. Raises FormatError where it is none or damaged."""
    try:
        return zipfile.ZipFile(file)
    except Exception:  # zipfile raises half a dozen kinds of errors on bytes that are no archive
        raise FormatError("damaged, cut short, or not a zip archive; make or download it anew") from None


def member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int = LARGEST_FILE) -> bytes:
    """The unpacked bytes of a member, never more than `largest`. Raises FormatError."""
    if entry.flag_bits & 1:
        raise FormatError("protected by a password; unpack it first")
    if entry.file_size > largest:
        raise FormatError(f"unpacks to more than {largest // MEGABYTE} MB; split it")
    try:
        return archive.read(entry)
    except Exception:  # as many from the decompressors
        raise FormatError("damaged within its archive; make the archive anew") from None
