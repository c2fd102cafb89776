"""Which of several places of one name is meant, by the other places that are named with it.

A name of a village may belong to ten of them, or to forty. What is named next to it (Hazwan, Al-Bab
district; حزوان بريف حلب) decides, else what the article names. If neither does, nothing is decided:
a wrong point on a map is worse than none.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from ...models.entity import Entity
from .cues import is_weak, place_cues
from .table import Village, Villages

Point = tuple[float, float]

CAPITALS = {
    "aleppo": "aleppo-governorate",
    "hasakah": "hasakah-governorate",
    "idlib": "idlib-governorate",
    "latakia": "latakia-governorate",
    "homs": "homs-governorate",
    "hama": "hama-governorate",
    "raqqa": "raqqa-governorate",
    "tartus": "tartus-governorate",
    "deir-ez-zor": "deir-ez-zor-governorate",
    "daraa": "daraa-governorate",
    "quneitra": "quneitra-governorate",
    "suwayda": "suwayda-governorate",
    "damascus": "damascus",
}
"""The towns whose governorates are called like them, and the governorates."""
GOVERNORATES = frozenset((*CAPITALS.values(), "rif-dimashq"))
SYRIA = "syria"
ABROAD = "abroad"
"""The governorate of places outside Syria."""
BOX = (32.2, 37.4, 35.6, 42.4)
"""South, north, west and east of Syria."""
ONE_PLACE_KM = 10.0
"""Distance up to which places of one name are one place, such as a town and its neighbourhood."""
NEXT_TO_KM = 40.0
"""Distance up to which a place may be the one that is named next to another."""
AROUND_KM = 30.0
"""Distance up to which a place in another district may be around a place."""
NEARER = 2.0
"""How much nearer than all others it must be."""


class Unit(NamedTuple):
    """What a mention of a place says about where another one is."""

    governorate: str
    district: str
    """Empty if it is not said: Aleppo is the town or the province."""
    point: Point | None
    slug: str


_Case = tuple[str, str, tuple[Unit, ...], tuple[Unit, ...]]
"""A name's key, the word for its kind, and the units that are next to it."""


def unit_of(entity: Entity, table: Villages) -> Unit | None:
    """Return where a place is, None if it is not a place in Syria."""
    if entity.slug in GOVERNORATES and entity.slug != "damascus":
        return Unit(entity.slug, "", None, entity.slug)
    row = table.of(entity.slug)
    if row is None:
        return None
    point = row.latitude, row.longitude
    district = "" if entity.slug in CAPITALS else row.district
    return Unit(row.governorate, district, point, entity.slug)


def abroad(entity: Entity) -> Unit | None:
    """Return a unit that no place of Syria agrees with, for a place elsewhere; None for others.

    Capitals are none, as they speak in news of everywhere.
    """
    if entity.latitude is None or entity.longitude is None or is_in_box(entity):
        return None
    if (entity.description or "").startswith("Capital of"):
        return None
    return Unit(ABROAD, "", (entity.latitude, entity.longitude), entity.slug)


def is_in_box(entity: Entity) -> bool:
    """Return whether a place with coordinates is in Syria or near it."""
    south, north, west, east = BOX
    return south <= (entity.latitude or 0) <= north and west <= (entity.longitude or 0) <= east


def kilometres(one: Point, other: Point) -> float:
    """Return the distance of two points in degrees, near enough for places of one country."""
    north = one[0] - other[0]
    east = (one[1] - other[1]) * math.cos(math.radians(one[0]))
    return 111.2 * math.hypot(north, east)


def clusters(rows: Iterable[Village]) -> list[list[Village]]:
    """Return rows in groups of those that are one place."""
    found: list[list[Village]] = []
    for row in rows:
        here = row.latitude, row.longitude
        for group in found:
            if kilometres(here, (group[0].latitude, group[0].longitude)) <= ONE_PLACE_KM:
                group.append(row)
                break
        else:
            found.append([row])
    return found


def agreeing(rows: Sequence[Village], units: Iterable[Unit]) -> list[Village]:
    """Return the places in the districts of units or, if there are none, in their governorates."""
    units = list(units)
    districts = {(unit.governorate, unit.district) for unit in units if unit.district}
    in_district = [row for row in rows if (row.governorate, row.district) in districts]
    if in_district:
        return in_district
    return [row for row in rows if any(supports(unit, row) for unit in units)]


