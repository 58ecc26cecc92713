"""Bytes of each file format to plain text and metadata, and tables of documents to their rows, within bounded memory."""

import codecs
import csv
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, BinaryIO

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE  # bytes of one document's file
LARGEST_TEXT = 10 * MEGABYTE  # bytes of a file that is itself text, or of the XML within a document
MOST_TAGS = 100_000
SAMPLE = 65_536  # bytes that encodings and dialects are guessed from


class FormatError(ValueError):
    """Bytes that hold no document; the message says why and what to do, not in which file."""


@dataclass
class Extract:
    """A file's text, its metadata, and `removed`: rows (line, text, reason) for what was not taken from it.

    `is_article` where the format's reader has told the article from the rest of the page.
    """

    text: str
    metadata: dict[str, object] = field(default_factory=dict)
    removed: list[tuple[int, str, str]] = field(default_factory=list)
    is_article: bool = False


def extract(raw: bytes, suffix: str) -> Extract:
    """What a file's bytes hold, by the file name's `suffix` (".txt"). Raises FormatError."""
    if suffix not in READERS:
        raise FormatError(f"{suffix or 'a file without an ending'} is not read; save it as one of {' '.join(READERS)}")
    return READERS[suffix](raw)


def decoded(raw: bytes) -> tuple[str, str]:
    """The text in `raw` and its encoding's name: by its mark, as UTF-8, by its pattern of zeros, or by its letters."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding
    start = raw[:4096]
    if b"\0" in start:
        zeros = [start[parity::2].count(0) / max(len(start) // 2, 1) for parity in (0, 1)]
        if max(zeros) < 0.4 or min(zeros) > 0.1:
            raise FormatError(_binary(raw))
        encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return raw.decode(encoding, "replace"), encoding
    if raw.startswith(tuple(_SIGNATURES)) or len(start.translate(None, _CONTROL)) < 0.95 * len(start):
        raise FormatError(_binary(raw))
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
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b")) + b"\x7f"
_SIGNATURES = {
    b"%PDF": "a PDF; rename it to .pdf",
    b"PK\3\4": "a zip or an Office document; rename it to .zip, .docx, .odt or .xlsx",
    b"{\\rtf": "an RTF document; rename it to .rtf",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file; save it as .docx or .xlsx",
    b"\x89PNG": "an image; run OCR on it first",
    b"\xff\xd8\xff": "an image; run OCR on it first",
    b"GIF8": "an image; run OCR on it first",
    b"\x1f\x8b": "compressed with gzip; unpack it first",
}


def _binary(raw: bytes) -> str:
    kind = next((kind for mark, kind in _SIGNATURES.items() if raw.startswith(mark)), None)
    return (
        f"by its content this is {kind}"
        if kind
        else "a binary file, not text; save it as text in the program it is from"
    )


def _decoded_by_letters(raw: bytes) -> tuple[str, str]:
    """UTF-8 with a few bytes of Windows-1252 where most characters beyond ASCII are valid UTF-8; else the likeliest."""
    strays = 0

    def stray(error: UnicodeError) -> tuple[str, int]:
        nonlocal strays
        assert isinstance(error, UnicodeDecodeError)
        strays += 1
        return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1

    codecs.register_error("windows-1252", stray)
    text = raw.decode("utf-8", "windows-1252")
    if sum(character > "\x7f" for character in text) > 2 * strays:
        return text, "utf-8 mixed with windows-1252"
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:SAMPLE]).best()
    encoding = best.encoding if best else "cp1252"
    return raw.decode(encoding, "replace"), encoding


def normalised(text: str) -> tuple[str, str]:
    """`text` with plain line ends and spaces and without control characters; and what of it was repaired, if anything."""
    text = re.sub("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    text = re.sub(
        "[\0-\x08\x0e-\x1b\x1f\x7f\x80-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]", "", text
    )
    if not re.search("[ÃÂâÅÐðÎÏ×Ø][\x80-\u2122]", text):
        return text, ""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines = text.split("\n")
    fixed = [fix_encoding(line) if is_bad(line) else line for line in lines]
    changed = sum(a != b for a, b in zip(lines, fixed, strict=True))
    return "\n".join(fixed), f"garbled characters in {changed} lines" if changed else ""


def _plain(raw: bytes) -> Extract:
    text, encoding = decoded(_of_size(raw))
    return _with_front_matter(text, {"encoding": encoding} if encoding not in ("utf-8", "utf-8-sig") else {})


def _with_front_matter(text: str, metadata: dict[str, object]) -> Extract:
    """`text` without a block of "key: value" lines between lines of "---" at its start, which go into the metadata."""
    match = re.match(r"\s*---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", text[:20_000])
    if not match:
        return Extract(text, metadata)
    pairs = re.findall(r"^([\w -]{1,40}):[ \t]*(.*?)[ \t\r]*$", match[1], re.M)
    metadata |= {key.strip().lower(): value.strip("\"'") for key, value in pairs if value}
    return Extract("\n" * match[0].count("\n") + text[match.end() :], metadata)


def _markdown(raw: bytes) -> Extract:
    found = _plain(raw)
    text = re.sub(r"!\[[^\]\n]*\]\([^)\n]*\)", "", found.text)
    text = re.sub(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])", r"\1", text)
    text = re.sub(r"^ {0,3}(?:#{1,6} +|> ?)", "", text, flags=re.M)
    text = re.sub(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])", r"\2", text)
    found.text = re.sub(r"(?<!\w)(_{1,3})(?=\S)([^_\n]+?)(?<=\S)\1(?!\w)", r"\2", text)
    return found


def _html(raw: bytes) -> Extract:
    """The article by trafilatura, set to precision; what else is on the page is listed by its line in the source."""
    page, _ = decoded(_of_size(raw))
    if page.count("<") > MOST_TAGS:
        raise FormatError(f"has more than {MOST_TAGS:,} tags, more than any article's page; save its text as .txt")
    from lxml import html
    from trafilatura import bare_extraction

    try:
        tree = html.fromstring(
            page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
        found = bare_extraction(tree, include_comments=False, favor_precision=True, with_metadata=True)
    except (ValueError, TypeError, RecursionError, html.etree.LxmlError):
        found = None
    if found is None or not found.text:
        raise FormatError("no article found in this page; save its text as .txt")
    names = {
        "title": found.title,
        "author": found.author,
        "date": found.date,
        "outlet": found.sitename,
        "url": found.url,
    }
    taken = re.sub(r"\s+", "", found.text)
    removed = []
    for element in tree.iter("*"):
        if element.tag not in ("script", "style", "noscript", "template"):
            for piece in (element.text, *(child.tail for child in element)):
                if piece and (words := piece.split()) and "".join(words) not in taken:
                    removed.append((element.sourceline or 0, " ".join(words), "outside the article"))
    return Extract(found.text, {k: v for k, v in names.items() if v}, removed, is_article=True)


_pdfium = Lock()  # PDFium may be used by one thread at a time


def _pdf(raw: bytes) -> Extract:
    import pypdfium2

    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(raw)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise FormatError("protected by a password; save a copy without one") from None
            raise FormatError("damaged, or not a PDF; open it in a PDF viewer and save it anew") from None
        try:
            pages = [page.get_textpage().get_text_bounded() for page in document]
            known = document.get_metadata_dict()
        except pypdfium2.PdfiumError:
            raise FormatError("damaged; open it in a PDF viewer and save it anew") from None
        finally:
            document.close()
    text = "\n".join(pages)
    if not text.strip():
        raise FormatError(f"no text found on its {len(pages)} pages; it looks like a scan, so run OCR first")
    text = re.sub("(?<=[a-z])[-\x02\xad\ufffe]\r?\n(?=[a-z])", "", text)
    named = {"title": known.get("Title"), "author": known.get("Author"), "date": known.get("CreationDate", "")[2:10]}
    return Extract(text, {key: value for key, value in named.items() if value})


def _office(body: str, properties: str) -> Callable[[bytes], Extract]:
    """A reader of zipped XML whose text is in the part `body`; title, author and date are in the part `properties`."""

    def read(raw: bytes) -> Extract:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        try:
            with opened_zip(io.BytesIO(raw)) as parts:
                text = etree.fromstring(member(parts, body, LARGEST_TEXT), parser)
                known = etree.fromstring(member(parts, properties, LARGEST_TEXT), parser)
        except (KeyError, etree.XMLSyntaxError):
            raise FormatError("damaged, or protected by a password; open it and save a new copy") from None
        etree.strip_elements(text, *(f"{{*}}{name}" for name in _NOT_TEXT), with_tail=False)
        lines = ["".join(_runs(element)) for element in text.iter("{*}p", "{*}h")]
        named = {_PROPERTIES.get(_local(element)): element.text for element in known.iter("*") if element.text}
        return Extract("\n".join(lines), {key: value for key, value in named.items() if key})

    return read


_NOT_TEXT = ("Fallback", "delText", "instrText", "tracked-changes", "annotation", "note")
_PROPERTIES = {
    "title": "title",
    "creator": "author",
    "initial-creator": "author",
    "created": "date",
    "creation-date": "date",
}


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _runs(element: Any) -> Iterator[str]:
    """The pieces of a paragraph's text; a paragraph within it, as of a text box, comes by itself."""
    yield element.text or ""
    for child in element:
        if _local(child) in ("tab", "br", "line-break", "s", "cr"):
            yield " "
        elif _local(child) not in ("p", "h"):
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
    ".docx": _office("word/document.xml", "docProps/core.xml"),
    ".odt": _office("content.xml", "meta.xml"),
    ".rtf": _rtf,
}


