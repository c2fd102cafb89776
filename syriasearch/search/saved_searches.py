"""Saved searches: queries kept under a name, and what they find that they have not shown yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..errors import OptionError
from ..exporters.atom import atom
from ..models.options import as_text, check_count
from ..models.page import Page
from ..store.saved_searches import SavedSearch, SavedSearchTable, shown_in
from ..text.dates import now
from .collection import Collection
from .query.filters import Filters
from .query.request import FilterOptions, SearchRequest, make_request
from .searcher import full_ids, search

if TYPE_CHECKING:
    from typing_extensions import Unpack

Answer = TypeVar("Answer", covariant=True)


class Ask(Protocol):
    """Returns what a function finds in an archive, read in one snapshot."""

    def __call__(
        self, question: Callable[[Collection], Answer], *, in_part: bool = False
    ) -> Answer:
        """Call the function; `in_part` is whether archives that do not answer may be left out."""


class Writer(Protocol):
    """A writer of an archive, or of a shard."""

    @property
    def saved(self) -> SavedSearchTable:
        """The saved searches that it writes."""


class SavedSearches:
    """The saved searches of an archive: save, list, look for what is new, forget."""

    def __init__(
        self, ask: Ask, batch: Callable[[], AbstractContextManager[Sequence[Writer]]]
    ) -> None:
        self._ask = ask
        self._batch = batch

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

        See `Archive.save`.
        """
        name = _as_name(name)
        flags = {"exact": exact, "all_copies": all_copies}
        request = make_request(query, filters, **flags)
        saved_at = now()
        options = {**request.filters.given, **{each: True for each in flags if flags[each]}}
        saved = SavedSearch(name, request.query, options, saved_at, saved_at)
        articles = self._ask(partial(full_ids, request=request))
        with self._batch() as writers:
            for writer in writers:
                writer.saved.add(saved)
            _show(writers, name, articles, saved_at)
        return saved

    def list(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, by name."""
        return self._ask(lambda collection: SavedSearchTable(collection.names).all())

    def new(
        self, name: str, *, limit: int | None = None, passages: int = 3, keep: bool = False
    ) -> Page:
        """Return the hits of a saved search that it has not shown yet, the newest first.

        See `Archive.new`.
        """
        name = _as_name(name)

        def unseen(collection: Collection) -> Page:
            request = _request(collection, name)
            shown = frozenset(shown_in(collection.connections, name))
            max_hits = 2**31 - 1 if limit is None else limit
            request = replace(request, limit=max_hits, passages=passages, exclude_ids=shown)
            return search(collection, request)

        page = self._ask(unseen, in_part=True)
        if not keep:
            shown = [each.id for hit in page.hits for each in (hit.article, *hit.copies)]
            with self._batch() as writers:
                _show(writers, name, shown, now())
        return page

    def feed(self, name: str, *, limit: int = 100) -> bytes:
        """Return an Atom feed of the articles that a saved search has shown, the latest first."""
        name = _as_name(name)
        check_count("limit", limit)

        def shown(collection: Collection) -> bytes:
            saved = SavedSearchTable(collection.names).get(name)
            latest = dict(islice(shown_in(collection.connections, name).items(), limit))
            request = replace(request_of(saved), only_ids=frozenset(latest), limit=limit)
            hits = {hit.article.id: hit for hit in search(collection, request).hits}
            return atom(saved, [(hits[each], at) for each, at in latest.items() if each in hits])

        return self._ask(shown)

    def forget(self, name: str) -> None:
        """Delete a saved search. Raises OptionError if there is none of this name."""
        name = _as_name(name)
        self._ask(partial(_request, name=name))
        with self._batch() as writers:
            for writer in writers:
                writer.saved.forget(name)


def _as_name(text: str) -> str:
    """Return the name of a saved search, on one line. Raises OptionError if it is empty."""
    name = " ".join(as_text("name", text).split())
    if not name:
        raise OptionError("a saved search needs a name")
    return name


def _request(collection: Collection, name: str) -> SearchRequest:
    """Return the request of a saved search. Raises OptionError if there is none of this name."""
    return request_of(SavedSearchTable(collection.names).get(name))


def request_of(saved: SavedSearch) -> SearchRequest:
    """Return the request of a saved search: full matches only, the newest first."""
    known = {*Filters._fields, "exact", "all_copies"}
    options = {name: value for name, value in saved.options.items() if name in known}
    return make_request(saved.query, **options, match="all", sort="newest")


def _show(writers: Sequence[Writer], name: str, articles: Iterable[int], at: str) -> None:
    """Record what a saved search has shown, inside a batch; article ids are unique over shards."""
    articles = tuple(articles)
    last = max(writer.saved.last() for writer in writers)
    for writer in writers:
        writer.saved.show(name, articles, at, last)
