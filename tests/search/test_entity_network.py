"""The network of the entities that are named together."""

from collections.abc import Callable
from itertools import combinations
from xml.etree import ElementTree

import pytest
from conftest import named, slugs

from syriasearch import (
    Archive,
    Edge,
    Entity,
    EntityCount,
    Network,
    OptionError,
    QuerySyntaxError,
)

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def test_a_network_is_what_the_tables_have(samples: Archive) -> None:
    network = samples.network(limit=1000)
    places = named(samples)
    assert {node.entity.slug for node in network.nodes} == set(places)
    shared = {(edge.source, edge.target): (edge.weight, edge.paragraphs) for edge in network.edges}
    namesakes = {"syrian-negotiations-commission", "syrian-national-coalition"}
    namesakes |= {"syrian-national-council", "high-negotiations-committee"}
    namesakes |= {"vienna-talks-of-2015", "vienna-talks-of-january-2018"}
    for one, two in combinations(sorted(places), 2):
        counts = tuple(len(places[one][u] & places[two][u]) for u in ("articles", "paragraphs"))
        if not {one, two} <= namesakes:
            assert shared.get((one, two), (0, 0)) == counts


@pytest.mark.parametrize(
    ("options", "edges"),
    [
        ({"min_weight": 2}, [("bashar-al-jaafari", "sochi", 2, 2)]),
        ({"limit": 2}, [("bashar-al-jaafari", "sochi", 2, 2)]),
        ({"type": "person"}, []),
        ({"source": "Sample Wire", "type": "place"}, [("afrin", "azaz", 1, 1)]),
        ({"limit": 0}, []),
    ],
)
def test_a_network_is_narrowed(
    corpus: Archive, options: dict[str, object], edges: list[tuple[object, ...]]
) -> None:
    found = corpus.network(**options).edges
    assert [(each.source, each.target, each.weight, each.paragraphs) for each in found] == edges


def test_edges_come_in_order(samples: Archive) -> None:
    edges = samples.network("Sochi").edges
    keys = [(-each.weight, -each.paragraphs, each.source, each.target) for each in edges]
    assert keys == sorted(keys)
    told = [each.association for each in samples.network("Sochi", sort="association").edges]
    assert told == sorted(told, reverse=True)


def test_association_takes_first_what_is_peculiar_to_the_articles(samples: Archive) -> None:
    named = samples.entities("boycott", sort="association", limit=1000)
    network = samples.network("boycott", sort="association", limit=5)
    peculiar = [each for each in named if each.articles >= 3 and (each.association or 0) >= 10.83]
    assert slugs(network.nodes)[: len(peculiar)] == slugs(peculiar)[:5]
    assert len(network.nodes) == 5


def test_without_a_query_nothing_is_peculiar(samples: Archive) -> None:
    assert samples.network(sort="association").nodes == samples.network().nodes


def test_a_network_of_nothing_is_empty(corpus: Archive) -> None:
    network = corpus.network("zeppelin")
    assert (network.articles, network.nodes, network.edges) == (0, (), ())


def test_graphml_is_read_back(samples: Archive) -> None:
    network = samples.network("Sochi", limit=5)
    root = ElementTree.fromstring(network.to_graphml())
    keys = {each.get("id") for each in root.iter(f"{GRAPHML}key")}
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    nodes = [each.get("id") for each in graph.iter(f"{GRAPHML}node")]
    edges = [(each.get("source"), each.get("target")) for each in graph.iter(f"{GRAPHML}edge")]
    assert nodes == slugs(network.nodes)
    assert edges == [(edge.source, edge.target) for edge in network.edges]
    assert {each.get("key") for each in root.iter(f"{GRAPHML}data")} == keys


def test_graphml_holds_any_name() -> None:
    names = ["<\"&'>", "a\x1b[31m\x00\ufffe\ud800", "الجعفري"]
    nodes = tuple(EntityCount(Entity(f"{n}&", name, "place"), 1, 1) for n, name in enumerate(names))
    network = Network("", 1, nodes, (Edge("0&", "1&", 1, 1, 0.5),))
    root = ElementTree.fromstring(network.to_graphml())
    labels = [each.text for each in root.iter(f"{GRAPHML}data") if each.get("key") == "label"]
    assert labels == [names[0], "a [31m   ", names[2]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda archive: archive.network(type=["place", ""]), "type takes person, organization"),
        (lambda archive: archive.network(limit=1001), "limit takes at most 1,000 entities"),
        (lambda archive: archive.network(min_weight=1.5), "min_weight takes a whole number"),
        (lambda archive: archive.network(sort="size"), "sort takes weight, association"),
    ],
)
def test_an_option_that_cannot_be_used(
    corpus: Archive, call: Callable[[Archive], object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        call(corpus)


def test_a_query_that_cannot_be_read(corpus: Archive) -> None:
    with pytest.raises(QuerySyntaxError):
        corpus.network("x" * 10_001)