def _of_size(raw: bytes) -> bytes:
    if len(raw) > LARGEST_TEXT:
        raise FormatError(
            f"{len(raw) // MEGABYTE} MB is too large for one article; split it, or put its articles in a table"
        )
    return raw


def member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo, largest: int = LARGEST_FILE) -> bytes:
    """The unpacked bytes of a member, of which no more than `largest` are ever in memory."""
    entry = name if isinstance(name, zipfile.ZipInfo) else archive.getinfo(name)
    if entry.flag_bits & 1:
        raise FormatError("protected by a password; unpack it first")
    if entry.file_size > largest:
        raise FormatError(f"unpacks to more than {largest // MEGABYTE} MB; split it")
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, lzma.LZMAError):
        raise FormatError("damaged within its archive; make the archive anew") from None


def opened_zip(file: BinaryIO) -> zipfile.ZipFile:
    """The zip archive in `file`. Raises FormatError where it is none or damaged."""
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error):
        raise FormatError("damaged, cut short, or not a zip archive; make or download it anew") from None


def rows(file: BinaryIO, suffix: str) -> Iterator[dict[str, object]]:
    """The rows of a table of documents, by column, one at a time. Raises FormatError."""
    try:
        yield from TABLES[suffix](file)
    except FormatError:
        raise
    except Exception as error:  # the readers' own errors are many and not documented
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise FormatError(f"damaged, or not a {suffix} table ({reason}); save it anew") from None


