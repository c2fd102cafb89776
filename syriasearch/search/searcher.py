"""The searcher: from the text of a query to a page of hits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..entities.counts import EntityCounts
from ..models.page import Hit, Page, Suggestion
from .article import find_article
from .calls import Call, call
from .collection import Collection, Source, opened
from .facets import check_facets, make_facets
from .more_like_this import FEEDBACK, MIN_SCORE_RATIO, expand_query, plan_from_article
from .query.parser import parse
from .query.planner import Plan, make_plan
from .query.request import SearchRequest
from .query.syntax import Field, Query, Word
from .scoring import ScoredDocs, TermStatistics
from .shard_searcher import joined, open_searchers
from .suggestions import LITTLE, Suggester, field_of, unknown_filters

AT_ONCE = 20
"""The number of hits read at a time, if a page has more."""
_Some = list[tuple[int, float, bool, int]]


def search(source: Source, request: SearchRequest) -> Page:
    """Return the page that answers a request, from one archive or several, in one snapshot.

    Raises QuerySyntaxError for a query, and OptionError for a filter or facet, that cannot be used.
    """
    started = time.perf_counter()
    with opened(source) as collection:
        return Searcher(collection, request).page(started)


def survey(source: Source, request: SearchRequest) -> tuple[Page, Counter[str | None]]:
    """Return the page that answers a request, and the number of full hits by day of publication.

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    started = time.perf_counter()
    with opened(source) as collection:
        found = Searcher(collection, request)
        return found.page(started), found.days()


def search_like(source: Source, slug: str, request: SearchRequest) -> Page:
    """Return the articles that are similar to one, which takes the place of the request's query.

    Raises ArticleNotFoundError, and OptionError as `search` does.
    """
    started = time.perf_counter()
    with opened(source) as collection:
        article, place = find_article(collection, slug)
        request = replace(request, query=article.slug)
        return Searcher(collection, request, (article.id, place)).page(started)


def stream(source: Source, request: SearchRequest) -> Iterator[Hit]:
    """Yield every hit of a request from its offset on, all from the snapshot of the first one.

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    with opened(source) as collection:
        yield from Searcher(collection, request).hits(None)


def days(source: Source, request: SearchRequest) -> Counter[str | None]:
    """Return the number of full hits by day of publication (None for undated articles).

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    with opened(source) as collection:
        return Searcher(collection, request).days()


