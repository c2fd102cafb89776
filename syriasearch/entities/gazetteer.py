"""Which entities are known, and under which names?

The files in `data/` hold a row an entity; their columns are explained at the top of each. A row
that cannot be used is an error that names the file and the line, for a gazetteer is written by
hand and a silent loss would show only as names that are not found.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import GazetteerError
from ..models import Entity
from ..schema import ENTITY_TYPES
from ..text import terms

DATA = Path(__file__).parent / "data"
FILES = {
    "persons.csv": "person",
    "organizations.csv": "organization",
    "groups.csv": "group",
    "places.csv": "place",
    "events.csv": "event",
}
COLUMNS = (
    "slug",
    "name",
    "description",
    "wikidata",
    "latitude",
    "longitude",
    "aliases",
    "source",
)


@dataclass(frozen=True)
class Gazetteer:
    """The known entities, in the order of their files."""

    entities: tuple[Entity, ...]

    def __post_init__(self) -> None:
        """Reject a slug that two entities share."""
        seen: set[str] = set()
        for entity in self.entities:
            if entity.slug in seen:
                raise GazetteerError(f"two entities of the gazetteer have the slug {entity.slug}")
            seen.add(entity.slug)


def _coordinate(text: str, limit: float, where: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = limit + 1
    if not -limit <= value <= limit:
        raise GazetteerError(f"{where}: {text!r} is not a coordinate in degrees")
    return value


def read_entities(path: Path, entity_type: str) -> Iterable[Entity]:
    """Read a gazetteer file: a row an entity, aliases separated by `|`.

    Raises GazetteerError with the file's name and line for a row that cannot be used.
    """
    if entity_type not in ENTITY_TYPES:
        raise GazetteerError(f"{path.name}: {entity_type} is not a type of entity")
    with path.open(encoding="utf-8", newline="") as file:
        numbered = (
            (number, line) for number, line in enumerate(file, 1) if not line.startswith("#")
        )
        numbers: list[int] = []

        def lines() -> Iterable[str]:
            for number, line in numbered:
                numbers.append(number)
                yield line

        rows = csv.DictReader(lines(), strict=True)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise GazetteerError(f"{path.name}: the columns must be {','.join(COLUMNS)}")
        for row in rows:
            where = f"{path.name} line {numbers[-1]}"
            if None in row or None in row.values():
                raise GazetteerError(f"{where}: a row has {len(COLUMNS)} columns")
            if not (row["slug"] and row["name"] and row["source"]):
                raise GazetteerError(f"{where}: slug, name and source must not be empty")
            aliases = [alias.strip() for alias in row["aliases"].split("|") if alias.strip()]
            for alias in (row["name"], *aliases):
                if sum(map(len, terms(alias))) < 2:
                    raise GazetteerError(f"{where}: the alias {alias!r} is too short to be found")
            yield Entity(
                slug=row["slug"],
                name=row["name"],
                type=entity_type,
                description=row["description"] or None,
                wikidata=row["wikidata"] or None,
                latitude=_coordinate(row["latitude"], 90, where),
                longitude=_coordinate(row["longitude"], 180, where),
                aliases=tuple(dict.fromkeys(aliases)),
            )


@lru_cache(maxsize=1)
def default_gazetteer() -> Gazetteer:
    """Return the gazetteer that ships with the package."""
    return Gazetteer(
        tuple(
            entity
            for name, entity_type in FILES.items()
            for entity in read_entities(DATA / name, entity_type)
        )
    )
