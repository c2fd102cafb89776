"""The profile of an entity, found by any of its names: what the archive has on it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..entities.association import SIGNIFICANT, log_likelihood
from ..entities.counts import highest, merge_counts
from ..entities.names.alias_lookup import NamedEntity
from ..errors import AmbiguousEntityError, EntityNotFoundError
from ..models.entity import ENTITY_TYPES
from ..models.entity_profile import EntityCount, EntityProfile, Neighbour, Spelling
from ..models.timeline import finest, make_timeline
from ..text.arabic import name_key
from ..text.tokenize import terms
from .collection import Collection
from .query.clauses import Mentions
from .query.planner import Clause, Plan
from .query.request import SearchRequest
from .searcher import Searcher
from .shard_searcher import ShardSearcher

MAX_CANDIDATES = 10
"""The maximum number of entities suggested for a name that nobody has."""
MIN_TOGETHER = 3
"""The minimum number of articles that name both an entity and its associate.

With fewer, the two may be named together by accident, whatever the log-likelihood says.
"""
MAX_BARS = 24
"""The maximum number of bars in a profile's timeline; the finest unit that fits is used."""


def make_profile(
    collection: Collection, name: str, request: SearchRequest, neighbours: int
) -> EntityProfile:
    """Return what the archive has on an entity, in the articles that pass a request's filters.

    `neighbours` is the maximum number of neighbours and of associates. Raises EntityNotFoundError,
    or AmbiguousEntityError if several entities have the name.
    """
    started = time.perf_counter()
    chosen, others = _choose(collection, name)
    return _Profiler(collection, request, chosen).profile(started, neighbours, others)


def _choose(collection: Collection, name: str) -> tuple[NamedEntity, tuple[EntityCount, ...]]:
    """Return the entity that a name means, and the others that share the name.

    If several have it, the one meant is the only one named in any article, or else the only one
    whose canonical name it is. Raises EntityNotFoundError or AmbiguousEntityError.
    """
    having = collection.lexicon.named(name, ENTITY_TYPES)
    if not having:
        similar = _similar(collection, name)
        told = ", ".join(each.entity.slug for each in similar)
        hint = f"did you mean {told}?" if told else "`syriasearch entities` lists who there is"
        raise EntityNotFoundError(f"there is no entity {name!r}: {hint}", name, similar)
    counts = _counted(collection, [each.id for each in having])
    counts.sort(key=lambda each: (-each.articles, each.entity.slug))
    key = name_key(name)
    named = [each for each in counts if each.articles]
    canonical = [each for each in counts if name_key(each.entity.name) == key]
    for meant in (counts, named, canonical):
        if len(meant) == 1:
            slug = meant[0].entity.slug
            (chosen,) = {each for each in having if each.slug == slug}
            return chosen, tuple(each for each in counts if each.entity.slug != slug)
    told = ", ".join(each.entity.slug for each in counts)
    raise AmbiguousEntityError(
        f"several entities are named {name!r}, ask for one by its slug: {told}", name, tuple(counts)
    )


def _similar(collection: Collection, name: str) -> tuple[EntityCount, ...]:
    """Return the entities with a name like this one, and then those whose names contain it."""
    lexicon, entities = collection.lexicon, collection.entities
    alike = [each.id for each in lexicon.suggest(name, ENTITY_TYPES, MAX_CANDIDATES)]
    found = dict.fromkeys(alike)
    if len(found) < MAX_CANDIDATES:
        having = _counted(collection, entities.named_so(name_key(name)))
        having.sort(key=lambda each: (-each.articles, each.entity.slug))
        return (*_counted(collection, found), *having)[:MAX_CANDIDATES]
    return tuple(_counted(collection, found))


def _counted(collection: Collection, numbers: Iterable[int]) -> list[EntityCount]:
    """Return entities with their counts in the whole archive."""
    about = collection.entities.about(numbers)
    statistics = collection.mention_statistics([*about])
    return [
        EntityCount(entity, each.doc_freq, int(each.total_term_freq))
        for entity, each in zip(about.values(), statistics, strict=True)
    ]


