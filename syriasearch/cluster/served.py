"""The shards of a cluster, searched by the replicas that hold them open.

Words, names and single articles are looked up here, in the files of the shards, which all machines
see; work over many articles is done by the replicas. If one fails or is late, the whole question is
asked again, of another.
"""

from __future__ import annotations

import threading
import time
import uuid
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from ..errors import ArchiveError, OptionError
from ..search.collection import Argument, Collection, P, Result, ShardSearchers
from ..search.scoring import CollectionStatistics
from ..search.shard_searcher import ShardSearcher
from .backend import ClusterBackend, Question
from .belonging import check_together, names_state
from .configuration import LOCAL, Configuration
from .opening import AskAgainError, ChangedShardError, LateShardsError, OpenShard
from .ray_cluster import hold, insecurity, release
from .serving import Replica, Replicas
from .shard_server import Call, Facts
from .vocabulary import SharedLexicon

Answer = TypeVar("Answer")
OPENED_S = 10.0
"""How long replicas are waited for when a cluster is opened, in seconds."""
HEDGE = 0.25
"""The part of the time after which another replica is asked, if there is one."""
PAUSE_S = 0.02
"""The time between two looks for a replica, in seconds."""
IDLE_S = 5.0
"""How long a replica keeps the session of a question after its last call, in seconds."""
STREAM_IDLE_S = 600.0
"""How long a client that reads hit by hit may pause, in seconds."""
MAX_KNOWN = 4096
"""The number of states of all shards whose statistics are kept."""


class FailedReplicaError(AskAgainError):
    """A replica has failed, or was late while another may answer."""


class ServedBackend(ClusterBackend):
    """The shards of a cluster, searched by replicas."""

    def __init__(self, path: Path, ray: Any = None) -> None:
        """`ray` is Ray if it is connected already."""
        super().__init__(path)
        self._ray = ray
        self._replicas: tuple[Configuration, Replicas] | None = None
        self._lock = threading.Lock()
        self._known: dict[tuple[bytes, ...], tuple[CollectionStatistics, tuple[str, ...]]] = {}
        self._name = uuid.uuid4().hex
        self._holds: list[Any] = []
        weakref.finalize(self, _release, self._holds)

    def close(self) -> None:
        """Close what is open here; the replicas stay."""
        super().close()
        with self._lock:
            self._replicas = None
            _release(self._holds)

    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function finds, through connections and sessions of its own."""
        self.check_open()
        configuration, replicas = self._connect()
        given = 0
        asked, first = Question(configuration.timeout_s), None
        session = uuid.uuid4().hex
        with self.open_apart() as shards:
            while True:
                asked.restart()
                searchers = RemoteSearchers(
                    replicas, self.numbers(shards), session, asked, STREAM_IDLE_S
                )
                try:
                    with closing(searchers):
                        collection = ServedCollection(self, shards, searchers, ())
                        for each in islice(question(collection), given, None):
                            if first not in (None, searchers.tokens):
                                raise ChangedShardError
                            first = searchers.tokens
                            given += 1
                            yield each
                            asked.restart()
                        return
                except FailedReplicaError:
                    continue
                except LateShardsError as late:
                    raise ArchiveError(
                        f"{self.path}: {', '.join(late.names)} did not answer in time: try again"
                    ) from late
                except ChangedShardError as error:
                    raise ArchiveError(
                        f"the shards of {self.path} have changed while they were read: begin again"
                    ) from error

    @contextmanager
    def reading(self, question: Question) -> Iterator[Collection]:
        """Read the shards as they are now, but for the missing ones."""
        _, replicas = self._connect()
        session = f"{self._name}/{threading.get_ident()}"
        with self.open_shards(question) as shards:
            searchers = RemoteSearchers(replicas, self.numbers(shards), session, question, IDLE_S)
            yield ServedCollection(self, shards, searchers, question.missing)

    def _connect(self) -> tuple[Configuration, Replicas]:
        """Return the cluster's file, and the replicas that answer for its shards."""
        configuration = self.configuration
        known = self._replicas
        if known is not None and known[0] is configuration:
            return known
        with self._lock:
            if self._replicas is not None and self._replicas[0] is configuration:
                return self._replicas
            if configuration.address == LOCAL:
                raise OptionError(f'{self.path} has the address "local" now: open it again')
            replicas = Replicas(self._ray or self._hold(configuration), configuration)
            if not replicas.wait_for_all(max(configuration.timeout_s, OPENED_S)):
                raise ArchiveError(
                    f"nobody answers for the shards of {self.path}: "
                    f"`syriasearch cluster start --db {self.path}` starts what does"
                )
            self._replicas = configuration, replicas
            return self._replicas

    def _hold(self, configuration: Configuration) -> Any:
        ray = hold(configuration.address)
        _release(self._holds)
        self._holds.append(ray)
        warning = insecurity(ray)
        if warning:
            warnings.warn(warning, stacklevel=6)
        return ray

    def totals(
        self, shards: Sequence[OpenShard], searchers: RemoteSearchers
    ) -> CollectionStatistics:
        """Return the statistics over all shards; consistent shards are not checked again.

        Raises ArchiveError for inconsistent shards, ChangedShardError if a replica has not read
        what is in the file.
        """
        key = tuple(searchers.tokens.values())
        facts = [] if key in self._known else searchers.each(Facts.of)
        names = tuple(each.names for each in facts) if facts else self._known[key][1]
        for shard, state in zip(shards, names, strict=True):
            if state != names_state(shard.connection):
                raise ChangedShardError(shard.file.name)
        if facts:
            connections = [each.connection for each in shards]
            check_together([e.file for e in shards], connections, [e.articles for e in facts])
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            self._known[key] = CollectionStatistics.sum(each.totals for each in facts), names
        return self._known[key][0]


