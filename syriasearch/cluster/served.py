"""How are the shards of a cluster asked as one archive, where other processes hold them?

Words, names and single articles are looked up here, in the files of the shards, which all machines
see; what goes over many articles is done where they are held.
"""

from __future__ import annotations

import threading
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from ..errors import ArchiveError, OptionError, TimeLimitError
from ..search.collection import (
    Argument,
    Collection,
    P,
    Result,
    ShardSearchers,
    snapshot,
)
from ..search.scoring import CollectionStatistics
from ..search.shard_searcher import ShardSearcher
from ..store.sqlite_errors import translate_errors
from .belonging import check_together, in_order, names_met, state_of
from .configuration import LOCAL, Configuration
from .conversations import Conversation, Patience, SilentShardsError
from .local import ClusterBackend
from .opening import (
    ChangedShardError,
    LateShardsError,
    Opened,
    late_where_locked,
    open_shard,
    told_by_name,
)
from .replicas import Find, Replicas
from .sessions import Call, Facts
from .vocabulary import SharedLexicon

Answer = TypeVar("Answer")
_AskFacts = Callable[[Sequence[int]], Mapping[int, Facts]]
OPENED_S = 10.0
"""So long it is waited for replicas when a cluster is opened."""
TRIES = 3
"""So often a question is asked anew, where shards change meanwhile."""
STREAM_IDLE_S = 600.0
"""Who reads hit by hit may rest so long."""
KEPT = 4096
"""Of so many shards, as they stood once, it is kept in mind what they told of themselves."""


class ServedShards(ClusterBackend):
    """The shards of a cluster, as the processes answer that hold them."""

    def __init__(self, path: Path, find: Find | None = None) -> None:
        """Take the shards of a cluster's file; `find` tells where replicas are, if not Ray."""
        super().__init__(path)
        self._find = find
        self._replicas: tuple[Configuration, Replicas] | None = None
        self._lock = threading.Lock()
        self._facts: dict[bytes, Facts] = {}
        self._sound: dict[tuple[bytes, ...], CollectionStatistics] = {}
        self._holds: list[Any] = []
        weakref.finalize(self, _release, self._holds)

    def close(self) -> None:
        """Close what is open, here; the processes stay."""
        super().close()
        with self._lock:
            if self._replicas is not None:
                self._replicas[1].close()
                self._replicas = None
            _release(self._holds)

    def ask(
        self,
        question: Callable[[Collection], Answer],
        *,
        in_part: bool = False,
        warns: bool = True,
    ) -> Answer:
        """Return what a function finds; begin again where shards change meanwhile."""
        for _ in range(TRIES):
            with suppress(ChangedShardError):
                return super().ask(question, in_part=in_part, warns=warns)
        raise ArchiveError(f"the shards of {self.path} change all the time: try again")

    def stream(self, question: Callable[[Collection], Iterator[Answer]]) -> Iterator[Answer]:
        """Yield what a function answers, from sessions of its own that end behind it."""
        told, replicas = self._known()
        with ExitStack() as stack:
            there = [open_shard(each) for each in told.shards]
            for each in there:
                stack.enter_context(closing(each.connection))
            stack.enter_context(translate_errors(f"a shard of {self.path}"))
            stack.enter_context(snapshot([each.connection for each in there]))
            patience = Patience(told.timeout_s, STREAM_IDLE_S, whole=False)
            order = in_order([each.connection for each in there])
            there = [there[at] for at in order]
            conversation = Conversation(replicas, order, patience)
            stack.enter_context(closing(conversation))
            try:
                yield from question(ServedCollection(self, there, conversation, ()))
            except SilentShardsError as silent:
                names = ", ".join(told.names[each] for each in silent.shards)
                raise ArchiveError(
                    f"{self.path}: {names} did not answer in time: try again"
                ) from silent
            except ChangedShardError as error:
                raise ArchiveError(
                    f"the shards of {self.path} have changed while they were read: begin again"
                ) from error

    @contextmanager
    def _reading(self, missing: tuple[str, ...]) -> Iterator[ServedCollection]:
        """Read the shards as they stand now, but for those that are missing."""
        told, replicas = self._known()
        given = self._files.given_s
        seconds = told.timeout_s if given is None else min(given, told.timeout_s)
        there = self._files.held(missing)
        shards = [at for at, name in enumerate(told.names) if name not in missing]
        with ExitStack() as stack:
            stack.enter_context(told_by_name(self.path, there, late=given is None))
            for each in there:
                stack.enter_context(each.connection.within(seconds))
                stack.enter_context(snapshot([each.connection]))
                with late_where_locked(each):
                    names_met(each.connection)
            # A shard that is being filled may lack the last names.
            order = in_order([each.connection for each in there])
            there, shards = [there[at] for at in order], [shards[at] for at in order]
            conversation = Conversation(replicas, shards, Patience(seconds))
            stack.enter_context(closing(conversation))
            try:
                yield ServedCollection(self, there, conversation, missing)
            except SilentShardsError as silent:
                if given is not None and silent.working:
                    raise TimeLimitError(
                        "this takes too long: ask for less, with more words or a shorter time"
                    ) from silent
                raise LateShardsError(*(told.names[each] for each in silent.shards)) from silent

    def _known(self) -> tuple[Configuration, Replicas]:
        """Return what the file says, and the replicas that answer for its shards."""
        told = self._files.configuration
        known = self._replicas
        if known is not None and known[0] is told:
            return known
        with self._lock:
            if self._replicas is not None:
                if self._replicas[0] is told:
                    return self._replicas
                self._replicas[1].close()
                self._replicas = None
            if told.address == LOCAL:
                raise OptionError(f'{self.path} has the address "local" now: open it again')
            replicas = Replicas(self._finder(told), len(told.shards), told.replicas)
            if not replicas.open(max(told.timeout_s, OPENED_S)):
                replicas.close()
                raise ArchiveError(
                    f"nobody answers for the shards of {self.path}: "
                    f"`syriasearch cluster start --db {self.path}` starts what does"
                )
            self._replicas = told, replicas
            return self._replicas

    def _finder(self, told: Configuration) -> Find:
        if self._find is not None:
            return self._find
        from .ray_cluster import hold, insecurity
        from .serving import RayFinder

        ray = hold(told.address)
        _release(self._holds)
        self._holds.append(ray)
        warning = insecurity(ray)
        if warning:
            warnings.warn(warning, stacklevel=6)
        return RayFinder(ray, told).find

    def together(
        self, there: Sequence[Opened], tokens: list[bytes], ask: _AskFacts
    ) -> CollectionStatistics:
        """Return what shards know together; what was found to be in order is not checked again.

        Raises ArchiveError where they do not belong together, ChangedShardError where those who
        hold them do not hold what stands in the files.
        """
        key = tuple(tokens)
        if key not in self._sound:
            unknown = [at for at, token in enumerate(key) if token not in self._facts]
            for at, facts in ask(unknown).items():
                self._facts[key[at]] = facts
            every = [self._facts[token] for token in key]
            self._check_state(there, every)
            shards, connections = (
                [each.shard for each in there],
                [each.connection for each in there],
            )
            check_together(shards, connections, [each.articles for each in every])
            if len(self._facts) > KEPT:
                self._facts, self._sound = {}, {}
            self._sound[key] = CollectionStatistics.sum(each.totals for each in every)
            self._facts.update(zip(key, every, strict=True))
        self._check_state(there, [self._facts[token] for token in key])
        return self._sound[key]

    @staticmethod
    def _check_state(there: Sequence[Opened], every: Sequence[Facts]) -> None:
        for each, facts in zip(there, every, strict=True):
            if facts.names != state_of(each.connection):
                raise ChangedShardError(each.shard.name)


