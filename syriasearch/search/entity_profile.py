"""The profile of an entity, found by any of its names: what the archive has on it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from ..entities.cooccurrence import MIN_TOGETHER, SIGNIFICANT, log_likelihood
from ..entities.counts import highest, merge_counts
from ..entities.names.name_lookup import NamedEntity
from ..errors import AmbiguousEntityError, EntityNotFoundError
from ..models.entity import ENTITY_TYPES
from ..models.entity_profile import EntityCount, EntityProfile, Neighbour, Spelling
from ..models.timeline import finest, make_timeline
from ..text.arabic import name_key
from ..text.tokenize import joined_terms
from .collection import Collection
from .query.clauses import Clause, Mentions, Plan
from .query.request import SearchRequest
from .searcher import Searcher
from .shard_searcher import ShardSearcher

MAX_CANDIDATES = 10
"""The maximum number of entities suggested for a name that nobody has."""
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
    chosen, namesakes = _choose(collection, name)
    plan = Plan((Clause(chosen.name, Mentions((chosen,)), field=True),), (), everything=False)
    search = Searcher(collection, request, plan, limit=request.limit)
    entities = collection.entities
    (entity,) = entities.about([chosen.id]).values()
    aliases = dict.fromkeys(collection.lexicon.aliases(chosen.id))
    surfaces = sum(collection.searchers.each(ShardSearcher.surfaces, chosen), Counter())
    days = search.days()
    most, associates = _neighbours(collection, search, chosen.id, neighbours)
    return EntityProfile(
        entity=replace(entity, aliases=tuple(alias for alias in aliases if alias != entity.name)),
        articles=search.total,
        mentions=surfaces.total(),
        spellings=_spellings(surfaces),
        timeline=make_timeline(finest(days, MAX_BARS), [entity.name], [days]),
        neighbours=most,
        associates=associates,
        latest=tuple(search.hits()),
        follows=entities.called(entity.follows or ""),
        followed_by=entities.after(entity.slug),
        namesakes=namesakes,
        by_spelling=not collection.lexicon.named(name, ENTITY_TYPES, exact=True),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _choose(collection: Collection, name: str) -> tuple[NamedEntity, tuple[EntityCount, ...]]:
    """Return the entity that a name means, and the others that share the name.

    If several have it, the one meant is the only one named in any article, or else the only one
    whose canonical name it is. Raises EntityNotFoundError or AmbiguousEntityError.
    """
    candidates = {each.slug: each for each in collection.lexicon.named(name, ENTITY_TYPES)}
    if not candidates:
        similar = _similar(collection, name)
        slugs = ", ".join(each.entity.slug for each in similar)
        hint = f"did you mean {slugs}?" if slugs else "`entities` lists who there is"
        raise EntityNotFoundError(f"there is no entity {name!r}: {hint}", name, similar)
    counts = _most_named_first(_count(collection, [each.id for each in candidates.values()]))
    key = name_key(name)
    named = [each for each in counts if each.articles]
    canonical = [each for each in counts if name_key(each.entity.name) == key]
    for meant in (counts, named, canonical):
        if len(meant) == 1:
            others = tuple(each for each in counts if each != meant[0])
            return candidates[meant[0].entity.slug], others
    slugs = ", ".join(each.entity.slug for each in counts)
    raise AmbiguousEntityError(
        f"several entities are named {name!r}, ask for one by its slug: {slugs}",
        name,
        tuple(counts),
    )


def _similar(collection: Collection, name: str) -> tuple[EntityCount, ...]:
    """Return the entities with a name like this one, and then those whose names contain it."""
    similar = collection.lexicon.suggest(name, ENTITY_TYPES, MAX_CANDIDATES)
    found = _count(collection, [each.id for each in similar])
    if len(found) < MAX_CANDIDATES:
        containing = _count(collection, collection.entities.named_so(name_key(name)))
        found += _most_named_first(containing)
    return tuple(found[:MAX_CANDIDATES])


def _most_named_first(counts: Iterable[EntityCount]) -> list[EntityCount]:
    return sorted(counts, key=lambda each: (-each.articles, each.entity.slug))


def _count(collection: Collection, numbers: Iterable[int]) -> list[EntityCount]:
    """Return entities with their counts in the whole archive."""
    entities = collection.entities.about(numbers)
    statistics = collection.mention_statistics([*entities])
    return [
        EntityCount(entity, each.doc_freq, int(each.total_term_freq))
        for entity, each in zip(entities.values(), statistics, strict=True)
    ]


def _neighbours(
    collection: Collection, search: Searcher, number: int, limit: int
) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
    """Return the entities most often named with one, and those most associated with it."""
    shards = collection.searchers
    together = search.entity_counts().articles
    together[number] = 0
    pairs = [(number, each) for each in _namesakes(collection, number) if together[each]]
    ambiguous = search.ambiguous_counts(pairs)
    for (_, namesake), (articles, _) in ambiguous.items():
        together[namesake] -= articles
    parts, totals = zip(*shards.each(ShardSearcher.allowed_entity_counts), strict=True)
    everywhere = merge_counts(parts).articles
    present = np.flatnonzero(together)
    association = np.zeros(len(together), np.float64)
    association[present] = log_likelihood(
        together[present], search.total, everywhere[present], sum(totals)
    )
    is_significant = (together >= MIN_TOGETHER) & (association >= SIGNIFICANT)
    significant = np.where(is_significant, association, 0.0)
    most = highest((together, association), limit).tolist()
    associates = highest((significant, together), limit).tolist()
    entities = collection.entities.about([*most, *associates])
    paragraphs: Counter[int] = Counter()
    for counts in shards.each(ShardSearcher.paragraphs_shared, number, [*entities]):
        paragraphs.update(counts)
    for (_, namesake), (_, shared) in ambiguous.items():
        paragraphs[namesake] -= shared
    found = {
        each: Neighbour(entity, int(together[each]), paragraphs[each], float(association[each]))
        for each, entity in entities.items()
    }
    return (
        tuple(found[each] for each in most if each in found),
        tuple(found[each] for each in associates if each in found),
    )


def _namesakes(collection: Collection, number: int) -> list[int]:
    """Return the ids of the entities that share a name with one."""
    rows = collection.names.execute(
        "SELECT DISTINCT b.entity_id FROM aliases AS a JOIN aliases AS b ON b.key = a.key"
        " WHERE a.entity_id = ? AND b.entity_id != a.entity_id ORDER BY 1",
        (number,),
    )
    return [namesake for (namesake,) in rows]


def _spellings(surfaces: Mapping[tuple[str, str], int]) -> tuple[Spelling, ...]:
    """Return the spellings of an entity, without differences only in case and diacritics.

    `surfaces` counts its mentions by their text and their reason.
    """
    folded: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for (text, why), count in surfaces.items():
        texts, reasons = folded.setdefault(joined_terms(text) or text, (Counter(), Counter()))
        texts[text] += count
        reasons[why] += count
    found = [
        Spelling(_ordered(texts)[0][0], texts.total(), tuple(_ordered(reasons)))
        for texts, reasons in folded.values()
    ]
    return tuple(sorted(found, key=lambda each: (-each.mentions, each.text)))


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    """Return counted texts, the most frequent first."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
