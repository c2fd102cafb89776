"""Connections to an archive, one for each thread that reads it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from .connection import Reader, close_all, open_reader


class ConnectionPool:
    """The reading connections of an archive; those of threads that have ended are closed."""

    def __init__(self, path: Path, open_path: Callable[[Path], Reader] = open_reader) -> None:
        self._path = path
        self._open_path = open_path
        self._local = threading.local()
        self._connections: dict[threading.Thread, Reader] = {}
        self._lock = threading.Lock()
        weakref.finalize(self, close_all, self._connections)

    def get(self) -> Reader:
        """Return this thread's connection. Raises what opening the path raises."""
        connection: Reader | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open_path(self._path)
            self._local.connection = connection
            with self._lock:
                for thread in [each for each in self._connections if not each.is_alive()]:
                    self._connections.pop(thread).close()
                self._connections[threading.current_thread()] = connection
        return connection

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            close_all(self._connections)
