"""Backends: what an `Archive` reads and writes, one file or what a plug-in opens.

A plug-in is an entry point of the group `syriasearch.archives`, named after the suffix of the files
that it opens (`.toml`): a function that takes a path and returns a `Backend`.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from os import PathLike
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypedDict, TypeVar

from ..errors import ArchiveError, ArchiveWarning
from ..store.connection import ConnectionPool, ReadConnection, open_reader
from ..store.sqlite_errors import reading

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..entities.recognition_settings import GazetteerFiles
    from ..ingest.archive_writer import ArchiveWriter
    from ..ingest.progress import Progress
    from ..models.article import Article
    from ..models.report import Deletion, IngestReport, RepairReport
    from ..search.collection import Collection

Answer = TypeVar("Answer")
Source: TypeAlias = "str | PathLike[str] | Iterable[Any] | ArrowTable | TableQuery"
"""What can be ingested: a path, or records."""
Writers = Sequence["ArchiveWriter"]
"""A writer of the archive, or of each shard of a cluster."""
PLUGGED_SUFFIX = ".toml"
"""The suffix of files for which a plug-in is looked up, which takes some milliseconds."""


class ArrowTable(Protocol):
    """A table that can be read as Arrow, such as those of pandas, polars and pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the table as a stream of Arrow."""


class TableQuery(Protocol):
    """A query that gives a table, such as a `LazyFrame` of polars."""

    def collect_schema(self) -> Any:
        """Return the names and types of its columns."""


class IngestOptions(TypedDict):
    """The options of `Archive.ingest` for files and for clusters."""

    name: str | None
    gazetteer: GazetteerFiles
    recognizer: str | None
    prune: bool
    force: bool
    retry: bool
    restore: bool
    progress: Progress | None
    format: str | None
    columns: Mapping[str, str] | None
    dates: Literal["day-first", "month-first"] | None


class Backend(ABC):
    """What an `Archive` reads and writes. Every method raises ArchiveError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_closed = False
        self._is_compared = False

    def close(self) -> None:
        """Close the connections; nothing can be asked afterwards."""
        self._is_closed = True

    def check_open(self) -> None:
        """Raise ArchiveError after `close`."""
        if self._is_closed:
            raise ArchiveError(f"{self.path} was closed: open it again")

    def _compare_stems(self, connections: Iterable[Connection]) -> None:
        """Warn, once, if stems were made with other versions; call it from `ask`."""
        from ..store.stem_versions import current_versions, other_versions

        if not self._is_compared:
            self._is_compared = True
            versions = other_versions(connections)
            if versions is not None:
                warnings.warn(
                    f"the stems of {self.path} were made with {versions}, not "
                    f"{current_versions()}: a search may miss forms of a word until the next "
                    "ingest, or `syriasearch optimize`, makes them again",
                    ArchiveWarning,
                    stacklevel=4,
                )

    @abstractmethod
    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Limit what this thread's questions take (see `Archive.within`)."""

    @abstractmethod
    def ask(
        self,
        question: Callable[[Collection], Answer],
        *,
        in_part: bool = False,
        warns: bool = True,
    ) -> Answer:
        """Return what a function finds, in one snapshot.

        `in_part` is whether shards that do not answer in time may be left out, `warns` whether to
        warn, once, if stems were made with other versions: a write makes them again.
        """

    @abstractmethod
    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function finds, in one snapshot, through connections of its own."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The file of the archive, or of each shard."""
        return (self.path,)

    def lock(self) -> AbstractContextManager[None]:
        """Keep other processes from writing, where the files do not do that themselves."""
        return nullcontext()

    @contextmanager
    def writers(self, *, log: bool) -> Iterator[Writers]:
        """Open all files for writing; with `log`, readers continue during long writes."""
        from ..ingest.archive_writer import ArchiveWriter

        with ExitStack() as stack:
            stack.enter_context(self.lock())
            yield tuple(
                stack.enter_context(closing(ArchiveWriter(each, log=log))) for each in self.paths
            )

    @contextmanager
    def batch(self) -> Iterator[Writers]:
        """Open all files for writing, in one transaction of each."""
        from ..ingest.archive_writer import batch_of

        with self.writers(log=False) as writers, batch_of(writers):
            yield writers

    @abstractmethod
    def ingest(
        self,
        sources: Sequence[Source],
        *,
        dry_run: bool,
        processes: int | None,
        **options: Unpack[IngestOptions],
    ) -> IngestReport:
        """Ingest files and folders (see `Archive.ingest`)."""

    @abstractmethod
    def check_deletes(self) -> None:
        """Raise ArchiveError if articles cannot be deleted here."""

    def delete(self, articles: Sequence[Article]) -> Deletion:
        """Delete articles (see `Archive.delete`)."""
        from ..ingest.deletion import delete

        with self.writers(log=True) as (writer,):
            return delete(writer, articles)

    def undo_delete(self) -> Deletion:
        """Restore the articles that were deleted last (see `Archive.undo_delete`)."""
        from ..ingest.deletion import undo

        with self.writers(log=True) as (writer,):
            return undo(writer)

    @abstractmethod
    def check(self) -> tuple[str, ...]:
        """Return what is wrong (see `Archive.check`)."""

    @abstractmethod
    def repair(self) -> RepairReport:
        """Repair what can be rebuilt (see `Archive.repair`)."""


