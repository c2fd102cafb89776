"""The files of a cluster's shards: opened, locked, and watched for what happens to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import ArchiveError, ArchiveLockedError, ArchiveNotFoundError, TimeLimitError
from ..index.reader import open_index
from ..search.collection import snapshot
from ..store.connection import ConnectionPool, ReadConnection, open_reader
from ..store.schema import check_archive, check_current
from ..store.sqlite_errors import check_values, translate_errors
from .configuration import Configuration, ShardFile, read_configuration
from .consistency import check_together

PATIENCE_S = 5.0
"""How long another process that writes is waited for, in seconds."""
_FAULTS = (ArchiveError, TypeError, ValueError, AttributeError, IndexError)
"""What values of a damaged archive may lead to."""


class OpenShard(NamedTuple):
    """A shard that is open, and which file it is."""

    file: ShardFile
    connection: ReadConnection
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
                check_values(each.file.path)
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


@contextmanager
def opened(files: Sequence[ShardFile]) -> Iterator[list[OpenShard]]:
    """Open shards, each in a snapshot. Raises ArchiveError."""
    with ExitStack() as stack:
        shards = []
        for file in files:
            shards.append(open_shard(file))
            stack.enter_context(closing(shards[-1].connection))
        for each in shards:
            with translate_errors(str(each.file.path)):
                stack.enter_context(snapshot([each.connection]))
        yield shards


def check_files(files: Sequence[ShardFile]) -> None:
    """Raise ArchiveError for shards that cannot be read or are not consistent."""
    with opened(files) as shards:
        connections = [each.connection for each in shards]
        check_together(files, connections, [open_index(each).live for each in connections])


def file_id(path: Path) -> tuple[int, int]:
    """Return which file is at a path: device and inode, (0, 0) for none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


@contextmanager
def locked(cluster: Path, seconds: float | None = None) -> Iterator[None]:
    """Lock a cluster against other processes that write into its shards or its file.

    A file next to the cluster's is locked as SQLite locks, so the lock ends with the process.
    Raises ArchiveLockedError if another process keeps it for longer than a number of seconds, or
    PATIENCE_S.
    """
    cluster.parent.mkdir(parents=True, exist_ok=True)
    lock = cluster.with_suffix(".lock")
    timeout = PATIENCE_S if seconds is None else seconds
    with translate_errors(str(lock)):
        connection = sqlite3.connect(lock, timeout=timeout, isolation_level=None)
    with closing(connection):
        try:
            with translate_errors(str(lock)):
                connection.execute("BEGIN EXCLUSIVE")
        except ArchiveLockedError as error:
            raise ArchiveLockedError(
                f"another process is writing into {cluster}: try again when it is done"
            ) from error
        yield
