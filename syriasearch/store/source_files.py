"""Which files were read, and which of them have not changed since?

A file is known by its root and its path under it, as articles are. It has not changed where its
size and the time of its last change are those that it was read with; or, where only the time is
another, where its hash is. How it was read counts too: another format, other columns, another
version of the program read it anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .connection import told_plainly

HASHED = 256 * 1024 * 1024
"""Of larger files only size and time count: hashing reads them once more."""
RECENT_NS = 2_000_000_000
"""A file that was changed less than this before it was read may change again at the same time: its
time says nothing."""
_UNREAD = -1

Key = tuple[str, str]
"""A file's root, and its path under it."""


class Stamp(NamedTuple):
    """What a file is like from outside."""

    size: int
    modified: int
    """When, in nanoseconds."""
    tag: str | None = None
    """What a bucket tells its content by; a file has none."""


class FileRow(NamedTuple):
    """What is known of a file that was read."""

    id: int
    size: int
    modified: int | None
    digest: str | None
    reading: str
    """How it was read, as one value that changes with it."""
    articles: int
    """How many articles it holds."""
    lost: int
    """How many could not be read."""
    run_id: int


class Files:
    """The files that an archive has read, through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path

    def row(self, key: Key) -> FileRow | None:
        """Return what is known of a file."""
        with told_plainly(self._path):
            row = self._connection.execute(
                f"SELECT {', '.join(FileRow._fields)} FROM files WHERE root = ? AND path = ?", key
            ).fetchone()
        return row and FileRow(*row)

    def lost(self, row: FileRow) -> list[tuple[str, str]]:
        """Return the problems for which articles of a file are missing: path and message."""
        return self._connection.execute(
            "SELECT path, message FROM ingest_problems WHERE file_id = ? AND run_id = ? AND lost"
            " ORDER BY id",
            (row.id, row.run_id),
        ).fetchall()

    def unread_folders(self) -> list[str]:
        """Return the paths of what runs could not read, and that is no file."""
        rows = self._connection.execute(
            "SELECT DISTINCT path FROM ingest_problems WHERE lost AND file_id IS NULL"
        )
        return [path for (path,) in rows]

    def open(self, key: Key, run_id: int) -> int:
        """Note that a file is being read, and not read yet; return its id."""
        (found,) = self._connection.execute(
            "INSERT INTO files (root, path, size, reading, articles, lost, run_id)"
            f" VALUES (?, ?, {_UNREAD}, '', 0, 0, ?)"
            f" ON CONFLICT (root, path) DO UPDATE SET size = {_UNREAD}, run_id = excluded.run_id"
            " RETURNING id",
            (*key, run_id),
        ).fetchone()
        return int(found)

    def close(self, number: int, read: Read, *, articles: int, lost: int) -> None:
        """Note that a file was read, and its articles stored, but for so many that were lost."""
        self._connection.execute(
            "UPDATE files SET size = ?, modified = ?, digest = ?, reading = ?, articles = ?,"
            " lost = ? WHERE id = ?",
            (*read, articles, lost, number),
        )

    def tell_again(self, key: Key, run_id: int) -> int | None:
        """Note that a file's problems were told by another run; return its id."""
        found = self._connection.execute(
            "UPDATE files SET run_id = ? WHERE root = ? AND path = ? RETURNING id", (run_id, *key)
        ).fetchone()
        return int(found[0]) if found else None

    def touch(self, row: FileRow, stamp: Stamp) -> None:
        """Note that a file has another time, and nothing else."""
        self._connection.execute(
            "UPDATE files SET modified = ? WHERE id = ?", (stamp.modified, row.id)
        )

    def paths(self, root: str, prefix: str) -> set[str]:
        """Return the paths of a root's files that begin with a prefix."""
        rows = self._connection.execute("SELECT path FROM files WHERE root = ?", (root,))
        return {path for (path,) in rows if path.startswith(prefix)}

    def forget(self, root: str, paths: set[str]) -> None:
        """Drop files that have gone."""
        self._connection.executemany(
            "DELETE FROM files WHERE root = ? AND path = ?", ((root, path) for path in paths)
        )

    def let_be_read(self) -> None:
        """Let files be read whose folder has an article of which the content is not known."""
        self._connection.execute(
            f"UPDATE files SET size = {_UNREAD}"
            " WHERE root IN (SELECT root FROM articles WHERE content_hash = '')"
        )

    def sweep(self, roots: Iterable[str]) -> None:
        """Drop the files of folders that are not there any more: neither `roots`, nor articles'."""
        gone = self._roots() - set(roots)
        self._connection.executemany(
            "DELETE FROM files WHERE root = ? AND root NOT IN (SELECT root FROM articles)",
            ((root,) for root in gone),
        )

    def _roots(self) -> set[str]:
        return {root for (root,) in self._connection.execute("SELECT DISTINCT root FROM files")}


class Read(NamedTuple):
    """What a file was like when it was read, and how it was read."""

    size: int
    modified: int | None
    digest: str | None
    reading: str

    def to_be_repeated(self) -> Read:
        """Return what has the file read again by the next run, though it is the same then."""
        return self._replace(size=_UNREAD)


def stamp_of(path: Path) -> Stamp:
    """Return what a file is like from outside. Raises OSError."""
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def read_as(path: Path, before: Stamp, *, recent: bool, reading: str) -> Read:
    """Return what to keep of a file that was read; `before` is what it was like before.

    Of a `recent` file the time says nothing.
    """
    if before.tag is not None:
        return Read(before.size, before.modified, before.tag, reading)
    size: int = before.size
    digest = None
    try:
        digest = digest_of(path, size)
        if stamp_of(path) != before:
            size = _UNREAD
    except OSError:
        # What cannot be read is looked at again.
        size = _UNREAD
    return Read(size, None if recent else before.modified, digest, reading)


def digest_of(path: Path, size: int) -> str | None:
    """Return a file's hash, None where it is too large. Raises OSError."""
    if size > HASHED:
        return None
    found = hashlib.blake2b(digest_size=16)
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def is_same(row: FileRow, path: Path, stamp: Stamp, reading: str) -> bool:
    """Tell whether a file is as it was when it was read, and would be read as it was."""
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


class Retry:
    """Which files are read again because something of them could not be read."""

    def __init__(self, unread_folders: list[str]) -> None:
        self._folders = unread_folders

    def wants(self, key: Key, row: FileRow | None) -> bool:
        """Tell whether a file is read again; `row` is what is known of it."""
        if row is not None:
            return row.lost > 0
        return any(key[1].startswith(folder + "/") for folder in self._folders)
