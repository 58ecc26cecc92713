"""Reading: a file becomes a Document, a folder, zip, table or export one after another."""

import os
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from hashlib import sha256
from io import BytesIO
from os.path import exists
from pathlib import Path
from typing import BinaryIO, NamedTuple
from weakref import WeakValueDictionary

from workbench.documents import cleaning, formats, tables
from workbench.documents.document import Document, DocumentError, Extract, one_of
from workbench.documents.encoding import LARGEST_FILE, LARGEST_TEXT, MEGABYTE, FormatError, normalised, printable
from workbench.documents.files import (
    Opener,
    closed,
    content_of,
    errors_named,
    files,
    located,
    members,
    open_file,
    stem_of,
    suffix_of,
    taken_apart,
    unpacked,
)
from workbench.documents.metadata import from_furniture, from_name, from_properties, joined, language_name, language_of
from workbench.documents.rows import TABLES

MOST_LINES = 200_000
# States of files that hold one document, as a corpus is gone through twice, once to be counted. The table does not grow
# with the corpus: of 50,000 files a tenth are looked at twice, of a million most.
_SINGLE = array("q", bytes(1 << 22))


_alive: WeakValueDictionary[tuple[object, ...], Document] = WeakValueDictionary()


def read(path: str | Path, clean: bool = True, language: str = "en") -> Document:
    """The document in the file `path`: .txt, .md, .html, .pdf, .docx, .odt, .rtf, .epub, .eml; or one of these and .gz.

    With `clean`, each line of the text is a paragraph, with a blank line between, and `removed` lists the rest;
    without, a text file's lines stay as they are. A text that is not in `language` is refused unless that is "any".
    The same bytes give the same Document while it is alive, so that what is remembered of it is shared. Raises
    DocumentError.

    >>> wb.read("seeds/2024-03-14_harbour-city-news_ferry-strike.txt").metadata["outlet"]
    'harbour-city-news'
    >>> wb.read("no-such-file.txt")
    Traceback (most recent call last):
        ...
    workbench.documents.document.DocumentError: no-such-file.txt: no such file or folder; check the name
    """
    if "\n" in str(path) and not exists(path):
        raise DocumentError("a text, not the path of a file; make it a document with wb.Document.from_text(text)")
    path = located(path)
    whole, column, number = taken_apart(path)
    if number is not None:
        item = _listed(whole, whole.stat().st_mtime_ns, column)[number - 1 :][:1]
        if not item:
            raise DocumentError(f"{path}: no such document in it; read_all gives all that it has")
        if isinstance(item[0], DocumentError):
            raise item[0]
        return item[0].read(clean, language)
    if suffix_of(whole) in (*TABLES, ".zip"):
        raise DocumentError(f"{path}: holds many documents; read it with read_all")
    with errors_named(path):
        document = _file(path, partial(open_file, path), clean, language)
    return _alive.setdefault((str(path), document.sha256, clean, language), document)


def read_all(
    source: str | Path,
    clean: bool = True,
    language: str = "en",
    text: str | None = None,
    dates: str | None = None,
) -> Iterator[Document | DocumentError]:
    """Each document of a folder with its subfolders, a zip, a table or an export, lazily, in order of name or row.

    A file or row that cannot be read comes as its DocumentError. A table (.csv, .tsv, .jsonl, .json, .xlsx, .xls, .ods,
    .parquet) has a document a row, its text in the column `text` (found by its name unless given, or named in `source`,
    as in "articles.csv#speech"); other columns become
    metadata. Of its dates like 3/4/2024, `dates` says whether they are "day first" or "month first" where none of the
    column tells. An export of a news database, a mailbox (.mbox) and news in XML have a document an article. Documents
    of the same name are told apart as "name-2", "name-3". Raises DocumentError where `source` cannot be read or has
    nothing in it.

    >>> found = list(wb.read_all("seeds"))
    >>> all(isinstance(item, wb.Document | wb.DocumentError) for item in found)
    True
    """
    for item in unread(source, text, dates):
        try:
            yield item.read(clean, language) if isinstance(item, Unread) else item
        except DocumentError as error:
            yield error


