"""Article terms: what an article's text says of its words, computed again for the check.

An ingest counts terms by their text; here they are numbers, which numpy adds up. The result is the
same, by other code: an error in one of the two does not hide itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, pairwise
from typing import Any, NamedTuple

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
from ..text.patterns import regex
from ..text.tokenize import MAX_TERM_BYTES, TermTable, in_terms, split_terms
from .term_hashes import SPACE, Hashes, Numbers, Words, encode, find_terms

Paragraph = tuple[int, str, str, str]
"""A paragraph's id, kind, text, and folded text as it is stored."""

_LONG = MAX_TERM_BYTES // 4
_TOO_LONG = regex(rf"[^ ]{{{_LONG}}}")
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


def terms_of_articles(
    articles: Sequence[Sequence[Paragraph]], sums: WordSums
) -> list[ArticleTerms]:
    """Return what the index has to have of some articles, given their paragraphs in order."""
    folds = [_folds(paragraphs) for paragraphs in articles]
    text = _Text(articles, folds)
    length, weights = text.weights()
    numbers = sums.words.numbers(text.terms.hashes)
    checksums = text.totals(sums.of[numbers] * weights.astype(np.uint64))
    bins = np.bincount(
        text.article * _BINS + (numbers & (_BINS - 1)), weights, len(articles) * _BINS
    )
    for index in np.flatnonzero(bins.reshape(-1, _BINS).max(axis=1) > MAX_FREQUENCY).tolist():
        # A bin has all occurrences of a term, and often of several.
        own = slice(*text.bounds[index : index + 2])
        found, places = np.unique(numbers[own], return_inverse=True)
        frequencies = np.minimum(np.bincount(places, weights[own]), MAX_FREQUENCY)
        checksums[index] = (sums.of[found] * frequencies.astype(np.uint64)).sum()
    titles = np.unique(text.article[text.is_title] << KIND_BITS | numbers[text.is_title])
    word_sums = sums.of_title[titles & ((1 << KIND_BITS) - 1)]
    np.add.at(checksums, titles >> KIND_BITS, word_sums)
    codes = sums.words.codes(text.terms, numbers)[text.is_compared]
    bounds = np.append(0, np.cumsum(text.is_compared))[text.bounds]
    return [
        ArticleTerms(
            folded == [stored for *_, stored in paragraphs],
            paragraphs[0][0] if paragraphs else 0,
            int(text.bounds[index + 1] - text.bounds[index]),
            int(length[index]),
            int(checksums[index]),
            Fingerprint(
                digest_of_text(words), signature_of_codes(codes[bounds[index] : bounds[index + 1]])
            ),
        )
        for index, (paragraphs, folded, words) in enumerate(
            zip(articles, folds, text.compared(), strict=True)
        )
    ]


