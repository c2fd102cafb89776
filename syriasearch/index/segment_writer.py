"""Segment writer: stores postings and merges segments. The write side of `postings`.

Each batch of articles is written as a segment, in the transaction of the batch. As soon as one size
class has FAN segments (a class is FAN times the size of the one below), they are merged into one,
so that an article is rewritten only a few times as the archive grows, and the cost of an update
depends on the articles that change and not on the archive. A segment more than half of whose
articles were deleted is rewritten.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .document import IndexedDocument
from .postings import (
    ENTITY,
    MAX_FREQUENCY,
    SEGMENT_BITS,
    TITLE,
    TITLE_ENTITY,
    WORD,
    Chunk,
    Ids,
    Segment,
    decode,
    encode,
    key_of,
    read_segments,
)

FAN = 8
CHUNK = 6000
"""Approximate number of postings in a row; a term with more has a row of its own."""
REBUILT = 1000
"""Number of articles in a segment when the postings of many articles are rewritten."""
WINDOW = 4_000_000
"""Approximate number of postings that are merged at a time."""


class SegmentWriter:
    """Maintenance of the postings of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pending: dict[int, IndexedDocument] = {}
        self._removed: set[int] = set()

    def add(self, entry: IndexedDocument) -> None:
        """Record an article that was added, or replaced (`remove` it first)."""
        self._pending[entry.article] = entry

    def remove(self, article: int) -> None:
        """Record that an article is removed or about to be replaced."""
        if self._pending.pop(article, None) is None:
            self._removed.add(article)

    def clear(self) -> None:
        """Discard all changes that were recorded and not written."""
        self._pending.clear()
        self._removed.clear()

    def flush(self, word_ids: Callable[[Iterable[str]], dict[str, int]]) -> None:
        """Write the recorded articles as a new segment, and merge the segments that are due.

        `word_ids` returns the ids of words that the archive has. Raises DamagedPostingsError.
        """
        if self._removed:
            self._delete(self._removed)
        if self._pending:
            entries = [self._pending[article] for article in sorted(self._pending)]
            ids = word_ids(set().union(*(entry.words for entry in entries)))
            self._write(_Columns.of(entries), [postings_of(entries, ids)])
            self._merge_due()
        self.clear()

    def _delete(self, articles: set[int]) -> None:
        gone = np.array(sorted(articles), np.int32)
        for segment in read_segments(self._connection):
            here = np.intersect1d(segment.articles, gone)
            deleted = np.union1d(segment.deleted, here)
            if len(deleted) > len(segment.deleted):
                self._connection.execute(
                    "UPDATE segments SET deleted = ? WHERE id = ?",
                    (deleted.astype("<i4").tobytes(), segment.id),
                )

    def _merge_due(self) -> None:
        while due := self._due():
            self._merge(list(read_segments(self._connection, due)))

    def _due(self) -> list[int]:
        """Return the ids of the segments to merge next, none if none are due; reads sizes only."""
        classes: dict[int, list[int]] = defaultdict(list)
        for number, articles, deleted in self._connection.execute(
            "SELECT id, length(articles) / 4, length(deleted) / 4 FROM segments ORDER BY id"
        ):
            if deleted * 2 > articles:
                return [number]
            classes[_size_class(articles)].append(number)
        return next((each for each in classes.values() if len(each) >= FAN), [])

    def settle(self) -> None:
        """Merge at the end of a run, until each segment is twice as large as all smaller ones."""
        while True:
            segments = sorted(read_segments(self._connection), key=lambda each: -len(each.articles))
            behind = 0
            for at in range(len(segments) - 1, -1, -1):
                if behind and len(segments[at].articles) < 2 * behind:
                    self._merge(segments[at:])
                    break
                behind += len(segments[at].articles)
            else:
                return

    def optimize(self) -> None:
        """Merge all segments into one."""
        segments = list(read_segments(self._connection))
        if len(segments) > 1 or any(each.deleted.size for each in segments):
            self._merge(segments)

    def take(self, parts: Sequence[tuple[sqlite3.Connection, Ids]]) -> None:
        """Copy the postings of some articles from other archives, as one segment.

        `parts` are connections to the archives, each with the ids of the articles to copy. Words
        and entities must have the same ids in all. Raises DamagedPostingsError.
        """
        there = [
            (SegmentWriter(source), segment, articles)
            for source, articles in parts
            for segment in read_segments(source)
        ]
        if not there:
            return
        columns = _Columns.merged([_only(segment, articles) for _, segment, articles in there])
        if len(columns.articles):
            self._write(columns, self._taken(there))

    def _taken(self, there: Sequence[tuple[SegmentWriter, Segment, Ids]]) -> Iterator[Triples]:
        """Yield the postings of some articles of several segments, one window of keys at a time."""
        for first, behind in pairwise(
            _windows(row for writer, segment, _ in there for row in writer._sizes(segment))
        ):
            parts = []
            for writer, segment, articles in there:
                keys, ids, counts = writer._triples(segment, first, behind)
                kept = np.isin(ids, articles)
                parts.append((keys[kept], ids[kept], counts[kept]))
            keys, ids, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
            yield _sorted(keys, ids, counts)

    def drop_all(self) -> None:
        """Delete all segments and postings, before they are rebuilt."""
        self._connection.execute("DELETE FROM postings")
        self._connection.execute("DELETE FROM segments")

    def _merge(self, segments: Sequence[Segment]) -> None:
        self._write(_Columns.merged(segments), self._merged(segments))
        for segment in segments:
            base = segment.id << SEGMENT_BITS
            self._connection.execute(
                "DELETE FROM postings WHERE id >= ? AND id < ?", (base, base + (1 << SEGMENT_BITS))
            )
            self._connection.execute("DELETE FROM segments WHERE id = ?", (segment.id,))

    def _merged(self, segments: Sequence[Segment]) -> Iterator[Triples]:
        """Yield the postings of several segments, one window of keys at a time."""
        bounds = _windows(row for segment in segments for row in self._sizes(segment))
        for first, behind in pairwise(bounds):
            parts = [self._triples(segment, first, behind) for segment in segments]
            for segment in segments:
                # The rows written next can reuse the space of those deleted here.
                base = segment.id << SEGMENT_BITS
                self._connection.execute(
                    "DELETE FROM postings WHERE id >= ? AND id <"
                    " (SELECT max(id) FROM postings WHERE id BETWEEN ? AND ?)",
                    (base, base, base + behind),
                )
            keys, articles, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
            yield _sorted(keys, articles, counts)

    def _sizes(self, segment: Segment) -> list[tuple[int, int]]:
        """Return the first key and the approximate number of postings of each row of a segment."""
        base = segment.id << SEGMENT_BITS
        return self._connection.execute(
            "SELECT id - ?, length(data) / 5 FROM postings WHERE id >= ? AND id < ?",
            (base, base, base + (1 << SEGMENT_BITS)),
        ).fetchall()

    def _triples(self, segment: Segment, first: int, behind: int) -> Triples:
        """Return a segment's postings of articles not deleted, for keys in [first, behind)."""
        base = segment.id << SEGMENT_BITS
        parts = []
        for row in self._connection.execute(
            "SELECT terms, data FROM postings WHERE id < ? AND id >= ifnull("
            "(SELECT max(id) FROM postings WHERE id BETWEEN ? AND ?), ?)",
            (base + behind, base, base + first, base),
        ):
            chunk = decode(*row)
            sizes = np.diff(chunk.ends, prepend=np.uint32(0))
            keys = np.repeat(chunk.keys, sizes)
            kept = (keys >= first) & (keys < behind)
            if segment.deleted.size:
                kept &= ~np.isin(chunk.articles, segment.deleted)
            parts.append((keys[kept], chunk.articles[kept], chunk.counts[kept]))
        if not parts:
            return _EMPTY
        keys, articles, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
        return keys, articles, counts

    def _write(self, columns: _Columns, windows: Iterable[Triples]) -> None:
        cursor = self._connection.execute(
            "INSERT INTO segments (articles, lengths, days, paragraphs, deleted)"
            " VALUES (?, ?, ?, ?, x'')",
            columns.blobs(),
        )
        assert cursor.lastrowid is not None
        base = cursor.lastrowid << SEGMENT_BITS
        for keys, articles, counts in windows:
            self._connection.executemany(
                "INSERT INTO postings (id, terms, data) VALUES (?, ?, ?)",
                (
                    (base | int(chunk.keys[0]), len(chunk.keys), encode(chunk))
                    for chunk in _chunks(keys, articles, counts)
                ),
            )


