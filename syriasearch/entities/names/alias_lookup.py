"""Look-up of entities by name: exactly by its key, or by a similar spelling."""

from __future__ import annotations

import sqlite3
from functools import cached_property

from ...text.arabic import name_key
from ...text.edit_distance import farthest, nearest
from .fuzzy_lookup import FuzzyLookup, NamedEntity


class AliasLookup:
    """Look-up of the entities of one archive by their names, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def entities(self, key: str) -> tuple[NamedEntity, ...]:
        """Return the entities that have an alias with this key (`arabic.name_key`), by slug."""
        rows = self._connection.execute(
            "SELECT DISTINCT entities.id, slug, name, type FROM aliases"
            " JOIN entities ON entities.id = entity_id WHERE key = ? ORDER BY slug",
            (key,),
        )
        return tuple(NamedEntity(*row) for row in rows)

    @cached_property
    def bearers(self) -> FuzzyLookup:
        """The fuzzy look-up of the archive's aliases."""
        return FuzzyLookup(self._connection)

    def aliases(self, entity_id: int) -> tuple[str, ...]:
        """Return the aliases of an entity, its name included, in the order of their ids."""
        rows = self._connection.execute(
            "SELECT alias FROM aliases WHERE entity_id = ? ORDER BY id", (entity_id,)
        )
        return tuple(alias for (alias,) in rows)

    def named(
        self, name: str, types: tuple[str, ...], *, exact: bool = False
    ) -> tuple[NamedEntity, ...]:
        """Return the entities of some types that have this name, in any spelling, or this slug.

        With `exact` only the spellings of aliases count. A slug is resolved through merges.
        """
        from ..corrections import ActiveCorrections, read_corrections

        owner = ActiveCorrections(read_corrections(self._connection)).owner(name)
        rows = self._connection.execute(
            "SELECT id, slug, name, type FROM entities WHERE slug = ?", (owner,)
        )
        found = [NamedEntity(*row) for row in rows] or self.entities(name_key(name))
        fitting = tuple(entity for entity in found if entity.type in types)
        return fitting if fitting or exact else self.bearers.certain(name, types)

    def similar_names(
        self, name: str, types: tuple[str, ...], limit: int
    ) -> tuple[NamedEntity, ...]:
        """Return at most `limit` entities of some types with the aliases most similar to a name."""
        found = self.bearers.nearest(name, types, limit)
        return found or self._few_letters_off(name, types, limit)

    def _few_letters_off(
        self, name: str, types: tuple[str, ...], limit: int
    ) -> tuple[NamedEntity, ...]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        key = name_key(name)
        if len(key) < 4:
            return ()
        most = farthest(key)
        keys = [
            alias
            for (alias,) in self._connection.execute(
                "SELECT DISTINCT key FROM aliases WHERE length(key) BETWEEN ? AND ?"
                " AND entity_id IS NOT NULL",
                (len(key) - most, len(key) + most),
            )
        ]
        matches = process.extract(key, keys, scorer=OSA.distance, score_cutoff=most, limit=None)
        matches.sort(key=lambda match: (match[1], match[0]))
        found = dict.fromkeys(
            entity
            for match in nearest(key, matches)
            for entity in self.entities(match[0])
            if entity.type in types
        )
        return tuple(found)[:limit]
