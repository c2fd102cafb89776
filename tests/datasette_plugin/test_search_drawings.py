"""The scale of bars, and the network of a query."""

from itertools import pairwise

import pytest

from syriasearch import Bucket, Edge, Entity, EntityCount, Network, Timeline

pytest.importorskip("datasette.app", reason="Datasette is not installed")
from syriasearch.datasette_plugin.drawings import histogram, network


@pytest.mark.parametrize(
    ("count", "top"),
    [
        (0, 1),
        (1, 1),
        (7, 7),
        (10, 10),
        (11, 12),
        (51, 60),
        (101, 120),
        (1150, 1200),
        (9000, 10_000),
    ],
)
def test_the_scale_ends_on_a_round_number(count: int, top: int) -> None:
    assert histogram.round_up(count) == top


def test_labels_of_the_scale_have_space() -> None:
    starts = [f"{year}-{month:02}" for year in range(2010, 2020) for month in range(1, 13)]
    months = Timeline("month", ("q",), tuple(Bucket(start, (1,)) for start in starts), (0,))
    for width in (272, 600):
        labels = histogram.draw_histogram(months, width).labels
        assert len(labels) >= 4
        assert all(one.x + 40 <= two.x for one, two in pairwise(labels))
        assert all(label.text.isdigit() for label in labels)


def test_a_network_is_a_ring_of_those_named_together() -> None:
    named = [
        EntityCount(Entity(slug, slug.title(), "person"), articles, articles)
        for slug, articles in (("a", 9), ("b", 4), ("c", 3), ("d", 1))
    ]
    edges = (Edge("a", "b", 4, 4, 9.0), Edge("a", "c", 2, 2, 5.0))
    drawn = network.draw_network(Network("", 9, tuple(named), edges))
    assert [node.label for node in drawn.nodes] == ["A", "B", "C"]
    assert len(drawn.lines) == 2
    assert drawn.nodes[0].radius > drawn.nodes[2].radius
    assert network.draw_network(Network("", 9, tuple(named), ())) is None
