"""How is a query answered, from its text to a page of hits?"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .articles import ARTICLE_COLUMNS
from .connection import Reader
from .facets import count_facets
from .folding import count_folded, fold_copies, with_copies
from .index import iso_day, open_index
from .lexicon import Lexicon
from .models import Article, Entity, Hit, Page, ScorePart, Suggestion
from .parser import parse
from .passages import MentionRow, PassageFinder
from .plan import Plan, make_plan
from .postings import Flags
from .query import Field, Query, Word
from .ranking import Ranked, Ranker
from .related import FEEDBACK, LEAST, more_words, plan_like
from .requests import Request
from .suggestions import LITTLE, Suggester, field_of, unknown_filters

ALL_WORDS_FIRST = 3
"""Queries of up to so many clauses put articles that have all of them first."""
HIT_ENTITIES = 10


def search(connection: sqlite3.Connection, request: Request) -> Page:
    """Answer a request from one archive, as it stands when the search begins."""
    started = time.perf_counter()
    with snapshot(connection):
        return Search(connection, request).page(started)


def survey(connection: sqlite3.Connection, request: Request) -> tuple[Page, Counter[str | None]]:
    """Answer a request, and count by day the articles with all that it asks."""
    started = time.perf_counter()
    with snapshot(connection):
        found = Search(connection, request)
        return found.page(started), found.days()


def search_like(connection: sqlite3.Connection, article: int, request: Request) -> Page:
    """Find what is about the same as an article; of the request the query is only told."""
    started = time.perf_counter()
    with snapshot(connection):
        return Search(connection, request, article).page(started)


def stream(connection: sqlite3.Connection, request: Request) -> Iterator[Hit]:
    """Yield every hit of a request from its offset on, as the archive stands at the first."""
    with snapshot(connection):
        yield from Search(connection, request).hits(None)


def days(connection: sqlite3.Connection, request: Request) -> Counter[str | None]:
    """Count the articles with all that is asked by the day of their publication."""
    with snapshot(connection):
        return Search(connection, request).days()


def found(connection: sqlite3.Connection, request: Request) -> list[int]:
    """Return the ids of the articles with all that is asked, copies too, in order of their ids."""
    request = replace(request, all_copies=True)
    with snapshot(connection):
        return [int(article) for article in Search(connection, request).full.articles]


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Read an archive as it stands now, whatever is written meanwhile."""
    if isinstance(connection, Reader):
        connection.give_way()
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


