"""Replicas: actors of Ray that hold a shard open and search it for others.

A session is all that one question asks of a shard, in one snapshot. It ends when the same client
begins the next, or soon after the last call, as a snapshot keeps a write-ahead log from being
folded back.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from .. import __version__
from ..errors import ArchiveError, ArchiveLockedError, SyriaSearchError, TimeLimitError
from ..index.postings import Flags
from ..index.reader import open_index
from ..search.collection import snapshot
from ..search.scoring import CollectionStatistics
from ..search.shard_searcher import ShardSearcher
from ..store.connection import ReadConnection
from ..store.sql import STEPS, cached_per_version
from ..store.sqlite_errors import reading
from .configuration import ShardFile
from .consistency import names_state
from .shard_files import OpenShard, file_id, open_shard

WARM = 2
"""The number of connections that a replica opens before it is asked."""
PAGE_CACHE = 16 << 20
"""The size of a connection's page cache in bytes: this process is there for the shard alone."""
MAX_CALLS = 32
"""The number of calls that a replica answers at the same time."""


class Facts(NamedTuple):
    """What all shards have to know of one, in one snapshot."""

    names: str
    """What distinguishes its entities and corrections from others (`consistency.names_state`)."""
    totals: CollectionStatistics
    articles: Flags
    """Which articles it has, as flags by id."""

    @classmethod
    def of(cls, searcher: ShardSearcher) -> Facts:
        """Return the facts of a shard."""
        names = names_state(searcher.connection)
        return cls(names, searcher.collection_statistics(), searcher.index.live)


def make_token(searcher: ShardSearcher) -> bytes:
    """Return what distinguishes a shard's contents from any others."""

    def make(_: sqlite3.Connection) -> bytes:
        *facts, articles = Facts.of(searcher)
        return hashlib.blake2b(repr(facts).encode() + articles.tobytes(), digest_size=16).digest()

    return cached_per_version(searcher.connection, "token", make)


class Call(NamedTuple):
    """A call of a function that takes a shard's searcher, in the session of one question."""

    session: str
    begins: bool
    """Whether the session is to begin; an earlier one of the same name ends."""
    seconds: float
    """How long the call may take."""
    idle_s: float
    """How long the session is kept after the call."""
    method: Callable[..., Any]
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]


class Reply(NamedTuple):
    """What a call has returned or raised."""

    token: bytes = b""
    """The shard's contents, as the session sees them (see `make_token`)."""
    value: Any = None
    error: SyriaSearchError | None = None
    is_late: bool = False
    """Whether it took too long."""
    is_lost: bool = False
    """Whether the session has ended."""


class _Session:
    """A snapshot of a shard, searched for one question."""

    def __init__(self, shard: OpenShard) -> None:
        self.shard = shard
        self.searcher = ShardSearcher(shard.connection)
        self.snapshot = ExitStack()
        self.lock = threading.Lock()
        self.expires_at = float("inf")


class ShardServer:
    """A replica of a shard. An actor; its calls may come in several threads."""

    def __init__(self, name: str, path: str) -> None:
        self._shard = ShardFile(name, Path(path))
        self._free: list[OpenShard] = []
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()
        # An error is reported to whoever asks.
        with suppress(SyriaSearchError):
            for held in [self._take() for _ in range(WARM)]:
                with reading(held.connection, self._shard.path), snapshot([held.connection]):
                    make_token(ShardSearcher(held.connection))
                    open_index(held.connection).paragraphs_of(0)
                self._free.append(held)
        threading.Thread(target=self._expire, daemon=True).start()

    def describe(self) -> dict[str, Any]:
        """Return where this runs, for `cluster status`."""
        import ray

        path = self._shard.path
        return {
            "node": ray.get_runtime_context().get_node_id(),
            "pid": os.getpid(),
            "version": __version__,
            "size": path.stat().st_size if path.exists() else None,
        }

    def ready(self) -> bool:
        """Return once it can be asked."""
        return True

    def ask(self, call: Call) -> Reply:
        """Make a call; return what it returns or raises."""
        try:
            if call.begins:
                self.end(call.session)
                session = _Session(self._take())
            else:
                with self._lock:
                    found = self._sessions.get(call.session)
                if found is None:
                    return Reply(is_lost=True)
                session = found
            with session.lock:
                return self._answer(session, call)
        except SyriaSearchError as error:
            return Reply(error=error)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            message = f"{self._shard.name} cannot answer ({error!r}): report it"
            return Reply(error=ArchiveError(message))

    def _answer(self, session: _Session, call: Call) -> Reply:
        connection = session.shard.connection
        try:
            with reading(connection, self._shard.path), _limited(connection, call.seconds):
                if call.begins:
                    connection.execute(f"PRAGMA busy_timeout = {call.seconds * 1000:.0f}")
                    session.snapshot.enter_context(snapshot([connection]))
                token = make_token(session.searcher)
                value = call.method(session.searcher, *call.arguments, **call.options)
        except (TimeLimitError, ArchiveLockedError) as error:
            connection.cache.clear()  # a value in it may be incomplete
            connection.stopped = False
            self._release(session)
            return Reply(error=error, is_late=True)
        except BaseException:
            self._release(session)
            raise
        session.expires_at = time.monotonic() + call.idle_s
        with self._lock:
            self._sessions[call.session] = session
        return Reply(token, value)

    def end(self, name: str) -> None:
        """End a session, if there is one of this name."""
        with self._lock:
            session = self._sessions.pop(name, None)
        if session is not None:
            with session.lock:
                self._release(session)

    def _expire(self) -> None:
        while True:
            time.sleep(1)
            now = time.monotonic()
            with self._lock:
                expired = [name for name, each in self._sessions.items() if each.expires_at < now]
            for name in expired:
                self.end(name)

    def _take(self) -> OpenShard:
        """Return a connection to the file that is at the path now. Raises ArchiveError."""
        current = file_id(self._shard.path)
        with self._lock:
            while self._free:
                held = self._free.pop()
                if held.file_id == current:
                    return held
                held.connection.close()
        opened = open_shard(self._shard)
        opened.connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE >> 10}")
        return opened

    def _release(self, session: _Session) -> None:
        session.snapshot.close()
        with self._lock:
            self._sessions = {k: v for k, v in self._sessions.items() if v is not session}
            self._free.append(session.shard)


@contextmanager
def _limited(connection: ReadConnection, seconds: float) -> Iterator[None]:
    """Interrupt queries after a number of seconds."""
    deadline = time.monotonic() + seconds

    def stop() -> bool:
        connection.stopped = time.monotonic() > deadline
        return connection.stopped

    connection.set_progress_handler(stop, STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
