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
from typing import Any, TypeVar

from ..errors import ArchiveError, OptionError, TimeLimitError
from ..search.calls import Call, ShardSearchers, call
from ..search.collection import NO_STATISTICS, Collection, snapshot
from ..search.query.filters import Bearing
from ..search.query.request import SearchRequest
from ..search.scoring import CollectionStatistics, TermStatistics
from ..store.sqlite_errors import translate_errors
from .belonging import check_together, in_order, names_met, state_of
from .configuration import LOCAL, Configuration
from .conversations import Conversation, Patience, SilentShardsError
from .opening import (
    AskedShards,
    ChangedShardError,
    LateShardsError,
    Opened,
    late_where_locked,
    open_shard,
    told_by_name,
)
from .replicas import Find, Replicas
from .sessions import Facts
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


class ServedShards(AskedShards):
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
        with self._lock:
            if self._replicas is not None:
                self._replicas[1].close()
                self._replicas = None
            _release(self._holds)
        self._files.close()

    def ask(self, answer: Callable[..., Answer], *asked: Any, **named: Any) -> Answer:
        """Return what a function answers from the shards.

        A page is made without the shards that do not answer in time, and names them. Anything else
        is answered from all of them, or not at all: raises ArchiveError.
        """

        def answered(missing: tuple[str, ...]) -> Answer:
            for _ in range(TRIES):
                with suppress(ChangedShardError), self._reading(missing) as collection:
                    return answer(collection, *asked, **named)
            raise ArchiveError(f"the shards of {self.path} change all the time: try again")

        return self._files.without_late(answered)

    def stream(self, answer: Callable[..., Iterator[Answer]], *asked: Any) -> Iterator[Answer]:
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
                yield from answer(ServedCollection(self, there, conversation, ()), *asked)
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
            self._sound[key] = CollectionStatistics.together(each.totals for each in every)
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
        super().__init__(connections, SharedLexicon(connections), missing)
        self._shards = shards
        self._there = there
        self._asked = _Asked(conversation)

    @cached_property
    def totals(self) -> CollectionStatistics:
        """What is known of all articles together."""
        tokens = self._asked.conversation.tokens()
        return self._shards.together(self._there, tokens, self._asked.facts)

    def having_words(self, classes: Sequence[Sequence[str]]) -> list[int]:
        """Count for each of some classes the articles with each of its words, all together."""
        return [sum(some) for some in zip(*self._asked.each("having_words", classes), strict=True)]

    def namings(self, entities: Sequence[int]) -> list[TermStatistics]:
        """Return over how many articles the mentions of each entity are spread, and how many."""
        each = self._asked.each("namings", entities)
        return [sum(some, NO_STATISTICS) for some in zip(*each, strict=True)]

    def served(self, request: SearchRequest, bearing: Bearing) -> ShardSearchers:
        """Return the shares of a search, where they are held."""
        return _Asked(self._asked.conversation, call("search", request, bearing))


class _Asked(ShardSearchers):
    """Shares that are held by other processes."""

    def __init__(self, conversation: Conversation, first: Call | None = None) -> None:
        super().__init__(len(conversation.shards))
        self.conversation = conversation
        self._first = dict.fromkeys(range(self.number), first)
        """What each is to do before anything else."""

    def ask(self, calls: Mapping[int, Sequence[Call]]) -> dict[int, list[Any]]:
        """Ask all of these at the same time."""
        shards = self.conversation.shards
        firsts = {place: self._first.pop(place, None) for place in calls}
        answers = self.conversation.ask(
            {
                shards[place]: [*([first] if first else ()), *calls[place]]
                for place, first in firsts.items()
            }
        )
        return {
            place: answers[shards[place]][1 if first else 0 :] for place, first in firsts.items()
        }

    def facts(self, places: Sequence[int]) -> dict[int, Facts]:
        """Return what some shards tell of themselves."""
        answers = self.ask(dict.fromkeys(places, (call("facts"),)))
        return {place: found for place, (found,) in answers.items()}


def _release(holds: list[Any]) -> None:
    from .ray_cluster import release

    while holds:
        holds.pop()
        release()
