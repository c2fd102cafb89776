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

import numpy as np
from numpy.typing import NDArray

from ..store.values import DamagedValueError
from .document import IndexedDocument
from .posting_rows import Chunk, Ids, encode_chunk
from .postings import (
    ENTITY,
    MAX_FREQUENCY,
    SEGMENT_BITS,
    TITLE,
    TITLE_ENTITY,
    Segment,
    Triples,
    key_of,
    read_segments,
    read_triples,
)

FAN = 8
CHUNK = 6000
"""Approximate number of postings in a row; a term with more has a row of its own."""
REBUILT = 1000
"""Number of articles in a segment when the postings of many articles are rewritten."""
WINDOW = 500_000
"""Approximate number of postings that are merged at a time; each takes some 70 bytes."""
_NO_ARTICLES = np.zeros(0, np.int32)


class SegmentWriter:
    """Maintenance of the postings of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pending: dict[int, IndexedDocument] = {}
        self._removed: set[int] = set()

    def add(self, document: IndexedDocument) -> None:
        """Record an article that was added, or replaced (`remove` it first)."""
        self._pending[document.article] = document

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
            documents = [self._pending[article] for article in sorted(self._pending)]
            ids = word_ids(set().union(*(document.words for document in documents)))
            self._write(_make_segment(documents), [postings_of(documents, ids)])
            while due := self._due():
                self._merge(list(read_segments(self._connection, due)))
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
            smaller = 0
            for index in range(len(segments) - 1, -1, -1):
                size = len(segments[index].articles)
                if smaller and size < 2 * smaller:
                    self._merge(segments[index:])
                    break
                smaller += size
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
        pieces = [
            (source, _keep_only(segment, articles))
            for source, articles in parts
            for segment in read_segments(source)
        ]
        if pieces:
            merged = _merge_columns([segment for _, segment in pieces])
            if len(merged.articles):
                self._write(merged, _merge_postings(pieces))

    def drop_all(self) -> None:
        """Delete all segments and postings, before they are rebuilt."""
        self._connection.execute("DELETE FROM postings")
        self._connection.execute("DELETE FROM segments")

    def _merge(self, segments: Sequence[Segment]) -> None:
        pieces = [(self._connection, segment) for segment in segments]
        self._write(_merge_columns(segments), _merge_postings(pieces, delete=True))
        for segment in segments:
            base = segment.id << SEGMENT_BITS
            self._connection.execute(
                "DELETE FROM postings WHERE id >= ? AND id < ?", (base, base + (1 << SEGMENT_BITS))
            )
            self._connection.execute("DELETE FROM segments WHERE id = ?", (segment.id,))

    def _write(self, segment: Segment, windows: Iterable[Triples]) -> None:
        cursor = self._connection.execute(
            "INSERT INTO segments (articles, lengths, days, paragraphs, deleted)"
            " VALUES (?, ?, ?, ?, ?)",
            segment.encode(),
        )
        assert cursor.lastrowid is not None
        base = cursor.lastrowid << SEGMENT_BITS
        for triples in windows:
            self._connection.executemany(
                "INSERT INTO postings (id, terms, data) VALUES (?, ?, ?)",
                (
                    (base | int(chunk.keys[0]), len(chunk.keys), encode_chunk(chunk))
                    for chunk in _chunks(*triples)
                ),
            )


def _make_segment(documents: Sequence[IndexedDocument]) -> Segment:
    """Return the segment of some articles, in order of their ids; it has no id yet."""
    return Segment(
        0,
        np.array([each.article for each in documents], np.int32),
        np.array([each.length for each in documents], np.int32),
        np.array([each.day for each in documents], np.int32),
        np.array([each.paragraph for each in documents], np.int64),
        _NO_ARTICLES,
    )


def _merge_columns(segments: Sequence[Segment]) -> Segment:
    """Return a segment with all articles of some segments but the deleted; it has no id yet."""
    kept = [~np.isin(each.articles, each.deleted) for each in segments]
    columns = [
        np.concatenate([column[flags] for column, flags in zip(parts, kept, strict=True)])
        for parts in zip(*(each[1:5] for each in segments), strict=True)
    ]
    order = np.argsort(columns[0], kind="stable")
    return Segment._make([0, *(column[order] for column in columns), _NO_ARTICLES])


def _keep_only(segment: Segment, articles: Ids) -> Segment:
    """Return a segment in which all but some of its articles are marked as deleted."""
    gone = segment.articles[~np.isin(segment.articles, articles)]
    return segment._replace(deleted=np.union1d(segment.deleted, gone))


_Piece = tuple[sqlite3.Connection, Segment]
"""A segment, and the connection to its archive."""


def _merge_postings(pieces: Sequence[_Piece], *, delete: bool = False) -> Iterator[Triples]:
    """Yield the postings of several segments, one window of keys at a time.

    With `delete`, rows are deleted as they are read: those written next can reuse their space.
    """
    for first, end in pairwise(_windows(pieces)):
        parts = [triples for piece in pieces for triples in _live_triples(*piece, first, end)]
        for connection, segment in pieces if delete else ():
            base = segment.id << SEGMENT_BITS
            connection.execute(
                "DELETE FROM postings WHERE id >= ? AND id <"
                " (SELECT max(id) FROM postings WHERE id BETWEEN ? AND ?)",
                (base, base, base + end),
            )
        if parts:
            yield _sorted(*map(np.concatenate, zip(*parts, strict=True)))


def _live_triples(
    connection: sqlite3.Connection, segment: Segment, first: int, end: int
) -> Iterator[Triples]:
    """Yield a segment's postings of articles that are not deleted (see `read_triples`)."""
    for triples in read_triples(connection, segment, first, end):
        if segment.deleted.size:
            kept = ~np.isin(triples[1], segment.deleted)
            triples = triples[0][kept], triples[1][kept], triples[2][kept]
        yield triples


