"""The network of the entities named together in the articles that a query finds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Literal

import numpy as np

from ..entities.association import log_likelihood
from ..entities.counts import highest, namesakes, of_types
from ..index.postings import Ids
from ..models.entity_profile import Edge, Network
from .collection import Collection
from .query.request import SearchRequest
from .searcher import Searcher
from .shard_searcher import ShardSearcher

EdgeSort = Literal["weight", "association"]
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

    The request's limit is the maximum number of entities. Raises QuerySyntaxError for a query, and
    OptionError for a filter, that cannot be used.
    """
    started = time.perf_counter()
    search = Searcher(collection, request)
    counts = search.entity_counts()
    kept = of_types(collection.entities, counts.articles > 0, types)
    keys = (np.where(kept, counts.articles, 0), counts.mentions)
    about = collection.entities.about(highest(keys, request.limit).tolist())
    numbers = np.array([*about], np.int32)
    edges = _edges(collection, search, numbers, max(min_weight, 1))
    slugs = [entity.slug for entity in about.values()]
    found = [
        Edge(min(ends), max(ends), weight, paragraphs, told)
        for first, second, weight, paragraphs, told in edges
        for ends in [(slugs[first], slugs[second])]
    ]
    found.sort(key=lambda edge: (-edge.weight, -edge.paragraphs, edge.source, edge.target))
    if sort == "association":
        found.sort(key=lambda edge: -edge.association)
    return Network(
        query=request.query,
        articles=search.total,
        nodes=tuple(counts.of(number, each) for number, each in about.items()),
        edges=tuple(found),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _edges(
    collection: Collection, search: Searcher, numbers: Ids, least: int
) -> Iterator[tuple[int, int, int, int, float]]:
    """Yield each pair of entities, by index, with its counts and its association.

    The counts are those of the articles and of the paragraphs that name both; the association is a
    log-likelihood.
    """
    each = collection.searchers.each(ShardSearcher.edges, numbers)
    weights, paragraphs = (np.sum(tables, axis=0) for tables in zip(*each, strict=True))
    at = {number: place for place, number in enumerate(numbers.tolist())}
    alike = [
        pair for pair in namesakes(collection.names, [*at]) if weights[at[pair[0]], at[pair[1]]]
    ]
    shared = collection.searchers.each(ShardSearcher.ambiguous_only, alike) if alike else ()
    for less in shared:
        for (one, two), counts in zip(alike, less, strict=True):
            for table, count in zip((weights, paragraphs), counts, strict=True):
                table[at[one], at[two]] -= count
                table[at[two], at[one]] -= count
    having = np.diagonal(weights)
    first, second = np.nonzero(np.triu(weights >= least, 1))
    both = weights[first, second]
    told = log_likelihood(both, having[first], having[second], search.total)
    columns = (first, second, both, paragraphs[first, second], told)
    yield from zip(*(column.tolist() for column in columns), strict=True)
