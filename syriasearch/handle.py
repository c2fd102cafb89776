"""How is an archive held open, by many threads to read and by one to write?"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from .connection import Reader, close_all, open_reader
from .errors import ArchiveError, ArchiveReadOnlyError

if TYPE_CHECKING:
    from typing_extensions import Self

    from .store import Store


class Handle:
    """An archive's file, with a connection for each thread that reads it."""

    def __init__(self, path: str | os.PathLike[str], *, readonly: bool = False) -> None:
        name = os.fsdecode(path)
        if "\0" in name or not name:
            raise ArchiveError(f"{name!r} is no path of an archive")
        self.path = Path(name)
        self.readonly = readonly
        self._local = threading.local()
        self._connections: dict[threading.Thread, Reader] = {}
        weakref.finalize(self, close_all, self._connections)
        self._lock = threading.Lock()
        self._closed = False
        if readonly:
            self._connection()

    def close(self) -> None:
        """Close the archive; it cannot be used afterwards."""
        with self._lock:
            self._closed = True
            close_all(self._connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _connection(self) -> Reader:
        if self._closed:
            raise ArchiveError(f"{self.path} was closed: open it again")
        connection: Reader | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = open_reader(self.path)
            self._local.connection = connection
            with self._lock:
                for thread in [each for each in self._connections if not each.is_alive()]:
                    self._connections.pop(thread).close()
                self._connections[threading.current_thread()] = connection
        return connection

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Stop what this thread asks in here after so many seconds of work, all of it together.

        Raises TimeLimitError then; on a machine that others keep busy, after five times as long at
        the latest. What needs no look at the file, some milliseconds of it, goes on. `hits` reads
        beside it, as long as it takes.
        """
        with self._connection().within(seconds):
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
        if self._closed:
            raise ArchiveError(f"{self.path} was closed: open it again")
        if self.readonly:
            raise ArchiveReadOnlyError(f"{self.path} was opened to read: open it without readonly")
