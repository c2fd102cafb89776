"""Small operations on a connection that every package uses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

Value = TypeVar("Value")

STEPS = 10_000
"""Number of virtual machine steps of SQLite between two looks at the clock: some tenths of a
millisecond."""


def fetch_int(
    connection: sqlite3.Connection, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> int:
    """Return the integer that a query finds in its first column; 0 for NULL or no row."""
    row = connection.execute(sql, values).fetchone()
    return int(row[0] or 0) if row else 0


def roll_back(connection: sqlite3.Connection) -> None:
    """End a transaction, if an error has not ended it already.

    SQLite does so by itself if the disk is full or fails. Another error here would only hide the
    first one: what cannot be rolled back now, the next connection plays back (`hot_journal`).
    """
    if connection.in_transaction:
        with suppress(sqlite3.DatabaseError):
            connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Begin a transaction for writing; commit at the end, or roll back after an exception.

    Within another transaction, the block is a part of it.
    """
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def select_paths(connection: sqlite3.Connection, table: str, root: str, prefix: str) -> set[str]:
    """Return the paths of a root's articles or files that begin with a prefix."""
    rows = connection.execute(f"SELECT path FROM {table} WHERE root = ?", (root,))
    return {path for (path,) in rows if path.startswith(prefix)}


def cached_per_version(
    connection: sqlite3.Connection, name: str, read: Callable[[sqlite3.Connection], Value]
) -> Value:
    """Return the cached value of this name, reading it through the connection if it is not cached.

    Call it inside a transaction. Values are valid until another connection changes the archive
    (`PRAGMA data_version`).
    """
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    cache: dict[str, Any] = getattr(connection, "cache", {})
    if cache.get("version") != version:
        cache.clear()
        cache["version"] = version
    if name not in cache:
        cache[name] = read(connection)
    found: Value = cache[name]
    return found


def write_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Store a setting of the archive."""
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
