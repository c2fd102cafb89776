"""Who is named in how many of some articles, how often, and beside whom? Counted in arrays.

Articles count from the postings of entities; only where two stand in one paragraph the mentions
themselves are read, of those alone who are asked for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .index import Index
from .postings import MAX_FREQUENCY, Flags, Ids

Counts = NDArray[np.int64]

_CELLS = 4_000_000
"""Tables of so many cells at most are multiplied at once: 16 MB."""


class Tally(NamedTuple):
    """How often each entity is named in some articles; both arrays go by its id."""

    articles: Counts
    mentions: Counts


def named_in(index: Index, asked: Flags) -> Iterator[tuple[Ids, Ids, NDArray[np.uint8]]]:
    """Yield entities, those of the asked articles that name them, and how often: in parallel."""
    for numbers, articles, counts in index.named():
        kept = asked[articles] & (numbers <= index.entities.last)
        yield numbers[kept], articles[kept], counts[kept]


def tally(index: Index, asked: Flags) -> Tally:
    """Count the entities that some articles name."""
    size = index.entities.last + 1
    found = Tally(np.zeros(size, np.int64), np.zeros(size, np.int64))
    for numbers, articles, counts in named_in(index, asked):
        if not numbers.size:
            continue
        low, high = int(numbers.min()), int(numbers.max()) + 1  # they come in order, some at a time
        found.articles[low:high] += np.bincount(numbers - low)
        found.mentions[low:high] += np.bincount(numbers - low, counts).astype(np.int64)
        # A byte holds no more; few are named so often in one article.
        for at in np.flatnonzero(counts == MAX_FREQUENCY).tolist():
            number = int(numbers[at])
            whole = index.entities.mentions(number, *index.paragraphs_of(int(articles[at])))
            found.mentions[number] += whole - MAX_FREQUENCY
    return found


def rows_of(index: Index, asked: Flags, numbers: Ids) -> tuple[Ids, Ids]:
    """Return which of some entities which of some articles name: articles, places in `numbers`."""
    places = np.full(index.entities.last + 1, -1, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    found = [
        (articles[there], places[named[there]])
        for named, articles, _ in named_in(index, asked)
        for there in [places[named] >= 0]
    ]
    empty = np.zeros(0, np.int32)
    return (
        np.concatenate([empty, *(articles for articles, _ in found)]),
        np.concatenate([empty, *(place for _, place in found)]),
    )


def paragraphs_naming(
    connection: sqlite3.Connection, index: Index, asked: Flags, number: int
) -> NDArray[np.int64]:
    """Return the paragraphs of some articles that name an entity, by id, in order."""
    rows = connection.execute(
        "SELECT DISTINCT paragraph_id FROM mentions WHERE entity_id = ? ORDER BY 1", (number,)
    ).fetchall()
    found = np.array(rows, np.int64).reshape(-1)
    if found.size:
        found = found[asked[index.articles_of(found)[0]]]
    return found


def together(groups: NDArray[Any], members: NDArray[Any], size: int) -> Counts:
    """Count in how many groups each two of `size` members stand; of one it is how many have it.

    Two parallel arrays tell who stands in which group, each once.
    """
    counts = np.zeros((size, size), np.int64)
    counts[np.arange(size), np.arange(size)] = np.bincount(members, minlength=size)
    order = np.argsort(groups, kind="stable")
    groups, members = groups[order], members[order]
    starts = np.flatnonzero(np.concatenate((groups[:1] >= 0, groups[1:] != groups[:-1])))
    many = np.diff(starts, append=len(groups))
    # Who stands alone in a group stands beside nobody.
    kept = np.repeat(many > 1, many)
    rows = np.repeat(np.cumsum(many > 1) - 1, many)[kept]
    members = members[kept]
    pairs = np.zeros((size, size), np.float64)
    step = max(1, _CELLS // max(1, size))
    last = int(rows[-1]) + 1 if rows.size else 0
    for first in range(0, last, step):
        from_to = np.searchsorted(rows, (first, first + step))
        some = slice(int(from_to[0]), int(from_to[1]))
        table = np.zeros((min(step, last - first), size), np.float32)
        table[rows[some] - first, members[some]] = 1
        pairs += table.T @ table
    apart = ~np.eye(size, dtype=np.bool_)
    counts[apart] = pairs[apart].astype(np.int64)
    return counts
