"""The shards of a cluster, read and written as one archive."""

from __future__ import annotations

import operator
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ..backend import Backend, IngestOptions, Writers
from ..errors import ArchiveError, OptionError, TimeLimitError
from ..index.reader import IndexReader, open_index
from ..search.collection import Collection, snapshot
from ..store.sqlite_errors import translate_errors
from .belonging import TwiceError, check_together, names_met
from .configuration import LOCAL, Configuration
from .opening import (
    AskAgainError,
    ChangedShardError,
    LateShardsError,
    OpenShard,
    ShardFiles,
    late_if_locked,
    naming_shards,
    open_shard,
)
from .vocabulary import SharedLexicon

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.report import IngestReport, RepairReport

Answer = TypeVar("Answer")
MOVED_S = 5.0
"""Seconds after which an article that is in two shards is not on its way from one to the other."""
MAX_CHANGES = 3
"""How often a question is asked because shards have changed."""


@dataclass
class Question:
    """The progress of one question, which may be asked several times until it is answered."""

    seconds: float
    """How long the shards may take."""
    is_limited: bool = False
    """Whether the user has set that limit."""
    missing: tuple[str, ...] = ()
    """The shards that are left out, as they have not answered in time."""
    tried: set[Any] = field(default_factory=set)
    """The replicas that have failed."""

    def __post_init__(self) -> None:
        """Let the time begin."""
        self.restart()

    def restart(self) -> None:
        """Let the time begin again."""
        self._deadline = time.monotonic() + self.seconds

    @property
    def left_s(self) -> float:
        """How much time is left, at least 0."""
        return max(self._deadline - time.monotonic(), 0.0)

    def raise_late(self, names: Iterator[str]) -> NoReturn:
        """Raise what it means that shards are late."""
        if self.is_limited:
            raise TimeLimitError(
                "this takes too long: ask for less, with more words or a shorter time"
            )
        raise LateShardsError(*names)


class ClusterBackend(Backend):
    """The shards of a cluster, searched here or by others."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._files = ShardFiles(path)

    @property
    def configuration(self) -> Configuration:
        """What the cluster's file says now. Raises OptionError if it has become another kind."""
        return self._files.configuration

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths of the shards."""
        return tuple(each.path for each in self.configuration.shards)

    def numbers(self, shards: Sequence[OpenShard]) -> dict[int, str]:
        """Return the numbers of shards in the cluster's file, with their names."""
        names = self.configuration.names
        return {names.index(each.file.name): each.file.name for each in shards}

    def close(self) -> None:
        """Close the files."""
        super().close()
        self._files.close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Limit what this thread's questions take, for each shard."""
        self.check_open()
        self._files.local.seconds = seconds
        try:
            yield
        finally:
            self._files.local.seconds = None

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
        limit_s = getattr(self._files.local, "seconds", None)
        timeout_s = self.configuration.timeout_s
        asked = Question(
            timeout_s if limit_s is None else min(limit_s, timeout_s), limit_s is not None
        )
        moved_until = time.monotonic() + MOVED_S
        changes = 0
        while True:
            try:
                with self.reading(asked) as collection:
                    if warns:
                        self._compare_stems(collection.connections)
                    return question(collection)
            except TwiceError:
                # An article goes from one shard to another: it is in both for a moment.
                if time.monotonic() > moved_until:
                    raise
                time.sleep(0.02)
            except ChangedShardError as error:
                changes += 1
                if changes == MAX_CHANGES:
                    raise ArchiveError(
                        f"the shards of {self.path} change all the time: try again"
                    ) from error
            except AskAgainError:
                continue
            except LateShardsError as late:
                asked.missing += late.names
                asked.restart()
                if len(asked.missing) >= len(self.configuration.shards):
                    raise ArchiveError(
                        f"{self.path}: no shard answers in time: try again, or raise timeout_s"
                    ) from late
                if not in_part:
                    raise ArchiveError(
                        f"{self.path}: {', '.join(asked.missing)} did not answer in time, and this "
                        "is told of all shards or not at all: try again, or raise timeout_s"
                    ) from late

    @abstractmethod
    def reading(self, question: Question) -> AbstractContextManager[Collection]:
        """Read the shards as they are now, but for the missing ones.

        Raises LateShardsError for shards that do not answer in time, AskAgainError.
        """

    @contextmanager
    def open_shards(self, question: Question) -> Iterator[list[OpenShard]]:
        """Open the shards that are not missing in a snapshot each, one with all names first."""
        shards = self._files.held(question.missing)
        with ExitStack() as stack:
            stack.enter_context(naming_shards(self.path, shards, late=not question.is_limited))
            for each in shards:
                stack.enter_context(each.connection.within(question.seconds))
                stack.enter_context(snapshot([each.connection]))
                with late_if_locked(each):
                    names_met(each.connection)
            yield _by_names(shards)

    @contextmanager
    def open_apart(self) -> Iterator[list[OpenShard]]:
        """Open all shards in a snapshot each, through connections of their own."""
        with ExitStack() as stack:
            shards = [open_shard(each) for each in self.configuration.shards]
            for each in shards:
                stack.enter_context(closing(each.connection))
            stack.enter_context(translate_errors(f"a shard of {self.path}"))
            stack.enter_context(snapshot([each.connection for each in shards]))
            yield _by_names(shards)

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
        self,
        sources: Sequence[str | PathLike[str]],
        *,
        dry_run: bool,
        processes: int | None,
        **options: Unpack[IngestOptions],
    ) -> IngestReport:
        """Ingest files and folders, with Ray."""
        from .shards import Cluster

        if dry_run or processes is not None:
            raise OptionError("dry_run and processes are for one archive: leave them out")
        return Cluster(self.path).ingest(*sources, **options)

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


class LocalBackend(ClusterBackend):
    """The shards of a cluster, searched in this process."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.configuration  # noqa: B018 (it raises what is wrong with the file)

    @property
    def configuration(self) -> Configuration:
        """What the cluster's file says now. Raises OptionError for another address."""
        configuration = super().configuration
        if configuration.address != LOCAL:
            raise OptionError(
                f"{self.path} has another address now, {configuration.address!r}: open it again"
            )
        return configuration

    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function finds, through connections of its own."""
        self.check_open()
        with self.open_apart() as shards:
            yield from question(self._collection(shards, ()))

    @contextmanager
    def reading(self, question: Question) -> Iterator[Collection]:
        """Read the shards as they are now, but for the missing ones."""
        with self.open_shards(question) as shards:
            yield self._collection(shards, question.missing)

    def _collection(self, shards: list[OpenShard], missing: tuple[str, ...]) -> Collection:
        """Return shards as one collection; consistent shards are not checked again."""
        connections = [each.connection for each in shards]
        indexes = list(map(open_index, connections))
        checked: list[IndexReader] = getattr(self._files.local, "checked", [])
        if len(checked) != len(indexes) or any(map(operator.is_not, checked, indexes)):
            check_together([e.file for e in shards], connections, [e.live for e in indexes])
            self._files.local.checked = indexes
        return Collection(connections, lexicon=SharedLexicon(connections), missing=missing)


def _by_names(shards: list[OpenShard]) -> list[OpenShard]:
    """Return shards, one with all names first: one that is being filled may lack the latest."""
    return sorted(shards, key=lambda each: names_met(each.connection), reverse=True)