def supports(unit: Unit, row: Village) -> bool:
    """Return whether what a unit says agrees with a place.

    A province, or the town that it is called by, agrees with all that is in it, and another place
    with its own district and what is near it.
    """
    if unit.district:
        if (unit.governorate, unit.district) == (row.governorate, row.district):
            return True
        here = row.latitude, row.longitude
        return unit.point is not None and kilometres(here, unit.point) <= AROUND_KM
    # What is said to be near Damascus is mostly in the province around it.
    around = unit.governorate == "damascus" and row.governorate == "rif-dimashq"
    return around or unit.governorate == row.governorate


def nearest(rows: Sequence[Village], units: Iterable[Unit]) -> list[Village]:
    """Return the places of one name that are much nearer to units than the others of the name."""
    points = [unit.point for unit in units if unit.point]
    groups = clusters(rows)
    if len(groups) < 2 or not points:
        return groups[0] if len(groups) == 1 else []

    def distance(group: list[Village]) -> float:
        here = group[0].latitude, group[0].longitude
        return min(kilometres(here, point) for point in points)

    first, second, *_ = sorted(groups, key=distance)
    if distance(first) <= NEXT_TO_KM and distance(first) * NEARER <= distance(second):
        return first
    return []


def choose(
    rows: Sequence[Village],
    local: Sequence[Unit],
    before: Sequence[Unit],
    article: Sequence[Unit],
) -> list[Village]:
    """Return the place that is meant, as a list, and an empty one if nothing decides it.

    `local` are the units that are said to contain it, `before` is what is named shortly before it
    if there are none, and `article` what the article names. The place must agree with the first of
    them.
    """
    if local:
        rows = agreeing(rows, local)
        near = nearest(rows, local)
        if near or not rows:
            return near
    elif before:
        rows = agreeing(rows, before)
        near = nearest(rows, before)
        if near or not rows:
            return near
    # A newspaper names Damascus in any article on Syria.
    units = [unit for unit in article if unit.slug != "damascus"]
    fitting = [row for row in rows if any(supports(unit, row) for unit in units)]
    if len(clusters(fitting)) < 2:
        return fitting
    fitting = agreeing(fitting, units)
    return fitting if len(clusters(fitting)) == 1 else []


class Choices:
    """The places that names mean in one article, each decided once."""

    def __init__(self, table: Villages, known: Container[str], units: Sequence[Unit]) -> None:
        """Decide by the `units` that the article names; `known` has slugs of the gazetteer."""
        self._table = table
        self._known = known
        self._units = units
        self._cues = place_cues()
        self._chosen: dict[_Case, Village | None] = {}

    def place(
        self, key: str, cue: str, local: tuple[Unit, ...], before: tuple[Unit, ...]
    ) -> Village | None:
        """Return the place that a name means, None if that is not certain.

        `cue` is the word for the kind of the place next to it; for the others see `choose`.
        """
        case = (key, cue, local, before)
        if case not in self._chosen:
            self._chosen[case] = self._place(*case)
        return self._chosen[case]

    def _place(
        self, key: str, cue: str, local: Sequence[Unit], before: Sequence[Unit]
    ) -> Village | None:
        weak, units = is_weak(key), self._units
        # Jadida and Judaydah are spellings of one name: those of the other are homonyms too.
        rows = self._table.homonyms(self._table.folded(key) or self._table.respelt(key))
        quarters = [row for row in rows if row.city]
        if not (local or before or self._one_city()):
            quarters = []
        towns = [row for row in rows if not row.city]
        if cue in self._cues.quarters:
            rows = quarters or [row for row in towns if _is_at(row, local)]
        else:
            rows = towns or (quarters if cue or local else [])
        if cue in self._cues.cities:
            rows = [row for row in rows if row.kind == "Town" or row.slug in self._known]
        chosen = choose(rows, local, before, units)
        if not chosen and not (local or before or weak) and cue and len(clusters(rows)) == 1:
            chosen = rows if not any(unit.slug != "damascus" for unit in units) else []
        if not chosen or not (local or before or self._is_likely(key, chosen[0])):
            return None
        return chosen[0]

    def _is_likely(self, key: str, row: Village) -> bool:
        """Return whether an article is about the province of a place, or its name is no other's."""
        if " " in key or self._table.exact(key):
            return True
        within = sum(unit.governorate == row.governorate for unit in self._units)
        return within > 1 or within == len(self._units)

    def _one_city(self) -> bool:
        """Return whether an article names one large town, whose quarters it may mean."""
        return sum(unit.slug in CAPITALS and unit.slug != "damascus" for unit in self._units) == 1


def _is_at(row: Village, units: Sequence[Unit]) -> bool:
    """Return whether a place is at most as far from a unit as a quarter is from its town."""
    here = row.latitude, row.longitude
    return any(unit.point and kilometres(here, unit.point) <= ONE_PLACE_KM for unit in units)