class ServedCollection(Collection):
    """Shards that are searched together: looked up here, searched where they are held."""

    def __init__(
        self,
        shards: ServedShards,
        there: Sequence[Opened],
        conversation: Conversation,
        missing: tuple[str, ...],
    ) -> None:
        connections = [each.connection for each in there]
        self._asked = _Asked(conversation)
        super().__init__(connections, self._asked, SharedLexicon(connections), missing)
        self._shards = shards
        self._there = there

    @cached_property
    def totals(self) -> CollectionStatistics:
        """What is known of all articles together."""
        tokens = self._asked.conversation.tokens()
        return self._shards.together(self._there, tokens, self._asked.facts)


class _Asked(ShardSearchers):
    """Searchers in other processes."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def each(
        self,
        method: Callable[Concatenate[ShardSearcher, P], Result],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> list[Result]:
        """Ask all of them at the same time."""
        shards = self.conversation.shards
        asked = (Call(method, arguments, options),)
        answers = self.conversation.ask(dict.fromkeys(shards, asked))
        return [answers[shard][0] for shard in shards]

    def some(
        self, method: Callable[[ShardSearcher, Argument], Result], arguments: Mapping[int, Argument]
    ) -> dict[int, Result]:
        """Ask some of them at the same time."""
        shards = self.conversation.shards
        asked = {shards[index]: (Call(method, (each,), {}),) for index, each in arguments.items()}
        answers = self.conversation.ask(asked)
        return {index: answers[shards[index]][0] for index in arguments}

    def facts(self, places: Sequence[int]) -> dict[int, Facts]:
        """Return what some shards tell of themselves."""
        shards = self.conversation.shards
        answers = self.conversation.ask({shards[at]: (Call(Facts.of, (), {}),) for at in places})
        return {at: answers[shards[at]][0] for at in places}


def _release(holds: list[Any]) -> None:
    from .ray_cluster import release

    while holds:
        holds.pop()
        release()