class _Columns(NamedTuple):
    """The columns of a row of `segments`: parallel arrays, in order of article ids."""

    articles: Ids
    lengths: Ids
    days: Ids
    paragraphs: NDArray[np.int64]

    @classmethod
    def of(cls, entries: Sequence[IndexedDocument]) -> _Columns:
        return cls(
            np.array([each.article for each in entries], np.int32),
            np.array([each.length for each in entries], np.int32),
            np.array([each.day for each in entries], np.int32),
            np.array([each.paragraph for each in entries], np.int64),
        )

    @classmethod
    def merged(cls, segments: Sequence[Segment]) -> _Columns:
        articles, lengths, days, paragraphs, deleted = zip(
            *(
                (each.articles, each.lengths, each.days, each.paragraphs, _deleted(each))
                for each in segments
            ),
            strict=True,
        )
        ids = np.concatenate(articles)
        kept = np.flatnonzero(~np.concatenate(deleted))
        order = kept[np.argsort(ids[kept], kind="stable")]
        return cls(
            ids[order],
            np.concatenate(lengths)[order],
            np.concatenate(days)[order],
            np.concatenate(paragraphs)[order],
        )

    def blobs(self) -> tuple[bytes, ...]:
        small = (self.articles, self.lengths, self.days)
        return (
            *(column.astype("<i4").tobytes() for column in small),
            self.paragraphs.astype("<i8").tobytes(),
        )


