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
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.postings import (
    ENTITY,
    NONE,
    TITLE,
    TITLE_ENTITY,
    WEIGHTS,
    WORD,
    Flags,
    Floats,
    Ids,
    Postings,
    are_many,
    distinct,
    strongest,
    summed,
)
from ..index.reader import IndexReader
from ..models.page import ScorePart
from .article_arrays import AllArticles, ArticleArrays, FewArticles
from .proximity import ENOUGH, MANY, ProximityMatcher
from .query.clauses import (
    AnySequence,
    Clause,
    DateRange,
    Disjunction,
    FieldMatch,
    Mentions,
    Node,
    Plan,
    Proximity,
    Terms,
    TermSequence,
    TitleOnly,
    WordsApart,
    to_match,
)

K1 = 1.2
"""The saturation of term frequency in BM25."""
B = 0.75
"""The strength of length normalization in BM25, from 0 to 1."""
WEAK_WEIGHT = 0.5
"""The factor for the term frequency of a partial match of a clause."""
APART_WEIGHT = 2.0**-10
"""The highest frequency of a name from its words apart: below one mention in any article."""
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
        """The average length of an article; 1 if there are no articles."""
        return self.length / self.articles if self.articles else 1.0


class TermStatistics(NamedTuple):
    """Term statistics: how many articles match a clause, and its total frequency in them."""

    doc_freq: int
    total_term_freq: float

    @classmethod
    def of(cls, postings: Postings) -> TermStatistics:
        """Return the statistics of a clause in one archive, from its postings."""
        counts = postings.values
        apart = np.count_nonzero(counts < APART_WEIGHT) - np.count_nonzero(counts <= 0)
        return cls(postings.size, float(counts.sum(dtype=np.float64)) + int(apart))

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

    def only(self, kept: NDArray[Any]) -> ScoredDocs:
        """Return some of them, selected by flags or indexes."""
        at = np.flatnonzero(kept) if kept.dtype == np.bool_ else kept
        return ScoredDocs(self.articles.take(at), self.scores.take(at), self.partial.take(at))


