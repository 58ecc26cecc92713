"""Resampling: 95 % intervals of any figure that is a function of sums; the only place that draws random numbers."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.statistics.threads import one_thread

RESAMPLES = 1000
SEED = 20240101
LEVEL = 0.95
Floats = NDArray[np.float64]


@one_thread
def interval(counts: ArrayLike, statistic: Callable[[Floats], Floats]) -> tuple[Any, Any]:
    """The percentile bootstrap interval of `statistic` over units drawn with replacement: 95 %, 1,000 resamples.

    `counts` has shape (units, columns): what each unit (a sentence, a paragraph) adds to each sum. `statistic` takes
    sums of shape (resamples, columns) and gives (resamples,), for which the ends are floats, or (resamples, figures),
    for which they are arrays, so that many figures cost one drawing. Ends are NaN with fewer than two units, or where
    the statistic is undefined in every resample. Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    counts = np.asarray(counts, dtype=float)
    units = len(counts)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = statistic(_draws(units) @ counts if units else np.zeros((1, counts.shape[1])))
        undefined = np.isnan(values)
        nowhere = undefined.all(axis=0) | (units < 2)
        quantile = np.nanquantile if undefined.any() else np.quantile
        low, high = np.where(nowhere, np.nan, quantile(np.where(nowhere, 0.0, values), ends, axis=0))
    return (float(low), float(high)) if values.ndim == 1 else (low, high)


def interval_of_mean(values: Floats) -> tuple[float, float]:
    """The interval of the mean of `values`, each of which is a unit."""
    return interval(np.column_stack([values, np.ones(len(values))]), lambda sums: sums[:, 0] / sums[:, 1])


def running_mean(values: ArrayLike, window: int) -> tuple[Floats, Floats, Floats]:
    """The mean of the `window` values around each, fewer at the ends, and the ends of its interval."""
    values = np.asarray(values, dtype=float)
    around = [values[max(0, place - window // 2) : place + window // 2 + 1] for place in range(len(values))]
    bounds = [interval_of_mean(near) for near in around]
    low, high = np.array(bounds, dtype=float).reshape(-1, 2).T
    return np.array([near.mean() for near in around]), low, high


def _draws(units: int) -> Floats:
    """How often each unit is drawn in each resample: the same for every figure over as many units."""
    return (_few if units < 256 else _many)(units).astype(float)


def _drawn(units: int) -> NDArray[np.unsignedinteger]:
    weights = np.random.default_rng(SEED).multinomial(units, np.full(units, 1 / units), size=RESAMPLES)
    return weights.astype(np.min_scalar_type(units))


_few = lru_cache(maxsize=256)(_drawn)  # at most 33 MB in all
_many = lru_cache(maxsize=4)(_drawn)
