"""When are two texts the same, but for small edits?

A text is known by its **shingles**, the runs of WIDTH words in it; words are those of the index, so
that capitals and punctuation do not count. Two texts are alike

1. where they are the same, word for word; a text of fewer than LEAST words only so; or
2. where both have ALIKE of the shingles that either has (Jaccard's coefficient: Broder, On the
   resemblance and containment of documents, 1997),
3. of the one's numbers or the other's, whichever are fewer, the other text has NUMBERS, or all but
   one, and
4. they were published within DAYS days, or both have LONG words. What is reported each week in the
   same words, of a market or of a ministry, is shorter, and has other numbers.

To find what may be alike without comparing all with all, a text has a **signature**: of each of
many orders of all possible shingles the first that it has (MinHash). Two texts share about as many
of these as of their shingles. ROWS of them are hashed into a **band**, and only texts that share a
band are compared; the last band is that of the whole text.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..text.normalize import folded_terms

WIDTH = 4
LEAST = 30
ALIKE = 0.55
NUMBERS = 0.5
DAYS = 3
LONG = 200
ROWS = 3
BANDS = 21
BAND_BITS = 35
DOUBT = 0.2
"""By so much a signature may tell too low a share: three standard deviations."""

Numbers = NDArray[np.uint64]
Signature = NDArray[np.uint32]
"""ROWS values for each of BANDS; none for a text of fewer than LEAST words."""

_MASK = (1 << 64) - 1
_KEPT = 500_000
_RANKED = 50_000
"""So many shingles are ranked at a time: each takes ROWS * BANDS numbers."""


class Signed(NamedTuple):
    """By what a text is found again."""

    digest: int
    signature: Signature


class Print(NamedTuple):
    """What of a text is compared with another."""

    words: int
    shingles: Numbers
    """Sorted, each once."""
    numbers: frozenset[str]


def compared(blocks: Iterable[tuple[str, str]]) -> list[str]:
    """Return the words by which an article is compared; `blocks` are kind and folded text of each.

    A byline tells who took it, not what it says.
    """
    return folded_terms("\n".join(folded for kind, folded in blocks if kind != "byline"))


def sign(words: Sequence[str]) -> Signed:
    """Return by what a text is found again."""
    return Signed(digest(words), make_signature(words))


def digest(words: Iterable[str]) -> int:
    """Return a number that only texts of the same words share."""
    text = " ".join(words).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little", signed=True)


def make_print(words: Sequence[str]) -> Print:
    """Return what of a text is compared with another."""
    numbers = frozenset(word for word in words if any(map(str.isdigit, word)))
    return Print(len(words), np.unique(_shingles(words)), numbers)


def make_signature(words: Sequence[str]) -> Signature:
    """Return a text's signature."""
    if len(words) < LEAST:
        return np.zeros(0, np.uint32)
    shingles = _shingles(words)
    minima = np.full(ROWS * BANDS, _MASK, np.uint64)
    for start in range(0, len(shingles), _RANKED):
        ranks = shingles[start : start + _RANKED] * _FACTORS
        ranks += _OFFSETS
        np.minimum(minima, ranks.min(axis=1), out=minima)
    signature: Signature = (minima >> np.uint64(32)).astype(np.uint32)
    return signature


def make_bands(whole: int, signature: Signature) -> list[int]:
    """Return the bands of a text by its digest and signature; that of the whole text is last."""
    found: list[int] = []
    if signature.size:
        sums = (signature.reshape(BANDS, ROWS).astype(np.uint64) * _ROW_FACTORS).sum(axis=1)
        found = (_mixed(sums + _BAND_OFFSETS) >> np.uint64(64 - BAND_BITS)).tolist()
    return [*found, (whole & _MASK) >> (64 - BAND_BITS)]


def may_be_alike(one: Signature, other: Signature) -> bool:
    """Tell from their signatures whether two texts can be alike; seldom wrong where it says no."""
    return one.size == other.size and bool((one == other).mean() >= ALIKE - DOUBT)


def are_alike(one: Print, other: Print, days: int | None) -> bool:
    """Tell whether two texts, not the same, are alike; `days` lie between them, None: unknown."""
    if min(one.words, other.words) < (LEAST if days is None or days <= DAYS else LONG):
        return False
    fewer = min(len(one.numbers), len(other.numbers))
    others = fewer - len(one.numbers & other.numbers)
    if others > max(1, (1 - NUMBERS) * fewer):
        return False
    return likeness(one, other) >= ALIKE


def likeness(one: Print, other: Print) -> float:
    """Return which share of the shingles that either of two texts has both have."""
    both = np.intersect1d(one.shingles, other.shingles, assume_unique=True).size
    either = one.shingles.size + other.shingles.size - both
    return both / either if either else 0.0


class _Codes(dict[str, int]):
    """Words as numbers, kept in mind."""

    def __missing__(self, word: str) -> int:
        if len(self) > _KEPT:
            self.clear()
        code = self[word] = zlib.crc32(word.encode())
        return code


_codes = _Codes()


def _shingles(words: Sequence[str]) -> Numbers:
    """Return the shingles of a text in order, as numbers."""
    codes = np.fromiter(map(_codes.__getitem__, words), np.uint64, len(words))
    runs = max(len(codes) - WIDTH + 1, 0)
    sums = np.zeros(runs, np.uint64)
    for place, factor in enumerate(_PLACES):
        sums += codes[place : place + runs] * factor
    return _mixed(sums)


def _mixed(values: Numbers) -> Numbers:
    """Spread the bits of numbers over all of them (splitmix64: Steele and others, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _chosen(count: int, seed: int) -> Numbers:
    """Return numbers as by chance, the same in every archive."""
    steps = [(seed + 0x9E3779B97F4A7C15 * step) & _MASK for step in range(1, count + 1)]
    return _mixed(np.array(steps, np.uint64))


_FACTORS = (_chosen(ROWS * BANDS, 1) | np.uint64(1))[:, None]
_OFFSETS = _chosen(ROWS * BANDS, 2)[:, None]
_PLACES = _chosen(WIDTH, 3) | np.uint64(1)
_ROW_FACTORS = _chosen(ROWS, 4) | np.uint64(1)
_BAND_OFFSETS = _chosen(BANDS, 5)