class _Text:
    """The folded text of some articles, as the terms of all of them."""

    def __init__(
        self, articles: Sequence[Sequence[Paragraph]], folds: Sequence[Sequence[str]]
    ) -> None:
        lines, lengths = zip(*map(_line, folds), strict=True)
        kinds = [kind for paragraphs in articles for _, kind, *_ in paragraphs]
        self.terms = find_terms(" ".join(compress(lines, lengths)))
        ends = np.append(0, np.cumsum(np.array([*chain.from_iterable(lengths)], np.int64) + 1))
        # Terms up to the end of each paragraph; paragraphs up to the end of each article.
        self._part_ends = ends
        self._omitted = [index for index, kind in enumerate(kinds) if kind == "byline"]
        self._parts = np.searchsorted(self.terms.starts, ends)
        parts = np.append(0, np.cumsum([len(each) for each in articles]))
        self._firsts = parts[:-1]
        self._ends = ends[parts]
        self.bounds = self._parts[parts]
        """The number of the first term of each article, and of all terms."""
        self._sizes = np.diff(self.bounds)
        self.article = np.repeat(np.arange(len(articles)), self._sizes)
        """The number of each term's article."""
        sizes = np.diff(self._parts)
        self._weights = np.repeat(np.array([WEIGHTS.get(kind, 1) for kind in kinds], int), sizes)
        self.is_title = np.repeat(np.array([kind == "title" for kind in kinds], bool), sizes)
        self.is_compared = np.repeat(np.array([kind != "byline" for kind in kinds], bool), sizes)
        """Whether each term is one on which articles are compared."""

    def totals(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the sum of the values of each article's terms."""
        sums = np.append(np.zeros(1, values.dtype), np.cumsum(values))
        found: NDArray[Any] = sums[self.bounds[1:]] - sums[self.bounds[:-1]]
        return found

    def weights(self) -> tuple[Numbers, Numbers]:
        """Return the length of each article in weighted words, and the weight of each term."""
        rest = ~self.is_title
        before = np.append(0, np.cumsum(rest))
        number = before[1:] - np.repeat(before[self.bounds[:-1]], self._sizes)
        weights = self._weights + (rest & (number <= LEAD))
        for index, first in enumerate(self._firsts.tolist()):
            own = slice(*self.bounds[index : index + 2])
            title = self.terms.hashes[own][self.is_title[own]]
            if len(title) >= DERIVED:
                second = self._parts[first + 1 : first + 3]
                repeated = self.terms.hashes[slice(*second)][: len(title)]
                if len(second) == 2 and second[1] <= own.stop and np.array_equal(repeated, title):
                    weights[own][self.is_title[own]] = 0
        return self.totals(weights), weights

    def compared(self) -> Iterator[bytes]:
        """Yield the terms of each article on which it is compared, separated by spaces."""
        codes = self.terms.codes
        if self._omitted:
            codes = codes.copy()
            for index in self._omitted:
                codes[self._part_ends[index] : self._part_ends[index + 1]] = SPACE
        for start, end in pairwise(self._ends.tolist()):
            own = codes[start:end]
            kept = own != SPACE
            kept[1:] |= kept[:-1].copy()  # the first space after a term
            yield encode(own[kept]).rstrip(b" ")


def _folds(paragraphs: Sequence[Paragraph]) -> list[str]:
    """Return the folded texts of paragraphs, which are probably those stored."""
    unchanged = {text for _, _, text, stored in paragraphs if text == stored}
    if not are_folded(unchanged):
        unchanged = set()
    return [text if text in unchanged else fold(text) for _, _, text, _ in paragraphs]


def _line(folds: Sequence[str]) -> tuple[str, list[int]]:
    """Return the text of an article in the tokenizer's form, and the lengths of its paragraphs."""
    line = in_terms("\n".join(folds))
    lengths = list(map(len, folds))
    if TermTable.DROPPED in line or (len(line) > _LONG and _TOO_LONG.search(line)):
        ends = accumulate(lengths, lambda end, length: end + 1 + length)
        parts = [line[end - length : end] for end, length in zip(ends, lengths, strict=True)]
        parts = [" ".join(split_terms(part)) for part in parts]
        return " ".join(parts), list(map(len, parts))
    return line, lengths


def entity_sums(rows: Iterable[tuple[int]], articles: Sequence[int]) -> Hashes:
    """Return the checksums of the postings of entities, parallel to the ids of articles, ascending.

    `rows` have a number for each mention: the article, the entity, and a bit for whether the title
    names it.
    """
    sums = np.zeros(len(articles), np.uint64)
    mentions = np.fromiter(chain.from_iterable(rows), np.int64)
    places = np.searchsorted(np.array(articles, np.int64), mentions >> KIND_BITS + 1)
    named = places << KIND_BITS | mentions >> 1 & (1 << KIND_BITS) - 1
    in_title = named[mentions & 1 == 1]
    for kind, pairs, most in ((ENTITY, named, MAX_FREQUENCY), (TITLE_ENTITY, in_title, 1)):
        found, counts = np.unique(pairs, return_counts=True)
        keys = (found & ((1 << KIND_BITS) - 1)) | key_of(kind, 0)
        frequencies = np.minimum(counts, most).astype(np.uint64)
        np.add.at(sums, found >> KIND_BITS, mixed(keys) * frequencies)
    return sums
