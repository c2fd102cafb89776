"""The list of entities named in the articles that a query finds."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..entities.association import log_likelihood
from ..entities.counts import EntityCounts, flags_at, merge_counts, of_types
from ..models.entity_profile import EntityPage
from ..store.entities import EntityReader
from ..text.arabic import name_key
from .collection import Collection
from .query.request import SearchRequest
from .searcher import Searcher
from .shard_searcher import ShardSearcher

EntitySort = Literal["articles", "mentions", "association", "name"]


def list_entities(
    collection: Collection,
    request: SearchRequest,
    *,
    types: tuple[str, ...],
    name: str,
    min_count: int,
    sort: EntitySort,
) -> EntityPage:
    """List the entities named in the articles that match the whole query.

    `sort` "association" orders by log-likelihood against the whole archive. Raises QuerySyntaxError
    for a query, and OptionError for a filter, that cannot be used.
    """
    started = time.perf_counter()
    search = Searcher(collection, request)
    entities = collection.entities
    counts = search.entity_counts()
    articles = search.total
    kept = counts.articles >= max(min_count, 1)
    if name:
        kept &= flags_at(len(kept), entities.named_so(name_key(name)))
    kept = of_types(entities, kept, types)
    narrowed = bool(request.query.strip() or request.filters.given)
    numbers = np.flatnonzero(kept).astype(np.int64)
    telling = narrowed or sort == "association"
    told = _against_all(collection, search, counts) if telling else None
    order = _sorted(entities, counts, told, numbers, sort)
    page = order[request.offset : request.offset + request.limit].tolist()
    about = entities.about(page)
    return EntityPage(
        query=request.query,
        entities=tuple(
            counts.of(number, entity, None if told is None else float(told[number]))
            for number, entity in about.items()
        ),
        total=len(numbers),
        articles=articles,
        offset=request.offset,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _against_all(
    collection: Collection, search: Searcher, counts: EntityCounts
) -> NDArray[np.float64]:
    """Return the log-likelihood of each entity's count in the hits, against the whole archive.

    The array is indexed by entity id.
    """
    everywhere = merge_counts(collection.searchers.each(ShardSearcher.all_entity_counts)).articles
    return log_likelihood(counts.articles, search.total, everywhere, collection.totals.articles)


def _sorted(
    entities: EntityReader,
    counts: EntityCounts,
    told: NDArray[np.float64] | None,
    numbers: NDArray[np.int64],
    sort: EntitySort,
) -> NDArray[np.int64]:
    """Return the ids of entities in order; ties go to the entity that entered the archive first."""
    if sort == "name":
        places = entities.by_slug()
        kept = flags_at(len(counts.articles), numbers)[places]
        return places[kept]
    first, second = counts.articles, counts.mentions
    keys = {
        "articles": (first, second),
        "mentions": (second, first),
        "association": (first if told is None else told, first),
    }[sort]
    order = np.lexsort((numbers, *(-key[numbers] for key in reversed(keys))))
    return numbers[order]
