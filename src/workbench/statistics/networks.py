"""A small neural network beside a linear model: what it adds to a score, from numbers instead of features."""

import numpy as np
from numpy.typing import NDArray

from workbench.statistics.threads import one_thread

Numbers = NDArray[np.float64]


def logistic(value: Numbers) -> Numbers:
    """The probability of a score."""
    return 1 / (1 + np.exp(-np.clip(value, -30, 30)))


class Network:
    """One hidden layer of rectified units over named inputs, beside a straight line and a score known before.

    Written as a row of numbers for each input, its weight in the line and into each unit, then the constants ("one")
    and at last the weight of the known score and of each unit ("out").
    """

    def __init__(self, written: dict[str, str]) -> None:
        rows = np.array([row.split() for row in written.values()], dtype=float)
        self.names = list(written)[:-2]
        self.inputs, self.constants, self.out = rows[:-2], rows[-2], rows[-1]

    @one_thread
    def __call__(self, known: Numbers, inputs: Numbers) -> Numbers:
        """A score for each row of inputs and its known score."""
        lines = inputs @ self.inputs + self.constants
        return known * self.out[0] + lines[:, 0] + np.maximum(lines[:, 1:], 0) @ self.out[1:]
