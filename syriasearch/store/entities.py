"""Entity reader: an archive's entities, their types and names, read on demand and cached."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..models.entity import ENTITY_TYPES, Entity
from .sql import cached_per_version, fetch_int
from .values import DamagedValueError, RowCheck, check_ids

ENTITY_COLUMNS = (
    *("slug", "name", "type", "description", "wikidata", "latitude", "longitude"),
    *("since", "until", "follows"),
)
"""The columns of `entities` that have the values of an `Entity`."""
_ROWS = RowCheck("entities", ("id", *ENTITY_COLUMNS))
MAX_NAMED = 20_000
"""The maximum number of entities that are cached with their number of mentions in a hit."""
_AT_ONCE = 500
_FEW = 4000
"""Number of entities up to which types are read by id; for more, the whole table is read."""
_UNREAD = -2
_CASES = " ".join(f"WHEN '{kind}' THEN {code}" for code, kind in enumerate(ENTITY_TYPES))
_CODE = f"CASE type {_CASES} ELSE -1 END"


def open_entity_reader(connection: sqlite3.Connection) -> EntityReader:
    """Return the entities of an archive's current snapshot; call it inside a transaction."""
    return cached_per_version(connection, "entities", EntityReader)


class EntityReader:
    """The entities of one archive in one snapshot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, Entity] = {}
        self._named: dict[tuple[int, int], Entity] = {}

    @cached_property
    def last(self) -> int:
        """The highest entity id; 0 if the archive has no entities."""
        last = fetch_int(self._connection, "SELECT max(id) FROM entities")
        check_ids(self._connection, "entities", last)
        return last

    def about(self, numbers: Iterable[int]) -> dict[int, Entity]:
        """Return the existing entities with these ids, by id and in this order."""
        ids, known = dict.fromkeys(numbers), self._known
        if missing := [number for number in ids if number not in known]:
            rows = self._select(", ".join(("id", *ENTITY_COLUMNS)), missing)
            for number, *row in _ROWS.rows(rows):
                known[number] = on_earth(Entity(**dict(zip(ENTITY_COLUMNS, row, strict=True))))
        return {number: known[number] for number in ids if number in known}

    def named(self, number: int, times: int) -> Entity:
        """Return an entity, which `about` has returned, with its number of mentions in a hit."""
        key = number, times
        found = self._named.get(key)
        if found is None:
            if len(self._named) >= MAX_NAMED:
                self._named.clear()
            found = self._named[key] = self._known[number].named(times)
        return found

    def _select(self, columns: str, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Yield columns of the entities with these ids."""
        for first in range(0, len(ids), _AT_ONCE):
            chunk = ids[first : first + _AT_ONCE]
            marks = ", ".join("?" * len(chunk))
            # A cursor that is left open by an error would be closed after its connection.
            yield from self._connection.execute(
                f"SELECT {columns} FROM entities WHERE id IN ({marks})", chunk
            ).fetchall()

    def called(self, slug: str) -> Entity | None:
        """Return the entity with this slug, None if it does not exist."""
        row = self._connection.execute("SELECT id FROM entities WHERE slug = ?", (slug,)).fetchone()
        return self.about(row)[row[0]] if row else None

    def after(self, slug: str) -> tuple[Entity, ...]:
        """Return the entities that succeed the one with this slug, in order of their slugs."""
        return tuple(self.about(self._followers.get(slug, ())).values())

    @cached_property
    def _followers(self) -> dict[str, list[int]]:
        followers: dict[str, list[int]] = {}
        for number, follows in self._connection.execute(
            "SELECT id, follows FROM entities WHERE follows IS NOT NULL ORDER BY slug"
        ):
            followers.setdefault(follows, []).append(number)
        return followers

    def types(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int8]:
        """Return the index of each entity's type in ENTITY_TYPES, -1 for an id without an entity.

        `numbers` are ids of at most `last`; the result is parallel to them.
        """
        unread = numbers[self._types[numbers] == _UNREAD]
        if unread.size:
            flags = np.zeros(len(self._types), np.bool_)
            flags[unread] = True
            self._read_types(np.flatnonzero(flags).tolist())
        found: NDArray[np.int8] = self._types[numbers]
        return found

    def _read_types(self, missing: list[int]) -> None:
        columns = f"id, {_CODE}"
        rows: Iterable[tuple[Any, ...]]
        if len(missing) > _FEW:
            self._types[:] = -1
            rows = self._connection.execute(f"SELECT {columns} FROM entities")
        else:
            self._types[missing] = -1
            rows = self._select(columns, missing)
        both = np.array(list(rows), np.int64).reshape(-1, 2)
        self._types[both[:, 0]] = both[:, 1]

    @cached_property
    def _types(self) -> NDArray[np.int8]:
        return np.full(self.last + 1, _UNREAD, np.int8)

    def named_so(self, key: str) -> list[int]:
        """Return the ids of the entities with an alias that contains the words of a key in a row.

        The last of them may be the beginning of a word. Keys are those of `arabic.name_key`.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT entity_id FROM aliases"
            " WHERE ? != '' AND instr(' ' || key, ' ' || ?) AND entity_id IS NOT NULL ORDER BY 1",
            (key, key),
        )
        return [number for (number,) in rows]

    def beginning_with(self, key: str, *, names_only: bool) -> NDArray[np.int64]:
        """Return the ids of the entities with a name whose key begins with a key, in this order.

        `names_only` leaves out aliases other than the entity's own name.
        """
        rows = self._connection.execute(
            "SELECT entity_id FROM aliases JOIN entities ON entities.id = entity_id"
            " WHERE ? != '' AND key >= ? AND key < ? AND alias NOT LIKE '~%'"
            " AND (NOT ? OR alias = name)"
            " GROUP BY entity_id ORDER BY min(key), entity_id",
            (key, key, key + "\U0010ffff", names_only),
        ).fetchall()
        return np.array(rows, np.int64).reshape(-1)

    def arabic_names(self, slugs: Iterable[str], key: str) -> dict[str, str]:
        """Return the first name in Arabic script of each entity that has one, by slug.

        A name whose own key begins with a given key takes precedence.
        """
        wanted = list(dict.fromkeys(slugs))
        found: dict[str, str] = {}
        for first in range(0, len(wanted), _AT_ONCE):
            chunk = wanted[first : first + _AT_ONCE]
            marks = ", ".join("?" * len(chunk))
            rows = self._connection.execute(
                "SELECT slug, alias FROM entities JOIN aliases ON entity_id = entities.id"
                f" WHERE slug IN ({marks}) AND alias GLOB '[\u0620-\u064a]*'"
                " ORDER BY substr(key, 1, length(?)) != ?, aliases.id",
                (*chunk, key, key),
            )
            for slug, alias in rows:
                found.setdefault(slug, alias)
        return found

    def by_slug(self) -> NDArray[np.int64]:
        """Return the ids of all entities, in order of their slugs."""
        rows = self._connection.execute("SELECT id FROM entities ORDER BY slug").fetchall()
        return np.array(rows, np.int64).reshape(-1)

    def mentions(self, number: int, first: int, last: int) -> int:
        """Count the mentions of an entity in the paragraphs with ids from `first` to `last`."""
        return fetch_int(
            self._connection,
            "SELECT count(*) FROM mentions WHERE entity_id = ? AND paragraph_id BETWEEN ? AND ?",
            (number, first, last),
        )


def on_earth(entity: Entity) -> Entity:
    """Return an entity, without coordinates that are nowhere on earth.

    Raises DamagedValueError for a type that there is not.
    """
    if entity.type not in ENTITY_TYPES:
        raise DamagedValueError("rows of entities have a type that there is not")
    latitude, longitude = entity.latitude or 0, entity.longitude or 0
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return entity
    return replace(entity, latitude=None, longitude=None)
