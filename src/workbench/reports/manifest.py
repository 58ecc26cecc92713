"""The reports' folder: one writer at a time, files written whole or not at all, and what each was made from."""

import json
import os
import platform
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from workbench.documents import InputError, files, parts, told_apart

MANIFEST = "manifest.json"
_NAMED = re.compile(r"^(Name|Version): *(\S+)", re.M)  # a package, in its metadata
Entry = dict[str, Any]  # inputs: what it was made from; outputs: sha256 by path in the folder


class LockedError(ValueError):
    """Another render is writing into the folder."""


@dataclass
class Shelf:
    """The folder `path` and its manifest's `entries`, by report."""

    path: Path
    entries: dict[str, Entry]
    refused: list[str] = field(default_factory=list)  # what the manifest said that cannot be true

    @classmethod
    @contextmanager
    def locked(cls, path: Path) -> Iterator["Shelf"]:
        """The shelf, ours alone until we leave it or die. Raises LockedError where another has it."""
        path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(path / ".lock", blocking=False):  # the system lets go of it when its process dies
                refused: list[str] = []
                shelf = cls(path, recorded(path, refused), refused)
                shutil.rmtree(shelf.staging, ignore_errors=True)
                shelf.staging.mkdir()
                try:
                    yield shelf
                finally:
                    shutil.rmtree(shelf.staging, ignore_errors=True)
        except Timeout:
            raise LockedError(f"{path}: another render is writing here; wait until it has ended") from None

    @property
    def staging(self) -> Path:
        """Where files are prepared; emptied at the beginning and at the end."""
        return self.path / ".staging"

    def write(self, name: str, content: bytes) -> str:
        """Put `content` at `name` in the folder, whole or not at all; gives its sha256."""
        target, beside = inside(self.path, name), self.staging / digest(name.encode())
        try:
            with open(beside, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            target.parent.mkdir(exist_ok=True)
            os.replace(beside, target)
        except OSError as error:
            raise OSError(f"{target}: not written ({error.strerror}); what was there before is kept") from error
        return digest(content)

    def publish(self, report: str, inputs: Mapping[str, object], contents: Mapping[str, bytes]) -> None:
        """Write a report's files and remember what they were made from."""
        outputs = {name: self.write(name, content) for name, content in contents.items()}
        self.entries[report] = {"inputs": dict(inputs), "outputs": outputs}
        inside(self.path, f"{report}.failed.ipynb").unlink(missing_ok=True)

    def current(self, report: str, inputs: Mapping[str, object]) -> bool:
        """Whether the report is there as it was written, made from the same inputs."""
        entry = self.entries.get(report, {})
        return bool(entry) and entry["inputs"] == inputs and not any(differing(self.path, entry))

    def remove(self, report: str) -> None:
        """Take away a report's files, and its folder when nothing else is in there."""
        for name in [*self.entries.pop(report)["outputs"], f"{report}.failed.ipynb"]:
            file = inside(self.path, name)
            with suppress(OSError):
                file.unlink(missing_ok=True)
                file.parent.rmdir()

    def record(self) -> None:
        """Write the manifest, a line a report: of many, json takes ten times as long to indent all."""
        lines = [f"  {_json(report)}: {_json(entry)}" for report, entry in sorted(self.entries.items())]
        reports = "{\n" + ",\n".join(lines) + "\n }" if lines else "{}"
        text = f'{{\n "environment": {_json(environment())},\n "reports": {reports}\n}}\n'
        self.write(MANIFEST, text.encode("utf-8", "backslashreplace"))  # a file's name may be any bytes


def folders(seeds: Path, text: str | None = None) -> dict[str, tuple[Path, str]]:
    """The documents in `seeds`, a folder or a file of documents, in the order of `read_all`, by their reports' folders.

    Each folder has the document's name, or one made from its path where that is unfit for a folder or already taken.
    With the document's path comes its name as `read_all` has it; the folder's where it has none.
    """
    found: dict[str, tuple[Path, str]] = {}
    taken: set[str] = set()
    used: dict[int, int] = {}
    for path in [path for path, _ in files(seeds)] if seeds.is_dir() else [seeds]:
        within = path.relative_to(seeds if seeds.is_dir() else seeds.parent)
        for stem, (part, given) in parts(path, text).items():
            fit = re.fullmatch(r"[A-Za-z0-9][\w-]{0,79}", stem, re.ASCII)
            name = stem if fit and stem.lower() not in taken else slug((within.parent / part.name).as_posix())
            taken.add(name.lower())
            found[name] = part, told_apart(given, used) if given else name
    return found


def slug(name: str) -> str:
    """A file name of letters, digits and hyphens: what can be read of `name`, and a hash that no other name has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "document"
    return f"{readable}-{digest(os.fsencode(name))[:8]}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def inside(folder: Path, name: str, seen: dict[Path, bool] | None = None) -> Path:
    """The file `name` in `folder`. Raises InputError where that leads out of it, by its name or by a link.

    Of many files each one's own folder is looked at once, and `seen` remembers it.
    """
    file, seen = folder / name, {} if seen is None else seen
    try:
        if file.parent not in seen:
            seen[file.parent] = file.parent.resolve().is_relative_to(folder.resolve())
        if seen[file.parent] and file.name not in ("", "..") and "\0" not in name:
            return file
    except (OSError, ValueError):  # a name that no file can have
        pass
    raise InputError(f"{folder / MANIFEST}: names {name!r}, which is no file in {folder}; nothing is touched there")


def recorded(path: Path, refused: list[str] | None = None) -> dict[str, Entry]:
    """The entries of the manifest in `path`; none where it is missing or broken.

    Left out, and said in `refused`, are entries of another form and those that name a file outside the folder.
    """
    refused = [] if refused is None else refused
    entries, seen = {}, dict[Path, bool]()
    try:
        written = json.loads((path / MANIFEST).read_bytes())["reports"].items()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refused.append(f"{path / MANIFEST}: not a manifest; every report is made again")
        return {}
    for report, entry in written:
        try:
            if not _is_entry(entry):
                raise InputError(f"{path / MANIFEST}: {report!r} is not described as a report is; it is made again")
            for name in [*entry["outputs"], f"{report}.failed.ipynb"]:
                inside(path, name, seen)
            entries[report] = entry
        except InputError as error:
            refused.append(str(error))
    return entries


def _is_entry(entry: object) -> bool:
    """Whether an entry has the form that `publish` gives it."""
    if not (isinstance(entry, dict) and isinstance(entry.get("inputs"), dict)):
        return False
    outputs, described = entry.get("outputs"), [entry["inputs"].get(name, {}) for name in ("document", "parameters")]
    named = isinstance(outputs, dict) and all(isinstance(value, str) for value in outputs.values())
    return named and all(isinstance(part, dict) for part in described)


def differing(path: Path, entry: Entry) -> Iterator[tuple[str, str]]:
    """Each of an entry's files that is not as it was written, and how: missing or changed."""
    for name, written in entry["outputs"].items():
        found = file_digest(path / name)
        if found != written:
            yield name, "changed" if found else "missing"


def environment() -> dict[str, Any]:
    """What all reports depend on: the package's code, the model, the versions of Python and of what is installed."""
    return {**_installed(), "model": os.environ.get("WORKBENCH_MODEL", "")}


@cache
def _installed() -> dict[str, Any]:
    here = Path(__file__).parents[1]
    files = [path for path in sorted(here.rglob("*.*")) if path.suffix != ".pyc"]
    texts = [found.read_text("METADATA") or found.read_text("PKG-INFO") or "" for found in metadata.distributions()]
    heads = [dict(_NAMED.findall(text.partition("\n\n")[0])) for text in texts]  # the whole takes ten times as long
    installed = {head["Name"].lower(): head["Version"] for head in heads if len(head) == 2}
    return {
        "code": digest(json.dumps([(path.relative_to(here).as_posix(), file_digest(path)) for path in files]).encode()),
        "python": platform.python_version(),
        "models": sorted(point.dist.name for point in metadata.entry_points(group="spacy_models") if point.dist),
        "packages": dict(sorted(installed.items())),
    }


def provenance(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a report was made from, in words: (term, value)."""
    here = environment()
    found = [(kind.capitalize(), inputs[kind]) for kind in ("document", "notebook") if kind in inputs]
    files = [(term, f"{file['path']}, sha256 {file['sha256']}") for term, file in found]
    given = [("Parameters", f"{name} = {value!r}") for name, value in inputs["parameters"].items()]
    tools = [name for name in ("news-workbench", "spacy", *here["models"]) if name in here["packages"]]
    made = ", ".join([*(f"{name} {here['packages'][name]}" for name in tools), f"Python {here['python']}"])
    return [*files, *given, ("Made with", made)]


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def file_digest(path: Path) -> str | None:
    """The sha256 of the file's bytes; None where there is none."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return None