def _windows(pieces: Sequence[_Piece]) -> list[int]:
    """Return bounds of ranges of keys that have at most about WINDOW postings each."""
    rows: list[tuple[int, int]] = []
    for connection, segment in pieces:
        base = segment.id << SEGMENT_BITS
        rows += connection.execute(
            "SELECT id - ?, length(data) / 2 FROM postings WHERE id >= ? AND id < ?",
            (base, base, base + (1 << SEGMENT_BITS)),
        )
    bounds, size = [0], 0
    for key, postings in sorted(rows):
        if size + postings > WINDOW and key > bounds[-1]:
            bounds.append(key)
            size = 0
        size += postings
    return [*bounds, 1 << SEGMENT_BITS]


def _sorted(keys: NDArray[np.uint32], articles: Ids, counts: NDArray[np.uint8]) -> Triples:
    both = keys.astype(np.uint64) << np.uint64(32) | articles.astype(np.uint64)
    order = np.argsort(both, kind="stable")
    return keys[order], articles[order], counts[order]


def postings_of(documents: Sequence[IndexedDocument], ids: Mapping[str, int]) -> Triples:
    """Return the postings of articles, in order of keys; frequencies are capped at MAX_FREQUENCY.

    `ids` are the ids of all their words.
    """
    keys: list[int] = []
    counts: list[int] = []
    sizes: list[int] = []
    title, entity, title_entity = (key_of(kind, 0) for kind in (TITLE, ENTITY, TITLE_ENTITY))
    for document in documents:
        before = len(keys)
        # The kind of words is 0, so their keys are their ids.
        try:
            keys += map(ids.__getitem__, document.words)
            keys += [ids[word] | title for word in document.title]
        except KeyError as error:
            raise DamagedValueError("articles have words that the vocabulary lacks") from error
        keys += [number | entity for number in document.entities]
        keys += [number | title_entity for number in document.title_entities]
        counts += document.words.values()
        counts += [1] * len(document.title)
        counts += document.entities.values()
        counts += [1] * len(document.title_entities)
        sizes.append(len(keys) - before)
    articles = np.repeat(np.array([each.article for each in documents], np.int32), sizes)
    frequencies = np.minimum(np.array(counts, np.int64), MAX_FREQUENCY).astype(np.uint8)
    return _sorted(np.array(keys, np.uint32), articles, frequencies)


def _chunks(keys: NDArray[np.uint32], articles: Ids, counts: NDArray[np.uint8]) -> Iterator[Chunk]:
    """Divide sorted postings into rows, without splitting those of a key."""
    if not keys.size:
        return
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(starts[1:], len(keys))
    index = 0
    while index < len(starts):
        first = int(starts[index])
        # As many keys as fit, but at least one.
        stop = max(index + 1, int(np.searchsorted(ends, first + CHUNK, side="right")))
        last = int(ends[stop - 1])
        yield Chunk(
            keys[starts[index:stop]],
            (ends[index:stop] - first).astype(np.uint32),
            articles[first:last],
            counts[first:last],
        )
        index = stop


def _size_class(articles: int) -> int:
    size, number = articles // 64, 0
    while size >= FAN:
        size //= FAN
        number += 1
    return number
