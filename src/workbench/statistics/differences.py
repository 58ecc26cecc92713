"""Whether groups differ by more than chance: Welch's interval, a permutation test of many figures, Fisher's test."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from math import comb, nan
from warnings import catch_warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.statistics.intervals import FEW, Floats, t_quantile
from workbench.statistics.threads import one_thread

SEED = 20240101
EXACT = 20_000  # ways of dividing the documents that are all tried; of more some are drawn
DRAWS = 9999
WORK = 5 * 10**8  # figures summed in all draws: the larger the table, the fewer draws, but at least 999
_CHUNK = 2 * 10**6
Members = NDArray[np.bool_]


def welch(first: ArrayLike, second: ArrayLike) -> tuple[float, float, float]:
    """The second mean minus the first, and the ends of its 95 % interval; NaN with fewer than five of either.

    Neither the spreads nor the sizes need be alike (Welch 1947).
    """
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    difference = float(two.mean() - one.mean()) if len(one) and len(two) else nan
    if min(len(one), len(two)) < FEW:
        return difference, nan, nan
    squares = np.array([one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)])
    if not squares.any():
        return difference, nan, nan
    freedom = squares.sum() ** 2 / (squares**2 / (np.array([len(one), len(two)]) - 1)).sum()
    reach = float(t_quantile(freedom) * np.sqrt(squares.sum()))
    return difference, difference - reach, difference + reach


@one_thread
def permutation_test(figures: ArrayLike, members: Members) -> tuple[Floats, Floats]:
    """p values of each group against all others, figure by figure, and the same corrected for all of them together.

    `figures` has shape (documents, figures), NaN where there is none; `members` (documents, groups); both results
    (groups, figures). Welch's t is compared with that of the documents divided anew, so that unlike spreads and sizes
    do little harm (Janssen 1997): all ways where they are at most 20,000, else 9,999 drawn ones, fewer of large tables.
    Corrected by the largest t of each draw, step by step (Westfall & Young 1993): that takes into account that figures
    go together. NaN where a group has fewer than two values.
    """
    table = np.asarray(figures, dtype=float)
    with catch_warnings(action="ignore", category=RuntimeWarning):  # of a figure that no document has
        spread = np.nanstd(table, axis=0) if len(table) else np.ones(table.shape[1])
        table = (table - np.nanmean(table, axis=0)) / np.where(spread > 0, spread, 1) if len(table) else table
    observed = _welch_t(table, members[None].astype(float))[0]
    order = np.argsort(-np.nan_to_num(observed, nan=-1.0, posinf=np.inf).ravel(), kind="stable")
    reached = observed.ravel()[order] * (1 - 1e-9)
    alone, together, drawn = np.zeros(observed.size), np.zeros(observed.size), 0
    for divisions in _divisions(members, table.shape[1]):
        ts = np.nan_to_num(_welch_t(table, divisions), nan=0.0, posinf=np.inf).reshape(len(divisions), -1)[:, order]
        alone += (ts >= reached).sum(axis=0)
        together += (np.maximum.accumulate(ts[:, ::-1], axis=1)[:, ::-1] >= reached).sum(axis=0)
        drawn += len(divisions)
    exact = _exact(members)  # the division observed is among them; else it is one more
    p, corrected = ((count + (not exact)) / max(1, drawn + (not exact)) for count in (alone, together))
    results = np.empty((2, observed.size))
    results[:, order] = np.where(np.isnan(observed.ravel()[order]), nan, [p, np.maximum.accumulate(corrected)])
    first, second = results.reshape(2, *observed.shape)
    return first, second


def least_p(members: Members) -> float:
    """The smallest p that the test can give with groups of these sizes, whatever the difference.

    The division observed is one of all ways to draw a group of that size, and so is that of each group as large: of two
    groups alike the other one, of several all that are as large, for p is corrected for all groups.
    """
    sizes = members.sum(axis=0)
    alike = [1 + int(2 * sizes[0] == len(members))] if len(sizes) == 1 else (sizes[:, None] == sizes).sum(axis=1)
    return max(1 / DRAWS, min(int(n) / _ways(members, group) for group, n in enumerate(alike)))


def _ways(members: Members, group: int = 0) -> int:
    """In how many ways the documents can be divided into a group of this size and the others; of very many, fewer."""
    size = int(members[:, group].sum())
    return comb(len(members), min(size, len(members) - size, 10))


def _exact(members: Members) -> bool:
    """Whether all divisions are tried: of two groups, where there are not too many."""
    return members.shape[1] == 1 and _ways(members) <= EXACT


def _divisions(members: Members, figures: int) -> Iterator[Floats]:
    """The groups of the documents divided anew, of shape (some, documents, groups), until there are enough."""
    documents, groups = members.shape
    chunk = max(1, _CHUNK // max(1, documents * groups + figures * groups))
    if _exact(members):
        chosen = np.array(list(combinations(range(documents), int(members[:, 0].sum()))), dtype=int)
        for start in range(0, len(chosen), chunk):
            some = chosen[start : start + chunk]
            divisions = np.zeros((len(some), documents, 1))
            np.put_along_axis(divisions[:, :, 0], some, 1.0, axis=1)
            yield divisions
        return
    numbers = np.random.default_rng(SEED)
    left = int(np.clip(WORK // max(1, documents * (figures * groups + 10)), 999, DRAWS))
    while left > 0:
        yield members[numbers.random((min(chunk, left), documents)).argsort(axis=1)].astype(float)
        left -= chunk


def _welch_t(table: Floats, divisions: Floats) -> Floats:
    """The size of Welch's t of each group against the others: (divisions, groups, figures), from standard scores.

    As the normal deviate that is as rare at its degrees of freedom (Wallace 1959), so that t of groups of unlike
    spreads and sizes compare.
    """
    known = ~np.isnan(table)
    columns = np.hstack([known, np.where(known, table, 0), np.where(known, table**2, 0)])
    inside = divisions.transpose(0, 2, 1) @ columns
    n, sums, squares = np.moveaxis(
        np.stack([inside, columns.sum(axis=0) - inside]).reshape(2, *inside.shape[:2], 3, -1), 3, 0
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.where(n > 1, (squares - sums**2 / n) / (n - 1), nan)
        variance = np.where(variance < 1e-10, 0, variance)
        means, errors = sums / n, variance / n
        difference = np.abs(means[0] - means[1])
        square = np.where(difference < 1e-10, errors[0] * 0, difference**2 / (errors[0] + errors[1]))
        freedom = (errors[0] + errors[1]) ** 2 / (errors**2 / (n - 1)).sum(axis=0)
        freedom = np.where(np.isnan(freedom), 1, freedom)  # without any spread
        return (8 * freedom + 1) / (8 * freedom + 3) * np.sqrt(freedom * np.log1p(square / freedom))


def fisher(having: ArrayLike, sizes: tuple[int, int]) -> Floats:
    """p values of Fisher's exact test, two-sided: a row of `having` is how many of each group's documents have a thing.

    `sizes` is how many documents each group has. All tables no more probable than the one found are counted.
    """
    total = sum(sizes)
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])

    def ways(of: int, taken: NDArray[np.int_]) -> Floats:
        return factorial[of] - factorial[taken] - factorial[of - taken]

    @cache
    def p(first: int, both: int) -> float:
        possible = np.arange(max(0, both - sizes[1]), min(both, sizes[0]) + 1)
        chance = np.exp(ways(sizes[0], possible) + ways(sizes[1], both - possible) - ways(total, np.array(both)))
        return float(min(1.0, chance[chance <= chance[first - possible[0]] * (1 + 1e-7)].sum()))

    return np.array([p(int(one), int(one + two)) for one, two in np.asarray(having)], dtype=float)


def holm(p: Floats) -> Floats:
    """Each p value corrected for as many tests as there are values: the chance of any false finding stays below it."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)).clip(max=1)
    return adjusted
