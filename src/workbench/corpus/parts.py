"""Parts of a measured corpus: Parquet files that are written whole or not at all, and always with the same bytes."""

import os
import re
from pathlib import Path
from uuid import uuid4

import pandas as pd

from workbench.corpus.stored import EVIDENCE, folder
from workbench.documents import InputError
from workbench.measurement import Asked

_PART = re.compile(r"part-\d{6}-[0-9a-f]{16}\.parquet|\.part-.*|\.lock|\.only|\.measured-with")


class CorpusError(InputError):
    """A corpus that cannot be measured as it was asked for; the message says why and what to do."""


def is_whole(path: Path) -> bool:
    """Whether the part at `path` is there with its end, which Parquet writes last."""
    from pyarrow import ArrowException, parquet  # start-up time

    try:
        return bool(parquet.read_metadata(path).num_columns)
    except (OSError, ArrowException):
        return False


def write(table: pd.DataFrame, path: Path) -> None:
    """Write `table` to `path` as Parquet, whole or not at all, and always the same bytes."""
    import pyarrow as pa  # start-up time
    from pyarrow import parquet

    kinds = {"i": pa.int64(), "u": pa.int64(), "f": pa.float64(), "b": pa.bool_()}
    schema = pa.schema([(str(name), kinds.get(table[name].dtype.kind, pa.string())) for name in table])
    beside = path.with_name(f".{path.stem}.{uuid4().hex}")
    with open(beside, "wb") as file:
        parquet.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def folders_of(target: Path, evidence: bool) -> dict[str, Path]:
    """Each table's folder, made; the measures' last. Raises CorpusError where something else is in the way."""
    names = ["documents", "sketches", "errors", *(EVIDENCE if evidence else ()), "measures"]
    folders = {name: folder(target, name) for name in names}
    for place in folders.values():
        if place.is_file():
            raise CorpusError(f"{place}: a file where a folder is to be written; remove it or name another")
        place.mkdir(parents=True, exist_ok=True)
        if foreign := [path for path in place.iterdir() if not _PART.fullmatch(path.name)]:
            raise CorpusError(f"{foreign[0]}: not a part of a corpus; name a folder that is empty or a corpus's")
    return folders


def keep_apart(measures: Path, asked: Asked) -> None:
    """Note in the folder what is asked for, if not everything. Raises CorpusError where it has other figures."""
    note, others = measures / ".only", any(measures.glob("part-*"))
    everything = asked == Asked.of(None)
    only = "" if everything else " ".join(sorted([*asked.measures, *asked.voices, *map(repr, asked.lists)]))
    if others and only != (note.read_text("utf-8") if note.exists() else ""):
        raise CorpusError(
            f"{measures}: holds other figures than `only` and `lists` ask for now; name another target or remove it"
        )
    note.unlink(missing_ok=True)
    if only:
        note.write_text(only, "utf-8")
