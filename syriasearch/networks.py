"""Who is named beside whom in what a query finds?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .association import log_likelihood
from .census import (
    Tally,
    flags_at,
    highest,
    namesakes,
    of_types,
    only_shared,
    paragraphs_of,
    rows_of,
    together,
    united,
)
from .collection import Collection, Source, opened
from .postings import Ids
from .profiles import Edge, Network
from .requests import Request
from .search import Search

EdgeSort = Literal["weight", "association"]
MAX_NODES = 1000
"""A network has at most so many entities: what is counted grows with their square."""


def make_network(
    source: Source,
    request: Request,
    *,
    types: tuple[str, ...],
    min_weight: int,
    sort: EdgeSort,
) -> Network:
    """Tell who is named beside whom in the articles with all that is asked.

    The request's limit is how many entities there are at most.
    """
    started = time.perf_counter()
    with opened(source) as collection:
        search = Search(collection, request)
        tallies = search.tallies()
        counts = united(tallies)
        kept = of_types(collection.entities, counts.articles > 0, types)
        keys = (np.where(kept, counts.articles, 0), counts.mentions)
        about = collection.entities.about(highest(keys, request.limit).tolist())
        numbers = np.array([*about], np.int32)
        edges = _edges(collection, search, tallies, numbers, max(min_weight, 1))
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
    collection: Collection, search: Search, tallies: list[Tally], numbers: Ids, least: int
) -> Iterator[tuple[int, int, int, int, float]]:
    """Yield each two entities, by place, with how often they stand together."""
    size = len(numbers)
    places = [
        (share.connection, share.index, flags_at(share.index.size, share.full.articles))
        for share in search.shares
    ]
    rows = [rows_of(index, asked, numbers) for _, index, asked in places]
    weights = together(*_joined(rows), size)
    both_in = [
        paragraphs_of(*place, numbers, counts)
        for place, counts in zip(places, tallies, strict=True)
    ]
    paragraphs = together(*_joined(both_in), size)
    at = {number: place for place, number in enumerate(numbers.tolist())}
    for one, two in namesakes(collection.names, [*at]):
        pair = (at[one], at[two])
        if weights[pair]:
            for place in places:
                less = only_shared(*place, one, two)
                for table, count in zip((weights, paragraphs), less, strict=True):
                    table[pair] = table[pair[::-1]] = table[pair] - count
    having = np.diagonal(weights)
    first, second = np.nonzero(np.triu(weights >= least, 1))
    both = weights[first, second]
    told = log_likelihood(both, having[first], having[second], search.total)
    columns = (first, second, both, paragraphs[first, second], told)
    yield from zip(*(column.tolist() for column in columns), strict=True)


def _joined(
    pairs: Iterable[tuple[NDArray[Any], NDArray[Any]]],
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return pairs of parallel arrays as one pair."""
    first, second = zip(*pairs, strict=True)
    return np.concatenate(first), np.concatenate(second)
