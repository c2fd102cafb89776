"""Article terms: what an article's text says of its words, computed anew for the check.

An ingest counts terms by their text; here they are numbers, so that numpy adds them up. The result
is the same, by other code: an error in one of the two does not hide itself.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.document import DERIVED
from ..index.minhash import Fingerprint, digest, signature_of_codes
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
from ..text.normalize import fold
from ..text.tokenize import in_terms, split_terms

Sums = NDArray[np.uint64]
"""Checksums of postings: of each key, or of each article by its id."""
Paragraph = tuple[int, str, str, str]
"""A paragraph's id, kind, text, and folded text as it is stored."""

_ALONE = 3
"""The number of paragraphs at the beginning of an article that are not merged with others."""
_MAX_LENGTH = 4_000
"""The length up to which a piece is merged: a long one is scanned for terms that are too long."""
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


class WordNumbers(dict[str, int]):
    """The words of an archive, numbered; words that it does not have follow."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT word, id FROM words").fetchall()
        super().__init__((word, number) for number, (word, _) in enumerate(rows))
        # Words without a valid id have the key 0, which no posting has.
        known = np.array([number for _, number in rows], np.int64)
        keys = np.append(np.where((known > 0) & (known >> KIND_BITS == 0), known, 0), 0)
        self._sums = mixed(keys)
        self._title_sums = mixed(keys | key_of(TITLE, 0))
        self._codes = np.zeros(0, np.uint64)

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def sums(self, numbers: NDArray[np.int64], *, title: bool = False) -> Sums:
        """Return the checksum of one occurrence of each word."""
        known = self._title_sums if title else self._sums
        found: Sums = known[np.minimum(numbers, len(known) - 1)]
        return found

    def codes(self, numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the codes of words in signatures."""
        if len(self._codes) < len(self):
            new = [zlib.crc32(word.encode()) for word in islice(self, len(self._codes), None)]
            self._codes = np.append(self._codes, np.array(new, np.uint64))
        found: NDArray[np.uint64] = self._codes[numbers]
        return found


def mixed(keys: NDArray[np.integer]) -> Sums:
    """Return the checksum of a posting of each key, with the frequency 1."""
    sums = (keys.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    sums ^= sums >> np.uint64(29)
    return sums


def article_terms(paragraphs: Sequence[Paragraph], words: WordNumbers) -> ArticleTerms:
    """Return what the index has to have of an article, given its paragraphs in order."""
    folds = [fold(text) for _, _, text, _ in paragraphs]
    is_folded = folds == [stored for *_, stored in paragraphs]
    kinds = [kind for _, kind, *_ in paragraphs]
    pieces = [(kind, split_terms(line)) for kind, line in _lines(kinds, folds)]
    numbers = np.fromiter(
        map(words.__getitem__, chain.from_iterable(terms for _, terms in pieces)), np.int64
    )
    weights = np.ones(len(numbers), np.int64)
    compared = np.ones(len(numbers), np.bool_)
    title: list[str] = [term for kind, terms in pieces if kind == "title" for term in terms]
    second = pieces[1][1] if len(title) >= DERIVED and len(pieces) > 1 else []
    is_derived = bool(second) and second[: len(title)] == title
    start, lead = 0, LEAD
    for kind, terms in pieces:
        end = start + len(terms)
        if kind == "title":
            weights[start:end] = 0 if is_derived else WEIGHTS[kind]
        else:
            weights[start:end] = WEIGHTS.get(kind, 1)
            weights[start : min(end, start + lead)] += 1
            lead -= min(lead, len(terms))
        if kind == "byline":
            compared[start:end] = False
        start = end
    terms = [term for kind, terms in pieces if kind != "byline" for term in terms]
    signature = signature_of_codes(words.codes(numbers[compared]))
    title_numbers = np.array([*{words[term] for term in title}], np.int64)
    return ArticleTerms(
        is_folded,
        paragraphs[0][0] if paragraphs else 0,
        len(numbers),
        int(weights.sum()),
        _checksum(numbers, weights, words) + int(words.sums(title_numbers, title=True).sum())
        & (1 << 64) - 1,
        Fingerprint(digest(terms), signature),
    )


def _lines(kinds: Sequence[str], folds: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and text, in the tokenizer's form, of each piece of an article.

    Paragraphs of the same kind are one piece, but for the first _ALONE: a title is compared with
    the paragraph after it.
    """
    line = in_terms("\n".join(folds))
    start = end = 0
    for index, (kind, folded) in enumerate(zip(kinds, folds, strict=True)):
        end += len(folded) + 1
        following = kinds[index + 1] if index + 1 < len(kinds) else None
        if index + 1 >= _ALONE and kind == following and end - start < _MAX_LENGTH:
            continue
        yield kind, line[start : end - 1]
        start = end


def _checksum(numbers: NDArray[np.int64], weights: NDArray[np.int64], words: WordNumbers) -> int:
    """Return the checksum of the postings of an article's words, given their occurrences."""
    if weights.sum() > MAX_FREQUENCY:
        # A bin has all occurrences of a term, and usually of several.
        bins = np.bincount(numbers & (_BINS - 1), weights)
        if bins.max() > MAX_FREQUENCY:
            numbers, places = np.unique(numbers, return_inverse=True)
            frequencies = np.bincount(places, weights).astype(np.int64)
            weights = np.minimum(frequencies, MAX_FREQUENCY)
    return int((words.sums(numbers) * weights.astype(np.uint64)).sum())


def entity_sums(rows: Iterable[tuple[int, int, int]], articles: Sequence[int]) -> Sums:
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
