"""The shards of a cluster, read and written as one archive."""

from __future__ import annotations

import operator
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..backend import Backend, IngestOptions, Writers
from ..errors import ArchiveError, OptionError
from ..index.reader import IndexReader, open_index
from ..search.collection import Collection, snapshot
from ..store.sqlite_errors import translate_errors
from .belonging import TwiceError, check_together, in_order
from .configuration import LOCAL, Configuration
from .opening import (
    LateShardsError,
    Opened,
    ShardFiles,
    late_where_locked,
    open_shard,
    told_by_name,
)
from .vocabulary import SharedLexicon

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.report import IngestReport, RepairReport

Answer = TypeVar("Answer")
MOVED_S = 5.0
"""Seconds after which an article that is in two shards is not on its way from one to the other."""


class ClusterBackend(Backend):
    """The shards of a cluster, searched here or where others have them open."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._files = ShardFiles(path)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths of the shards."""
        return tuple(each.path for each in self._files.configuration.shards)

    def close(self) -> None:
        """Close the files."""
        super().close()
        self._files.close()

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Limit what this thread's questions take, for each shard."""
        self.check_open()
        return self._files.within(seconds)

    def ask(
        self,
        question: Callable[[Collection], Answer],
        *,
        in_part: bool = False,
        warns: bool = True,
    ) -> Answer:
        """Return what a function finds in all shards, or with `in_part` in those that answer.

        Raises ArchiveError if the shards that are needed do not answer in time.
        """
        self.check_open()
        missing: tuple[str, ...] = ()
        until = time.monotonic() + MOVED_S
        while True:
            try:
                with self._reading(missing) as collection:
                    if warns:
                        self._compare_stems(collection.connections)
                    return question(collection)
            except TwiceError:
                # An article goes from one shard to another: it is in both for a moment.
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
            except LateShardsError as late:
                missing = (*missing, *late.names)
                if len(missing) >= len(self._files.configuration.shards):
                    raise ArchiveError(
                        f"{self.path}: no shard answers in time: try again, or raise timeout_s"
                    ) from late
                if not in_part:
                    raise ArchiveError(
                        f"{self.path}: {', '.join(missing)} did not answer in time, and this is "
                        "told of all shards or not at all: try again, or raise timeout_s"
                    ) from late

    @abstractmethod
    def _reading(self, missing: tuple[str, ...]) -> AbstractContextManager[Collection]:
        """Read the shards as they are now, but for the missing ones.

        Raises LateShardsError for shards that do not answer in time.
        """

    @contextmanager
    def writers(self, *, log: bool) -> Iterator[Writers]:
        """Open all shards for writing."""
        from ..ingest.archive_writer import ArchiveWriter
        from .alone import alone

        with ExitStack() as stack:
            stack.enter_context(alone(self.path))
            yield tuple(
                stack.enter_context(closing(ArchiveWriter(each, log=log))) for each in self.paths
            )

    @contextmanager
    def batch(self) -> Iterator[Writers]:
        """Open all shards for writing, in one transaction of each."""
        from ..ingest.batches import batch_of

        with self.writers(log=False) as writers, batch_of(writers):
            yield writers

    def ingest(
        self, sources: Sequence[str | PathLike[str]], **options: Unpack[IngestOptions]
    ) -> IngestReport:
        """Ingest files and folders, with Ray."""
        if options["dry_run"] or options["processes"] is not None:
            raise OptionError("dry_run and processes are for one archive: leave them out")
        from .cluster import Cluster

        return Cluster(self.path).ingest(
            *sources,
            gazetteer=options["gazetteer"],
            recognizer=options["recognizer"],
            prune=options["prune"],
            retry=options["retry"],
            progress=options["progress"],
            format=options["format"],
            columns=options["columns"],
            dates=options["dates"],
        )

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with each shard."""
        from ..doctor.repair import find

        return tuple(f"{path.name}: {each}" for path in self.paths for each in find(path))

    def repair(self) -> RepairReport:
        """Raise ArchiveError: each shard is repaired on its own."""
        raise ArchiveError(
            f"{self.path}: a shard is mended for itself, by `syriasearch --db SHARD doctor "
            "--repair`; `syriasearch cluster merge` then brings all together"
        )


class LocalShards(ClusterBackend):
    """The shards of a cluster, opened in this process."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._configuration()

    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function finds, through connections of its own."""
        with ExitStack() as stack:
            there = [open_shard(each) for each in self._configuration().shards]
            for each in there:
                stack.enter_context(closing(each.connection))
            stack.enter_context(translate_errors(f"a shard of {self.path}"))
            stack.enter_context(snapshot([each.connection for each in there]))
            yield from question(self._collection(there, ()))

    def _configuration(self) -> Configuration:
        told = self._files.configuration
        if told.address != LOCAL:
            raise OptionError(
                f"{self.path} has another address now, {told.address!r}: open it again"
            )
        return told

    @contextmanager
    def _reading(self, missing: tuple[str, ...]) -> Iterator[Collection]:
        """Read the shards as they stand now, but for those that are missing."""
        told = self._configuration()
        given = self._files.given_s
        seconds = told.timeout_s if given is None else min(given, told.timeout_s)
        there = self._files.held(missing)
        with ExitStack() as stack:
            stack.enter_context(told_by_name(self.path, there, late=given is None))
            for each in there:
                stack.enter_context(each.connection.within(seconds))
                stack.enter_context(snapshot([each.connection]))
                with late_where_locked(each):
                    open_index(each.connection)
            yield self._collection(there, missing)

    def _collection(self, there: list[Opened], missing: tuple[str, ...]) -> Collection:
        """Return shards as one collection; what was found to be in order is not checked again."""
        # A shard that is being filled may lack the last names.
        there = [there[at] for at in in_order([each.connection for each in there])]
        connections = [each.connection for each in there]
        local = self._files.local
        indexes = list(map(open_index, connections))
        sound: list[IndexReader] = getattr(local, "sound", [])
        if len(sound) != len(there) or any(map(operator.is_not, sound, indexes)):
            check_together([e.shard for e in there], connections, [e.live for e in indexes])
            local.sound = indexes
        return Collection(connections, lexicon=SharedLexicon(connections), missing=missing)
