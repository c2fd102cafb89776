"""The table of source files, by which files unchanged since they were read are passed over.

A file is identified by its root and its path under it, as articles are. It is unchanged if it has
the size and the modification time that it was read with; or, if only the time differs, the same
hash. How it was read counts too: with another format, other columns or another version of the
program it is read again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .sql import fetch_int, select_paths
from .sqlite_errors import translate_errors

HASHED = 256 * 1024 * 1024
"""Size in bytes up to which files are hashed, which means reading them once more. Larger files are
compared by size and time only."""
RECENT_NS = 2_000_000_000
"""Age in nanoseconds below which a modification time is not trusted: a file changed so shortly
before it was read may change again without a change of its time."""
_UNREAD = -1

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
        return self._replace(size=_UNREAD)


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
        return self._connection.execute(
            "SELECT path, message FROM ingest_problems WHERE file_id = ? AND run_id = ? AND lost"
            " ORDER BY id",
            (row.id, row.run_id),
        ).fetchall()

    def unread_folders(self) -> list[str]:
        """Return the paths that runs could not read and that are not files."""
        rows = self._connection.execute(
            "SELECT DISTINCT path FROM ingest_problems WHERE lost AND file_id IS NULL"
        )
        return [path for (path,) in rows]

    def open(self, key: FileKey, run_id: int) -> int:
        """Record that a file is being read; return its id in `files`."""
        return fetch_int(
            self._connection,
            "INSERT INTO files (root, path, size, reading, articles, lost, run_id)"
            f" VALUES (?, ?, {_UNREAD}, '', 0, 0, ?)"
            f" ON CONFLICT (root, path) DO UPDATE SET size = {_UNREAD}, run_id = excluded.run_id"
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
            f"UPDATE files SET size = {_UNREAD}"
            " WHERE root IN (SELECT root FROM articles WHERE content_hash = '')"
        )

    def sweep(self, roots: Iterable[str]) -> None:
        """Delete the files of all roots that are neither among `roots` nor those of articles."""
        stored = {root for (root,) in self._connection.execute("SELECT DISTINCT root FROM files")}
        self._connection.executemany(
            "DELETE FROM files WHERE root = ? AND root NOT IN (SELECT root FROM articles)",
            ((root,) for root in stored - set(roots)),
        )


def file_stat(path: Path) -> FileStat:
    """Return the status of a file on disk. Raises OSError."""
    status = path.stat()
    return FileStat(status.st_size, status.st_mtime_ns)


def read_as(path: Path, before: FileStat, *, recent: bool, reading: str) -> ReadState:
    """Return the state to store of a file that was read; `before` is its status before that.

    The modification time of a `recent` file is not stored. A file that changed meanwhile, or that
    cannot be read again for its hash, counts as unread.
    """
    if before.tag is not None:
        return ReadState(before.size, before.modified, before.tag, reading)
    size: int = before.size
    digest = None
    try:
        digest = digest_of(path, size)
        if file_stat(path) != before:
            size = _UNREAD
    except OSError:
        # A file that cannot be read is read again by the next run.
        size = _UNREAD
    return ReadState(size, None if recent else before.modified, digest, reading)


def digest_of(path: Path, size: int) -> str | None:
    """Return a file's hash (BLAKE2b, 16 bytes, hexadecimal), None if too large. Raises OSError."""
    if size > HASHED:
        return None
    found = hashlib.blake2b(digest_size=16)
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def is_same(row: FileRow, path: Path, stamp: FileStat, reading: str) -> bool:
    """Return whether a file is unchanged since it was read, and would be read in the same way."""
    if row.size != stamp.size or row.reading != reading:
        return False
    if stamp.tag is not None:
        return row.digest == stamp.tag
    if row.modified == stamp.modified:
        return True
    try:
        return row.digest is not None and digest_of(path, stamp.size) == row.digest
    except OSError:
        return False


class RetryPolicy:
    """Retry policy: which files are read again because part of them could not be read.

    `unread_folders` are paths of folders that could not be read.
    """

    def __init__(self, unread_folders: list[str]) -> None:
        self._folders = unread_folders

    def wants(self, key: FileKey, row: FileRow | None) -> bool:
        """Return whether a file is read again; `row` is its row in `files`, None if it has none."""
        if row is not None:
            return row.lost > 0
        return any(key[1].startswith(folder + "/") for folder in self._folders)
