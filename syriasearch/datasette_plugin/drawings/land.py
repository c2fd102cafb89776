"""Land, borders and rivers under a map, from `map_lines.txt`.

The lines are those of Natural Earth, simplified: the Middle East in detail, the world roughly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
Line = tuple[Point, ...]

REGION = (22.0, 11.0, 66.0, 47.0)
"""West, south, east and north of what is there in detail, in degrees."""


class Land(NamedTuple):
    """The data of three SVG paths."""

    land: str
    borders: str
    rivers: str


def draw_land(
    box: tuple[float, float, float, float], project: Callable[[float, float], Point]
) -> Land:
    """Return what is in a box, given by west, south, east and north.

    `project` gives the place on the drawing of a latitude and a longitude.
    """
    west, south, east, north = box
    is_near = west >= REGION[0] and south >= REGION[1] and east <= REGION[2] and north <= REGION[3]
    lines = read_lines()["region" if is_near else "world"]

    def path(line: Sequence[Point], end: str = "") -> str:
        points = [(round(x), round(y)) for x, y in (project(y, x) for x, y in line)]
        steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points) if a != b]
        return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}{end}" if steps else ""

    def lines_in_box(kind: str) -> str:
        return "".join(path(piece) for line in lines[kind] for piece in pieces_within(line, box))

    land = (clipped(ring, box) for ring in lines["land"])
    return Land(
        "".join(path(ring, "z") for ring in land if ring),
        lines_in_box("border"),
        lines_in_box("river"),
    )


@cache
def read_lines() -> dict[str, dict[str, list[Line]]]:
    """Return the lines of the file, in degrees, by scale and kind."""
    lines: dict[str, dict[str, list[Line]]] = {
        scale: {kind: [] for kind in ("land", "border", "river")} for scale in ("region", "world")
    }
    text = files(__package__).joinpath("map_lines.txt").read_text(encoding="utf-8")
    for row in text.splitlines():
        if row.startswith("#"):
            continue
        scale, kind, *numbers = row.split(" ")
        x = y = 0
        line = []
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + int(step_x), y + int(step_y)
            line.append((x / 100, y / 100))
        lines[scale][kind].append(tuple(line))
    return lines


def clipped(ring: Sequence[Point], box: tuple[float, float, float, float]) -> Sequence[Point]:
    """Return the part of a polygon that is in a box.

    The algorithm is that of Ivan Sutherland and Gary Hodgman, "Reentrant Polygon Clipping",
    Communications of the ACM 17:1, 1974, pp. 32-42.
    """
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        kept: list[Point] = []
        for one, other in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            is_inside = sign * (one[axis] - limit) >= 0
            if is_inside:
                kept.append(one)
            if is_inside != (sign * (other[axis] - limit) >= 0):
                share = (limit - one[axis]) / (other[axis] - one[axis])
                x, y = one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
                kept.append((x, y))
        ring = kept
    return ring


def pieces_within(
    line: Sequence[Point], box: tuple[float, float, float, float]
) -> Iterator[list[Point]]:
    """Yield the pieces of a line that are in a box, each with the point before and after it.

    A step that leads through the box from outside to outside is left out.
    """
    west, south, east, north = box
    piece: list[Point] = []
    for one, other in pairwise(line):
        if any(west <= x <= east and south <= y <= north for x, y in (one, other)):
            piece = piece or [one]
            piece.append(other)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece
