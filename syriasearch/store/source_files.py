"""The table of source files, by which files unchanged since they were read are passed over.

A file is identified by its root and its path under it, as articles are. `ingest.unchanged` decides
whether it is the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from .sql import fetch_int, select_paths
from .sqlite_errors import translate_errors
from .values import RowCheck

UNREAD = -1
"""The size of a file that has not been read to its end."""

FileKey = tuple[str, str]
"""A file's root, and its path under it."""


class FileStat(NamedTuple):
    """The status of a file, without its content."""

    size: int
    """Size in bytes."""
    modified: int
    """Modification time, in nanoseconds since 1970."""
    tag: str | None = None
    """The entity tag by which a bucket identifies the content; None for a file on disk."""


class ReadState(NamedTuple):
    """The state of a file when it was read, and how it was read."""

    size: int
    """Size in bytes; -1 if the file has not been read to its end."""
    modified: int | None
    """Modification time, in nanoseconds since 1970; None if it is not trusted."""
    digest: str | None
    """The hash or entity tag of the content; None if the file is too large or was not readable."""
    reading: str
    """How it was read: a value that changes with format, columns and program."""

    def to_be_repeated(self) -> ReadState:
        """Return a state with which the next run reads the file again, even if it is unchanged."""
        return self._replace(size=UNREAD)


class FileRow(NamedTuple):
    """A row of `files`: an id, a `ReadState`, and what the last run reported."""

    id: int
    size: int
    modified: int | None
    digest: str | None
    reading: str
    articles: int
    """Number of articles in it."""
    lost: int
    """Number of articles in it that could not be read."""
    run_id: int
    """The run that last reported on it."""


_PROBLEMS = RowCheck("ingest_problems", ("path", "message"))


class SourceFileTable:
    """The table `files` of one archive, through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path

    def row(self, key: FileKey) -> FileRow | None:
        """Return the row of a file, None if it has none."""
        with translate_errors(self._path):
            row = self._connection.execute(
                f"SELECT {', '.join(FileRow._fields)} FROM files WHERE root = ? AND path = ?", key
            ).fetchone()
        return row and FileRow(*row)

    def lost(self, row: FileRow) -> list[tuple[str, str]]:
        """Return path and message of the problems for which articles of a file are missing."""
        with translate_errors(self._path):
            rows = self._connection.execute(
                "SELECT path, message FROM ingest_problems"
                " WHERE file_id = ? AND run_id = ? AND lost ORDER BY id",
                (row.id, row.run_id),
            )
            return list(_PROBLEMS.rows(rows))

    def unread_folders(self) -> list[str]:
        """Return the paths that runs could not read and that are not files."""
        with translate_errors(self._path):
            rows = self._connection.execute(
                "SELECT DISTINCT path, '' FROM ingest_problems WHERE lost AND file_id IS NULL"
            )
            return [path for path, _ in _PROBLEMS.rows(rows)]

    def open(self, key: FileKey, run_id: int) -> int:
        """Record that a file is being read; return its id in `files`."""
        return fetch_int(
            self._connection,
            "INSERT INTO files (root, path, size, reading, articles, lost, run_id)"
            f" VALUES (?, ?, {UNREAD}, '', 0, 0, ?)"
            f" ON CONFLICT (root, path) DO UPDATE SET size = {UNREAD}, run_id = excluded.run_id"
            " RETURNING id",
            (*key, run_id),
        )

    def close(self, number: int, read: ReadState, *, articles: int, lost: int) -> None:
        """Record that a file was read, with the numbers of its articles and of those lost."""
        self._connection.execute(
            "UPDATE files SET size = ?, modified = ?, digest = ?, reading = ?, articles = ?,"
            " lost = ? WHERE id = ?",
            (*read, articles, lost, number),
        )

    def report_again(self, key: FileKey, run_id: int) -> int | None:
        """Record that a run reports a file's problems again; return the file's id, None if new."""
        update = "UPDATE files SET run_id = ? WHERE root = ? AND path = ? RETURNING id"
        return fetch_int(self._connection, update, (run_id, *key)) or None

    def touch(self, row: FileRow, stamp: FileStat) -> None:
        """Record that only the modification time of a file has changed."""
        self._connection.execute(
            "UPDATE files SET modified = ? WHERE id = ?", (stamp.modified, row.id)
        )

    def paths(self, root: str, prefix: str) -> set[str]:
        """Return the paths of a root's files that begin with a prefix."""
        return select_paths(self._connection, "files", root, prefix)

    def forget(self, root: str, paths: set[str]) -> None:
        """Delete the rows of files of a root that no longer exist."""
        self._connection.executemany(
            "DELETE FROM files WHERE root = ? AND path = ?", ((root, path) for path in paths)
        )

    def mark_unread(self) -> None:
        """Mark as unread the files of roots with an article whose content hash is unknown."""
        self._connection.execute(
            f"UPDATE files SET size = {UNREAD}"
            " WHERE root IN (SELECT root FROM articles WHERE content_hash = '')"
        )

    def sweep(self, roots: Iterable[str]) -> None:
        """Delete the files of all roots that are neither among `roots` nor those of articles."""
        stored = {root for (root,) in self._connection.execute("SELECT DISTINCT root FROM files")}
        self._connection.executemany(
            "DELETE FROM files WHERE root = ? AND root NOT IN (SELECT root FROM articles)",
            ((root,) for root in stored - set(roots)),
        )
