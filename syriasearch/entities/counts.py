"""Who is named in how many of some articles, how often, and beside whom? Counted in arrays.

Articles count from the postings of entities; only where two stand in one paragraph the mentions
themselves are read, of those alone who are asked for.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..index.postings import ENTITY, MAX_FREQUENCY, Flags, Ids
from ..index.reader import Index
from ..models.article import Entity
from ..store.entities import EntityTable
from ..store.schema import ENTITY_TYPES

if TYPE_CHECKING:
    from ..models.entity_profile import EntityCount

Counts = NDArray[np.int64]

_DEAR = 20
"""To look who else is in a paragraph costs so many times as much as to read that one is."""
_AT_ONCE = 2_000_000
"""So many pairs are counted at once: 16 MB."""


class Tally(NamedTuple):
    """How often each entity is named in some articles; both arrays go by its id."""

    articles: Counts
    mentions: Counts

    def of(self, number: int, entity: Entity, association: float | None = None) -> EntityCount:
        """Return an entity's counts."""
        from ..models.entity_profile import EntityCount

        articles, mentions = int(self.articles[number]), int(self.mentions[number])
        return EntityCount(entity, articles, mentions, association)


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


def united(tallies: Sequence[Tally]) -> Tally:
    """Return how often each entity is named in the articles of several archives together."""
    if len(tallies) == 1:
        return tallies[0]
    size = max(len(each.articles) for each in tallies)
    found = Tally(np.zeros(size, np.int64), np.zeros(size, np.int64))
    for each in tallies:
        found.articles[: len(each.articles)] += each.articles
        found.mentions[: len(each.mentions)] += each.mentions
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


