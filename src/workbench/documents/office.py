"""PDFs, documents of word processors and e-books to their text, and what the formats' own properties say of them."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise
from math import pi
from pathlib import PurePosixPath
from statistics import median
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import unquote

import numpy as np

from workbench.documents.cleaning import Removed
from workbench.documents.document import Extract
from workbench.documents.encoding import LARGEST_TEXT, FormatError, member, opened_zip
from workbench.documents.files import apart
from workbench.documents.pages import block_lines
from workbench.documents.wrapping import HYPHENATED, Lines, unwrap

MIN_COLUMN_WORDS = 40  # on a page that may have columns
MOST_CUTS = 6  # of the gaps between its rows, so many of the widest are tried as ends of columns
MOST_COVERED = 0.1  # of a page's words; text that lies over other text cannot be put in order
MOST_CROSSED = 0.3  # of a page's rows; as many that go on behind a wide gap are columns
MOST_COMPARED = 2000  # words of a page, each with each
_DAMAGED = "damaged, protected by a password, or of another format than its ending says; open it and save a new copy"
_UNORDERED = "open it, copy its text, and save that as .txt"
_pdfium = Lock()  # PDFium may be used by one thread at a time


def pdf(raw: bytes) -> Extract:
    import pypdfium2  # start-up time

    def read() -> Iterator[tuple[list[list[str]], dict[str, Any]]]:
        with _pdfium, pypdfium2.PdfDocument(raw) as document:
            pages = [_page_lines(page.get_textpage(), number) for number, page in enumerate(document, 1)]
            yield pages, document.get_metadata_dict()

    try:
        ((pages, known),) = apart(read)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise FormatError("protected by a password; save a copy without one") from None
        raise FormatError("damaged, or not a PDF; open it in a PDF viewer and save it anew") from None
    lines, removed = _without_running_heads(pages)
    if not lines:
        where = f"any of its {len(pages)} pages" if len(pages) > 1 else "its page"
        raise FormatError(f"no text found on {where}; it looks like a scan, so run OCR first")
    if blank := [str(number) for number, page in enumerate(pages, 1) if not any(page)]:
        removed.append((1, f"pages {', '.join(blank)}", "no text on these; if they are scans, run OCR"))
    text = "\n".join(line for _, line in unwrap(lines, ragged=0.2)).replace(f"{HYPHENATED} ", "")
    named = {"title": known["Title"], "author": known["Author"], "date": known["CreationDate"][2:10]}
    return Extract(text, {}, removed, properties=named)


def _page_lines(textpage: Any, number: int) -> list[str]:
    """The lines of page `number`: in their columns where it has some, else in the order in which the file has them.

    Raises FormatError where that order cannot be told.
    """
    turn = _turn(textpage)
    if turn % 1:
        raise FormatError(f"the text on page {number} is askew; {_UNORDERED}")
    words = _words(textpage, int(turn))
    if _covered(words) > MOST_COVERED:
        raise FormatError(f"text lies over other text on page {number}; {_UNORDERED}")
    if lines := _in_columns(words):
        return lines
    if turn:
        words = [word for row in _rows(words) for word in row]
    if _crosses_columns(words):
        raise FormatError(f"the columns on page {number} cannot be told apart; {_UNORDERED}")
    if turn:
        return _by_column(words, [])
    return textpage.get_text_range().replace("\ufffe", f"{HYPHENATED}\n").splitlines()


class _Word(NamedTuple):
    """A word of a page, with its place in points; `middle` is its height above the foot."""

    left: float
    right: float
    middle: float
    size: float
    text: str


def _turn(textpage: Any) -> float:
    """By how many right angles most of the page's text is turned."""
    from pypdfium2 import raw  # start-up time

    count = textpage.count_chars()
    turns = [raw.FPDFText_GetCharAngle(textpage, i) / (pi / 2) for i in range(0, count, max(count // 100, 1))]
    return Counter(round(turn, 1) % 4 for turn in turns).most_common(1)[0][0] if turns else 0


def _words(textpage: Any, turn: int) -> list[_Word]:
    """The page's words in the order of the file, on the page turned so that most of them stand upright."""
    from pypdfium2 import raw  # start-up time

    words: list[_Word] = []
    inside = False
    for i in range(textpage.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(textpage, i)).replace("\ufffe", HYPHENATED)
        left, bottom, right, top = textpage.get_charbox(i, loose=True)
        for _ in range(turn):
            left, bottom, right, top = -top, left, -bottom, right
        middle, size = (bottom + top) / 2, top - bottom
        inside = inside and abs(words[-1].middle - middle) < size / 2 and -size < left - words[-1].right < size
        if character.isspace() or not size > 0:
            inside = False
        elif inside:
            words[-1] = words[-1]._replace(right=right, text=words[-1].text + character)
        else:
            words.append(_Word(left, right, middle, size, character))
            inside = True
    return words


def _covered(words: list[_Word]) -> float:
    """The share of the words that lie mostly on another one of their size; a shadow of the same word does not count."""
    words = words[:MOST_COMPARED]
    left, right, middle, size = (np.array([word[i] for word in words]) for i in range(4))
    texts = np.array([word.text for word in words])
    wide = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    near = np.abs(middle[:, None] - middle) < 0.4 * size
    alike = (size[:, None] < 2 * size) & (size < 2 * size[:, None]) & (texts[:, None] != texts)
    return float((near & alike & (wide > 0.5 * (right - left))).any(axis=0).mean()) if words else 0


def _crosses_columns(words: list[_Word]) -> bool:
    """Whether words in this order go on behind a wide gap again and again, with phrases on both of its sides."""
    rows: list[list[list[_Word]]] = [[]]
    for before, word in pairwise([words[0], *words] if words else []):
        level = abs(before.middle - word.middle) < word.size / 2
        if not level or word.left < before.left or not rows[-1]:
            rows.append([[word]])
        elif word.left - before.right > 1.5 * word.size:
            rows[-1].append([word])
        else:
            rows[-1][-1].append(word)
    phrases = [sum(sum(word.text.isalpha() for word in part) >= 3 for part in row) for row in rows]
    return sum(count >= 2 for count in phrases) > max(MOST_CROSSED * sum(count >= 1 for count in phrases), 4)


def _in_columns(words: list[_Word]) -> list[str] | None:
    """The lines of a page in columns, or of its parts above each other that have some; None where none has."""
    if gutters := _gutters(words):
        return _by_column(words, gutters)
    rows = _rows(words)
    gaps = [above[0].middle - below[0].middle for above, below in pairwise(rows)]
    for i in sorted(range(len(gaps)), key=lambda i: -gaps[i])[:MOST_CUTS]:
        parts = [[word for row in part for word in row] for part in (rows[: i + 1], rows[i + 1 :])]
        if gaps[i] > 1.2 * median(gaps) and any(map(_gutters, parts)):
            return [line for part in parts for line in _in_columns(part) or _by_column(part, [])]
    return None


def _gutters(words: list[_Word]) -> list[tuple[float, float]]:
    """The strips between columns of prose: hardly a word crosses them, and there is prose on both sides."""
    if len(words) < MIN_COLUMN_WORDS:
        return []
    size = median(word.size for word in words)
    start = int(min(word.left for word in words))
    crossing = np.zeros(int(max(word.right for word in words)) - start + 2)
    for word in words:
        crossing[int(word.left) - start : int(np.ceil(word.right)) - start] += 1
    free = crossing <= 0.1 * np.quantile(crossing[crossing > 0], 0.75)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free, [0]]))).reshape(-1, 2)
    spaces = [b.left - a.right for a, b in pairwise(words) if a.middle == b.middle and 0 < b.left - a.right < 2 * size]
    narrowest = max(size / 2, 1.5 * median(spaces or [0]))
    found: list[tuple[float, float]] = [
        (start + int(a), start + int(b)) for a, b in edges if b - a >= narrowest and a > 0 and b < len(free) - 1
    ]
    while found:
        bounds = [float("-inf"), *(sum(gutter) / 2 for gutter in found), float("inf")]
        columns = [[word for word in words if a < word.left <= b] for a, b in pairwise(bounds)]
        if (bare := next((i for i, column in enumerate(columns) if not _is_prose(column, size)), None)) is None:
            return found
        del found[min(bare, len(found) - 1)]
    return []


