"""Which entities are named together, and how often."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.entities.counts import cooccurrence


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
