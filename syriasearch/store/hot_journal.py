"""Hot journals: what a process that was killed, or whose disk failed, leaves of its last write.

Without a write-ahead log SQLite copies each page into a rollback journal before it changes it.
While the process lives, others read what was there before; once it is gone, the file is half
written, and the journal is played back by the next connection that may write. A connection that
only reads may not, so it lets another one do it (`play_back`).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from ..errors import ArchiveReadOnlyError, NotAnArchiveError

NAMES_ANOTHER = bytes.fromhex("d9d505f920a163d7")
"""The end of a journal that is one of several, and names the file that lists them all."""


def journal_of(path: Path) -> Path:
    """Return the path of an archive's rollback journal."""
    return path.with_name(path.name + "-journal")


def log_of(path: Path) -> Path:
    """Return the path of an archive's write-ahead log."""
    return path.with_name(path.name + "-wal")


def has_content(path: Path) -> bool:
    """Return whether a file exists and is not empty."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def half_written(path: Path) -> ArchiveReadOnlyError:
    """Return the error for an archive that has to be written before it can be read."""
    left = journal_of(path) if has_content(journal_of(path)) else log_of(path)
    return ArchiveReadOnlyError(
        f"{path} was left half written by a run that was interrupted: open it once where the file "
        f"and its folder can be written, together with {left.name}, which undoes or completes that"
    )


def is_hot(connection: sqlite3.Connection) -> bool:
    """Begin to read, and return whether a journal that must be played back prevents it.

    In a transaction, all that is read after is as it is now. Raises sqlite3.DatabaseError.
    """
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise
        return True
    return False


def check_journal(path: Path) -> None:
    """Raise NotAnArchiveError for a journal that no archive leaves.

    If a journal names a file that lists other journals, SQLite deletes that file once it is done:
    in a journal that came with an archive from elsewhere, it could be any file.
    """
    try:
        with journal_of(path).open("rb") as journal:
            if journal.seek(0, os.SEEK_END) >= len(NAMES_ANOTHER):
                journal.seek(-len(NAMES_ANOTHER), os.SEEK_END)
            if journal.read() != NAMES_ANOTHER:
                return
    except OSError:
        return
    raise NotAnArchiveError(
        f"{journal_of(path)} is not the journal of an archive, as it names another file: "
        f"restore a copy of {path}, or ingest its sources into a new one"
    )


def play_back(path: Path, seconds: float) -> None:
    """Undo what was half written; wait some seconds at most for others that read or do so.

    Raises ArchiveReadOnlyError if the file or its folder cannot be written, NotAnArchiveError for
    a journal that no archive leaves, and sqlite3.DatabaseError.
    """
    check_journal(path)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise half_written(path)
    connection = sqlite3.connect(
        f"file:{quote(os.fsencode(path.absolute()))}?mode=rw", uri=True, timeout=seconds
    )
    try:
        if is_hot(connection):
            raise half_written(path)
    finally:
        connection.close()