def _is_prose(column: list[_Word], size: float) -> bool:
    lines = len({round(word.middle / size) for word in column})
    in_words = sum(any(map(str.isalpha, word.text)) for word in column) >= 0.7 * len(column)
    return lines >= 5 and len(column) >= 2 * lines and in_words


def _rows(words: list[_Word]) -> list[list[_Word]]:
    """The words in rows from the page's top, each from the left."""
    rows: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: -word.middle):
        if rows and rows[-1][0].middle - word.middle < 0.4 * word.size:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row) for row in rows]


def _by_column(words: list[_Word], gutters: list[tuple[float, float]]) -> list[str]:
    """The lines of one column after another; what spans them, as a headline does, comes between."""
    rows = _rows(words)
    lines: list[str] = []
    columns: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    for i, row in enumerate(rows):
        gaps = [
            (max((w.right for w in row if w.left < a), default=a), min((w.left for w in row if w.right > b), default=b))
            for a, b in gutters
        ]
        spans = any(right - left < 0.7 * (b - a) for (left, right), (a, b) in zip(gaps, gutters, strict=True))
        beside = [abs(row[0].middle - other[0].middle) for other in rows[max(i - 1, 0) : i] + rows[i + 1 : i + 2]]
        if spans or (i in (0, len(rows) - 1) and min(beside, default=0) > 2 * row[0].size):  # or stands by itself
            lines += [*chain(*columns), " ".join(word.text for word in row)]
            columns = [[] for _ in columns]
        else:
            for j, (a, b) in enumerate(pairwise([float("-inf"), *(b for _, b in gutters), float("inf")])):
                if cell := [word.text for word in row if a < (word.left + word.right) / 2 <= b]:
                    columns[j].append(re.sub(r"(?<=[a-z])-$", HYPHENATED, " ".join(cell)))
    return [*lines, *chain(*columns)]


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

    try:
        with opened_zip(io.BytesIO(raw), _DAMAGED) as parts:
            text = xml(member(parts, parts.getinfo(body), LARGEST_TEXT))
            known = text[:0]
            if properties in parts.namelist():
                known = xml(member(parts, parts.getinfo(properties), LARGEST_TEXT)).iter("{*}*")
    except (KeyError, etree.XMLSyntaxError):
        raise FormatError(_DAMAGED) from None
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


