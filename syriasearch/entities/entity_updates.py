"""Entity updates: the entities whose rows differ from what they should say.

Recognition of all articles again describes each entity that they name, and few of them differ from
before: the rows of all are read at once and compared, so that only those few are written.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from ..models.entity import Entity
from ..store.entities import ENTITY_COLUMNS
from .gazetteer import WEAK

values_of = attrgetter(*ENTITY_COLUMNS)
_ROWS = f"SELECT {', '.join(ENTITY_COLUMNS)}, origin, found_name FROM entities"
_NAMES = (
    "SELECT slug, alias, found_id IS NULL AND correction_id IS NULL AND EXISTS"
    " (SELECT 1 FROM alias_keys WHERE alias_id = aliases.id)"
    " FROM aliases CROSS JOIN entities ON entities.id = ifnull(found_id, entity_id)"
)


class Description(NamedTuple):
    """What the row of an entity should say."""

    entity: Entity
    origin: str


def names_of(entity: Entity) -> Iterable[str]:
    """Return the distinct names of an entity; the mark of weak ones is for the recognizer only."""
    return dict.fromkeys(name.removeprefix(WEAK) for name in (entity.name, *entity.aliases))


def outdated(
    connection: sqlite3.Connection, descriptions: Sequence[Description]
) -> Iterable[Description]:
    """Yield the descriptions with which the rows of an archive do not agree.

    Entities that a correction concerns, or with an alias that lacks its keys, are among them.
    """
    rows = {row[0]: row for row in connection.execute(_ROWS)}
    names: defaultdict[str, set[str]] = defaultdict(set)
    corrected: set[str] = set()
    for slug, alias, is_plain in connection.execute(_NAMES):
        names[slug].add(alias)
        if not is_plain:
            corrected.add(slug)
    for each in descriptions:
        entity = each.entity
        expected: tuple[Any, ...] = (*values_of(entity), each.origin, None)
        if (
            entity.slug in corrected
            or rows.get(entity.slug) != expected
            or names[entity.slug] != {*names_of(entity)}
        ):
            yield each
