"""Bytes of each file format to plain text and metadata, or to a table's rows, in bounded time and memory."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from threading import Lock
from typing import Any, BinaryIO

from workbench.documents.cleaning import HYPHENATED, Lines, Removed, unwrap
from workbench.documents.encoding import SAMPLE, FormatError, decoded

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE  # bytes of a document's file
LARGEST_TEXT = 10 * MEGABYTE  # bytes of a file that is itself text, or of the XML in a document
MOST_TAGS = 50_000


@dataclass(frozen=True)
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
    if len(raw) > LARGEST_TEXT and suffix not in (".pdf", ".docx", ".odt"):
        raise FormatError(f"{len(raw) // MEGABYTE} MB, too large for an article; split it, or make a table of it")
    return READERS[suffix](raw)


def _plain(raw: bytes) -> Extract:
    """The text, and as metadata the "key: value" lines between lines of "---" at its start."""
    text, encoding = decoded(raw)
    metadata: dict[str, object] = {} if encoding.removesuffix("-sig") == "utf-8" else {"encoding": encoding}
    if front := re.match(r"\s*---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)---[ \t]*(?:\r?\n|$)", text[:20_000]):
        pairs = re.findall(r"^([\w -]{1,40}):[ \t]*(.*?)[ \t\r]*$", front[1], re.M)
        metadata |= {key.strip().lower(): value.strip("\"'") for key, value in pairs}
        text = "\n" * front[0].count("\n") + text[front.end() :]  # the lines after it keep their numbers
    return Extract(text, metadata)


def _markdown(raw: bytes) -> Extract:
    found = _plain(raw)
    text = found.text
    for mark, kept in _MARKDOWN.items():
        text = re.sub(mark, kept, text, flags=re.M)
    return Extract(text, found.metadata)


_MARKDOWN = {
    r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)": "",
    r"\[([^\[\]\n]{1,500})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])": r"\1",
    r"^ {0,3}(?:#{1,6} +|> ?)": "",
    r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,500})(?<=\S)\1(?![\w*])": r"\2",
    r"(?<!\w)(_{1,3})(?=\S)([^_\n]{1,500})(?<=\S)\1(?!\w)": r"\2",
}


def _html(raw: bytes) -> Extract:
    """The article by trafilatura, set to precision; what else is on the page is listed by its line in the source."""
    page, _ = decoded(raw)
    if page.count("<") > MOST_TAGS:
        raise FormatError(f"has more than {MOST_TAGS:,} tags, more than any article's page; save its text as .txt")
    from lxml import etree, html  # start-up time
    from trafilatura import bare_extraction

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    found: Any = None
    with suppress(ValueError, TypeError, RecursionError, etree.LxmlError):
        tree = html.fromstring(page.encode("utf-8", "replace"), parser=parser)
        found = bare_extraction(tree, include_comments=False, favor_precision=True, with_metadata=True)
    if not found or not found.text:
        raise FormatError("no article found on this page; save its text as .txt")
    names = {"title": "title", "author": "author", "date": "date", "outlet": "sitename", "url": "url"}
    named = {key: getattr(found, name) for key, name in names.items()}
    headline, _, body = found.text.partition("\n")
    repeated = body and len(headline) > 10 and str(found.title).startswith(headline)
    article = body if repeated else found.text
    return Extract(article, named, _rest_of_page(tree, article), is_article=True)


def _rest_of_page(tree: Any, article: str) -> Removed:
    squeezed = "".join(article.split())
    if len(squeezed) > MEGABYTE / 2:
        return [(1, "", "the page around this article is not listed for its size")]
    pieces = tree.xpath("//text()[not(parent::script or parent::style or parent::noscript or parent::template)]")
    rows = ((piece.getparent().sourceline or 1, " ".join(piece.split()), "outside the article") for piece in pieces)
    return [row for row in rows if row[1] and row[1].replace(" ", "") not in squeezed]


_pdfium = Lock()  # PDFium may be used by one thread at a time


def _pdf(raw: bytes) -> Extract:
    import pypdfium2  # start-up time

    try:
        with _pdfium, pypdfium2.PdfDocument(raw) as document:
            texts = [page.get_textpage().get_text_range() for page in document]
            known = document.get_metadata_dict()
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
    return Extract(text, named, removed)


def _without_running_heads(pages: list[list[str]]) -> tuple[Lines, Removed]:
    """The pages' numbered lines without those at the top or foot of most pages, which differ in digits at most."""
    digits = re.compile(r"\d+")
    heads = Counter(head for page in pages for head in {digits.sub("0", line) for line in page[:2] + page[-2:]})
    running = {head for head, count in heads.items() if count > 1 and 2 * count > len(pages)}
    lines = [row for row in enumerate(chain.from_iterable(pages), 1) if row[1].strip()]
    kept = [row for row in lines if digits.sub("0", row[1]) not in running]
    return kept, [(*row, "running head") for row in sorted({*lines}.difference(kept))]


