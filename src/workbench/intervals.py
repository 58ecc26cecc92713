"""Resampling: 95 % intervals of any figure that is a function of sums; the only place that draws random numbers."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
SEED = 20240101


@lru_cache(maxsize=16)
def _draws(units: int, resamples: int) -> NDArray[np.float64]:
    """How often each unit is drawn in each resample: the same for every figure over as many units."""
    weights = np.random.default_rng(SEED).multinomial(units, np.full(units, 1 / units), size=resamples)
    return weights.astype(float)


def interval(
    counts: ArrayLike,
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> tuple[float, float]:
    """The percentile bootstrap interval of `statistic` over units drawn with replacement.

    `counts` has shape (units, columns): what each unit (a sentence, a paragraph) adds to each sum. `statistic` takes
    sums of shape (resamples, columns) and gives (resamples,). Both ends are NaN with fewer than two units, or where the
    statistic is undefined in every resample. Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    counts = np.asarray(counts, dtype=float)
    units = len(counts)
    if units < 2:
        return float("nan"), float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        values = statistic(_draws(units, resamples) @ counts)
    if np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
