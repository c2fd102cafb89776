"""The network of the entities named together in the articles that a query finds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..entities.cooccurrence import MIN_TOGETHER, SIGNIFICANT, log_likelihood, namesakes
from ..entities.counts import highest, of_types
from ..models.entity import Entity
from ..models.entity_profile import Edge, Network
from ..models.options import EdgeSort
from .collection import Collection
from .entity_list import association_with
from .query.request import SearchRequest
from .searcher import Searcher, make_searcher
from .shard_searcher import ShardSearcher

MAX_NODES = 1000
"""The maximum number of entities in a network: the number of pairs grows with its square."""


def make_network(
    collection: Collection,
    request: SearchRequest,
    *,
    types: tuple[str, ...],
    min_weight: int,
    sort: EdgeSort,
) -> Network:
    """Return the network of the entities named in the articles that match the whole query.

    The request's limit is the maximum number of entities. `sort` "association" takes first those
    that three articles or more name, and that chance does not explain; the rest are those that most
    articles name. Raises QuerySyntaxError for a query, and OptionError for a filter, that cannot be
    used.
    """
    started = time.perf_counter()
    search = make_searcher(collection, request)
    counts = search.entity_counts()
    kept = of_types(collection.entities, counts.articles > 0, types)
    keys: tuple[NDArray[Any], ...] = (np.where(kept, counts.articles, 0), counts.mentions)
    if sort == "association":
        association = association_with(collection, search, counts)
        is_significant = kept & (counts.articles >= MIN_TOGETHER) & (association >= SIGNIFICANT)
        keys = (np.where(kept, 1.0 + np.where(is_significant, association, 0.0), 0.0), *keys)
    entities = collection.entities.about(highest(keys, request.limit).tolist())
    edges = _edges(collection, search, entities, max(min_weight, 1))
    edges.sort(key=lambda edge: (-edge.weight, -edge.paragraphs, edge.source, edge.target))
    if sort == "association":
        edges.sort(key=lambda edge: -edge.association)
    return Network(
        query=request.query,
        articles=search.total,
        nodes=tuple(counts.of(number, each) for number, each in entities.items()),
        edges=tuple(edges),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _edges(
    collection: Collection, search: Searcher, entities: Mapping[int, Entity], min_weight: int
) -> list[Edge]:
    """Return the edges between entities, given by id."""
    tables = collection.searchers.each(ShardSearcher.edges, np.array([*entities], np.int32))
    articles, paragraphs = (np.sum(parts, axis=0) for parts in zip(*tables, strict=True))
    index = {number: place for place, number in enumerate(entities)}
    pairs = [
        pair
        for pair in namesakes(collection.names, [*entities])
        if articles[index[pair[0]], index[pair[1]]]
    ]
    for (first, second), counts in search.ambiguous_counts(pairs).items():
        for table, count in zip((articles, paragraphs), counts, strict=True):
            table[index[first], index[second]] -= count
            table[index[second], index[first]] -= count
    totals = np.diagonal(articles)
    rows, columns = np.nonzero(np.triu(articles >= min_weight, 1))
    both = articles[rows, columns]
    association = log_likelihood(both, totals[rows], totals[columns], search.total)
    slugs = [entity.slug for entity in entities.values()]
    measures = (rows, columns, both, paragraphs[rows, columns], association)
    return [
        Edge(min(ends), max(ends), *values)
        for row, column, *values in zip(*(each.tolist() for each in measures), strict=True)
        for ends in [(slugs[row], slugs[column])]
    ]
