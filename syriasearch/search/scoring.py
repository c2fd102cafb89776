"""Scoring of articles: BM25 with burstiness.

Articles are ranked as wholes. A score is the sum over the clauses of a query of

    weight · idf · repetition · tf · (k1 + 1) / (tf + k1 · (1 − b + b · len / avglen))
    idf = log(1 + (N − n + 0.5) / (n + 0.5))
    repetition = log2(1 + (cf + 1) / n)

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
from .proximity import ENOUGH, MANY, matches_proximity
from .query.clauses import (
    DateRange,
    Disjunction,
    FieldMatch,
    Mentions,
    Node,
    Proximity,
    Terms,
    TermSequence,
    TitleOnly,
    to_match,
)
from .query.planner import Clause, Plan

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
    """The total length of the articles, in weighted words."""
    last_day: int
    """The last day of publication, as YYYYMMDD."""

    @classmethod
    def of(cls, indexes: Iterable[IndexReader]) -> CollectionStatistics:
        """Return the statistics of some archives together."""
        return cls.together(cls(each.total, each.length, each.last_day) for each in indexes)

    @classmethod
    def together(cls, some: Iterable[CollectionStatistics]) -> CollectionStatistics:
        """Add up statistics of several archives; the sum is exact, as lengths are whole numbers."""
        articles, lengths, days = zip(*some, strict=True)
        return cls(sum(articles), sum(lengths), max(days))

    @property
    def average(self) -> float:
        """The average length of an article; 1 if there are no articles."""
        return self.length / self.articles if self.articles else 1.0


class TermStatistics(NamedTuple):
    """Term statistics: how many articles match a clause, and its total frequency in them."""

    articles: int
    frequency: float

    @classmethod
    def of(cls, postings: Postings) -> TermStatistics:
        """Return the statistics of a clause in one archive, from its postings."""
        return cls(len(postings.articles), float(postings.counts.sum(dtype=np.float64)))

    def __add__(self, other: object) -> TermStatistics:
        """Return the sum of two statistics."""
        if not isinstance(other, TermStatistics):
            return NotImplemented
        return TermStatistics(self.articles + other.articles, self.frequency + other.frequency)


class ClausePostings(NamedTuple):
    """The postings of a clause in one archive, before any filter."""

    clause: Clause
    postings: Postings
    weak: Flags | None
    """Flags, parallel to the postings, of articles that match only partially; None if none does."""
    spread: TermStatistics
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
        return ScoredDocs(self.articles[kept], self.scores[kept], self.partial[kept])


class Scorer:
    """Scorer of the articles of one archive, in one snapshot."""

    def __init__(
        self, connection: sqlite3.Connection, index: IndexReader, totals: CollectionStatistics
    ) -> None:
        self._connection = connection
        self._index = index
        self._totals = totals

    def gather(self, plan: Plan) -> tuple[ClausePostings, ...]:
        """Return the postings of each clause that adds to a score or narrows the hits."""
        return tuple(map(self._found, plan.scored))

    def _found(self, clause: Clause) -> ClausePostings:
        found = self.postings(clause.node)
        if clause.weak is None:
            return ClausePostings(clause, found, None, TermStatistics.of(found))
        some = self.postings(clause.weak)
        kept = ~np.isin(some.articles, found.articles, assume_unique=True)
        if not kept.any():
            return ClausePostings(clause, found, None, TermStatistics.of(found))
        articles = np.concatenate((found.articles, some.articles[kept]))
        counts = np.concatenate((found.counts, some.counts[kept] * np.float32(WEAK_WEIGHT)))
        order = np.argsort(articles, kind="stable")
        both = Postings(articles[order], counts[order])
        return ClausePostings(clause, both, order >= found.articles.size, TermStatistics.of(both))

    def rank(
        self,
        plan: Plan,
        evidence: Sequence[ClausePostings],
        allowed: Flags | None,
        *,
        recent: bool = False,
    ) -> ScoredDocs:
        """Score every article that matches a clause, or all articles if the query is empty.

        `allowed` are flags, by article id, of the articles that pass the filters; None for all.
        With `recent`, newer articles score higher (see `recency`).
        """
        required = [each for each in evidence if not (each.clause.optional or each.clause.field)]
        among = self._among(required)

        def places(ids: Ids) -> NDArray[np.integer[Any]]:
            return ids if among is None else np.searchsorted(among, ids)

        size = self._index.size if among is None else len(among)
        kept = self._index.live.copy() if among is None else self._index.live[among]
        scores = np.zeros(size, np.float32)
        has = np.zeros(size, np.int32)
        some = np.zeros(size, np.bool_)
        for found in evidence:
            ids, parts = found.postings.articles, self._parts(found)
            if among is not None and (found.clause.optional or found.clause.field):
                inside = np.isin(ids, among, assume_unique=True)
                ids, parts = ids[inside], parts[inside]
            here = places(ids)
            scores[here] += parts
            if found.clause.field:
                having = np.zeros(size, np.bool_)
                having[here] = True
                kept &= having
        for found in required:
            has[places(found.full)] += 1
            if found.weak is not None:
                some[places(found.postings.articles)] = True
        if required:
            # An optional clause alone does not make a hit.
            kept &= some | (has > 0)
        elif not (plan.everything or plan.clauses):
            kept[:] = False
        for clause in plan.clauses:
            if clause.negated:
                gone = np.zeros(self._index.size, np.bool_)
                gone[self.postings(clause.node).articles] = True
                kept &= ~(gone if among is None else gone[among])
        if allowed is not None:
            kept &= allowed if among is None else allowed[among]
        at = np.flatnonzero(kept)
        articles = at.astype(np.int32) if among is None else among[at]
        if recent:
            scores[at] *= self.recency(articles)
        return ScoredDocs(articles, scores[at], has[at] < len(required))

    def _among(self, required: Sequence[ClausePostings]) -> Ids | None:
        """Return the ids of the articles that may be hits, if they are few; None for all."""
        if not required or are_many(
            sum(each.postings.articles.size for each in required), self._index.size
        ):
            return None
        return distinct(np.concatenate([each.postings.articles for each in required]))

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
        self, evidence: Sequence[ClausePostings], article_id: int, *, recent: bool = False
    ) -> tuple[ScorePart, ...]:
        """Return the parts of an article's score."""
        parts = []
        for found in evidence:
            at = int(np.searchsorted(found.postings.articles, article_id))
            here = found.postings.articles[at : at + 1]
            # A property of the article narrows the hits and adds nothing to a score.
            if here.size and here[0] == article_id and found.postings.counts[at]:
                parts.append(
                    ScorePart(
                        clause=found.clause.label,
                        frequency=float(found.postings.counts[at]),
                        articles=found.spread.articles,
                        idf=self.idf(found.spread),
                        score=float(self._parts(found)[at]),
                    )
                )
        if recent and parts:
            factor = float(self.recency(np.array([article_id], np.int32))[0])
            more = sum(part.score for part in parts) * (factor - 1)
            parts.append(ScorePart("recent", factor, self._totals.articles, 0.0, more))
        return tuple(parts)

    def idf(self, spread: TermStatistics) -> float:
        """Return the inverse document frequency: how well a clause distinguishes articles."""
        articles = spread.articles
        return math.log(1 + (self._totals.articles - articles + 0.5) / (articles + 0.5))

    def _parts(self, found: ClausePostings) -> Floats:
        """Return the term scores of a clause, parallel to its postings."""
        articles, counts = found.postings
        if not articles.size:
            return counts
        weight = found.clause.weight * self.idf(found.spread) * burstiness(found.spread)
        factor = np.float32(weight * (K1 + 1))
        slope = np.float32(K1 * B / self._totals.average)
        norms = slope * self._index.lengths[articles] + np.float32(K1 * (1 - B))
        parts: Floats = (factor * counts / (counts + norms)).astype(np.float32, copy=False)
        return parts

    def postings(self, node: Node, *, titles: bool = False) -> Postings:
        """Return the articles that match a node, and its frequency in each.

        `titles` restricts the match to titles.
        """
        if isinstance(node, TitleOnly):
            return self.postings(node.node, titles=True)
        if isinstance(node, Terms) or (isinstance(node, TermSequence) and len(node.terms) == 1):
            kind = TITLE if titles else WORD
            return self._index.any_of(kind, self._index.words.ids(node.terms))
        if isinstance(node, (TermSequence, Proximity)):
            return self._matching(node, titles)
        if isinstance(node, Mentions):
            kind = TITLE_ENTITY if titles else ENTITY
            return self._index.any_of(kind, [entity.id for entity in node.entities])
        if isinstance(node, FieldMatch):
            return _narrowing(self._index.having(node.column, node.values))
        if isinstance(node, DateRange):
            return _narrowing(self._index.published(node.start, node.end))
        found = [self.postings(each, titles=titles) for each in node.nodes]
        if isinstance(node, Disjunction):
            return strongest(found, self._index.size)
        shared = self._least(found) if found else _narrowing(self._index.live)
        for each in node.excluded:
            gone = self.postings(each, titles=titles).articles
            kept = ~np.isin(shared.articles, gone, assume_unique=True)
            shared = Postings(shared.articles[kept], shared.counts[kept])
        return shared

    def _least(self, parts: Sequence[Postings]) -> Postings:
        """Return the articles that all parts share, each with the lowest of its frequencies."""
        first, *others = sorted(parts, key=lambda part: part.articles.size)
        articles, counts = first
        for part in others:
            at = np.searchsorted(part.articles, articles)
            at[at == part.articles.size] = 0
            kept = part.articles[at] == articles if part.articles.size else at < 0
            articles = articles[kept]
            counts = np.minimum(counts[kept], part.counts[at[kept]])
        return Postings(articles, counts)

    def _matching(self, node: TermSequence | Proximity, titles: bool) -> Postings:
        match = to_match(node)
        if not match:
            return NONE
        # One long string is handed over twice as fast as the same ids in rows.
        (listed,) = self._connection.execute(
            "SELECT group_concat(rowid) FROM paragraphs_fts WHERE paragraphs_fts MATCH ?", (match,)
        ).fetchone()
        ids = np.fromstring(listed or "", np.int64, sep=",")
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
        for paragraph, article in zip(ids.tolist(), articles.tolist(), strict=True):
            if counts[article] < enough:
                (text,) = self._connection.execute(
                    "SELECT text FROM paragraphs WHERE id = ?", (paragraph,)
                ).fetchone()
                if matches_proximity(text, node):
                    counts[article] += 1
                    kept.append(paragraph)
        return np.array(kept, np.int64)


def _ordinals(days: Ids) -> NDArray[np.int64]:
    """Return days, given as YYYYMMDD, as ordinals; 0 for an unknown day."""
    years, months, numbers = days // 10000, days // 100 % 100, days % 100
    dates = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    found = dates.astype("datetime64[D]").astype(np.int64) + numbers + 719_162
    return np.where(days > 0, found, 0)


def burstiness(spread: TermStatistics) -> float:
    """Return the burstiness of a clause, from its mean frequency in the articles that have it."""
    return math.log2(1 + (spread.frequency + 1) / spread.articles)


def _narrowing(flags: Flags) -> Postings:
    """Return postings of flagged articles; having a property adds nothing to a score."""
    articles = np.flatnonzero(flags).astype(np.int32)
    return Postings(articles, np.zeros(len(articles), np.float32))
