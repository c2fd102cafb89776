"""A map of places: those named together with an entity, or in the articles of a query.

It is an equirectangular projection, true to scale in the middle, over land, borders and rivers.
Nothing is fetched from elsewhere. Places that would cover each other are one spot, a cluster, which
leads to the map of its own box.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ... import Entity, EntityCount
from .land import Land, draw_land
from .ring import shortened

WIDTH, HEIGHT = 640, 440
_MARGIN = 28
_SHARE = 0.55
"""The map covers the places nearest to the middle that have this share of all mentions."""
_MIN_DEGREES = 3.0
"""The minimum height of the map, in degrees."""
_MIN_BOX = 0.2
"""The minimum height of the map of a box; places so near to each other are drawn separately."""
_MAX_LABELS = 14
_NEAR = 11
"""Places at this distance are one spot, in pixels."""
_BOX = re.compile(r"-?\d{1,3}(?:\.\d{1,4})?(?:,-?\d{1,3}(?:\.\d{1,4})?){3}", re.ASCII)

Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, or several places near to each other."""

    entity: Entity
    """The place that most articles name."""
    articles: int
    x: float
    y: float
    radius: float
    others: tuple[EntityCount, ...] = ()
    """The other places of a cluster."""
    label: str = ""
    """Its name, if there is room for it."""
    left: bool = False
    """Whether the name is on its left side."""

    @property
    def box(self) -> str:
        """The box of a cluster, as the parameter of an address; empty for a single place."""
        points = [_coordinates(each) for each in (self.entity, *(o.entity for o in self.others))]
        return _as_text(_box_of(points)) if self.others else ""


class Map(NamedTuple):
    """What to draw: the largest spots first, so that small ones are on top."""

    spots: tuple[Spot, ...]
    land: Land
    outside: tuple[EntityCount, ...]
    """Places outside the map."""
    whole: str
    """The box of all places, as the parameter of an address."""

    @property
    def inside(self) -> list[EntityCount]:
        """The places on the map, each separately, those that most articles name first."""
        places = [
            each
            for spot in self.spots
            for each in (EntityCount(spot.entity, spot.articles, 0), *spot.others)
        ]
        return sorted(places, key=lambda each: -each.articles)


class _Frame(NamedTuple):
    """The part of the earth that is drawn."""

    west: float
    north: float
    scale: float
    """Pixels per degree of latitude."""
    squeeze: float
    """The length of a degree of longitude, as a share of a degree of latitude."""

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = (longitude - self.west) * self.scale * self.squeeze
        return round(x, 1), round((self.north - latitude) * self.scale, 1)

    def place(self, entity: Entity) -> tuple[float, float]:
        return self.project(*_coordinates(entity))

    @property
    def box(self) -> Box:
        east = self.west + WIDTH / self.scale / self.squeeze
        return self.west, self.north - HEIGHT / self.scale, east, self.north


def draw_map(
    places: Sequence[EntityCount], around: Entity | None = None, box: Box | None = None
) -> Map | None:
    """Return a map of places, with `around` in it; None if none of them has coordinates.

    The map is that of a box, or of where most of the mentions are.
    """
    located = [each for each in places if is_located(each.entity)]
    if around and not is_located(around):
        around = None
    if around and all(each.entity.slug != around.slug for each in located):
        located.insert(0, EntityCount(around, 1, 1))
    if not located:
        return None
    frame = _fit(box, _MIN_BOX) if box else _frame(located, around)
    inside = [each for each in located if _is_in(frame.place(each.entity))]
    slugs = {each.entity.slug for each in inside}
    near = _NEAR if frame.scale < HEIGHT / _MIN_BOX / 2 else 0
    spots = list(_clustered(inside, frame, near, around))
    spots.sort(key=lambda spot: -spot.radius)
    return Map(
        spots=tuple(_labelled(spots)),
        land=draw_land(frame.box, frame.project),
        outside=tuple(each for each in located if each.entity.slug not in slugs),
        whole=_as_text(_box_of([_coordinates(each.entity) for each in located])),
    )


def read_box(text: str | None) -> Box | None:
    """Return a box from the parameter of an address; None if it is none."""
    if not text or not _BOX.fullmatch(text):
        return None
    west, south, east, north = (float(each) for each in text.split(","))
    fits = -180 <= west <= east <= 180 and -85 <= south <= north <= 85
    return (west, south, east, north) if fits else None


def _as_text(box: Box) -> str:
    # Rounded outwards, so that what is on the edge stays inside.
    low = [math.floor(each * 100) / 100 for each in box[:2]]
    high = [math.ceil(each * 100) / 100 for each in box[2:]]
    return ",".join(f"{each:g}" for each in (*low, *high))


def _box_of(points: Sequence[tuple[float, float]]) -> Box:
    latitudes, longitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _clustered(
    places: Sequence[EntityCount], frame: _Frame, near: float, around: Entity | None
) -> Iterator[Spot]:
    """Yield the spots of places; the subject of the map stays a spot of its own."""
    highest = max((each.articles for each in places), default=1)
    clusters: list[tuple[float, float, list[EntityCount]]] = []
    for each in sorted(places, key=lambda each: -each.articles):
        x, y = frame.place(each.entity)
        is_subject = bool(around and each.entity.slug == around.slug)
        for left, top, members in clusters:
            alone = is_subject or bool(around and members[0].entity.slug == around.slug)
            if not alone and math.hypot(x - left, y - top) < near:
                members.append(each)
                break
        else:
            clusters.append((x, y, [each]))
    for x, y, (first, *others) in clusters:
        radius = round(2.5 + 9 * math.sqrt(first.articles / highest), 1)
        yield Spot(first.entity, first.articles, x, y, radius, tuple(others))


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
    squeeze = _squeeze(middle[0])
    points.sort(key=lambda each: math.hypot(each[0] - middle[0], (each[1] - middle[1]) * squeeze))
    enough = _SHARE * sum(weight for *_, weight in points)
    kept = 0
    weight = 0
    while not kept or (kept < len(points) and weight < enough):
        weight += points[kept][2]
        kept += 1
    return _fit(_box_of([(y, x) for y, x, _ in points[:kept]]), _MIN_DEGREES)


def _fit(box: Box, least: float) -> _Frame:
    """Return a frame around a box, of a minimum height."""
    west, south, east, north = box
    squeeze = _squeeze((south + north) / 2)
    height = max(north - south, (east - west) * squeeze * HEIGHT / WIDTH, least)
    scale = (HEIGHT - 2 * _MARGIN) / height
    return _Frame(
        west=(west + east) / 2 - WIDTH / 2 / scale / squeeze,
        north=(south + north) / 2 + HEIGHT / 2 / scale,
        scale=scale,
        squeeze=squeeze,
    )


def _squeeze(latitude: float) -> float:
    return max(math.cos(math.radians(latitude)), 0.1)


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
        if spot.others:
            label += f" +{len(spot.others)}"
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
