"""How strongly two events go together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from syriasearch.entities.association import log_likelihood


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
