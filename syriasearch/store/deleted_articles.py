"""The articles that a user deleted: so that they do not return, and to restore them.

An article is known by its source, as `provenance` knows it, and by its content: a source that has
changed is ingested again. Until the next run, its text is kept too.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from .odd_values import MAX_DELETION
from .sql import fetch_int
from .sqlite_errors import translate_errors
from .values import DamagedValueError, RowCheck, read_json

MAX_CONTENT = 1 << 28
"""The maximum size of what restores an article, in bytes."""
_HASHES = RowCheck("deleted_articles", ("path", "content_hash"))
_OF_FILE = "root = :root AND (path = :path OR path >= :path || '#' AND path < :path || '$')"
"""The condition for the articles of a file: the dollar sign follows the hash sign."""


class DeletedArticle(NamedTuple):
    """An article that is to be deleted."""

    root: str
    path: str
    content_hash: str
    cleaning: int
    """The version of the cleaning that the hash covers."""
    content: dict[str, Any]
    """All that is needed to restore it."""


class DeletedArticles:
    """The table `deleted_articles` of one archive, through one connection."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        with translate_errors(path):
            table = "SELECT count(*) FROM sqlite_master WHERE name = 'deleted_articles'"
            self._exists = bool(fetch_int(connection, table))
        self._renewed: dict[int, tuple[str, int]] = {}

    def add(self, articles: Iterable[DeletedArticle], at: str) -> None:
        """Record articles that are deleted together, inside a transaction."""
        number = 1 + fetch_int(self._connection, "SELECT max(deletion) FROM deleted_articles")
        if number > MAX_DELETION:
            raise DamagedValueError(f"a row of deleted_articles has {number - 1} as deletion")
        for each in articles:
            self.forget(each.root, each.path)
            content = zlib.compress(json.dumps(each.content).encode())
            self._connection.execute(
                "INSERT INTO deleted_articles"
                " (deletion, deleted_at, root, path, content_hash, cleaning, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, at, *each[:4], content),
            )

    def take_last(self) -> Iterator[dict[str, Any]]:
        """Yield the contents of the articles deleted last, in order, inside a transaction.

        Their rows are removed first. Nothing is yielded if there are none that can be restored.
        """
        rows = self._connection.execute(
            "DELETE FROM deleted_articles WHERE deletion = (SELECT max(deletion)"
            " FROM deleted_articles WHERE content IS NOT NULL) RETURNING id, content"
        ).fetchall()
        return map(unpack_content, (content for _, content in sorted(rows)))

    def drop_contents(self) -> None:
        """Drop the texts, inside a transaction: these articles cannot be restored any more."""
        self._connection.execute(
            "UPDATE deleted_articles SET content = NULL WHERE content IS NOT NULL"
        )

    def covers(
        self,
        root: str,
        path: str,
        hashes: Sequence[str],
        cleaning: int,
        is_there: Callable[[str, str], bool],
    ) -> bool:
        """Return whether the article of a source was deleted, and has not changed since.

        `hashes` are those of its content, with the current version of the `cleaning`. A hash of an
        older version says nothing: then the same source is the same article, and its row is renewed
        by `write`. In a folder that has moved, its content is.
        """
        if not self._exists:
            return False
        with translate_errors(self._path):
            rows = self._connection.execute(
                "SELECT id, root, content_hash, cleaning FROM deleted_articles WHERE path = ?",
                (path,),
            ).fetchall()
        for number, its_root, content_hash, version in rows:
            is_same = content_hash in hashes
            if its_root != root:
                if is_same and not is_there(its_root, path):
                    return True
            elif is_same or version != cleaning:
                if not is_same:
                    self._renewed[number] = hashes[0], cleaning
                return True
        return False

    def write(self) -> None:
        """Write the hashes that were renewed, inside a transaction."""
        self._connection.executemany(
            "UPDATE deleted_articles SET content_hash = ?, cleaning = ? WHERE id = ?",
            ((*hashed, number) for number, hashed in self._renewed.items()),
        )
        self._renewed.clear()

    def count(self, root: str, path: str) -> int:
        """Return the number of deleted articles of a file."""
        if not self._exists:
            return 0
        with translate_errors(self._path):
            counted = f"SELECT count(*) FROM deleted_articles WHERE {_OF_FILE}"
            return fetch_int(self._connection, counted, {"root": root, "path": path})

    def hashes(self, root: str, path: str, cleaning: int) -> dict[str, str]:
        """Return the content hashes of the deleted articles of a file, by their paths.

        Those of another version of the cleaning are left out, as they say nothing.
        """
        if not self._exists:
            return {}
        with translate_errors(self._path):
            select = f"SELECT path, content_hash FROM deleted_articles WHERE {_OF_FILE}"
            values = {"root": root, "path": path, "cleaning": cleaning}
            rows = self._connection.execute(f"{select} AND cleaning = :cleaning", values)
            return dict(_HASHES.rows(rows))

    def forget(self, root: str, path: str) -> None:
        """Delete the record of an article, inside a transaction: it may be ingested again."""
        self._connection.execute(
            "DELETE FROM deleted_articles WHERE root = ? AND path = ?", (root, path)
        )

    def keep_only(self, root: str, path: str, articles: set[str]) -> None:
        """Delete the records of articles that a file no longer has, inside a transaction."""
        if not self.count(root, path):
            return
        select = f"SELECT path FROM deleted_articles WHERE {_OF_FILE}"
        rows = self._connection.execute(select, {"root": root, "path": path}).fetchall()
        for (article,) in rows:
            if article not in articles:
                self.forget(root, article)


def unpack_content(content: bytes) -> dict[str, Any]:
    """Return what restores an article. Raises DamagedValueError."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(content, MAX_CONTENT)
    except (TypeError, zlib.error) as error:
        raise DamagedValueError("the content of a deleted article cannot be unpacked") from error
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise DamagedValueError("the content of a deleted article is cut, or too long")
    found: dict[str, Any] = read_json(
        text.decode("utf-8", "replace"), "deleted_articles", lambda value: isinstance(value, dict)
    )
    return found
