"""The files of a cluster's shards: opened, and watched for being replaced, locked or damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import ArchiveError, ArchiveLockedError, ArchiveNotFoundError, TimeLimitError
from ..store.connection import ConnectionPool, Reader, open_reader
from ..store.schema import check_archive, check_current
from ..store.sqlite_errors import translate_errors
from .configuration import Configuration, ShardFile, read_configuration

_FAULTS = (ArchiveError, TypeError, ValueError, AttributeError, IndexError)
"""What values of a damaged archive may lead to."""


class OpenShard(NamedTuple):
    """A shard that is open, and which file it is."""

    file: ShardFile
    connection: Reader
    file_id: tuple[int, int]
    pool: ConnectionPool | None = None
    """What the connection is from, to be kept as long as it is used."""


class LateShardsError(Exception):
    """Shards did not answer in time."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


class AskAgainError(Exception):
    """A question has to be asked again from its beginning."""


class ChangedShardError(AskAgainError):
    """A shard's contents have changed within a question."""


class ShardFiles:
    """The files of a cluster's shards, with a connection to each for each thread that reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pools: dict[Path, tuple[tuple[int, int], ConnectionPool]] = {}
        self._read: tuple[tuple[int, int, int], Configuration] | None = None

    def close(self) -> None:
        """Close all connections."""
        for _, pool in self._pools.values():
            pool.close()
        self._pools.clear()

    @property
    def configuration(self) -> Configuration:
        """What the cluster's file says now."""
        try:
            found = self.path.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        except OSError:
            return read_configuration(self.path)
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, read_configuration(self.path)
        return self._read[1]

    def held(self, missing: Collection[str]) -> list[OpenShard]:
        """Return this thread's connections to the shards that are not missing."""
        return [self._held(each) for each in self.configuration.shards if each.name not in missing]

    def _held(self, file: ShardFile) -> OpenShard:
        current = file_id(file.path)
        known = self._pools.get(file.path)
        if known is None or known[0] != current:
            pool = ConnectionPool(file.path, lambda _: open_shard(file).connection)
            known = self._pools[file.path] = current, pool
        try:
            return OpenShard(file, known[1].get(), *known)
        except ArchiveLockedError as error:
            raise LateShardsError(file.name) from error


@contextmanager
def naming_shards(path: Path, shards: Sequence[OpenShard], *, late: bool) -> Iterator[None]:
    """Name the shard in an error that a damaged or slow one has caused.

    With `late` a shard that takes too long raises LateShardsError.
    """
    try:
        with translate_errors(f"a shard of {path}"):
            yield
    except TimeLimitError as error:
        slow = next((each.file for each in shards if each.connection.was_late), None)
        if slow and late:
            raise LateShardsError(slow.name) from error
        raise
    except _FAULTS:
        for each in shards:
            with translate_errors(str(each.file.path)):
                if each.connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise sqlite3.DatabaseError("database disk image is malformed") from None
        raise


@contextmanager
def late_if_locked(shard: OpenShard) -> Iterator[None]:
    """Raise LateShardsError if another process keeps a shard locked."""
    try:
        with translate_errors(str(shard.file.path)):
            yield
    except ArchiveLockedError as error:
        raise LateShardsError(shard.file.name) from error


def open_shard(file: ShardFile) -> OpenShard:
    """Open a shard. Raises ArchiveError, also for one of another version."""
    opened_id = file_id(file.path)
    try:
        connection = open_reader(file.path)
    except ArchiveNotFoundError as error:
        raise ArchiveNotFoundError(
            f"the shard {file.path} is not there: bring it back, or correct its path in the "
            "cluster's file"
        ) from error
    try:
        with translate_errors(str(file.path)):
            check_current(check_archive(connection, str(file.path)), str(file.path))
    except BaseException:
        connection.close()
        raise
    return OpenShard(file, connection, opened_id)


def file_id(path: Path) -> tuple[int, int]:
    """Return which file is at a path: device and inode, (0, 0) for none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