class ServedCollection(Collection):
    """Shards that are looked up here and searched by replicas."""

    def __init__(
        self,
        backend: ServedBackend,
        shards: Sequence[OpenShard],
        searchers: RemoteSearchers,
        missing: tuple[str, ...],
    ) -> None:
        connections = [each.connection for each in shards]
        super().__init__(connections, searchers, SharedLexicon(connections), missing)
        self._backend = backend
        self._shards = shards
        self._remote = searchers

    @cached_property
    def totals(self) -> CollectionStatistics:
        """The collection statistics over all shards."""
        return self._backend.totals(self._shards, self._remote)


class RemoteSearchers(ShardSearchers):
    """The searchers of a question, in one replica of each shard."""

    def __init__(
        self,
        replicas: Replicas,
        shards: Mapping[int, str],
        session: str,
        question: Question,
        idle_s: float,
    ) -> None:
        """`shards` are the numbers and the names of the shards."""
        self._replicas = replicas
        self._shards = list(shards.items())
        self._session = session
        self._question = question
        self._idle_s = idle_s
        self._chosen: dict[int, tuple[Replica, Any]] = {}
        """The replica that has the session, with its handle, by index of a shard."""
        self.tokens: dict[int, bytes] = {}
        """The contents of the shards that were asked, by index."""

    def each(
        self,
        method: Callable[Concatenate[ShardSearcher, P], Result],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> list[Result]:
        """Ask all of them at the same time."""
        calls = dict.fromkeys(range(len(self._shards)), arguments)
        return list(self._ask(method, calls, options).values())

    def some(
        self, method: Callable[[ShardSearcher, Argument], Result], arguments: Mapping[int, Argument]
    ) -> dict[int, Result]:
        """Ask some of them at the same time."""
        return self._ask(method, {index: (each,) for index, each in arguments.items()}, {})

    def close(self) -> None:
        """End the sessions."""
        for _, actor in self._chosen.values():
            actor.end.remote(self._session)

    def _ask(
        self,
        method: Callable[..., Result],
        calls: Mapping[int, tuple[Any, ...]],
        options: Mapping[str, Any],
    ) -> dict[int, Result]:
        began = {index for index in calls if index in self._chosen}
        for index in calls.keys() - began:
            self._chosen[index] = self._choose(*self._shards[index])
        seconds = self._question.left_s
        is_hedged = any(map(self._has_another, calls))
        refs = {}
        for index, arguments in calls.items():
            given = (method, arguments, options)
            call = Call(self._session, index not in began, seconds, self._idle_s, *given)
            refs[index] = self._chosen[index][1].ask.remote(call)
        replies = self._replicas.replies(refs, seconds * HEDGE if is_hedged else seconds)
        silent = refs.keys() - replies.keys()
        if silent and is_hedged and not any(map(self._has_another, silent)):
            replies = self._replicas.replies(refs, self._question.left_s)
        for reply in replies.values():
            if reply.error is not None and not reply.is_late:
                raise reply.error
        failed = [index for index in calls if index not in replies or replies[index].is_late]
        self._question.tried.update(self._chosen[index][0] for index in failed)
        for index in calls.keys() - replies.keys():
            self._replicas.failed(self._chosen[index][0])
        late = [index for index in failed if not self._has_another(index)]
        if late and self._question.left_s <= 0:
            self._question.raise_late(self._shards[index][1] for index in late)
        if failed or any(reply.is_lost for reply in replies.values()):
            raise FailedReplicaError
        self.tokens.update((index, reply.token) for index, reply in replies.items())
        return {index: reply.value for index, reply in replies.items()}

    def _has_another(self, index: int) -> bool:
        """Return whether a shard has a replica that has not been tried, besides the chosen one."""
        tried = self._question.tried | {self._chosen[index][0]}
        return any(each not in tried for each, _ in self._replicas.of(self._shards[index][0]))

    def _choose(self, shard: int, name: str) -> tuple[Replica, Any]:
        """Return a replica of a shard, if necessary after waiting for one."""
        tried = self._question.tried
        while True:
            found = self._replicas.of(shard)
            for replica, actor in found:
                if replica not in tried:
                    return replica, actor
            # All were tried: one may have recovered.
            tried.difference_update(each for each, _ in found)
            if self._question.left_s <= 0 or self._replicas.gone_s(shard) > self._question.seconds:
                raise LateShardsError(name)
            time.sleep(PAUSE_S)


def _release(holds: list[Any]) -> None:
    while holds:
        holds.pop()
        release()