def paragraphs_of(
    connection: sqlite3.Connection, index: Index, asked: Flags, numbers: Ids, counts: Tally
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which paragraphs of some articles name which of some entities, each once.

    These are paragraphs and places in `numbers`, in parallel; `counts` are of these articles.
    """
    places = {number: place for place, number in enumerate(numbers.tolist())}
    everywhere = sum(float(index.get(ENTITY, each).counts.sum()) for each in places)
    rows: set[tuple[int, int]] = set()
    if counts.mentions.sum() < everywhere:
        for article in np.flatnonzero(asked).tolist():
            rows.update(
                connection.execute(
                    "SELECT paragraph_id, entity_id FROM mentions"
                    " WHERE paragraph_id BETWEEN ? AND ?",
                    index.paragraphs_of(article),
                )
            )
        found = [(paragraph, places[each]) for paragraph, each in rows if each in places]
        both = np.array(sorted(found), np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]
    naming = [_paragraphs_naming(connection, index, asked, number) for number in places]
    members = np.repeat(np.arange(len(naming)), [len(each) for each in naming])
    return np.concatenate([np.zeros(0, np.int64), *naming]), members


def paragraphs_shared(
    connection: sqlite3.Connection, index: Index, asked: Flags, number: int, others: Sequence[int]
) -> dict[int, int]:
    """Count the paragraphs of some articles that name an entity and each of some others."""
    everywhere = sum(float(index.get(ENTITY, each).counts.sum()) for each in others)
    if everywhere < _DEAR * index.get(ENTITY, number).counts.sum():
        own = _paragraphs_naming(connection, index, asked, number)
        return {
            each: len(np.intersect1d(own, naming, assume_unique=True))
            for each in others
            for naming in [_paragraphs_naming(connection, index, asked, each)]
        }
    marks = ", ".join("?" * len(others))
    rows = connection.execute(
        # The plus keeps SQLite to the index of paragraphs: few are named in one.
        "SELECT DISTINCT a.paragraph_id, b.entity_id FROM mentions AS a CROSS JOIN mentions AS b"
        f" ON b.paragraph_id = a.paragraph_id AND +b.entity_id IN ({marks}) WHERE a.entity_id = ?",
        (*others, number),
    ).fetchall()
    if not rows:
        return dict.fromkeys(others, 0)
    both = np.array(rows, np.int64)
    named = both[asked[index.articles_of(both[:, 0])[0]], 1]
    return {each: int(np.count_nonzero(named == each)) for each in others}


def _paragraphs_naming(
    connection: sqlite3.Connection, index: Index, asked: Flags, number: int
) -> NDArray[np.int64]:
    """Return the paragraphs of some articles that name an entity, by id, in order."""
    rows = connection.execute(
        "SELECT DISTINCT paragraph_id FROM mentions WHERE entity_id = ? ORDER BY 1", (number,)
    ).fetchall()
    return _within(index, asked, np.array(rows, np.int64).reshape(-1))


def namesakes(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return each two of some entities that have an alias in common."""
    marks = ", ".join("?" * len(numbers))
    return connection.execute(
        "SELECT DISTINCT a.entity_id, b.entity_id FROM aliases AS a"
        " JOIN aliases AS b ON b.key = a.key AND b.entity_id > a.entity_id"
        f" WHERE a.entity_id IN ({marks}) AND b.entity_id IN ({marks}) ORDER BY 1, 2",
        (*numbers, *numbers),
    ).fetchall()


def only_shared(
    connection: sqlite3.Connection, index: Index, asked: Flags, first: int, second: int
) -> tuple[int, int]:
    """Count the articles, and the paragraphs, that name two namesakes by one name alone.

    A name that may be either's is a mention of both, and does not tell that they stand together.
    """
    shared = connection.execute(
        "SELECT a.paragraph_id FROM mentions AS a CROSS JOIN mentions AS b"
        " ON b.entity_id = ? AND b.paragraph_id = a.paragraph_id AND b.start = a.start"
        " WHERE a.entity_id = ? ORDER BY 1",
        (second, first),
    ).fetchall()
    paragraphs = Counter(_within(index, asked, np.array(shared, np.int64).reshape(-1)).tolist())
    articles: Counter[int] = Counter()
    for paragraph, count in paragraphs.items():
        articles[int(index.articles_of(np.array([paragraph]))[0][0])] += count
    ranges = (
        [(*index.paragraphs_of(article), count) for article, count in articles.items()],
        [(paragraph, paragraph, count) for paragraph, count in paragraphs.items()],
    )
    one, two = (
        sum(
            any(index.entities.mentions(each, low, high) == count for each in (first, second))
            for low, high, count in some
        )
        for some in ranges
    )
    return one, two


def _within(index: Index, asked: Flags, paragraphs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those paragraphs that are in some articles."""
    if not paragraphs.size:
        return paragraphs
    kept: NDArray[np.int64] = paragraphs[asked[index.articles_of(paragraphs)[0]]]
    return kept


def together(groups: NDArray[Any], members: NDArray[Any], size: int) -> Counts:
    """Count in how many groups each two of `size` members stand; of one it is how many have it.

    Two parallel arrays tell who stands in which group, each once.
    """
    order = np.argsort(groups, kind="stable")
    groups, members = groups[order], members[order].astype(np.int64)
    starts = np.flatnonzero(np.concatenate((groups[:1] == groups[:1], groups[1:] != groups[:-1])))
    many = np.diff(starts, append=len(groups))
    ends = np.repeat(starts + many, many)
    counts = np.zeros(size * size, np.int64)
    codes = [members * (size + 1)]
    waiting = len(members)
    # Each with the next in its group, then with the one after that, as long as any has one.
    at, step = np.arange(len(groups)), 1
    while (at := at[at + step < ends[at]]).size:
        codes.append(members[at] * size + members[at + step])
        waiting += at.size
        if waiting > _AT_ONCE:
            counts += np.bincount(np.concatenate(codes), minlength=size * size)
            codes, waiting = [], 0
        step += 1
    if codes:
        counts += np.bincount(np.concatenate(codes), minlength=size * size)
    table = counts.reshape(size, size)
    alone: Counts = np.diag(np.diagonal(table))
    return table + table.T - alone


def flags_at(size: int, places: ArrayLike) -> NDArray[np.bool_]:
    """Return which of so many places are among some."""
    flags = np.zeros(size, np.bool_)
    flags[np.asarray(places, np.intp)] = True
    return flags


def of_types(
    entities: EntityTable, kept: NDArray[np.bool_], types: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return which of some entities are of one of some types; of no types all of them are."""
    if not types:
        return kept
    numbers = np.flatnonzero(kept)
    codes = [ENTITY_TYPES.index(kind) for kind in types]
    return flags_at(len(kept), numbers[np.isin(entities.types(numbers), codes)])


def highest(keys: Sequence[NDArray[Any]], limit: int) -> NDArray[np.intp]:
    """Return the places where the first of some keys is above 0, in order of the highest keys.

    Of equals the first come first; at most `limit`.
    """
    found = np.flatnonzero(keys[0] > 0)
    order = np.lexsort((found, *(-key[found] for key in reversed(keys))))
    return found[order][:limit]
