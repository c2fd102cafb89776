"""The migration of mentions to their compact form.

Up to schema version 8 `mentions` was a table with rowids, which stored all of its columns.
"""

from __future__ import annotations

import sqlite3

from .mention_codes import encode_reason, encode_recognizer
from .schema import create_statements

_OLD = "mentions_of_version_8"
_COPY = f"""
INSERT INTO mentions (paragraph_id, number, entity_id, start, surface, found_by, why, found_id)
SELECT paragraph_id, row_number() OVER (PARTITION BY paragraph_id ORDER BY id) - 1,
  entity_id, start, surface, found_by_of(recognizer), why_of(reason), found_id
FROM {_OLD} ORDER BY paragraph_id, id
"""


def compact(connection: sqlite3.Connection) -> None:
    """Make the table of mentions again, in a transaction, if it is that of an older version."""
    columns = {row[1]: row[6] for row in connection.execute("PRAGMA table_xinfo(mentions)")}
    if columns.get("recognizer") != 0:
        return
    statements = {
        name: sql for name, sql in create_statements().items() if name.startswith("mentions")
    }
    connection.create_function("found_by_of", 1, encode_recognizer)
    connection.create_function("why_of", 1, encode_reason)
    connection.execute(f"ALTER TABLE mentions RENAME TO {_OLD}")
    for index in ("mentions_entity", "mentions_found"):
        connection.execute(f"DROP INDEX IF EXISTS {index}")
    connection.execute(statements.pop("mentions"))
    connection.execute(_COPY)
    connection.execute(f"DROP TABLE {_OLD}")
    for statement in statements.values():
        connection.execute(statement)