class Scorer:
    """Scorer of the articles of one archive, in one snapshot."""

    def __init__(
        self, connection: sqlite3.Connection, index: IndexReader, totals: CollectionStatistics
    ) -> None:
        self._connection = connection
        self._index = index
        self._totals = totals

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
        required = [each for each in collected if not (each.clause.optional or each.clause.field)]
        articles = self._candidates(required)
        norms = self._norms(articles.of(self._index.lengths))
        kept = articles.of(self._index.live).copy()
        scores = np.zeros(articles.size, np.float32)
        for found in collected:
            scores += self._term_scores(found, articles.counts(found.postings), norms)
            if found.clause.field:
                kept &= articles.has(found.postings)
        matched = np.zeros(articles.size, np.int16)
        matches_weakly: Flags | bool = False
        for found in required:
            if found.weak is None:
                matched += articles.has(found.postings)
            else:
                matched += articles.flags(found.full)
                matches_weakly |= articles.has(found.postings)
        if required:
            # An optional clause alone does not make a hit.
            kept &= matches_weakly | (matched > 0)
        elif not (plan.everything or plan.clauses):
            kept[:] = False
        for clause in plan.clauses:
            if clause.negated:
                kept &= ~articles.has(self.postings(clause.node))
        if allowed is not None:
            kept &= articles.of(allowed)
        hits = np.flatnonzero(kept)
        ids = articles.ids(hits)
        if recent:
            scores[hits] *= self.recency(ids)
        return ScoredDocs(ids, scores.take(hits), (matched < len(required)).take(hits))

    def _candidates(self, required: Sequence[ClausePostings]) -> ArticleArrays:
        """Return the articles that may be hits, or all articles if these are many."""
        size = self._index.size
        if not required or are_many(sum(each.postings.size for each in required), size):
            return AllArticles(size)
        return FewArticles(distinct(np.concatenate([each.postings.articles for each in required])))

    def recency(self, articles: Ids) -> Floats:
        """Return the factor by which the score of each article is multiplied to favour recent ones.

        It is 2 on the archive's last day, 1.5 HALF_LIFE days earlier, 1.25 at twice that age, and 1
        if the date is unknown.
        """
        days = _ordinals(self._index.days[articles])
        last = _ordinals(np.array([self._totals.last_day], np.int32))
        shares = np.where(days > 0, np.exp2((days - last) / HALF_LIFE), 0)
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
            factor = float(self.recency(np.array([article_id], np.int32))[0])
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

    def postings(self, node: Node, *, titles: bool = False) -> Postings:
        """Return the articles that match a node, and its frequency in each.

        `titles` restricts the match to titles.
        """
        if isinstance(node, TitleOnly):
            return self.postings(node.node, titles=True)
        if isinstance(node, Terms) or (isinstance(node, TermSequence) and len(node.terms) == 1):
            ids = self._index.words.ids(node.terms)
            return self._index.any_of(TITLE if titles else WORD, ids)
        if isinstance(node, (TermSequence, AnySequence, Proximity)):
            return self._matching(node, titles)
        if isinstance(node, Mentions):
            kind = TITLE_ENTITY if titles else ENTITY
            return self._index.any_of(kind, [entity.id for entity in node.entities])
        if isinstance(node, FieldMatch):
            return _unscored(self._index.having(node.column, node.values))
        if isinstance(node, DateRange):
            return _unscored(self._index.published(node.start, node.end))
        found = [*map(partial(self.postings, titles=titles), node.nodes)]
        if isinstance(node, Disjunction):
            return strongest(found, self._index.size)
        shared = _intersection(found) if found else _unscored(self._index.live)
        if isinstance(node, WordsApart):
            weakened = shared.counts / (shared.counts + 1) * np.float32(APART_WEIGHT)
            return Postings(shared.articles, weakened)
        for each in node.excluded:
            excluded = self.postings(each, titles=titles).articles
            kept = ~np.isin(shared.articles, excluded, assume_unique=True)
            shared = Postings(shared.articles[kept], shared.counts[kept])
        return shared

    def _matching(self, node: Node, titles: bool) -> Postings:
        if not (match := to_match(node)):
            return NONE
        # One long string is handed over twice as fast as the same ids in rows.
        (joined,) = self._connection.execute(
            "SELECT group_concat(rowid) FROM paragraphs_fts WHERE paragraphs_fts MATCH ?", (match,)
        ).fetchone()
        ids = np.fromstring(joined or "", np.int64, sep=",")
        if isinstance(node, Proximity) and not node.decided_by_index:
            ids = self._near(node, ids)
        articles, positions = self._index.articles_of(ids)
        if titles:
            articles = articles[positions == 0]
            positions = positions[positions == 0]
        weights = np.where(positions == 0, np.float32(WEIGHTS["title"]), np.float32(1))
        return summed(articles, weights, self._index.size)

    def _near(self, node: Proximity, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Check order and sentences in the text of paragraphs, up to a limit for each article."""
        enough = ENOUGH if len(ids) < MANY else 1
        articles, _ = self._index.articles_of(ids)
        counts: Counter[int] = Counter()
        kept = []
        matcher = ProximityMatcher(node)
        for paragraph, article in zip(ids.tolist(), articles.tolist(), strict=True):
            if counts[article] < enough:
                (text,) = self._connection.execute(
                    "SELECT text FROM paragraphs WHERE id = ?", (paragraph,)
                ).fetchone()
                if matcher.matches(text):
                    counts[article] += 1
                    kept.append(paragraph)
        return np.array(kept, np.int64)


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


def _intersection(parts: Sequence[Postings]) -> Postings:
    """Return the articles that all parts share, each with the lowest of its frequencies."""
    first, *others = sorted(parts, key=lambda part: part.size)
    articles, counts = first.articles, first.counts
    for part in others:
        indexes = np.searchsorted(part.articles, articles)
        indexes[indexes == part.articles.size] = 0
        kept = part.articles[indexes] == articles if part.articles.size else indexes < 0
        articles = articles[kept]
        counts = np.minimum(counts[kept], part.counts[indexes[kept]])
    return Postings(articles, counts)


def _unscored(flags: Flags) -> Postings:
    """Return postings of flagged articles; having a property adds nothing to a score."""
    articles = np.flatnonzero(flags).astype(np.int32)
    return Postings(articles, np.zeros(len(articles), np.float32))
