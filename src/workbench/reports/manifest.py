"""The reports' folder: one writer at a time, files written whole or not at all, and what each was made from."""

import json
import os
import platform
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

MANIFEST = "manifest.json"
Entry = dict[str, Any]  # inputs: what it was made from; outputs: sha256 by path in the folder


class LockedError(ValueError):
    """Another render is writing into the folder."""


@dataclass
class Shelf:
    """The folder `path` and its manifest's `entries`, by report."""

    path: Path
    entries: dict[str, Entry]

    @classmethod
    @contextmanager
    def locked(cls, path: Path) -> Iterator["Shelf"]:
        """The shelf, ours alone until we leave it or die. Raises LockedError where another has it."""
        path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(path / ".lock", blocking=False):  # the system lets go of it when its process dies
                shelf = cls(path, recorded(path))
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
        target, beside = self.path / name, self.staging / digest(name.encode())
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
        (self.path / f"{report}.failed.ipynb").unlink(missing_ok=True)

    def current(self, report: str, inputs: Mapping[str, object]) -> bool:
        """Whether the report is there as it was written, made from the same inputs."""
        entry = self.entries.get(report, {})
        return bool(entry) and entry["inputs"] == inputs and not any(differing(self.path, entry))

    def remove(self, report: str) -> None:
        """Take away a report's files, and its folder when nothing else is in there."""
        for name in [*self.entries.pop(report)["outputs"], f"{report}.failed.ipynb"]:
            (self.path / name).unlink(missing_ok=True)
            with suppress(OSError):
                (self.path / name).parent.rmdir()

    def record(self) -> None:
        """Write the manifest."""
        content = {"environment": environment(), "reports": dict(sorted(self.entries.items()))}
        self.write(MANIFEST, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def folders(seeds: Path) -> dict[str, Path]:
    """The documents in `seeds` and its subfolders, each by the name of the folder that its reports have to themselves.

    That is the document's name, or one made from its path where that is unfit for a folder or already taken.
    """
    found: dict[str, Path] = {}
    taken: set[str] = set()
    for path in sorted(path for path in seeds.rglob("*") if path.is_file()):
        within = path.relative_to(seeds)
        if not any(part.startswith(".") for part in within.parts):
            fit = re.fullmatch(r"[A-Za-z0-9][\w-]{0,79}", path.stem, re.ASCII)
            name = path.stem if fit and path.stem.lower() not in taken else slug(within.as_posix())
            taken.add(name.lower())
            found[name] = path
    return found


def slug(name: str) -> str:
    """A file name of letters, digits and hyphens: what can be read of `name`, and a hash that no other name has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "document"
    return f"{readable}-{digest(os.fsencode(name))[:8]}"


def recorded(path: Path) -> dict[str, Entry]:
    """The entries of the manifest in `path`; none where it is missing or broken."""
    try:
        return dict(json.loads((path / MANIFEST).read_bytes())["reports"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


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
    installed = {found.name.lower(): found.version for found in metadata.distributions()}
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