def _office(raw: bytes, body: str, properties: str) -> Extract:
    """The text of zipped XML in the part `body`; its title, author and date in the part `properties`."""
    from lxml import etree  # start-up time

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        with opened_zip(io.BytesIO(raw)) as parts:
            entries = map(parts.getinfo, (body, properties))
            text, known = (etree.fromstring(member(parts, entry, LARGEST_TEXT), parser) for entry in entries)
    except (KeyError, etree.XMLSyntaxError):
        raise FormatError("damaged, or protected by a password; open it and save a new copy") from None
    etree.strip_elements(text, *(f"{{*}}{name}" for name in _NOT_TEXT), with_tail=False)
    for gap in text.iter("{*}tab", "{*}br", "{*}line-break", "{*}s", "{*}cr"):
        gap.text = " "
    lines = []
    for paragraph in reversed([*text.iter("{*}p", "{*}h")]):  # one within another, as of a text box, comes by itself
        lines.append("".join(paragraph.itertext()))
        paragraph.clear(keep_tail=True)
    named = {_PROPERTIES[name]: e.text for e in known.iter("*") if (name := etree.QName(e).localname) in _PROPERTIES}
    return Extract("\n".join(reversed(lines)), named)


_NOT_TEXT = "Fallback delText instrText tracked-changes annotation note posOffset align pctWidth pctHeight".split()
_PROPERTIES = {"title": "title", "creator": "author", "created": "date", "creation-date": "date"}


def _rtf(raw: bytes) -> Extract:
    from striprtf.striprtf import rtf_to_text  # start-up time

    if not raw.lstrip().startswith(b"{\\rtf"):
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


Row = Mapping[Any, object]


def rows(file: BinaryIO, suffix: str) -> Iterator[dict[str, object] | FormatError]:
    """The rows of the table in `file`, by column in lower case; one that is damaged by itself comes as its FormatError.

    Raises FormatError where the table is.
    """
    try:
        for row in TABLES[suffix](file):
            if isinstance(row, FormatError):
                yield row
            else:
                yield {str(key).strip().lower(): value for key, value in row.items() if key}
    except (FormatError, ImportError):
        raise
    except Exception as error:  # each reader has many kinds of its own
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise FormatError(f"damaged, or not a {suffix} table ({reason[:100]}); save it anew") from None


def _delimited(file: BinaryIO) -> Iterator[Row]:
    sample = file.read(SAMPLE)
    start, encoding = decoded(sample[: sample.rfind(b"\n") + 1] or sample)
    file.seek(0)
    csv.field_size_limit(LARGEST_TEXT)
    text = io.TextIOWrapper(file, encoding.split()[0], errors="replace", newline="")
    yield from csv.DictReader(text, delimiter=max("\t,;|", key=start.partition("\n")[0].count))
    text.detach()


def _json_lines(file: BinaryIO) -> Iterator[Row | FormatError]:
    for number, line in enumerate(iter(partial(file.readline, LARGEST_TEXT), b""), 1):
        row = None
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
        if line.strip():
            yield row if isinstance(row, dict) else FormatError(f"line {number} is not a JSON object; correct it")


def _excel(file: BinaryIO) -> Iterator[Row]:
    from openpyxl import load_workbook  # start-up time

    if sum(part.file_size for part in opened_zip(file).infolist()) > LARGEST_FILE:
        raise FormatError(f"unpacks to more than {LARGEST_FILE // MEGABYTE} MB; save it as .csv")
    cells = load_workbook(file, read_only=True, data_only=True).worksheets[0].iter_rows(max_col=256, values_only=True)
    header = next(cells, ())
    yield from (dict(zip(header, row, strict=False)) for row in cells if any(row))


def _parquet(file: BinaryIO) -> Iterator[Row]:
    from pyarrow import parquet  # start-up time

    for batch in parquet.ParquetFile(file).iter_batches(batch_size=8):
        yield from batch.to_pylist()


TABLES = {".csv": _delimited, ".tsv": _delimited, ".jsonl": _json_lines, ".xlsx": _excel, ".parquet": _parquet}
