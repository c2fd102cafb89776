"""How is an archive's file opened, and what do SQLite's errors mean to a user?"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    NotAnArchiveError,
    TimeLimitError,
)
from .schema import check_archive, check_sqlite

BUSY_SECONDS = 5.0
"""How long to wait for another process that writes."""
COMMIT_SECONDS = 30.0
"""How long to wait, with all of a batch written, for a moment without readers."""
SWITCH_SECONDS = 1.0
"""How long to wait for a moment without readers."""
WRITER_CACHE = 64 << 20
"""So many bytes of pages a writer keeps: what a batch changes lies all over the indexes of names
and words, and with SQLite's own two megabytes a page is read and written many times a batch."""
LOG_PAGES = 8192
"""So many pages go into the write-ahead log before it is folded back: what several batches change
is written to its place once."""
BUSY_TIMES = 5
"""What may take so long may take as many times as long on a busy machine."""
STEPS = 10_000
"""SQLite looks at the clock after so many of its steps: some tenths of a millisecond."""


@contextmanager
def told_plainly(path: str) -> Iterator[None]:
    """Turn SQLite's errors into the package's own, each with what to do."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise NotAnArchiveError(
            f"{path} is damaged: restore a copy, or ingest its sources into a new one"
        ) from error
    except sqlite3.DatabaseError as error:
        text = str(error)
        if text == "interrupted":
            raise TimeLimitError(
                "this takes too long: ask for less, with more words or a shorter time"
            ) from error
        if "locked" in text or "busy" in text:
            raise ArchiveLockedError(
                f"another process is writing to {path}: try again when it is done"
            ) from error
        if "readonly" in text:
            raise ArchiveReadOnlyError(
                f"{path} cannot be written: check the permissions of the file and its folder"
            ) from error
        if "unable to open" in text:
            raise ArchiveReadOnlyError(
                f"{path} cannot be opened: check the permissions of the file and its folder"
            ) from error
        if "postings" in text:
            raise ArchiveError(
                f"the postings of {path} are damaged: `syriasearch optimize` writes them anew"
            ) from error
        if "not a database" in text:
            raise NotAnArchiveError(
                f"{path} is not an archive: name another file with --db"
            ) from error
        if "malformed" in text or "corrupt" in text:
            raise NotAnArchiveError(
                f"{path} is damaged ({text}): restore a copy, or ingest its sources into a new one"
            ) from error
        if "full" in text:
            raise ArchiveError(
                f"no room to write {path}; what was reported as stored is kept: "
                "free some disk and run again"
            ) from error
        if "disk I/O" in text:
            # So SQLite calls a quota or a limit that is reached, too.
            raise ArchiveError(
                f"{path} could not be written or read (disk I/O error); what was reported as "
                "stored is kept: look to the disk and its quotas, and run again"
            ) from error
        raise ArchiveError(
            f"{path} cannot be used (SQLite says {text}): `syriasearch doctor` tells what is wrong"
        ) from error


@contextmanager
def reading(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Turn what an archive raises while it is read into the package's own errors."""
    with told_plainly(str(path)):
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(connection, "stopped", False):
                # What is stopped while SQLite opens an index is told as if that were damaged.
                raise sqlite3.OperationalError("interrupted") from error
            raise
        except (TypeError, ValueError, AttributeError, IndexError):
            # No value of a sound archive leads here.
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("database disk image is malformed") from None
            raise


def check_filled(connection: sqlite3.Connection, path: Path) -> None:
    """Raise NotAnArchiveError where a database is none, or empty, and ArchiveVersionError."""
    if not check_archive(connection, str(path)):
        raise NotAnArchiveError(
            f"{path} is an empty database: fill it with `syriasearch ingest FOLDER`"
        )


