"""Scoring of articles: BM25 with burstiness.

Articles are ranked as wholes. A score is the sum over the clauses of a query of

    weight · idf · burstiness · tf · (k1 + 1) / (tf + k1 · (1 − b + b · len / avglen))
    idf = log(1 + (N − n + 0.5) / (n + 0.5))
    burstiness = log2(1 + (cf + 1) / n)

which is BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; k1 1.2, b 0.75)
with Lucene's idf, which is never negative, times the burstiness of the clause: how often articles
with the clause repeat it. N is the number of articles, n the document frequency of the clause, tf
its frequency in this article, weighted as described in `postings`, cf the sum of all tf, and len
the number of words in an article, weighted in the same way. For a name, the more frequent of its
mentions and its words counts; if the words are not in sequence, half their frequency. A stop word
has a quarter of the weight (see `planner`). `docs/ranking.md` reports how much each part is worth.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.postings import Flags, Floats, Ids, Postings, are_many, distinct
from ..index.reader import IndexReader
from ..models.page import ScorePart
from .article_arrays import AllArticles, ArticleArrays, FewArticles
from .matching import APART_WEIGHT, Matcher
from .query.clauses import Clause, Node, Plan

K1 = 1.2
"""The saturation of term frequency in BM25."""
B = 0.75
"""The strength of length normalization in BM25, from 0 to 1."""
WEAK_WEIGHT = 0.5
"""The factor for the term frequency of a partial match of a clause."""
HALF_LIFE = 365.0
"""The number of days after which the bonus for a recent article is halved."""


class CollectionStatistics(NamedTuple):
    """Collection statistics: what a score depends on in all articles that are ranked together."""

    articles: int
    length: float
    """The total length of the articles, in weighted words: a whole number, so sums are exact."""
    last_day: int
    """The last day of publication, as YYYYMMDD."""

    @classmethod
    def sum(cls, parts: Iterable[CollectionStatistics]) -> CollectionStatistics:
        """Return the statistics of several archives together."""
        articles, lengths, days = zip(*parts, strict=True)
        return cls(sum(articles), sum(lengths), max(days))

    @property
    def average(self) -> float:
        """The average length of an article; 1 if no article has words."""
        return self.length / self.articles if self.length else 1.0


class TermStatistics(NamedTuple):
    """Term statistics: how many articles match a clause, and its total frequency in them."""

    doc_freq: int
    total_term_freq: float

    @classmethod
    def of(cls, postings: Postings) -> TermStatistics:
        """Return the statistics of a clause in one archive, from its postings."""
        return cls(postings.size, postings.total + postings.number_below(APART_WEIGHT))

    @classmethod
    def sums(cls, parts: Sequence[tuple[TermStatistics, ...]]) -> tuple[TermStatistics, ...]:
        """Return the statistics of several clauses, added up over archives."""
        if len(parts) == 1:
            return parts[0]
        return tuple(
            cls(*map(sum, zip(*same_clause, strict=True)))
            for same_clause in zip(*parts, strict=True)
        )


class ClausePostings(NamedTuple):
    """The postings of a clause in one archive, before any filter."""

    clause: Clause
    postings: Postings
    weak: Flags | None
    """Flags, parallel to the postings, of articles that match only partially; None if none does."""
    statistics: TermStatistics
    """The term statistics over all articles that are ranked together, in all archives."""

    @property
    def full(self) -> Ids:
        """The ids of the articles that match the clause fully."""
        articles = self.postings.articles
        return articles if self.weak is None else articles[~self.weak]


class ScoredDocs(NamedTuple):
    """The articles that match at least part of a query; the arrays are parallel.

    `articles` are ids (int32), `scores` float32, and `partial` is set for those that do not match
    all required clauses.
    """

    articles: Ids
    scores: Floats
    partial: Flags

    @classmethod
    def joined(cls, parts: Sequence[ScoredDocs]) -> ScoredDocs:
        """Return several groups of articles as one, by their ids."""
        docs = cls(*map(np.concatenate, zip(*parts, strict=True)))
        return docs.only(np.argsort(docs.articles))

    def only(self, kept: NDArray[Any]) -> ScoredDocs:
        """Return some of them, selected by flags or indexes."""
        at = np.flatnonzero(kept) if kept.dtype == np.bool_ else kept
        return ScoredDocs(self.articles.take(at), self.scores.take(at), self.partial.take(at))


NOTHING = ScoredDocs(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.bool_))
"""The hits of a search that has not been ranked."""


class Scorer:
    """Scorer of the articles of one archive, in one snapshot."""

    def __init__(
        self, connection: sqlite3.Connection, index: IndexReader, totals: CollectionStatistics
    ) -> None:
        self._matcher = Matcher(connection, index)
        self._index = index
        self._totals = totals

    def postings(self, node: Node) -> Postings:
        """Return the articles that match a node, and its frequency in each."""
        return self._matcher.postings(node)

    def read_ahead(self, clauses: Iterable[Clause]) -> None:
        """Read what the postings of many clauses need, in less time than one after the other."""
        nodes = [node for each in clauses for node in (each.node, each.weak) if node is not None]
        self._matcher.read_ahead(nodes)

    def clause_postings(self, clause: Clause) -> ClausePostings:
        """Return the postings of a clause, those of its partial matches included."""
        full, weak = self.postings(clause.node), None
        if clause.weak is not None:
            partial = self.postings(clause.weak)
            kept = ~np.isin(partial.articles, full.articles, assume_unique=True)
            if kept.any():
                articles = np.concatenate((full.articles, partial.articles[kept]))
                weakened = partial.counts[kept] * np.float32(WEAK_WEIGHT)
                order = np.argsort(articles, kind="stable")
                weak = order >= full.articles.size
                counts = np.concatenate((full.counts, weakened))
                full = Postings(articles[order], counts[order])
        return ClausePostings(clause, full, weak, TermStatistics.of(full))

    def score(
        self,
        plan: Plan,
        collected: Sequence[ClausePostings],
        allowed: Flags | None,
        *,
        recent: bool = False,
    ) -> ScoredDocs:
        """Score every article that matches a clause, or all articles if the query is empty.

        `allowed` are flags, by article id, of the articles that pass the filters; None for all.
        With `recent`, newer articles score higher (see `recency`).
        """
        return self.score_apart(plan, collected, allowed, None, recent=recent)[0]

    def score_apart(
        self,
        plan: Plan,
        collected: Sequence[ClausePostings],
        allowed: Flags | None,
        duplicates: Callable[[ScoredDocs], NDArray[np.intp]] | None,
        *,
        recent: bool = False,
    ) -> tuple[ScoredDocs, ScoredDocs]:
        """Score as `score` does; return the hits, and apart from them those that are duplicates.

        `duplicates` returns the indexes of these among hits that are copies or have copies.
        """
        required = [each for each in collected if not (each.clause.optional or each.clause.field)]
        articles = self._candidates(required)
        norms = self._norms(articles.of(self._index.lengths))
        kept = articles.of(self._index.live).copy()
        scores = np.zeros(articles.size, np.float32)
        for found in collected:
            scores += self._term_scores(found, articles.counts(found.postings), norms)
            if found.clause.field:
                kept &= articles.has(found.postings)
        partial = None
        if required:
            # An optional clause alone does not make a hit.
            matched, partial = self._matched(required, articles)
            kept &= matched
        elif not (plan.everything or plan.clauses):
            kept[:] = False
        for clause in plan.clauses:
            if clause.negated:
                kept &= ~articles.has(self.postings(clause.node))
        if allowed is not None:
            kept &= articles.of(allowed)
        if recent:
            scores *= self.recency(articles.of(self._index.days))

        def pick(places: NDArray[np.intp]) -> ScoredDocs:
            flags = np.zeros(len(places), np.bool_) if partial is None else partial.take(places)
            return ScoredDocs(articles.ids(places), scores.take(places), flags)

        apart = NOTHING
        if duplicates is not None and len(self._index.grouped_ids):
            places = articles.places(self._index.grouped_ids)
            places = places[kept.take(places)]
            places = places[duplicates(pick(places))]
            kept[places] = False
            apart = pick(places)
        return pick(np.flatnonzero(kept)), apart

    def _matched(
        self, required: Sequence[ClausePostings], articles: ArticleArrays
    ) -> tuple[Flags, Flags | None]:
        """Flag the articles that match a clause, and those that do not match all; None if none."""
        first, *others = required
        if first.weak is None and not others:
            return articles.has(first.postings), None
        matched = np.zeros(articles.size, np.int16)
        matches_weakly: Flags | bool = False
        for found in required:
            if found.weak is None:
                matched += articles.has(found.postings)
            else:
                matched += articles.flags(found.full)
                matches_weakly |= articles.has(found.postings)
        return matches_weakly | (matched > 0), matched < len(required)

    def _candidates(self, required: Sequence[ClausePostings]) -> ArticleArrays:
        """Return the articles that may be hits, or all articles if these are many."""
        size = self._index.size
        if not required or are_many(sum(each.postings.size for each in required), size):
            return AllArticles(size)
        return FewArticles(distinct(np.concatenate([each.postings.articles for each in required])))

    def recency(self, days: Ids) -> Floats:
        """Return the factor by which the score of an article of each day counts more.

        It is 2 on the archive's last day, 1.5 HALF_LIFE days earlier, 1.25 at twice that age, and 1
        if the date is unknown.
        """
        ordinals = _ordinals(days)
        last = _ordinals(np.array([self._totals.last_day], np.int32))
        shares = np.where(ordinals > 0, np.exp2((ordinals - last) / HALF_LIFE), 0)
        return (1 + shares).astype(np.float32)

    def explain(
        self, collected: Sequence[ClausePostings], article_id: int, *, recent: bool = False
    ) -> tuple[ScorePart, ...]:
        """Return the parts of an article's score."""
        parts = []
        article = FewArticles(np.array([article_id], np.int32))
        norms = self._norms(article.of(self._index.lengths))
        for found in collected:
            counts = article.counts(found.postings)
            # A property of the article narrows the hits and adds nothing to a score.
            if counts[0]:
                parts.append(
                    ScorePart(
                        clause=found.clause.label,
                        frequency=float(counts[0]),
                        articles=found.statistics.doc_freq,
                        idf=self.idf(found.statistics),
                        score=float(self._term_scores(found, counts, norms)[0]),
                    )
                )
        if recent and parts:
            factor = float(self.recency(self._index.days[[article_id]])[0])
            more = sum(part.score for part in parts) * (factor - 1)
            parts.append(ScorePart("recent", factor, self._totals.articles, 0.0, more))
        return tuple(parts)

    def idf(self, statistics: TermStatistics) -> float:
        """Return the inverse document frequency of a clause in the whole collection."""
        return idf(statistics.doc_freq, self._totals.articles)

    def _norms(self, lengths: Floats) -> Floats:
        """Return the length normalization of articles with these lengths."""
        return np.float32(K1 * B / self._totals.average) * lengths + np.float32(K1 * (1 - B))

    def _term_scores(self, found: ClausePostings, counts: Floats, norms: Floats) -> Floats:
        """Return the term scores of a clause for articles with these frequencies."""
        statistics = found.statistics
        if not statistics.doc_freq:
            return np.zeros_like(counts)
        weight = found.clause.weight * self.idf(statistics) * burstiness(statistics)
        scores: Floats = np.float32(weight * (K1 + 1)) * counts / (counts + norms)
        return scores


def _ordinals(days: Ids) -> NDArray[np.int64]:
    """Return days, given as YYYYMMDD, as ordinals; 0 for an unknown day."""
    years, months, numbers = days // 10000, days // 100 % 100, days % 100
    dates = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    found = dates.astype("datetime64[D]").astype(np.int64) + numbers + 719_162
    return np.where(days > 0, found, 0)


def idf(doc_freq: int, articles: int) -> float:
    """Return the inverse document frequency: how well a clause distinguishes articles."""
    return math.log(1 + (articles - doc_freq + 0.5) / (doc_freq + 0.5))


def burstiness(statistics: TermStatistics) -> float:
    """Return the burstiness of a clause, from its mean frequency in the articles that have it."""
    return math.log2(1 + (statistics.total_term_freq + 1) / statistics.doc_freq)