def parts(path: Path, text: str | None = None) -> dict[str, tuple[Path, str]]:
    """The documents in a file, each by its name; of one with several, a path that `read` takes: "articles.csv#3".

    With it comes the name that several may have, by which `read_all` tells those of all files apart; "" for what has
    none, as it cannot be read. Where `text` names the column of texts, so do the paths: "articles.csv#speech#3".
    """
    suffix = suffix_of(path)
    if suffix in (*TABLES, *formats.COLLECTIONS, ".zip") or _may_hold_several(path, suffix, partial(open_file, path)):
        with suppress(DocumentError, OSError):
            found = _listed(path, path.stat().st_mtime_ns, text)
            if len(found) > 1 or suffix in (*TABLES, ".zip"):
                listed = {}
                for n, item in enumerate(found, 1):
                    name, given = (item.name, item.given) if isinstance(item, Unread) else (f"{stem_of(path)}-{n}", "")
                    listed[name] = Path(f"{path}#{text}#{n}" if text else f"{path}#{n}"), given
                return listed
    return {path.stem: (path, stem_of(path))}


@lru_cache(maxsize=2)
def _listed(source: Path, changed: int, text: str | None) -> "list[Unread | DocumentError]":
    return list(unread(source, text))


class Unread(NamedTuple):
    """A document that is yet to be read, by whoever sees the same files: its name in the corpus, and what reads it."""

    name: str
    place: str  # the file, or file and row, that messages name
    reading: Callable[[bool, str], Document]
    content: Callable[[], bytes] | Extract  # what it is read from
    folder: str = ""  # within the source
    given: str = ""  # the name that several may have

    @property
    def sha256(self) -> str:
        """A hash of all that the document is made from, much quicker than to read it."""
        try:
            with errors_named(self.place):
                content = self.content() if callable(self.content) else repr(self.content)
        except DocumentError as error:
            content = str(error)
        made_from = sha256(repr((self.name, self.place, self.folder)).encode("utf-8", "surrogatepass"))
        made_from.update(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return made_from.hexdigest()

    def read(self, clean: bool = True, language: str = "en") -> Document:
        """The document. Raises DocumentError."""
        with errors_named(self.place):
            document = self.reading(clean, language)
            folder = {"folder": self.folder} if self.folder else {}
            return replace(document, name=self.name, metadata={**folder, **document.metadata})


def unread(source: str | Path, text: str | None = None, dates: str | None = None) -> Iterator[Unread | DocumentError]:
    """What `read_all` reads, in the same order: found, named and, of a table or export, fetched, which is quick.

    Raises DocumentError where there is nothing.
    """
    if dates is not None:
        one_of("order of dates", dates, ("day first", "month first"))
    source, named, _ = taken_apart(located(source))
    text = text or named
    with errors_named(source):
        source.stat()
    used: Counter[int] = Counter()
    item: Unread | DocumentError | None = None
    for item in _items(source, partial(open_file, source), text, dates, os.path.isdir(source)):
        if isinstance(item, Unread):
            item = item._replace(name=told_apart(item.name, used), given=item.name)
        yield item
    if item is None:
        raise DocumentError(f"{printable(source)}: nothing to read in it; put documents there, or name another place")


def told_apart(name: str, used: dict[int, int]) -> str:
    """`name`, or "name-2", "name-3" where it is `used` already, as it is from now on.

    Of names their hashes are remembered, which take half the room.
    """
    free, key = name, hash(name)
    while hash(free) in used:
        used[key] += 1
        free = f"{name}-{used[key]}"
    used[hash(free)] = 1
    return free


def _items(
    path: Path, opened: Opener, column: str | None, dates: str | None, is_folder: bool = False
) -> Iterator[Unread | DocumentError]:
    """What `path` holds, whose bytes `opened` gives; where a part of it cannot be read, that part's error."""
    suffix = suffix_of(path)
    if is_folder or (suffix == ".zip" and os.path.isfile(path)):
        for part, part_opened in files(path) if is_folder else members(path):
            try:
                folder = "" if part.parent == path else part.parent.relative_to(path).as_posix().lstrip("./")
                for item in _items(part, part_opened, column, dates):
                    yield item._replace(folder=folder) if isinstance(item, Unread) and folder else item
            except DocumentError as error:
                yield error
        yield from closed(path)
    elif suffix in TABLES:
        with errors_named(path), opened() as file:
            content = BytesIO(unpacked(file.read(LARGEST_FILE))) if path.suffix.lower() == ".gz" else file
            yield from _rows(content, path, column, dates)
    else:
        yield from _articles(path, suffix, opened)


def _may_hold_several(path: Path, suffix: str, opened: Opener) -> bool:
    state = 0
    with suppress(OSError, ValueError):  # what lies in an archive has no state of its own
        about = path.stat()
        state = hash((str(path), about.st_mtime_ns, about.st_size))
    if state and _SINGLE[state % len(_SINGLE)] == state:
        return False
    try:
        several = formats.may_hold_several(content_of(path, opened), suffix)
    except (OSError, ValueError):  # which reading it will say
        return False
    if state and not several:
        _SINGLE[state % len(_SINGLE)] = state
    return several


def _articles(path: Path, suffix: str, opened: Opener) -> Iterator[Unread | DocumentError]:
    """Each article of an export, a mailbox or a file of news; the file itself where it is none of these."""
    found: list[Extract | FormatError] = []
    if suffix in formats.COLLECTIONS or (suffix in formats.READERS and _may_hold_several(path, suffix, opened)):
        with errors_named(path):
            found = formats.contents(content := content_of(path, opened), suffix)
    if len(found) < 2:
        yield Unread(stem_of(path), str(path), partial(_file, path, opened), partial(content_of, path, opened))
        return
    for number, item in enumerate(found, 1):
        if isinstance(item, FormatError):
            yield DocumentError(f"{printable(path)}: {item}")
        else:
            digest = sha256(content + b"%d" % number).hexdigest()
            name = f"{stem_of(path)}-{number}"
            yield Unread(name, f"{path}, article {number}", partial(_document, item, name, path, digest), item)


def _file(path: Path, opened: Opener, clean: bool, language: str) -> Document:
    raw = content_of(path, opened)
    found = formats.contents(raw, suffix_of(path))
    if len(found) > 1:
        how = "save it as .docx, .rtf, .txt or .html and " if suffix_of(path) == ".pdf" else ""
        raise FormatError(f"holds {len(found)} articles; {how}read it with read_all")
    if isinstance(found[0], FormatError):
        raise found[0]
    return _document(found[0], stem_of(path), path, sha256(raw).hexdigest(), clean, language)


def _rows(file: BinaryIO, source: Path, column: str | None, dates: str | None) -> Iterator[Unread | DocumentError]:
    for number, row in enumerate(tables.documents(file, suffix_of(source), stem_of(source), column, dates), 1):
        if isinstance(row, FormatError):
            yield DocumentError(f"{printable(source)}: {row}")
        else:
            name, found = printable(row[0]), row[1]
            digest = sha256(found.text.encode("utf-8", "replace")).hexdigest()
            yield Unread(name, f"{source}, row {number}", partial(_document, found, name, source, digest), found)


def _document(found: Extract, name: str, source: Path, digest: str, clean: bool, language: str) -> Document:
    if len(found.text) > LARGEST_TEXT:
        size = f"{len(found.text) // MEGABYTE} million characters"
        raise FormatError(f"{size}, too large for an article; split it, or make a table of it")
    text, repaired = normalised(found.text)
    if text.count("\n") > MOST_LINES:
        raise FormatError(f"has more than {MOST_LINES:,} lines; split it, or put its articles in a table")
    removed = sorted(found.removed)
    properties = from_properties(found.properties)
    known: list[Mapping[str, object]] = [properties, from_name(name), found.metadata, {"repaired": repaired}]
    if clean:
        text, taken = cleaning.clean(text, judge=not found.is_article)
        known.insert(2, from_furniture(text, taken))
        removed += taken
    if not text.strip():
        raise FormatError("no article in it; read it with clean=False" if removed else "empty; fill or remove it")
    spoken = language_of(text)
    if spoken and language not in ("any", spoken):
        its, wanted = (language_name(code) for code in (spoken, language))
        anyway = "wb.read(path, language='any') reads it anyway, in Python"
        raise FormatError(f"its language is {its}, not {wanted} as the measures need; {anyway}")
    plain = {
        key: normalised(value)[0].strip() if isinstance(value, str) else value for key, value in joined(known).items()
    }
    metadata = {**plain, **({"language": spoken} if spoken else {"language_note": "too short to tell its language"})}
    return Document(name, text, metadata, str(source), digest, removed)
