"""95 % intervals of any figure that is a function of sums, by leaving out each unit in turn (the jackknife)."""

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEW = 5  # an interval from fewer units would be too narrow to be believed, or too wide to be of use
LEAST_FREEDOM = 1.5  # of a t quantile
Floats = NDArray[np.float64]
_Z = NormalDist().inv_cdf(0.975)  # standard errors to each side that hold 95 % of normal deviates


def interval(
    counts: ArrayLike,
    statistic: Callable[[Floats], Floats],
    scale: ArrayLike = "mean",
    units: ArrayLike | None = None,
) -> tuple[Any, Any]:
    """The ends of the 95 % interval of `statistic` for a text like this one, of which the units are a sample.

    `counts` has shape (units, columns): what each unit (a sentence, a paragraph) adds to each sum. `statistic` takes
    sums of shape (many, columns) and gives (many,), for which the ends are floats, or (many, figures), for which they
    are arrays. The standard error is the jackknife's, from leaving out each unit in turn (Efron & Tibshirani 1993, ch.
    11), the quantile Student's t at the degrees of freedom that the kurtosis of what each unit does to a figure leaves
    (Satterthwaite 1946): few where some units decide. `scale` says of each figure what it can be: a "mean" anything; a
    "rate" nothing below 0 (interval of its logarithm, its ends corrected outwards for skewness, Hall 1992); a "share" 0
    to 1, of things that come by the unit, such as words (interval of its logit); "items" the share of things that are
    counted, such as sentences or quotations (Agresti & Coull 1998, with the effective number of Korn & Graubard 1998).
    `units` is how many can contribute to each figure, by default all. NaN below five of them, where the statistic
    is undefined, and, but for items, where all units agree, for these cannot tell how much others would differ.
    """
    counts = np.asfortranarray(counts, dtype=float)  # a column's sum does not depend on those beside it
    number = np.asarray(len(counts) if units is None else units, dtype=float)
    total = counts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        values = np.asfortranarray(statistic(np.vstack([total, total - counts])))
        value = values[0]
        moved = value - values[1:]
        squared = moved**2  # powers above it are slow
        squares = squared.sum(axis=0)
        error = np.sqrt(squares * (number - 1) / number)
        kurtosis = number * (squared**2).sum(axis=0) / squares**2 * (number + 1) / (number - 1)  # 3 of normal ones
        freedom = np.minimum(number - 1, 2 * (number - 1) / np.maximum(kurtosis - 1, 1))
        t, scale = t_quantile(np.maximum(freedom, LEAST_FREEDOM)), np.asarray(scale)
        shares, items = scale == "share", scale == "items"
        none = (number < FEW) | np.isnan(value) | ((error <= 1e-9 * np.maximum(1, np.abs(value))) & ~items)
        low, high = value - t * error, value + t * error
        if (rates := scale == "rate").any():
            skew, growth = (squared * moved).sum(axis=0) / squares**1.5, np.exp(t * error / value)
            further = [np.exp(-error / value * _unskewed(end, skew)) for end in (t, -t)]
            low = np.where(rates, value * np.fmin(1 / growth, further[0]), low)
            high = np.where(rates, value * np.fmax(growth, further[1]), high)
        if shares.any():
            less = np.sqrt((number - 1) / number)  # the jackknife's error is too large, most here (Efron & Stein 1981)
            odds, spread = value / (1 - value), np.exp(t * error * less / (value * (1 - value)))
            low = np.where(shares, odds / spread / (1 + odds / spread), low)
            high = np.where(shares, 1 - 1 / (1 + odds * spread), high)
        if items.any():
            counted = np.where(error > 0, value * (1 - value) / error**2 * number / (number - 1), number)
            ends = agresti_coull(value, counted)
            low, high = np.where(items, ends[0], low), np.where(items, ends[1], high)
    low, high = (np.where(none, np.nan, end) for end in (low, high))
    return (low, high) if low.ndim else (float(low), float(high))


def _unskewed(quantile: ArrayLike, skew: ArrayLike) -> Floats:
    """The quantile of a statistic over its own standard error, where what it sums up is skewed (Hall 1992)."""
    quantile, skew = np.asarray(quantile, dtype=float), np.asarray(skew, dtype=float)
    some = np.where(np.abs(skew) < 1e-6, 1e-6, skew)
    return np.asarray(3 / some * (np.cbrt(1 + some * (quantile - some / 6)) - 1))


def agresti_coull(share: ArrayLike, number: ArrayLike) -> tuple[Floats, Floats]:
    """The ends of Agresti and Coull's (1998) interval for a share of `number` items: Wilson's middle, a longer reach.

    A share of few items goes by steps: at ten, Wilson's holds a ninth of all shares too seldom (below 0.93), this none.
    """
    share, number, square = np.asarray(share, dtype=float), np.asarray(number, dtype=float), t_quantile(np.inf) ** 2
    more = number + square
    middle = (share * number + square / 2) / more
    reach = np.sqrt(square * middle * (1 - middle) / more)
    return np.maximum(middle - reach, 0), np.minimum(middle + reach, 1)


def wilson(share: ArrayLike, number: ArrayLike, quantile: ArrayLike) -> tuple[Floats, Floats]:
    """The ends of Wilson's score interval for a share of `number` items."""
    share, number, quantile = (np.asarray(part, dtype=float) for part in (share, number, quantile))
    more = quantile**2 / number
    middle, reach = share + more / 2, np.sqrt(np.maximum(share * (1 - share), 0) * more + more**2 / 4)
    return np.maximum((middle - reach) / (1 + more), 0), np.minimum((middle + reach) / (1 + more), 1)


def t_quantile(freedom: ArrayLike) -> Floats:
    """How many standard errors a 95 % interval reaches to each side, at so many degrees of freedom.

    Student's t as Cornish and Fisher expand it (Abramowitz & Stegun 1972, 26.7.5): within 0.003 from 4 degrees on.
    """
    z, v = _Z, np.asarray(freedom, dtype=float)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return np.asarray(z + (first / v + second / v**2 + third / v**3 + fourth / v**4))


def interval_of_mean(values: ArrayLike, scale: str = "mean", weights: ArrayLike = 1.0) -> tuple[float, float]:
    """The interval of the mean of `values`, each a unit that counts by its weight; `scale` as in `interval`."""
    values, weights = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(weights, dtype=float))
    return interval(np.column_stack([values * weights, weights]), lambda sums: sums[:, 0] / sums[:, 1], scale)


def running_mean(values: ArrayLike, window: int, weights: ArrayLike = 1.0) -> tuple[Floats, Floats, Floats]:
    """The mean of the `window` values around each, fewer at the ends, by their weights, and the ends of its interval.

    The interval is that of each place by itself: some of many places leave it by chance.
    """
    values, weights = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(weights, dtype=float))
    around = [slice(max(0, place - window // 2), place + window // 2 + 1) for place in range(len(values))]
    bounds = [interval_of_mean(values[near], weights=weights[near]) for near in around]
    low, high = np.array(bounds, dtype=float).reshape(-1, 2).T
    return np.array([np.average(values[near], weights=weights[near]) for near in around]), low, high
