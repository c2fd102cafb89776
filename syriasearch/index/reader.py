"""Index reader: postings, lengths, days and columns of an archive's articles, as arrays.

The arrays are those of one snapshot of an archive; they are read when first needed and cached with
the connection until the archive changes. Arrays by article are indexed by article id. Postings that
do not match the articles of the archive, as another program may have left them, count as damaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..store.entities import EntityReader, open_entity_reader
from ..store.sql import cached_per_version
from ..store.values import RowCheck, check_ids
from .posting_rows import DAMAGED, Chunk, DamagedPostingsError, Ids, Row, find_postings, open_row
from .postings import (
    ENTITY,
    NONE,
    SEGMENT_BITS,
    Flags,
    Postings,
    Segment,
    are_many,
    day_number,
    distinct,
    key_of,
    merged,
    read_segments,
    read_triples,
)
from .vocabulary import Vocabulary, open_vocabulary

KEPT = 2_000_000
"""Size of the cache of postings, in pairs of an article and a frequency: 16 MB. The postings of all
entities are kept if they are not more: 18 MB."""


Named = tuple[Ids, Ids, NDArray[np.uint8]]
"""Entity ids, ids of articles that name them, and frequencies, in parallel."""


class Column(NamedTuple):
    """A property of articles, with its values as codes."""

    values: tuple[str, ...]
    """The distinct values."""
    codes: Ids
    """By article id: the index of the article's value in `values`, -1 for none."""


def open_index(connection: sqlite3.Connection) -> IndexReader:
    """Return the index of an archive's current snapshot; call it inside a transaction.

    Raises DamagedPostingsError.
    """
    return cached_per_version(connection, "index", _read)


def _read(connection: sqlite3.Connection) -> IndexReader:
    index = IndexReader(connection, read_segments(connection))
    # To add up all ids, as `has_all_articles` does, takes longer than to answer a query.
    row = connection.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT ifnull(max(id), 0) FROM articles)"
    ).fetchone()
    if row != (index.total, index.last) or index.has_repeated:
        raise DamagedPostingsError(DAMAGED)
    return index


def has_all_articles(connection: sqlite3.Connection, index: IndexReader) -> bool:
    """Return whether an index matches the table `articles`: the same number, and sum of ids."""
    row = connection.execute("SELECT count(*), ifnull(sum(id), 0) FROM articles").fetchone()
    return bool(row == (index.total, int(index.articles.sum(dtype=np.int64))))