class _Profiler:
    """The parts of an entity's profile, from the articles that name it and pass the filters."""

    def __init__(self, collection: Collection, request: SearchRequest, entity: NamedEntity) -> None:
        self._collection = collection
        plan = Plan((Clause(entity.name, Mentions((entity,)), field=True),), (), everything=False)
        self._search = Searcher(collection, request, plan, limit=request.limit)
        self._shards = collection.searchers
        self._entities = collection.entities
        self._number = entity.id

    def profile(
        self, started: float, neighbours: int, namesakes: tuple[EntityCount, ...]
    ) -> EntityProfile:
        """Return the profile; `started` is the time at which the request came in, in seconds."""
        (entity,) = self._entities.about([self._number]).values()
        aliases = dict.fromkeys(self._collection.lexicon.aliases(self._number))
        others = tuple(alias for alias in aliases if alias != entity.name)
        by_shard = self._shards.each(ShardSearcher.surfaces, self._number)
        surfaces = [text for some in by_shard for text in some]
        days = self._search.days()
        most, associates = self._neighbours(neighbours)
        return EntityProfile(
            entity=replace(entity, aliases=others),
            articles=self._search.total,
            mentions=len(surfaces),
            spellings=spellings(surfaces),
            timeline=make_timeline(finest(days, MAX_BARS), [entity.name], [days]),
            neighbours=most,
            associates=associates,
            latest=tuple(self._search.hits()),
            follows=self._entities.called(entity.follows or ""),
            followed_by=self._entities.after(entity.slug),
            namesakes=namesakes,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _neighbours(self, limit: int) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
        """Return the entities most often named with it, and those most associated with it."""
        beside = self._search.entity_counts().articles
        beside[self._number] = 0
        less: dict[int, int] = {}
        alike = [each for each in self._namesakes() if beside[each]]
        pairs = [(self._number, each) for each in alike]
        shared_names = self._shards.each(ShardSearcher.ambiguous_only, pairs) if pairs else ()
        for each, *counts in zip(alike, *shared_names, strict=True):
            articles, less[each] = map(sum, zip(*counts, strict=True))
            beside[each] -= articles
        tallies, totals = zip(*self._shards.each(ShardSearcher.allowed_entity_counts), strict=True)
        everywhere, total = merge_counts(tallies).articles, sum(totals)
        there = np.flatnonzero(beside)
        told = np.zeros(len(beside), np.float64)
        told[there] = log_likelihood(beside[there], self._search.total, everywhere[there], total)
        telling = np.where((beside >= MIN_TOGETHER) & (told >= SIGNIFICANT), told, 0.0)
        numbers = [highest(values, limit) for values in ((beside, told), (telling, beside))]
        about = self._entities.about(np.concatenate(numbers).tolist())
        shared: Counter[int] = Counter()
        for counted in self._shards.each(ShardSearcher.paragraphs_shared, self._number, [*about]):
            shared.update(counted)
        most, associates = (
            tuple(
                Neighbour(
                    about[each],
                    int(beside[each]),
                    shared[each] - less.get(each, 0),
                    float(told[each]),
                )
                for each in some.tolist()
                if each in about
            )
            for some in numbers
        )
        return most, associates

    def _namesakes(self) -> list[int]:
        """Return the ids of the entities that share a name with it."""
        rows = self._collection.names.execute(
            "SELECT DISTINCT b.entity_id FROM aliases AS a JOIN aliases AS b ON b.key = a.key"
            " WHERE a.entity_id = ? AND b.entity_id != a.entity_id ORDER BY 1",
            (self._number,),
        )
        return [number for (number,) in rows]


def spellings(surfaces: Iterable[str]) -> tuple[Spelling, ...]:
    """Count the spellings of an entity, ignoring differences only in case and diacritics."""
    written = Counter(surfaces)
    folded: dict[str, Counter[str]] = {}
    for text, count in written.items():
        folded.setdefault(" ".join(terms(text)) or text, Counter())[text] += count
    found = [
        Spelling(min(counts, key=lambda text: (-counts[text], text)), counts.total())
        for counts in folded.values()
    ]
    return tuple(sorted(found, key=lambda each: (-each.mentions, each.text)))