def open_beside(path: Path) -> sqlite3.Connection:
    """Open an archive to read it beside a connection that is open to write."""
    return sqlite3.connect(
        f"file:{quote(os.fsencode(path.absolute()))}?mode=ro",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise NotAnArchiveError(f"{path} is a folder: name the archive's file in it with --db")


def check_there(path: Path) -> None:
    """Raise ArchiveError where there is no file that can be read."""
    try:
        _refuse_folder(path)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise ArchiveNotFoundError(
            f"no archive at {path}: make one with `syriasearch ingest FOLDER`, "
            "or name another with --db"
        ) from error
    except OSError as error:
        raise ArchiveReadOnlyError(f"{path} cannot be read: {error.strerror}") from error
    if not size:
        raise NotAnArchiveError(
            f"{path} is empty: fill it with `syriasearch ingest FOLDER`, or name another with --db"
        )
    if not os.access(path, os.R_OK):
        raise ArchiveReadOnlyError(f"{path} cannot be read: check its permissions")


class Reader(sqlite3.Connection):
    """A connection that keeps what was read from the archive, by its data version."""

    cache: dict[str, Any]
    journal: Path
    stopped = False
    """Whether it was told to stop what it does."""
    patience: float
    """How long to wait for another process that writes."""
    was_late = False
    """Whether it was told to stop the last time that it had so many seconds only."""

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Interrupt what this thread does here after so many seconds of work.

        Where others keep the processor or the disk busy it may take some times as long; it waits no
        longer than that for one that writes.
        """
        worked, passed = time.thread_time() + seconds, time.monotonic() + BUSY_TIMES * seconds
        self.was_late = False

        def stop() -> bool:
            self.stopped = time.thread_time() > worked or time.monotonic() > passed
            return self.stopped

        self._wait(min(seconds, BUSY_SECONDS))
        self.set_progress_handler(stop, STEPS)
        try:
            yield
        finally:
            self.set_progress_handler(None, 0)
            self.was_late = self.stopped
            if self.stopped:
                self.cache.clear()  # something in it may have been read by half
                self.stopped = False
            if self.in_transaction:
                self.rollback()  # what was interrupted may have been the end of a snapshot
            self._wait(BUSY_SECONDS)

    def _wait(self, seconds: float) -> None:
        self.patience = seconds
        self.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")

    def give_way(self) -> None:
        """Wait a little where another process writes without a write-ahead log.

        It waits for a moment without readers, and threads that read one after the other do not
        leave it any: within a process SQLite does not see that somebody waits.
        """
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            try:
                written = self.journal.stat().st_mtime
            except OSError:
                return
            if time.time() - written > BUSY_SECONDS:
                return  # nobody writes: it is left from a run that was killed
            time.sleep(0.01)


def close_all(connections: dict[Any, Reader]) -> None:
    """Close connections, and forget them."""
    while connections:
        connections.popitem()[1].close()


def open_reader(path: Path) -> Reader:
    """Open an archive to read it, safely even where it comes from elsewhere.

    Raises ArchiveNotFoundError, NotAnArchiveError, ArchiveVersionError or SQLiteFeatureError.
    """
    check_there(path)
    with told_plainly(str(path)):
        # Where nobody can write, nobody does: an archive copied there without its log is whole.
        log = path.with_name(path.name + "-wal")
        frozen = not os.access(path.parent, os.W_OK) and not log.exists()
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(path.absolute()))}?{'immutable=1' if frozen else 'mode=ro'}",
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
            factory=Reader,
        )
        connection.cache = {}
        connection.patience = BUSY_SECONDS
        connection.journal = path.with_name(path.name + "-journal")
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            check_filled(connection, path)
            try:
                # Without FTS5 there is no such function; an old SQLite cannot read the schema.
                connection.execute("SELECT fts5_source_id() FROM sqlite_master LIMIT 0")
            except sqlite3.OperationalError:
                check_sqlite()
                raise
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def commit(connection: sqlite3.Connection) -> None:
    """Commit; where readers leave no moment for it, try for a while, as nothing is lost by that."""
    deadline = time.monotonic() + COMMIT_SECONDS
    while True:
        try:
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        else:
            return


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log; SQLite does not wait for others by itself here.

    Where others read without pause it stays off: they wait then while a batch is written.
    """
    deadline = time.monotonic() + SWITCH_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)


def open_writer(path: Path, *, log: bool = True, damaged: bool = False) -> sqlite3.Connection:
    """Open an archive to write it, or a new one; what is committed is on disk (FULL).

    With a write-ahead log readers go on while much is written; a little is written without. One
    that is `damaged` may not be known as an archive. Raises ArchiveError where its folder cannot be
    made, and what `open_reader` raises.
    """
    check_sqlite()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        _refuse_folder(path)
    except OSError as error:
        raise ArchiveReadOnlyError(f"{path} cannot be made: {error.strerror}") from error
    if there and not os.access(path, os.W_OK):
        raise ArchiveReadOnlyError(f"{path} cannot be written: check its permissions")
    if not os.access(path.parent, os.W_OK):
        raise ArchiveReadOnlyError(
            f"the folder of {path} cannot be written: check its permissions, or name another file "
            "with --db"
        )
    with told_plainly(str(path)):
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
        )
        try:
            if not damaged:
                check_archive(connection, str(path))
            if log:
                _switch_to_wal(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE >> 10}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        except BaseException:
            connection.close()
            raise
    return connection
