"""Who is named beside whom in what a query finds?"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Literal

import numpy as np

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
    tally,
    together,
)
from .index import Index
from .postings import Flags, Ids
from .profiles import Edge, Network
from .requests import Request
from .search import Search, snapshot

EdgeSort = Literal["weight", "association"]
MAX_NODES = 1000
"""A network has at most so many entities: what is counted grows with their square."""


def make_network(
    connection: sqlite3.Connection,
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
    with snapshot(connection):
        search = Search(connection, request)
        index = search.index
        asked = flags_at(index.size, search.full.articles)
        counts = tally(index, asked)
        kept = of_types(index, counts.articles > 0, types)
        keys = (np.where(kept, counts.articles, 0), counts.mentions)
        about = index.entities.about(highest(keys, request.limit).tolist())
        numbers = np.array([*about], np.int32)
        articles = len(search.full.articles)
        edges = _edges(connection, index, asked, numbers, counts, articles, max(min_weight, 1))
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
            articles=articles,
            nodes=tuple(counts.of(number, each) for number, each in about.items()),
            edges=tuple(found),
            took_ms=(time.perf_counter() - started) * 1000,
        )


def _edges(
    connection: sqlite3.Connection,
    index: Index,
    asked: Flags,
    numbers: Ids,
    counts: Tally,
    articles: int,
    least: int,
) -> Iterator[tuple[int, int, int, int, float]]:
    """Yield each two entities, by place, with how often they stand together."""
    size = len(numbers)
    weights = together(*rows_of(index, asked, numbers), size)
    paragraphs = together(*paragraphs_of(connection, index, asked, numbers, counts), size)
    at = {number: place for place, number in enumerate(numbers.tolist())}
    for one, two in namesakes(connection, [*at]):
        pair = (at[one], at[two])
        if weights[pair]:
            less = only_shared(connection, index, asked, one, two)
            for table, count in zip((weights, paragraphs), less, strict=True):
                table[pair] = table[pair[::-1]] = table[pair] - count
    having = np.diagonal(weights)
    first, second = np.nonzero(np.triu(weights >= least, 1))
    both = weights[first, second]
    told = log_likelihood(both, having[first], having[second], articles)
    columns = (first, second, both, paragraphs[first, second], told)
    yield from zip(*(column.tolist() for column in columns), strict=True)
