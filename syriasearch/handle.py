"""How is an archive held open, by many threads to read and by one to write?"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from .connection import Reader, close_all, open_reader, reading
from .errors import ArchiveError, ArchiveReadOnlyError

if TYPE_CHECKING:
    from typing_extensions import Self

    from .cluster import LocalShards
    from .cluster.served import ServedShards
    from .store import Store

Answer = TypeVar("Answer")


class Handle:
    """An archive's file, with a connection for each thread that reads it."""

    def __init__(self, path: str | os.PathLike[str], *, readonly: bool = False) -> None:
        name = os.fsdecode(path)
        if "\0" in name or not name:
            raise ArchiveError(f"{name!r} is no path of an archive")
        self.path = Path(name)
        self.readonly = readonly
        self._cluster = _open_cluster(self.path)
        self._local = threading.local()
        self._connections: dict[threading.Thread, Reader] = {}
        weakref.finalize(self, close_all, self._connections)
        self._lock = threading.Lock()
        self._closed = False
        if readonly and self._cluster is None:
            self._connection()

    def close(self) -> None:
        """Close the archive; it cannot be used afterwards."""
        with self._lock:
            self._closed = True
            close_all(self._connections)
            if self._cluster is not None:
                self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ArchiveError(f"{self.path} was closed: open it again")

    def _connection(self) -> Reader:
        self._check_open()
        if self._cluster is not None:
            raise ArchiveError(
                f"{self.path} is a cluster, which cannot do this yet: ask one of its shards, or "
                "an archive that `syriasearch cluster merge` makes of them"
            )
        connection: Reader | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = open_reader(self.path)
            self._local.connection = connection
            with self._lock:
                for thread in [each for each in self._connections if not each.is_alive()]:
                    self._connections.pop(thread).close()
                self._connections[threading.current_thread()] = connection
        return connection

    def _ask(self, answer: Callable[..., Answer], *asked: Any, **named: Any) -> Answer:
        """Return what a function answers from the archive, or from the shards of a cluster."""
        self._check_open()
        if self._cluster is not None:
            return self._cluster.ask(answer, *asked, **named)
        connection = self._connection()
        with reading(connection, self.path):
            return answer(connection, *asked, **named)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Stop what this thread asks in here after so many seconds of work, all of it together.

        Raises TimeLimitError then; on a machine that others keep busy, after five times as long at
        the latest. What needs no look at the file, some milliseconds of it, goes on. `hits` reads
        beside it, as long as it takes.
        """
        held = self._connection() if self._cluster is None else self._cluster
        with held.within(seconds):
            yield

    @contextmanager
    def _writing(self) -> Iterator[Store]:
        """Write a little, in one transaction."""
        with closing(self._store(log=False)) as store, store.batch():
            yield store

    def _store(self, *, log: bool) -> Store:
        """Open the archive to write it. Raises ArchiveError."""
        self._check_writable()
        from .store import Store

        return Store(self.path, log=log)

    def _check_writable(self) -> None:
        self._check_open()
        if self._cluster is not None:
            raise ArchiveReadOnlyError(
                f"{self.path} is a cluster, which is read only: write into an archive, and "
                "`syriasearch cluster split` it"
            )
        if self.readonly:
            raise ArchiveReadOnlyError(f"{self.path} was opened to read: open it without readonly")


def _open_cluster(path: Path) -> LocalShards | ServedShards | None:
    """Return the cluster that a file describes; None where it is an archive."""
    if path.suffix != ".toml":
        return None
    from .cluster import open_cluster

    return open_cluster(path)
