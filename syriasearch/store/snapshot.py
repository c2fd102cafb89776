"""Values cached with a connection until another connection writes to the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")


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
