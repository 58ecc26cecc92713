"""`Document`: an article's text with its name, metadata and what was left out; reading files and corpora."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pandas as pd

from workbench import cleaning


class DocumentError(ValueError):
    """A document that cannot be read; the message names the file and the remedy."""


@dataclass(frozen=True, eq=False)
class Document:
    """An article as it is measured.

    In `text` each line is a paragraph. `removed` lists what cleaning took out: `line` (from 1, in the source's text),
    `text`, `reason`. `sha256` is that of the source's bytes.
    """

    name: str
    text: str
    metadata: Mapping[str, object] = field(default_factory=dict)
    source: str | None = None
    sha256: str = ""
    removed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=cleaning.REMOVED_COLUMNS))

    @classmethod
    def from_text(cls, text: str, name: str = "text", metadata: Mapping[str, object] | None = None) -> "Document":
        """A document of a text that is already clean; it is taken as it is."""
        return cls(name, text, dict(metadata or {}), sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def read(path: str | Path, clean: bool = True) -> Document:
    """The document in the file `path`. Raises DocumentError where there is none to be had."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"{path}: no such file; check the name") from None
    except OSError as error:
        raise DocumentError(
            f"{path}: cannot be read ({error.strerror}); check what it is and its permissions"
        ) from None
    if b"\0" in raw[:8192]:
        raise DocumentError(f"{path}: a binary file, not text; convert it to plain text")
    text = raw.decode("utf-8-sig", "replace")
    kept, removed = cleaning.clean(text) if clean else (text, pd.DataFrame(columns=cleaning.REMOVED_COLUMNS))
    if not kept.strip():
        raise DocumentError(f"{path}: no text in it; remove it or fill it")
    return Document(path.stem, kept, {}, str(path), sha256(raw).hexdigest(), removed)


def read_all(source: str | Path, clean: bool = True) -> Iterator[Document | DocumentError]:
    """Each document of the folder `source`, by file name; one that cannot be read comes as its DocumentError."""
    source = Path(source)
    if not source.is_dir():
        raise DocumentError(f"{source}: no such folder; create it, or name one that exists")
    for path in sorted(p for p in source.iterdir() if p.is_file() and not p.name.startswith(".")):
        try:
            yield read(path, clean)
        except DocumentError as error:
            yield error
