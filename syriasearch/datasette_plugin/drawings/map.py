"""A map of the places that are named together with an entity.

It is an equirectangular projection, true to scale in the middle, over dots for all places of the
archive, which show the land if there are many. Nothing is fetched from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ... import Entity, EntityCount
from .neighbours import shortened

WIDTH, HEIGHT = 640, 440
_MARGIN = 28
_SHARE = 0.55
"""The map covers the places nearest to the middle that have this share of all mentions."""
_MIN_DEGREES = 3.0
"""The minimum height of the map, in degrees."""
_MAX_LABELS = 14


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map."""

    entity: Entity
    articles: int
    x: float
    y: float
    radius: float
    label: str = ""
    """Its name, if there is room for it."""
    left: bool = False
    """Whether the name is on its left side."""


class Map(NamedTuple):
    """What to draw: the largest spots first, so that small ones are on top."""

    spots: tuple[Spot, ...]
    background: str
    """All places of the archive within the map, as the data of an SVG path."""
    outside: tuple[EntityCount, ...]
    """Places outside the map."""


class _Frame(NamedTuple):
    """The part of the earth that is drawn."""

    west: float
    north: float
    scale: float
    """Pixels per degree of latitude."""
    squeeze: float
    """The length of a degree of longitude, as a share of a degree of latitude."""

    def project(self, entity: Entity) -> tuple[float, float]:
        latitude, longitude = _coordinates(entity)
        x = (longitude - self.west) * self.scale * self.squeeze
        return round(x, 1), round((self.north - latitude) * self.scale, 1)


def draw_map(
    places: Sequence[EntityCount], everywhere: Iterable[EntityCount], around: Entity | None = None
) -> Map | None:
    """Return a map of places, with `around` in it; None if none of them has coordinates."""
    located = [each for each in places if is_located(each.entity)]
    if around and not is_located(around):
        around = None
    if around and all(each.entity.slug != around.slug for each in located):
        located.insert(0, EntityCount(around, 1, 1))
    if not located:
        return None
    frame = _frame(located, around)
    inside = [each for each in located if _is_in(frame.project(each.entity))]
    highest = max((each.articles for each in inside), default=1)
    spots = [
        Spot(
            each.entity,
            each.articles,
            *frame.project(each.entity),
            radius=round(2.5 + 9 * math.sqrt(each.articles / highest), 1),
        )
        for each in inside
    ]
    spots.sort(key=lambda spot: -spot.radius)
    dots = {frame.project(each.entity) for each in everywhere if is_located(each.entity)}
    slugs = {each.entity.slug for each in inside}
    return Map(
        spots=tuple(_labelled(spots)),
        background="".join(f"M{x:g} {y:g}h0" for x, y in sorted(dots) if _is_in((x, y))),
        outside=tuple(each for each in located if each.entity.slug not in slugs),
    )


def is_located(entity: Entity) -> bool:
    """Tell whether an entity has coordinates; an archive from elsewhere may have anything there."""
    given: tuple[object, object] = (entity.latitude, entity.longitude)
    latitude, longitude = (each if isinstance(each, int | float) else math.nan for each in given)
    return abs(latitude) <= 85 and abs(longitude) <= 180


def _coordinates(entity: Entity) -> tuple[float, float]:
    return entity.latitude or 0.0, entity.longitude or 0.0


def _is_in(point: tuple[float, float]) -> bool:
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


def _frame(places: Sequence[EntityCount], around: Entity | None) -> _Frame:
    """Return the frame around the places with most mentions, near the middle of all."""
    points = [(*_coordinates(each.entity), each.articles) for each in places]
    if around:
        middle = _coordinates(around)
    else:
        latitude = _median((y, weight) for y, _, weight in points)
        middle = latitude, _median((x, weight) for _, x, weight in points)
    squeeze = max(math.cos(math.radians(middle[0])), 0.1)
    points.sort(key=lambda each: math.hypot(each[0] - middle[0], (each[1] - middle[1]) * squeeze))
    enough = _SHARE * sum(weight for *_, weight in points)
    kept = 0
    weight = 0
    while not kept or (kept < len(points) and weight < enough):
        weight += points[kept][2]
        kept += 1
    latitudes, longitudes, _ = zip(*points[:kept], strict=True)
    south, north = min(latitudes), max(latitudes)
    west, east = min(longitudes), max(longitudes)
    height = max(north - south, (east - west) * squeeze * HEIGHT / WIDTH, _MIN_DEGREES)
    scale = (HEIGHT - 2 * _MARGIN) / height
    return _Frame(
        west=(west + east) / 2 - WIDTH / 2 / scale / squeeze,
        north=(south + north) / 2 + HEIGHT / 2 / scale,
        scale=scale,
        squeeze=squeeze,
    )


def _median(values: Iterable[tuple[float, int]]) -> float:
    """Return the weighted median of some values."""
    ordered = sorted(values)
    left = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        left -= weight
        if left <= 0:
            return value
    return ordered[-1][0]


def _labelled(spots: Sequence[Spot]) -> Iterator[Spot]:
    """Yield spots, the largest with their names unless a larger spot or its name is there."""
    taken: list[tuple[float, float, float, float]] = []
    for index, spot in enumerate(spots):
        x, y, radius = spot.x, spot.y, spot.radius
        label = shortened(spot.entity.name)
        width = 7.2 * len(label)
        left = x + radius + 3 + width > WIDTH
        start = x - radius - 3 - width if left else x + radius + 3
        box = (start, y - 8, start + width, y + 8)
        is_free = start >= 0 and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        )
        if index < _MAX_LABELS and is_free:
            taken.append(box)
            spot = replace(spot, label=label, left=left)
        yield spot
        taken.append((x - radius, y - radius, x + radius, y + radius))
