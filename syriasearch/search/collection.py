"""The archives that a search covers, and the statistics they share.

These are one archive, or the shards of a cluster: archives with the same entities under the same
ids, and with articles of their own, whose ids are unique across the cluster. A query is planned
once, with the words and names of all of them; each archive finds and ranks its own articles, using
collection statistics that cover all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import Any

from ..index.postings import ENTITY, WORD
from ..index.reader import IndexReader, open_index
from ..store.connection import Reader
from ..store.entities import EntityReader, open_entity_reader
from .calls import ShardSearchers
from .query.lexicon import Lexicon
from .scoring import CollectionStatistics, TermStatistics


class Collection:
    """The archives that are searched together, read in one snapshot."""

    def __init__(
        self,
        connections: Sequence[sqlite3.Connection],
        lexicon: Lexicon | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:
        self.missing = missing
        """The names of the shards that cannot be reached."""
        self.connections = tuple(connections)
        self.lexicon = lexicon or Lexicon(self.connections[0], lambda: self.indexes[0].words)

    @cached_property
    def indexes(self) -> tuple[IndexReader, ...]:
        """The index reader of each archive."""
        return tuple(map(open_index, self.connections))

    @cached_property
    def totals(self) -> CollectionStatistics:
        """The collection statistics over all archives."""
        return CollectionStatistics.of(self.indexes)

    @property
    def names(self) -> sqlite3.Connection:
        """A connection to an archive with all entities and their names."""
        return self.connections[0]

    @property
    def entities(self) -> EntityReader:
        """The table of all entities."""
        return open_entity_reader(self.names)

    def having_words(self, classes: Sequence[Sequence[str]]) -> list[int]:
        """Return, for each class of words, the sum of their document frequencies over all archives.

        An article with several words of a class counts once for each of them.
        """
        return [sum(having_words(index, words) for index in self.indexes) for words in classes]

    def namings(self, entities: Sequence[int]) -> list[TermStatistics]:
        """Return the term statistics of the mentions of each entity, over all archives."""
        return [
            sum((naming(index, each) for index in self.indexes), NO_STATISTICS) for each in entities
        ]

    def served(self, request: Any, bearing: Any) -> ShardSearchers | None:
        """Return the shard searchers if other processes hold the archives, else None."""
        return None


def having_words(index: IndexReader, words: Sequence[str]) -> int:
    """Return the sum of the document frequencies of some words in one archive."""
    return sum(index.get(WORD, each).articles.size for each in index.words.ids(words))


def naming(index: IndexReader, entity: int) -> TermStatistics:
    """Return the term statistics of an entity's mentions in one archive."""
    return TermStatistics.of(index.get(ENTITY, entity))


NO_STATISTICS = TermStatistics(0, 0.0)
"""The statistics of a term that no article has."""
Source = sqlite3.Connection | Collection
"""The archive to be searched, or several that are already open."""


@contextmanager
def opened(source: Source) -> Iterator[Collection]:
    """Read an archive in one snapshot, unaffected by whatever is written in the meantime."""
    if isinstance(source, Collection):
        yield source
        return
    with snapshot([source]):
        yield Collection([source])


@contextmanager
def snapshot(connections: Sequence[sqlite3.Connection]) -> Iterator[None]:
    """Read several archives, each in a snapshot of its own."""
    with ExitStack() as stack:
        for connection in connections:
            if isinstance(connection, Reader):
                connection.give_way()
            connection.execute("BEGIN")
            stack.callback(connection.execute, "ROLLBACK")
        yield
