"""The migrations of an archive's schema.

sqlite-utils keeps the names of those that an archive has had in its table `_sqlite_migrations`. All
that are due run in one transaction, each of them in a savepoint of it, and `PRAGMA user_version`
is set in the same transaction: a process that is killed leaves the archive as it was. Readers look
at the version alone.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from sqlite_utils import Database, Migrations

from .schema import APPLICATION_ID, SCHEMA, VERSION, check_archive, split_statements

MIGRATIONS = Migrations("syriasearch")
"""In order. A new one raises `schema.VERSION` by one, and leaves `SCHEMA` as it is.

`table.transform()` of sqlite-utils drops triggers: a migration that calls it puts them back.
"""


@MIGRATIONS()
def create(database: Database) -> None:
    """Create the tables of `SCHEMA`."""
    for statement in split_statements(SCHEMA):
        database.conn.execute(statement)
    database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring an archive to the current version, in one transaction; create it where it is empty."""
    if check_archive(connection, path) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        check_archive(connection, path)  # another process may have been first
        _apply(connection)
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself.
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise


def empty_archive() -> sqlite3.Connection:
    """Return an archive with nothing in it, in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _apply(connection)
    return connection


def _apply(connection: sqlite3.Connection) -> None:
    # Its plugins and triggers are for others' databases.
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    MIGRATIONS.apply(database)
    connection.execute(f"PRAGMA user_version = {VERSION}")
