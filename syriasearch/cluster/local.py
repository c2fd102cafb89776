"""How are the shards of a cluster opened in this process, and asked as one archive?"""

from __future__ import annotations

import operator
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..collection import Collection, snapshot
from ..connection import Reader, open_reader, told_plainly
from ..errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveVersionError,
    OptionError,
    TimeLimitError,
)
from ..index import Index, open_index
from ..models import Page
from ..schema import current_version
from .belonging import TwiceError, check_together, names_met
from .configuration import LOCAL, Configuration, ShardFile, read_configuration
from .vocabulary import SharedLexicon

Answer = TypeVar("Answer")
MOVED_SECONDS = 5.0
"""Articles that stand in two shards longer than this are not on their way from one to the other."""
_FAULTS = (ArchiveError, TypeError, ValueError, AttributeError, IndexError)
"""No value of a sound archive leads to these."""


class _Open(NamedTuple):
    """A shard that a thread has open, and the file that it is."""

    shard: ShardFile
    connection: Reader
    file: tuple[int, int]


class _LateShardError(Exception):
    """A shard did not answer in time."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class LocalShards:
    """The shards of a cluster, with a connection to each for each thread that reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: list[Reader] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._opened)
        self._check_address(read_configuration(path))

    @staticmethod
    def _check_address(told: Configuration) -> None:
        if told.address != LOCAL:
            raise OptionError(
                f'{told.path}: the address {told.address!r} cannot be used yet: "local" can'
            )

    def close(self) -> None:
        """Close what is open."""
        _close_all(self._opened)
        self._local = threading.local()

    def ask(self, answer: Callable[..., Answer], *asked: Any, **named: Any) -> Answer:
        """Return what a function answers from the shards.

        A page is made without the shards that do not answer in time, and names them. Anything else
        is answered from all of them, or not at all: raises ArchiveError.
        """
        missing: tuple[str, ...] = ()
        until = time.monotonic() + MOVED_SECONDS
        while True:
            try:
                with self._reading(missing) as collection:
                    found = answer(collection, *asked, **named)
                break
            except TwiceError:
                # An article goes from one shard to another: it is in both for a moment.
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
            except _LateShardError as late:
                missing = (*missing, late.name)
                if len(missing) == len(self._shards()):
                    raise ArchiveError(
                        f"{self.path}: no shard answers in time: try again, or raise timeout_s"
                    ) from late
        pages = found if isinstance(found, tuple) else (found,)
        if missing and not any(isinstance(each, Page) for each in pages):
            raise ArchiveError(
                f"{self.path}: {', '.join(missing)} did not answer in time, and this is told of "
                "all shards or not at all: try again, or raise timeout_s"
            )
        return found

    def stream(self, answer: Callable[..., Iterator[Answer]], *asked: Any) -> Iterator[Answer]:
        """Yield what a function answers, from connections of its own that are closed behind it."""
        with ExitStack() as stack:
            there = [_open(each) for each in self._shards()]
            for each in there:
                stack.enter_context(closing(each.connection))
            stack.enter_context(told_plainly(f"a shard of {self.path}"))
            connections = [each.connection for each in there]
            stack.enter_context(snapshot(connections))
            yield from answer(Collection(connections, SharedLexicon(connections)), *asked)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Stop what this thread asks in here after so many seconds for each shard."""
        self._local.seconds = seconds
        try:
            yield
        finally:
            self._local.seconds = None

    @contextmanager
    def _reading(self, missing: tuple[str, ...]) -> Iterator[Collection]:
        """Read the shards as they stand now, but for those that are missing."""
        told = read_configuration(self.path)
        self._check_address(told)
        given: float | None = getattr(self._local, "seconds", None)
        seconds = told.timeout_s if given is None else min(given, told.timeout_s)
        there = [self._held(each) for each in told.shards if each.name not in missing]
        with ExitStack() as stack:
            stack.enter_context(self._told_by_name(there, late=given is None))
            for each in there:
                stack.enter_context(each.connection.within(seconds))
                stack.enter_context(snapshot([each.connection]))
                with _late_where_locked(each):
                    open_index(each.connection)
            yield self._collection(there, missing)

    @contextmanager
    def _told_by_name(self, there: list[_Open], *, late: bool) -> Iterator[None]:
        """Tell of which shard it is that something stands in the way."""
        try:
            with told_plainly(f"a shard of {self.path}"):
                yield
        except TimeLimitError as error:
            slow = next((each.shard for each in there if each.connection.was_late), None)
            if slow and late:
                raise _LateShardError(slow.name) from error
            raise
        except _FAULTS:
            for each in there:
                with told_plainly(str(each.shard.path)):
                    if each.connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                        raise sqlite3.DatabaseError("database disk image is malformed") from None
            raise

    def _collection(self, there: list[_Open], missing: tuple[str, ...]) -> Collection:
        """Return shards as one collection; what was found to be in order is not checked again."""
        first: Path | None = getattr(self._local, "first", None)
        there = sorted(there, key=lambda each: each.shard.path != first)
        indexes = [open_index(each.connection) for each in there]
        sound: list[Index] = getattr(self._local, "sound", [])
        if len(sound) != len(there) or any(map(operator.is_not, sound, indexes)):
            # A shard that is being filled may lack the last names.
            there.sort(key=lambda each: names_met(each.connection), reverse=True)
            check_together([each.shard for each in there], [each.connection for each in there])
            self._local.first = there[0].shard.path
            self._local.sound = [open_index(each.connection) for each in there]
        connections = [each.connection for each in there]
        return Collection(connections, SharedLexicon(connections), missing)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the shards are."""
        return tuple(each.path for each in self._shards())

    def _shards(self) -> tuple[ShardFile, ...]:
        return read_configuration(self.path).shards

    def _held(self, shard: ShardFile) -> _Open:
        """Return a shard as this thread has it open: the file that is there now."""
        held: dict[Path, _Open] | None = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = {}
        there = held.get(shard.path)
        if there is None or there.file != _file(shard.path):
            if there is not None:
                self._forget(there.connection)
            there = held[shard.path] = _open(shard)
            with self._lock:
                self._opened.append(there.connection)
        return there

    def _forget(self, connection: Reader) -> None:
        with self._lock:
            self._opened.remove(connection)
        connection.close()


@contextmanager
def _late_where_locked(each: _Open) -> Iterator[None]:
    """Tell by its name which shard another process is writing to for so long."""
    try:
        with told_plainly(str(each.shard.path)):
            yield
    except ArchiveLockedError as error:
        raise _LateShardError(each.shard.name) from error


def _open(shard: ShardFile) -> _Open:
    connection = open_reader(shard.path)
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != current_version():
        connection.close()
        raise ArchiveVersionError(
            f"{shard.path} has schema version {version}, and a shard has {current_version()}: "
            f"`syriasearch --db {shard.path} optimize` brings it up to date"
        )
    return _Open(shard, connection, _file(shard.path))


def _file(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _close_all(connections: list[Reader]) -> None:
    while connections:
        connections.pop().close()
