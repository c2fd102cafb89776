"""MinHash signatures: candidates for near-duplicates, without a comparison of all pairs.

A text is represented by its **shingles**, the sequences of WIDTH consecutive words; words are the
terms of the index, so that case and punctuation do not count. Its **signature** has, for each of
many orderings of all possible shingles, the first one that occurs in it (MinHash: Broder, On the
resemblance and containment of documents, 1997). Two texts share about the same proportion of these
values as of their shingles. Each ROWS values are hashed into a **band**, and only texts that share
a band are compared (see `near_duplicates`); the last band is that of the whole text.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDTH = 4
MIN_WORDS = 30
"""The minimum length, in words, of a text that has a signature."""
ROWS = 3
BANDS = 21
BAND_BITS = 35

Numbers = NDArray[np.uint64]
Signature = NDArray[np.uint32]
"""An array of ROWS * BANDS values; empty for a text of fewer than MIN_WORDS words."""

_MASK = (1 << 64) - 1
_KEPT = 500_000
"""Maximum number of words whose codes are cached."""
_RANKED = 50_000
"""Number of shingles that are ranked at a time: each takes ROWS * BANDS numbers of 64 bits."""


class Fingerprint(NamedTuple):
    """A text's digest and MinHash signature, by which its duplicates are found."""

    digest: int
    signature: Signature


def make_fingerprint(words: Sequence[str]) -> Fingerprint:
    """Return the digest and the signature of a text."""
    return Fingerprint(digest(words), make_signature(words))


def digest(words: Iterable[str]) -> int:
    """Return a hash of the sequence of words (BLAKE2b): a signed integer of 64 bits."""
    return digest_of_text(" ".join(words).encode())


def digest_of_text(text: bytes) -> int:
    """Return the hash of a sequence of words that are separated by spaces, in UTF-8."""
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little", signed=True)


def make_signature(words: Sequence[str]) -> Signature:
    """Return a text's MinHash signature; it is empty for fewer than MIN_WORDS words."""
    return signature_of_codes(_word_codes(words))


def signature_of_codes(codes: Numbers) -> Signature:
    """Return the MinHash signature of a text, given the codes of its words (CRC-32)."""
    if len(codes) < MIN_WORDS:
        return np.zeros(0, np.uint32)
    shingles = _shingles_of_codes(codes)
    minima = np.full(ROWS * BANDS, _MASK, np.uint64)
    for start in range(0, len(shingles), _RANKED):
        ranks = shingles[start : start + _RANKED] * _FACTORS
        ranks += _OFFSETS
        np.minimum(minima, ranks.min(axis=1), out=minima)
    signature: Signature = (minima >> np.uint64(32)).astype(np.uint32)
    return signature


def make_bands(whole: int, signature: Signature) -> list[int]:
    """Return the bands of a text, integers of BAND_BITS bits; that of the whole text is last.

    `whole` is the text's digest. A text without a signature has only the last band.
    """
    found: list[int] = []
    if signature.size:
        sums = (signature.reshape(BANDS, ROWS).astype(np.uint64) * _ROW_FACTORS).sum(axis=1)
        found = (_mixed(sums + _BAND_OFFSETS) >> np.uint64(64 - BAND_BITS)).tolist()
    return [*found, (whole & _MASK) >> (64 - BAND_BITS)]


class _Codes(dict[str, bytes]):
    """Cache of word codes (CRC-32), as bytes: joined, they are an array without a conversion."""

    def __missing__(self, word: str) -> bytes:
        if len(self) > _KEPT:
            self.clear()
        code = self[word] = zlib.crc32(word.encode()).to_bytes(8, sys.byteorder)
        return code


_codes = _Codes()


def make_shingles(words: Sequence[str]) -> Numbers:
    """Return the shingles of a text in order, as 64-bit hashes; empty for a shorter text."""
    return _shingles_of_codes(_word_codes(words))


def _word_codes(words: Sequence[str]) -> Numbers:
    return np.frombuffer(b"".join(map(_codes.__getitem__, words)), np.uint64)


def _shingles_of_codes(codes: Numbers) -> Numbers:
    runs = max(len(codes) - WIDTH + 1, 0)
    sums = np.zeros(runs, np.uint64)
    for offset, factor in enumerate(_POSITIONS):
        sums += codes[offset : offset + runs] * factor
    return _mixed(sums)


def _mixed(values: Numbers) -> Numbers:
    """Mix the bits of each value (the finalizer of splitmix64: Steele and others, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _random(count: int, seed: int) -> Numbers:
    """Return pseudo-random numbers, the same in every archive (splitmix64)."""
    steps = [(seed + 0x9E3779B97F4A7C15 * step) & _MASK for step in range(1, count + 1)]
    return _mixed(np.array(steps, np.uint64))


_FACTORS = (_random(ROWS * BANDS, 1) | np.uint64(1))[:, None]
_OFFSETS = _random(ROWS * BANDS, 2)[:, None]
_POSITIONS = _random(WIDTH, 3) | np.uint64(1)
_ROW_FACTORS = _random(ROWS, 4) | np.uint64(1)
_BAND_OFFSETS = _random(BANDS, 5)
