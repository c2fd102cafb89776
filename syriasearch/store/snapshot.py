"""What was read from an archive, and is true as long as nothing else changes it?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

Kept = TypeVar("Kept")


def kept(connection: sqlite3.Connection, name: str, read: Callable[[], Kept]) -> Kept:
    """Return what was read from an archive as it stands now, reading it where it was not.

    To be called inside a transaction. It is kept until another connection changes the archive.
    """
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    cache: dict[str, Any] = getattr(connection, "cache", {})
    if cache.get("version") != version:
        cache.clear()
        cache["version"] = version
    if name not in cache:
        cache[name] = read()
    found: Kept = cache[name]
    return found
