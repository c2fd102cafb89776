"""Which article has a source become?

An article is known by its root, the folder that was ingested, and its path under it; or, where the
folder has moved, by its path and its content.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from .connection import told_plainly


class Origins:
    """Where the articles of an archive have come from."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self.is_there: Callable[[str, str], bool] = lambda root, path: False
        """Tells whether the file of a root's article is still there."""

    def find(self, root: str, path: str, content_hash: str) -> tuple[int, str, str] | None:
        """Return id, hash and root of the article that a source has become."""
        with told_plainly(self._path):
            rows: list[tuple[int, str, str]] = self._connection.execute(
                "SELECT id, content_hash, root FROM articles"
                " WHERE path = :path AND (root = :root OR content_hash = :hash)"
                " ORDER BY root = :root DESC",
                {"path": path, "root": root, "hash": content_hash},
            ).fetchall()
        # A folder has moved only where its file is no longer there.
        return next(
            (row for row in rows if row[2] == root or not self.is_there(row[2], path)), None
        )

    def is_unchanged(self, root: str, path: str, content_hash: str) -> bool:
        """Tell whether an article stands in the archive just as it was read now."""
        existing = self.find(root, path, content_hash)
        return existing is not None and existing[1:] == (content_hash, root)

    def paths(self, root: str, prefix: str) -> set[str]:
        """Return the paths of a root's articles that begin with a prefix."""
        with told_plainly(self._path):
            rows = self._connection.execute("SELECT path FROM articles WHERE root = ?", (root,))
            return {path for (path,) in rows if path.startswith(prefix)}

    def count(self, root: str, name: str) -> int:
        """Return how many articles a file of a root has become."""
        with told_plainly(self._path):
            # From "name#" up to "name$", the character behind the hash.
            found: int = self._connection.execute(
                "SELECT (SELECT count(*) FROM articles WHERE root = :root AND path = :name)"
                " + (SELECT count(*) FROM articles WHERE root = :root"
                " AND path >= :name || '#' AND path < :name || '$')",
                {"root": root, "name": name},
            ).fetchone()[0]
        return found

    def roots(self) -> set[str]:
        """Return the roots of all articles."""
        with told_plainly(self._path):
            rows = self._connection.execute("SELECT DISTINCT root FROM articles")
            return {root for (root,) in rows}

    def sources(self) -> list[str]:
        """Return what earlier runs were asked to read, the latest last."""
        with told_plainly(self._path):
            rows = self._connection.execute("SELECT DISTINCT sources FROM ingest_runs ORDER BY id")
            return [source for (sources,) in rows for source in json.loads(sources)]
