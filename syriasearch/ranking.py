"""Which articles have what is asked, and how well does each answer it?

Articles are ranked as wholes, by BM25 over the clauses of a query (Robertson and Zaragoza, The
Probabilistic Relevance Framework, 2009; k1 1.2, b 0.75) with Lucene's idf, which is never negative:

    score = Σ weight · idf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · len / avglen))
    idf = log(1 + (N − n + 0.5) / (n + 0.5))

N is the number of articles, n of those that have the clause, tf how often this one has it, a title
counted three times and a heading twice, len its words. Of a name's mentions and its words, the more
frequent count; where the words of a name only
stand about, half of them. A stop word weighs a quarter.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .models import ScorePart
from .nearness import is_near
from .nodes import AnyOf, Having, InTitle, Mentions, Nearby, Node, Published, Run, Terms
from .plan import Clause, Plan, to_match

K1 = 1.2
B = 0.75
STOP_WEIGHT = 0.25
WEAK_WEIGHT = 0.5
_WEIGHT = "CASE kind WHEN 'title' THEN 3.0 WHEN 'heading' THEN 2.0 ELSE 1.0 END"

Frequencies = dict[int, float]
"""How often each article, by id, has something."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that has something of what is asked."""

    article_id: int
    score: float
    partial: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a clause found, before any filter."""

    clause: Clause
    frequencies: Frequencies
    weak: frozenset[int]
    """Those among the articles that have only some of it."""

    def has(self, article_id: int) -> bool:
        """Tell whether an article has all of the clause."""
        return article_id in self.frequencies and article_id not in self.weak


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the clauses of a plan found."""

    found: tuple[Found, ...]
    excluded: frozenset[int]


