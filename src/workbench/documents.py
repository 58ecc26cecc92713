"""`Document`: an article's text with its metadata and what was left out; reading files and corpora."""

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from hashlib import sha256
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pandas as pd

from workbench import cleaning, formats, tables
from workbench.characters import FormatError, normalised

TEXT_COLUMNS = tuple("text content body article article_text article_body fulltext full_text maintext".split())
MOST_LINES = 200_000
NAME_COLUMNS = ("name", "id", "document", "filename", "file")


class DocumentError(ValueError):
    """A document that cannot be read; the message names the file and the remedy."""


@dataclass(frozen=True, eq=False)
class Document:
    """An article as it is measured.

    In `text` each line is a paragraph. `metadata` may have title, author, date (a datetime.date), outlet, language.
    `removed` lists what is not in `text`: `line` (from 1, in the file's text; in its HTML for what a page has around
    its article), `text`, `reason`. `sha256` is that of the source's bytes.
    """

    name: str
    text: str
    metadata: Mapping[str, object] = field(default_factory=dict)
    source: str | None = None
    sha256: str = ""
    removed: pd.DataFrame = field(default_factory=lambda: cleaning.account([]))

    @classmethod
    def from_text(cls, text: str, name: str = "text", metadata: Mapping[str, object] | None = None) -> "Document":
        """A document of a text that is already clean; it is taken as it is."""
        return cls(name, text, dict(metadata or {}), sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def read(path: str | Path, clean: bool = True, language: str = "en") -> Document:
    """The document in the file `path`: .txt, .md, .html, .pdf, .docx, .odt or .rtf.

    With `clean`, each line of the text is a paragraph, with a blank line between, and `removed` lists the rest;
    without, a text file's lines stay as they are. A text that is not in `language` is refused unless that is "any".
    Raises DocumentError.
    """
    path = Path(path)
    if path.suffix.lower() in (*tables.TABLES, ".zip"):
        raise DocumentError(f"{path}: holds many documents; read it with read_all")
    with _errors_named(path):
        _check_regular(path)
        if path.stat().st_size > formats.LARGEST_FILE:
            raise FormatError(f"larger than {formats.LARGEST_FILE // formats.MEGABYTE} MB; split it")
        raw = path.read_bytes()
        return _document(formats.extract(raw, path.suffix.lower()), path.stem, path, raw, clean, language)


def read_all(
    source: str | Path, clean: bool = True, language: str = "en", text: str | None = None
) -> Iterator[Document | DocumentError]:
    """Each document of a folder with its subfolders, a zip, or a table, lazily, in order of name or row.

    A file or row that cannot be read comes as its DocumentError. A table (.csv, .tsv, .jsonl, .xlsx, .parquet) has a
    document a row, its text in the column `text` (found by its name unless given); other columns become metadata.
    Documents of the same name are told apart as "name-2", "name-3". Raises DocumentError where `source` cannot be read.
    """
    for item in unread(source, text):
        try:
            yield item.read(clean=clean, language=language) if isinstance(item, Unread) else item
        except DocumentError as error:
            yield error


@dataclass(frozen=True)
class Unread:
    """A document that is yet to be read, by whoever sees the same files: its name in the corpus, and what reads it."""

    name: str
    reading: Callable[..., Document]

    def read(self, clean: bool = True, language: str = "en") -> Document:
        """The document. Raises DocumentError."""
        document = self.reading(clean=clean, language=language)
        return document if document.name == self.name else replace(document, name=self.name)


def unread(source: str | Path, text: str | None = None) -> Iterator[Unread | DocumentError]:
    """What `read_all` reads, in the same order: found, named and, of a table, fetched, which takes little time."""
    source = Path(source)
    with _errors_named(source):
        source.stat()
    used: set[str] = set()
    for item in _items(source, text):
        if isinstance(item, Unread):
            named = _printable(item.name)
            name = next(name for name in chain([named], (f"{named}-{n}" for n in count(2))) if name not in used)
            used.add(name)
            yield replace(item, name=name)
        else:
            yield item


def _items(source: Path, column: str | None) -> Iterator[Unread | DocumentError]:
    if source.is_dir():
        for path in (Path(folder, name) for folder, name in _files(source)):
            try:
                yield from _items(path, column)
            except DocumentError as error:
                yield error
    elif source.suffix.lower() not in (*tables.TABLES, ".zip"):
        yield Unread(source.stem, partial(read, source))
    else:
        with _errors_named(source):
            _check_regular(source)
            yield from _members(source, column) if source.suffix.lower() == ".zip" else _table(source, column)


def _check_regular(path: Path) -> None:
    """Raise where reading `path` might never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise FormatError("a pipe or device, not a file; save its content as a file")


def _table(source: Path, column: str | None) -> Iterator[Unread | DocumentError]:
    with source.open("rb") as file:
        yield from _rows(file, source, column)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for inner, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield from ((inner, name) for name in sorted(names) if not name.startswith("."))


@lru_cache(maxsize=1)
def _archive(source: Path, changed: int) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    archive = formats.opened_zip(source.open("rb"))
    return archive, sorted(archive.infolist(), key=lambda entry: entry.filename)


def _members(source: Path, column: str | None) -> Iterator[Unread | DocumentError]:
    archive, entries = _archive(source, source.stat().st_mtime_ns)
    for place, entry in enumerate(entries):
        path = source / PurePosixPath(entry.filename.lstrip("/"))
        if entry.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() not in tables.TABLES:
            yield Unread(path.stem, partial(_member, source, place, path))
            continue
        try:
            with _errors_named(path):
                yield from _rows(io.BytesIO(formats.member(archive, entry)), path, column)
        except DocumentError as error:
            yield error


def _member(source: Path, place: int, path: Path, clean: bool, language: str) -> Document:
    with _errors_named(path):
        archive, entries = _archive(source, source.stat().st_mtime_ns)
        raw = formats.member(archive, entries[place])
        return _document(formats.extract(raw, path.suffix.lower()), path.stem, path, raw, clean, language)


def _rows(file: BinaryIO, source: Path, column: str | None) -> Iterator[Unread | DocumentError]:
    for number, row in enumerate(tables.rows(file, source.suffix.lower()), 1):
        if isinstance(row, FormatError):
            yield DocumentError(f"{_printable(source)}, row {number}: {row}")
            continue
        if column not in row:
            column = (column or next((name for name in TEXT_COLUMNS if name in row), "")).lower()
            if column not in row:
                raise FormatError(f"no column of texts among {', '.join(row)[:200]}; name it with text=")
        content = str(row.pop(column) or "")
        name = str(next((row[key] for key in NAME_COLUMNS if row.get(key)), f"{source.stem}-{number}"))
        yield Unread(name, partial(_row, formats.Extract(content, row), name, source, number))


def _row(found: formats.Extract, name: str, source: Path, number: int, clean: bool, language: str) -> Document:
    with _errors_named(f"{source}, row {number}"):
        # a copy, for reading adds to the metadata, and a document may be read more than once
        return _document(replace(found), name, source, found.text.encode("utf-8", "replace"), clean, language)


@contextmanager
def _errors_named(path: object) -> Iterator[None]:
    """Turn the errors of reading `path` into DocumentErrors of one line that name it."""
    shown = _printable(path)
    try:
        yield
    except DocumentError:
        raise
    except FormatError as error:
        raise DocumentError(f"{shown}: {error}") from None
    except FileNotFoundError:
        raise DocumentError(f"{shown}: no such file or folder; check the name") from None
    except IsADirectoryError:
        raise DocumentError(f"{shown}: a folder; read it with read_all") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentError(f"{shown}: cannot be read ({reason}); check its name and permissions") from None


def _document(found: formats.Extract, name: object, source: Path, raw: bytes, clean: bool, language: str) -> Document:
    text, repaired = normalised(found.text)
    if text.count("\n") > MOST_LINES:
        raise FormatError(f"has more than {MOST_LINES:,} lines; split it, or put its articles in a table")
    removed = cleaning.account(found.removed)
    metadata = _from_name(str(name)) | found.metadata | ({"repaired": repaired} if repaired else {})
    if clean:
        text, taken = cleaning.clean(text, judge=not found.is_article)
        metadata = _from_furniture(text, taken) | metadata
        removed = pd.concat([removed, taken], ignore_index=True) if len(removed) else taken
    if not text.strip():
        raise FormatError("no article in it; read it with clean=False" if len(removed) else "empty; fill or remove it")
    metadata["language"] = spoken = language_of(text)
    if spoken and language not in ("any", spoken):
        raise FormatError(
            f"its language is {LANGUAGES.get(spoken, spoken)}, not {LANGUAGES.get(language, language)}, for which the"
            " measures do not hold; language='any' reads it all the same"
        )
    if "date" in metadata:
        metadata["date"] = parsed_date(metadata["date"])
    known = {key: value for key, value in metadata.items() if value not in (None, "")}
    return Document(_printable(name), text, known, str(source), sha256(raw).hexdigest(), removed)


def _printable(name: object) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in str(name)).split())


def _from_name(name: str) -> dict[str, object]:
    """The metadata in a file name like 2024-11-20_Outlet_Some title, or the date alone where it has one."""
    parts = name.split("_", 2)
    day = parsed_date(name)
    named = dict(zip(("outlet", "title"), parts[1:], strict=False)) if len(parts) == 3 and parsed_date(parts[0]) else {}
    return named | ({"date": day} if day else {})


def _from_furniture(text: str, removed: pd.DataFrame) -> dict[str, object]:
    """The date and author in lines that were taken out near the start, and a headline in the first line."""
    first, _, rest = text.partition("\n\n")
    found: dict[str, object] = {}
    if rest and len(first.split()) <= 20 and not re.search(r"[.?!:;,\"”]$", first):
        found["title"] = first
    for line, piece, reason in zip(*(removed[column] for column in removed), strict=True):
        if line <= 6 and reason == "byline":
            found["author"] = re.sub(r"^(?:(?:written|posted|words) )?by:? |^author: ", "", piece, flags=re.I)
        elif line <= 6 and reason == "date or time alone":
            found.setdefault("date", piece)
    return found


_YEAR, _DAY = r"(?P<year>(?:19|20)\d\d)", r"(?P<day>\d{1,2})"
_DATES = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\d){_YEAR}([-/.]?)(?P<month>\d\d)\2(?P<day>\d\d)(?!\d)",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th)?[ -](?P<month>[a-z]{{3,9}})\.?,?[ -]{_YEAR}",
        rf"(?P<month>[a-z]{{3,9}})\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?<!\d){_DAY}([/.])(?P<month>\d{{1,2}})\2{_YEAR}",
    )
]
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def parsed_date(value: object) -> date | None:
    """The day in `value`, None where there is none; day before month in 3/4/2024, unless that is impossible."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    for match in filter(None, (pattern.search(str(value)) for pattern in _DATES)):
        year, month, day = match["year"], match["month"].lower(), int(match["day"])
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else 0
        if number > 12 >= day:
            number, day = day, number
        with suppress(ValueError):
            return date(int(year), number, day)
    return None


LANGUAGES = {"en": "English", "ar": "Arabic", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian"}
LANGUAGES |= {"ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pt": "Portuguese", "ru": "Russian", "zh": "Chinese"}


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "" where there are too few letters to tell.

    A text with as many of the commonest words as English prose has is English; py3langid judges the others.
    """
    start = text[:2000]
    words = re.findall(r"[^\W\d_]+", start.lower())
    common = sum(word in cleaning.model()["stop_words"] for word in words)
    if len(words) >= 5 and common >= 0.2 * len(words):
        return "en"
    letters = "".join(words)
    if len(letters) < 60 and sum(letter < "\u0250" for letter in letters) >= 0.5 * len(letters):
        return ""
    from py3langid import classify

    return str(classify(start)[0])
