"""`Document`: an article's text with its metadata and what was left out; reading files and corpora."""

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from weakref import WeakValueDictionary

import pandas as pd

from workbench.documents import cleaning, formats
from workbench.documents.document import Document, DocumentError, Extract
from workbench.documents.encoding import MEGABYTE, FormatError, normalised
from workbench.documents.metadata import LANGUAGES, from_furniture, from_name, joined, language_of

TEXT_COLUMNS = "text content body article article_text article_body fulltext full_text maintext".split()
NAME_COLUMNS = "name id document filename file".split()
MOST_LINES = 200_000
Opener = Callable[[], BinaryIO]


_alive: WeakValueDictionary[tuple[object, ...], Document] = WeakValueDictionary()


def read(path: str | Path, clean: bool = True, language: str = "en") -> Document:
    """The document in the file `path`: .txt, .md, .html, .pdf, .docx, .odt or .rtf.

    With `clean`, each line of the text is a paragraph, with a blank line between, and `removed` lists the rest;
    without, a text file's lines stay as they are. A text that is not in `language` is refused unless that is "any".
    The same bytes give the same Document while it is alive, so that what is remembered of it is shared. Raises
    DocumentError.
    """
    path = located(path)
    if path.suffix.lower() in (*formats.TABLES, ".zip"):
        raise DocumentError(f"{path}: holds many documents; read it with read_all")
    with _errors_named(path):
        document = _file(path, partial(_opened, path), clean, language)
    return _alive.setdefault((str(path), document.sha256, clean, language), document)


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
            yield item.read(clean, language) if isinstance(item, Unread) else item
        except DocumentError as error:
            yield error


def located(path: str | Path) -> Path:
    """The path, or where a notebook's folder is the working directory, the same path from its parent."""
    path = Path(path)
    above = Path("..", path)
    return above if os.path.exists(above) and not os.path.exists(path) else path


@dataclass(frozen=True)
class Unread:
    """A document that is yet to be read, by whoever sees the same files: its name in the corpus, and what reads it."""

    name: str
    place: str  # the file, or file and row, that messages name
    reading: Callable[[bool, str], Document]

    def read(self, clean: bool = True, language: str = "en") -> Document:
        """The document. Raises DocumentError."""
        with _errors_named(self.place):
            return replace(self.reading(clean, language), name=self.name)


def unread(source: str | Path, text: str | None = None) -> Iterator[Unread | DocumentError]:
    """What `read_all` reads, in the same order: found, named and, of a table, fetched, which takes little time."""
    source = located(source)
    with _errors_named(source):
        source.stat()
    used: Counter[str] = Counter()
    for item in _items(source, partial(_opened, source), text):
        if isinstance(item, Unread):
            name = item.name
            while used[name]:
                used[item.name] += 1
                name = f"{item.name}-{used[item.name]}"
            used[name] += 1
            item = replace(item, name=name)
        yield item


def _items(path: Path, opened: Opener, column: str | None) -> Iterator[Unread | DocumentError]:
    """What `path` holds, whose bytes `opened` gives; where a part of it cannot be read, that part's error."""
    suffix = path.suffix.lower()
    if os.path.isdir(path) or (suffix == ".zip" and os.path.isfile(path)):
        for part, part_opened in _files(path) if os.path.isdir(path) else _members(path):
            try:
                yield from _items(part, part_opened, column)
            except DocumentError as error:
                yield error
    elif suffix in formats.TABLES:
        with _errors_named(path), opened() as file:
            yield from _rows(file, path, column)
    else:
        yield Unread(_printable(path.stem), str(path), partial(_file, path, opened))


def _files(folder: Path) -> Iterator[tuple[Path, Opener]]:
    for inner, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        paths = [Path(inner, name) for name in sorted(names) if not name.startswith(".")]
        yield from ((path, partial(_opened, path)) for path in paths)


