"""The searcher of one archive, or of one shard of a cluster.

A search over several archives calls the searcher of each. Arguments and results are small (a plan,
collection statistics, the top hits), so that the archive may be held by another process: every call
is to a method listed in `ASKED`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..entities.counts import (
    EntityCounts,
    Matrix,
    ambiguous_only,
    cooccurrence,
    count_entities,
    flags_at,
    paragraphs_of,
    paragraphs_shared,
    rows_of,
)
from ..index.postings import Flags, Ids
from ..index.reader import IndexReader, iso_day
from ..models.article import Article
from ..models.entity import Entity
from ..models.page import Hit, ScorePart
from .article import ARTICLE_COLUMNS
from .calls import Call, ShardSearchers
from .collapse import collapse_duplicates, count_folded, with_copies
from .collection import Collection
from .facets import Tallies, tally_facets
from .passages import MentionRow, PassageFinder
from .query.filters import Bearing
from .query.planner import Clause, Plan
from .query.request import SearchRequest
from .scoring import ClausePostings, CollectionStatistics, ScoredDocs, Scorer, TermStatistics

ALL_WORDS_FIRST = 3
"""The maximum number of clauses in a query that ranks full hits before partial ones."""
HIT_ENTITIES = 10
"""The maximum number of entities listed with a hit."""
ASKED = frozenset(
    "gather rank score_of keep_alike listed first days facets tally tally_all tally_allowed count"
    " without_filters hits surfaces edges only_shared paragraphs_shared".split()
)
"""The methods of a shard searcher that may be called by name."""


class TopDocs(NamedTuple):
    """Hits sorted by article id, with their days of publication.

    `days` is parallel to the arrays of `ranked`, as YYYYMMDD; 0 for an unknown day.
    """

    ranked: ScoredDocs
    days: Ids

    def only(self, kept: NDArray[Any]) -> TopDocs:
        """Return some of them, selected by flags or indexes."""
        return TopDocs(self.ranked.only(kept), self.days[kept])

    def first(self, request: SearchRequest, plan: Plan, limit: int | None) -> NDArray[np.intp]:
        """Return the indexes of the top hits, in order; all of them if `limit` is None."""
        sort, match = request.sort, request.match
        if plan.everything and sort == "relevance":
            sort = "newest"
        days, scores, partial = self.days, self.ranked.scores, self.ranked.partial
        if sort == "relevance":
            # Among equals the latest comes first.
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


def joined(some: Sequence[TopDocs]) -> tuple[TopDocs, NDArray[np.intp]]:
    """Merge the hits of several archives, sorted by id, with the index of each one's archive."""
    columns = zip(*((*each.ranked, each.days) for each in some), strict=True)
    articles, scores, partial, days = (np.concatenate(each) for each in columns)
    order = np.argsort(articles)
    places = np.repeat(np.arange(len(some)), [len(each.days) for each in some])
    return TopDocs(ScoredDocs(articles, scores, partial), days).only(order), places[order]


def _first(places: NDArray[np.intp], keys: tuple[Any, Any], limit: int | None) -> NDArray[np.intp]:
    """Return the first places, sorted by two keys and then by the places themselves."""
    first, second = (key[places] for key in keys)
    if limit is not None and limit < len(places):
        if limit <= 0:
            return places[:0]
        # Only candidates are sorted: those that may be among the first `limit` by the first key.
        kept = first <= np.partition(first, limit - 1)[limit - 1]
        places, first, second = places[kept], first[kept], second[kept]
    return places[np.lexsort((places, second, first))][:limit]


