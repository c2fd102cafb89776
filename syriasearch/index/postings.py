"""Postings as numpy arrays, and their storage in the archive.

The **postings** of a term are the ids of the articles that contain it and its frequency in each
(occurrences in titles, in headings and at the beginning of the text are weighted: see `WEIGHTS`).
Terms are words of the index, words of titles, and entities; each is a *key*, made of its kind and
its id.

Postings are stored in **segments**: each batch is written as a segment of its own, and segments are
merged as they grow (see `segment_writer`). A row of `segments` lists the articles of the segment
with their length in weighted words, day of publication and first paragraph, and those that were
removed or replaced since. Its postings are in rows of `postings` of about 12 KiB, in order of their
keys: `id` is `segment << 32 | first key`, so that a single look-up by rowid finds a term. How a row
is packed is described in `posting_rows`.

Scores are computed from frequencies and lengths when a query is answered, so nothing in a segment
depends on later additions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..text.patterns import regex
from .posting_rows import DAMAGED, MAX_ARTICLE, DamagedPostingsError, decode_chunk
from .posting_rows import Ids as Ids

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

WORD, TITLE, ENTITY, TITLE_ENTITY = range(4)
KIND_BITS = 30
SEGMENT_BITS = 32
MAX_FREQUENCY = 255

WEIGHTS = {"title": 4, "heading": 2}
"""Weight of an occurrence in a paragraph of each kind; 1 in other kinds. A title that only repeats
the beginning of the text, such as one that was made from it, has no weight."""
LEAD = 30
"""Number of words at the beginning of the text, without its title, that count once more."""


class Postings:
    """The articles that contain a term, and its frequency in each.

    They are kept as two arrays of one length, `articles` and `counts`, or as one array of all
    articles (`dense`), which costs a tenth as much to add to scores if there are many: each form is
    made from the other when it is first needed.
    """

    def __init__(
        self, articles: Ids | None, counts: Floats | None, dense: Floats | None = None
    ) -> None:
        self._articles = articles
        self._counts = counts
        self._dense = dense

    @property
    def articles(self) -> Ids:
        """The ids of the articles, ascending and distinct."""
        if self._articles is None:
            self._articles = np.flatnonzero(self._dense).astype(np.int32)  # type: ignore[arg-type]
        return self._articles

    @property
    def counts(self) -> Floats:
        """The frequencies, parallel to `articles`; 0 for articles that have only a property."""
        if self._counts is None:
            self._counts = self._dense.take(self.articles)  # type: ignore[union-attr]
        return self._counts

    @cached_property
    def values(self) -> Floats:
        """The frequencies, possibly with zeros of articles that do not contain the term."""
        return self.counts if self._dense is None else self._dense

    @cached_property
    def size(self) -> int:
        """The number of articles."""
        if self._articles is None:
            return int(np.count_nonzero(self._dense))  # type: ignore[arg-type]
        return len(self._articles)

    @cached_property
    def total(self) -> float:
        """The sum of the frequencies."""
        return float(self.values.sum(dtype=np.float64))

    def number_below(self, count: float) -> int:
        """Return the number of articles with a frequency above 0 that is lower than this."""
        if self._lowest >= count:
            return 0
        return int(np.count_nonzero((self.values > 0) & (self.values < count)))

    @cached_property
    def _lowest(self) -> float:
        """The lowest frequency above 0."""
        values = self.values
        # A condition of `min` itself takes five times as long.
        return float(np.where(values > 0, values, np.inf).min(initial=np.inf))

    @cached_property
    def is_scored(self) -> bool:
        """Whether every frequency is above 0."""
        return self._counts is None or bool(self._counts.all())

    def has(self, article: int) -> bool:
        """Return whether an article is among them."""
        if self._articles is None:
            return bool(self.values[article])
        index = int(self._articles.searchsorted(article))
        return index < len(self._articles) and int(self._articles[index]) == article

    def dense(self, size: int) -> Floats:
        """Return the frequencies by article id, 0 for none; `size` is that of all such arrays."""
        dense = self._dense
        if dense is None or len(dense) != size:  # NONE belongs to all archives
            dense = np.zeros(size, np.float32)
            dense[self.articles] = self.counts
            self._dense = dense
        return dense


_ISO_DATE = regex(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
NONE = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))


def day_number(day: str | None) -> int:
    """Return an ISO date as an integer YYYYMMDD; 0 for None or any other text."""
    return int(day.replace("-", "")) if day and _ISO_DATE.fullmatch(day) else 0


def are_days(days: Ids) -> bool:
    """Return whether all numbers are days, YYYYMMDD, or 0."""
    months, day = np.divmod(days, 100)
    year, month = np.divmod(months, 100)
    is_day = (year > 0) & (year < 10_000) & (month > 0) & (month < 13) & (day > 0) & (day < 32)
    return bool((is_day | (days == 0)).all())


def key_of(kind: int, number: int) -> int:
    """Return the key of a word or an entity by its kind (WORD, TITLE, …) and id."""
    return kind << KIND_BITS | number


Triples = tuple[NDArray[np.uint32], Ids, NDArray[np.uint8]]
"""Keys, article ids and frequencies: parallel arrays, ordered by key and then by article id."""

_COLUMN_TYPES = ("<i4", "<i4", "<i4", "<i8", "<i4")


class Segment(NamedTuple):
    """A row of `segments`; arrays are parallel, in order of article ids, except for `deleted`."""

    id: int
    articles: Ids
    lengths: Ids
    days: Ids
    """Days of publication, YYYYMMDD; 0 if unknown."""
    paragraphs: NDArray[np.int64]
    """Ids of the articles' first paragraphs."""
    deleted: Ids
    """Ids of the articles that were removed or replaced since, ascending."""

    def encode(self) -> list[bytes]:
        """Encode the arrays, as the columns of the row have them."""
        columns = (self.articles, self.lengths, self.days, self.paragraphs, self.deleted)
        return [
            np.asarray(column, dtype).tobytes()
            for column, dtype in zip(columns, _COLUMN_TYPES, strict=True)
        ]


