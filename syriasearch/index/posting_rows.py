"""Rows of `postings`: how the postings of several keys are packed into bytes.

A row of n keys has, little-endian and without gaps between them:

1. 0 (uint32), and a byte for each of the four arrays that follow it, gaps first: the width of a
   number in bytes, 1, 2 or 4, in the lower half, and in the upper half that of larger numbers;
2. the keys, each as its difference to the one before;
3. the number of each key's postings;
4. the first article id of each key;
5. the gaps between the article ids of each key, one key after the other: no gap before the first;
6. the frequencies, half a byte each, the lower half first; 0 refers to the next item of 7;
7. the frequencies that do not fit into half a byte (uint8).

None of the numbers is 0: in arrays 2 to 5, 0 refers to the next of the numbers that do not fit into
the width, which follow the array. Most gaps and nearly all frequencies are small, so a posting
takes some one and a half bytes.

Archives of schema versions 9 and 10 have rows in which only the first of the four bytes is not 0,
the width of a gap, and all gaps fit; keys, the end of each key's postings, and first article ids
are uint32. Archives up to schema version 8 have rows that begin with the keys, none of which is 0:
n keys and n ends (uint32), article ids (int32) and frequencies (uint8).
"""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Counts = NDArray[np.uint8]

DAMAGED = "postings are damaged"
MAX_ARTICLE = 1 << 28
"""Exclusive upper bound of article ids, which are indices of arrays; larger ones are damage."""

_HEADER = 8
_ZERO = np.zeros(1, np.int64)
_TYPES = {1: "<u1", 2: "<u2", 4: "<u4"}
"""The type of numbers by their width."""


class DamagedPostingsError(sqlite3.DatabaseError):
    """Stored postings are malformed, or do not match the articles of the archive."""


class Chunk(NamedTuple):
    """The postings of n keys, one key after the other."""

    keys: NDArray[np.uint32]
    """The keys, ascending; shape (n,)."""
    ends: NDArray[np.uint32]
    """The end of each key's postings in `articles` and `counts`; shape (n,)."""
    articles: Ids
    counts: Counts
    """Frequencies, at most `postings.MAX_FREQUENCY`."""


def encode_chunk(chunk: Chunk) -> bytes:
    """Encode the postings of a row, as its column `data` has them."""
    ends = chunk.ends.astype(np.int64)
    starts = np.concatenate((_ZERO, ends[:-1]))
    is_first = np.zeros(len(chunk.articles), np.bool_)
    is_first[starts] = True
    gaps = np.diff(chunk.articles, prepend=np.int32(0))[~is_first]
    keys = np.diff(chunk.keys.astype(np.int64), prepend=0)
    arrays = list(map(_pack, (gaps, keys, ends - starts, chunk.articles[starts])))
    halves = np.where(chunk.counts < 16, chunk.counts, 0).astype(np.uint8)
    pairs = np.append(halves, np.zeros(len(halves) % 2, np.uint8)).reshape(-1, 2)
    return b"".join(
        (
            bytes([0, 0, 0, 0, *(widths for widths, _ in arrays)]),
            *(packed for _, packed in (*arrays[1:], arrays[0])),
            (pairs[:, 0] | pairs[:, 1] << 4).astype(np.uint8).tobytes(),
            chunk.counts[halves == 0].tobytes(),
        )
    )


def _pack(numbers: NDArray[Any]) -> tuple[int, bytes]:
    """Return the byte that says the widths of some numbers, and the numbers in the fewest bytes."""
    widest = _width(int(numbers.max(initial=1)))
    sizes = [(widest * len(numbers), widest, np.zeros(0, np.int64))]
    for width in _TYPES:
        if width < widest:
            large = np.flatnonzero(numbers >> 8 * width)
            sizes.append((width * len(numbers) + widest * len(large), width, large))
    _, width, large = min(sizes, key=lambda each: each[0])
    small = numbers.astype(_TYPES[width])
    small[large] = 0
    more = numbers[large].astype(_TYPES[widest])
    return width | (widest << 4 if len(large) else 0), small.tobytes() + more.tobytes()


def _width(number: int) -> int:
    return 1 if number < 1 << 8 else 2 if number < 1 << 16 else 4


class Row(NamedTuple):
    """The arrays of a row, not yet article ids."""

    keys: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    firsts: NDArray[Any]
    gaps: NDArray[Any]
    counts: Counts

    def articles_of(self, index: int) -> Ids:
        """Return the article ids of the key at `index`."""
        start = int(self.ends[index - 1]) if index else 0
        gaps = self.gaps[start - index : int(self.ends[index]) - index - 1]
        articles = np.empty(len(gaps) + 1, np.int64)
        articles[0] = self.firsts[index]
        np.cumsum(gaps, out=articles[1:])
        articles[1:] += articles[0]
        return _checked(articles)

    def all_articles(self) -> Ids:
        """Return the article ids of all keys, one key after the other."""
        index = np.arange(len(self.ends))
        ends = self.ends.astype(np.int64)
        sizes = np.diff(ends, prepend=0)
        sums = np.concatenate((_ZERO, np.cumsum(self.gaps, dtype=np.int64)))
        # The gaps of all keys before it are not part of an article id.
        bases = self.firsts - sums[ends - sizes - index]
        return _checked(
            np.repeat(bases, sizes) + sums[np.arange(ends[-1]) - np.repeat(index, sizes)]
        )


