"""Which articles have what is asked, and how well does each answer it?

Articles are ranked as wholes, by the sum over the clauses of a query of

    weight · idf · repetition · tf · (k1 + 1) / (tf + k1 · (1 − b + b · len / avglen))
    idf = log(1 + (N − n + 0.5) / (n + 0.5))
    repetition = log2(1 + (cf + 1) / n)

that is BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; k1 1.2, b 0.75)
with Lucene's idf, which is never negative, times how often an article that has the clause repeats
it. N is the number of articles, n of those that have the clause, tf how often this one has it,
weighted as `postings` tells, cf the sum of all tf, len an article's words, weighted likewise. Of a
name's mentions and its words the more frequent count; where the words of a name only stand about,
half of them. A stop word weighs a quarter (`plan`). `docs/ranking.md` tells what parts are worth.
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
from ..index.reader import Index
from ..models.article import ScorePart
from .proximity import ENOUGH, MANY, Nearness
from .query.clauses import AnyOf, Having, InTitle, Mentions, Nearby, Node, Published, Run, Terms
from .query.planner import Clause, Plan, to_match

K1 = 1.2
B = 0.75
WEAK_WEIGHT = 0.5
HALF_LIFE = 365.0
"""Days."""


class Totals(NamedTuple):
    """What a score needs to know of all articles that are ranked together."""

    articles: int
    length: float
    """How long they are together."""
    last_day: int
    """The last day on which one was published, YYYYMMDD."""

    @classmethod
    def of(cls, indexes: Iterable[Index]) -> Totals:
        """Return those of some archives together."""
        return cls.together(cls(each.total, each.length, each.last_day) for each in indexes)

    @classmethod
    def together(cls, some: Iterable[Totals]) -> Totals:
        """Return what some know together; lengths are whole numbers, and add up exactly."""
        articles, lengths, days = zip(*some, strict=True)
        return cls(sum(articles), sum(lengths), max(days))

    @property
    def average(self) -> float:
        """The length of an article, on average; 1 where there is none."""
        return self.length / self.articles if self.articles else 1.0


class Spread(NamedTuple):
    """Over how many of these articles a clause is spread, and how often they have it together."""

    articles: int
    frequency: float

    @classmethod
    def of(cls, postings: Postings) -> Spread:
        """Return that of the articles of one archive."""
        return cls(len(postings.articles), float(postings.counts.sum(dtype=np.float64)))

    def __add__(self, other: object) -> Spread:
        """Return that of the articles of both."""
        if not isinstance(other, Spread):
            return NotImplemented
        return Spread(self.articles + other.articles, self.frequency + other.frequency)


class Found(NamedTuple):
    """What a clause found in one archive, before any filter."""

    clause: Clause
    postings: Postings
    weak: Flags | None
    """Which of its articles have only some of it; None where there are none such."""
    spread: Spread
    """That of all articles which are ranked together, in this archive or in others."""

    @property
    def full(self) -> Ids:
        """The articles that have all of the clause."""
        articles = self.postings.articles
        return articles if self.weak is None else articles[~self.weak]


class Ranked(NamedTuple):
    """The articles that have something of what is asked; arrays are parallel, by article."""

    articles: Ids
    scores: Floats
    partial: Flags

    def only(self, kept: NDArray[Any]) -> Ranked:
        """Return some of them."""
        return Ranked(self.articles[kept], self.scores[kept], self.partial[kept])


class Ranker:
    """Scores the articles of one archive, as they stand in one snapshot."""

    def __init__(self, connection: sqlite3.Connection, index: Index, totals: Totals) -> None:
        self._connection = connection
        self._index = index
        self._totals = totals

    def gather(self, plan: Plan) -> tuple[Found, ...]:
        """Find what each clause finds that adds to a score or narrows."""
        return tuple(map(self._found, plan.scored))

    def _found(self, clause: Clause) -> Found:
        found = self.postings(clause.node)
        if clause.weak is None:
            return Found(clause, found, None, Spread.of(found))
        some = self.postings(clause.weak)
        kept = ~np.isin(some.articles, found.articles, assume_unique=True)
        if not kept.any():
            return Found(clause, found, None, Spread.of(found))
        articles = np.concatenate((found.articles, some.articles[kept]))
        counts = np.concatenate((found.counts, some.counts[kept] * np.float32(WEAK_WEIGHT)))
        order = np.argsort(articles, kind="stable")
        both = Postings(articles[order], counts[order])
        return Found(clause, both, order >= found.articles.size, Spread.of(both))

    def rank(
        self,
        plan: Plan,
        evidence: Sequence[Found],
        allowed: Flags | None,
        *,
        recent: bool = False,
    ) -> Ranked:
        """Score every article that has a clause, or all where nothing is asked for.

        `allowed` are those that pass the filters, by id; None for all. With `recent` newer
        articles score higher (`recency`).
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
            # What is optional makes no hit alone.
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
        return Ranked(articles, scores[at], has[at] < len(required))

    def _among(self, required: Sequence[Found]) -> Ids | None:
        """Return the articles that can be hits, where they are few; None for all."""
        if not required or are_many(
            sum(each.postings.articles.size for each in required), self._index.size
        ):
            return None
        return distinct(np.concatenate([each.postings.articles for each in required]))

    def recency(self, articles: Ids) -> Floats:
        """Return by what the scores of articles are multiplied where the recent are favoured.

        By 2 on the archive's last day, by 1.5 HALF_LIFE days earlier, by 1.25 twice as early; by 1
        where the day is not known.
        """
        days = _ordinals(self._index.days[articles])
        last = _ordinals(np.array([self._totals.last_day], np.int32))
        shares = np.where(days > 0, np.exp2((days - last) / HALF_LIFE), 0)
        return (1 + shares).astype(np.float32)

    def explain(
        self, evidence: Sequence[Found], article_id: int, *, recent: bool = False
    ) -> tuple[ScorePart, ...]:
        """Return the parts of an article's score."""
        parts = []
        for found in evidence:
            at = int(np.searchsorted(found.postings.articles, article_id))
            here = found.postings.articles[at : at + 1]
            # A property of the article narrows, and adds nothing.
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

    def idf(self, spread: Spread) -> float:
        """Return how much a clause tells articles apart."""
        articles = spread.articles
        return math.log(1 + (self._totals.articles - articles + 0.5) / (articles + 0.5))

    def _parts(self, found: Found) -> Floats:
        """Return what a clause adds to the score of each article that it found."""
        articles, counts = found.postings
        if not articles.size:
            return counts
        weight = found.clause.weight * self.idf(found.spread) * repetition(found.spread)
        factor = np.float32(weight * (K1 + 1))
        slope = np.float32(K1 * B / self._totals.average)
        norms = slope * self._index.lengths[articles] + np.float32(K1 * (1 - B))
        parts: Floats = (factor * counts / (counts + norms)).astype(np.float32, copy=False)
        return parts

    def postings(self, node: Node, *, titles: bool = False) -> Postings:
        """Return which articles have something, and how often; `titles` narrows to titles."""
        if isinstance(node, InTitle):
            return self.postings(node.node, titles=True)
        if isinstance(node, Terms) or (isinstance(node, Run) and len(node.terms) == 1):
            kind = TITLE if titles else WORD
            return self._index.any_of(kind, self._index.words.ids(node.terms))
        if isinstance(node, (Run, Nearby)):
            return self._matching(node, titles)
        if isinstance(node, Mentions):
            kind = TITLE_ENTITY if titles else ENTITY
            return self._index.any_of(kind, [entity.id for entity in node.entities])
        if isinstance(node, Having):
            return _narrowing(self._index.having(node.column, node.values))
        if isinstance(node, Published):
            return _narrowing(self._index.published(node.first, node.behind))
        found = [self.postings(each, titles=titles) for each in node.nodes]
        if isinstance(node, AnyOf):
            return strongest(found, self._index.size)
        shared = self._least(found) if found else _narrowing(self._index.live)
        for each in node.without:
            gone = self.postings(each, titles=titles).articles
            kept = ~np.isin(shared.articles, gone, assume_unique=True)
            shared = Postings(shared.articles[kept], shared.counts[kept])
        return shared

    def _least(self, parts: Sequence[Postings]) -> Postings:
        """Return what has all of the parts, each as often as the rarest."""
        first, *others = sorted(parts, key=lambda part: part.articles.size)
        articles, counts = first
        for part in others:
            at = np.searchsorted(part.articles, articles)
            at[at == part.articles.size] = 0
            kept = part.articles[at] == articles if part.articles.size else at < 0
            articles = articles[kept]
            counts = np.minimum(counts[kept], part.counts[at[kept]])
        return Postings(articles, counts)

    def _matching(self, node: Run | Nearby, titles: bool) -> Postings:
        match = to_match(node)
        if not match:
            return NONE
        # One long text is twice as fast to hand over as many rows.
        (listed,) = self._connection.execute(
            "SELECT group_concat(rowid) FROM paragraphs_fts WHERE paragraphs_fts MATCH ?", (match,)
        ).fetchone()
        ids = np.fromstring(listed or "", np.int64, sep=",")
        if isinstance(node, Nearby) and not node.decided_by_index:
            ids = self._near(node, ids)
        articles, positions = self._index.articles_of(ids)
        if titles:
            articles = articles[positions == 0]
            positions = positions[positions == 0]
        weights = np.where(positions == 0, np.float32(WEIGHTS["title"]), np.float32(1))
        return summed(articles, weights, self._index.size)

    def _near(self, node: Nearby, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Look at the text of paragraphs for order and sentences, some that fit an article."""
        enough = ENOUGH if len(ids) < MANY else 1
        articles, _ = self._index.articles_of(ids)
        counts: Counter[int] = Counter()
        kept = []
        nearness = Nearness(node)
        for paragraph, article in zip(ids.tolist(), articles.tolist(), strict=True):
            if counts[article] < enough:
                (text,) = self._connection.execute(
                    "SELECT text FROM paragraphs WHERE id = ?", (paragraph,)
                ).fetchone()
                if nearness.is_in(text):
                    counts[article] += 1
                    kept.append(paragraph)
        return np.array(kept, np.int64)


def _ordinals(days: Ids) -> NDArray[np.int64]:
    """Return days, YYYYMMDD, as numbers of days; 0 where there is none."""
    years, months, numbers = days // 10000, days // 100 % 100, days % 100
    dates = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    found = dates.astype("datetime64[D]").astype(np.int64) + numbers + 719_162
    return np.where(days > 0, found, 0)


def repetition(spread: Spread) -> float:
    """Return how much it tells that articles repeat what stands in them so often in all."""
    return math.log2(1 + (spread.frequency + 1) / spread.articles)


def _narrowing(flags: Flags) -> Postings:
    """Return articles by their flags; having a property adds nothing to a score."""
    articles = np.flatnonzero(flags).astype(np.int32)
    return Postings(articles, np.zeros(len(articles), np.float32))
