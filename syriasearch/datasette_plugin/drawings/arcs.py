"""Entities one below the other, joined by arcs: a network that is legible on a narrow screen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ... import Edge, Entity
from .ring import Node, explain, shortened

WIDTH = 360
"""The width of the drawing, in its own units: about the pixels of a phone."""
_AXIS = 208
"""Where the dots are; names are on their left, arcs on their right."""
_ROW = 28
_MAX_ARC = 4


@dataclass(frozen=True, slots=True)
class Row:
    """An entity at its place."""

    entity: Entity
    y: float
    radius: float
    label: str


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc between two entities; its width shows how often they occur together."""

    shape: str
    """The data of an SVG path."""
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Arcs:
    """The drawing."""

    rows: tuple[Row, ...]
    arcs: tuple[Arc, ...]
    width: int = WIDTH
    axis: int = _AXIS

    @property
    def height(self) -> int:
        """Its height, in the same units."""
        return _ROW * len(self.rows)


def draw_arcs(nodes: Mapping[str, Node], edges: Sequence[Edge]) -> Arcs:
    """Return a drawing of entities by slug, in their order, and of edges between them."""
    rows = {
        slug: Row(node.entity, _ROW * (index + 0.5), node.radius, shortened(node.entity.name))
        for index, (slug, node) in enumerate(nodes.items())
    }
    heaviest = max((edge.weight for edge in edges), default=1)
    arcs = tuple(
        Arc(
            _shape(rows[edge.source].y, rows[edge.target].y),
            round(max(1.0, _MAX_ARC * math.sqrt(edge.weight / heaviest)), 1),
            explain(rows[edge.source].entity, rows[edge.target].entity, edge),
        )
        for edge in edges
    )
    return Arcs(tuple(rows.values()), arcs)


def _shape(one: float, other: float) -> str:
    """Return half an ellipse between two rows, no wider than there is room."""
    top, bottom = sorted((one, other))
    down = (bottom - top) / 2
    across = min(down, WIDTH - _AXIS - 8)
    return f"M{_AXIS} {top:g}A{across:g} {down:g} 0 0 1 {_AXIS} {bottom:g}"
