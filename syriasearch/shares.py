"""What does one archive have of what a search asks: which of its articles, in which order?

A search over several archives asks each for its share. What is asked and answered is small (a plan,
totals, the first hits), so that an archive may as well be held by another process.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .articles import ARTICLE_COLUMNS
from .census import Tally, flags_at, tally
from .facets import Tallies, tally_facets
from .filters import Bearing
from .folding import count_folded, fold_copies, with_copies
from .index import Index, iso_day
from .models import Article, Entity, Hit, ScorePart
from .passages import MentionRow, PassageFinder
from .plan import Clause, Plan
from .postings import Flags, Ids
from .ranking import Found, Ranked, Ranker, Spread, Totals
from .requests import Request

ALL_WORDS_FIRST = 3
"""Queries of up to so many clauses put articles that have all of them first."""
HIT_ENTITIES = 10


class Listed(NamedTuple):
    """Hits, in order of their ids, with the days of their publication."""

    ranked: Ranked
    days: Ids

    def only(self, kept: NDArray[Any]) -> Listed:
        """Return some of them."""
        return Listed(self.ranked.only(kept), self.days[kept])

    def first(self, request: Request, plan: Plan, limit: int | None) -> NDArray[np.intp]:
        """Return the places of the first hits, in order."""
        sort, match = request.sort, request.match
        if plan.everything and sort == "relevance":
            sort = "newest"
        days, scores, partial = self.days, self.ranked.scores, self.ranked.partial
        if sort == "relevance":
            # The later of equals first.
            keys: tuple[Any, Any] = (-scores, -days)
        else:
            undated = np.where(days, days, 99999999)
            keys = (undated if sort == "oldest" else -days, -scores)
        few = len(plan.required) <= ALL_WORDS_FIRST
        if sort == "relevance" and not (match == "auto" and few):
            return _first(np.arange(len(days)), keys, limit)
        first = _first(np.flatnonzero(~partial), keys, limit)
        rest = None if limit is None else limit - len(first)
        return np.concatenate((first, _first(np.flatnonzero(partial), keys, rest)))


def joined(some: Sequence[Listed]) -> Listed:
    """Return the hits of several archives as those of one, in order of their ids."""
    if len(some) == 1:
        return some[0]
    columns = zip(*((*each.ranked, each.days) for each in some), strict=True)
    articles, scores, partial, days = (np.concatenate(each) for each in columns)
    return Listed(Ranked(articles, scores, partial), days).only(np.argsort(articles))


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


class Share:
    """One archive's share of a search, in one snapshot."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        index: Index,
        totals: Totals,
        request: Request,
        bearing: Bearing,
    ) -> None:
        self.connection = connection
        self._request = request
        self._bearing = bearing
        self.index = index
        self._ranker = Ranker(connection, index, totals)
        self._evidence: tuple[Found, ...] = ()
        self._ranked = self.full = NOTHING

    def gather(self, clauses: Plan) -> tuple[Spread, ...]:
        """Find what clauses find, beside what was found, and tell how they are spread here."""
        found = self._ranker.gather(clauses)
        self._evidence = (*self._evidence, *found)
        return tuple(each.spread for each in found)

    def rank(self, plan: Plan, spreads: Sequence[Spread]) -> tuple[int, int]:
        """Rank what was found, by how each clause is spread over all archives.

        Return how many articles have all that is asked, and how many some of it.
        """
        self._evidence = tuple(
            found._replace(spread=spread)
            for found, spread in zip(self._evidence, spreads, strict=True)
        )
        recent = self._request.recent
        ranked = self._ranker.rank(plan, self._evidence, self.allowed, recent=recent)
        return self._keep(ranked if self._request.all_copies else fold_copies(self.index, ranked))

    def _keep(self, ranked: Ranked) -> tuple[int, int]:
        self._ranked = ranked
        self.full = ranked.only(~ranked.partial)
        return len(self.full.articles), len(ranked.articles) - len(self.full.articles)

    def score_of(self, plan: Plan, article: int) -> float:
        """Return how well an article answers, whether it may be a hit or not."""
        alone = np.zeros(self.index.size, np.bool_)
        alone[article] = True
        itself = self._ranker.rank(plan, self._evidence, alone).scores
        return float(itself.max(initial=0.0))

    def keep_alike(self, article: int, least: np.float32) -> tuple[int, int]:
        """Keep what answers at least so well, but for an article and, if asked, its copies."""
        ranked = self._ranked.only(self._ranked.scores >= least)
        if self.index.has(article):
            alone = np.zeros(self.index.size, np.bool_)
            alone[article] = True
            ranked = ranked.only(~self._with_copies(alone)[ranked.articles])
        return self._keep(ranked._replace(partial=np.zeros(len(ranked.articles), np.bool_)))

    @cached_property
    def allowed(self) -> Flags | None:
        """Return which articles may be hits, by id; None for all."""
        request = self._request
        allowed = request.filters.allowed(self.index, self._bearing)
        for ids, inside in ((request.among, True), (request.without, False)):
            if ids is not None and (inside or ids):
                flags = np.zeros(self.index.size, np.bool_)
                flags[[each for each in ids if self.index.has(each)]] = True
                flags = flags if inside else ~self._with_copies(flags)
                allowed = flags if allowed is None else allowed & flags
        return allowed

    def _with_copies(self, articles: Flags) -> Flags:
        return articles if self._request.all_copies else with_copies(self.index, articles)

    def listed(self, *, full: bool) -> Listed:
        """Return the hits, or those with all that is asked."""
        ranked = self.full if full else self._ranked
        return Listed(ranked, self.index.days[ranked.articles])

    def days(self) -> Counter[str | None]:
        """Count the full hits by the day of their publication."""
        days, counts = np.unique(self.index.days[self.full.articles], return_counts=True)
        return Counter(dict(zip(map(iso_day, days.tolist()), counts.tolist(), strict=True)))

    def facets(self, names: Sequence[str], *, full: bool) -> Tallies:
        """Count values over the hits, or over those with all that is asked."""
        return tally_facets(self.index, names, (self.full if full else self._ranked).articles)

    def tally(self) -> Tally:
        """Count the entities that the full hits name."""
        return tally(self.index, flags_at(self.index.size, self.full.articles))

    def count(self, plan: Plan) -> int:
        """Return how many articles have all that a plan asks."""
        if len(plan.clauses) == 1 and not plan.clauses[0].negated:
            articles = self._ranker.postings(plan.clauses[0].node).articles
        else:
            ranked = self._ranker.rank(plan, self._ranker.gather(plan), None)
            articles = ranked.only(~ranked.partial).articles
        return self._counted(articles)

    def count_without_filters(self, plan: Plan) -> Iterator[int]:
        """Yield how many hits there would be without each of the filters."""
        for _, _, others in self._request.filters.without_each():
            allowed = others.allowed(self.index, self._bearing)
            yield self._counted(self._ranker.rank(plan, self._evidence, allowed).articles)

    def _counted(self, articles: Ids) -> int:
        return len(articles) if self._request.all_copies else count_folded(self.index, articles)

    def hit(self, asked: Sequence[Clause], article_id: int, score: float, partial: bool) -> Hit:
        """Return a hit, whole: clauses are those that passages are chosen by."""
        article = Article(
            *self.connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
        )
        first, last = self.index.paragraphs_of(article_id)
        named: list[MentionRow] = self.connection.execute(
            'SELECT paragraph_id, entity_id, start, "end" FROM mentions'
            " WHERE paragraph_id BETWEEN ? AND ? AND entity_id IS NOT NULL"
            " ORDER BY paragraph_id",
            (first, last),
        ).fetchall()
        if self._passages is None:
            found = self._evidence[: len(asked)]
            weights = [self._ranker.idf(each.spread) for each in found]
            self._passages = PassageFinder(self.connection, asked, weights)
        return Hit(
            score=score,
            article=article,
            passages=self._passages.find(first, last, named, self._request.passages),
            entities=self._entities(named),
            partial=partial,
            copies=self._copies(article_id),
            explanation=self._explain(article_id) if self._request.explain else (),
        )

    _passages: PassageFinder | None = None

    def _copies(self, article_id: int) -> tuple[Article, ...]:
        """Return the other articles that a hit stands for, the original first."""
        grouped = self.index.grouped
        if self._request.all_copies or grouped is None or not grouped[article_id]:
            return ()
        rows = self.connection.execute(
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


NOTHING = Ranked(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.bool_))
