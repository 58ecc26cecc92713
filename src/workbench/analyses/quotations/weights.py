"""Features of a whole text as columns, and the sums of their trained weights."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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

    def __init__(self, features: Mapping[str, Mapping[str, float]]) -> None:
        """Weights by a feature's name with the number of its values ("lemma|dep 2"), and by these ("say|ccomp")."""
        seen: list[tuple[str, NDArray[Any]]] = []  # its values, a row a column
        for key, some in features.items():
            name, number = key.rsplit(" ", 1)
            seen.append((name, np.array("|".join(some).split("|"), dtype=object).reshape(-1, int(number)).T))
        self._names = {name: number for number, name in enumerate(dict.fromkeys(name for name, _ in seen))}
        every = dict.fromkeys(chain.from_iterable(columns.flat for _, columns in seen))
        self._values = {value: number for number, value in enumerate(every)}
        self._bits = len(every).bit_length()  # of a value's number
        self._shift = self._bits * max(len(columns) for _, columns in seen)
        keys = np.concatenate([self._key(name, map(self._numbers, columns)) for name, columns in seen])
        order = np.argsort(keys)
        self._keys = np.append(keys[order], np.iinfo(np.int64).max)
        weights = np.array([weight for some in features.values() for weight in some.values()], dtype=float)
        self._weights = np.append(weights[order], 0.0)

    def _numbers(self, values: Sequence[str]) -> NDArray[np.int64]:
        """The number of each value; one past the last for those without a weight."""
        return np.fromiter(map(self._values.get, values, repeat(len(self._values))), np.int64, len(values))

    def _key(self, name: str, columns: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
        """One number for each feature of a name, from those of its values."""
        key = reduce(lambda key, column: key << self._bits | column, columns)
        return key + (self._names.get(name, -1) << self._shift)

    def sums(self, blocks: Iterable[Block], size: int) -> Numbers:
        """The sum of the weights of each of so many rows."""
        keys, rows = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for block in blocks:
            numbers = {name: self._numbers(column) for name, column in block.seen.items()}
            for name, parts in block.columns():
                keys.append(self._key(name, map(numbers.__getitem__, parts)))
                rows.append(np.asarray(block.rows, dtype=np.int64))
        every = np.concatenate(keys)
        found = np.searchsorted(self._keys, every)
        weights = np.where(self._keys[found] == every, self._weights[found], 0.0)
        return np.bincount(np.concatenate(rows), weights, size).astype(float)
