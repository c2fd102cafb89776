"""Creation of archives, as the migrations make them.

To import sqlite-utils takes longer than to ingest a few articles, so an archive that is new or
current does without: the tables are those of `schema.sql`, and the table that records migrations
has all of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

from . import schema
from .commits import commit
from .schema import (
    APPLICATION_ID,
    FIRST_VERSION,
    INDEX_SETTINGS,
    RECORD,
    check_archive,
    create_statements,
)
from .sql import fetch_int, roll_back, transaction, write_setting
from .stem_versions import SETTING, current_versions

MIGRATION_SET = "syriasearch"
APPLIED = (
    "create",
    "store_folded_text",
    "keep_deleted_articles",
    "store_replacements",
    "compact_names",
    "shorten_postings",
)
"""The names of the migrations, in order (`migrations`). While one is missing here, a new archive is
made by them."""
_RECORD = (
    'CREATE TABLE "_sqlite_migrations" (\n   "id" INTEGER PRIMARY KEY,\n'
    '   "migration_set" TEXT,\n   "name" TEXT,\n   "applied_at" TEXT\n)',
    'CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"\n'
    '    ON "_sqlite_migrations" ("migration_set", "name")',
)
"""The table of sqlite-utils, as version 4 creates it."""


@contextmanager
def whole_migration(connection: sqlite3.Connection, path: str) -> Iterator[None]:
    """Bring an archive to the current version in one transaction with what the block writes.

    The block is to write what is derived from the texts in another way than before, so that an
    archive that is interrupted is one of the old version or of the new one. In one of the current
    version it has no transaction. Raises as `create_or_migrate`.
    """
    if check_archive(connection, path) == schema.VERSION:
        yield
        return
    # A table that is made again keeps rows that refer to nothing, which `doctor` finds.
    checked = fetch_int(connection, "PRAGMA foreign_keys")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        create_or_migrate(connection, path)
        yield
        commit(connection)
    except BaseException:
        roll_back(connection)
        raise
    finally:
        connection.execute(f"PRAGMA foreign_keys = {checked}")


def create_or_migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring an archive to the current version, in one transaction; an empty one gets all tables.

    `path` is for messages. Raises NotAnArchiveError and ArchiveVersionError.
    """
    version = check_archive(connection, path)
    if version == 0 and len(APPLIED) == schema.VERSION - FIRST_VERSION + 1:
        with transaction(connection):
            version = check_archive(connection, path)  # another process may have been first
            if version == 0:
                _create(connection)
                return
    if version != schema.VERSION:
        from .migrations import migrate

        migrate(connection, path)


def empty_archive() -> sqlite3.Connection:
    """Return a connection to an archive in memory without any articles or settings."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create_or_migrate(connection, ":memory:")
    connection.execute("DELETE FROM settings")
    return connection


def record_migrations(connection: sqlite3.Connection) -> None:
    """Record the migrations of the current version, and no others."""
    connection.execute(f"DELETE FROM {RECORD} WHERE migration_set = ?", (MIGRATION_SET,))
    applied = datetime.now(timezone.utc).isoformat(sep=" ", timespec="microseconds")
    connection.executemany(
        f"INSERT INTO {RECORD} (migration_set, name, applied_at) VALUES (?, ?, ?)",
        [(MIGRATION_SET, name, applied) for name in APPLIED],
    )


def records_migrations(connection: sqlite3.Connection) -> bool:
    """Return whether the migrations of the current version are recorded, and no others."""
    rows = connection.execute(
        f"SELECT name, typeof(applied_at) FROM {RECORD} WHERE migration_set = ?", (MIGRATION_SET,)
    )
    return sorted(rows, key=repr) == sorted(((name, "text") for name in APPLIED), key=repr)


def _create(connection: sqlite3.Connection) -> None:
    for statement in (*_RECORD, *create_statements().values()):
        connection.execute(statement)
    connection.execute(INDEX_SETTINGS)
    record_migrations(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    write_setting(connection, SETTING, current_versions())