def xml(raw: bytes, recover: bool = False) -> Any:
    """The tree of an XML file, in which no entity is unfolded and nothing fetched; None where nothing can be recovered.

    Raises XMLSyntaxError where it is damaged, unless as much as can be is to be recovered.
    """
    from lxml import etree  # start-up time

    inert = {"resolve_entities": False, "no_network": True, "remove_comments": True, "remove_pis": True}
    return etree.fromstring(raw, etree.XMLParser(**inert, recover=recover))


def rtf(raw: bytes) -> Extract:
    from striprtf.striprtf import rtf_to_text  # start-up time

    if not raw.lstrip().startswith(b"{\\rtf"):
        raise FormatError("not an RTF document by its content; save it anew as RTF or as text")
    return Extract(rtf_to_text(raw.decode("latin-1"), errors="ignore"))


def epub(raw: bytes) -> Extract:
    """The text of all parts of the book, in its reading order, and what its package says of it."""
    from lxml import etree, html  # start-up time

    def part(name: str) -> bytes:
        return member(parts, parts.getinfo(name), LARGEST_TEXT)

    try:
        with opened_zip(io.BytesIO(raw), _DAMAGED) as parts:
            place = xml(part("META-INF/container.xml"), recover=True).find(".//{*}rootfile").get("full-path")
            package, folder = xml(part(place), recover=True), PurePosixPath(place).parent
            files = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
            order = [str(folder / unquote(files[item.get("idref")])) for item in package.iter("{*}itemref")]
            pages = [html.fromstring(part(name)) for name in order]
    except (KeyError, AttributeError, TypeError, etree.LxmlError):
        raise FormatError(_DAMAGED) from None
    lines = [line for page in pages for body in page.iter("body") for line in block_lines(body)]
    names = {"title": "title", "author": "creator", "date": "date"}
    return Extract("\n".join(lines), {key: package.findtext(f".//{{*}}{name}") for key, name in names.items()})
