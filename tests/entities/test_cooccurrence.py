"""How often entities are named together, and how strongly two events go together."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from syriasearch.entities.cooccurrence import cooccurrence, log_likelihood


@given(st.tuples(*[st.integers(0, 50)] * 4).filter(lambda cells: all(map(sum, _margins(cells)))))
def test_the_measure_is_the_likelihood_ratio_of_the_table(cells: tuple[int, ...]) -> None:
    both, first, second, neither = cells
    table = np.array([[both, first], [second, neither]])
    result = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    told = float(log_likelihood(both, both + first, both + second, sum(cells)))
    assert abs(told) == pytest.approx(max(result.statistic, 0), abs=1e-6)
    assert told >= 0 or both < result.expected_freq[0, 0]


def _margins(cells: tuple[int, ...]) -> list[tuple[int, int]]:
    both, first, second, neither = cells
    return [(both, first), (second, neither), (both, second), (first, neither)]


def test_what_is_everywhere_or_nowhere_tells_nothing() -> None:
    assert log_likelihood([5, 0, 0], [5, 0, 0], [10, 3, 0], [10, 10, 0]).tolist() == [0, 0, 0]


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 4))))
def test_who_stands_together_is_counted_pair_by_pair(pairs: set[tuple[int, int]]) -> None:
    rows = sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    groups = np.array([group for group, _ in rows], np.int64)
    members = np.array([member for _, member in rows], np.int64)
    expected: Counter[tuple[int, int]] = Counter()
    for group in range(7):
        inside = [member for member in range(5) if (group, member) in pairs]
        expected.update((one, two) for one in inside for two in inside)
    counts = cooccurrence(groups, members, 5)
    assert {place: int(counts[place]) for place in np.ndindex(5, 5) if counts[place]} == expected
