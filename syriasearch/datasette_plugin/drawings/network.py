"""The network of a query: the entities named in what it finds, on a ring, and who is named with
whom."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from ... import EntityCount, Network
from .arcs import Arcs, draw_arcs
from .ring import Line, Node, place_on_ring

WIDTH, HEIGHT = 640, 420
"""The size of the drawing, in its own units, as in overview.html."""
_RADII = 155, 150
_MAX_LINE = 4
EDGES_PER_NODE = 2
"""The number of lines drawn, for each entity: those that chance explains least."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The drawing of a network."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    arcs: Arcs
    """The same for a narrow screen."""


def draw_network(network: Network) -> Ring | None:
    """Return the drawing of a network; None if nobody is named together."""
    if len(network.nodes) < 3 or not network.edges:
        return None
    edges = network.edges[: EDGES_PER_NODE * len(network.nodes)]
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = place_on_ring(_neighbours_first(network, ends), (WIDTH / 2, HEIGHT / 2), _RADII)
    heaviest = max(edge.weight for edge in edges)
    lines = []
    for edge in edges:
        one, other = nodes[edge.source], nodes[edge.target]
        width = max(0.75, _MAX_LINE * sqrt(edge.weight / heaviest))
        lines.append(Line(one.x, one.y, other.x, other.y, round(width, 2)))
    return Ring(tuple(nodes.values()), tuple(lines), draw_arcs(nodes, edges))


def _neighbours_first(network: Network, drawn: set[str]) -> list[EntityCount]:
    """Return the entities to be drawn, in an order in which those named together are neighbours."""
    weights = {(edge.source, edge.target): edge.association for edge in network.edges}
    left = {each.entity.slug: each for each in network.nodes if each.entity.slug in drawn}
    slug = next(iter(left))
    order = [left.pop(slug)]
    while left:
        last = order[-1].entity.slug

        def nearness(other: str, last: str = last) -> float:
            return weights.get((min(last, other), max(last, other)), 0.0)

        order.append(left.pop(max(left, key=nearness)))
    return order
