"""Over which archives does a search go, and what do they know together?

One archive, or the shards of a cluster: archives with the same names under the same ids, and each
with articles of its own, under ids that no other has. A query is planned once, by the words and
names of all; each archive finds and ranks its own articles, by totals of all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import Any

from ..calls import Shares
from ..index.postings import ENTITY, WORD
from ..index.reader import Index, open_index
from ..store.connection import Reader
from ..store.entities import EntityTable, open_entities
from .query.lexicon import Lexicon
from .scoring import Spread, Totals


class Collection:
    """Archives that are searched together, as they stand in one snapshot."""

    def __init__(
        self,
        connections: Sequence[sqlite3.Connection],
        lexicon: Lexicon | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:
        self.missing = missing
        """The names of shards that cannot be reached."""
        self.connections = tuple(connections)
        self.lexicon = lexicon or Lexicon(self.connections[0], lambda: self.indexes[0].words)

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """What the articles of each archive have."""
        return tuple(map(open_index, self.connections))

    @cached_property
    def totals(self) -> Totals:
        """What is known of all articles together."""
        return Totals.of(self.indexes)

    @property
    def names(self) -> sqlite3.Connection:
        """A connection to all entities and their names."""
        return self.connections[0]

    @property
    def entities(self) -> EntityTable:
        """All entities."""
        return open_entities(self.names)

    def having_words(self, classes: Sequence[Sequence[str]]) -> list[int]:
        """Count for each of some classes the articles with each of its words, all together."""
        return [sum(having_words(index, words) for index in self.indexes) for words in classes]

    def namings(self, entities: Sequence[int]) -> list[Spread]:
        """Return over how many articles the mentions of each entity are spread, and how many."""
        return [sum((naming(index, each) for index in self.indexes), NOWHERE) for each in entities]

    def served(self, request: Any, bearing: Any) -> Shares | None:
        """Return the shares of a search where other processes hold the archives; else None."""
        return None


def having_words(index: Index, words: Sequence[str]) -> int:
    """Count the articles of one archive with each of some words, all of these counts together."""
    return sum(index.get(WORD, each).articles.size for each in index.words.ids(words))


def naming(index: Index, entity: int) -> Spread:
    """Return over how many articles of one archive an entity's mentions are spread."""
    return Spread.of(index.get(ENTITY, entity))


NOWHERE = Spread(0, 0.0)
Source = sqlite3.Connection | Collection
"""What is searched: an archive, or several that are open already."""


@contextmanager
def opened(source: Source) -> Iterator[Collection]:
    """Read an archive as it stands now, whatever is written meanwhile."""
    if isinstance(source, Collection):
        yield source
        return
    with snapshot([source]):
        yield Collection([source])


@contextmanager
def snapshot(connections: Sequence[sqlite3.Connection]) -> Iterator[None]:
    """Read archives as they stand now, each as a whole."""
    with ExitStack() as stack:
        for connection in connections:
            if isinstance(connection, Reader):
                connection.give_way()
            connection.execute("BEGIN")
            stack.callback(connection.execute, "ROLLBACK")
        yield
