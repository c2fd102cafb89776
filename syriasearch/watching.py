"""Saved searches: the part of `Archive` that keeps searches and shows what is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from .handle import Handle
from .models.article import Hit, Page
from .models.options import check_count
from .search.collection import Source, opened
from .search.query.request import FilterOptions, Request, as_name, make_request, saved_request
from .search.searcher import found, search
from .text.dates import now

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .ingest.archive_writer import Store
    from .store.saved_searches import SavedSearch


class Watching(Handle):
    """The saved searches of an archive."""

    def save(
        self,
        name: str,
        query: str,
        *,
        exact: bool = False,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> SavedSearch:
        """Keep a query under a name; `new` shows the hits that are added from now on.

        The options and the errors are those of `search`. Raises OptionError for a name that is
        taken, ArchiveError for an archive that cannot be written.
        """
        from .store.saved_searches import SavedSearch

        name = as_name(name)
        flags = {"exact": exact, "all_copies": all_copies}
        request = make_request(query, filters, **flags)
        at = now()
        options = {**request.filters.given, **{each: True for each in flags if flags[each]}}
        saved = SavedSearch(name, request.query, options, at, at)
        articles = self._ask(found, request)
        with self._writing() as stores:
            for store in stores:
                store.saved.add(saved)
            _show(stores, name, articles, at)
        return saved

    def saved(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, by name."""
        return self._ask(_all)

    def new(
        self, name: str, *, limit: int | None = None, passages: int = 3, keep: bool = False
    ) -> Page:
        """Return the hits of a saved search that it has not shown yet, the newest first.

        A copy of an article that it has shown is not new. The hits on the page are not shown again,
        unless `keep` is set. `limit` is the maximum number of hits, None for all. Raises
        OptionError if there is no such search, and the errors of `search`.
        """
        name = as_name(name)
        page = self._ask(_unseen, name, limit, passages)
        if not keep:
            shown = [each.id for hit in page.hits for each in (hit.article, *hit.copies)]
            with self._writing() as stores:
                _show(stores, name, shown, now())
        return page

    def feed(self, name: str, *, limit: int = 100) -> bytes:
        """Return an Atom feed of the articles that a saved search has shown, the latest first.

        Raises OptionError if there is no such search, and the errors of `search`.
        """
        from .exporters.atom import atom

        name = as_name(name)
        check_count("limit", limit)
        saved, hits, latest = self._ask(_seen, name, limit)
        return atom(saved, [(hits[each], at) for each, at in latest.items() if each in hits])

    def forget(self, name: str) -> None:
        """Delete a saved search. Raises OptionError if there is none of this name."""
        name = as_name(name)
        self._ask(_request, name)
        with self._writing() as stores:
            for store in stores:
                store.saved.forget(name)


def _all(source: Source) -> tuple[SavedSearch, ...]:
    from .store.saved_searches import SavedSearches

    with opened(source) as collection:
        return SavedSearches(collection.names).all()


def _request(source: Source, name: str) -> Request:
    from .store.saved_searches import SavedSearches

    with opened(source) as collection:
        return saved_request(SavedSearches(collection.names).get(name))


def _unseen(source: Source, name: str, limit: int | None, passages: int) -> Page:
    from .store.saved_searches import shown_in

    with opened(source) as collection:
        request = _request(collection, name)
        most = 2**31 - 1 if limit is None else limit
        shown = frozenset(shown_in(collection.connections, name))
        request = replace(request, limit=most, passages=passages, without=shown)
        return search(collection, request)


def _seen(
    source: Source, name: str, limit: int
) -> tuple[SavedSearch, Mapping[int, Hit], Mapping[int, str]]:
    """Return a saved search and the latest articles it has shown: hits, and times of finding."""
    from .store.saved_searches import SavedSearches, shown_in

    with opened(source) as collection:
        saved = SavedSearches(collection.names).get(name)
        latest = dict(islice(shown_in(collection.connections, name).items(), limit))
        request = replace(saved_request(saved), among=frozenset(latest), limit=limit)
        page = search(collection, request)
        return saved, {hit.article.id: hit for hit in page.hits}, latest


def _show(stores: Sequence[Store], name: str, articles: Iterable[int], at: str) -> None:
    """Record what a saved search has shown, inside a batch; article ids are unique over shards."""
    articles = tuple(articles)
    last = max(store.saved.last() for store in stores)
    for store in stores:
        store.saved.show(name, articles, at, last)
