"""The archives that a search covers, the searchers of each, and the statistics over all.

These are one archive, or the shards of a cluster: archives with the same entities under the same
ids, and with articles of their own, whose ids are unique over all. A query is planned once, with
the words and names of all of them; each archive finds and ranks its own articles, using statistics
that cover all.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import Concatenate, ParamSpec, TypeVar

from ..store.connection import ReadConnection
from ..store.entities import EntityReader, open_entity_reader
from ..store.sql import roll_back
from .query.lexicon import Lexicon
from .scoring import CollectionStatistics, TermStatistics
from .shard_searcher import ShardSearcher

P = ParamSpec("P")
Argument = TypeVar("Argument")
Result = TypeVar("Result")


class ShardSearchers(ABC):
    """The searchers of a collection, one for each archive, in order.

    They may be in other processes: what is called are methods of `ShardSearcher`, or functions that
    take one, with small arguments and results.
    """

    @abstractmethod
    def each(
        self,
        method: Callable[Concatenate[ShardSearcher, P], Result],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> list[Result]:
        """Call a method of every searcher; return the results in order."""

    @abstractmethod
    def some(
        self, method: Callable[[ShardSearcher, Argument], Result], arguments: Mapping[int, Argument]
    ) -> dict[int, Result]:
        """Call a method of the searchers with these indexes, each with its own argument."""


class LocalSearchers(ShardSearchers):
    """The searchers of archives that are open in this process."""

    def __init__(self, connections: Sequence[sqlite3.Connection]) -> None:
        self.searchers = [ShardSearcher(each) for each in connections]

    def each(
        self,
        method: Callable[Concatenate[ShardSearcher, P], Result],
        *arguments: P.args,
        **options: P.kwargs,
    ) -> list[Result]:
        """Call them one after another."""
        results = []
        for searcher in self.searchers:
            results.append(method(searcher, *arguments, **options))
        return results

    def some(
        self, method: Callable[[ShardSearcher, Argument], Result], arguments: Mapping[int, Argument]
    ) -> dict[int, Result]:
        """Call them one after another."""
        return {index: method(self.searchers[index], each) for index, each in arguments.items()}


class Collection:
    """The archives that are searched together, each in one snapshot."""

    def __init__(
        self,
        connections: Sequence[sqlite3.Connection],
        searchers: ShardSearchers | None = None,
        lexicon: Lexicon | None = None,
        missing: tuple[str, ...] = (),
        totals: Callable[[], CollectionStatistics] | None = None,
    ) -> None:
        self.connections = tuple(connections)
        self.searchers = searchers or LocalSearchers(connections)
        self.lexicon = lexicon or Lexicon(connections[0])
        self.missing = missing
        """The names of the archives that cannot be reached."""
        self._read_totals = totals or self._sum_totals

    @cached_property
    def totals(self) -> CollectionStatistics:
        """The collection statistics over all archives."""
        return self._read_totals()

    def _sum_totals(self) -> CollectionStatistics:
        return CollectionStatistics.sum(self.searchers.each(ShardSearcher.collection_statistics))

    @property
    def names(self) -> sqlite3.Connection:
        """A connection to an archive with all entities and their names."""
        return self.connections[0]

    @property
    def entities(self) -> EntityReader:
        """The table of all entities."""
        return open_entity_reader(self.names)

    def document_frequencies(self, classes: Sequence[Sequence[str]]) -> list[int]:
        """Return, for each class of words, the sum of their document frequencies over all archives.

        An article with several words of a class counts once for each of them.
        """
        counts = self.searchers.each(ShardSearcher.document_frequencies, classes)
        return list(map(sum, zip(*counts, strict=True)))

    def mention_statistics(self, entities: Sequence[int]) -> tuple[TermStatistics, ...]:
        """Return the term statistics of the mentions of each entity, over all archives."""
        return TermStatistics.sums(self.searchers.each(ShardSearcher.mention_statistics, entities))


@contextmanager
def snapshot(connections: Sequence[sqlite3.Connection]) -> Iterator[None]:
    """Read archives, each in a snapshot of its own, unaffected by later writes."""
    with ExitStack() as stack:
        for connection in connections:
            if isinstance(connection, ReadConnection):
                connection.begin()
            else:
                connection.execute("BEGIN")
            stack.callback(roll_back, connection)
        yield
