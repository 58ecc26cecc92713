"""Parts of a measured corpus: Parquet files that are written whole or not at all, and always with the same bytes."""

import os
from pathlib import Path
from uuid import uuid4

import pandas as pd


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
