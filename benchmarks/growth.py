"""How does a cost grow with the number of paragraphs, and how sure is that?

A law has two numbers, so that a few archives can contradict it. Errors count in shares of what was
measured: a millisecond too many is much for a small archive and little for a large one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np

Points = Sequence[tuple[float, float]]
"""Sizes, and what was measured at each."""

LINE, POWER, LOGARITHM = "line", "power", "logarithm"


@dataclass(frozen=True)
class Law:
    """What a cost is, by size: `a + b·n`, `a·n^b` or `a + b·ln n`."""

    kind: str
    a: float
    b: float
    worst: float = 0.0
    """By how much of what was measured it misses, at most, where it was fitted."""
    ahead: float | None = None
    """By how much it misses the largest size when fitted without it; None where too few are."""

    def at(self, size: float) -> float:
        """Return the cost at a size."""
        if self.kind == LINE:
            return self.a + self.b * size
        if self.kind == POWER:
            return float(self.a * size**self.b)
        return self.a + self.b * log(size)

    def reaches(self, cost: float) -> float:
        """Return the size at which the cost is reached; infinite where it never is."""
        if self.at(1) >= cost:
            return 1.0
        if self.b <= 0:
            return inf
        if self.kind == LINE:
            return (cost - self.a) / self.b
        if self.kind == POWER:
            return float((cost / self.a) ** (1 / self.b))
        steps = (cost - self.a) / self.b
        return exp(steps) if steps < 700 else inf

    def __str__(self) -> str:
        if self.kind == LINE:
            return f"{self.a:.3g} + {self.b:.3g}·n"
        if self.kind == POWER:
            return f"{self.a:.3g}·n^{self.b:.2f}"
        return f"{self.a:.3g} + {self.b:.3g}·ln n"


def fit(points: Points, kinds: Iterable[str] = (LINE, POWER)) -> Law:
    """Return the law of some kinds whose worst miss is least; costs are above 0."""
    if not points:
        raise ValueError("nothing was measured to fit a law to")
    laws = [_fitted(kind, points) for kind in kinds]
    best = min(laws, key=lambda law: law.worst)
    ahead = None
    if len(points) > 2:
        *others, (size, cost) = sorted(points)
        ahead = abs(_fitted(best.kind, others).at(size) / cost - 1)
    return Law(best.kind, best.a, best.b, best.worst, ahead)


def fit_all(costs: Mapping[str, Points], kinds: Iterable[str] = (LINE, POWER)) -> dict[str, Law]:
    """Fit a law to each of some costs."""
    kinds = tuple(kinds)
    return {name: fit(points, kinds) for name, points in costs.items()}


def _fitted(kind: str, points: Points) -> Law:
    sizes, costs = (np.array(each, float) for each in zip(*points, strict=True))
    if kind == POWER:
        a, b = _least(np.log(sizes), np.log(costs), np.ones(len(sizes)))
        law = Law(kind, exp(a), b)
    else:
        a, b = _least(sizes if kind == LINE else np.log(sizes), costs, 1 / costs)
        if kind == LINE and a < 0:  # no archive costs less than nothing
            shares = sizes / costs
            a, b = 0.0, float(shares.sum() / (shares**2).sum())
        elif kind == LINE and b < 0:
            a, b = float(len(costs) / (1 / costs).sum()), 0.0
        law = Law(kind, a, b)
    worst = max(abs(law.at(size) / cost - 1) for size, cost in points)
    return Law(law.kind, law.a, law.b, worst)


def _least(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[float, float]:  # type: ignore[type-arg]
    """Return intercept and slope of least squares; of one point, a level."""
    if len(x) < 2:
        return float(y[0]), 0.0
    matrix = np.stack((weights, x * weights), axis=1)
    (a, b), *_ = np.linalg.lstsq(matrix, y * weights, rcond=None)
    return float(a), float(b)
