"""Train a `workbench.statistics.Network` by Adam, in steps that go down to none; the same numbers give the same one."""

import numpy as np
from numpy.typing import NDArray

RATE = 0.002
DECAY = 0.5  # share of a step's rate by which weights shrink
CONSTANT = 1e-3  # standard deviation of an input that says nothing
Array = NDArray[np.float32]


def fitted(
    names: list[str], inputs: np.ndarray, known: np.ndarray, y: np.ndarray, epochs: int, batch: int, dropout: float
) -> dict[str, str]:
    """The network written out, trained to tell y by the inputs and a score known before."""
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0)
    scale = np.where(spread > CONSTANT, 1 / np.maximum(spread, CONSTANT), 0)
    found = _adam(((inputs - mean) * scale).astype(np.float32), *map(np.float32, (known, y)), epochs, batch, dropout)
    lines = np.column_stack([found["line"], found["into"]]) * scale[:, None]
    constants = np.concatenate([found["known"][1:], found["constants"]]) - mean @ lines
    out = np.concatenate([found["known"][:1], found["out"]])
    rows = zip([*names, "one", "out"], [*lines, constants, out], strict=True)
    return {name: " ".join(f"{value:.3g}" for value in row) for name, row in rows}


def _adam(x: Array, known: Array, y: Array, epochs: int, batch: int, dropout: float, units: int = 32) -> dict:
    """The weights after `epochs` rounds through the rows, each time in another order."""
    random = np.random.default_rng(0)
    number, width = x.shape
    weights = {
        "into": random.normal(0, np.sqrt(2 / width), (width, units)),
        "constants": np.zeros(units),
        "out": random.normal(0, 0.1 / np.sqrt(units), units),
        "line": np.zeros(width),
        "known": np.array([1.0, 0.0]),
    }
    weights = {name: np.float32(value) for name, value in weights.items()}
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    steps, step = epochs * -(-number // batch), 0
    for _ in range(epochs):
        order = random.permutation(number)
        for start in range(0, number, batch):
            rows = order[start : start + batch]
            shown = x[rows]
            if dropout:
                shown = shown * ((random.random(shown.shape, dtype=np.float32) > dropout) / np.float32(1 - dropout))
            slopes = _slopes(weights, shown, known[rows], y[rows])
            rate, step = np.float32(RATE * (1 - (step + 1) / steps)), step + 1
            for name, slope in slopes.items():
                mean[name] = 0.9 * mean[name] + 0.1 * slope
                square[name] = 0.999 * square[name] + 0.001 * slope**2
                root = np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
                weights[name] -= rate * (mean[name] / (1 - 0.9**step)) / root
                if name in ("into", "line", "out"):
                    weights[name] *= np.float32(1 - rate * DECAY)
    return weights


def _slopes(weights: dict[str, Array], x: Array, known: Array, y: Array) -> dict[str, Array]:
    """The slope of the mean logistic loss by each weight."""
    lines = x @ weights["into"] + weights["constants"]
    units = np.maximum(lines, 0)
    score = weights["known"][0] * known + weights["known"][1] + units @ weights["out"] + x @ weights["line"]
    error = ((1 / (1 + np.exp(-score)) - y) / len(y)).astype(np.float32)
    back = np.outer(error, weights["out"]) * (lines > 0)
    return {
        "into": x.T @ back,
        "constants": back.sum(axis=0),
        "out": units.T @ error,
        "line": x.T @ error,
        "known": np.array([error @ known, error.sum()], dtype=np.float32),
    }
