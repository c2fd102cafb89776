"""The network of a query: the entities named in what it finds, on a ring, with who is named with
whom."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from ... import EntityCount, Network
from ..escaping import cut

WIDTH, HEIGHT = 640, 420
"""The size of the drawing, in its own units, as in overview.html."""
_RADIUS_X, _RADIUS_Y = 155, 150
_MAX_DOT, _MIN_DOT = 13, 4
_MAX_LINE = 4
_LABEL = 21
"""The maximum number of characters of a label."""
EDGES_PER_NODE = 2
"""The number of lines drawn, for each entity: those that chance explains least."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity: a dot on the ring, and its label outside."""

    named: EntityCount
    label: str
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """Two entities that articles name together."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True, slots=True)
class Ring:
    """The drawing of a network."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def draw_network(network: Network) -> Ring | None:
    """Return the drawing of a network; None if nobody is named together."""
    if len(network.nodes) < 3 or not network.edges:
        return None
    edges = network.edges[: EDGES_PER_NODE * len(network.nodes)]
    order = _neighbours_first(
        network, {end for edge in edges for end in (edge.source, edge.target)}
    )
    most = max(each.articles for each in order)
    nodes: dict[str, Node] = {}
    for index, each in enumerate(order):
        angle = 2 * pi * index / len(order) - pi / 2
        x, y = WIDTH / 2 + _RADIUS_X * cos(angle), HEIGHT / 2 + _RADIUS_Y * sin(angle)
        radius = max(_MIN_DOT, _MAX_DOT * sqrt(each.articles / most))
        away = radius + 6
        side = 0 if abs(cos(angle)) < 0.15 else 1 if cos(angle) > 0 else -1
        nodes[each.entity.slug] = Node(
            named=each,
            label=cut(each.entity.name, _LABEL),
            x=round(x, 1),
            y=round(y, 1),
            radius=round(radius, 1),
            label_x=round(x + side * away, 1),
            label_y=round(y + (4 if side else away + 8 if sin(angle) > 0 else -away), 1),
            anchor={0: "middle", 1: "start", -1: "end"}[side],
        )
    heaviest = max(edge.weight for edge in edges)
    lines = []
    for edge in edges:
        one, other = nodes[edge.source], nodes[edge.target]
        width = max(0.75, _MAX_LINE * sqrt(edge.weight / heaviest))
        lines.append(Line(one.x, one.y, other.x, other.y, round(width, 2)))
    return Ring(tuple(nodes.values()), tuple(lines))


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