class IndexReader:
    """The index of one archive in one snapshot."""

    def __init__(self, connection: sqlite3.Connection, segments: Iterable[Segment]) -> None:
        self._connection = connection
        self._segments = tuple(segments)
        self.size = 1 + max(
            (int(each.articles[-1]) for each in self._segments if each.articles.size), default=0
        )
        """Length of all arrays by article id: the highest id, plus 1. No article has the id 0."""
        check_ids(connection, "articles", self.size - 1)
        self.lengths = np.zeros(self.size, np.float32)
        self.days = np.zeros(self.size, np.int32)
        self.live = np.zeros(self.size, np.bool_)
        self.paragraphs = np.zeros(self.size, np.int64)
        self._dead: dict[int, Flags] = {}
        self._columns: dict[str, Column] = {}
        self._kept: dict[Hashable, Postings] = {}
        self._kept_size = 0
        self._named: list[Named] | None = None
        self._ahead: dict[int, Postings] = {}
        self.described: dict[int, Any] = {}
        """What a search has read of articles for its hits, by their ids."""
        number = 0
        for segment in self._segments:
            if segment.deleted.size:
                dead = np.zeros(self.size, np.bool_)
                dead[segment.deleted[segment.deleted < self.size]] = True
                self._dead[segment.id] = dead
            live = self._alive(segment, segment.articles)
            articles = _as_slice(segment.articles[live])
            number += segment.articles[live].size
            self.live[articles] = True
            self.lengths[articles] = segment.lengths[live]
            self.days[articles] = segment.days[live]
            self.paragraphs[articles] = segment.paragraphs[live]
        self.total = int(np.count_nonzero(self.live))
        """Number of articles."""
        self.has_repeated = number != self.total
        """Whether an article is in several segments, which is damage."""

    @property
    def last(self) -> int:
        """The highest id of an article; 0 if there are none."""
        return int(self.articles[-1]) if self.total else 0

    @cached_property
    def entities(self) -> EntityReader:
        """The entities of the same snapshot."""
        return open_entity_reader(self._connection)

    @cached_property
    def words(self) -> Vocabulary:
        """The vocabulary of the same snapshot."""
        return open_vocabulary(self._connection)

    def has(self, article: int) -> bool:
        """Return whether an article with this id exists."""
        return 0 < article < self.size and bool(self.live[article])

    @cached_property
    def articles(self) -> Ids:
        """The ids of all articles, ascending."""
        return np.flatnonzero(self.live).astype(np.int32)

    @cached_property
    def length(self) -> float:
        """Total length of all articles in weighted words; exact, so that shards can be added up."""
        return float(self.lengths[self.live].sum(dtype=np.float64))

    @cached_property
    def last_day(self) -> int:
        """The latest day of publication, YYYYMMDD; 0 if none is known."""
        return int(self.days.max(initial=0))

    @cached_property
    def _by_paragraph(self) -> tuple[NDArray[np.int64], Ids]:
        order, firsts = self.articles, self.paragraphs.take(self.articles)
        if np.any(firsts[1:] < firsts[:-1]):
            order = order[np.argsort(firsts, kind="stable")]
            firsts = self.paragraphs[order]
        return firsts, order

    def articles_of(self, paragraphs: NDArray[np.int64]) -> tuple[Ids, NDArray[np.int64]]:
        """Return the article of each paragraph id, and the paragraph's position in it."""
        firsts, articles = self._by_paragraph
        index = np.searchsorted(firsts, paragraphs, side="right") - 1
        return articles[index], paragraphs - firsts[index]

    def paragraphs_of(self, article: int) -> tuple[int, int]:
        """Return a range of ids that has all paragraphs of an article and no others, inclusive."""
        firsts, _ = self._by_paragraph
        first = int(self.paragraphs[article])
        index = int(np.searchsorted(firsts, first, side="right"))
        return first, int(firsts[index]) - 1 if index < len(firsts) else 2**62

    def paragraph_ranges(self, articles: Sequence[int]) -> list[tuple[int, int]]:
        """Return the range of `paragraphs_of` for each of several articles."""
        firsts, _ = self._by_paragraph
        begin = self.paragraphs.take(articles)
        ends = (
            int(firsts[after]) - 1 if after < len(firsts) else 2**62
            for after in firsts.searchsorted(begin, side="right").tolist()
        )
        return list(zip(begin.tolist(), ends, strict=True))

    @cached_property
    def originals(self) -> Ids:
        """By article id: the id of the article's original, its own if it is no copy."""
        originals = np.arange(self.size, dtype=np.int32)
        for copy, original in self._connection.execute(
            "SELECT id, duplicate_of FROM articles WHERE duplicate_of IS NOT NULL"
        ):
            if 0 < copy < self.size and 0 < original < self.size:
                originals[copy] = original
        return originals

    @cached_property
    def groups(self) -> Ids | None:
        """By article id: the number of a group of copies and their original, from 1; 0 for none.

        None if no article is a copy.
        """
        copies = np.flatnonzero(self.originals != np.arange(self.size))
        if not copies.size:
            return None
        originals = distinct(self.originals[copies])
        groups = np.zeros(self.size, np.int32)
        groups[originals] = np.arange(1, len(originals) + 1)
        groups[copies] = groups[self.originals[copies]]
        return groups

    @cached_property
    def grouped(self) -> Flags | None:
        """By article id: whether it is a copy or has copies; None if no article is a copy."""
        return None if self.groups is None else self.groups > 0

    @cached_property
    def grouped_ids(self) -> Ids:
        """The ids of the articles that are copies or have copies, ascending."""
        groups = self.groups
        return np.flatnonzero([] if groups is None else groups).astype(np.int32)

    def column(self, name: str) -> Column:
        """Return a column of `articles` by its name: source, author or lang."""
        if name not in self._columns:
            codes = np.full(self.size, -1, np.int32)
            numbers: dict[str, int] = {}
            rows = self._connection.execute(
                f"SELECT id, {name} FROM articles WHERE {name} IS NOT NULL"
            )
            for article, value in RowCheck("articles", ("id", name)).rows(rows):
                codes[article] = numbers.setdefault(value, len(numbers))
            self._columns[name] = Column(tuple(numbers), codes)
        return self._columns[name]

    def having(self, name: str, values: Iterable[str]) -> Flags:
        """Flag, by article id, the articles with one of the values in a column, in any case."""
        column = self.column(name)
        wanted = {value.casefold() for value in values}
        chosen = [value.casefold() in wanted for value in column.values]
        flags: Flags = np.array([*chosen, False], np.bool_)[column.codes]
        return flags

    def published(self, first: str | None, end: str | None) -> Flags:
        """Flag, by article id, the articles published from ISO date `first` on, before `end`.

        None leaves a side open. Articles without a date are never flagged.
        """
        flags = self.days > 0
        if first is not None:
            flags &= self.days >= day_number(first)
        if end is not None:
            flags &= self.days < day_number(end)
        return flags

    def any_of(self, kind: int, numbers: Sequence[int]) -> Postings:
        """Return the union of the postings of several words or entities, by kind and ids; cached.

        Raises DamagedPostingsError.
        """
        numbers = tuple(numbers)
        return self.cached(
            (kind, numbers),
            lambda: merged([*map(partial(self.get, kind), numbers)], self.size),
        )

    def cached(self, key: Hashable, find: Callable[[], Postings]) -> Postings:
        """Return the cached postings of this key, or else find them and cache them."""
        found = self._kept.pop(key, None)
        if found is None:
            found = find()
            self._kept_size += self._cost(found)
        self._kept[key] = found  # the most recently used is last
        while self._kept_size > KEPT and len(self._kept) > 1:
            self._kept_size -= self._cost(self._kept.pop(next(iter(self._kept))))
        return found

    def _cost(self, postings: Postings) -> int:
        """Return the size of postings in the cache, in pairs, with the array of all articles."""
        return postings.size + (self.size // 2 if are_many(postings.size, self.size) else 0)

    def read_ahead(self, kind: int, classes: Iterable[Sequence[int]]) -> None:
        """Read the postings for several calls of `any_of` together, so that each row is read once.

        Raises DamagedPostingsError.
        """
        missing = {
            tuple(numbers) for numbers in classes if (kind, tuple(numbers)) not in self._kept
        }
        keys = sorted({key_of(kind, number) for numbers in missing for number in numbers})
        parts = zip(*(self._in(keys, segment) for segment in self._segments), strict=True)
        self._ahead = dict(zip(keys, map(_united, parts), strict=False))

    def get(self, kind: int, number: int) -> Postings:
        """Return the postings of a word or an entity by kind and id, in order of article ids.

        Raises DamagedPostingsError.
        """
        key = key_of(kind, number)
        ahead = self._ahead.pop(key, None)
        if ahead is not None:
            return ahead
        return _united([part for each in self._segments for part in self._in((key,), each)])

    def _in(self, keys: Iterable[int], segment: Segment) -> Iterator[Postings]:
        """Yield the postings of each of some keys, ascending, in a segment."""
        base = segment.id << SEGMENT_BITS
        row: Row | Chunk | None = None
        for key in keys:
            if row is None or key > row.keys[-1]:
                columns = self._connection.execute(
                    "SELECT terms, data FROM postings WHERE id BETWEEN ? AND ?"
                    " ORDER BY id DESC LIMIT 1",
                    (base, base | key),
                ).fetchone()
                row = open_row(*columns) if columns else None
            found = find_postings(row, key) if row else None
            if found is None:
                yield NONE
                continue
            articles, counts = found
            live = self._alive(segment, articles)
            yield Postings(articles[live], counts[live].astype(np.float32))

    def _alive(self, segment: Segment, articles: Ids) -> Flags | slice:
        """Flag those of a segment's articles that still exist. Raises DamagedPostingsError."""
        if articles.size and not (0 <= articles.min() <= articles.max() < self.size):
            raise DamagedPostingsError(DAMAGED)
        dead = self._dead.get(segment.id)
        return slice(None) if dead is None else ~dead[articles]

    def named(self) -> Iterator[Named]:
        """Yield the postings of all entities: entity ids, article ids and frequencies, in parallel.

        Entity ids are ascending within each yield; frequencies are at most MAX_FREQUENCY. Raises
        DamagedPostingsError.
        """
        if self._named is not None:
            yield from self._named
            return
        kept: list[Named] = []
        left = KEPT
        for each in self._read_named():
            left -= len(each[0])
            if left < 0:
                kept.clear()
            else:
                kept.append(each)
            yield each
        if left >= 0:
            self._named = kept

    def _read_named(self) -> Iterator[Named]:
        first, end = key_of(ENTITY, 0), key_of(ENTITY + 1, 0)
        for segment in self._segments:
            for keys, articles, counts in read_triples(self._connection, segment, first, end):
                live = self._alive(segment, articles)
                entities = (keys - np.uint32(first)).astype(np.int32)
                yield entities[live], articles[live], counts[live]


def _united(parts: Iterable[Postings]) -> Postings:
    """Return the postings of a key in several segments as one."""
    found = [each for each in parts if each.size]
    if len(found) < 2:
        return found[0] if found else NONE
    articles = np.concatenate([each.articles for each in found])
    counts = np.concatenate([each.counts for each in found])
    if np.any(articles[1:] < articles[:-1]):
        order = np.argsort(articles, kind="stable")
        articles, counts = articles[order], counts[order]
    return Postings(articles, counts)


def _as_slice(articles: Ids) -> Ids | slice:
    """Return ascending ids as indexes: a slice if none is left out, which is faster."""
    if not len(articles) or int(articles[-1]) - int(articles[0]) != len(articles) - 1:
        return articles
    return slice(int(articles[0]), int(articles[-1]) + 1)


def is_indexed(connection: sqlite3.Connection) -> bool:
    """Return whether the stored segments are sound and match the table `articles`."""
    try:
        index = IndexReader(connection, read_segments(connection))
    except DamagedPostingsError:
        return False
    return not index.has_repeated and has_all_articles(connection, index)


def iso_day(number: int) -> str | None:
    """Return a day, YYYYMMDD, as an ISO date; None for 0."""
    return f"{number // 10000:04}-{number // 100 % 100:02}-{number % 100:02}" if number else None
