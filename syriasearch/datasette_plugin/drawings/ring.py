"""Entities on a ring: a dot for each, as large as its number of articles, with its name outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ... import Edge, Entity, EntityCount, Neighbour
from ..escaping import counted, shown

_MAX_NAME = 22


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
    title: str = ""
    """What it stands for: whose articles, and how many."""
    inner: bool = False
    """Whether it is between two neighbours, and not between an entity and one."""


def place_on_ring(
    named: Sequence[Neighbour | EntityCount], centre: tuple[float, float], radii: tuple[int, int]
) -> dict[str, Node]:
    """Return nodes by slug, clockwise from the top. Names need room beside the ring."""
    highest = max((each.articles for each in named), default=1)
    nodes: dict[str, Node] = {}
    for index, each in enumerate(named):
        angle = 2 * math.pi * index / len(named) - math.pi / 2
        across, down = math.cos(angle), math.sin(angle)
        x, y = centre[0] + radii[0] * across, centre[1] + radii[1] * down
        radius = 4 + 8 * math.sqrt(each.articles / highest)
        # Near the top and the bottom there is room for a name above or below the ring only.
        is_above = abs(across) < 0.25
        nodes[each.entity.slug] = Node(
            entity=each.entity,
            articles=each.articles,
            x=round(x, 1),
            y=round(y, 1),
            radius=round(radius, 1),
            label=shortened(each.entity.name),
            anchor="middle" if abs(across) < 0.02 else "start" if across > 0 else "end",
            label_x=round(x if is_above else x + math.copysign(radius + 5, across), 1),
            label_y=round(y + (math.copysign(radius + 12, down) if is_above else 0) + 4, 1),
        )
    return nodes


def shortened(name: str) -> str:
    """Return a name, shortened if it is too long for a drawing."""
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - 1].rstrip() + "…"


def explain(one: Entity, other: Entity, together: Neighbour | Edge) -> str:
    """Return what a line between two entities stands for."""
    articles = together.articles if isinstance(together, Neighbour) else together.weight
    both = f"{shown(one.name)} and {shown(other.name)}"
    return (
        f"{both}: {counted(articles, 'article')} and "
        f"{counted(together.paragraphs, 'paragraph')} with both"
    )