class ShardSearcher:
    """The searcher of one archive, in one snapshot."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        index: IndexReader,
        request: SearchRequest,
        bearing: Bearing,
    ) -> None:
        self._connection = connection
        self._request = request
        self._bearing = bearing
        self._index = index
        self._ranker = Scorer(connection, index, CollectionStatistics(0, 0.0, 0))
        self._evidence: tuple[ClausePostings, ...] = ()
        self._ranked = self._full = NOTHING

    def gather(self, clauses: Plan) -> tuple[TermStatistics, ...]:
        """Collect the postings of further clauses; return their term statistics here."""
        found = self._ranker.gather(clauses)
        self._evidence = (*self._evidence, *found)
        return tuple(each.spread for each in found)

    def rank(
        self, plan: Plan, spreads: Sequence[TermStatistics], totals: CollectionStatistics
    ) -> tuple[int, int]:
        """Rank the collected postings, with statistics over all archives.

        Returns the numbers of full and of partial hits.
        """
        self._ranker = Scorer(self._connection, self._index, totals)
        self._evidence = tuple(
            found._replace(spread=spread)
            for found, spread in zip(self._evidence, spreads, strict=True)
        )
        recent = self._request.recent
        ranked = self._ranker.rank(plan, self._evidence, self._allowed, recent=recent)
        return self._keep(
            ranked if self._request.all_copies else collapse_duplicates(self._index, ranked)
        )

    def _keep(self, ranked: ScoredDocs) -> tuple[int, int]:
        self._ranked = ranked
        self._full = ranked.only(~ranked.partial)
        return len(self._full.articles), len(ranked.articles) - len(self._full.articles)

    def score_of(self, plan: Plan, article: int) -> float:
        """Return the score of an article, whether or not it may be a hit."""
        alone = np.zeros(self._index.size, np.bool_)
        alone[article] = True
        itself = self._ranker.rank(plan, self._evidence, alone).scores
        return float(itself.max(initial=0.0))

    def keep_alike(self, article: int, least: np.float32) -> tuple[int, int]:
        """Keep the hits with at least this score, except an article and (by default) its copies.

        Returns the numbers of full and of partial hits.
        """
        ranked = self._ranked.only(self._ranked.scores >= least)
        if self._index.has(article):
            alone = np.zeros(self._index.size, np.bool_)
            alone[article] = True
            ranked = ranked.only(~self._with_copies(alone)[ranked.articles])
        return self._keep(ranked._replace(partial=np.zeros(len(ranked.articles), np.bool_)))

    @cached_property
    def _allowed(self) -> Flags | None:
        """Return the articles that may be hits, as flags by id; None for all."""
        request = self._request
        allowed = request.filters.allowed(self._index, self._bearing)
        for ids, inside in ((request.among, True), (request.without, False)):
            if ids is not None and (inside or ids):
                flags = np.zeros(self._index.size, np.bool_)
                flags[[each for each in ids if self._index.has(each)]] = True
                flags = flags if inside else ~self._with_copies(flags)
                allowed = flags if allowed is None else allowed & flags
        return allowed

    def _with_copies(self, articles: Flags) -> Flags:
        return articles if self._request.all_copies else with_copies(self._index, articles)

    def listed(self, full: bool) -> TopDocs:
        """Return all hits, or only the full ones."""
        ranked = self._full if full else self._ranked
        return TopDocs(ranked, self._index.days[ranked.articles])

    def first(self, plan: Plan, limit: int | None, full: bool) -> TopDocs:
        """Return the top hits, in order: of all, or only of the full ones."""
        listed = self.listed(full)
        return listed.only(listed.first(self._request, plan, limit))

    def days(self) -> Counter[str | None]:
        """Return the number of full hits by day of publication."""
        days, counts = np.unique(self._index.days[self._full.articles], return_counts=True)
        return Counter(dict(zip(map(iso_day, days.tolist()), counts.tolist(), strict=True)))

    def facets(self, names: Sequence[str], full: bool) -> Tallies:
        """Return facet counts over all hits, or only over the full ones."""
        return tally_facets(self._index, names, (self._full if full else self._ranked).articles)

    @cached_property
    def _hits(self) -> Flags:
        return flags_at(self._index.size, self._full.articles)

    def tally(self) -> EntityCounts:
        """Return the entity counts of the full hits."""
        return self._tally

    @cached_property
    def _tally(self) -> EntityCounts:
        return count_entities(self._index, self._hits)

    def tally_all(self) -> EntityCounts:
        """Return the entity counts of all articles."""
        return count_entities(self._index, self._index.live)

    def tally_allowed(self) -> tuple[EntityCounts, int]:
        """Return the entity counts of the articles that pass the filters, and their number."""
        live = self._index.live
        scope = live if self._allowed is None else self._allowed & live
        return count_entities(self._index, scope), int(np.count_nonzero(scope))

    def surfaces(self, entity: int) -> list[str]:
        """Return the text of each mention of an entity in the full hits."""
        rows = self._connection.execute(
            "SELECT paragraph_id, surface FROM mentions WHERE entity_id = ? ORDER BY 1, start",
            (entity,),
        ).fetchall()
        if not rows:
            return []
        paragraphs = np.array([paragraph for paragraph, _ in rows], np.int64)
        kept = np.flatnonzero(self._hits[self._index.articles_of(paragraphs)[0]])
        return [rows[at][1] for at in kept.tolist()]

    def edges(self, entities: Ids) -> tuple[Matrix, Matrix]:
        """Count the full hits, and their paragraphs, that name each pair of some entities.

        Both results are square tables, by the index of each entity.
        """
        place = (self._connection, self._index, self._hits)
        articles = cooccurrence(*rows_of(self._index, self._hits, entities), len(entities))
        both_in = paragraphs_of(*place, entities, self._tally)
        return articles, cooccurrence(*both_in, len(entities))

    def only_shared(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Count, for each pair of namesakes, the mentions of a shared name that count for both.

        The counts are those of full hits and of paragraphs.
        """
        place = (self._connection, self._index, self._hits)
        return [ambiguous_only(*place, *pair) for pair in pairs]

    def paragraphs_shared(self, entity: int, others: Sequence[int]) -> dict[int, int]:
        """Count the paragraphs of full hits that name an entity together with each of others."""
        return paragraphs_shared(self._connection, self._index, self._hits, entity, others)

    def count(self, plan: Plan) -> int:
        """Return the number of articles that match a whole plan."""
        if len(plan.clauses) == 1 and not plan.clauses[0].negated:
            articles = self._ranker.postings(plan.clauses[0].node).articles
        else:
            ranked = self._ranker.rank(plan, self._ranker.gather(plan), None)
            articles = ranked.only(~ranked.partial).articles
        return self._counted(articles)

    def without_filters(self, plan: Plan) -> list[int]:
        """Return the number of hits there would be without each of the filters."""
        each = (others for _, _, others in self._request.filters.without_each())
        allowed = (others.allowed(self._index, self._bearing) for others in each)
        ranked = (self._ranker.rank(plan, self._evidence, some) for some in allowed)
        return [self._counted(some.articles) for some in ranked]

    def _counted(self, articles: Ids) -> int:
        return len(articles) if self._request.all_copies else count_folded(self._index, articles)

    def hits(self, asked: Sequence[Clause], some: Sequence[tuple[int, float, bool]]) -> list[Hit]:
        """Return complete hits for some ids, scores and flags of partial hits.

        `asked` are the clauses that select the passages.
        """
        return [self._hit(asked, *each) for each in some]

    def _hit(self, asked: Sequence[Clause], article_id: int, score: float, partial: bool) -> Hit:
        article = Article(
            *self._connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
        )
        first, last = self._index.paragraphs_of(article_id)
        named: list[MentionRow] = self._connection.execute(
            'SELECT paragraph_id, entity_id, start, "end" FROM mentions'
            " WHERE paragraph_id BETWEEN ? AND ? AND entity_id IS NOT NULL"
            " ORDER BY paragraph_id",
            (first, last),
        ).fetchall()
        if self._passages is None:
            found = self._evidence[: len(asked)]
            weights = [self._ranker.idf(each.spread) for each in found]
            self._passages = PassageFinder(self._connection, asked, weights)
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
        """Return the other articles of a hit's group of copies, the original first."""
        grouped = self._index.grouped
        if self._request.all_copies or grouped is None or not grouped[article_id]:
            return ()
        rows = self._connection.execute(
            f"SELECT {ARTICLE_COLUMNS} FROM articles"
            " WHERE (id = :original OR duplicate_of = :original) AND id != :shown"
            " ORDER BY published IS NULL, published, id",
            {"original": int(self._index.originals[article_id]), "shown": article_id},
        )
        return tuple(Article(*row) for row in rows)

    def _explain(self, article_id: int) -> tuple[ScorePart, ...]:
        return self._ranker.explain(self._evidence, article_id, recent=self._request.recent)

    def _entities(self, named: list[MentionRow]) -> tuple[Entity, ...]:
        """Return the entities most often named in a hit."""
        counts = Counter([row[1] for row in named])
        known = self._index.entities.about(counts)
        order = sorted(known, key=lambda number: (-counts[number], known[number].slug))
        return tuple(known[number].named(counts[number]) for number in order[:HIT_ENTITIES])


NOTHING = ScoredDocs(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.bool_))
"""The hits of a search that has not been ranked."""


class LocalShardSearchers(ShardSearchers):
    """The searchers of archives that this process has open."""

    def __init__(self, collection: Collection, request: SearchRequest, bearing: Bearing) -> None:
        super().__init__(len(collection.connections))
        self._shares = [
            ShardSearcher(connection, index, request, bearing)
            for connection, index in zip(collection.connections, collection.indexes, strict=True)
        ]

    def ask(self, calls: Mapping[int, Sequence[Call]]) -> dict[int, list[Any]]:
        """Call the searchers one after another."""
        return {
            place: [getattr(self._shares[place], each.method)(*each.arguments) for each in some]
            for place, some in calls.items()
        }


def open_searchers(
    collection: Collection, request: SearchRequest, bearing: Bearing
) -> ShardSearchers:
    """Return the searchers of a collection: in this process, or in those that hold its archives."""
    served = collection.served(request, bearing)
    return LocalShardSearchers(collection, request, bearing) if served is None else served
