"""An entity's neighbours, drawn on a circle around it, with lines between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ... import Edge, Entity, Neighbour
from ..escaping import counted, shown

WIDTH, HEIGHT = 640, 400
_RADIUS_X, _RADIUS_Y = 140, 150
"""The radii of the circle: names need room next to it."""
_MAX_NAME = 22
_MAX_INNER = 18
"""The number of lines between neighbours: those that chance explains least."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity at its place."""

    entity: Entity
    articles: int
    x: float
    y: float
    radius: float
    label: str
    anchor: Literal["start", "middle", "end"]
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two entities; its width shows how often they occur together."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    inner: bool
    """Whether it is between two neighbours, and not between the entity and one."""
    title: str
    """What it stands for: whose articles, and how many."""


@dataclass(frozen=True, slots=True)
class Circle:
    """What to draw."""

    centre: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def draw_neighbours(
    entity: Entity, neighbours: Sequence[Neighbour], edges: Sequence[Edge]
) -> Circle:
    """Return a drawing of an entity's neighbours, in order, clockwise from the top."""
    highest = max((each.articles for each in neighbours), default=1)
    nodes: dict[str, Node] = {}
    for index, each in enumerate(neighbours):
        angle = 2 * math.pi * index / len(neighbours) - math.pi / 2
        across, down = math.cos(angle), math.sin(angle)
        x, y = WIDTH / 2 + _RADIUS_X * across, HEIGHT / 2 + _RADIUS_Y * down
        radius = 4 + 8 * math.sqrt(each.articles / highest)
        middle = abs(across) < 0.25
        nodes[each.entity.slug] = Node(
            entity=each.entity,
            articles=each.articles,
            x=round(x, 1),
            y=round(y, 1),
            radius=round(radius, 1),
            label=shortened(each.entity.name),
            anchor="middle" if middle else "start" if across > 0 else "end",
            label_x=round(x if middle else x + math.copysign(radius + 5, across), 1),
            label_y=round(y + (math.copysign(radius + 12, down) if middle else 0) + 4, 1),
        )
    edges = [each for each in edges if each.source in nodes and each.target in nodes]
    edges = sorted(edges, key=lambda each: -each.association)[:_MAX_INNER]
    widest = max((each.weight for each in edges), default=1)
    between = [
        Line(
            *(nodes[each.source].x, nodes[each.source].y),
            *(nodes[each.target].x, nodes[each.target].y),
            width=round(0.5 + 3.5 * each.weight / widest, 1),
            inner=True,
            title=_explain(nodes[each.source].entity, nodes[each.target].entity, each),
        )
        for each in edges
    ]
    spokes = [
        Line(
            *(WIDTH / 2, HEIGHT / 2, node.x, node.y),
            width=round(1 + 4 * node.articles / highest, 1),
            inner=False,
            title=_explain(entity, node.entity, each),
        )
        for node, each in zip(nodes.values(), neighbours, strict=True)
    ]
    return Circle(shortened(entity.name), tuple(nodes.values()), (*between, *spokes))


def _explain(one: Entity, other: Entity, together: Neighbour | Edge) -> str:
    """Return what a line between two entities stands for."""
    articles = together.articles if isinstance(together, Neighbour) else together.weight
    both = f"{shown(one.name)} and {shown(other.name)}"
    return (
        f"{both}: {counted(articles, 'article')} and "
        f"{counted(together.paragraphs, 'paragraph')} with both"
    )


def shortened(name: str) -> str:
    """Return a name, shortened if it is too long for a drawing."""
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - 1].rstrip() + "…"