def _members(source: Path) -> Iterator[tuple[Path, Opener]]:
    with _errors_named(source):
        _, entries = _archive(source, source.stat().st_mtime_ns)
    for number, entry in enumerate(entries):
        path = source / PurePosixPath(entry.filename.lstrip("/"))
        if not (entry.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts):
            yield path, partial(_member, source, number)


@lru_cache(maxsize=1)
def _archive(source: Path, changed: int) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    archive = formats.opened_zip(source.open("rb"))
    return archive, sorted(archive.infolist(), key=lambda entry: entry.filename)


def _member(source: Path, number: int) -> BinaryIO:
    archive, entries = _archive(source, source.stat().st_mtime_ns)
    return BytesIO(formats.member(archive, entries[number]))


def _opened(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file() and not path.is_dir():  # reading it might never end
        raise FormatError("a pipe or device, not a file; save its content as a file")
    return path.open("rb")


def _file(path: Path, opened: Opener, clean: bool, language: str) -> Document:
    with opened() as file:
        if file.seek(0, os.SEEK_END) > formats.LARGEST_FILE:
            raise FormatError(f"larger than {formats.LARGEST_FILE // MEGABYTE} MB; split it")
        file.seek(0)
        raw = file.read()
    found = formats.extract(raw, path.suffix.lower())
    return _document(found, _printable(path.stem), path, sha256(raw).hexdigest(), clean, language)


def _rows(file: BinaryIO, source: Path, column: str | None) -> Iterator[Unread | DocumentError]:
    for number, row in enumerate(formats.rows(file, source.suffix.lower()), 1):
        place = f"{source}, row {number}"
        if isinstance(row, FormatError):
            yield DocumentError(f"{_printable(place)}: {row}")
            continue
        column = (column or next((name for name in TEXT_COLUMNS if name in row), "")).lower()
        if column not in row:
            raise FormatError(f"no column of texts among {', '.join(row)[:200]}; name it with text=")
        found = Extract(str(row.pop(column) or ""), row)
        name = _printable(next((row[key] for key in NAME_COLUMNS if row.get(key)), f"{source.stem}-{number}"))
        digest = sha256(found.text.encode("utf-8", "replace")).hexdigest()
        yield Unread(name, place, partial(_document, found, name, source, digest))


@contextmanager
def _errors_named(place: object) -> Iterator[None]:
    """Turn the errors of reading what is at `place` into DocumentErrors of one line that name it."""
    try:
        yield
        return
    except DocumentError:
        raise
    except FormatError as error:
        reason = str(error)
    except ImportError as error:
        reason = f"needs a package that is not installed; pip install {error.name}"
    except FileNotFoundError:
        reason = "no such file or folder; check the name"
    except IsADirectoryError:
        reason = "a folder; read it with read_all"
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({getattr(error, 'strerror', None) or error}); check its name and permissions"
    raise DocumentError(f"{_printable(place)}: {reason}") from None


def _document(found: Extract, name: str, source: Path, digest: str, clean: bool, language: str) -> Document:
    text, repaired = normalised(found.text)
    if text.count("\n") > MOST_LINES:
        raise FormatError(f"has more than {MOST_LINES:,} lines; split it, or put its articles in a table")
    removed = cleaning.account(found.removed)
    known: list[Mapping[str, object]] = [from_name(name), found.metadata, {"repaired": repaired}]
    if clean:
        text, taken = cleaning.clean(text, judge=not found.is_article)
        known.insert(0, from_furniture(text, taken))
        removed = pd.concat([removed, taken], ignore_index=True) if len(removed) else taken
    if not text.strip():
        raise FormatError("no article in it; read it with clean=False" if len(removed) else "empty; fill or remove it")
    spoken = language_of(text)
    if spoken and language not in ("any", spoken):
        its, wanted = (LANGUAGES.get(code, code) for code in (spoken, language))
        raise FormatError(f"its language is {its}, not {wanted} as the measures need; language='any' reads it anyway")
    metadata = joined([*known, {"language": spoken}])
    return Document(name, text, metadata, str(source), digest, removed)


def _printable(name: object) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in str(name)).split())
