"""Which articles have a term, and how often? Arrays that are kept in the archive.

The **postings** of a term are the ids of the articles that have it and how often each does (its
frequency, titles and headings and the beginning of the text weighted: see `WEIGHTS`). Terms are
words of the index, words of titles, and entities; each is a *key*: its kind and its id.

Postings are kept in **segments**: what was added since the last merge is a segment of its own, and
segments merge as they grow (`segments`). A row of `segments` tells which articles it holds, with
their length in weighted words, day of publication and first paragraph, and which of them were
removed or replaced since. Its postings stand in rows of `postings` of some 32 KiB, in order of
their keys: `id` is `segment << 32 | first key`, so that one look-up by rowid finds a term. All
numbers are little-endian: of n keys in a row come n keys (uint32) and n ends (uint32), and then the
articles (int32) and the frequencies (uint8) of all, one key after the other.

Scores are computed from frequencies and lengths when a query is answered, so nothing in a segment
depends on what is added later.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

WORD, TITLE, ENTITY, TITLE_ENTITY = range(4)
KIND_BITS = 30
SEGMENT_BITS = 32
MAX_FREQUENCY = 255
MAX_ARTICLE = 1 << 28
"""Arrays go by article ids, and no sound archive has one beyond this."""

WEIGHTS = {"title": 4, "heading": 2}
"""How often a word counts in a paragraph of a kind; once in others. A title that only repeats the
beginning of the text, as one that was made of it, does not count."""
LEAD = 30
"""The first words of the text, so many, count once more."""


class Postings(NamedTuple):
    """The articles that have something, by id, and how often each has it."""

    articles: Ids
    counts: Floats


DAMAGED = "postings are damaged"


class DamagedPostingsError(sqlite3.DatabaseError):
    """The postings are not what they should be."""


_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NONE = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))


def day_number(day: str | None) -> int:
    """Return an ISO date as YYYYMMDD; 0 for what is none."""
    return int(day.replace("-", "")) if day and _ISO_DATE.fullmatch(day) else 0


def key_of(kind: int, number: int) -> int:
    """Return the key of a word or an entity, by its id."""
    return kind << KIND_BITS | number


class Segment(NamedTuple):
    """A row of `segments`; arrays are parallel, in order of article ids."""

    id: int
    articles: Ids
    lengths: Ids
    days: Ids
    """YYYYMMDD, 0 where unknown."""
    paragraphs: NDArray[np.int64]
    """Ids of the articles' first paragraphs."""
    deleted: Ids


class Chunk(NamedTuple):
    """A row of `postings`."""

    keys: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    articles: Ids
    counts: NDArray[np.uint8]


def read_segments(
    connection: sqlite3.Connection, only: Sequence[int] | None = None
) -> Iterator[Segment]:
    """Yield the segments of an archive, or some of them. Raises DamagedPostingsError."""
    some = "" if only is None else f" WHERE id IN ({', '.join(map(str, only))})"
    for number, *blobs in connection.execute(
        f"SELECT id, articles, lengths, days, paragraphs, deleted FROM segments{some} ORDER BY id"
    ):
        try:
            articles, lengths, days, paragraphs, deleted = (
                np.frombuffer(blob, dtype)
                for blob, dtype in zip(blobs, ("<i4", "<i4", "<i4", "<i8", "<i4"), strict=True)
            )
        except (TypeError, ValueError) as error:
            raise DamagedPostingsError(DAMAGED) from error
        parallel = len(articles) == len(lengths) == len(days) == len(paragraphs)
        ids = np.concatenate((articles, deleted))
        if not parallel or (len(ids) and not (0 < ids.min() <= ids.max() < MAX_ARTICLE)):
            raise DamagedPostingsError(DAMAGED)
        yield Segment(number, articles, lengths, days, paragraphs, deleted)


def decode(terms: Any, data: Any) -> Chunk:
    """Return what a row of `postings` holds. Raises DamagedPostingsError."""
    if type(terms) is not int or not isinstance(data, bytes):
        raise DamagedPostingsError(DAMAGED)
    size = len(data) - 8 * terms
    if not 0 < terms <= size or size % 5:
        raise DamagedPostingsError(DAMAGED)
    total = size // 5
    keys = np.frombuffer(data, "<u4", terms)
    ends = np.frombuffer(data, "<u4", terms, 4 * terms)
    if ends[-1] != total:
        raise DamagedPostingsError(DAMAGED)
    articles = np.frombuffer(data, "<i4", total, 8 * terms)
    counts = np.frombuffer(data, np.uint8, total, 8 * terms + 4 * total)
    return Chunk(keys, ends, articles, counts)


def encode(chunk: Chunk) -> bytes:
    """Return a row's data."""
    return b"".join(
        (
            chunk.keys.astype("<u4").tobytes(),
            chunk.ends.astype("<u4").tobytes(),
            chunk.articles.astype("<i4").tobytes(),
            chunk.counts.tobytes(),
        )
    )


def merged(parts: Sequence[Postings], size: int) -> Postings:
    """Return the postings of whatever has any of the parts: the sum of their counts, above 0."""
    parts = [part for part in parts if part.articles.size]
    if len(parts) < 2 or not are_many(sum(part.articles.size for part in parts), size):
        return _joined(parts, size, np.add)
    sums = np.zeros(size, np.float32)
    for part in parts:
        sums[part.articles] += part.counts
    found = np.flatnonzero(sums)
    return Postings(found.astype(np.int32), sums[found])


def strongest(parts: Sequence[Postings], size: int) -> Postings:
    """Return the postings of whatever has any of the parts: the highest of their counts."""
    return _joined(parts, size, np.maximum)


def summed(articles: Ids, counts: Floats, size: int) -> Postings:
    """Return the postings of articles in any order, and however often each stands there."""
    if are_many(articles.size, size):
        sums = np.bincount(articles, counts, size).astype(np.float32)
        found = np.flatnonzero(sums).astype(np.int32)
        return Postings(found, sums[found])
    return _reduced(articles, counts, np.add)


def are_many(articles: int, size: int) -> bool:
    """Tell whether arrays of all articles cost less than to sort so many."""
    return articles > size // 8


def distinct(articles: Ids) -> Ids:
    """Return each of some articles once, in order. (numpy's own loads a library first.)"""
    articles = np.sort(articles)
    found: Ids = articles[np.concatenate((articles[:1] >= 0, articles[1:] != articles[:-1]))]
    return found


def _joined(parts: Sequence[Postings], size: int, join: np.ufunc) -> Postings:
    parts = [part for part in parts if part.articles.size]
    if len(parts) < 2:
        return parts[0] if parts else NONE
    if not are_many(sum(part.articles.size for part in parts), size):
        articles = np.concatenate([part.articles for part in parts])
        return _reduced(articles, np.concatenate([part.counts for part in parts]), join)
    counts = np.zeros(size, np.float32)
    there = np.zeros(size, np.bool_)
    for part in parts:
        counts[part.articles] = join(counts[part.articles], part.counts)
        there[part.articles] = True
    found = np.flatnonzero(there).astype(np.int32)
    return Postings(found, counts[found])


def _reduced(articles: Ids, counts: Floats, join: np.ufunc) -> Postings:
    if not articles.size:
        return NONE
    order = np.argsort(articles, kind="stable")
    articles, counts = articles[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], articles[1:] != articles[:-1])))
    return Postings(articles[starts], join.reduceat(counts, starts))