def _checked(articles: NDArray[np.int64]) -> Ids:
    if not 0 <= articles.min() <= articles.max() < MAX_ARTICLE:
        raise DamagedPostingsError(DAMAGED)
    return articles.astype(np.int32)


def decode_chunk(terms: Any, data: Any) -> Chunk:
    """Decode the columns of a row of `postings`. Raises DamagedPostingsError."""
    _check_types(terms, data)
    if not _is_packed(data):
        return _decode_unpacked(terms, data)
    row = _parse(terms, data)
    return Chunk(row.keys, row.ends, row.all_articles(), row.counts)


def open_row(terms: Any, data: Any) -> Row | Chunk:
    """Return a row of `postings`, in which keys are looked up. Raises DamagedPostingsError."""
    _check_types(terms, data)
    return _parse(terms, data) if _is_packed(data) else _decode_unpacked(terms, data)


def find_postings(row: Row | Chunk, key: int) -> tuple[Ids, Counts] | None:
    """Return article ids and frequencies of a key in a row of `postings`, None without the key.

    Raises DamagedPostingsError.
    """
    index = int(np.searchsorted(row.keys, key))
    if index == len(row.keys) or row.keys[index] != key:
        return None
    found = slice(int(row.ends[index - 1]) if index else 0, int(row.ends[index]))
    articles = row.articles_of(index) if isinstance(row, Row) else row.articles[found]
    return articles, row.counts[found]


def _check_types(terms: Any, data: Any) -> None:
    if type(terms) is not int or not isinstance(data, bytes) or not 0 < terms < len(data):
        raise DamagedPostingsError(DAMAGED)


def _is_packed(data: bytes) -> bool:
    return data.startswith(b"\0\0\0\0")


def _parse(terms: int, data: bytes) -> Row:
    """Take a packed row apart. Raises DamagedPostingsError."""
    try:
        reader = _Reader(data)
        gap, *widths = data[4:_HEADER]
        if any(widths):
            steps, sizes, firsts = (reader.numbers(terms, each) for each in widths)
            keys, ends = _sums(steps), _sums(sizes)
        else:
            keys, ends, firsts = reader.read("<u4", 3 * terms).reshape(3, terms)
            if not _are_ordered(keys, ends):
                raise DamagedPostingsError(DAMAGED)
        total = int(ends[-1])
        gaps = reader.numbers(max(total - terms, 0), gap)
        halves = reader.read("u1", (total + 1) // 2)
        more = reader.rest()
    except (KeyError, ValueError) as error:
        raise DamagedPostingsError(DAMAGED) from error
    counts = np.empty((len(halves), 2), np.uint8)
    np.bitwise_and(halves, 15, out=counts[:, 0])
    np.right_shift(halves, 4, out=counts[:, 1])
    counts = counts.reshape(-1)[:total]
    (large,) = (counts == 0).nonzero()
    if len(more) != len(large):
        raise DamagedPostingsError(DAMAGED)
    counts[large] = more
    return Row(keys, ends, firsts, gaps, counts)


def _sums(numbers: NDArray[Any]) -> NDArray[np.uint32]:
    sums = numbers.cumsum(dtype=np.int64)
    if sums[-1] >> 32:
        raise DamagedPostingsError(DAMAGED)
    return sums.astype(np.uint32)


class _Reader:
    """Reads the arrays of a row one after the other; raises ValueError where bytes are missing."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = _HEADER

    def read(self, dtype: str, count: int) -> NDArray[Any]:
        """Return the next `count` numbers."""
        numbers = np.frombuffer(self._data, dtype, count, self._at)
        self._at += numbers.nbytes
        return numbers

    def rest(self) -> Counts:
        """Return the bytes that are left."""
        return np.frombuffer(self._data[self._at :], np.uint8)

    def numbers(self, count: int, widths: int) -> NDArray[Any]:
        """Return numbers of some widths, none of which is 0. Raises KeyError for other widths."""
        numbers = self.read(_TYPES[widths & 15], count)
        if not numbers.all():
            (large,) = (numbers == 0).nonzero()
            more = self.read(_TYPES[widths >> 4], len(large))
            if not more.all():
                raise DamagedPostingsError(DAMAGED)
            numbers = numbers.astype(np.uint32)
            numbers[large] = more
        return numbers


def _are_ordered(keys: NDArray[np.uint32], ends: NDArray[np.uint32]) -> bool:
    """Return whether keys ascend, and each has postings."""
    return bool(ends[0] and (ends[1:] > ends[:-1]).all() and (keys[1:] > keys[:-1]).all())


def _decode_unpacked(terms: int, data: bytes) -> Chunk:
    """Decode a row of an archive of schema version 8 or lower. Raises DamagedPostingsError."""
    size = len(data) - 8 * terms
    if not terms <= size or size % 5:
        raise DamagedPostingsError(DAMAGED)
    total = size // 5
    keys = np.frombuffer(data, "<u4", terms)
    ends = np.frombuffer(data, "<u4", terms, 4 * terms)
    if ends[-1] != total or not _are_ordered(keys, ends):
        raise DamagedPostingsError(DAMAGED)
    articles = np.frombuffer(data, "<i4", total, 8 * terms)
    steps = np.diff(articles) > 0
    steps[ends[:-1] - 1] = True  # where the articles of another key begin
    if not steps.all():
        raise DamagedPostingsError(DAMAGED)
    counts = np.frombuffer(data, np.uint8, total, 8 * terms + 4 * total)
    return Chunk(keys, ends, articles, counts)
