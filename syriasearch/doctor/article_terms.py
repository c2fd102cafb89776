"""Article terms: what an article's text says of its words, computed again for the check.

An ingest counts terms by their text; here they are numbers, which numpy adds up. The result is the
same, by other code: an error in one of the two does not hide itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.document import DERIVED
from ..index.minhash import Fingerprint, digest_of_text, signature_of_codes
from ..index.postings import (
    ENTITY,
    KIND_BITS,
    LEAD,
    MAX_FREQUENCY,
    TITLE,
    TITLE_ENTITY,
    WEIGHTS,
    key_of,
)
from ..text.normalize import are_folded, fold
from ..text.tokenize import MAX_TERM_BYTES, TermTable, in_terms, split_terms
from .term_hashes import Hashes, Numbers, Terms, Words, find_terms

Paragraph = tuple[int, str, str, str]
"""A paragraph's id, kind, text, and folded text as it is stored."""

_LONG = MAX_TERM_BYTES // 4
_TOO_LONG = re.compile(rf"[^ ]{{{_LONG}}}")
_BINS = 1 << 10
"""Number of bins in which terms are counted to show that none has more than MAX_FREQUENCY."""


class ArticleTerms(NamedTuple):
    """What the index has of an article's text."""

    is_folded: bool
    """Whether the folded text is stored as it has to be indexed."""
    paragraph: int
    """The id of the first paragraph; 0 if there is none."""
    word_count: int
    length: int
    """The sum of the weighted term frequencies."""
    checksum: int
    """The checksum of the postings of words."""
    fingerprint: Fingerprint


class WordSums:
    """The checksums of postings of an archive's words."""

    def __init__(self, words: Words) -> None:
        self.words = words
        # Words without a valid id have the key 0, which no posting has.
        is_valid = (words.ids > 0) & (words.ids >> KIND_BITS == 0)
        keys = np.append(np.where(is_valid, words.ids, 0), 0)
        self.of = mixed(keys)
        self.of_title = mixed(keys | key_of(TITLE, 0))


def mixed(keys: NDArray[np.integer]) -> Hashes:
    """Return the checksum of a posting of each key, with the frequency 1."""
    sums = (keys.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    sums ^= sums >> np.uint64(29)
    return sums


def article_terms(paragraphs: Sequence[Paragraph], sums: WordSums) -> ArticleTerms:
    """Return what the index has to have of an article, given its paragraphs in order."""
    stored = [folded for *_, folded in paragraphs]
    folds = _folds([text for _, _, text, _ in paragraphs], stored)
    kinds = [kind for _, kind, *_ in paragraphs]
    terms, ends = _terms(folds)
    weights = np.ones(len(terms.hashes), np.int64)
    is_title = np.zeros(len(weights), np.bool_)
    is_compared = np.ones(len(weights), np.bool_)
    for kind, start, end in zip(kinds, [0, *ends], ends, strict=False):
        if kind == "title":
            is_title[start:end] = True
        elif kind in WEIGHTS:
            weights[start:end] = WEIGHTS[kind]
        elif kind == "byline":
            is_compared[start:end] = False
    weights[np.flatnonzero(~is_title)[:LEAD]] += 1
    title = terms.hashes[is_title]
    is_derived = (
        len(title) >= DERIVED
        and len(ends) > 1
        and np.array_equal(terms.hashes[ends[0] : ends[1]][: len(title)], title)
    )
    weights[is_title] = 0 if is_derived else WEIGHTS["title"]
    numbers = sums.words.numbers(terms.hashes)
    checksum = _checksum(numbers, weights, sums) + int(
        sums.of_title[np.unique(numbers[is_title])].sum()
    )
    codes = sums.words.codes(terms, numbers)
    return ArticleTerms(
        folds == stored,
        paragraphs[0][0] if paragraphs else 0,
        len(numbers),
        int(weights.sum()),
        checksum & ((1 << 64) - 1),
        Fingerprint(
            digest_of_text(terms.text(is_compared)), signature_of_codes(codes[is_compared])
        ),
    )


def _folds(texts: Sequence[str], stored: Sequence[str]) -> list[str]:
    """Return the folded texts of an article's paragraphs, which are probably those stored."""
    unchanged = [text for text, folded in zip(texts, stored, strict=True) if text == folded]
    if not are_folded(unchanged):
        unchanged = []
    known = set(unchanged)
    return [text if text in known else fold(text) for text in texts]


def _terms(folds: Sequence[str]) -> tuple[Terms, list[int]]:
    """Return the terms of an article, and the number of terms up to the end of each paragraph."""
    line = in_terms("\n".join(folds))
    lengths = list(map(len, folds))
    if TermTable.DROPPED in line or (len(line) > _LONG and _TOO_LONG.search(line)):
        ends = list(accumulate(lengths, lambda end, length: end + 1 + length))
        parts = [line[end - length : end] for end, length in zip(ends, lengths, strict=True)]
        parts = [" ".join(split_terms(part)) for part in parts]
        line = " ".join(parts)
        lengths = list(map(len, parts))
    terms = find_terms(line)
    ends_of_text = np.cumsum(np.array(lengths, np.int64) + 1)
    counts: list[int] = np.searchsorted(terms.starts, ends_of_text).tolist()
    return terms, counts


def _checksum(numbers: Numbers, weights: NDArray[np.int64], sums: WordSums) -> int:
    """Return the checksum of the postings of an article's words, given their occurrences."""
    if weights.sum() > MAX_FREQUENCY:
        # A bin has all occurrences of a term, and usually of several.
        bins = np.bincount(numbers & (_BINS - 1), weights)
        if bins.max() > MAX_FREQUENCY:
            numbers, places = np.unique(numbers, return_inverse=True)
            frequencies = np.bincount(places, weights).astype(np.int64)
            weights = np.minimum(frequencies, MAX_FREQUENCY)
    return int((sums.of[numbers] * weights.astype(np.uint64)).sum())


def entity_sums(rows: Iterable[tuple[int, int, int]], articles: Sequence[int]) -> Hashes:
    """Return the checksums of the postings of entities, parallel to the ids of articles, ascending.

    `rows` have the article, the entity, and whether the title names it, for each mention.
    """
    sums = np.zeros(len(articles), np.uint64)
    columns = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 3)
    places = np.searchsorted(np.array(articles, np.int64), columns[:, 0])
    named = places << KIND_BITS | columns[:, 1]
    in_title = named[columns[:, 2] != 0]
    for kind, pairs, most in ((ENTITY, named, MAX_FREQUENCY), (TITLE_ENTITY, in_title, 1)):
        found, counts = np.unique(pairs, return_counts=True)
        keys = (found & ((1 << KIND_BITS) - 1)) | key_of(kind, 0)
        frequencies = np.minimum(counts, most).astype(np.uint64)
        np.add.at(sums, found >> KIND_BITS, mixed(keys) * frequencies)
    return sums