class Ranker:
    """Scores the articles of one archive, read through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def gather(self, plan: Plan) -> Evidence:
        """Find what each clause finds."""
        return Evidence(
            tuple(map(self._found, plan.scored)),
            frozenset(
                article
                for clause in plan.clauses
                if clause.negated
                for article in self._frequencies(clause.node)
            ),
        )

    def _found(self, clause: Clause) -> Found:
        frequencies = self._frequencies(clause.node)
        weak = self._frequencies(clause.weak) if clause.weak else {}
        some = frozenset(weak.keys() - frequencies.keys())
        for article_id in some:
            frequencies[article_id] = weak[article_id] * WEAK_WEIGHT
        return Found(clause, frequencies, some)

    def rank(
        self, plan: Plan, evidence: Evidence, allowed: frozenset[int] | None
    ) -> list[Candidate]:
        """Score every article that has a clause, or all where nothing is asked for, best first.

        `allowed` are those that pass the filters, None for all.
        """
        required = [
            found for found in evidence.found if not (found.clause.stop or found.clause.field)
        ]
        fields = [found for found in evidence.found if found.clause.field]
        scores: dict[int, float] = {}
        for found in evidence.found:
            for article_id, part in self._parts(found.clause, found.frequencies).items():
                scores[article_id] = scores.get(article_id, 0.0) + part
        if not evidence.found and (plan.everything or plan.clauses):
            scores = dict.fromkeys(self._lengths, 0.0)
        candidates = [
            Candidate(
                article_id, score, partial=not all(found.has(article_id) for found in required)
            )
            for article_id, score in scores.items()
            if article_id not in evidence.excluded
            and (allowed is None or article_id in allowed)
            and all(found.has(article_id) for found in fields)
            # A stop word alone makes no hit.
            and (not required or any(article_id in found.frequencies for found in required))
        ]
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.article_id))
        return candidates

    def explain(self, evidence: Evidence, article_id: int) -> tuple[ScorePart, ...]:
        """Return the parts of an article's score."""
        return tuple(
            ScorePart(
                clause=found.clause.label,
                frequency=found.frequencies[article_id],
                articles=len(found.frequencies),
                idf=self._idf(len(found.frequencies)),
                score=self._part(found, article_id),
            )
            for found in evidence.found
            # A property of the article narrows, and adds nothing.
            if found.frequencies.get(article_id)
        )

    def idf(self, evidence: Evidence) -> list[float]:
        """Return how much each clause tells articles apart."""
        return [self._idf(len(found.frequencies)) for found in evidence.found]

    def _part(self, found: Found, article_id: int) -> float:
        one = {article_id: found.frequencies[article_id]}
        return self._parts(found.clause, one, len(found.frequencies))[article_id]

    def _idf(self, articles: int) -> float:
        return math.log(1 + (len(self._lengths) - articles + 0.5) / (articles + 0.5))

    def _parts(
        self, clause: Clause, frequencies: Frequencies, articles: int | None = None
    ) -> Frequencies:
        lengths = self._lengths
        average = self._average
        idf = self._idf(len(frequencies) if articles is None else articles)
        weight = idf * (STOP_WEIGHT if clause.stop else 1.0) * (K1 + 1)
        return {
            article_id: weight * tf / (tf + K1 * (1 - B + B * lengths[article_id] / average))
            for article_id, tf in frequencies.items()
        }

    @cached_property
    def _lengths(self) -> dict[int, int]:
        return dict(self._connection.execute("SELECT id, word_count FROM articles"))

    @cached_property
    def _average(self) -> float:
        words = sum(self._lengths.values())
        return words / len(self._lengths) if words else 1.0

    def _frequencies(self, node: Node, only: str = "1") -> Frequencies:
        """Count what each article has; `only` narrows to some of its paragraphs, in SQL."""
        if isinstance(node, InTitle):
            return self._frequencies(node.node, "kind = 'title'")
        if isinstance(node, Terms):
            marks = ", ".join("?" * len(node.terms))
            return self._sum(
                f"SELECT article_id, sum({_WEIGHT}) FROM temp.terms"
                f" CROSS JOIN paragraphs ON paragraphs.id = doc WHERE term IN ({marks}) AND {only}"
                " GROUP BY article_id",
                node.terms,
            )
        if isinstance(node, Run):
            return self._matching(node, only)
        if isinstance(node, Nearby):
            if any(not runs for runs in node.items):
                return {}
            return self._matching(node, only) if node.decided_by_index else self._nearby(node, only)
        if isinstance(node, Mentions):
            marks = ", ".join("?" * len(node.entities))
            return self._sum(
                f"SELECT article_id, sum({_WEIGHT}) FROM mentions"
                " CROSS JOIN paragraphs ON paragraphs.id = paragraph_id"
                f" WHERE entity_id IN ({marks}) AND {only} GROUP BY article_id",
                tuple(entity.id for entity in node.entities),
            )
        if isinstance(node, Having):
            marks = ", ".join("?" * len(node.values))
            return self._sum(
                f"SELECT id, 0.0 FROM articles WHERE {node.column} IN ({marks})", node.values
            )
        if isinstance(node, Published):
            return self._sum(
                "SELECT id, 0.0 FROM articles WHERE published >= ifnull(?, '')"
                " AND published < ifnull(?, 'a')",
                (node.first, node.behind),
            )
        found = [self._frequencies(each, only) for each in node.nodes]
        if isinstance(node, AnyOf):
            return {
                article: max(each.get(article, 0.0) for each in found)
                for article in set().union(*found)
            }
        shared = set(found[0]).intersection(*found[1:]) if found else set(self._lengths)
        for each in node.without:
            shared.difference_update(self._frequencies(each, only))
        return {article: min((each[article] for each in found), default=0.0) for article in shared}

    def _matching(self, node: Run | Nearby, only: str) -> Frequencies:
        return self._sum(
            f"SELECT article_id, sum({_WEIGHT}) FROM paragraphs_fts"
            " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
            f" WHERE paragraphs_fts MATCH ? AND {only} GROUP BY article_id",
            (to_match(node),),
        )

    def _nearby(self, node: Nearby, only: str) -> Frequencies:
        """Look at the text of the paragraphs that have everything, for order and sentences."""
        counts: Frequencies = {}
        for article_id, weight, text in self._connection.execute(
            f"SELECT article_id, {_WEIGHT}, text FROM paragraphs_fts"
            " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
            f" WHERE paragraphs_fts MATCH ? AND {only}",
            (to_match(node),),
        ):
            if is_near(text, node):
                counts[article_id] = counts.get(article_id, 0.0) + weight
        return counts

    def _sum(self, sql: str, parameters: Iterable[object]) -> Frequencies:
        return dict(self._connection.execute(sql, tuple(parameters)))
