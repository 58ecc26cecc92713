"""Files where they are, in folders, zips or gzip: found, opened, read within bounds, and named in what goes wrong."""

import faulthandler
import gzip
import os
import pickle
import re
import signal
import stat
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import CDLL
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NoReturn, TypeVar

from workbench.documents.document import DocumentError
from workbench.documents.encoding import LARGEST_FILE, MEGABYTE, FormatError, member, opened_zip, printable

SECONDS, MEMORY = 15, 1 << 30  # of work, and bytes, for what a file unfolds to
Opener = Callable[[], BinaryIO]
Item = TypeVar("Item")
_NUMBERED = re.compile(r"(?P<file>.+)#(?P<number>\d+)")
_NAMED_COLUMN = re.compile(r"(?P<file>.+?)#(?P<column>[^#]*[^#\d][^#]*)(?:#(?P<number>\d+))?")


def located(path: str | Path) -> Path:
    """The path, or where a notebook's folder is the working directory, the same path from its parent."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"{path!r:.80} is not the path of a file or folder, as in 'seeds/article.txt'")
    if re.match(r"https?://", str(path)):
        raise DocumentError(f"{path}: nothing is fetched from the web; save the page, and read the file")
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
    suffix = os.path.splitext(str(path).lower().removesuffix(".gz"))[1]
    return suffix if len(suffix) > 1 else ""


def stem_of(path: Path) -> str:
    return printable(Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem)


def files(folder: Path) -> Iterator[tuple[Path, Opener]]:
    """Each file in `folder` and the folders in it that is not hidden, and what opens it."""
    for inner, names in _seen(folder):
        yield from ((path, partial(open_file, path)) for path in (Path(inner, name) for name in names))


def _seen(folder: Path, failed: Callable[[OSError], object] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Each folder in `folder` that is not hidden, with the names of its files, in order."""
    for inner, subfolders, names in os.walk(folder, onerror=failed):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield inner, sorted(name for name in names if not name.startswith("."))


def closed(folder: Path) -> list[DocumentError]:
    """A line for each folder within `folder` that may not be looked into; none where it is a file."""
    failed: list[OSError] = []
    for _ in _seen(folder, failed.append) if folder.is_dir() else ():
        pass
    return [
        DocumentError(f"{printable(error.filename)}: cannot be read ({error.strerror}); check its permissions")
        for error in failed
    ]


def members(source: Path) -> Iterator[tuple[Path, Opener]]:
    with errors_named(source):
        entries = _archive(source, source.stat().st_mtime_ns).infolist()
    for entry in sorted(entries, key=lambda entry: entry.filename):
        path = source / PurePosixPath(entry.filename.lstrip("/") or "unnamed")
        if not (entry.filename.endswith("/") or path.name.startswith(".") or "__MACOSX" in path.parts):
            yield path, partial(_member, source, entry)


@lru_cache(maxsize=1)
def _archive(source: Path, changed: int) -> zipfile.ZipFile:
    return opened_zip(source.open("rb"))


def _member(source: Path, entry: zipfile.ZipInfo) -> BinaryIO:
    """What `entry` was when it was found: where the zip has changed since, its name or checksum no longer fits."""
    return BytesIO(member(_archive(source, source.stat().st_mtime_ns), entry))


def open_file(path: Path) -> BinaryIO:
    if not (stat.S_ISREG(mode := path.stat().st_mode) or stat.S_ISDIR(mode)):  # reading it might never end
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


def apart(make: Callable[[], Iterable[Item]]) -> Iterator[Item]:
    """What `make` gives, item by item, made in a process of its own that may use 1 GiB, and 15 s for each.

    For formats whose readers are not ours, in which a small file may unfold to anything. Raises what `make` raises, and
    FormatError where the bounds were not enough or the process died. What `make` needs should be imported before.
    """
    if sys.platform != "linux":  # elsewhere a process that has used some libraries cannot be forked
        yield from make()
        return
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads may be at work; ours needs none of them
        child = os.fork()
    if not child:
        _give(make, writing)
    os.close(writing)
    try:
        with open(reading, "rb") as pipe:
            while (item := pickle.load(pipe)) is not None:
                if isinstance(item[0], BaseException):
                    raise item[0]
                yield item[0]
    except (EOFError, pickle.UnpicklingError):
        raise FormatError(
            f"takes more than {SECONDS} s or {MEMORY >> 30} GiB to read; split it, or save its text as .txt or .csv"
        ) from None
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _give(make: Callable[[], Iterable[object]], writing: int) -> NoReturn:
    """Write each item that `make` gives, within bounds, and end; only for a process that was forked for it."""
    import resource  # not on every platform

    try:
        CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with its parent
        faulthandler.disable()  # and say nothing of it
        for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries say when they give up
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        own = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _bound(resource.RLIMIT_AS, own + MEMORY)

        def within_bounds(seconds: int) -> None:
            used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
            _bound(resource.RLIMIT_CPU, used + SECONDS + 1)
            signal.alarm(seconds)

        with open(writing, "wb") as pipe:
            try:
                within_bounds(4 * SECONDS)
                for item in make():
                    content = pickle.dumps((item,))
                    if len(content) > 2 * LARGEST_FILE:
                        raise FormatError(f"unfolds to more than {2 * LARGEST_FILE // MEGABYTE} MB; split it")
                    signal.alarm(0)  # whoever reads may take their time
                    pipe.write(content)
                    pipe.flush()
                    within_bounds(4 * SECONDS)
                last: object = None
            except MemoryError:
                os._exit(1)
            except BaseException as error:
                last = (error,)
            signal.alarm(0)
            pipe.write(pickle.dumps(last))
    finally:
        os._exit(0)


def _bound(what: int, most: int) -> None:
    """Bound what this process may use; a limit that the system has set already may only be lowered."""
    import resource  # not on every platform

    limit = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if limit == resource.RLIM_INFINITY else min(most, limit), limit))
