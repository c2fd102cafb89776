"""Look-up of entities by names as they are written, in all readings (see `readings`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ...store.sql import fetch_int
from ...store.values import RowCheck
from ...text.arabic import LATIN_ARTICLES, name_key, without_articles
from ...text.tokenize import joined_terms, terms
from .phonetic import name_keys
from .readings import (
    SURE_ATTACHED,
    attached,
    detached,
    given_first,
    turned,
)
from .similarity import distance, limit, spelling

SURNAME = 2.0
"""Factor by which a surname in one script may exceed the limit of distance to that in the other."""
_ENTITIES = RowCheck("entities", ("id", "slug", "name", "type"))
_ALIASES = RowCheck("aliases", ("alias",))


class NamedEntity(NamedTuple):
    """An entity that a query names."""

    id: int
    slug: str
    name: str
    type: str


class NameLookup:
    """Look-up of the entities of one archive by names as written, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def entities(self, key: str) -> tuple[NamedEntity, ...]:
        """Return the entities that have an alias with this key (`arabic.name_key`), by slug."""
        rows = self._connection.execute(
            "SELECT DISTINCT entities.id, slug, name, type FROM aliases"
            " JOIN entities ON entities.id = entity_id WHERE key = ? ORDER BY slug",
            (key,),
        )
        return tuple(NamedEntity(*row) for row in _ENTITIES.rows(rows))

    def called(self, name: str) -> tuple[NamedEntity, ...]:
        """Return the entities that have a name as an alias, in one of its readings, by slug.

        Of the readings (see `readings`), the first that is an alias counts.
        """
        if found := self.entities(name_key(name)):
            return found
        given = given_first(name)
        if given != name and (found := self._persons(name_key(given))):
            return found
        apart = detached(given)
        if apart != given and (found := self.entities(name_key(apart))):
            return found
        for key, word in attached(given):
            found = self.entities(key)
            if not found and key != word:
                found = self._turned(key)
            found = tuple(entity for entity in found if self._has_article(entity, key, word))
            if found:
                return found
        return self._turned(apart)

    def in_other_script(self, word: str, entities: Iterable[NamedEntity]) -> tuple[str, ...]:
        """Return the last words of persons' names in the other script that sound like a word.

        In Latin script, only that of the canonical name.
        """
        asked = spelling(word)
        found: dict[str, None] = {}
        for entity in entities:
            if entity.type != "person":
                continue
            for name in (entity.name,) if asked.arabic else self.aliases(entity.id):
                words = without_articles(terms(name))
                other = spelling(*words[-1:]) if words else asked
                # An alias of one word is a surname or, seldom, a given name.
                max_distance = limit(asked, other) * (1 if len(words) > 1 else SURNAME)
                if other.arabic != asked.arabic and distance(asked, other) <= max_distance:
                    found[words[-1]] = None
        return tuple(found)

    def with_surname(self, word: str) -> tuple[NamedEntity, ...]:
        """Return the persons whose surname a word is, if it has one alias for them: the surname.

        In Arabic a surname may be a common noun, which is no alias, whereas in Latin script it is.
        """
        keys = name_keys(word)
        rows = keys and self._connection.execute(
            "SELECT DISTINCT entities.id, slug, name, type FROM alias_keys"
            " JOIN aliases ON aliases.id = alias_id JOIN entities ON entities.id = entity_id"
            " WHERE skeleton = ? AND part = 'last' AND form = ? AND origin = 'gazetteer'"
            " ORDER BY slug",
            (keys[0].skeleton, keys[0].form),
        )
        asked = spelling(word)
        return tuple(
            entity
            for entity in (NamedEntity(*row) for row in rows or ())
            if any(
                " " not in name_key(alias) and distance(asked, other) <= limit(asked, other)
                for alias in self.aliases(entity.id)
                for other in [spelling(alias)]
            )
        )

    def is_surname(self, name: str) -> bool:
        """Return whether words sound like the last word of a person's name."""
        keys = name_keys(name)
        row = (
            keys
            and self._connection.execute(
                "SELECT 1 FROM alias_keys WHERE skeleton = ? AND part = 'last' AND form = ?",
                (keys[0].skeleton, keys[0].form),
            ).fetchone()
        )
        return bool(row)

    def _turned(self, name: str) -> tuple[NamedEntity, ...]:
        """Return the persons whose name this is with the family name first."""
        found = (self._persons(key) for key, _, _ in turned(name.split()))
        return next(filter(None, found), ())

    def _persons(self, key: str) -> tuple[NamedEntity, ...]:
        return tuple(entity for entity in self.entities(key) if entity.type == "person")

    def _has_article(self, entity: NamedEntity, key: str, word: str) -> bool:
        """Return whether an entity may be meant by a word with an article attached to it."""
        for alias in self.aliases(entity.id):
            written = f" {joined_terms(alias)} "
            if any(f" {article} {word} " in written for article in LATIN_ARTICLES):
                return True
        known = key != word or not (self.knows(f"al{word}") or self.knows(f"el{word}"))
        return entity.type == "person" and len(word) >= SURE_ATTACHED and known

    def knows(self, word: str) -> bool:
        """Return whether a term occurs in the archive."""
        row = self._connection.execute("SELECT 1 FROM words WHERE word = ?", (word,)).fetchone()
        return row is not None

    def aliases(self, entity_id: int) -> tuple[str, ...]:
        """Return the aliases of an entity, its name included, in the order of their ids."""
        rows = self._connection.execute(
            "SELECT alias FROM aliases WHERE entity_id = ? ORDER BY id", (entity_id,)
        )
        return tuple(alias for (alias,) in _ALIASES.rows(rows))

    def is_listed(self, entity: NamedEntity) -> bool:
        """Return whether a gazetteer or a user lists an entity, which no rule has found."""
        sql = "SELECT origin FROM entities WHERE id = ?"
        (origin,) = self._connection.execute(sql, (entity.id,)).fetchone()
        return origin in ("gazetteer", "correction")

    def mentions(self, entity_id: int, most: int) -> int:
        """Return the number of mentions of an entity, or `most` if there are more."""
        sql = "SELECT count(*) FROM (SELECT 1 FROM mentions WHERE entity_id = ? LIMIT ?)"
        return fetch_int(self._connection, sql, (entity_id, most))
