"""Entity writer: the rows of entities and their aliases.

A row has the entity's latest description, overridden by the corrections in force. Entities without
mentions are deleted, except for those to which a correction refers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..models.entity import Entity
from ..store.entities import ENTITY_COLUMNS
from ..store.sql import fetch_int
from ..text.arabic import has_arabic, name_key
from .editing.corrections import ActiveCorrections, Correction, read_corrections
from .entity_updates import Description, names_of, outdated, values_of
from .names.phonetic import INSERT_KEY, name_keys, write_alias_keys
from .villages.table import villages

_ID = "(SELECT id FROM entities WHERE slug = :slug)"
_GIVEN = f"ifnull(found_id, entity_id) = +{_ID}"
"""The condition that an alias is of the entity `:slug`, as recognized. (SQLite uses the index of
the expression only if the other side has no affinity, hence the `+`.)"""


_INSERT = (
    f"INSERT INTO entities ({', '.join(ENTITY_COLUMNS)}, origin)"
    f" VALUES ({', '.join('?' * len(ENTITY_COLUMNS))}, ?)"
)
_INSERT_ALIAS = "INSERT INTO aliases (entity_id, alias, lang, key) VALUES (?, ?, ?, ?)"


class NewEntity(NamedTuple):
    """A recognized entity, with the recognizer that found it."""

    entity: Entity
    recognizer: str


class EntityWriter:
    """Writer of the entities and aliases of one archive, inside its connection's transactions."""

    others: tuple[EntityWriter, ...] = ()
    """The writers of the other shards, which have the same rows and are written with this one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._written: set[str] = set()
        self._version: int | None = None
        self.known: set[str] | None = None
        """The slugs of the gazetteer, None if they were not read."""
        self.forget()

    def refresh(self) -> None:
        """Drop caches if another process has written since."""
        version = fetch_int(self._connection, "PRAGMA data_version")
        if version != self._version:
            self.forget()
            self._version = version

    def clear(self) -> None:
        """Have the next `refresh` drop caches, as their rows were not written."""
        self._version = None

    def forget(self) -> None:
        """Drop caches of rows that may have changed, and read the corrections again."""
        self._ids.clear()
        self._written.clear()
        self.in_force = ActiveCorrections(read_corrections(self._connection))

    def add(self, entity: Entity, recognizer: str = "gazetteer") -> int:
        """Return the id of a recognized entity, writing its row if needed.

        The row of an entity of the gazetteer is updated once a run; for other entities the first
        description wins.
        """
        slug = entity.slug
        if slug in self._written:
            return self._ids[slug]
        origin = self.origin(entity, recognizer)
        fixed = origin != "gazetteer" and self.id_of(slug) is not None
        if not fixed and slug not in self.in_force.created_entities:
            self.write(entity, origin=origin)
        entity_id = self.id_of(slug)
        assert entity_id is not None
        self._written.add(slug)
        return entity_id

    def origin(self, entity: Entity, recognizer: str) -> str:
        """Return the origin of an entity: `gazetteer`, or the recognizer that found it."""
        if self.known is None or entity.slug in self.known:
            return "gazetteer"
        if recognizer != "gazetteer":
            return recognizer
        # A village, or an entity found by an alias that a user added, like those of the gazetteer.
        return "gazetteer" if entity.slug in villages().slugs else "rules"

    def write(self, entity: Entity, *, origin: str = "gazetteer", whole: bool = False) -> None:
        """Write the row and the aliases of an entity, in this and the other shards.

        With `whole`, its other aliases are deleted, except for those that users added.
        """
        for writer in (self, *self.others):
            if entity.slug in writer.in_force.slugs or writer.id_of(entity.slug) is not None:
                writer._write(entity, origin, whole=whole)
            else:
                writer._insert(entity, origin)

    def _insert(self, entity: Entity, origin: str) -> None:
        """Write an entity that has no row, and that no correction refers to."""
        execute = self._connection.execute
        entity_id = execute(_INSERT, (*values_of(entity), origin)).lastrowid
        assert entity_id is not None
        self._ids[entity.slug] = entity_id
        keys: list[tuple[int | None, str, str, str]] = []
        for name in names_of(entity):
            row = (entity_id, name, _lang(name), name_key(name))
            alias_id = execute(_INSERT_ALIAS, row).lastrowid
            keys += [(alias_id, *key) for key in name_keys(name, person=entity.type == "person")]
        self._connection.executemany(INSERT_KEY, keys)

    def update(self, descriptions: Sequence[Description]) -> None:
        """Write the entities whose rows, in this or another shard, do not agree with these."""
        for writer in (self, *self.others):
            for entity, origin in outdated(writer._connection, descriptions):
                writer._write(entity, origin, whole=True)

    def _write(self, entity: Entity, origin: str, *, whole: bool) -> None:
        new_name = self.in_force.names.get(entity.slug)
        row = dict(zip(ENTITY_COLUMNS, values_of(entity), strict=True))
        row |= {"name": new_name or entity.name, "found_name": entity.name if new_name else None}
        row["origin"] = origin
        self._connection.execute(
            f"INSERT INTO entities ({', '.join(row)}) VALUES (:{', :'.join(row)})"
            " ON CONFLICT (slug) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in row),
            row,
        )
        names = names_of(entity)
        if whole:
            self._connection.execute(
                f"DELETE FROM aliases WHERE {_GIVEN} AND correction_id IS NULL"
                " AND alias NOT IN (SELECT value FROM json_each(:names))",
                {"slug": entity.slug, "names": json.dumps([*names])},
            )
        self._add_names(entity.slug, names)

    def _add_names(self, slug: str, names: Iterable[str], by: Correction | None = None) -> None:
        """Add aliases to an entity, from recognition or `by` a correction.

        An alias from both counts as one from recognition.
        """
        entity_id = self.id_of(slug)
        if entity_id is None:
            return
        rows = []
        for alias in names:
            owner = self.in_force.resolve(slug, alias)
            owner_id = None if owner is None else self.id_of(owner)
            found_id = None if owner == slug else entity_id
            key = name_key(alias)
            rows.append((owner_id, found_id, alias, _lang(alias), key, by.id if by else None))
        self._connection.executemany(
            "INSERT INTO aliases (entity_id, found_id, alias, lang, key, correction_id)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            rows,
        )
        is_corrected = slug in self.in_force.subjects
        if is_corrected and by is None:
            # Not an upsert, nor always: it would make FTS5 write what it holds.
            self._connection.execute(
                "UPDATE aliases SET correction_id = NULL"
                f" WHERE {_GIVEN} AND correction_id IS NOT NULL"
                " AND alias IN (SELECT value FROM json_each(:names))",
                {"slug": slug, "names": json.dumps([*names])},
            )
        write_alias_keys(self._connection, None if is_corrected else entity_id)

    def id_of(self, slug: str) -> int | None:
        """Return an entity's id, None if it has no row."""
        if slug not in self._ids:
            row = self._connection.execute(f"SELECT * FROM {_ID}", {"slug": slug}).fetchone()
            if row is None:
                return None
            self._ids[slug] = row[0]
        return self._ids[slug]

    def stored(self, slug: str) -> Entity | None:
        """Return an entity as it was recognized, without corrections; None if it has no row."""
        row = self._connection.execute(
            f"SELECT found_name, {', '.join(ENTITY_COLUMNS)} FROM entities WHERE slug = ?", (slug,)
        ).fetchone()
        if row is None:
            return None
        values = dict(zip(ENTITY_COLUMNS, row[1:], strict=True))
        name = values["name"] = row[0] or values["name"]
        aliases = self._connection.execute(
            f"SELECT alias FROM aliases WHERE {_GIVEN} AND correction_id IS NULL ORDER BY id",
            {"slug": slug},
        )
        return Entity(**values, aliases=tuple(alias for (alias,) in aliases if alias != name))

    def correct(self, before: ActiveCorrections) -> None:
        """Update names and aliases from the corrections `before` to those in force."""
        after = self.in_force
        execute = self._connection.execute
        for split in after.created_entities.values():
            execute(
                "INSERT INTO entities (slug, name, type, origin) VALUES (?, ?, ?, 'correction')"
                " ON CONFLICT (slug) DO NOTHING",
                (split.other, split.name, split.type),
            )
        for slug in before.names.keys() | after.names.keys():
            execute(
                "UPDATE entities SET name = ifnull(:name, ifnull(found_name, name)),"
                " found_name = CASE WHEN :name IS NOT NULL THEN ifnull(found_name, name) END"
                " WHERE slug = :slug",
                {"slug": slug, "name": after.names.get(slug)},
            )
        execute("DELETE FROM aliases WHERE correction_id IS NOT NULL")
        for each in after.corrections:
            # A spelling that is another's in some articles only is no name of that one.
            spellings = each.spellings if each.scope is None else ()
            names = (*([each.name] if each.name else []), *spellings)
            if each.action == "split":
                self._add_names(each.other or "", names, each)
            elif names:
                self._add_names(each.entity, names, each)
        for slug in before.affected_by(after):
            rows = execute(f"SELECT id, alias FROM aliases WHERE {_GIVEN}", {"slug": slug})
            self._connection.executemany(
                "UPDATE aliases SET entity_id = (SELECT id FROM entities WHERE slug = :owner),"
                f" found_id = CASE WHEN :owner IS NOT :slug THEN {_ID} END WHERE id = :id",
                [
                    {"id": number, "slug": slug, "owner": after.resolve(slug, alias)}
                    for number, alias in rows
                ],
            )

    def sweep(self) -> None:
        """Delete the entities without mentions to which no correction in force refers."""
        unnamed = set(self.unnamed())
        for writer in self.others:
            unnamed &= set(writer.unnamed())
        for writer in (self, *self.others):
            writer.drop(sorted(unnamed))

    def unnamed(self) -> list[int]:
        """Return the ids, in order, of entities without mentions and references by corrections.

        Only this shard's mentions count, and only the corrections in force.
        """
        rows = self._connection.execute(
            "SELECT id FROM entities WHERE NOT EXISTS"
            " (SELECT 1 FROM mentions WHERE entity_id = entities.id) AND NOT EXISTS"
            " (SELECT 1 FROM mentions WHERE found_id = entities.id)"
            " AND slug NOT IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(sorted(self.in_force.slugs)),),
        )
        return [number for (number,) in rows]

    def drop(self, entities: Iterable[int]) -> None:
        """Delete entities by their ids."""
        self._connection.executemany(
            "DELETE FROM entities WHERE id = ?", ((number,) for number in entities)
        )
        self._ids.clear()
        self._written.clear()


def _lang(name: str) -> str | None:
    return "ar" if has_arabic(name) else None
