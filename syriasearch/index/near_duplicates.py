"""The criterion for near-duplicates: texts that are the same but for small edits.

Two texts are near-duplicates

- if they are the same, word for word, which is the only way for a text of fewer than MIN_WORDS
  words, and were published within SAME_DAYS days of each other or have at least SHORT words: a
  short text that returns weeks later is another article; or
- if all of the following hold:

  1. at least the share MIN_RESEMBLANCE of all their shingles is common to both (Jaccard's
     coefficient: Broder, On the resemblance and containment of documents, 1997);
  2. of the numbers in the text that has fewer of them, the other text has at least the share
     MIN_NUMBERS, or all but one;
  3. of the names and numbers of both, at most the share MAX_REPLACED is replaced by others in the
     other text (see `facts`): two texts of one form about two places are two articles;
  4. they were published within DAYS days of each other, or both have at least LONG words. Weekly
     reports in the same words, about a market or from a ministry, are shorter and have other
     numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .document import DocumentTerms
from .facts import count_replaced, numbers_of
from .minhash import MIN_WORDS, Numbers, Signature, make_shingles

MIN_RESEMBLANCE = 0.55
MIN_NUMBERS = 0.5
MAX_REPLACED = 0.07
DAYS = 3
SAME_DAYS = 7
SHORT = 100
LONG = 200
TOLERANCE = 0.2
"""Tolerance for the estimate of a signature, which may be too low: three standard deviations."""


class ShingleSet(NamedTuple):
    """What of a text is compared with another."""

    words: int
    """Number of words."""
    shingles: Numbers
    """Distinct shingles as 64-bit hashes, sorted."""
    numbers: frozenset[str]
    """The numbers, in digits or words (see `facts`)."""
    names: frozenset[str]
    """The words that may be names (see `facts`)."""
    vocabulary: frozenset[str]
    """All words of a text that has such names; empty otherwise."""


def comparable_terms(blocks: Iterable[tuple[str, str]]) -> list[str]:
    """Return the words on which articles are compared, without those of bylines.

    `blocks` are kind and folded text of each paragraph.
    """
    return DocumentTerms(blocks).comparable()


def make_shingle_set(words: Sequence[str], names: frozenset[str] = frozenset()) -> ShingleSet:
    """Return what of a text is compared with another; `names` are those of its words."""
    shingles = np.unique(make_shingles(words))
    vocabulary = frozenset(words if names else ())
    return ShingleSet(len(words), shingles, numbers_of(words), names, vocabulary)


def may_be_alike(one: Signature, other: Signature) -> bool:
    """Return whether two texts may be near-duplicates by their signatures; rarely a false no."""
    return one.size == other.size and bool((one == other).mean() >= MIN_RESEMBLANCE - TOLERANCE)


def are_alike(one: ShingleSet, other: ShingleSet, days: int | None) -> bool:
    """Return whether two different texts are near-duplicates.

    `days` is the number of days between their publication, None if unknown.
    """
    if min(one.words, other.words) < (MIN_WORDS if days is None or days <= DAYS else LONG):
        return False
    fewer = min(len(one.numbers), len(other.numbers))
    missing = fewer - len(one.numbers & other.numbers)
    if missing > max(1, (1 - MIN_NUMBERS) * fewer):
        return False
    return resemblance(one, other) >= MIN_RESEMBLANCE and not differ_in_facts(one, other)


def are_same(words: int, days: int | None) -> bool:
    """Return whether texts that are the same, word for word, are one article and its copy.

    `days` is the number of days between their publication, None if unknown.
    """
    return words >= SHORT or days is None or days <= SAME_DAYS


def differ_in_facts(one: ShingleSet, other: ShingleSet) -> bool:
    """Return whether too many names and numbers of either text are others in the other text."""
    numbers = min(len(one.numbers - other.numbers), len(other.numbers - one.numbers))
    names = count_replaced(one.names - other.vocabulary, other.names - one.vocabulary)
    fewer = min(len(each.names) + len(each.numbers) for each in (one, other))
    return numbers + names > MAX_REPLACED * fewer


def resemblance(one: ShingleSet, other: ShingleSet) -> float:
    """Return Jaccard's coefficient of two texts' shingles, from 0 to 1; 0 if neither has any."""
    both = np.intersect1d(one.shingles, other.shingles, assume_unique=True).size
    either = one.shingles.size + other.shingles.size - both
    return both / either if either else 0.0
