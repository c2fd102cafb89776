"""How is a query answered, from its text to a page of hits?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from .articles import find_article
from .census import Tally
from .collection import Collection, Source, opened
from .facets import check_facets, make_facets
from .models import Hit, Page, Suggestion
from .parser import parse
from .plan import Plan, make_plan
from .query import Field, Query, Word
from .ranking import Spread
from .related import FEEDBACK, LEAST, more_words, plan_like
from .requests import Request
from .shares import Listed, Share, joined
from .suggestions import LITTLE, Suggester, field_of, unknown_filters


def search(source: Source, request: Request) -> Page:
    """Answer a request from one archive, as it stands when the search begins; or from several."""
    started = time.perf_counter()
    with opened(source) as collection:
        return Search(collection, request).page(started)


def survey(source: Source, request: Request) -> tuple[Page, Counter[str | None]]:
    """Answer a request, and count by day the articles with all that it asks."""
    started = time.perf_counter()
    with opened(source) as collection:
        found = Search(collection, request)
        return found.page(started), found.days()


def search_like(source: Source, slug: str, request: Request) -> Page:
    """Find what is about the same as an article, which takes the place of a request's query.

    Raises ArticleNotFoundError.
    """
    started = time.perf_counter()
    with opened(source) as collection:
        article, _ = find_article(collection, slug)
        request = replace(request, query=article.slug)
        return Search(collection, request, article.id).page(started)


def stream(source: Source, request: Request) -> Iterator[Hit]:
    """Yield every hit of a request from its offset on, as the archive stands at the first."""
    with opened(source) as collection:
        yield from Search(collection, request).hits(None)


def days(source: Source, request: Request) -> Counter[str | None]:
    """Count the articles with all that is asked by the day of their publication."""
    with opened(source) as collection:
        return Search(collection, request).days()


def found(source: Source, request: Request) -> list[int]:
    """Return the ids of the articles with all that is asked, copies too, in order of their ids."""
    request = replace(request, all_copies=True)
    with opened(source) as collection:
        return [int(each) for each in Search(collection, request).listed(full=True).ranked.articles]


def _explanation(query: Query, plan: Plan) -> tuple[str, ...]:
    """Tell how a query was read: as what tree, what was left out, and what each clause finds."""
    lines = [f"read as: {query}"] if str(query) != query.text else []
    lines += [f"left out: {' '.join(query.ignored)}"] if query.ignored else []
    return (*lines, *(clause.describe() for clause in plan.clauses))


class Search:
    """One request, answered: which articles have what it asks, in order."""

    def __init__(self, collection: Collection, request: Request, like: int | None = None) -> None:
        self._collection = collection
        self._request = request
        self._lexicon = collection.lexicon
        self._query = parse(request.query)
        self._bearing = request.filters.bearing(self._lexicon)
        if like is None:
            self._plan = make_plan(self._query, self._lexicon, exact=request.exact)
        else:
            self._plan = plan_like(collection, like)
        self.shares = tuple(
            Share(connection, index, collection.totals, request, self._bearing)
            for connection, index in zip(collection.connections, collection.indexes, strict=True)
        )
        self._asked = self._plan.scored
        """What was asked, without what a search adds."""
        self._spreads = self._gather(self._plan)
        self._rank()
        if request.expand:
            self._expand()
        if like is not None:
            self._keep_alike(like)

    def _gather(self, plan: Plan) -> tuple[Spread, ...]:
        each, *others = (share.gather(plan) for share in self.shares)
        for other in others:
            each = tuple(one + two for one, two in zip(each, other, strict=True))
        return each

    def _rank(self) -> None:
        self._count_hits(share.rank(self._plan, self._spreads) for share in self.shares)

    def _count_hits(self, counts: Iterable[tuple[int, int]]) -> None:
        self.total, self._partial = map(sum, zip(*counts, strict=True))

    def _expand(self) -> None:
        """Ask for more of what the best hits have, and rank again."""
        listed = self._first(FEEDBACK, full=False)
        more = more_words(self._collection, self._plan, listed.ranked.articles.tolist())
        self._spreads = (*self._spreads, *self._gather(self._plan._replace(clauses=more)))
        self._plan = self._plan._replace(clauses=(*self._plan.clauses, *more))
        self._rank()

    def _keep_alike(self, article: int) -> None:
        """Keep those that answer what the article is known by, if not all of it; not itself.

        Nor its copies, unless they are asked for.
        """
        own = self.shares[self._collection.place_of(article)]
        least = np.float32(LEAST * own.score_of(self._plan, article))
        self._count_hits(share.keep_alike(article, least) for share in self.shares)

    def listed(self, *, full: bool) -> Listed:
        """Return all hits, or those with all that is asked, in order of their ids."""
        return joined([share.listed(full=full) for share in self.shares])

    def _first(self, limit: int | None, *, full: bool) -> Listed:
        """Return the first hits, in order."""
        each = [share.listed(full=full) for share in self.shares]
        if len(each) > 1:
            # Of each archive those that may be among them, in order of their ids.
            each = [one.only(np.sort(one.first(self._request, self._plan, limit))) for one in each]
        listed = joined(each)
        return listed.only(listed.first(self._request, self._plan, limit))

    def hits(self, limit: int | None) -> Iterator[Hit]:
        """Yield hits from the request's offset on, at most `limit` of them."""
        start = self._request.offset
        behind = None if limit is None else start + limit
        ranked = self._first(behind, full=self._request.match == "all").ranked
        columns = (each[start:].tolist() for each in ranked)
        for article, score, partial in zip(*columns, strict=True):
            own = self.shares[self._collection.place_of(article)]
            yield own.hit(self._asked, article, score, partial)

    def days(self) -> Counter[str | None]:
        """Count the full hits by the day of their publication."""
        return sum((share.days() for share in self.shares), Counter())

    def tallies(self) -> list[Tally]:
        """Count the entities that the full hits name, archive by archive."""
        return [share.tally() for share in self.shares]

    def page(self, started: float) -> Page:
        """Return the request's page, which took the time since `started`."""
        request = self._request
        names = check_facets(request.facets)
        counted = [share.facets(names, full=bool(self.total)) for share in self.shares]
        return Page(
            query=request.query,
            hits=tuple(self.hits(request.limit)),
            total=self.total,
            partial_total=self._partial if request.match != "all" else 0,
            unknown=self._empty(),
            suggestions=self._suggestions(),
            facets=make_facets(names, counted, self._collection.entities),
            took_ms=(time.perf_counter() - started) * 1000,
            offset=request.offset,
            explanation=_explanation(self._query, self._plan) if request.explain else (),
            missing_shards=self._collection.missing,
        )

    def _empty(self) -> tuple[str, ...]:
        """Return what finds nothing in the whole archive, as it was typed."""
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
        """Return what else could have been meant, where something finds little."""
        plan = self._plan
        suggester = Suggester(self._lexicon, self._count)
        words = [each.text for each in plan.unknown if isinstance(each, Word)]
        items = [each for each in plan.unknown if isinstance(each, Field)]
        found = [*suggester.for_words(words)]
        found += suggester.for_fields([*items, *self._unknown_filters])
        if self.total <= LITTLE:
            found += suggester.for_rare(plan, [each.articles for each in self._spreads])
        if not self.total + self._partial:
            found += self._without_filters()
        return tuple(dict.fromkeys(found))

    def _count(self, query: str) -> int:
        """Return how many articles have all that a query asks."""
        plan = make_plan(parse(query), self._lexicon)
        return sum(share.count(plan) for share in self.shares)

    def _without_filters(self) -> Iterator[Suggestion]:
        """Yield each filter without which there would be hits."""
        counts = zip(
            *(share.count_without_filters(self._plan) for share in self.shares), strict=True
        )
        filters = self._request.filters.without_each()
        for (name, value, _), count in zip(filters, counts, strict=True):
            if sum(count):
                yield Suggestion(str(field_of(name, value)), "", sum(count))
