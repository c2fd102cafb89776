"""Whether a file is unchanged since it was read, and whether it is read again.

A file is unchanged if it has the size and the modification time that it was read with; or, if only
the time differs, the same hash. How it was read counts too: with another format, other columns or
another version of the program it is read again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..store.source_files import UNREAD, FileKey, FileRow, FileStat, ReadState

HASHED = 256 * 1024 * 1024
"""Size in bytes up to which files are hashed, which means reading them once more. Larger files are
compared by size and time only."""
RECENT_NS = 2_000_000_000
"""Age in nanoseconds below which a modification time is not trusted: a file changed so shortly
before it was read may change again without a change of its time."""


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
            size = UNREAD
    except OSError:
        # A file that cannot be read is read again by the next run.
        size = UNREAD
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
