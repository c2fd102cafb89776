"""Connections to an archive's file, for reading and for writing."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from ..errors import (
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    NotAnArchiveError,
    SQLiteFeatureError,
)
from .commits import ATTEMPT_SECONDS, BUSY_SECONDS, WriteConnection
from .hot_journal import (
    check_journal,
    half_written,
    has_content,
    is_hot,
    journal_of,
    log_of,
    play_back,
)
from .known_schema import check_executed
from .schema import TOKENIZER, check_archive, write_marks
from .sql import STEPS, roll_back
from .sqlite_errors import translate_errors

Connection = TypeVar("Connection", bound=sqlite3.Connection)

OLDEST_SQLITE = (3, 35, 0)
SWITCH_SECONDS = 1.0
"""Seconds to wait for a moment without readers, to switch to the write-ahead log."""
WRITER_CACHE = 40 << 20
"""Size of a writer's page cache in bytes. A batch changes pages all over the indexes of names and
words, and with SQLite's default of two megabytes a page is read and written many times a batch."""
LOG_PAGES = 8192
"""Number of pages in the write-ahead log before a checkpoint, so that a page that several batches
change is written to the database once."""
BUSY_TIMES = 5
"""Factor by which a time limit on work may be exceeded in elapsed time, on a busy machine."""
PROBE_SECONDS = 0.2
"""Seconds between two looks at whether the process that a reader waits for is still alive."""


def check_sqlite() -> None:
    """Raise SQLiteFeatureError if this Python's SQLite is too old or was built without FTS5."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise SQLiteFeatureError(
            f"this Python has SQLite {sqlite3.sqlite_version}, and an archive needs {oldest} or "
            "later: use a newer Python"
        )
    probe = sqlite3.connect(":memory:")
    try:
        probe.execute(f'CREATE VIRTUAL TABLE probe USING fts5(x, tokenize="{TOKENIZER}")')
    except sqlite3.OperationalError as error:
        raise SQLiteFeatureError(
            f"this Python's SQLite {sqlite3.sqlite_version} was built without FTS5 ({error}): "
            "use a Python whose SQLite has it, such as python.org's or Debian's"
        ) from error
    finally:
        probe.close()


def check_filled(connection: sqlite3.Connection, path: Path) -> None:
    """Raise NotAnArchiveError for an empty database, and all that `check_archive` raises."""
    if not check_archive(connection, str(path)):
        raise NotAnArchiveError(f"{path} is an empty database: fill it with `ingest`")


def _connect(path: Path, mode: str, factory: type[Connection]) -> Connection:
    """Open a file with a parameter of SQLite's URIs; without automatic transactions."""
    return sqlite3.connect(
        f"file:{quote(os.fsencode(path.absolute()))}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        factory=factory,
    )


def open_second_reader(path: Path) -> sqlite3.Connection:
    """Open an archive for reading in parallel to a connection that writes to it."""
    return _connect(path, "mode=ro", sqlite3.Connection)


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise NotAnArchiveError(f"{path} is a folder: name the archive's file in it")


def check_file(path: Path) -> None:
    """Raise a subclass of ArchiveError unless a file exists, has content and can be read."""
    try:
        _refuse_folder(path)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise ArchiveNotFoundError(
            f"no archive at {path}: make one with `ingest`, or name another file"
        ) from error
    except OSError as error:
        raise ArchiveReadOnlyError(f"{path} cannot be read: {error.strerror}") from error
    if not size:
        raise NotAnArchiveError(f"{path} is empty: fill it with `ingest`, or name another file")
    if not os.access(path, os.R_OK):
        raise ArchiveReadOnlyError(f"{path} cannot be read: check its permissions")


