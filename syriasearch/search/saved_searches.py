"""Saved searches: what they find that they have not shown yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from ..models.page import Hit, Page
from ..store.saved_searches import SavedSearch, SavedSearches, shown_in
from .collection import Source, opened
from .query.request import SearchRequest, saved_request
from .searcher import search


class Writer(Protocol):
    """A writer of an archive, or of a shard."""

    @property
    def saved(self) -> SavedSearches:
        """The saved searches that it writes."""


def all_saved(source: Source) -> tuple[SavedSearch, ...]:
    """Return the saved searches, by name."""
    with opened(source) as collection:
        return SavedSearches(collection.names).all()


def request_of(source: Source, name: str) -> SearchRequest:
    """Return the request of a saved search. Raises OptionError if there is none of this name."""
    with opened(source) as collection:
        return saved_request(SavedSearches(collection.names).get(name))


def unseen(source: Source, name: str, limit: int | None, passages: int) -> Page:
    """Return the hits of a saved search that it has not shown yet."""
    with opened(source) as collection:
        request = request_of(collection, name)
        most = 2**31 - 1 if limit is None else limit
        shown = frozenset(shown_in(collection.connections, name))
        request = replace(request, limit=most, passages=passages, without=shown)
        return search(collection, request)


def seen(
    source: Source, name: str, limit: int
) -> tuple[SavedSearch, Mapping[int, Hit], Mapping[int, str]]:
    """Return a saved search and the latest articles it has shown: hits, and times of finding."""
    with opened(source) as collection:
        saved = SavedSearches(collection.names).get(name)
        latest = dict(islice(shown_in(collection.connections, name).items(), limit))
        request = replace(saved_request(saved), among=frozenset(latest), limit=limit)
        page = search(collection, request)
        return saved, {hit.article.id: hit for hit in page.hits}, latest


def show(stores: Sequence[Writer], name: str, articles: Iterable[int], at: str) -> None:
    """Record what a saved search has shown, inside a batch; article ids are unique over shards."""
    articles = tuple(articles)
    last = max(store.saved.last() for store in stores)
    for store in stores:
        store.saved.show(name, articles, at, last)
