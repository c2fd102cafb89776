"""Co-occurrence of entities in the articles and paragraphs of a set, and its significance.

For co-occurrence in a paragraph mentions are read, and only those of the entities in question. In
every function `asked` flags the articles of the set, by article id.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..index.postings import ENTITY, Flags, Ids
from ..index.reader import IndexReader
from .counts import Counts, EntityCounts, flags_at, named_in

SIGNIFICANT = 10.83
"""The critical value that chance alone exceeds once in a thousand (chi-squared, one degree of
freedom)."""
MIN_TOGETHER = 3
"""The minimum number of articles that name both an entity and its associate.

With fewer, the two may be named together by accident, whatever the log-likelihood says.
"""
_JOIN_COST = 20
"""Cost of finding the other entities in a paragraph, relative to reading that it names one."""
_MAX_PAIRS = 2_000_000
"""Number of pairs that are counted at once: 16 MB."""


def log_likelihood(
    both: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike
) -> NDArray[np.float64]:
    """Return the log-likelihood ratio of two events, which measures how strongly they co-occur.

    Of `total` articles, `first` have the first event, `second` the second, and `both` have both.
    These give the four cells of a contingency table, each with an observed count k and the count e
    that is expected if the events are independent. The measure is G² = 2 Σ k·ln(k/e) (Ted Dunning,
    "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics
    19:1, 1993, pp. 61-74); unlike mutual information it does not rise with rarity, and it does not
    assume a normal distribution. Here its sign is negative if the two co-occur less often than by
    chance, and it is 0 if either is in all articles or in none.

    Arguments are numbers or arrays, which are broadcast; the result has their shape.
    """
    k11, row, column, n = (np.asarray(each, np.float64) for each in (both, first, second, total))
    n = np.maximum(n, 1.0)
    cells = (
        (k11, row * column / n),
        (row - k11, row * (n - column) / n),
        (column - k11, (n - row) * column / n),
        (n - row - column + k11, (n - row) * (n - column) / n),
    )
    value: NDArray[np.float64] = 2 * np.asarray(sum(_term(k, e) for k, e in cells))
    return np.where(k11 * n < row * column, -1.0, 1.0) * np.maximum(value, 0.0)


def _term(observed: NDArray[Any], expected: NDArray[Any]) -> NDArray[np.float64]:
    counted = (observed > 0) & (expected > 0)
    ratio = np.where(counted, observed, 1.0) / np.where(counted, expected, 1.0)
    return np.where(counted, observed, 0.0) * np.log(ratio)


def articles_naming(index: IndexReader, asked: Flags, numbers: Ids) -> tuple[Ids, Ids]:
    """Return which articles name which entities: article ids and indices into `numbers`, parallel.

    `numbers` are entity ids.
    """
    index_of = np.full(index.entities.last + 1, -1, np.int32)
    index_of[numbers] = np.arange(len(numbers), dtype=np.int32)
    articles, members = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for named, naming, _ in named_in(index, asked):
        kept = index_of[named] >= 0
        articles.append(naming[kept])
        members.append(index_of[named[kept]])
    return np.concatenate(articles), np.concatenate(members)


def paragraphs_naming(
    connection: sqlite3.Connection,
    index: IndexReader,
    asked: Flags,
    numbers: Ids,
    counts: EntityCounts,
) -> tuple[Counts, Counts]:
    """Return which paragraphs of the articles name which entities, each pair once.

    The result is paragraph ids and indices into `numbers`, in parallel. `numbers` are entity ids,
    and `counts` are the counts of the articles.
    """
    entities = numbers.tolist()
    if counts.mentions.sum() < _mentions(index, entities):
        rows: set[tuple[int, int]] = set()
        for article in np.flatnonzero(asked).tolist():
            rows.update(
                connection.execute(
                    "SELECT paragraph_id, entity_id FROM mentions"
                    " WHERE paragraph_id BETWEEN ? AND ?",
                    index.paragraphs_of(article),
                )
            )
        index_of = {entity: member for member, entity in enumerate(entities)}
        found = [(paragraph, index_of[each]) for paragraph, each in rows if each in index_of]
        pairs = np.array(sorted(found), np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]
    naming = [_paragraphs_of(connection, index, asked, entity) for entity in entities]
    members = np.repeat(np.arange(len(naming)), [len(each) for each in naming])
    return np.concatenate([np.zeros(0, np.int64), *naming]), members


def paragraphs_shared(
    connection: sqlite3.Connection,
    index: IndexReader,
    asked: Flags,
    number: int,
    others: Sequence[int],
) -> dict[int, int]:
    """Count, by the id of each other entity, the paragraphs that name both it and an entity."""
    if _mentions(index, others) < _JOIN_COST * _mentions(index, [number]):
        own = _paragraphs_of(connection, index, asked, number)
        is_own = flags_at(int(own.max(initial=0)) + 1, own)
        shared = {}
        for other in others:
            theirs = _paragraphs_naming(connection, other)
            shared[other] = int(np.count_nonzero(is_own[theirs[theirs < len(is_own)]]))
        return shared
    marks = ", ".join("?" * len(others))
    rows = connection.execute(
        # The plus makes SQLite use the index by paragraph, as a paragraph names few entities.
        "SELECT DISTINCT a.paragraph_id, b.entity_id FROM mentions AS a CROSS JOIN mentions AS b"
        f" ON b.paragraph_id = a.paragraph_id AND +b.entity_id IN ({marks}) WHERE a.entity_id = ?",
        (*others, number),
    ).fetchall()
    pairs = np.array(rows, np.int64).reshape(-1, 2)
    named = Counter(pairs[_is_asked(index, asked, pairs[:, 0]), 1].tolist())
    return {other: named[other] for other in others}


def _mentions(index: IndexReader, entities: Iterable[int]) -> float:
    """Return the number of mentions of entities in all articles."""
    return sum(float(index.get(ENTITY, entity).counts.sum()) for entity in entities)


def _paragraphs_of(
    connection: sqlite3.Connection, index: IndexReader, asked: Flags, number: int
) -> Counts:
    """Return the ids of the paragraphs of the articles that name an entity, in order."""
    paragraphs = _paragraphs_naming(connection, number)
    return paragraphs[_is_asked(index, asked, paragraphs)]


def _paragraphs_naming(connection: sqlite3.Connection, number: int) -> Counts:
    """Return the ids of all paragraphs that name an entity, in order."""
    rows = connection.execute(
        "SELECT DISTINCT paragraph_id FROM mentions WHERE entity_id = ? ORDER BY 1", (number,)
    )
    return np.fromiter((paragraph for (paragraph,) in rows), np.int64)


def _is_asked(index: IndexReader, asked: Flags, paragraphs: Counts) -> NDArray[np.bool_]:
    """Return whether each paragraph, by id, is in an asked article."""
    flags: NDArray[np.bool_] = asked[index.articles_of(paragraphs)[0]]
    return flags


def namesakes(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the pairs of entities, by id, that have an alias key in common."""
    marks = ", ".join("?" * len(numbers))
    return connection.execute(
        "SELECT DISTINCT a.entity_id, b.entity_id FROM aliases AS a"
        " JOIN aliases AS b ON b.key = a.key AND b.entity_id > a.entity_id"
        f" WHERE a.entity_id IN ({marks}) AND b.entity_id IN ({marks}) ORDER BY 1, 2",
        (*numbers, *numbers),
    ).fetchall()


