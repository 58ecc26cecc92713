"""Which documents share most of their text, as syndicated copies do."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from workbench.documents.document import Document, is_document

if TYPE_CHECKING:  # what makes no table starts without pandas
    import pandas as pd

DUPLICATE_COLUMNS = {"document": "str", "duplicate": "str", "similarity": "float64"}
_AT_ONCE = 4096  # sequences, 4 MB of products
HASHES, BAND = 128, 4  # documents are compared where four hashes in a row agree
_ODD = np.uint64(0x9E3779B97F4A7C15)


def duplicates(documents: Iterable[Document], least: float = 0.5) -> "pd.DataFrame":
    """A row for each document that is like an earlier one: document (the earlier one's name), duplicate, similarity.

    Similarity is the share of five-word sequences that both have of those that either has (Jaccard index, 0 to 1), as
    estimated from 128 minimal hashes (Broder 1997; standard error at most 0.045). Of any number of documents only
    these are kept, 512 bytes each. Pairs of `least` or more are listed; documents of fewer than five words never are.

    >>> text = "The harbour council met on Monday to talk about the strike."
    >>> wb.duplicates([wb.Document.from_text(text, "one"), wb.Document.from_text(text, "two")]).values.tolist()
    [['one', 'two', 1.0]]
    """
    sketched = {}
    if isinstance(documents, str | PathLike | Document):
        raise TypeError("give several documents, as in wb.duplicates([one, two])")
    for document in documents:
        is_document(document)
        sketched[document.name] = sketch_of(document.text)
    return near(sketched, least)


def near(sketched: Mapping[str, bytes], least: float = 0.5) -> "pd.DataFrame":
    """What `duplicates` finds among documents of these names, each with its `sketch_of` the text."""
    import pandas as pd  # start-up time

    found = [(name, sketch) for name, sketch in sketched.items() if sketch]
    pairs: set[tuple[int, int]] = set()
    for start in range(0, 4 * HASHES, 4 * BAND):  # bytes
        halves = np.frombuffer(b"".join([sketch[start : start + 4 * BAND] for _, sketch in found]), np.uint64)
        _, first, alike = np.unique(halves[::2] * _ODD + halves[1::2], return_index=True, return_inverse=True)
        later = np.flatnonzero(first[alike] != np.arange(len(found)))
        pairs.update(zip(first[alike[later]].tolist(), later.tolist(), strict=True))
    rows = [(found[i][0], found[j][0], _similarity(found[i][1], found[j][1])) for i, j in sorted(pairs)]
    close = [row for row in rows if row[2] >= least]
    return pd.DataFrame(close, columns=[*DUPLICATE_COLUMNS]).astype(DUPLICATE_COLUMNS)


def _similarity(one: bytes, other: bytes) -> float:
    return float((np.frombuffer(one, np.uint32) == np.frombuffer(other, np.uint32)).mean())


@cache
def _multipliers() -> np.ndarray:  # made when first needed, as numpy's random numbers take time to import
    return np.random.default_rng(0).integers(1, 2**63, HASHES, dtype=np.uint64) | np.uint64(1)


def sketch_of(text: str) -> bytes:
    """The least value of each of 128 hashes of the text's five-word sequences; empty where there is none."""
    found = re.findall(r"\w+", text.lower())
    if len(found) < 5:
        return b""
    words = np.array(list(map(crc32, "\n".join(found).encode("utf-8", "replace").split(b"\n"))), np.uint64)
    sequences = np.zeros(len(words) - 4, np.uint64)
    for i in range(5):
        sequences = sequences * _ODD + words[i : len(words) - 4 + i]
    sequences ^= sequences >> np.uint64(29)
    parts = (sequences[start : start + _AT_ONCE] for start in range(0, len(sequences), _AT_ONCE))
    least = np.min([np.multiply.outer(_multipliers(), part).min(axis=1) for part in parts], axis=0)
    return (least >> np.uint64(32)).astype(np.uint32).tobytes()
