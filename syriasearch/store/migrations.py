"""Migrations of an archive's schema.

sqlite-utils records the names of the applied migrations in the archive's table
`_sqlite_migrations`. All that are due run in one transaction, each in a savepoint of it, and
`PRAGMA user_version` is set in the same transaction, so a process that is killed leaves the archive
unchanged. Readers check only the version.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from .compact_names import compact_alias_keys, compact_mentions
from .replacements_migration import add_replacements
from .schema import APPLICATION_ID, INDEX_SETTINGS, VERSION, check_archive, create_statements
from .sql import transaction, write_setting
from .stem_versions import SETTING, current_versions

_FOLDED = "folded TEXT GENERATED ALWAYS AS (ifnull(normalized, text)) VIRTUAL"
MIGRATIONS = Migrations("syriasearch")
"""All migrations, in order. A new one raises `schema.VERSION` by one; after the first release it
changes only comments of `schema.sql`.

`table.transform()` of sqlite-utils drops triggers: a migration that calls it must restore them.
"""


@MIGRATIONS()
def create(database: Database) -> None:
    """Create the schema of `schema.sql`."""
    for statement in create_statements().values():
        database.conn.execute(statement)
    database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@MIGRATIONS()
def store_folded_text(database: Database) -> None:
    """Let `paragraphs` hold its folded text instead of computing it in SQL.

    The writer fills it (`store.folds`), as the record of an older archive lacks a version of folds.
    """
    columns = {row[1] for row in database.conn.execute("PRAGMA table_xinfo(paragraphs)")}
    if "unmarked" not in columns:
        return
    statements = create_statements()
    triggers = [
        name
        for name in statements
        if name.startswith("paragraphs_") and "TRIGGER" in statements[name]
    ]
    for trigger in triggers:
        database.conn.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for column in ("folded", "unmarked"):
        database.conn.execute(f"ALTER TABLE paragraphs DROP COLUMN {column}")
    for column in ("normalized TEXT", _FOLDED):
        database.conn.execute(f"ALTER TABLE paragraphs ADD COLUMN {column}")
    for trigger in triggers:
        database.conn.execute(statements[trigger])


@MIGRATIONS()
def keep_deleted_articles(database: Database) -> None:
    """Add the table of the articles that users deleted."""
    names = [name for name in create_statements() if name.startswith("deleted_articles")]
    existing = set(database.table_names())
    for name in names if "deleted_articles" not in existing else ():
        database.conn.execute(create_statements()[name])


@MIGRATIONS()
def store_replacements(database: Database) -> None:
    """Add the column of replacements; packed postings need no change of the schema."""
    columns = {row[1] for row in database.conn.execute("PRAGMA table_xinfo(paragraphs)")}
    if "replacements" not in columns:
        add_replacements(database.conn)
    database.conn.execute(INDEX_SETTINGS)


@MIGRATIONS()
def compact_names(database: Database) -> None:
    """Store mentions by paragraph, recognizers and reasons in short, and keys by alias."""
    compact_mentions(database.conn)
    compact_alias_keys(database.conn)


@MIGRATIONS()
def shorten_postings(database: Database) -> None:
    """Change nothing: new rows of postings are in a form that older programs cannot read."""


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring an archive to the current version, in one transaction; an empty one gets all tables.

    `path` is for messages. Raises NotAnArchiveError and ArchiveVersionError.
    """
    if check_archive(connection, path) == VERSION:
        return
    with transaction(connection):
        is_new = not check_archive(connection, path)  # another process may have been first
        _apply(connection)
        if is_new:
            write_setting(connection, SETTING, current_versions())


def _apply(connection: sqlite3.Connection) -> None:
    # The plugins and recursive triggers of sqlite-utils are for other databases.
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    MIGRATIONS.apply(database)
    connection.execute(f"PRAGMA user_version = {VERSION}")
