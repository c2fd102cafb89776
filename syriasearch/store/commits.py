"""Commits: each is on the disk, and in the archive's file, before it is reported."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import TypeAlias

from ..errors import ArchiveError

_File: TypeAlias = tuple[int, int]
"""The device of a file, and its number there."""
BUSY_SECONDS = 5.0
"""Seconds to wait for another process that is writing."""
COMMIT_SECONDS = 30.0
"""Seconds to wait for a moment without readers, to commit a batch that is written."""
ATTEMPT_SECONDS = 0.5
"""Seconds that an attempt to commit waits for such a moment."""


class WriteConnection(sqlite3.Connection):
    """A connection that knows the files that it writes.

    A file that was deleted, or replaced by another, can be written as if nothing had happened, and
    what is written is lost; and a log that it leaves would be played back into the other one.
    """

    path: Path | None = None
    _files: tuple[_File | None, _File | None] = (None, None)
    """The archive and its write-ahead log."""

    def remember_files(self, path: Path) -> None:
        """Note which files are written: those that are at a path now."""
        self.path = path.absolute()
        self._files = _file_at(self.path), _file_at(self._log)

    def check_file(self) -> None:
        """Raise ArchiveError if the file that is written is no longer at its path."""
        if self._has_moved():
            raise ArchiveError(
                f"{self.path} was removed or replaced while it was written, and what was stored "
                "since is not in what is there now: run again"
            )

    def close(self) -> None:
        """Close the archive; the log of one that has gone is removed, as SQLite leaves it."""
        has_moved = self._has_moved()
        super().close()
        if has_moved and self._files[1] and _file_at(self._log) == self._files[1]:
            self._log.unlink(missing_ok=True)
            self._log.with_name(f"{self._log.name[:-4]}-shm").unlink(missing_ok=True)

    @property
    def _log(self) -> Path:
        assert self.path is not None
        return self.path.with_name(f"{self.path.name}-wal")

    def _has_moved(self) -> bool:
        try:
            return self.path is not None and _file_at(self.path) != self._files[0]
        except OSError:  # it cannot be looked at for now, which does not mean that it is gone
            return False


def _file_at(path: Path) -> _File | None:
    """Return what distinguishes the file at a path from others; None if there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def commit(connection: sqlite3.Connection) -> None:
    """Commit; while readers leave no moment for it, retry for COMMIT_SECONDS: nothing is lost.

    Each attempt touches the rollback journal, so that readers see that its writer is alive and go
    on giving way (`ReadConnection.give_way`). Without a journal no page was written: as SQLite
    would wait for a moment without readers even then, the transaction is rolled back.
    """
    deadline = time.monotonic() + COMMIT_SECONDS
    connection.execute(f"PRAGMA busy_timeout = {ATTEMPT_SECONDS * 1000:.0f}")
    try:
        while True:
            try:
                connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                _, _, path = connection.execute("PRAGMA database_list").fetchone()
                try:
                    os.utime(f"{path}-journal")
                except FileNotFoundError:
                    connection.execute("ROLLBACK")
                    return
            else:
                break
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
    if isinstance(connection, WriteConnection):
        connection.check_file()
