"""How well does a run answer, query by query, and is one run better than another?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import ir_measures
from scipy import stats

from query_sets import Judgements

Run = Mapping[str, Sequence[str]]
"""The ids of the documents that answer each query, the best first."""


@dataclass(frozen=True)
class Measured:
    """What one measure says of a run: a value for each judged query."""

    values: Mapping[str, float]

    @cached_property
    def mean(self) -> float:
        """The mean over all judged queries."""
        return sum(self.values.values()) / len(self.values)


def measure(run: Run, judgements: Judgements, names: Sequence[str]) -> dict[str, Measured]:
    """Measure a run; a query that it does not answer counts nought.

    An engine's order stands, whatever its scores: they are ranks here.
    """
    scored = {
        query: {document: float(-rank) for rank, document in enumerate(run.get(query, ()))}
        for query in judgements
    }
    wanted = {ir_measures.parse_measure(name): name for name in names}
    values = {name: dict.fromkeys(judgements, 0.0) for name in names}
    for found in ir_measures.iter_calc(list(wanted), judgements, scored):
        values[wanted[found.measure]][found.query_id] = found.value
    return {name: Measured(values[name]) for name in names}


def p_value(one: Measured, other: Measured) -> float:
    """Return how likely so great a difference is by chance: a paired t-test over the queries."""
    pairs = [(value, other.values[query]) for query, value in one.values.items()]
    if all(first == second for first, second in pairs):
        return 1.0
    return float(stats.ttest_rel(*zip(*pairs, strict=True)).pvalue)