def ambiguous_only(
    connection: sqlite3.Connection, index: IndexReader, asked: Flags, first: int, second: int
) -> tuple[int, int]:
    """Count the articles, and the paragraphs, that name one of two namesakes only ambiguously.

    An ambiguous name is a mention of both entities, which is no evidence that they co-occur.
    """
    # The two are interchangeable, and the rarer one has fewer mentions to look up.
    first, second = sorted((first, second), key=lambda each: _mentions(index, [each]))
    rows = connection.execute(
        "SELECT a.paragraph_id FROM mentions AS a CROSS JOIN mentions AS b"
        " ON b.entity_id = ? AND b.paragraph_id = a.paragraph_id AND b.start = a.start"
        " WHERE a.entity_id = ? ORDER BY 1",
        (second, first),
    ).fetchall()
    shared = np.array(rows, np.int64).reshape(-1)
    shared = shared[_is_asked(index, asked, shared)]
    articles = Counter(index.articles_of(shared)[0].tolist())
    paragraphs = Counter(shared.tolist())

    def is_ambiguous(low: int, high: int, count: int) -> bool:
        mentions = (index.entities.mentions(entity, low, high) for entity in (first, second))
        return count in mentions

    return (
        sum(is_ambiguous(*index.paragraphs_of(article), n) for article, n in articles.items()),
        sum(is_ambiguous(paragraph, paragraph, n) for paragraph, n in paragraphs.items()),
    )


def cooccurrence(groups: NDArray[Any], members: NDArray[Any], size: int) -> Counts:
    """Count the groups that contain each pair of members; the diagonal counts those of each member.

    `groups` and `members` are parallel arrays with a distinct pair for each membership; members are
    numbers below `size`. The result is symmetric, with shape (size, size).
    """
    order = np.argsort(groups, kind="stable")
    groups, members = groups[order], members[order].astype(np.int64)
    starts = np.flatnonzero(np.concatenate((groups[:1] == groups[:1], groups[1:] != groups[:-1])))
    lengths = np.diff(starts, append=len(groups))
    ends = np.repeat(starts + lengths, lengths)
    counts = np.zeros(size * size, np.int64)
    codes = [members * (size + 1)]
    waiting = len(members)
    # Pair each member with the next in its group, then with the one after that, and so on.
    firsts, step = np.arange(len(groups)), 1
    while (firsts := firsts[firsts + step < ends[firsts]]).size:
        codes.append(members[firsts] * size + members[firsts + step])
        waiting += firsts.size
        if waiting > _MAX_PAIRS:
            counts += np.bincount(np.concatenate(codes), minlength=size * size)
            codes, waiting = [members[:0]], 0
        step += 1
    counts += np.bincount(np.concatenate(codes), minlength=size * size)
    table = counts.reshape(size, size)
    diagonal: Counts = np.diag(np.diagonal(table))
    return table + table.T - diagonal