def _delimited(file: BinaryIO) -> Iterator[dict[str, object]]:
    sample = file.read(SAMPLE)
    start, encoding = decoded(sample[: sample.rfind(b"\n") + 1] or sample)
    file.seek(0)
    csv.field_size_limit(LARGEST_TEXT)
    header = start.partition("\n")[0]
    delimiter = max("\t,;|", key=header.count)
    text = io.TextIOWrapper(file, encoding.split()[0], errors="replace", newline="")
    return iter(csv.DictReader(text, delimiter=delimiter))


def _json_lines(file: BinaryIO) -> Iterator[dict[str, object]]:
    while line := file.readline(LARGEST_TEXT):
        if line.strip():
            row = json.loads(line)
            yield row if isinstance(row, dict) else {"text": row}


def _excel(file: BinaryIO) -> Iterator[dict[str, object]]:
    from python_calamine import CalamineWorkbook

    with opened_zip(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > 2 * LARGEST_FILE:
            raise FormatError(f"unpacks to more than {2 * LARGEST_FILE // MEGABYTE} MB; save it as .csv")
    file.seek(0)
    cells = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).iter_rows()
    header = [str(name) for name in next(cells, [])]
    return (dict(zip(header, row, strict=False)) for row in cells)


def _parquet(file: BinaryIO) -> Iterator[dict[str, object]]:
    from pyarrow import parquet

    for batch in parquet.ParquetFile(file).iter_batches(batch_size=64):
        yield from batch.to_pylist()


TABLES: dict[str, Callable[[BinaryIO], Iterator[dict[str, object]]]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".jsonl": _json_lines,
    ".xlsx": _excel,
    ".parquet": _parquet,
}
