"""Under which ids and slugs do articles come into the shards, and who is named in them?

What one archive would count up by itself is counted here for all shards, in the order of the input.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from ...entities.entity_writer import NewEntity
from ...ingest.archive_writer import Place
from ...store.slugs import Numbering
from .making import Measure


class Last(NamedTuple):
    """The highest ids of a shard, or of all."""

    run: int = 0
    article: int = 0
    paragraph: int = 0
    mention: int = 0

    @classmethod
    def of_all(cls, some: Iterable[Last]) -> Last:
        """Return the highest of all."""
        return cls(*map(max, zip(*some, strict=True)))


class Registry:
    """What a run has given to articles, and the entities that it has met."""

    def __init__(self, last: Last, shards: int) -> None:
        self._article = last.article
        self._paragraph = last.paragraph
        self._mention = last.mention
        self._slugs = Numbering()
        self._met: set[str] = set()
        self._order: deque[NewEntity] = deque()
        """Those that some shard was not told of yet,"""
        self._dropped = 0
        """so many others before them, and"""
        self._told = [0] * shards
        """how many each shard was told of."""

    def place(self, measures: Sequence[Measure], shards: int) -> list[list[Place]]:
        """Return the places of articles, by shard; an article that stands keeps id and slug."""
        places: list[list[Place]] = [[] for _ in range(shards)]
        for each in measures:
            slug = ""
            if not each.stands:
                self._article += 1
                slug = self._slugs.free(each.slug, each.numbered)
            places[each.shard].append(
                Place(slug, self._article, self._paragraph + 1, self._mention + 1)
            )
            self._paragraph += each.paragraphs
            self._mention += each.mentions
        return places

    def meet(self, named: Iterable[NewEntity]) -> None:
        """Take who is named, in the order of the input: what is said first of each counts."""
        for each in named:
            if each.entity.slug not in self._met:
                self._met.add(each.entity.slug)
                self._order.append(each)

    def news(self, shard: int) -> list[NewEntity]:
        """Return who was met since this was asked for a shard."""
        first = self._told[shard] - self._dropped
        news = list(islice(self._order, first, None))
        self._told[shard] += len(news)
        while self._dropped < min(self._told):
            self._order.popleft()
            self._dropped += 1
        return news
