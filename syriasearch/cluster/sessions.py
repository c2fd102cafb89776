"""What does a process answer that holds a shard open?

A session is all that one question asks of a shard, in one snapshot: it lasts as long as its channel
is used, and not long when nobody uses it, for a snapshot keeps a write-ahead log from being folded
back. What a session has found so far is lost with it; who asks then says again what was asked.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import threading
import traceback
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Any, NamedTuple

import numpy as np

from ..errors import (
    ArchiveError,
    ArchiveLockedError,
    SyriaSearchError,
    TimeLimitError,
)
from ..index.reader import open_index
from ..search.collection import snapshot
from ..search.scoring import CollectionStatistics
from ..search.shard_searcher import ShardSearcher
from ..store.snapshot import cached_per_version
from ..store.sqlite_errors import reading
from .belonging import state_of
from .channels import Channel
from .configuration import ShardFile
from .opening import Opened, file_of, open_shard

CACHE = 16 << 20
"""So many bytes of pages a connection may keep: this process is there for the shard alone."""


class Call(NamedTuple):
    """A call of a method of a shard's searcher."""

    method: Callable[..., Any]
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]


class Facts(NamedTuple):
    """What a shard tells of itself: what all shards together are known by."""

    names: str
    """What tells its names from others: `belonging.state_of`."""
    totals: CollectionStatistics
    size: int
    live: bytes
    """Which articles it has, a bit each, compressed."""

    @property
    def articles(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Tell which articles it has, by their ids."""
        packed = np.frombuffer(zlib.decompress(self.live), np.uint8)
        return np.unpackbits(packed, count=self.size).astype(np.bool_)

    @property
    def token(self) -> bytes:
        """What only these facts have."""
        told = f"{self.names} {self.totals!r} {self.size} ".encode()
        return hashlib.blake2b(told + self.live, digest_size=16).digest()

    @classmethod
    def of(cls, searcher: ShardSearcher) -> Facts:
        """Return those of an archive."""
        live = zlib.compress(np.packbits(searcher.index.live).tobytes(), 1)
        totals = searcher.collection_statistics()
        return cls(state_of(searcher.connection), totals, searcher.index.size, live)


class Begin(NamedTuple):
    """A session is to begin."""

    seconds: float | None
    """It may work so long."""
    idle_s: float
    """It ends when it is not asked for so long."""


class Message(NamedTuple):
    """What a session is asked."""

    begin: Begin | None
    calls: Sequence[Call]
    """One after the other."""
    answered: int
    """So many of the last of them are to be answered."""


class Reply(NamedTuple):
    """What a session has answered."""

    token: bytes = b""
    """What the shard is known by, as the session sees it."""
    values: Sequence[Any] = ()
    error: SyriaSearchError | None = None
    lost: bool = False
    """Whether there is no such session."""
    late: bool = False
    """Whether it took too long."""


class HeldShard:
    """A shard that this process holds open, with a connection for each session."""

    def __init__(self, shard: ShardFile) -> None:
        self.shard = shard
        self._free: list[Opened] = []
        self._lock = threading.Lock()

    def warm(self, number: int) -> None:
        """Open so many connections, and read what all searches read. Raises ArchiveError."""
        for held in [self.take() for _ in range(number)]:
            with reading(held.connection, self.shard.path), snapshot([held.connection]):
                _token(held.connection)
                open_index(held.connection).paragraphs_of(0)
            self.give_back(held)

    def take(self) -> Opened:
        """Return a connection to the file that is there now. Raises ArchiveError."""
        there = file_of(self.shard.path)
        with self._lock:
            while self._free:
                held = self._free.pop()
                if held.file == there:
                    return held
                held.connection.close()
        opened = open_shard(self.shard)
        opened.connection.execute(f"PRAGMA cache_size = -{CACHE >> 10}")
        return opened

    def give_back(self, held: Opened) -> None:
        """Keep a connection for the next session."""
        with self._lock:
            self._free.append(held)

    def serve(self, channel: Channel) -> None:
        """Answer what comes through a channel, until it is closed."""
        with closing(_Session(self)) as session:
            while True:
                if not channel.has_more(session.idle_s):
                    session.close()
                    continue
                channel.send(session.answer(channel.receive()))


class _Session:
    """What one question asks of a shard."""

    def __init__(self, held: HeldShard) -> None:
        self._held = held
        self._open: ExitStack | None = None
        self.idle_s: float | None = None
        """It ends when it is not asked for so long; None where there is none."""

    def close(self) -> None:
        """End it, if one has begun."""
        if self._open is not None:
            opened, self._open = self._open, None
            self.idle_s = None
            opened.close()

    def answer(self, message: Message) -> Reply:
        """Answer what is asked; what goes wrong is told."""
        try:
            if message.begin is not None:
                self._begin(message.begin)
            elif self._open is None:
                return Reply(lost=True)
            with reading(self._reader, self._held.shard.path):
                values = [
                    each.method(self._searcher, *each.arguments, **each.options)
                    for each in message.calls
                ]
                return Reply(self._token, values[len(values) - message.answered :])
        except (TimeLimitError, ArchiveLockedError) as error:
            self.close()
            return Reply(error=error, late=True)
        except SyriaSearchError as error:
            return Reply(error=error)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            told = f"{self._held.shard.name} cannot answer ({error!r}): report it"
            return Reply(error=ArchiveError(told))

    def _begin(self, begin: Begin) -> None:
        self.close()
        with ExitStack() as stack:
            held = self._held.take()
            stack.callback(self._held.give_back, held)
            self._reader = held.connection
            with reading(self._reader, self._held.shard.path):
                if begin.seconds is not None:
                    stack.enter_context(self._reader.within(begin.seconds))
                stack.enter_context(snapshot([self._reader]))
                self._token = _token(self._reader)
            self._searcher = ShardSearcher(self._reader)
            self._open = stack.pop_all()
        self.idle_s = begin.idle_s


def _token(connection: sqlite3.Connection) -> bytes:
    return cached_per_version(
        connection, "token", lambda: Facts.of(ShardSearcher(connection)).token
    )
