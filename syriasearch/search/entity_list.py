"""The list of entities named in the articles that a query finds."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..entities.cooccurrence import log_likelihood
from ..entities.counts import EntityCounts, flags_at, highest, merge_counts, of_types
from ..models.entity_profile import EntityPage
from ..models.options import EntitySort
from ..text.arabic import has_arabic, name_key
from ..text.tokenize import joined_terms
from .collection import Collection
from .query.request import SearchRequest
from .searcher import Searcher, make_searcher
from .shard_searcher import ShardSearcher


def list_entities(
    collection: Collection,
    request: SearchRequest,
    *,
    types: tuple[str, ...],
    name: str,
    initial: str = "",
    min_count: int,
    sort: EntitySort,
) -> EntityPage:
    """List the entities named in the articles that match the whole query.

    `initial` is the beginning of a name, or of any alias if it is in Arabic script. `sort`
    "association" orders by log-likelihood against the whole archive. Raises QuerySyntaxError for a
    query, and OptionError for a filter, that cannot be used.
    """
    started = time.perf_counter()
    search = make_searcher(collection, request)
    entities = collection.entities
    counts = search.entity_counts()
    kept = counts.articles >= max(min_count, 1)
    if name:
        kept &= flags_at(len(kept), entities.named_so(name_key(name)))
    order_of_names = None
    if initial:
        order_of_names = entities.beginning_with(
            joined_terms(initial), names_only=not has_arabic(initial)
        )
        kept &= flags_at(len(kept), order_of_names)
    kept = of_types(entities, kept, types)
    keys: tuple[NDArray[Any], ...] = counts
    association = None
    if request.query.strip() or request.filters.given or sort == "association":
        association = association_with(collection, search, counts)
        keys = (association, counts.articles) if sort == "association" else keys
    if sort == "mentions":
        keys = (counts.mentions, counts.articles)
    end = request.offset + request.limit
    if sort == "name":
        ordered = entities.by_slug() if order_of_names is None else order_of_names
        order = ordered[kept[ordered]][:end]
    else:
        # Ties go to the entity that entered the archive first.
        order = highest((kept.astype(np.int8), *keys), end)
    about = entities.about(order[request.offset :].tolist())
    return EntityPage(
        query=request.query,
        entities=tuple(
            counts.of(number, entity, None if association is None else float(association[number]))
            for number, entity in about.items()
        ),
        total=int(np.count_nonzero(kept)),
        articles=search.total,
        offset=request.offset,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def association_with(
    collection: Collection, search: Searcher, counts: EntityCounts
) -> NDArray[np.float64]:
    """Return, by entity id, how much more often a search's articles name an entity than others.

    The measure is the log-likelihood ratio against the whole archive; `counts` are the search's.
    """
    whole = merge_counts(collection.searchers.each(ShardSearcher.all_entity_counts))
    return log_likelihood(counts.articles, search.total, whole.articles, collection.totals.articles)