def read_segments(
    connection: sqlite3.Connection, only: Sequence[int] | None = None
) -> Iterator[Segment]:
    """Yield the segments of an archive, or those with the ids in `only`, in order of their ids.

    Raises DamagedPostingsError.
    """
    condition = "" if only is None else f" WHERE id IN ({', '.join(map(str, only))})"
    for number, *blobs in connection.execute(
        "SELECT id, articles, lengths, days, paragraphs, deleted"
        f" FROM segments{condition} ORDER BY id"
    ):
        try:
            articles, lengths, days, paragraphs, deleted = (
                np.frombuffer(blob, dtype) for blob, dtype in zip(blobs, _COLUMN_TYPES, strict=True)
            )
        except (TypeError, ValueError) as error:
            raise DamagedPostingsError(DAMAGED) from error
        parallel = len(articles) == len(lengths) == len(days) == len(paragraphs)
        ids = np.concatenate((articles, deleted))
        are_ids = not len(ids) or 0 < ids.min() <= ids.max() < MAX_ARTICLE
        is_right = parallel and are_ids and are_days(days) and lengths.min(initial=0) >= 0
        if not (is_right and 0 < number < 1 << 63 - SEGMENT_BITS):
            raise DamagedPostingsError(DAMAGED)
        yield Segment(number, articles, lengths, days, paragraphs, deleted)


def read_triples(
    connection: sqlite3.Connection, segment: Segment, first: int, end: int
) -> Iterator[Triples]:
    """Yield a segment's postings for the keys from `first` to before `end`, row by row.

    Those of deleted articles are among them. Raises DamagedPostingsError.
    """
    base = segment.id << SEGMENT_BITS
    for row in connection.execute(
        "SELECT terms, data FROM postings WHERE id < ? AND id >= ifnull("
        "(SELECT max(id) FROM postings WHERE id BETWEEN ? AND ?), ?)",
        (base + end, base, base + first, base),
    ):
        chunk = decode_chunk(*row)
        start, stop = np.searchsorted(chunk.keys, (first, end))
        before = int(chunk.ends[start - 1]) if start else 0
        ends = chunk.ends[start:stop].astype(np.int64)
        keys = np.repeat(chunk.keys[start:stop], np.diff(ends, prepend=before))
        found = slice(before, before + len(keys))
        yield keys, chunk.articles[found], chunk.counts[found]


def merged(parts: Sequence[Postings], size: int) -> Postings:
    """Return the union of postings, with the sum of their frequencies.

    `size` is the length of an array by article id, here and below.
    """
    parts = [part for part in parts if part.size]
    if len(parts) < 2 or not are_many(sum(part.size for part in parts), size):
        return _joined(parts, size, np.add)
    sums = np.zeros(size, np.float32)
    for part in parts:
        sums[part.articles] += part.counts
    return Postings(None, None, sums)


def strongest(parts: Sequence[Postings], size: int) -> Postings:
    """Return the union of postings, with the maximum of their frequencies."""
    return _joined(parts, size, np.maximum)


def summed(articles: Ids, counts: Floats, size: int) -> Postings:
    """Return the postings of unsorted articles; those of repeated articles are added up."""
    if are_many(articles.size, size):
        return Postings(None, None, np.bincount(articles, counts, size).astype(np.float32))
    return _reduced(articles, counts, np.add)


def are_many(articles: int, size: int) -> bool:
    """Return whether an array over all article ids costs less than sorting this many."""
    return articles > size // 8


def distinct(articles: Ids) -> Ids:
    """Return distinct article ids, ascending. (`numpy.unique` would load another library first.)"""
    articles = np.sort(articles)
    found: Ids = articles[np.concatenate((articles[:1] >= 0, articles[1:] != articles[:-1]))]
    return found


def _joined(parts: Sequence[Postings], size: int, join: np.ufunc) -> Postings:
    parts = [part for part in parts if part.size]
    if len(parts) < 2:
        return parts[0] if parts else NONE
    if not are_many(sum(part.size for part in parts), size):
        articles = np.concatenate([part.articles for part in parts])
        return _reduced(articles, np.concatenate([part.counts for part in parts]), join)
    if all(part.is_scored for part in parts):
        first, *others = (part.dense(size) for part in parts)
        return Postings(None, None, reduce(join, others, first))
    counts = np.zeros(size, np.float32)
    flags = np.zeros(size, np.bool_)
    for part in parts:
        counts[part.articles] = join(counts[part.articles], part.counts)
        flags[part.articles] = True
    found = np.flatnonzero(flags).astype(np.int32)
    return Postings(found, counts[found])


def _reduced(articles: Ids, counts: Floats, join: np.ufunc) -> Postings:
    if not articles.size:
        return NONE
    order = np.argsort(articles, kind="stable")
    articles, counts = articles[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], articles[1:] != articles[:-1])))
    return Postings(articles[starts], join.reduceat(counts, starts))
