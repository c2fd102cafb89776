"""Provenance: the stored article that was read from a given source file.

An article is identified by its root, the folder that was ingested, and its path under it; or, if
the folder has moved, by its path and the hash of its content; or, if its file was renamed, by that
hash alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .sql import fetch_int, select_paths
from .sqlite_errors import translate_errors
from .values import RowCheck, are_texts, read_json

HEAD = 20
"""The number of paragraphs by which a stored article is compared with a document."""
_HASHES = RowCheck("articles", ("path", "content_hash"))
_STORED = RowCheck("articles", ("content_hash", "url", "title", "#"))


class StoredArticle(NamedTuple):
    """What of a stored article tells whether a document is that article."""

    content_hash: str
    url: str | None
    title: str
    text: str | None
    """The first paragraphs; None if its text is not in the archive."""


class Provenance:
    """The sources of the articles of one archive.

    Errors of SQLite are raised as the package's own (`sqlite_errors`).
    """

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self.is_there: Callable[[str, str], bool] = lambda root, path: False
        """Returns whether the source of an article, by root and path, still exists."""
        self._gone: dict[str, list[tuple[int, str, str]]] = {}
        """Id, content hash and root of the articles whose source has gone, by content hash."""

    def note_gone(self, root: str, paths: Iterable[str]) -> None:
        """Note articles whose source has gone: the same content elsewhere is the renamed file."""
        with translate_errors(self._path):
            for path in sorted(paths):
                for row in self._connection.execute(
                    "SELECT id, content_hash, root FROM articles WHERE root = ? AND path = ?",
                    (root, path),
                ):
                    rows = self._gone.setdefault(row[1], [])
                    if row not in rows:
                        rows.append(row)

    def note_found(self, article: int, content_hash: str) -> None:
        """Note that an article has a source again."""
        rows = self._gone.get(content_hash, [])
        rows[:] = [row for row in rows if row[0] != article]

    def find(self, root: str, path: str, content_hash: str) -> tuple[int, str, str] | None:
        """Return id, content hash and root of the article read from a source, None if none was.

        A renamed file is recognized if its old place was noted (`note_gone`).
        """
        gone = self._gone.get(content_hash)
        return self._find(root, path, content_hash) or (gone[0] if gone else None)

    def _find(self, root: str, path: str, content_hash: str) -> tuple[int, str, str] | None:
        with translate_errors(self._path):
            rows: list[tuple[int, str, str]] = self._connection.execute(
                "SELECT id, content_hash, root FROM articles"
                " WHERE path = :path AND (root = :root OR content_hash = :hash)",
                {"path": path, "root": root, "hash": content_hash},
            ).fetchall()
        rows.sort(key=lambda row: row[2] != root)
        # A folder has moved only if the file no longer exists in its old place.
        return next(
            (row for row in rows if row[2] == root or not self.is_there(row[2], path)), None
        )

    def is_unchanged(self, root: str, path: str, hashes: Sequence[str]) -> bool:
        """Return whether an article is stored with this source and one of these content hashes."""
        existing = self._find(root, path, hashes[0])
        return existing is not None and existing[1] in hashes and existing[2] == root

    def stored(self, root: str, path: str) -> StoredArticle | None:
        """Return the article that is stored with a source."""
        with translate_errors(self._path):
            rows = self._connection.execute(
                "SELECT content_hash, url, title, (SELECT group_concat(text, char(10)) FROM ("
                "SELECT text FROM paragraphs WHERE article_id = articles.id AND kind != 'title'"
                " ORDER BY position LIMIT ?)) FROM articles WHERE root = ? AND path = ?",
                (HEAD, root, path),
            )
            return next(map(StoredArticle._make, _STORED.rows(rows)), None)

    def hashes(self, root: str, name: str) -> dict[str, str]:
        """Return the content hashes of the articles that were read from a file, by their paths."""
        with translate_errors(self._path):
            rows = self._connection.execute(
                "SELECT path, content_hash FROM articles"
                " WHERE root = :root AND path > :name || '#' AND path < :name || '$' ORDER BY id",
                {"root": root, "name": name},
            )
            return dict(_HASHES.rows(rows))

    def paths(self, root: str, prefix: str) -> set[str]:
        """Return the paths of a root's articles that begin with a prefix."""
        with translate_errors(self._path):
            return select_paths(self._connection, "articles", root, prefix)

    def count(self, root: str, name: str) -> int:
        """Return the number of articles that were read from a file of a root."""
        with translate_errors(self._path):
            # From "name#" up to "name$": the dollar sign follows the hash sign.
            return fetch_int(
                self._connection,
                "SELECT (SELECT count(*) FROM articles WHERE root = :root AND path = :name)"
                " + (SELECT count(*) FROM articles WHERE root = :root"
                " AND path >= :name || '#' AND path < :name || '$')",
                {"root": root, "name": name},
            )

    def roots(self) -> set[str]:
        """Return the roots of all articles."""
        with translate_errors(self._path):
            rows = self._connection.execute("SELECT DISTINCT root FROM articles")
            return {root for (root,) in rows}

    def sources(self) -> list[str]:
        """Return the files and folders that earlier runs were given, the latest last."""
        with translate_errors(self._path):
            rows = self._connection.execute("SELECT DISTINCT sources FROM ingest_runs ORDER BY id")
            return [
                source
                for (sources,) in rows
                for source in read_json(sources, "ingest_runs", are_texts)
            ]
