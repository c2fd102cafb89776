"""Arrays of the articles that may be hits: of all articles, by their ids, or of a few of them.

Both have the same operations, so that scores are computed in one way. Arrays of all articles are
added up without any look-up; arrays of a few cost no more than these.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..index.postings import Flags, Floats, Ids, Postings


class ArticleArrays(ABC):
    """The articles that may be hits, and what arrays of them have for postings and flags."""

    size: int
    """The length of each array."""

    @abstractmethod
    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the part of an array by article id."""

    @abstractmethod
    def counts(self, postings: Postings) -> Floats:
        """Return the frequency of each article in postings, 0 for none."""

    @abstractmethod
    def places(self, articles: Ids) -> NDArray[np.intp]:
        """Return the indexes of the given articles; those that may be no hits are left out."""

    @abstractmethod
    def flags(self, articles: Ids) -> Flags:
        """Flag the given articles; those that may be no hits are left out."""

    @abstractmethod
    def has(self, postings: Postings) -> Flags:
        """Flag the articles in postings."""

    @abstractmethod
    def ids(self, places: NDArray[np.intp]) -> Ids:
        """Return the article ids at some indexes."""


class AllArticles(ArticleArrays):
    """All articles: arrays are by article id."""

    def __init__(self, size: int) -> None:
        self.size = size

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the array itself."""
        return values

    def counts(self, postings: Postings) -> Floats:
        """Return the frequencies by article id."""
        return postings.dense(self.size)

    def places(self, articles: Ids) -> NDArray[np.intp]:
        """Return the ids."""
        return articles.astype(np.intp)

    def flags(self, articles: Ids) -> Flags:
        """Flag articles, by id."""
        flags = np.zeros(self.size, np.bool_)
        flags[articles] = True
        return flags

    def has(self, postings: Postings) -> Flags:
        """Flag the articles in postings, by id."""
        if postings.is_scored:
            return postings.dense(self.size) > 0
        return self.flags(postings.articles)

    def ids(self, places: NDArray[np.intp]) -> Ids:
        """Return the indexes, which are article ids."""
        return places.astype(np.int32)


class FewArticles(ArticleArrays):
    """A few articles, by ascending id: arrays are parallel to their ids."""

    def __init__(self, articles: Ids) -> None:
        self._articles = articles
        self.size = len(articles)

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values of these articles."""
        return values[self._articles]

    def _places(self, articles: Ids) -> tuple[NDArray[np.intp], Flags]:
        """Return the index of each article that may be a hit, and flag these."""
        places = self._articles.searchsorted(articles)
        if not self.size:
            return places[:0], np.zeros(len(articles), np.bool_)
        inside = self._articles.take(places, mode="clip") == articles
        return places[inside], inside

    def places(self, articles: Ids) -> NDArray[np.intp]:
        """Return the indexes of those of the articles that are among these."""
        return self._places(articles)[0]

    def counts(self, postings: Postings) -> Floats:
        """Return the frequencies of these articles."""
        counts = np.zeros(self.size, np.float32)
        places, inside = self._places(postings.articles)
        counts[places] = postings.counts[inside]
        return counts

    def flags(self, articles: Ids) -> Flags:
        """Flag those of the articles that are among these."""
        flags = np.zeros(self.size, np.bool_)
        flags[self._places(articles)[0]] = True
        return flags

    def has(self, postings: Postings) -> Flags:
        """Flag those of the articles in postings that are among these."""
        return self.flags(postings.articles)

    def ids(self, places: NDArray[np.intp]) -> Ids:
        """Return the article ids at some indexes."""
        return self._articles[places]
