"""The migration of `paragraphs` to schema version 9.

No row is written: those that are there keep their folded text as a whole, until it is folded again
or `optimize` packs it (`folds.pack_folds`). So it takes milliseconds, whatever the archive's size.
"""

from __future__ import annotations

import sqlite3

from .schema import FOLDED, create_statements


def add_replacements(connection: sqlite3.Connection) -> None:
    """Add `paragraphs.replacements`, and let `folded` make use of it, inside a transaction."""
    triggers = {
        name: sql
        for name, sql in create_statements().items()
        if name.startswith("paragraphs_") and "TRIGGER" in sql
    }
    for name in triggers:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    # A computed column is not stored, so that it can be dropped without a change of rows.
    connection.execute("ALTER TABLE paragraphs DROP COLUMN folded")
    for column in ("replacements TEXT", f"folded TEXT GENERATED ALWAYS AS ({FOLDED}) VIRTUAL"):
        connection.execute(f"ALTER TABLE paragraphs ADD COLUMN {column}")
    for sql in triggers.values():
        connection.execute(sql)