class FileBackend(Backend):
    """One archive file, with a connection for each thread that reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._pool = ConnectionPool(path)

    def connection(self) -> ReadConnection:
        """Return this thread's connection."""
        self.check_open()
        return self._pool.get()

    def close(self) -> None:
        """Close the connections."""
        super().close()
        self._pool.close()

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Limit what this thread's questions take."""
        return self.connection().within(seconds)

    def ask(
        self,
        question: Callable[[Collection], Answer],
        *,
        in_part: bool = False,
        warns: bool = True,
    ) -> Answer:
        """Return what a function finds, in one snapshot."""
        from ..search.collection import Collection, snapshot

        connection = self.connection()
        with reading(connection, self.path), snapshot([connection]):
            if warns:
                self._compare_stems([connection])
            return question(Collection([connection]))

    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function finds, in one snapshot, through a connection of its own."""
        from ..search.collection import Collection, snapshot

        with (
            closing(open_reader(self.path)) as connection,
            reading(connection, self.path),
            snapshot([connection]),
        ):
            yield from question(Collection([connection]))

    def ingest(
        self,
        sources: Sequence[Source],
        *,
        dry_run: bool,
        processes: int | None,
        **options: Unpack[IngestOptions],
    ) -> IngestReport:
        """Ingest files and folders."""
        from ..entities.recognition_settings import make_options
        from ..ingest.archive_writer import ArchiveWriter
        from ..ingest.dry_run import DryRun
        from ..ingest.run import ingest
        from ..ingest.sources import check_streams, find_sources, make_read_options

        read_options = make_read_options(
            format=options["format"], columns=options["columns"], dates=options["dates"]
        )
        files = find_sources(sources, name=options["name"])
        check_streams(files, retry=options["retry"], format=options["format"])
        names = make_options(options["gazetteer"], options["recognizer"])
        with closing(DryRun(self.path) if dry_run else ArchiveWriter(self.path)) as writer:
            return ingest(
                writer,
                files,
                options=names,
                prune=options["prune"],
                force=options["force"],
                retry=options["retry"],
                restore=options["restore"],
                progress=options["progress"],
                processes=0 if dry_run else processes,
                reading=read_options,
            )

    def check_deletes(self) -> None:
        """Allow it."""

    def check(self) -> tuple[str, ...]:
        """Return what is wrong."""
        from ..doctor.diagnosis import diagnose

        return tuple(map(str, diagnose(self.path)))

    def repair(self) -> RepairReport:
        """Repair what can be rebuilt."""
        from ..doctor.repair import repair

        return repair(self.path)


def open_backend(path: Path) -> Backend:
    """Return what a plug-in opens for the suffix of a path, or else the archive there.

    Raises ArchiveError if the plug-in is missing.
    """
    if path.suffix == PLUGGED_SUFFIX:
        from importlib.metadata import entry_points

        for plugin in entry_points(group="syriasearch.archives", name=path.suffix):
            backend: Backend = plugin.load()(path)
            return backend
        raise ArchiveError(
            f"{path} needs what pip records about syriasearch, to find what opens it: "
            "install syriasearch with pip"
        )
    return FileBackend(path)
