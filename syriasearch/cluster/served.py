"""The shards of a cluster, searched by the replicas that hold them open.

Words, names and single articles are looked up here, in the files of the shards, which all machines
see; work over many articles is done by the replicas. If one fails or is late, the whole question is
asked again, of another.
"""

from __future__ import annotations

import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from ..errors import ArchiveError, OptionError, TimeLimitError
from ..search.collection import Argument, Collection, P, Result, ShardSearchers
from ..search.scoring import CollectionStatistics
from ..search.shard_searcher import ShardSearcher
from ..store.sqlite_errors import TOO_LONG
from .backend import IDLE_S, ClusterBackend, Question
from .configuration import LOCAL, Configuration
from .consistency import check_together, names_state
from .lexicon import SharedLexicon
from .ray_connection import connected
from .serving import Replica, Replicas
from .shard_files import AskAgainError, ChangedShardError, LateShardsError, OpenShard
from .shard_server import Call, Facts, make_token

Answer = TypeVar("Answer")
OPENED_S = 10.0
"""How long replicas are waited for when a cluster is opened, in seconds."""
HEDGE = 0.25
"""The part of the time after which another replica is asked, if there is one."""
PAUSE_S = 0.02
"""The time between two looks for a replica, in seconds."""
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
        self._connected = ExitStack()
        weakref.finalize(self, self._connected.close)

    @property
    def configuration(self) -> Configuration:
        """What the cluster's file says now. Raises OptionError for one that has become local."""
        configuration = super().configuration
        if configuration.address == LOCAL:
            raise OptionError(f'{self.path} has the address "local" now: open it again')
        return configuration

    def close(self) -> None:
        """Close what is open here; the replicas stay."""
        super().close()
        with self._lock:
            self._replicas = None
            self._connected.close()

    @contextmanager
    def collection(self, shards: list[OpenShard], question: Question) -> Iterator[Collection]:
        """Return open shards as a collection that replicas search."""
        connections = [each.connection for each in shards]
        with closing(RemoteSearchers(self._connect(), shards, question)) as searchers:
            totals = partial(self._totals, shards, searchers, question)
            lexicon = SharedLexicon(connections)
            yield Collection(connections, searchers, lexicon, question.missing, totals)

    def _connect(self) -> Replicas:
        """Return the replicas that answer for the shards."""
        configuration = self.configuration
        with self._lock:
            if self._replicas is None or self._replicas[0] is not configuration:
                self._connected.close()
                ray = self._ray or self._connected.enter_context(connected(configuration.address))
                replicas = Replicas(ray, configuration)
                if not replicas.wait_for_all(max(configuration.timeout_s, OPENED_S)):
                    raise ArchiveError(
                        f"nobody answers for the shards of {self.path}: "
                        f"`syriasearch cluster start --db {self.path}` starts what does"
                    )
                self._replicas = configuration, replicas
            return self._replicas[1]

    def _totals(
        self, shards: Sequence[OpenShard], searchers: RemoteSearchers, question: Question
    ) -> CollectionStatistics:
        """Return the statistics over all shards; consistent ones are not checked again.

        Raises ArchiveError for inconsistent shards, ChangedShardError for one whose replica has not
        read what is in its file, or what it had read before.
        """
        key = searchers.contents()
        facts = [] if key in self._known else searchers.each(Facts.of)
        names = tuple(each.names for each in facts) if facts else self._known[key][1]
        connections = [each.connection for each in shards]
        if question.contents not in (None, key) or names != tuple(map(names_state, connections)):
            raise ChangedShardError
        if facts:
            check_together([e.file for e in shards], connections, [e.articles for e in facts])
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            self._known[key] = CollectionStatistics.sum(each.totals for each in facts), names
        question.contents = key
        return self._known[key][0]


class RemoteSearchers(ShardSearchers):
    """The searchers of a question, in one replica of each shard."""

    def __init__(self, replicas: Replicas, shards: Sequence[OpenShard], question: Question) -> None:
        self._replicas = replicas
        self._names = [each.file.name for each in shards]
        self._question = question
        # The next question of a thread ends its last one, unless that is read hit by hit.
        self._is_lasting = question.idle_s > IDLE_S
        self._session = f"{replicas.id}/{threading.get_ident()}"
        if self._is_lasting:
            self._session = uuid.uuid4().hex
        self._chosen: dict[int, tuple[Replica, Any]] = {}
        """The replica that has the session, with its handle, by index of a shard."""
        self._tokens: dict[int, bytes] = {}
        """What distinguishes the contents of each shard, by index."""

    def contents(self) -> tuple[bytes, ...]:
        """Return what distinguishes the contents of the shards from any others."""
        if len(self._tokens) < len(self._names):
            self.each(make_token)
        return tuple(self._tokens[index] for index in range(len(self._names)))

    def each(
        self,
        method: Callable[Concatenate[ShardSearcher, P], Result],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> list[Result]:
        """Ask all of them at the same time."""
        calls = dict.fromkeys(range(len(self._names)), arguments)
        return list(self._ask(method, calls, options).values())

    def some(
        self, method: Callable[[ShardSearcher, Argument], Result], arguments: Mapping[int, Argument]
    ) -> dict[int, Result]:
        """Ask some of them at the same time."""
        return self._ask(method, {index: (each,) for index, each in arguments.items()}, {})

    def close(self) -> None:
        """End the sessions that would last."""
        for _, actor in self._chosen.values() if self._is_lasting else ():
            actor.end.remote(self._session)

    def _ask(
        self,
        method: Callable[..., Result],
        calls: Mapping[int, tuple[Any, ...]],
        options: Mapping[str, Any],
    ) -> dict[int, Result]:
        began = {index for index in calls if index in self._chosen}
        for index in calls.keys() - began:
            self._chosen[index] = self._choose(self._names[index])
        seconds = self._question.left_s
        is_hedged = any(map(self._has_another, calls))
        refs = {}
        for index, arguments in calls.items():
            given = (method, arguments, options)
            idle_s = self._question.idle_s
            call = Call(self._session, index not in began, seconds, idle_s, *given)
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
            if self._question.is_limited:
                raise TimeLimitError(TOO_LONG)
            raise LateShardsError(*(self._names[index] for index in late))
        if failed or any(reply.is_lost for reply in replies.values()):
            raise FailedReplicaError
        self._tokens.update((index, reply.token) for index, reply in replies.items())
        return {index: reply.value for index, reply in replies.items()}

    def _has_another(self, index: int) -> bool:
        """Return whether a shard has a replica that has not been tried, besides the chosen one."""
        tried = self._question.tried | {self._chosen[index][0]}
        return any(each not in tried for each, _ in self._replicas.of(self._names[index]))

    def _choose(self, shard: str) -> tuple[Replica, Any]:
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
                raise LateShardsError(shard)
            time.sleep(PAUSE_S)
