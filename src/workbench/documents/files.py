"""Files where they are, in folders, zips or gzip: found, opened within bounds, and named in what goes wrong."""

import gzip
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from workbench.documents.document import DocumentError
from workbench.documents.encoding import LARGEST_FILE, MEGABYTE, FormatError, member, opened_zip

Opener = Callable[[], BinaryIO]
_NUMBERED = re.compile(r"(?P<file>.+)#(?P<number>\d+)")
_NAMED_COLUMN = re.compile(r"(?P<file>.+?)#(?P<column>[^#]*[^#\d][^#]*)(?:#(?P<number>\d+))?")


def located(path: str | Path) -> Path:
    """The path, or where a notebook's folder is the working directory, the same path from its parent."""
    path = Path(path)
    if os.path.exists(path) or os.path.exists(container(path)):
        return path
    return above if os.path.exists(container(above := Path("..", path))) else path


def container(path: Path) -> Path:
    """The file or folder that holds what is at `path`: of "articles.csv#3" or "articles.csv#speech#3" articles.csv."""
    return taken_apart(path)[0]


def taken_apart(path: Path) -> tuple[Path, str | None, int | None]:
    """The file or folder at `path`, the column of texts, and which of its documents, where the path names these."""
    if "#" in str(path) and not os.path.exists(path):
        for found in filter(None, (_NAMED_COLUMN.fullmatch(str(path)), _NUMBERED.fullmatch(str(path)))):
            if os.path.exists(found["file"]):
                named = found.groupdict()
                return Path(found["file"]), named.get("column"), int(named["number"]) if named.get("number") else None
    return path, None, None


def suffix_of(path: Path) -> str:
    """The ending that tells the format: of "a.csv.gz" ".csv"."""
    return Path(path.stem if path.suffix.lower() == ".gz" else path).suffix.lower()


def stem_of(path: Path) -> str:
    return printable(Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem)


def files(folder: Path) -> Iterator[tuple[Path, Opener]]:
    for inner, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        paths = [Path(inner, name) for name in sorted(names) if not name.startswith(".")]
        yield from ((path, partial(open_file, path)) for path in paths)


def members(source: Path) -> Iterator[tuple[Path, Opener]]:
    with errors_named(source):
        _, entries = _archive(source, source.stat().st_mtime_ns)
    for number, entry in enumerate(entries):
        path = source / PurePosixPath(entry.filename.lstrip("/") or "unnamed")
        if not (entry.filename.endswith("/") or path.name.startswith(".") or "__MACOSX" in path.parts):
            yield path, partial(_member, source, number)


@lru_cache(maxsize=1)
def _archive(source: Path, changed: int) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    archive = opened_zip(source.open("rb"))
    return archive, sorted(archive.infolist(), key=lambda entry: entry.filename)


def _member(source: Path, number: int) -> BinaryIO:
    archive, entries = _archive(source, source.stat().st_mtime_ns)
    return BytesIO(member(archive, entries[number]))


def open_file(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file() and not path.is_dir():  # reading it might never end
        raise FormatError("a pipe or device, not a file; save its content as a file")
    return path.open("rb")


@lru_cache(maxsize=1)  # who looks whether a file holds several documents reads it next, by the same opener
def content_of(path: Path, opened: Opener) -> bytes:
    """The bytes of a file, unpacked where it ends in .gz. Raises FormatError where there are too many."""
    with opened() as file:
        if file.seek(0, os.SEEK_END) > LARGEST_FILE:
            raise FormatError(f"larger than {LARGEST_FILE // MEGABYTE} MB; split it")
        file.seek(0)
        raw = file.read()
    return unpacked(raw) if path.suffix.lower() == ".gz" else raw


def unpacked(raw: bytes) -> bytes:
    try:
        unpacked = gzip.GzipFile(fileobj=BytesIO(raw)).read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error):
        raise FormatError("damaged, cut short, or not compressed with gzip; make or download it anew") from None
    if len(unpacked) > LARGEST_FILE:
        raise FormatError(f"unpacks to more than {LARGEST_FILE // MEGABYTE} MB; split it")
    return unpacked


@contextmanager
def errors_named(place: object) -> Iterator[None]:
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
    raise DocumentError(f"{printable(place)}: {reason}") from None


def printable(name: object) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in str(name)).split())
