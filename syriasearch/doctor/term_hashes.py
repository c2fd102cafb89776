"""Terms as numbers: those of a text, found and recognized without a Python object for each.

A term is known by its hash, a polynomial of its code points modulo 2^64. One sum over a whole text
has the hashes of all its terms: the sum up to the end of a term, less that up to its start, divided
by the power of the base at its start, which is invertible as it is odd.
"""

from __future__ import annotations

import sqlite3
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C55
_INVERSE = pow(_BASE, -1, 1 << 64)
SPACE = 32
_AT_ONCE = 4096
"""Number of terms that are hashed at a time: each code point takes some numbers of 64 bits."""


class Terms(NamedTuple):
    """The terms of a text: parallel arrays, in order."""

    codes: NDArray[np.integer]
    """The code points of the text."""
    starts: Numbers
    ends: Numbers
    hashes: Hashes

    def term(self, index: int) -> bytes:
        """Return a term in UTF-8."""
        return encode(self.codes[self.starts[index] : self.ends[index]])


class _Powers:
    """The powers of the base and of its inverse, as many as the longest text has needed."""

    def __init__(self) -> None:
        self._powers = self._inverses = np.ones(1, np.uint64)

    def up_to(self, length: int) -> tuple[Hashes, Hashes]:
        """Return at least `length` powers of either."""
        if length > len(self._powers):
            for name, base in (("_powers", _BASE), ("_inverses", _INVERSE)):
                factors = np.full(2 * length, base, np.uint64)
                factors[0] = 1
                setattr(self, name, np.cumprod(factors))
        return self._powers, self._inverses


_powers = _Powers()


def find_terms(line: str) -> Terms:
    """Return the terms of a text in the tokenizer's form, without dropped characters."""
    codes = _codes(line)
    bounds = np.flatnonzero(np.diff(codes != SPACE, prepend=False, append=False))
    starts, ends = bounds[::2], bounds[1::2]
    hashes = np.zeros(len(starts), np.uint64)
    for first in range(0, len(starts), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        at = starts[some][0]
        part = codes[at : ends[some][-1]]
        powers, inverses = _powers.up_to(len(part))
        sums = np.zeros(len(part) + 1, np.uint64)
        np.cumsum(part * powers[: len(part)], out=sums[1:])
        hashes[some] = (sums[ends[some] - at] - sums[starts[some] - at]) * inverses[
            starts[some] - at
        ]
    return Terms(codes, starts, ends, hashes)


def _codes(line: str) -> NDArray[np.integer]:
    if line.isascii():
        return np.frombuffer(line.encode(), np.uint8)
    return np.frombuffer(line.encode("utf-32-le", "surrogatepass"), "<u4")


def encode(codes: NDArray[np.integer]) -> bytes:
    """Return code points as UTF-8."""
    if codes.dtype == np.uint8:
        return codes.tobytes()
    return codes.tobytes().decode("utf-32-le", "surrogatepass").encode(errors="surrogatepass")


class Words:
    """The words of an archive, by number; the number after the last is that of all others."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = [
            row
            for row in connection.execute("SELECT word, id FROM words ORDER BY count")
            if isinstance(row[0], str) and row[0] and " " not in row[0]
        ]
        self.ids = np.array([number for _, number in rows], np.int64)
        self._crcs = np.array([zlib.crc32(word.encode()) for word, _ in rows] + [0], np.uint64)
        hashes = find_terms(" ".join(word for word, _ in rows)).hashes
        # The hash of no term, for other words.
        self._hashes = np.append(hashes, np.uint64(0))
        bits = (2 * len(rows)).bit_length() + 1
        self._shift = np.uint64(64 - bits)
        self._slots = np.full(1 << bits, len(rows), np.int32)
        # Of words that share a slot, the commonest is written last.
        self._slots[hashes >> self._shift] = np.arange(len(rows))
        order = np.argsort(hashes)
        self._sorted = hashes[order]
        self._order = np.append(order, len(rows))

    def numbers(self, hashes: Hashes) -> Numbers:
        """Return the number of each term."""
        found: Numbers = self._slots[hashes >> self._shift].astype(np.int64)
        other = np.flatnonzero(self._hashes[found] != hashes)
        if other.size:
            # Another word took the slot, or the archive does not have this one.
            places = np.searchsorted(self._sorted, hashes[other])
            candidates = self._order[places]
            is_same = self._hashes[candidates] == hashes[other]
            found[other] = np.where(is_same, candidates, self._order[-1])
        return found

    def codes(self, terms: Terms, numbers: Numbers) -> Hashes:
        """Return the codes of terms in signatures (CRC-32)."""
        codes: Hashes = self._crcs[numbers]
        for index in np.flatnonzero(numbers == self._order[-1]).tolist():
            codes[index] = zlib.crc32(terms.term(index))
        return codes
