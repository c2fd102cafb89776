"""Do two things stand together more often than chance would have it?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIGNIFICANT = 10.83
"""Chance alone reaches so much once in a thousand (chi-squared, one degree of freedom)."""


def log_likelihood(
    both: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike
) -> NDArray[np.float64]:
    """Return the log-likelihood ratio of two events: how much their standing together tells.

    Of `total` articles `first` have the one, `second` the other, and `both` both: the four cells
    k of a table, against what each cell would be, e, if the two were independent. The measure is
    G² = 2 Σ k·ln(k/e) (Ted Dunning, "Accurate Methods for the Statistics of Surprise and
    Coincidence", Computational Linguistics 19:1, 1993, pp. 61-74); unlike mutual information it
    does not rise with rarity, and it needs no normal distribution. Here it is negative where the
    two stand together less often than by chance, and 0 where either is everywhere or nowhere.
    """
    k11, row, column, n = (np.asarray(each, np.float64) for each in (both, first, second, total))
    n = np.maximum(n, 1.0)
    cells = (
        (k11, row * column / n),
        (row - k11, row * (n - column) / n),
        (column - k11, (n - row) * column / n),
        (n - row - column + k11, (n - row) * (n - column) / n),
    )
    value: NDArray[np.float64] = 2 * np.asarray(sum(_part(k, e) for k, e in cells))
    return np.where(k11 * n < row * column, -1.0, 1.0) * np.maximum(value, 0.0)


def _part(observed: NDArray[Any], expected: NDArray[Any]) -> NDArray[np.float64]:
    there = (observed > 0) & (expected > 0)
    ratio = np.where(there, observed, 1.0) / np.where(there, expected, 1.0)
    return np.where(there, observed, 0.0) * np.log(ratio)
