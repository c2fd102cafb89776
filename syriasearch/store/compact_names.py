"""The migration of mentions and alias keys to their compact form.

Up to schema version 8 both were tables with rowids, and `mentions` stored all of its columns.
"""

from __future__ import annotations

import sqlite3

from .mention_codes import encode_reason, encode_recognizer
from .schema import create_statements

_OLD = "rows_of_version_8"
_MENTIONS = f"""
INSERT INTO mentions (paragraph_id, number, entity_id, start, surface, found_by, why, found_id)
SELECT paragraph_id, row_number() OVER (PARTITION BY paragraph_id ORDER BY id) - 1,
  entity_id, start, surface, found_by_of(recognizer), why_of(reason), found_id
FROM {_OLD} ORDER BY paragraph_id, id
"""
_ALIAS_KEYS = f"""
INSERT INTO alias_keys (alias_id, skeleton, form, part)
SELECT alias_id, skeleton, form, part FROM {_OLD} WHERE true ORDER BY alias_id, id
ON CONFLICT DO NOTHING
"""


def compact_mentions(connection: sqlite3.Connection) -> None:
    """Make the table of mentions again, in a transaction, if it is that of an older version."""
    connection.create_function("found_by_of", 1, encode_recognizer)
    connection.create_function("why_of", 1, encode_reason)
    _make_again(connection, "mentions", _MENTIONS)


def compact_alias_keys(connection: sqlite3.Connection) -> None:
    """Make the table of alias keys again, likewise."""
    _make_again(connection, "alias_keys", _ALIAS_KEYS)


def _make_again(connection: sqlite3.Connection, table: str, copy: str) -> None:
    columns = connection.execute(f"PRAGMA table_info({table})")
    if ("id", 1) not in [(row[1], row[5]) for row in columns]:
        return
    statements = {
        name: sql
        for name, sql in create_statements().items()
        if name == table or name.startswith(f"{table}_")
    }
    connection.execute(f"ALTER TABLE {table} RENAME TO {_OLD}")
    for index in statements.keys() - {table}:
        connection.execute(f"DROP INDEX IF EXISTS {index}")
    connection.execute(statements.pop(table))
    connection.execute(copy)
    connection.execute(f"DROP TABLE {_OLD}")
    for statement in statements.values():
        connection.execute(statement)
