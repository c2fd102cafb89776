"""An open archive: connections of many threads for reading, and of one for writing."""

from __future__ import annotations

import os
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import ArchiveError, ArchiveReadOnlyError, ArchiveWarning
from .search.collection import Collection, Source
from .store.connection import Reader, close_all, open_reader
from .store.sqlite_errors import reading
from .store.stem_versions import current_versions, other_versions

if TYPE_CHECKING:
    from typing_extensions import Self

    from .cluster import LocalShards
    from .cluster.served import ServedShards
    from .ingest.archive_writer import Store

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
        self._is_compared = False
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
        """Call `_answer`, and warn once if stems were made with other versions."""
        if self._is_compared:
            return self._answer(answer, *asked, **named)
        other: str | None = None

        def compared(source: Source, *asked: Any, **named: Any) -> Answer:
            nonlocal other
            several = source.connections if isinstance(source, Collection) else [source]
            other = other_versions(several)
            return answer(source, *asked, **named)

        found = self._answer(compared, *asked, **named)
        with self._lock:
            is_first, self._is_compared = not self._is_compared, True
        if is_first and other is not None:
            warnings.warn(_other_stems(self.path, other), ArchiveWarning, stacklevel=3)
        return found

    def _answer(self, answer: Callable[..., Answer], *asked: Any, **named: Any) -> Answer:
        """Return a function's result for the archive, or for the shards of a cluster."""
        self._check_open()
        if self._cluster is not None:
            return self._cluster.ask(answer, *asked, **named)
        connection = self._connection()
        with reading(connection, self.path):
            return answer(connection, *asked, **named)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Stop the calls of this thread in here after a number of seconds of work in total.

        Raises TimeLimitError then; on a busy machine, after five times as long at the latest. Work
        that does not read the file, some milliseconds of it, is not stopped. `hits` reads through
        its own connection, without this limit.
        """
        held = self._connection() if self._cluster is None else self._cluster
        with held.within(seconds):
            yield

    @contextmanager
    def _writing(self) -> Iterator[tuple[Store, ...]]:
        """Write in one transaction: into the archive, or the same into all shards."""
        with self._stores(log=False) as stores:
            from .ingest.batches import batch_of

            with batch_of(stores):
                yield stores

    @contextmanager
    def _stores(self, *, log: bool) -> Iterator[tuple[Store, ...]]:
        """Open the archive, or all shards, for writing. Raises ArchiveError."""
        self._check_writable()
        from .ingest.archive_writer import Store

        with ExitStack() as stack:
            if self._cluster is not None:
                from .cluster.alone import alone

                stack.enter_context(alone(self.path))
            yield tuple(stack.enter_context(closing(Store(each, log=log))) for each in self._paths)

    @property
    def _paths(self) -> tuple[Path, ...]:
        """The path of the archive, or of each shard."""
        return (self.path,) if self._cluster is None else self._cluster.paths

    def _check_writable(self) -> None:
        self._check_open()
        if self.readonly:
            raise ArchiveReadOnlyError(f"{self.path} was opened to read: open it without readonly")


def _other_stems(path: Path, versions: str) -> str:
    return (
        f"the stems of {path} were made with {versions}, not {current_versions()}: a search may "
        "miss forms of a word until the next ingest, or `syriasearch optimize`, makes them again"
    )


def _open_cluster(path: Path) -> LocalShards | ServedShards | None:
    """Return the cluster that a file describes; None if it is an archive."""
    if path.suffix != ".toml":
        return None
    from .cluster import open_cluster

    return open_cluster(path)
