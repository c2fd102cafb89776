"""How do all shards come to have the same names?

Entities and their names have the same ids in all shards, each of which meets them in the same
order. A run that was interrupted leaves shards that lack the last of them, and a shard that is new
lacks all: they get them from one that lacks none.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from ...errors import ArchiveError
from .registry import Last

Rows: TypeAlias = Mapping[str, list[tuple[Any, ...]]]
"""The rows of each table that all shards have alike."""

_TABLES = {
    "corrections": "id, made_at, action, entity, other, name, type, spellings, undone_at",
    "settings": "id, name, value",
    "gazetteers": "id, name, entities, read_at",
    "entities": "id, slug, name, type, description, wikidata, latitude, longitude, since, until,"
    " follows, origin, found_name",
    "aliases": "id, entity_id, alias, lang, key, found_id, correction_id",
    "alias_keys": "id, alias_id, skeleton, form, part",
}
_SUMMARY = (
    "SELECT (SELECT count(*) || ' ' || ifnull(max(id), 0) || ' ' || total(id) FROM entities),"
    " (SELECT count(*) || ' ' || ifnull(max(id), 0) || ' ' || total(entity_id) FROM aliases),"
    " (SELECT count(*) || ' ' || total(undone_at IS NULL) FROM corrections)"
)


class State(NamedTuple):
    """What a shard is like before a run, or behind it."""

    name: str
    """Of its file."""
    last: Last
    articles: int
    entities: int
    finished: bool
    """Whether its last run has ended."""
    names: str
    """A summary of what all shards have alike."""


def read_state(connection: sqlite3.Connection, name: str) -> State:
    """Return what a shard is like."""
    last = Last(
        *(
            connection.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()[0]
            for table in ("ingest_runs", "articles", "paragraphs", "mentions")
        )
    )
    articles, entities = connection.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM entities)"
    ).fetchone()
    open_run = connection.execute(
        "SELECT 1 FROM ingest_runs WHERE id = ? AND finished_at IS NULL", (last.run,)
    ).fetchone()
    names = " ".join(connection.execute(_SUMMARY).fetchone())
    return State(name, last, articles, entities, open_run is None, names)


def read_names(connection: sqlite3.Connection) -> Rows:
    """Return what all shards have alike."""
    return {
        table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
        for table, columns in _TABLES.items()
    }


def digest_names(connection: sqlite3.Connection) -> str:
    """Return a hash of what all shards have alike."""
    found = hashlib.blake2b(digest_size=16)
    for table, columns in _TABLES.items():
        # When a file of names was read is each shard's own.
        wanted = columns.removesuffix(", read_at")
        for row in connection.execute(f"SELECT {wanted} FROM {table} ORDER BY id"):
            found.update(repr(row).encode())
    return found.hexdigest()


def write_names(connection: sqlite3.Connection, rows: Rows, name: str) -> None:
    """Write what all shards have alike, in a transaction. Raises ArchiveError."""
    _check_names(connection, rows, name)
    for table in ("alias_keys", "aliases", "corrections", "settings", "gazetteers"):
        connection.execute(f"DELETE FROM {table}")
    for table, columns in _TABLES.items():
        named = columns.split(", ")
        updates = ", ".join(f"{each} = excluded.{each}" for each in named[1:])
        connection.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(named))})"
            f" ON CONFLICT (id) DO UPDATE SET {updates}",
            rows[table],
        )


def _check_names(connection: sqlite3.Connection, rows: Rows, name: str) -> None:
    """Raise ArchiveError where a shard has entities of its own, or other corrections."""
    slugs = {row[0]: row[1] for row in rows["entities"]}
    own = connection.execute("SELECT id, slug FROM entities").fetchall()
    said = connection.execute(f"SELECT {_TABLES['corrections']} FROM corrections ORDER BY id")
    corrected = said.fetchall()
    articles = connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone()
    if any(slugs.get(number) != slug for number, slug in own) or (
        articles and corrected != rows["corrections"]
    ):
        raise ArchiveError(
            f"{name} has other entities than the other shards: `syriasearch cluster merge` makes "
            "one archive of them, to be split anew"
        )


def leader(states: Sequence[State]) -> int:
    """Return the shard that lacks no name."""
    return max(range(len(states)), key=lambda at: (states[at].entities, states[at].articles))