def found(source: Source, request: SearchRequest) -> list[int]:
    """Return the sorted ids of the full hits, copies included.

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    request = replace(request, all_copies=True)
    with opened(source) as collection:
        return Searcher(collection, request).listed()


def _explanation(query: Query, plan: Plan) -> tuple[str, ...]:
    """Return how a query was understood: its tree, what was left out, and each clause."""
    lines = [f"read as: {query}"] if str(query) != query.text else []
    lines += [f"left out: {' '.join(query.ignored)}"] if query.ignored else []
    return (*lines, *(clause.describe() for clause in plan.clauses))


class Searcher:
    """One request and its hits, in order.

    A call to the shard searchers whose result is not needed yet is sent along with the next one: if
    other processes hold the archives, each message costs time.
    """

    def __init__(
        self, collection: Collection, request: SearchRequest, like: tuple[int, int] | None = None
    ) -> None:
        """Find the hits; `like` is an article to compare with: its id and its archive's index."""
        self._collection = collection
        self._request = request
        self._lexicon = collection.lexicon
        self._query = parse(request.query)
        self._bearing = request.filters.bearing(self._lexicon)
        if like is None:
            self._plan = make_plan(self._query, self._lexicon, exact=request.exact)
        else:
            self._plan = plan_from_article(collection, *like)
        self._shares = open_searchers(collection, request, self._bearing)
        self._asked = self._plan.scored
        """The clauses of the query itself, before any expansion."""
        self._spreads = self._gather(self._plan)
        self._counts: tuple[int, int] | None = None
        self._rank()
        if request.expand:
            self._expand()
        if like is not None:
            self._keep_alike(*like)

    def _gather(self, plan: Plan) -> tuple[TermStatistics, ...]:
        each, *others = self._shares.each("gather", plan)
        for other in others:
            each = tuple(one + two for one, two in zip(each, other, strict=True))
        spreads: tuple[TermStatistics, ...] = each
        return spreads

    def _rank(self) -> None:
        """Have the shard searchers rank their postings with the next call to them."""
        self._next = call("rank", self._plan, self._spreads, self._collection.totals)
        self._counts = None

    def each(self, method: str, *arguments: Any) -> list[Any]:
        """Call a method of every shard searcher and return the results, by archive."""
        if self._counts is not None:
            return self._shares.each(method, *arguments)
        counts, answers = self._shares.all(self._next, call(method, *arguments))
        self._count_hits(counts)
        return answers

    def _counted(self) -> tuple[int, int]:
        """Return the numbers of full and of partial hits."""
        if self._counts is None:
            (counts,) = self._shares.all(self._next)
            self._count_hits(counts)
        return self._counts or (0, 0)

    def _count_hits(self, counts: Iterable[tuple[int, int]]) -> None:
        full, partial = map(sum, zip(*counts, strict=True))
        self._counts = full, partial

    @property
    def total(self) -> int:
        """The number of full hits."""
        return self._counted()[0]

    @property
    def _partial(self) -> int:
        return self._counted()[1]

    def _expand(self) -> None:
        """Expand the query with words of the best hits, and rank again."""
        ranked, places = self._first(FEEDBACK, full=False)
        best = zip(ranked.articles.tolist(), places.tolist(), strict=True)
        more = expand_query(self._collection, self._plan, best)
        self._spreads = (*self._spreads, *self._gather(self._plan._replace(clauses=more)))
        self._plan = self._plan._replace(clauses=(*self._plan.clauses, *more))
        self._rank()

    def _keep_alike(self, article: int, place: int) -> None:
        """Keep the articles that reach LEAST of the score of a given article.

        The article itself is dropped, and so are its copies unless all copies are requested.
        """
        self._counted()
        least = np.float32(
            MIN_SCORE_RATIO * self._shares.one(place, "score_of", self._plan, article)
        )
        self._next = call("keep_alike", article, least)
        self._counts = None

    def listed(self) -> list[int]:
        """Return the sorted ids of all full hits."""
        each = self.each("listed", True)
        return sorted(int(article) for some in each for article in some.ranked.articles)

    def _first(self, limit: int | None, *, full: bool) -> tuple[ScoredDocs, NDArray[np.intp]]:
        """Return the top hits, in order, and the indexes of the archives that have them."""
        each = self.each("first", self._plan, limit, full)
        if len(each) == 1:
            return each[0].ranked, np.zeros(len(each[0].days), np.intp)
        listed, places = joined(each)
        order = listed.first(self._request, self._plan, limit)
        return listed.ranked.only(order), places[order]

    def hits(self, limit: int | None) -> Iterator[Hit]:
        """Yield hits from the request's offset on, at most `limit` of them."""
        for some in self._some_hits(limit):
            yield from self._read(some)[0]

    def _some_hits(self, limit: int | None) -> Iterator[_Some]:
        """Yield hits in batches of AT_ONCE.

        Each hit is its id, its score, whether it is partial, and the index of its archive.
        """
        start = self._request.offset
        behind = None if limit is None else start + limit
        ranked, places = self._first(behind, full=self._request.match == "all")
        columns = [*ranked, places]
        for first in range(start, len(places), AT_ONCE):
            some = (column[first : first + AT_ONCE].tolist() for column in columns)
            yield list(zip(*some, strict=True))

    def _read(self, some: _Some, *more: Call) -> tuple[list[Hit], list[list[Any]]]:
        """Return some complete hits, and the results of further calls to all shard searchers."""
        wanted: dict[int, list[Any]] = {}
        for *hit, place in some:
            wanted.setdefault(place, []).append(tuple(hit))
        asked = {
            place: (*more, *([call("hits", self._asked, wanted[place])] if place in wanted else ()))
            for place in (range(self._shares.number) if more else wanted)
        }
        answers = self._shares.ask(asked)
        read = {place: iter(answers[place][-1]) for place in wanted}
        told = [[answers[place][at] for place in answers] for at in range(len(more))]
        return [next(read[place]) for *_, place in some], told

    def days(self) -> Counter[str | None]:
        """Return the number of full hits by day of publication."""
        return sum(self.each("days"), Counter())

    def tallies(self) -> list[EntityCounts]:
        """Return the entity counts of the full hits, by archive."""
        return self.each("tally")

    def page(self, started: float) -> Page:
        """Return the page of hits that the request asks for.

        `started` is the time, in seconds of `time.perf_counter`, from which its duration is
        measured. Raises OptionError for an unknown facet.
        """
        request = self._request
        names = check_facets(request.facets)
        some_hits = self._some_hits(request.limit)
        some = next(some_hits, [])
        counting = [call("facets", names, bool(self.total))] if names else []
        hits, counted = self._read(some, *counting)
        for some in some_hits:
            hits += self._read(some)[0]
        return Page(
            query=request.query,
            hits=tuple(hits),
            total=self.total,
            partial_total=self._partial if request.match != "all" else 0,
            unknown=self._empty(),
            suggestions=self._suggestions(),
            facets=make_facets(names, counted[0], self._collection.entities) if names else (),
            took_ms=(time.perf_counter() - started) * 1000,
            offset=request.offset,
            explanation=_explanation(self._query, self._plan) if request.explain else (),
            archive_total=self._collection.totals.articles,
            missing_shards=self._collection.missing,
        )

    def _empty(self) -> tuple[str, ...]:
        """Return the parts of the query, and the filters, that match nothing in the archive."""
        if not any(clause.negated or not clause.optional for clause in self._plan.clauses):
            return ()
        unknown = [str(each) for each in self._plan.unknown]
        empty = (
            clause.label
            for clause, spread in zip(self._asked, self._spreads, strict=False)
            if not spread.articles and not any(word in clause.label for word in unknown)
        )
        return tuple(dict.fromkeys((*unknown, *empty, *map(str, self._unknown_filters))))

    @cached_property
    def _unknown_filters(self) -> tuple[Field, ...]:
        return unknown_filters(self._request.filters, self._lexicon)

    def _suggestions(self) -> tuple[Suggestion, ...]:
        """Return alternatives for the parts of the query that find little."""
        plan = self._plan
        suggester = Suggester(self._lexicon, self._count)
        words = [each.text for each in plan.unknown if isinstance(each, Word)]
        items = [each for each in plan.unknown if isinstance(each, Field)]
        found = [*suggester.for_words(words)]
        found += suggester.for_fields([*items, *self._unknown_filters])
        if self.total <= LITTLE:
            found += suggester.for_rare(plan, [each.articles for each in self._spreads])
        if not sum(self._counted()):
            found += self._without_filters()
        return tuple(dict.fromkeys(found))

    def _count(self, query: str) -> int:
        """Return the number of full hits of a query."""
        plan = make_plan(parse(query), self._lexicon)
        return sum(self.each("count", plan))

    def _without_filters(self) -> Iterator[Suggestion]:
        """Yield each filter whose removal would give hits."""
        counts = zip(*self.each("without_filters", self._plan), strict=True)
        filters = self._request.filters.without_each()
        for (name, value, _), count in zip(filters, counts, strict=True):
            if sum(count):
                yield Suggestion(str(field_of(name, value)), "", sum(count))