def _only(segment: Segment, articles: Ids) -> Segment:
    """Return a segment in which all but some of its articles are marked as deleted."""
    gone = segment.articles[~np.isin(segment.articles, articles)]
    return segment._replace(deleted=np.union1d(segment.deleted, gone))


def _windows(rows: Iterable[tuple[int, int]]) -> list[int]:
    """Return bounds of ranges of keys that have at most about WINDOW postings each.

    `rows` are the first key and the number of postings of each row of postings.
    """
    bounds, size = [0], 0
    for key, postings in sorted(rows):
        if size + postings > WINDOW and key > bounds[-1]:
            bounds.append(key)
            size = 0
        size += postings
    return [*bounds, 1 << SEGMENT_BITS]


def _deleted(segment: Segment) -> NDArray[np.bool_]:
    return np.isin(segment.articles, segment.deleted)


Triples = tuple[NDArray[np.uint32], Ids, NDArray[np.uint8]]
"""Keys, article ids and frequencies: parallel arrays, ordered by key and then by article id."""

_EMPTY: Triples = (np.zeros(0, np.uint32), np.zeros(0, np.int32), np.zeros(0, np.uint8))


def _sorted(keys: NDArray[np.uint32], articles: Ids, counts: NDArray[np.uint8]) -> Triples:
    both = keys.astype(np.uint64) << np.uint64(32) | articles.astype(np.uint64)
    order = np.argsort(both, kind="stable")
    return keys[order], articles[order], counts[order]


def postings_of(entries: Sequence[IndexedDocument], ids: Mapping[str, int]) -> Triples:
    """Return the postings of articles, in order of keys; frequencies are capped at MAX_FREQUENCY.

    `ids` are the ids of all their words.
    """
    keys: list[int] = []
    counts: list[int] = []
    sizes: list[int] = []
    bases = [key_of(kind, 0) for kind in (WORD, TITLE, ENTITY, TITLE_ENTITY)]
    for entry in entries:
        before = len(keys)
        titles, names = dict.fromkeys(entry.title, 1), dict.fromkeys(entry.title_entities, 1)
        # The kind of words is 0, so their keys are their ids.
        keys += map(ids.__getitem__, entry.words)
        counts += entry.words.values()
        keys += [ids[word] | bases[1] for word in titles]
        counts += titles.values()
        for base, numbers in zip(bases[2:], (entry.entities, names), strict=True):
            keys += [number | base for number in numbers]
            counts += numbers.values()
        sizes.append(len(keys) - before)
    articles = np.repeat(np.array([entry.article for entry in entries], np.int32), sizes)
    frequencies = np.minimum(np.array(counts, np.int64), MAX_FREQUENCY).astype(np.uint8)
    return _sorted(np.array(keys, np.uint32), articles, frequencies)


def _chunks(keys: NDArray[np.uint32], articles: Ids, counts: NDArray[np.uint8]) -> Iterator[Chunk]:
    """Divide sorted postings into rows, without splitting those of a key."""
    if not keys.size:
        return
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(starts[1:], len(keys))
    at = 0
    while at < len(starts):
        first = int(starts[at])
        # As many keys as fit, but at least one.
        behind = max(at + 1, int(np.searchsorted(ends, first + CHUNK, side="right")))
        last = int(ends[behind - 1])
        yield Chunk(
            keys[starts[at:behind]],
            (ends[at:behind] - first).astype(np.uint32),
            articles[first:last],
            counts[first:last],
        )
        at = behind


def _size_class(articles: int) -> int:
    size, number = articles // 64, 0
    while size >= FAN:
        size //= FAN
        number += 1
    return number