class Search:
    """One request, answered: which articles have what it asks, in order."""

    def __init__(
        self, connection: sqlite3.Connection, request: Request, like: int | None = None
    ) -> None:
        self._connection = connection
        self._request = request
        self._lexicon = Lexicon(connection)
        self.index = open_index(connection)
        self._ranker = Ranker(connection, self.index)
        self._query = parse(request.query)
        if like is None:
            self._plan = make_plan(self._query, self._lexicon, exact=request.exact)
        else:
            self._plan = plan_like(connection, self.index, self._lexicon, like)
        self._evidence = self._ranker.gather(self._plan)
        self._asked = self._evidence
        self._ranked = self._rank()
        if request.expand:
            self._expand()
        if like is not None:
            self._ranked = self._alike(like)
        self.full = self._ranked.only(~self._ranked.partial)
        """The hits with all that is asked, in order of their ids."""

    def _rank(self) -> Ranked:
        recent = self._request.recent
        ranked = self._ranker.rank(self._plan, self._evidence, self.allowed, recent=recent)
        return ranked if self._request.all_copies else fold_copies(self.index, ranked)

    def _expand(self) -> None:
        """Ask for more of what the best hits have, and rank again."""
        best = self._ranked.articles[self._order(self._ranked, FEEDBACK)].tolist()
        more = more_words(self._connection, self.index, self._lexicon, self._plan, best)
        self._evidence = (*self._asked, *self._ranker.gather(self._plan._replace(clauses=more)))
        self._plan = self._plan._replace(clauses=(*self._plan.clauses, *more))
        self._ranked = self._rank()

    @cached_property
    def allowed(self) -> Flags | None:
        """Return which articles may be hits, by id; None for all."""
        request = self._request
        allowed = request.filters.allowed(self.index, self._lexicon)
        for ids, inside in ((request.among, True), (request.without, False)):
            if ids is not None and (inside or ids):
                flags = np.zeros(self.index.size, np.bool_)
                flags[[each for each in ids if each < self.index.size]] = True
                flags = flags if inside else ~self._with_copies(flags)
                allowed = flags if allowed is None else allowed & flags
        return allowed

    def _with_copies(self, articles: Flags) -> Flags:
        return articles if self._request.all_copies else with_copies(self.index, articles)

    def _alike(self, article: int) -> Ranked:
        """Return those that answer what the article is known by, if not all of it; not itself.

        Nor its copies, unless they are asked for.
        """
        alone = np.zeros(self.index.size, np.bool_)
        alone[article] = True
        itself = self._ranker.rank(self._plan, self._evidence, alone).scores
        ranked = self._ranked.only(self._ranked.scores >= LEAST * itself.max(initial=0.0))
        ranked = ranked.only(~self._with_copies(alone)[ranked.articles])
        return Ranked(ranked.articles, ranked.scores, np.zeros(len(ranked.articles), np.bool_))

    def hits(self, limit: int | None) -> Iterator[Hit]:
        """Yield hits from the request's offset on, at most `limit` of them."""
        start = self._request.offset
        listed = self._ranked if self._request.match != "all" else self.full
        for at in self._order(listed, None if limit is None else start + limit)[start:].tolist():
            article, score = int(listed.articles[at]), float(listed.scores[at])
            yield self._hit(article, score, bool(listed.partial[at]))

    def days(self) -> Counter[str | None]:
        """Count the full hits by the day of their publication."""
        days, counts = np.unique(self.index.days[self.full.articles], return_counts=True)
        return Counter(dict(zip(map(iso_day, days.tolist()), counts.tolist(), strict=True)))

    def page(self, started: float) -> Page:
        """Return the request's page, which took the time since `started`."""
        request = self._request
        full = len(self.full.articles)
        partial = len(self._ranked.articles) - full if request.match != "all" else 0
        counted = self.full if full else self._ranked
        return Page(
            query=request.query,
            hits=tuple(self.hits(request.limit)),
            total=full,
            partial_total=partial,
            unknown=self._empty(),
            suggestions=self._suggestions(),
            facets=count_facets(self.index, request.facets, counted.articles),
            took_ms=(time.perf_counter() - started) * 1000,
            offset=request.offset,
            explanation=_explanation(self._query, self._plan) if request.explain else (),
        )

    def _order(self, listed: Ranked, limit: int | None) -> NDArray[np.intp]:
        """Return the places of the first hits, in order."""
        sort, match = self._request.sort, self._request.match
        if self._plan.everything and sort == "relevance":
            sort = "newest"
        days = self.index.days[listed.articles]
        if sort == "relevance":
            # The later of equals first.
            keys: tuple[Any, Any] = (-listed.scores, -days)
        else:
            undated = np.where(days, days, 99999999)
            keys = (undated if sort == "oldest" else -days, -listed.scores)
        few = len(self._plan.required) <= ALL_WORDS_FIRST
        if sort == "relevance" and not (match == "auto" and few):
            return _first(np.arange(len(days)), keys, limit)
        full, partial = np.flatnonzero(~listed.partial), np.flatnonzero(listed.partial)
        first = _first(full, keys, limit)
        rest = None if limit is None else limit - len(first)
        return np.concatenate((first, _first(partial, keys, rest)))

    @cached_property
    def _passages(self) -> PassageFinder:
        return PassageFinder(
            self._connection,
            [found.clause for found in self._asked],
            [self._ranker.idf(found) for found in self._asked],
        )

    def _hit(self, article_id: int, score: float, partial: bool) -> Hit:
        article = Article(
            *self._connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
        )
        first, last = self.index.paragraphs_of(article_id)
        named: list[MentionRow] = self._connection.execute(
            'SELECT paragraph_id, entity_id, start, "end" FROM mentions'
            " WHERE paragraph_id BETWEEN ? AND ? AND entity_id IS NOT NULL"
            " ORDER BY paragraph_id",
            (first, last),
        ).fetchall()
        return Hit(
            score=score,
            article=article,
            passages=self._passages.find(first, last, named, self._request.passages),
            entities=self._entities(named),
            partial=partial,
            copies=self._copies(article_id),
            explanation=self._explain(article_id) if self._request.explain else (),
        )

    def _copies(self, article_id: int) -> tuple[Article, ...]:
        """Return the other articles that a hit stands for, the original first."""
        grouped = self.index.grouped
        if self._request.all_copies or grouped is None or not grouped[article_id]:
            return ()
        rows = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles"
            " WHERE (id = :original OR duplicate_of = :original) AND id != :shown"
            " ORDER BY published IS NULL, published, id",
            {"original": int(self.index.originals[article_id]), "shown": article_id},
        )
        return tuple(Article(*row) for row in rows)

    def _explain(self, article_id: int) -> tuple[ScorePart, ...]:
        return self._ranker.explain(self._evidence, article_id, recent=self._request.recent)

    def _entities(self, named: list[MentionRow]) -> tuple[Entity, ...]:
        """Return the entities that are named most."""
        counts = Counter([row[1] for row in named])
        known = self.index.entities.about(counts)
        order = sorted(known, key=lambda number: (-counts[number], known[number].slug))
        return tuple(known[number].named(counts[number]) for number in order[:HIT_ENTITIES])

    def _empty(self) -> tuple[str, ...]:
        """Return what finds nothing in the whole archive, as it was typed."""
        if not any(clause.negated or not clause.optional for clause in self._plan.clauses):
            return ()
        unknown = [str(each) for each in self._plan.unknown]
        empty = (
            each.clause.label
            for each in self._asked
            if not each.articles and not any(word in each.clause.label for word in unknown)
        )
        return tuple(dict.fromkeys((*unknown, *empty, *map(str, self._unknown_filters))))

    @cached_property
    def _unknown_filters(self) -> tuple[Field, ...]:
        return unknown_filters(self._request.filters, self._lexicon)

    def _suggestions(self) -> tuple[Suggestion, ...]:
        """Return what else could have been meant, where something finds little."""
        plan = self._plan
        suggester = Suggester(self._lexicon, self.index, self._count)
        words = [each.text for each in plan.unknown if isinstance(each, Word)]
        items = [each for each in plan.unknown if isinstance(each, Field)]
        found = [*suggester.for_words(words)]
        found += suggester.for_fields([*items, *self._unknown_filters])
        if len(self.full.articles) <= LITTLE:
            found += suggester.for_rare(plan, [each.articles for each in self._asked])
        if not self._ranked.articles.size:
            found += self._without_filters()
        return tuple(dict.fromkeys(found))

    def _count(self, query: str) -> int:
        """Return how many articles have all that a query asks."""
        plan = make_plan(parse(query), self._lexicon)
        if len(plan.clauses) == 1 and not plan.clauses[0].negated:
            articles = self._ranker.postings(plan.clauses[0].node).articles
        else:
            ranked = self._ranker.rank(plan, self._ranker.gather(plan), None)
            articles = ranked.only(~ranked.partial).articles
        return len(articles) if self._request.all_copies else count_folded(self.index, articles)

    def _without_filters(self) -> Iterator[Suggestion]:
        """Yield each filter without which there would be hits."""
        for name, value, others in self._request.filters.without_each():
            allowed = others.allowed(self.index, self._lexicon)
            ranked = self._ranker.rank(self._plan, self._evidence, allowed)
            if ranked.articles.size:
                found = ranked.articles
                count = len(found) if self._request.all_copies else count_folded(self.index, found)
                yield Suggestion(str(field_of(name, value)), "", count)


def _first(places: NDArray[np.intp], keys: tuple[Any, Any], limit: int | None) -> NDArray[np.intp]:
    """Return the first places in order of two keys, and then of the places themselves."""
    first, second = (key[places] for key in keys)
    if limit is not None and limit < len(places):
        if limit <= 0:
            return places[:0]
        # All that might be among them: sorting is for few.
        kept = first <= np.partition(first, limit - 1)[limit - 1]
        places, first, second = places[kept], first[kept], second[kept]
    return places[np.lexsort((places, second, first))][:limit]
