"""State of a shard, and the names that it has in common with all other shards.

Entities and their names have the same ids in all shards, which meet them in the same order. A run
that was interrupted leaves shards that lack the last ones, and a new shard lacks all of them: they
are copied from a shard that lacks none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from ...errors import ArchiveError
from ...store.stem_versions import SETTING
from ..rows import Row, insert_rows, read_rows, upsert_rows

NameRows: TypeAlias = Mapping[str, list[Row]]
"""The rows of each table that all shards have in common."""

NAME_TABLES = ("corrections", "settings", "gazetteers", "entities", "aliases", "alias_keys")
_STATE = """
SELECT (SELECT count(*) FROM articles), (SELECT ifnull(max(id), 0) FROM ingest_runs),
  NOT EXISTS (SELECT 1 FROM ingest_runs WHERE finished_at IS NULL
    AND id = (SELECT max(id) FROM ingest_runs)),
  (SELECT count(*) FROM entities),
  (SELECT count(*) || ' ' || max(id) || ' ' || total(id) FROM entities)
    || (SELECT count(*) || ' ' || max(id) || ' ' || total(entity_id) FROM aliases)
    || (SELECT count(*) || ' ' || total(undone_at IS NULL) FROM corrections)
"""


class ShardState(NamedTuple):
    """The state of a shard before or after a run."""

    articles: int
    run: int
    """The number of its last run."""
    finished: bool
    """Whether its last run has finished."""
    entities: int
    names: str | None
    """A summary of its names, which tells shards apart whose runs have finished."""


def read_state(connection: sqlite3.Connection) -> ShardState:
    """Return the state of a shard."""
    return ShardState(*connection.execute(_STATE).fetchone())


def read_names(connection: sqlite3.Connection) -> NameRows:
    """Return the rows of names."""
    # Which stems a shard has is its own affair.
    nulls = {"settings": ["id"]}
    return {
        table: read_rows(
            connection,
            table,
            f"name != '{SETTING}'" if table == "settings" else "true",
            nulls=nulls.get(table, ()),
        ).fetchall()
        for table in NAME_TABLES
    }


def write_names(connection: sqlite3.Connection, rows: NameRows, name: str) -> None:
    """Write the rows of names of another shard, within a transaction.

    Raises ArchiveError if this shard has entities that the other lacks, or other corrections.
    """
    slugs = {row[0]: row[1] for row in rows["entities"]}
    own = connection.execute("SELECT id, slug FROM entities").fetchall()
    corrections = read_rows(connection, "corrections").fetchall()
    has_articles = connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone()
    if any(slugs.get(number) != slug for number, slug in own) or (
        has_articles and corrections != rows["corrections"]
    ):
        raise ArchiveError(
            f"{name} has other entities than the other shards: `syriasearch cluster merge` makes "
            "one archive of them, to be split anew"
        )
    replace_names(connection, rows)


def replace_names(connection: sqlite3.Connection, rows: NameRows) -> None:
    """Write the rows of names; other entities stay, as mentions may refer to them."""
    for table in reversed(NAME_TABLES):
        if table != "entities":
            kept = f"name = '{SETTING}'" if table == "settings" else "false"
            connection.execute(f"DELETE FROM {table} WHERE NOT ({kept})")
    for table in NAME_TABLES:
        if table == "entities":
            upsert_rows(connection, table, rows[table])
        else:
            insert_rows(connection, table, rows[table])
