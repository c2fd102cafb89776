"""The shards of a cluster, read and written as one archive."""

from __future__ import annotations

import operator
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..archive.backend import Backend, IngestOptions, Source
from ..errors import ArchiveError, OptionError
from ..index.reader import IndexReader, open_index
from ..search.collection import Collection, snapshot
from ..store.sqlite_errors import translate_errors
from .configuration import LOCAL, Configuration
from .consistency import TwiceError, check_together, names_met
from .lexicon import SharedLexicon
from .shard_files import (
    AskAgainError,
    ChangedShardError,
    LateShardsError,
    OpenShard,
    ShardFiles,
    late_if_locked,
    locked,
    naming_shards,
    opened,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.report import IngestReport, RepairReport

Answer = TypeVar("Answer")
MOVED_S = 5.0
"""Seconds after which an article that is in two shards is not on its way from one to the other."""
IDLE_S = 5.0
"""How long replicas keep the state of a question after a call, in seconds."""
STREAM_IDLE_S = 600.0
"""How long a client that reads hit by hit may pause, in seconds."""
MAX_CHANGES = 3
"""How often a question is asked because shards have changed."""


@dataclass
class Question:
    """The progress of one question, which may be asked several times until it is answered."""

    seconds: float
    """How long the shards may take."""
    is_limited: bool = False
    """Whether the user has set that limit."""
    idle_s: float = IDLE_S
    """How long replicas keep its state between two calls."""
    missing: tuple[str, ...] = ()
    """The shards that are left out, as they have not answered in time."""
    tried: set[Any] = field(default_factory=set)
    """The replicas that have failed."""
    contents: Any = None
    """What distinguishes the contents of the shards, once they are known."""

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


class ClusterBackend(Backend):
    """The shards of a cluster, searched here or by others."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._files = ShardFiles(path)
        self._local = threading.local()

    @property
    def configuration(self) -> Configuration:
        """What the cluster's file says now. Raises OptionError if it has become another kind."""
        return self._files.configuration

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths of the shards."""
        return tuple(each.path for each in self.configuration.shards)

    def close(self) -> None:
        """Close the files."""
        super().close()
        self._files.close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Limit what this thread's questions take, for each shard."""
        self.check_open()
        self._local.seconds = seconds
        try:
            yield
        finally:
            self._local.seconds = None

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
        limit_s = getattr(self._local, "seconds", None)
        timeout_s = self.configuration.timeout_s
        asked = Question(
            timeout_s if limit_s is None else min(limit_s, timeout_s), limit_s is not None
        )
        moved_until = time.monotonic() + MOVED_S
        changes = 0
        while True:
            try:
                with (
                    self.open_shards(asked) as shards,
                    self.collection(shards, asked) as collection,
                ):
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
                asked.contents = None
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

    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function finds, through connections of its own."""
        self.check_open()
        asked = Question(self.configuration.timeout_s, idle_s=STREAM_IDLE_S)
        given = 0
        with (
            translate_errors(f"a shard of {self.path}"),
            opened(self.configuration.shards) as shards,
        ):
            while True:
                asked.restart()
                try:
                    with self.collection(_by_names(shards), asked) as collection:
                        for each in islice(question(collection), given, None):
                            given += 1
                            yield each
                            asked.restart()
                        return
                except ChangedShardError as error:
                    raise ArchiveError(
                        f"the shards of {self.path} have changed while they were read: begin again"
                    ) from error
                except AskAgainError:
                    continue
                except LateShardsError as late:
                    raise ArchiveError(
                        f"{self.path}: {', '.join(late.names)} did not answer in time: try again"
                    ) from late

    @abstractmethod
    def collection(
        self, shards: list[OpenShard], question: Question
    ) -> AbstractContextManager[Collection]:
        """Return open shards as a collection.

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
                with late_if_locked(each):
                    stack.enter_context(snapshot([each.connection]))
                    names_met(each.connection)
            yield _by_names(shards)

    def lock(self) -> AbstractContextManager[None]:
        """Keep other processes from writing into the cluster."""
        return locked(self.path)

    def ingest(
        self,
        sources: Sequence[Source],
        *,
        dry_run: bool,
        processes: int | None,
        **options: Unpack[IngestOptions],
    ) -> IngestReport:
        """Ingest files and folders, with Ray."""
        from .cluster import Cluster

        if dry_run or processes is not None:
            raise OptionError("dry_run and processes are for one archive: leave them out")
        return Cluster(self.path).ingest(*sources, **options)

    def check_deletes(self) -> None:
        """Raise ArchiveError: the shards and their catalogue are filled from sources only."""
        raise ArchiveError(
            f"{self.path}: articles of a cluster cannot be deleted one by one: take their files "
            "away and ingest with prune, or `syriasearch cluster merge` it and delete there"
        )

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with each shard."""
        from ..doctor.diagnosis import diagnose

        return tuple(f"{path.name}: {each}" for path in self.paths for each in diagnose(path))

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

    @contextmanager
    def collection(self, shards: list[OpenShard], question: Question) -> Iterator[Collection]:
        """Return open shards as a collection; consistent ones are not checked again."""
        connections = [each.connection for each in shards]
        indexes = list(map(open_index, connections))
        checked: list[IndexReader] = getattr(self._local, "checked", [])
        if len(checked) != len(indexes) or any(map(operator.is_not, checked, indexes)):
            check_together([e.file for e in shards], connections, [e.live for e in indexes])
            self._local.checked = indexes
        yield Collection(connections, lexicon=SharedLexicon(connections), missing=question.missing)


def _by_names(shards: list[OpenShard]) -> list[OpenShard]:
    """Return shards, one with all names first: one that is being filled may lack the latest."""
    return sorted(shards, key=lambda each: names_met(each.connection), reverse=True)
