"""Rows of postings hold what was encoded, in few bytes."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.index.posting_rows import (
    MAX_ARTICLE,
    Chunk,
    DamagedPostingsError,
    decode_chunk,
    encode_chunk,
    find_postings,
    open_row,
)

Row = dict[int, dict[int, int]]
"""Frequencies by article id, by key."""

ROWS = st.dictionaries(
    st.integers(1, 2**32 - 1),
    st.dictionaries(
        st.integers(1, 300) | st.integers(1, MAX_ARTICLE - 1),
        st.integers(1, 20) | st.just(255),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=6,
)


def chunk_of(row: Row) -> Chunk:
    postings = [sorted(row[key].items()) for key in sorted(row)]
    return Chunk(
        np.array(sorted(row), np.uint32),
        np.cumsum([len(each) for each in postings]).astype(np.uint32),
        np.array([article for each in postings for article, _ in each], np.int32),
        np.array([count for each in postings for _, count in each], np.uint8),
    )


def unpacked(chunk: Chunk) -> bytes:
    """Return a row as archives up to schema version 8 have it."""
    columns = zip(chunk, ("<u4", "<u4", "<i4", "u1"), strict=True)
    return b"".join(column.astype(dtype).tobytes() for column, dtype in columns)


def less_packed(chunk: Chunk) -> bytes:
    """Return a row as archives of schema version 10 have it, with gaps of four bytes."""
    starts = np.append(0, chunk.ends[:-1])
    gaps = np.delete(np.diff(chunk.articles, prepend=0), starts)
    counts = [count if count < 16 else 0 for count in chunk.counts.tolist()] + [0]
    halves = [one | other << 4 for one, other in zip(counts[:-1:2], counts[1::2], strict=True)]
    columns = ([0, 4], chunk.keys, chunk.ends, chunk.articles[starts], gaps)
    numbers = b"".join(np.asarray(column, "<u4").tobytes() for column in columns)
    return numbers + bytes(halves) + bytes(chunk.counts[chunk.counts > 15])


ENCODERS = {
    "packed": encode_chunk,
    "of version 10": less_packed,
    "of version 8": unpacked,
}


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
@given(row=ROWS)
def test_a_row_is_decoded_as_it_was_encoded(encode: type[bytes], row: Row) -> None:
    chunk = chunk_of(row)
    decoded = decode_chunk(len(row), encode(chunk))
    assert [each.tolist() for each in decoded] == [each.tolist() for each in chunk]


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
@given(row=ROWS, other=st.integers(1, 2**32 - 1))
def test_a_key_is_found_in_its_row(encode: type[bytes], row: Row, other: int) -> None:
    data = encode(chunk_of(row))
    for key in {*row, other}:
        found = find_postings(open_row(len(row), data), key)
        expected = sorted(row[key].items()) if key in row else None
        assert (found and [*zip(*map(np.ndarray.tolist, found), strict=True)]) == expected


@pytest.mark.parametrize(
    ("articles", "count", "size"),
    [
        (range(1, 1001), 1, 12 + 999 + 500),
        (range(1, 300_001, 300), 1, 12 + 2 * 999 + 500),
        (range(1, 100_000_001, 100_000), 1, 12 + 4 * 999 + 500),
        ([*range(1, 1000), 2000], 1, 12 + 999 + 2 + 500),
        (range(1, 1001), 16, 12 + 999 + 500 + 1000),
    ],
    ids=[
        *("small gaps", "gaps of two bytes", "gaps of four bytes"),
        *("one gap that is larger", "large frequencies"),
    ],
)
def test_a_row_takes_what_its_gaps_and_frequencies_need(
    articles: Iterable[int], count: int, size: int
) -> None:
    assert len(encode_chunk(chunk_of({7: dict.fromkeys(articles, count)}))) == size


@given(st.binary(max_size=60) | st.binary(max_size=50).map(b"\0\0\0\0".__add__), st.integers(-2, 6))
def test_any_bytes_are_postings_or_damaged(data: bytes, terms: int) -> None:
    try:
        chunk = decode_chunk(terms, data)
    except DamagedPostingsError:
        return
    assert len(chunk.articles) == len(chunk.counts) == chunk.ends[-1]


@given(row=ROWS, at=st.integers(0), byte=st.integers(0, 255))
def test_a_torn_row_is_damaged_or_other_postings(row: Row, at: int, byte: int) -> None:
    data = bytearray(encode_chunk(chunk_of(row)))
    data[at % len(data)] = byte
    try:
        chunk = decode_chunk(len(row), bytes(data))
    except DamagedPostingsError:
        return
    assert chunk.articles.min() >= 0
    assert chunk.articles.max() < MAX_ARTICLE
