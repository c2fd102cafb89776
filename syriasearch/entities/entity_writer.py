"""Entity writer: the rows of entities and their aliases.

A row has the entity's latest description, overridden by the corrections in force. Entities without
mentions are deleted, except for those to which a correction refers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from ..models.entity import Entity
from ..text.arabic import has_arabic, name_key
from .corrections import ActiveCorrections, Correction, read_corrections
from .gazetteer import WEAK
from .names.phonetic import INSERT_KEY, Key, name_keys, write_alias_keys

_GIVER = "SELECT id FROM entities WHERE slug = :slug"


class NameRow(NamedTuple):
    """A name of an entity, with the columns that are derived from it."""

    alias: str
    lang: str | None
    """The code `ar` for Arabic script, None for Latin."""
    key: str
    """The exact lookup key (`arabic.name_key`)."""
    keys: tuple[Key, ...]
    """The phonetic keys, by which other spellings of it are looked up."""


class NewEntity(NamedTuple):
    """A recognized entity, with everything that can be derived from it without an archive."""

    entity: Entity
    recognizer: str
    names: tuple[NameRow, ...]


def new_entity(entity: Entity, recognizer: str) -> NewEntity:
    """Return a recognized entity with its derived rows, ready to be stored."""
    return NewEntity(entity, recognizer, _name_rows(entity))


@lru_cache(maxsize=50_000)
def _name_rows(entity: Entity) -> tuple[NameRow, ...]:
    is_person = entity.type == "person"
    return tuple(
        NameRow(alias, _lang(alias), name_key(alias), tuple(name_keys(alias, person=is_person)))
        for alias in _names(entity)
    )


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
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self.forget()
            self._version = version

    def clear(self) -> None:
        """Have the next `refresh` drop caches."""
        self._version = None

    def forget(self) -> None:
        """Drop caches of rows that may have changed, and read the corrections again."""
        self._ids.clear()
        self._written.clear()
        self.in_force = ActiveCorrections(read_corrections(self._connection))

    def put(self, entity: Entity, recognizer: str = "gazetteer") -> int:
        """Return the id of a recognized entity, writing its row if needed.

        The row of an entity of the gazetteer is updated once a run; for other entities the first
        description wins.
        """
        entity_id = self.id_of(entity.slug)
        if entity.slug not in self._written:
            origin = self.origin(entity, recognizer)
            fixed = origin != "gazetteer" and entity_id is not None
            if entity_id is None and entity.slug not in self.in_force.slugs:
                row = (new_entity(entity, recognizer), origin)
                for each in (self, *self.others):
                    each._insert([row])
            elif not fixed and entity.slug not in self.in_force.made:
                self.write(entity, origin=origin)
            self._written.add(entity.slug)
            entity_id = self.id_of(entity.slug)
        assert entity_id is not None
        return entity_id

    def meet(self, some: Iterable[NewEntity]) -> None:
        """Write the rows of recognized entities, in this order, as `put` does."""
        new: dict[str, tuple[NewEntity, str]] = {}
        for each in some:
            slug = each.entity.slug
            if slug in new or slug in self._written:
                continue
            if slug not in self.in_force.slugs and self.id_of(slug) is None:
                new[slug] = (each, self.origin(each.entity, each.recognizer))
                continue
            self._insert(new.values())
            new.clear()
            self.put(each.entity, each.recognizer)
        self._insert(new.values())

    def origin(self, entity: Entity, recognizer: str) -> str:
        """Return the origin of an entity: `gazetteer`, or the recognizer that found it."""
        if self.known is None or entity.slug in self.known:
            return "gazetteer"
        # It was found by an alias that a user added, like those of the gazetteer.
        return "rules" if recognizer == "gazetteer" else recognizer

    def write(self, entity: Entity, *, origin: str = "gazetteer", whole: bool = False) -> None:
        """Write the row and the aliases of an entity, in this and the other shards.

        With `whole`, its other aliases are deleted, except for those that users added.
        """
        for each in (self, *self.others):
            each._write(entity, origin, whole=whole)

    def _write(self, entity: Entity, origin: str, *, whole: bool) -> None:
        new_name = self.in_force.names.get(entity.slug)
        row = _row(entity, origin)
        row |= {"name": new_name or entity.name, "found_name": entity.name if new_name else None}
        values = ", ".join(f":{name}" for name in row)
        updates = ", ".join(f"{name} = excluded.{name}" for name in row)
        self._connection.execute(
            f"INSERT INTO entities ({', '.join(row)}) VALUES ({values})"
            f" ON CONFLICT (slug) DO UPDATE SET {updates}",
            row,
        )
        names = _names(entity)
        if whole:
            self._connection.execute(
                f"DELETE FROM aliases WHERE ifnull(found_id, entity_id) = ({_GIVER})"
                " AND correction_id IS NULL"
                " AND alias NOT IN (SELECT value FROM json_each(:names))",
                {"slug": entity.slug, "names": json.dumps([*names])},
            )
        self._add_names(entity.slug, names)

    def _insert(self, some: Iterable[tuple[NewEntity, str]]) -> None:
        """Insert entities without a row to which no correction refers, which is the usual case."""
        told = list(some)
        if not told:
            return
        number, alias = (
            self._connection.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()[0]
            for table in ("entities", "aliases")
        )
        rows, names, keys = [], [], []
        for each, origin in told:
            number += 1
            row = _row(each.entity, origin)
            rows.append((number, *row.values()))
            for name in each.names:
                alias += 1
                names.append((alias, number, name.alias, name.lang, name.key))
                keys += [(alias, *key) for key in name.keys]
            self._ids[each.entity.slug] = number
            self._written.add(each.entity.slug)
        self._connection.executemany(
            f"INSERT INTO entities (id, {', '.join(row)}) VALUES (?, {', '.join('?' * len(row))})",
            rows,
        )
        self._connection.executemany(
            "INSERT INTO aliases (id, entity_id, alias, lang, key) VALUES (?, ?, ?, ?, ?)", names
        )
        self._connection.executemany(INSERT_KEY, keys)

    def _add_names(self, slug: str, names: Iterable[str], by: Correction | None = None) -> None:
        """Add aliases to an entity, from recognition or `by` a correction.

        An alias from both counts as one from recognition.
        """
        already = "DO NOTHING" if by else "DO UPDATE SET correction_id = NULL"
        moved = slug in self.in_force.subjects
        self._connection.executemany(
            "INSERT INTO aliases (entity_id, found_id, alias, lang, key, correction_id)"
            " SELECT (SELECT id FROM entities WHERE slug = :owner),"
            " CASE WHEN :owner IS :slug THEN NULL ELSE id END, :alias, :lang, :key, :correction"
            f" FROM entities WHERE slug = :slug ON CONFLICT {already}",
            (
                {
                    "slug": slug,
                    "owner": self.in_force.owner(slug, alias) if moved else slug,
                    "alias": alias,
                    "lang": _lang(alias),
                    "key": name_key(alias),
                    "correction": by.id if by else None,
                }
                for alias in names
            ),
        )
        write_alias_keys(self._connection, None if moved else self.id_of(slug))

    def behind(self, table: str) -> int:
        """Return the first unused id of a table, above those of all shards."""
        sql = f"SELECT ifnull(max(id), 0) + 1 FROM {table}"
        return max(
            int(each._connection.execute(sql).fetchone()[0]) for each in (self, *self.others)
        )

    def id_of(self, slug: str) -> int | None:
        """Return an entity's id, None if it has no row."""
        if slug not in self._ids:
            row = self._connection.execute(_GIVER, {"slug": slug}).fetchone()
            if row is None:
                return None
            self._ids[slug] = row[0]
        return self._ids[slug]

    def stored(self, slug: str) -> Entity | None:
        """Return an entity as it was recognized, without corrections; None if it has no row."""
        row = self._connection.execute(
            "SELECT slug, ifnull(found_name, name), type, description, wikidata, latitude,"
            " longitude, since, until, follows FROM entities WHERE slug = ?",
            (slug,),
        ).fetchone()
        if row is None:
            return None
        aliases = self._connection.execute(
            f"SELECT alias FROM aliases WHERE ifnull(found_id, entity_id) = ({_GIVER})"
            " AND correction_id IS NULL ORDER BY id",
            {"slug": slug},
        )
        names = tuple(alias for (alias,) in aliases if alias != row[1])
        *plain, since, until, follows = row
        return replace(Entity(*plain), aliases=names, since=since, until=until, follows=follows)

    def correct(self, before: ActiveCorrections) -> None:
        """Update names and aliases from the corrections `before` to those in force."""
        after = self.in_force
        for split in after.made.values():
            if self.id_of(split.other or "") is None:
                self._connection.execute(
                    "INSERT INTO entities (slug, name, type, origin)"
                    " VALUES (?, ?, ?, 'correction')",
                    (split.other, split.name, split.type),
                )
        for slug in before.names.keys() | after.names.keys():
            self._connection.execute(
                "UPDATE entities SET name = ifnull(:name, ifnull(found_name, name)),"
                " found_name = CASE WHEN :name IS NOT NULL THEN ifnull(found_name, name) END"
                " WHERE slug = :slug",
                {"slug": slug, "name": after.names.get(slug)},
            )
        self._connection.execute("DELETE FROM aliases WHERE correction_id IS NOT NULL")
        for each in after.corrections:
            if each.action == "split":
                names = (*([each.name] if each.name else []), *each.spellings)
                self._add_names(each.other or "", names, each)
            elif each.name is not None:
                self._add_names(each.entity, [each.name], each)
        for slug in before.moved(after):
            rows = self._connection.execute(
                f"SELECT id, alias FROM aliases WHERE ifnull(found_id, entity_id) = ({_GIVER})",
                {"slug": slug},
            ).fetchall()
            self._connection.executemany(
                "UPDATE aliases SET entity_id = (SELECT id FROM entities WHERE slug = :owner),"
                " found_id = CASE WHEN :owner IS :slug THEN NULL"
                f" ELSE ({_GIVER}) END WHERE id = :id",
                (
                    {"id": number, "slug": slug, "owner": after.owner(slug, alias)}
                    for number, alias in rows
                ),
            )

    def sweep(self) -> None:
        """Delete the entities without mentions to which no correction in force refers."""
        unnamed = self.unnamed()
        for other in self.others:
            unnamed = sorted({*unnamed}.intersection(other.unnamed()))
        for each in (self, *self.others):
            each.drop(unnamed)

    def unnamed(self) -> list[int]:
        """Return the ids, in order, of entities without mentions and references by corrections.

        Only this shard's mentions count, and only the corrections in force.
        """
        kept = json.dumps(sorted(self.in_force.slugs))
        rows = self._connection.execute(
            "SELECT id FROM entities WHERE NOT EXISTS"
            " (SELECT 1 FROM mentions WHERE entity_id = entities.id) AND NOT EXISTS"
            " (SELECT 1 FROM mentions WHERE found_id = entities.id)"
            " AND slug NOT IN (SELECT value FROM json_each(?)) ORDER BY id",
            (kept,),
        )
        return [number for (number,) in rows]

    def drop(self, entities: Iterable[int]) -> None:
        """Delete entities by their ids."""
        self._connection.executemany(
            "DELETE FROM entities WHERE id = ?", ((number,) for number in entities)
        )
        self._ids.clear()
        self._written.clear()


def _row(entity: Entity, origin: str) -> dict[str, Any]:
    return {
        "slug": entity.slug,
        "name": entity.name,
        "type": entity.type,
        "description": entity.description,
        "wikidata": entity.wikidata,
        "latitude": entity.latitude,
        "longitude": entity.longitude,
        "since": entity.since,
        "until": entity.until,
        "follows": entity.follows,
        "origin": origin,
    }


def _lang(alias: str) -> str | None:
    return "ar" if has_arabic(alias) else None


def _names(entity: Entity) -> Iterable[str]:
    """Return the distinct names of an entity; the mark of weak ones is for the recognizer only."""
    return dict.fromkeys(name.removeprefix(WEAK) for name in (entity.name, *entity.aliases))
