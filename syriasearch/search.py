"""How is a query answered, from its text to a page of hits?"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from itertools import islice

from .articles import ARTICLE_COLUMNS
from .facets import count_facets
from .lexicon import Lexicon
from .models import Article, Entity, Hit, Page, Suggestion
from .parser import parse
from .passages import PassageFinder
from .plan import Plan, make_plan
from .query import Field, Query, Word
from .ranking import Candidate, Ranker
from .requests import Request
from .suggestions import LITTLE, Suggester, field_of, unknown_filters

ALL_WORDS_FIRST = 3
"""Queries of up to so many clauses put articles that have all of them first."""
HIT_ENTITIES = 10


def search(connection: sqlite3.Connection, request: Request) -> Page:
    """Answer a request from one archive, as it stands when the search begins."""
    started = time.perf_counter()
    with _snapshot(connection):
        return _Search(connection, request).page(started)


def stream(connection: sqlite3.Connection, request: Request) -> Iterator[Hit]:
    """Yield every hit of a request from its offset on, as the archive stands at the first."""
    with _snapshot(connection):
        yield from _Search(connection, request).hits(None)


def days(connection: sqlite3.Connection, request: Request) -> list[str | None]:
    """Return the days on which the articles with all that is asked were published."""
    with _snapshot(connection):
        return _Search(connection, request).days()


def found(connection: sqlite3.Connection, request: Request) -> list[int]:
    """Return the ids of the articles with all that is asked, in order of their ids."""
    with _snapshot(connection):
        return _Search(connection, request).found()


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _explanation(query: Query, plan: Plan) -> tuple[str, ...]:
    """Tell how a query was read: as what tree, what was left out, and what each clause finds."""
    lines = [f"read as: {query}"] if str(query) != query.text else []
    lines += [f"left out: {' '.join(query.ignored)}"] if query.ignored else []
    return (*lines, *(clause.describe() for clause in plan.clauses))


class _Search:
    """One request, answered: which articles have what it asks, in order."""

    def __init__(self, connection: sqlite3.Connection, request: Request) -> None:
        self._connection = connection
        self._request = request
        self._lexicon = Lexicon(connection)
        self._ranker = Ranker(connection)
        self._query = parse(request.query)
        self._plan = make_plan(self._query, self._lexicon, exact=request.exact)
        self._evidence = self._ranker.gather(self._plan)
        self._candidates = [
            each
            for each in self._ranker.rank(self._plan, self._evidence, self._allowed())
            if each.article_id not in request.without
        ]
        self._full = [each for each in self._candidates if not each.partial]

    def _allowed(self) -> frozenset[int] | None:
        """Return the articles that pass the filters, None for all."""
        allowed = self._request.filters.allowed(self._connection, self._lexicon)
        among = self._request.among
        return among if allowed is None else allowed if among is None else allowed & among

    def hits(self, limit: int | None) -> Iterator[Hit]:
        """Yield hits from the request's offset on, at most `limit` of them."""
        start = self._request.offset
        stop = None if limit is None else start + limit
        for candidate in islice(self._ordered, start, stop):
            yield self._hit(candidate)

    def found(self) -> list[int]:
        """Return the id of each full hit."""
        return sorted(candidate.article_id for candidate in self._full)

    def days(self) -> list[str | None]:
        """Return the day of each full hit."""
        return [self._published[candidate.article_id] for candidate in self._full]

    def page(self, started: float) -> Page:
        """Return the request's page, which took the time since `started`."""
        request = self._request
        counted = (each.article_id for each in self._full or self._candidates)
        return Page(
            query=request.query,
            hits=tuple(self.hits(request.limit)),
            total=len(self._full),
            partial_total=len(self._ordered) - len(self._full),
            unknown=self._empty(),
            suggestions=self._suggestions(),
            facets=count_facets(self._connection, request.facets, counted),
            took_ms=(time.perf_counter() - started) * 1000,
            offset=request.offset,
            explanation=_explanation(self._query, self._plan) if request.explain else (),
        )

    @cached_property
    def _ordered(self) -> list[Candidate]:
        """The hits that are listed, in order."""
        sort, match = self._request.sort, self._request.match
        if self._plan.everything and sort == "relevance":
            sort = "newest"
        undated = "9999" if sort == "oldest" else ""
        # Sorts are stable: relevance is the tie-break of dates, and the date that of relevance.
        candidates = sorted(
            self._full if match == "all" else self._candidates,
            key=lambda candidate: self._published[candidate.article_id] or undated,
            reverse=sort != "oldest",
        )
        if sort == "relevance":
            candidates.sort(key=lambda candidate: -candidate.score)
        few = len(self._plan.required) <= ALL_WORDS_FIRST
        if sort != "relevance" or (match == "auto" and few):
            candidates.sort(key=lambda candidate: candidate.partial)
        return candidates

    @cached_property
    def _passages(self) -> PassageFinder:
        return PassageFinder(
            self._connection,
            [found.clause for found in self._evidence.found],
            self._ranker.idf(self._evidence),
        )

    @cached_property
    def _published(self) -> dict[int, str | None]:
        return dict(self._connection.execute("SELECT id, published FROM articles"))

    def _hit(self, candidate: Candidate) -> Hit:
        article_id = candidate.article_id
        article = Article(
            *self._connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
        )
        return Hit(
            score=candidate.score,
            article=article,
            passages=self._passages.find(article_id, self._request.passages),
            entities=self._entities(article_id),
            partial=candidate.partial,
            explanation=self._ranker.explain(self._evidence, article_id)
            if self._request.explain
            else (),
        )

    def _entities(self, article_id: int) -> tuple[Entity, ...]:
        rows = self._connection.execute(
            "SELECT slug, name, type, description, wikidata, latitude, longitude, count(*)"
            " FROM paragraphs CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
            " CROSS JOIN entities ON entities.id = mentions.entity_id"
            " WHERE article_id = ? GROUP BY entities.id ORDER BY count(*) DESC, slug LIMIT ?",
            (article_id, HIT_ENTITIES),
        )
        return tuple(Entity(*row) for row in rows)

    def _empty(self) -> tuple[str, ...]:
        """Return what finds nothing in the whole archive, as it was typed."""
        if not any(clause.negated or not clause.stop for clause in self._plan.clauses):
            return ()
        unknown = [str(each) for each in self._plan.unknown]
        empty = (
            each.clause.label
            for each in self._evidence.found
            if not each.frequencies and not any(word in each.clause.label for word in unknown)
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
        if len(self._full) <= LITTLE:
            counts = [len(each.frequencies) for each in self._evidence.found]
            found += suggester.for_rare(plan, counts)
        if not self._candidates:
            found += self._without_filters()
        return tuple(dict.fromkeys(found))

    def _count(self, query: str) -> int:
        """Return how many articles have all that a query asks."""
        plan = make_plan(parse(query), self._lexicon)
        candidates = self._ranker.rank(plan, self._ranker.gather(plan), None)
        return sum(not each.partial for each in candidates)

    def _without_filters(self) -> Iterator[Suggestion]:
        """Yield each filter without which there would be hits."""
        filters = self._request.filters
        for name, value in filters.given.items():
            allowed = replace(filters, **{name: None}).allowed(self._connection, self._lexicon)
            candidates = self._ranker.rank(self._plan, self._evidence, allowed)
            if candidates:
                yield Suggestion(str(field_of(name, value)), "", len(candidates))
