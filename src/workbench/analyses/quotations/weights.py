"""Features of a whole text as columns, and the sums of their trained weights."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np

from workbench.statistics import Numbers


class Block(NamedTuple):
    """What is looked at ("lemma|dep"; "child:word|tag", written child=…), what was seen, by column, in which rows."""

    looked_at: str
    seen: Mapping[str, Sequence[str]]
    rows: Sequence[int]

    def columns(self) -> Iterator[tuple[str, list[str]]]:
        """The name of each feature, and the names of its columns."""
        for name in self.looked_at.split():
            yield name.partition(":")[0], name.rpartition(":")[2].split("|")


class Weights:
    """Trained weights by their features' numbers: the sums of many rows are a few steps over arrays."""

    def __init__(self, features: Mapping[str, float]) -> None:
        names, values = zip(*(feature.partition("=")[::2] for feature in features), strict=True)
        parts = [value.split("|") for value in values]
        self._names = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self._values = {value: number for number, value in enumerate(dict.fromkeys(chain(*parts)))}
        self._bits = len(self._values).bit_length()  # of a value's number
        self._shift = self._bits * max(map(len, parts))
        keys = np.array([self._key(*feature) for feature in zip(names, parts, strict=True)])
        order = np.argsort(keys)
        self._keys = np.append(keys[order], np.iinfo(np.int64).max)
        self._weights = np.append(np.array([*features.values()], dtype=float)[order], 0.0)

    def _key(self, name: str, values: Iterable[str]) -> int:
        key = 0
        for value in values:
            key = key << self._bits | self._values[value]
        return self._names[name] << self._shift | key

    def sums(self, blocks: Iterable[Block], size: int) -> Numbers:
        """The sum of the weights of each of so many rows."""
        keys, rows = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for block in blocks:
            numbers = {
                name: np.fromiter(map(self._values.get, column, repeat(len(self._values))), np.int64, len(column))
                for name, column in block.seen.items()
            }
            for name, parts in block.columns():
                key = numbers[parts[0]]
                for part in parts[1:]:
                    key = key << self._bits | numbers[part]
                keys.append(key + (self._names.get(name, -1) << self._shift))
                rows.append(np.asarray(block.rows, dtype=np.int64))
        every = np.concatenate(keys)
        found = np.searchsorted(self._keys, every)
        weights = np.where(self._keys[found] == every, self._weights[found], 0.0)
        return np.bincount(np.concatenate(rows), weights, size).astype(float)
