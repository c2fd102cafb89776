"""Significance of co-occurrence: Dunning's log-likelihood ratio."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIGNIFICANT = 10.83
"""The critical value that chance alone exceeds once in a thousand (chi-squared, one degree of
freedom)."""


def log_likelihood(
    both: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike
) -> NDArray[np.float64]:
    """Return the log-likelihood ratio of two events, which measures how strongly they co-occur.

    Of `total` articles, `first` have the first event, `second` the second, and `both` have both.
    These give the four cells of a contingency table, each with an observed count k and the count e
    that is expected if the events are independent. The measure is G² = 2 Σ k·ln(k/e) (Ted Dunning,
    "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics
    19:1, 1993, pp. 61-74); unlike mutual information it does not rise with rarity, and it does not
    assume a normal distribution. Here its sign is negative if the two co-occur less often than by
    chance, and it is 0 if either is in all articles or in none.

    Arguments are numbers or arrays, which are broadcast; the result has their shape.
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
