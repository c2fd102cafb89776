"""The searcher of one archive: the whole of what is searched, or one shard of it.

A search over several archives calls the searcher of each. Arguments and results are small (a plan,
statistics, the top hits), so that the archive may be open in another process.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..entities.cooccurrence import (
    ambiguous_only,
    articles_naming,
    cooccurrence,
    paragraphs_naming,
    paragraphs_shared,
)
from ..entities.counts import Counts, EntityCounts, count_entities, flags_at
from ..entities.names.name_lookup import NamedEntity
from ..index.posting_rows import DAMAGED, DamagedPostingsError
from ..index.postings import ENTITY, WORD, Flags, Ids
from ..index.reader import IndexReader, iso_day, open_index
from ..models.article import Article
from ..models.entity import Entity
from ..models.page import Hit, ScorePart
from .article import ARTICLE_COLUMNS
from .collapse import count_collapsed, find_duplicates, with_copies
from .facets import Tallies, tally_facets
from .hit_rows import count_named, read_articles
from .mentions import count_surfaces
from .passages import PassageFinder
from .query.clauses import Clause, Plan
from .query.filters import Filters, NamedEntities
from .query.request import SearchRequest
from .scoring import NOTHING, CollectionStatistics, ScoredDocs, Scorer, TermStatistics
from .top_docs import TopDocs

_Described = tuple[Article, tuple[Entity, ...]]
MAX_DESCRIBED = 2_000
"""The maximum number of articles that are cached with the entities most often named in them."""
HIT_ENTITIES = 10
"""The maximum number of entities listed with a hit."""


def _all_full(hits: ScoredDocs) -> ScoredDocs:
    return hits._replace(partial=np.zeros(len(hits.articles), np.bool_))


class Ranking(NamedTuple):
    """The hits of one archive: the numbers of full and of partial ones, and the top ones."""

    full: int
    partial: int
    top: TopDocs
    best: float = 0.0
    """The highest score of a hit."""


class Scope(NamedTuple):
    """What a ranking returns of its hits."""

    limit: int | None = 0
    """The maximum number of top hits; None for all."""
    full_only: bool = False
    """Whether partial hits are left out."""


class HitCount(NamedTuple):
    """The number of hits."""

    full: int
    partial: int


class HitKey(NamedTuple):
    """A hit to be read, with what its ranking knows of it."""

    article_id: int
    score: float
    partial: bool


class ShardSearcher:
    """The searcher of one archive, in one snapshot; for one search at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @cached_property
    def index(self) -> IndexReader:
        """The archive's index. Raises DamagedPostingsError."""
        return open_index(self.connection)

    def collection_statistics(self) -> CollectionStatistics:
        """Return the statistics of the archive's articles."""
        return CollectionStatistics(self.index.total, self.index.length, self.index.last_day)

    def document_frequencies(self, classes: Sequence[Sequence[str]]) -> list[int]:
        """Return, for each class of words, the sum of their document frequencies."""
        return [
            sum(self.index.get(WORD, each).size for each in self.index.words.ids(words))
            for words in classes
        ]

    def mention_statistics(self, entities: Sequence[int]) -> tuple[TermStatistics, ...]:
        """Return the term statistics of the mentions of each entity."""
        return tuple(TermStatistics.of(self.index.get(ENTITY, each)) for each in entities)

    def start(
        self, request: SearchRequest, named_entities: NamedEntities, plan: Plan
    ) -> tuple[TermStatistics, ...]:
        """Begin a search: collect the postings of a plan; return their term statistics here."""
        self._request = request
        self._named_entities = named_entities
        self._scorer = Scorer(self.connection, self.index, CollectionStatistics(0, 0.0, 0))
        self._entity_reader = self.index.entities
        self._allowed = self._allow()
        self._clauses = plan.shown
        self._passages: PassageFinder | None = None
        self._hits = self._apart = NOTHING
        self.__dict__.pop("_full", None)
        self._scorer.read_ahead(plan.scored)
        self._postings = tuple(map(self._scorer.clause_postings, plan.scored))
        return tuple(each.statistics for each in self._postings)

    def collect(self, clauses: Sequence[Clause]) -> tuple[TermStatistics, ...]:
        """Collect the postings of further clauses; return their term statistics here."""
        found = tuple(map(self._scorer.clause_postings, clauses))
        self._postings += found
        return tuple(each.statistics for each in found)

    def _allow(self) -> Flags | None:
        """Return the articles that may be hits, as flags by id; None for all."""
        request = self._request
        allowed = request.filters.allowed(self.index, self._named_entities)
        for ids, inside in ((request.only_ids, True), (request.exclude_ids, False)):
            if ids is not None and (inside or ids):
                flags = np.zeros(self.index.size, np.bool_)
                flags[[each for each in ids if self.index.has(each)]] = True
                flags = flags if inside else ~self._with_copies(flags)
                allowed = flags if allowed is None else allowed & flags
        return allowed

    def _with_copies(self, articles: Flags) -> Flags:
        return articles if self._request.all_copies else with_copies(self.index, articles)

    def rank(
        self,
        plan: Plan,
        statistics: Sequence[TermStatistics],
        totals: CollectionStatistics,
        scope: Scope,
    ) -> Ranking:
        """Rank the collected postings, with the statistics over all archives."""
        self._plan = plan
        self._scope = scope
        self._scorer = Scorer(self.connection, self.index, totals)
        self._postings = tuple(
            found._replace(statistics=each)
            for found, each in zip(self._postings, statistics, strict=True)
        )
        request = self._request
        duplicates = None if request.all_copies else partial(find_duplicates, self.index)
        hits, self._apart = self._scorer.score_apart(
            plan, self._postings, self._allowed, duplicates, recent=request.recent
        )
        return self._keep(hits)

    def _keep(self, hits: ScoredDocs) -> Ranking:
        self._hits = hits
        self.__dict__.pop("_full", None)
        self._entity_counts: EntityCounts | None = None
        partial = int(np.count_nonzero(hits.partial))
        full = len(hits.articles) - partial
        best = float(hits.scores.max(initial=0.0))
        limit, full_only = self._scope
        if limit == 0:
            return Ranking(full, partial, TopDocs(NOTHING, NO_DAYS), best)
        hits = self._full if full_only else hits
        days = self.index.days
        return Ranking(
            full, partial, TopDocs.of(hits, days, self._request, self._plan, limit), best
        )

    @cached_property
    def _full(self) -> ScoredDocs:
        """The hits that match the whole query."""
        partial = self._hits.partial
        return self._hits.only(~partial) if partial.any() else self._hits

    def score_of(self, article: int) -> float:
        """Return the score of an article, whether or not it may be a hit."""
        alone = flags_at(self.index.size, np.array([article]))
        scores = self._scorer.score(self._plan, self._postings, alone).scores
        return float(scores.max(initial=0.0))

    def keep_alike(self, article: int, min_score: np.float32) -> Ranking:
        """Keep the hits with at least this score, except an article and (by default) its copies."""
        hits, self._apart = (
            _all_full(each.only(each.scores >= min_score)) for each in (self._hits, self._apart)
        )
        if self.index.has(article):
            alone = flags_at(self.index.size, np.array([article]))
            dropped = self._with_copies(alone)
            hits, self._apart = (each.only(~dropped[each.articles]) for each in (hits, self._apart))
        return self._keep(hits)

    def full_ids(self) -> Ids:
        """Return the ids of all full hits."""
        return self._full.articles

    def days(self) -> Counter[str | None]:
        """Return the number of full hits by day of publication."""
        days, counts = np.unique(self.index.days[self._full.articles], return_counts=True)
        return Counter(dict(zip(map(iso_day, days.tolist()), counts.tolist(), strict=True)))

    def facets(self, names: Sequence[str], full_only: bool) -> Tallies:
        """Return facet counts over all hits, or only over the full ones, copies included."""
        hits = self._hits
        if len(self._apart.articles):
            hits = ScoredDocs.joined([hits, self._apart])
        hits = hits.only(~hits.partial) if full_only else hits
        return tally_facets(self.index, names, hits.articles, all_copies=self._request.all_copies)

    def entity_counts(self) -> EntityCounts:
        """Return the entity counts of the full hits."""
        if self._entity_counts is None:
            self._entity_counts = count_entities(self.index, self._full_flags())
        return self._entity_counts

    def _full_flags(self) -> Flags:
        return flags_at(self.index.size, self._full.articles)

    def all_entity_counts(self) -> EntityCounts:
        """Return the entity counts of all articles."""
        return count_entities(self.index, self.index.live)

    def allowed_entity_counts(self) -> tuple[EntityCounts, int]:
        """Return the entity counts of the articles that pass the filters, and their number."""
        live = self.index.live
        allowed = live if self._allowed is None else self._allowed & live
        return count_entities(self.index, allowed), int(np.count_nonzero(allowed))

    def surfaces(self, entity: NamedEntity) -> Counter[tuple[str, str]]:
        """Count the mentions of an entity in the full hits, by their text and their reason."""
        return count_surfaces(self.connection, self.index, self._full_flags(), entity)

    def edges(self, entities: Ids) -> tuple[Counts, Counts]:
        """Count the full hits, and their paragraphs, that name each pair of some entities.

        Both results are square tables, by the index of each entity.
        """
        flags, counts = self._full_flags(), self.entity_counts()
        articles = cooccurrence(*articles_naming(self.index, flags, entities), len(entities))
        both_in = paragraphs_naming(self.connection, self.index, flags, entities, counts)
        return articles, cooccurrence(*both_in, len(entities))

    def ambiguous_only(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Count, for each pair of namesakes, the mentions of a shared name that count for both.

        The counts are those of full hits and of paragraphs.
        """
        flags = self._full_flags()
        return [ambiguous_only(self.connection, self.index, flags, *pair) for pair in pairs]

    def paragraphs_shared(self, entity: int, others: Sequence[int]) -> dict[int, int]:
        """Count the paragraphs of full hits that name an entity together with each of others."""
        return paragraphs_shared(self.connection, self.index, self._full_flags(), entity, others)

    def count(self, plan: Plan) -> int:
        """Return the number of articles that match a whole plan."""
        if len(plan.clauses) == 1 and not plan.clauses[0].negated:
            articles = self._scorer.postings(plan.clauses[0].node).articles
        else:
            found = list(map(self._scorer.clause_postings, plan.shown))
            scored = self._scorer.score(plan, found, None)
            articles = scored.only(~scored.partial).articles
        return self._count(articles)

    def count_hits(self, plan: Plan, filters: Sequence[Filters]) -> list[HitCount]:
        """Return the number of hits that another plan would have with each of several filters."""
        found = list(map(self._scorer.clause_postings, plan.scored))
        counts = []
        for each in filters:
            allowed = each.allowed(self.index, self._named_entities)
            scored = self._scorer.score(plan, found, allowed)
            full = self._count(scored.only(~scored.partial).articles)
            counts.append(HitCount(full, self._count(scored.articles) - full))
        return counts

    def _count(self, articles: Ids) -> int:
        return len(articles) if self._request.all_copies else count_collapsed(self.index, articles)

    def fetch(self, hits: Iterable[HitKey]) -> list[Hit]:
        """Return complete hits, with their passages."""
        if self._passages is None:
            found = self._postings[: len(self._clauses)]
            weights = [self._scorer.idf(each.statistics) for each in found]
            articles = sum(each.statistics.doc_freq for each in found)
            self._passages = PassageFinder(self.connection, self._clauses, weights, articles)
        hits = list(hits)
        ids = [key.article_id for key in hits]
        described = self._described(ids)
        ranges = dict(enumerate(self.index.paragraph_ranges(ids)))
        passages = self._passages.find(ranges, self._request.passages)
        return [
            Hit(
                score,
                described[article_id][0],
                passages[number],
                described[article_id][1],
                is_partial,
                self._explain(article_id) if self._request.explain else (),
                self._missing(article_id) if is_partial else (),
                self._copies(article_id),
            )
            for number, (article_id, score, is_partial) in enumerate(hits)
        ]

    def _described(self, ids: Sequence[int]) -> dict[int, _Described]:
        """Return articles by their ids, with the entities most often named in them; cached."""
        known = self.index.described
        found = {number: known[number] for number in ids if number in known}
        missing = [number for number in ids if number not in found]
        if missing:
            articles = read_articles(self.connection, missing)
            if len(articles) < len(set(missing)):
                raise DamagedPostingsError(DAMAGED)
            ranges = dict(enumerate(self.index.paragraph_ranges(missing)))
            entities = self._entities(count_named(self.connection, ranges))
            more = {
                number: (articles[number], named)
                for number, named in zip(missing, entities, strict=True)
            }
            if len(known) + len(more) > MAX_DESCRIBED:
                known.clear()
            known.update(more)
            found |= more
        return found

    def _missing(self, article_id: int) -> tuple[str, ...]:
        """Return the labels of the required clauses that an article does not even match weakly."""
        return tuple(
            clause.label
            for clause, postings, *_ in self._postings[: len(self._clauses)]
            if not (clause.optional or clause.field) and not postings.has(article_id)
        )

    def _copies(self, article_id: int) -> tuple[Article, ...]:
        """Return the other articles of a hit's group of copies, the original first."""
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
        return self._scorer.explain(self._postings, article_id, recent=self._request.recent)

    def _entities(self, counts: Sequence[Counter[str]]) -> list[tuple[Entity, ...]]:
        """Return the entities most often named in each hit."""
        often = [_most_common(each) for each in counts]
        reader = self._entity_reader
        known = reader.about(chain.from_iterable(often))
        found = []
        for each in often:
            named = [(-count, known[number].slug, number) for number, count in each.items()]
            named.sort()
            best = named[:HIT_ENTITIES]
            found.append(tuple([reader.named(number, -count) for count, _, number in best]))
        return found


def _most_common(counts: Counter[str]) -> dict[int, int]:
    """Return HIT_ENTITIES entities by their ids, and those that are named as often as the last."""
    least = sorted(counts.values(), reverse=True)[:HIT_ENTITIES][-1] if counts else 0
    return {int(number): count for number, count in counts.items() if count >= least}


NO_DAYS = np.zeros(0, np.int32)
