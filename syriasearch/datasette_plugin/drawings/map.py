"""A map of the places that are named together with an entity.

It is an equirectangular projection, true to scale in the middle, over dots for all places of the
archive, which show the land if there are many. Nothing is fetched from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ... import Entity, EntityCount
from .neighbours import shortened

WIDTH, HEIGHT = 640, 440
_MARGIN = 28
_SHARE = 0.55
"""The map covers the places nearest to the middle that have this share of all mentions."""
_LEAST = 3.0
"""The minimum height of the map, in degrees."""
_LABELS = 14


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


@dataclass(frozen=True, slots=True)
class Map:
    """What to draw: the largest spots first, so that small ones are on top."""

    spots: tuple[Spot, ...]
    background: str
    """All places of the archive within the map, as the data of an SVG path."""
    outside: tuple[EntityCount, ...]
    """Places outside the map."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the earth that is drawn."""

    west: float
    north: float
    scale: float
    """Pixels per degree of latitude."""
    squeeze: float
    """The length of a degree of longitude, as a share of a degree of latitude."""

    def place(self, entity: Entity) -> tuple[float, float]:
        assert entity.latitude is not None and entity.longitude is not None
        x = (entity.longitude - self.west) * self.scale * self.squeeze
        return round(x, 1), round((self.north - entity.latitude) * self.scale, 1)


def draw(
    places: Sequence[EntityCount], everywhere: Iterable[EntityCount], around: Entity | None = None
) -> Map | None:
    """Return a map of places, with `around` in it; None if none of them has coordinates."""
    there = [each for each in places if is_located(each.entity)]
    if around and is_located(around) and all(each.entity.slug != around.slug for each in there):
        there.insert(0, EntityCount(around, 1, 1))
    if not there:
        return None
    frame = _frame(there, around if around and is_located(around) else None)
    inside = [each for each in there if _is_in(frame.place(each.entity))]
    most = max((each.articles for each in inside), default=1)
    spots = [
        Spot(
            each.entity,
            each.articles,
            *frame.place(each.entity),
            radius=round(2.5 + 9 * math.sqrt(each.articles / most), 1),
        )
        for each in inside
    ]
    spots.sort(key=lambda spot: -spot.radius)
    dots = {frame.place(each.entity) for each in everywhere if is_located(each.entity)}
    seen = {each.entity.slug for each in inside}
    return Map(
        spots=tuple(_labelled(spots)),
        background="".join(f"M{x:g} {y:g}h0" for x, y in sorted(dots) if _is_in((x, y))),
        outside=tuple(each for each in there if each.entity.slug not in seen),
    )


def is_located(entity: Entity) -> bool:
    """Tell whether an entity has coordinates."""
    latitude, longitude = entity.latitude, entity.longitude
    return (
        latitude is not None
        and longitude is not None
        and abs(latitude) <= 85
        and abs(longitude) <= 180
    )


def _is_in(point: tuple[float, float]) -> bool:
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


def _frame(places: Sequence[EntityCount], around: Entity | None) -> _Frame:
    """Return the frame around the places with most mentions, near the middle of all."""
    points = [
        (each.entity.latitude or 0.0, each.entity.longitude or 0.0, each.articles)
        for each in places
    ]
    middle = (
        (around.latitude or 0.0, around.longitude or 0.0)
        if around
        else (
            _median((y, weight) for y, _, weight in points),
            _median((x, weight) for _, x, weight in points),
        )
    )
    squeeze = max(math.cos(math.radians(middle[0])), 0.1)

    def distance(point: tuple[float, float, int]) -> float:
        return math.hypot(point[0] - middle[0], (point[1] - middle[1]) * squeeze)

    points.sort(key=distance)
    enough = _SHARE * sum(weight for *_, weight in points)
    kept: list[tuple[float, float, int]] = []
    weight = 0
    for point in points:
        if kept and weight >= enough:
            break
        kept.append(point)
        weight += point[2]
    south, north = min(y for y, *_ in kept), max(y for y, *_ in kept)
    west, east = min(x for _, x, _ in kept), max(x for _, x, _ in kept)
    high = max(north - south, (east - west) * squeeze * HEIGHT / WIDTH, _LEAST)
    scale = (HEIGHT - 2 * _MARGIN) / high
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
    for place, spot in enumerate(spots):
        label = shortened(spot.entity.name)
        width = 7.2 * len(label)
        left = spot.x + spot.radius + 3 + width > WIDTH
        start = spot.x - spot.radius - 3 - width if left else spot.x + spot.radius + 3
        box = (start, spot.y - 8, start + width, spot.y + 8)
        free = start >= 0 and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        )
        if place < _LABELS and free:
            taken.append(box)
            yield Spot(
                spot.entity, spot.articles, spot.x, spot.y, spot.radius, label=label, left=left
            )
        else:
            yield spot
        x, y, radius = spot.x, spot.y, spot.radius
        taken.append((x - radius, y - radius, x + radius, y + radius))