class ReadConnection(sqlite3.Connection):
    """A connection that caches values read from the archive, by its data version."""

    cache: dict[str, Any]
    """Cached values by name (`sql.cached_per_version`)."""
    path: Path
    """The archive's file."""
    journal: Path
    """The rollback journal of the archive, which exists while a process writes without WAL."""
    stopped = False
    """Whether the current query has been interrupted by the time limit."""
    patience: float
    """Seconds to wait for another process that is writing."""
    was_late = False
    """Whether the last time limit was hit."""

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Interrupt queries of this thread after a number of seconds of processor time.

        On a busy machine it may take BUSY_TIMES as long, in elapsed time. The wait for another
        process that is writing is limited to `seconds` too. An interrupted query raises
        `sqlite3.OperationalError`, which `translate_errors` translates.
        """
        work_limit = time.thread_time() + seconds
        deadline = time.monotonic() + BUSY_TIMES * seconds
        self.was_late = False

        def stop() -> bool:
            self.stopped = time.thread_time() > work_limit or time.monotonic() > deadline
            return self.stopped

        self._wait(min(seconds, BUSY_SECONDS))
        self.set_progress_handler(stop, STEPS)
        try:
            yield
        finally:
            self.set_progress_handler(None, 0)
            self.was_late = self.stopped
            if self.stopped:
                self.cache.clear()  # a value in it may be incomplete
                self.stopped = False
            if self.in_transaction:
                self.rollback()  # the interrupted statement may have been the end of a snapshot
            self._wait(BUSY_SECONDS)

    def _wait(self, seconds: float) -> None:
        self.patience = seconds
        self.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")

    def begin(self) -> None:
        """Begin a snapshot: until its end, this connection reads the archive as it is now.

        Waits a little for another process that is writing without a write-ahead log, and undoes
        what one that was interrupted has left half written. Raises ArchiveReadOnlyError if that is
        not permitted, and sqlite3.DatabaseError.
        """
        self._give_way()
        self.execute("BEGIN")
        try:
            if is_hot(self):
                play_back(self.path, self.patience)
                if is_hot(self):
                    raise half_written(self.path)
        except BaseException:
            roll_back(self)
            raise

    def _give_way(self) -> None:
        """Wait a little if another process is writing without a write-ahead log.

        Such a writer needs a moment without readers, and threads that read one after the other
        leave it none: within a process SQLite does not notice that a writer is waiting.
        """
        deadline = time.monotonic() + self.patience
        probe = 0.0
        while (at := time.monotonic()) < deadline:
            try:
                written = self.journal.stat()
            except OSError:
                return
            if not written.st_size or time.time() - written.st_mtime > 2 * ATTEMPT_SECONDS:
                return  # no process is waiting for its moment: `commit` would touch the journal
            if at > probe:
                if is_hot(self):
                    return
                probe = time.monotonic() + PROBE_SECONDS
            time.sleep(0.01)


def open_reader(path: Path) -> ReadConnection:
    """Open an archive for reading, safely even if the file is from an untrusted source.

    Raises ArchiveNotFoundError, NotAnArchiveError, ArchiveReadOnlyError, ArchiveVersionError,
    ArchiveLockedError or SQLiteFeatureError.
    """
    check_file(path)
    with translate_errors(str(path)):
        # In a folder that is not writable no process writes, so an archive without a log or a
        # journal is whole.
        frozen = not os.access(path.parent, os.W_OK)
        logged = has_content(log_of(path))
        immutable = frozen and not logged and not has_content(journal_of(path))
        connection = _connect(path, "immutable=1" if immutable else "mode=ro", ReadConnection)
        connection.cache = {}
        connection.patience = BUSY_SECONDS
        connection.path = path
        connection.journal = journal_of(path)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            try:
                connection.begin()
            except sqlite3.OperationalError as error:
                # SQLite cannot share a log in a folder where it cannot write.
                if frozen and logged and "unable to open" in str(error):
                    raise half_written(path) from error
                raise
            connection.rollback()
            check_filled(connection, path)
            try:
                # Without FTS5 the function does not exist; an old SQLite cannot read the schema.
                connection.execute("SELECT fts5_source_id() FROM sqlite_master LIMIT 0")
            except sqlite3.OperationalError:
                check_sqlite()
                raise
            check_executed(connection, str(path), by_readers=True)
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


class ConnectionPool:
    """Connections for reading an archive, one for each thread.

    Those of threads that have ended are closed.
    """

    def __init__(
        self, path: Path, open_path: Callable[[Path], ReadConnection] = open_reader
    ) -> None:
        self._path = path
        self._open_path = open_path
        self._local = threading.local()
        self._connections: dict[threading.Thread, ReadConnection] = {}
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._connections)

    def get(self) -> ReadConnection:
        """Return this thread's connection. Raises what opening the path raises."""
        connection: ReadConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open_path(self._path)
            with self._lock:
                for thread in [each for each in self._connections if not each.is_alive()]:
                    self._connections.pop(thread).close()
                self._connections[threading.current_thread()] = connection
        return connection

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            _close_all(self._connections)


def _close_all(connections: dict[threading.Thread, ReadConnection]) -> None:
    while connections:
        connections.popitem()[1].close()


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, retrying for SWITCH_SECONDS, as SQLite does not wait here.

    If other connections read without a pause it stays off, and they wait while a batch is written.
    """
    deadline = time.monotonic() + SWITCH_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA user_version").fetchone()  # which makes the log
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)


def open_writer(path: Path, *, log: bool = True, damaged: bool = False) -> sqlite3.Connection:
    """Open an archive for writing, or create it; commits are durable.

    That is `synchronous = EXTRA`, as without a write-ahead log a commit is the removal of the
    journal, which a power cut could undo.

    With `log`, a write-ahead log lets readers continue during long writes; short writes can do
    without. With `damaged`, the file is not checked to be an archive. Raises ArchiveReadOnlyError
    if the folder cannot be created or the file cannot be written, NotAnArchiveError,
    ArchiveVersionError, ArchiveLockedError and SQLiteFeatureError.
    """
    check_sqlite()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        exists = path.exists()
        _refuse_folder(path)
    except OSError as error:
        raise ArchiveReadOnlyError(f"{path} cannot be made: {error.strerror}") from error
    if exists and not os.access(path, os.W_OK):
        raise ArchiveReadOnlyError(f"{path} cannot be written: check its permissions")
    if not os.access(path.parent, os.W_OK):
        raise ArchiveReadOnlyError(
            f"the folder of {path} cannot be written: check its permissions, or name another file"
        )
    check_journal(path)
    with translate_errors(str(path)):
        connection = _connect(path, "mode=rwc", WriteConnection)
        try:
            connection.execute("PRAGMA synchronous = EXTRA")
            if not damaged:
                version = check_archive(connection, str(path))
                if version:
                    check_executed(connection, str(path), by_readers=False)
                    write_marks(connection, version)
            if log:
                _switch_to_wal(connection)
            connection.remember_files(path)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE >> 10}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        except BaseException:
            connection.close()
            raise
    return connection
