"""Small operations on a connection that every package uses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress


def fetch_int(
    connection: sqlite3.Connection, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> int:
    """Return the integer that a query finds in its first column; 0 for NULL or no row."""
    row = connection.execute(sql, values).fetchone()
    return int(row[0] or 0) if row else 0


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Begin a transaction for writing; commit at the end, or roll back after an exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself.
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise


def select_paths(connection: sqlite3.Connection, table: str, root: str, prefix: str) -> set[str]:
    """Return the paths of a root's articles or files that begin with a prefix."""
    rows = connection.execute(f"SELECT path FROM {table} WHERE root = ?", (root,))
    return {path for (path,) in rows if path.startswith(prefix)}
