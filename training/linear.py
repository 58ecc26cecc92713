"""Features as strings to sparse matrices, and the weights of logistic models with a normal prior."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

SMALLEST_WEIGHT = 0.045


class Features:
    """Feature strings to the columns of a sparse matrix; those seen seldom are left out."""

    def __init__(self, rows: Iterable[list[str]], smallest: int) -> None:
        counts = Counter(feature for row in rows for feature in set(row))
        self.column = {feature: k for k, feature in enumerate(sorted(f for f, n in counts.items() if n >= smallest))}

    def matrix(self, rows: list[list[str]]) -> csr_matrix:
        """A row each, 1 where it has the feature."""
        columns = [sorted({self.column[f] for f in row if f in self.column}) for row in rows]
        ends = np.cumsum([0, *map(len, columns)])
        entries = np.concatenate([np.array(c, dtype=np.int32) for c in columns])
        return csr_matrix((np.ones(len(entries)), entries, ends), shape=(len(rows), len(self.column)))

    def weights(self, fitted: np.ndarray) -> dict[str, float]:
        """Those that matter, rounded, by feature."""
        kept = {f: round(float(fitted[k]), 2) for f, k in self.column.items() if abs(fitted[k]) >= SMALLEST_WEIGHT}
        return dict(sorted(kept.items()))


def logistic(x: csr_matrix, y: np.ndarray, variance: float) -> np.ndarray:
    """The weights of a logistic regression with a normal prior."""
    transposed = x.T.tocsr()

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        return (np.logaddexp(0, z) - y * z).sum() + w @ w / variance / 2, transposed @ (
            1 / (1 + np.exp(-z)) - y
        ) + w / variance

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x


def choice(x: csr_matrix, ends: np.ndarray, y: np.ndarray, variance: float) -> np.ndarray:
    """The weights of a conditional choice: in each group of rows one is right, of several right ones any."""
    transposed, sizes = x.T.tocsr(), np.diff(ends)

    def shares(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        top = np.maximum.reduceat(z, ends[:-1])
        powers = np.exp(z - np.repeat(top, sizes))
        totals = np.add.reduceat(powers, ends[:-1])
        return powers / np.repeat(totals, sizes), top + np.log(totals)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        share, total = shares(z)
        right_share, right_total = shares(np.where(y > 0, z, -1e9))
        return (total - right_total).sum() + w @ w / variance / 2, transposed @ (
            share - right_share * (y > 0)
        ) + w / variance

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 120}).x
