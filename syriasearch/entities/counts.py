"""Entity counts and co-occurrence in a set of articles, computed as arrays.

Articles and mentions are counted from the postings of entities. Only for co-occurrence in a
paragraph are mentions themselves read, and only those of the entities in question. In every
function `asked` flags the articles of the set, by article id.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..index.postings import ENTITY, MAX_FREQUENCY, Flags, Ids
from ..index.reader import IndexReader
from ..models.entity import ENTITY_TYPES, Entity
from ..store.entities import EntityReader

if TYPE_CHECKING:
    from ..models.entity_profile import EntityCount

Matrix = NDArray[np.int64]

_DEAR = 20
"""Cost of finding the other entities in a paragraph, relative to reading that it names one."""
_AT_ONCE = 2_000_000
"""Number of pairs that are counted at once: 16 MB."""


class EntityCounts(NamedTuple):
    """Counts of all entities in a set of articles: two arrays, indexed by entity id."""

    articles: Matrix
    """Number of articles that name each entity."""
    mentions: Matrix
    """Number of mentions of each entity."""

    def of(self, number: int, entity: Entity, association: float | None = None) -> EntityCount:
        """Return the counts of the entity with id `number`, with its `association` if given."""
        from ..models.entity_profile import EntityCount

        articles, mentions = int(self.articles[number]), int(self.mentions[number])
        return EntityCount(entity, articles, mentions, association)


def named_in(index: IndexReader, asked: Flags) -> Iterator[tuple[Ids, Ids, NDArray[np.uint8]]]:
    """Yield entity ids, the asked articles that name them, and the frequencies, in parallel."""
    for numbers, articles, counts in index.named():
        kept = asked[articles] & (numbers <= index.entities.last)
        yield numbers[kept], articles[kept], counts[kept]


def count_entities(index: IndexReader, asked: Flags) -> EntityCounts:
    """Count the entities that the articles name. Raises DamagedPostingsError."""
    size = index.entities.last + 1
    found = EntityCounts(np.zeros(size, np.int64), np.zeros(size, np.int64))
    for numbers, articles, counts in named_in(index, asked):
        if not numbers.size:
            continue
        low, high = int(numbers.min()), int(numbers.max()) + 1  # each part is a range of ids
        found.articles[low:high] += np.bincount(numbers - low)
        found.mentions[low:high] += np.bincount(numbers - low, counts).astype(np.int64)
        # Frequencies are capped at one byte; few entities are named that often in one article.
        for at in np.flatnonzero(counts == MAX_FREQUENCY).tolist():
            number = int(numbers[at])
            whole = index.entities.mentions(number, *index.paragraphs_of(int(articles[at])))
            found.mentions[number] += whole - MAX_FREQUENCY
    return found


def merge_counts(tallies: Sequence[EntityCounts]) -> EntityCounts:
    """Return the sum of the counts of several archives, whose entities have the same ids."""
    if len(tallies) == 1:
        return tallies[0]
    size = max(len(each.articles) for each in tallies)
    found = EntityCounts(np.zeros(size, np.int64), np.zeros(size, np.int64))
    for each in tallies:
        found.articles[: len(each.articles)] += each.articles
        found.mentions[: len(each.mentions)] += each.mentions
    return found


def rows_of(index: IndexReader, asked: Flags, numbers: Ids) -> tuple[Ids, Ids]:
    """Return which articles name which entities: article ids and indices into `numbers`, parallel.

    `numbers` are entity ids.
    """
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
    connection: sqlite3.Connection,
    index: IndexReader,
    asked: Flags,
    numbers: Ids,
    counts: EntityCounts,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which paragraphs of the articles name which entities, each pair once.

    The result is paragraph ids and indices into `numbers`, in parallel. `numbers` are entity ids,
    and `counts` are the counts of the articles.
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
    connection: sqlite3.Connection,
    index: IndexReader,
    asked: Flags,
    number: int,
    others: Sequence[int],
) -> dict[int, int]:
    """Count, by the id of each other entity, the paragraphs that name both it and an entity."""
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
        # The plus makes SQLite use the index by paragraph, as a paragraph names few entities.
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
    connection: sqlite3.Connection, index: IndexReader, asked: Flags, number: int
) -> NDArray[np.int64]:
    """Return the ids of the paragraphs of the articles that name an entity, in order."""
    rows = connection.execute(
        "SELECT DISTINCT paragraph_id FROM mentions WHERE entity_id = ? ORDER BY 1", (number,)
    ).fetchall()
    return _within(index, asked, np.array(rows, np.int64).reshape(-1))


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


def _within(index: IndexReader, asked: Flags, paragraphs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those paragraphs that are in the asked articles."""
    if not paragraphs.size:
        return paragraphs
    kept: NDArray[np.int64] = paragraphs[asked[index.articles_of(paragraphs)[0]]]
    return kept


def cooccurrence(groups: NDArray[Any], members: NDArray[Any], size: int) -> Matrix:
    """Count the groups that contain each pair of members; the diagonal counts those of each member.

    `groups` and `members` are parallel arrays with a distinct pair for each membership; members are
    numbers below `size`. The result is symmetric, with shape (size, size).
    """
    order = np.argsort(groups, kind="stable")
    groups, members = groups[order], members[order].astype(np.int64)
    starts = np.flatnonzero(np.concatenate((groups[:1] == groups[:1], groups[1:] != groups[:-1])))
    many = np.diff(starts, append=len(groups))
    ends = np.repeat(starts + many, many)
    counts = np.zeros(size * size, np.int64)
    codes = [members * (size + 1)]
    waiting = len(members)
    # Pair each member with the next in its group, then with the one after that, and so on.
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
    alone: Matrix = np.diag(np.diagonal(table))
    return table + table.T - alone


def flags_at(size: int, places: ArrayLike) -> NDArray[np.bool_]:
    """Return an array of `size` flags that are set at some places."""
    flags = np.zeros(size, np.bool_)
    flags[np.asarray(places, np.intp)] = True
    return flags


def of_types(
    entities: EntityReader, kept: NDArray[np.bool_], types: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return `kept`, flags by entity id, restricted to some types; without types, all of it."""
    if not types:
        return kept
    numbers = np.flatnonzero(kept)
    codes = [ENTITY_TYPES.index(kind) for kind in types]
    return flags_at(len(kept), numbers[np.isin(entities.types(numbers), codes)])


def highest(keys: Sequence[NDArray[Any]], limit: int) -> NDArray[np.intp]:
    """Return at most `limit` indices at which the first key is positive, by descending keys.

    `keys` are parallel arrays, the most significant first. Ties are in ascending order.
    """
    found = np.flatnonzero(keys[0] > 0)
    order = np.lexsort((found, *(-key[found] for key in reversed(keys))))
    return found[order][:limit]
