"""How are the files of shards opened, and which of them belong together?"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    TimeLimitError,
)
from ..store.connection import Reader, open_reader
from ..store.schema import check_archive, check_current
from ..store.sqlite_errors import translate_errors
from .configuration import Configuration, ShardFile, read_configuration

_FAULTS = (ArchiveError, TypeError, ValueError, AttributeError, IndexError)
"""No value of a sound archive leads to these."""


class Opened(NamedTuple):
    """A shard that is open, and the file that it is."""

    shard: ShardFile
    connection: Reader
    file: tuple[int, int]


class LateShardsError(Exception):
    """Shards did not answer in time."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


class ChangedShardError(Exception):
    """A shard is not what it was a moment ago."""


class ShardFiles:
    """The files of a cluster's shards, with a connection to each for each thread that reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.local = threading.local()
        self._opened: list[Reader] = []
        self._lock = threading.Lock()
        self._told: tuple[tuple[int, int, int], Configuration] | None = None
        weakref.finalize(self, _close_all, self._opened)

    def close(self) -> None:
        """Close what is open."""
        _close_all(self._opened)
        self.local = threading.local()

    @property
    def configuration(self) -> Configuration:
        """What the cluster's file says now."""
        try:
            found = self.path.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        except OSError:
            return read_configuration(self.path)
        if self._told is None or self._told[0] != stamp:
            self._told = stamp, read_configuration(self.path)
        return self._told[1]

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Stop what this thread asks in here after so many seconds for each shard."""
        self.local.seconds = seconds
        try:
            yield
        finally:
            self.local.seconds = None

    @property
    def given_s(self) -> float | None:
        """How long this thread has, where that was said."""
        given: float | None = getattr(self.local, "seconds", None)
        return given

    def held(self, missing: Iterable[str]) -> list[Opened]:
        """Return the shards, but for some, as this thread has them open: the files of now."""
        return [self._held(each) for each in self.configuration.shards if each.name not in missing]

    def _held(self, shard: ShardFile) -> Opened:
        held: dict[Path, Opened] | None = getattr(self.local, "held", None)
        if held is None:
            held = self.local.held = {}
        there = held.get(shard.path)
        if there is None or there.file != file_of(shard.path):
            if there is not None:
                self._forget(there.connection)
            try:
                there = held[shard.path] = open_shard(shard)
            except ArchiveLockedError as error:
                raise LateShardsError(shard.name) from error
            with self._lock:
                self._opened.append(there.connection)
        return there

    def _forget(self, connection: Reader) -> None:
        with self._lock:
            self._opened.remove(connection)
        connection.close()


@contextmanager
def told_by_name(path: Path, there: Sequence[Opened], *, late: bool) -> Iterator[None]:
    """Tell of which shard of a cluster it is that something stands in the way.

    With `late` a shard that takes too long raises LateShardsError.
    """
    try:
        with translate_errors(f"a shard of {path}"):
            yield
    except TimeLimitError as error:
        slow = next((each.shard for each in there if each.connection.was_late), None)
        if slow and late:
            raise LateShardsError(slow.name) from error
        raise
    except _FAULTS:
        for each in there:
            with translate_errors(str(each.shard.path)):
                if each.connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise sqlite3.DatabaseError("database disk image is malformed") from None
        raise


@contextmanager
def late_where_locked(each: Opened) -> Iterator[None]:
    """Tell by its name which shard another process is writing to for so long."""
    try:
        with translate_errors(str(each.shard.path)):
            yield
    except ArchiveLockedError as error:
        raise LateShardsError(each.shard.name) from error


def open_shard(shard: ShardFile) -> Opened:
    """Open a shard. Raises ArchiveError, also for one of another version."""
    file = file_of(shard.path)
    try:
        connection = open_reader(shard.path)
    except ArchiveNotFoundError as error:
        raise ArchiveNotFoundError(
            f"the shard {shard.path} is not there: bring it back, or correct its path in the "
            "cluster's file"
        ) from error
    try:
        with translate_errors(str(shard.path)):
            check_current(check_archive(connection, str(shard.path)), str(shard.path))
    except BaseException:
        connection.close()
        raise
    return Opened(shard, connection, file)


def file_of(path: Path) -> tuple[int, int]:
    """Return which file is at a path."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _close_all(connections: list[Any]) -> None:
    while connections:
        connections.pop().close()
