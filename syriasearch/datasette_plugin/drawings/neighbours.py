"""An entity's neighbours, drawn on a circle around it, with lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ... import Edge, Entity, Neighbour
from .arcs import Arcs, draw_arcs
from .ring import Line, Node, explain, place_on_ring, shortened

WIDTH, HEIGHT = 640, 400
_RADII = 140, 150
_MAX_INNER = 18
"""The number of lines between neighbours: those that chance explains least."""


@dataclass(frozen=True, slots=True)
class Circle:
    """What to draw."""

    centre: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    arcs: Arcs
    """The neighbours for a narrow screen."""


def draw_neighbours(
    entity: Entity, neighbours: Sequence[Neighbour], edges: Sequence[Edge]
) -> Circle:
    """Return a drawing of an entity's neighbours, in order, clockwise from the top."""
    nodes = place_on_ring(neighbours, (WIDTH / 2, HEIGHT / 2), _RADII)
    edges = [each for each in edges if each.source in nodes and each.target in nodes]
    edges = sorted(edges, key=lambda each: -each.association)[:_MAX_INNER]
    widest = max((each.weight for each in edges), default=1)
    between = [
        Line(
            *(nodes[each.source].x, nodes[each.source].y),
            *(nodes[each.target].x, nodes[each.target].y),
            width=round(0.5 + 3.5 * each.weight / widest, 1),
            inner=True,
            title=explain(nodes[each.source].entity, nodes[each.target].entity, each),
        )
        for each in edges
    ]
    highest = max((each.articles for each in neighbours), default=1)
    spokes = [
        Line(
            *(WIDTH / 2, HEIGHT / 2, node.x, node.y),
            width=round(1 + 4 * node.articles / highest, 1),
            title=explain(entity, node.entity, each),
        )
        for node, each in zip(nodes.values(), neighbours, strict=True)
    ]
    return Circle(
        shortened(entity.name),
        tuple(nodes.values()),
        (*between, *spokes),
        draw_arcs(nodes, edges),
    )
