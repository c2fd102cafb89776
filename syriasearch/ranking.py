"""Which articles have what is asked, and how well does each answer it?

Articles are ranked as wholes, by BM25 over the clauses of a query (Robertson and Zaragoza, The
Probabilistic Relevance Framework, 2009; k1 1.2, b 0.75) with Lucene's idf, which is never negative:

    score = Σ weight · idf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · len / avglen))
    idf = log(1 + (N − n + 0.5) / (n + 0.5))

N is the number of articles, n of those that have the clause, tf how often this one has it, a title
counted three times and a heading twice, len its words. Of a name's mentions and its words, the more
frequent count. A stop word weighs a quarter.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from .models import ScorePart
from .plan import AllOf, AnyOf, Clause, Mentions, Node, Plan, Run, Terms, to_match

K1 = 1.2
B = 0.75
STOP_WEIGHT = 0.25
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
class Evidence:
    """What the clauses of a plan found, before any filter."""

    found: tuple[tuple[Clause, Frequencies], ...]
    excluded: frozenset[int]


class Ranker:
    """Scores the articles of one archive, read through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def gather(self, plan: Plan) -> Evidence:
        """Find what each clause finds."""
        return Evidence(
            tuple((clause, self._frequencies(clause.node)) for clause in plan.scored),
            frozenset(
                article
                for clause in plan.clauses
                if clause.negated
                for article in self._frequencies(clause.node)
            ),
        )

    def count(self, clause: Clause) -> int:
        """Return how many articles have a clause."""
        return len(self._frequencies(clause.node))

    def rank(
        self, plan: Plan, evidence: Evidence, allowed: frozenset[int] | None
    ) -> list[Candidate]:
        """Score every article that has a clause, or all where nothing is asked for, best first.

        `allowed` are those that pass the filters, None for all.
        """
        required = [found for clause, found in evidence.found if not clause.stop]
        scores: dict[int, float] = {}
        for clause, frequencies in evidence.found:
            for article_id, part in self._parts(clause, frequencies).items():
                scores[article_id] = scores.get(article_id, 0.0) + part
        if not evidence.found and (plan.everything or plan.clauses):
            scores = dict.fromkeys(self._lengths(), 0.0)
        candidates = [
            Candidate(article_id, score, partial=any(article_id not in found for found in required))
            for article_id, score in scores.items()
            if article_id not in evidence.excluded
            and (allowed is None or article_id in allowed)
            # A stop word alone makes no hit.
            and (not required or any(article_id in found for found in required))
        ]
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.article_id))
        return candidates

    def explain(self, evidence: Evidence, article_id: int) -> tuple[ScorePart, ...]:
        """Return the parts of an article's score."""
        return tuple(
            ScorePart(
                clause=clause.label,
                frequency=frequencies[article_id],
                articles=len(frequencies),
                idf=self._idf(len(frequencies)),
                score=self._parts(clause, {article_id: frequencies[article_id]}, len(frequencies))[
                    article_id
                ],
            )
            for clause, frequencies in evidence.found
            if article_id in frequencies
        )

    def idf(self, evidence: Evidence) -> list[float]:
        """Return how much each clause tells articles apart."""
        return [self._idf(len(frequencies)) for _, frequencies in evidence.found]

    def _idf(self, articles: int) -> float:
        return math.log(1 + (len(self._lengths()) - articles + 0.5) / (articles + 0.5))

    def _parts(
        self, clause: Clause, frequencies: Frequencies, articles: int | None = None
    ) -> Frequencies:
        lengths = self._lengths()
        average = sum(lengths.values()) / len(lengths) if lengths else 1.0
        idf = self._idf(len(frequencies) if articles is None else articles)
        weight = idf * (STOP_WEIGHT if clause.stop else 1.0) * (K1 + 1)
        return {
            article_id: weight * tf / (tf + K1 * (1 - B + B * lengths[article_id] / average))
            for article_id, tf in frequencies.items()
        }

    def _lengths(self) -> dict[int, int]:
        if not hasattr(self, "_cached_lengths"):
            self._cached_lengths: dict[int, int] = dict(
                self._connection.execute("SELECT id, word_count FROM articles")
            )
        return self._cached_lengths

    def _frequencies(self, node: Node) -> Frequencies:
        if isinstance(node, Terms):
            marks = ", ".join("?" * len(node.terms))
            return self._sum(
                f"SELECT article_id, sum({_WEIGHT}) FROM temp.terms"
                f" CROSS JOIN paragraphs ON paragraphs.id = doc WHERE term IN ({marks})"
                " GROUP BY article_id",
                node.terms,
            )
        if isinstance(node, Run):
            return self._sum(
                f"SELECT article_id, sum({_WEIGHT}) FROM paragraphs_fts"
                " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
                " WHERE paragraphs_fts MATCH ? GROUP BY article_id",
                (to_match(node),),
            )
        if isinstance(node, Mentions):
            marks = ", ".join("?" * len(node.entities))
            return self._sum(
                f"SELECT article_id, sum({_WEIGHT}) FROM mentions"
                " CROSS JOIN paragraphs ON paragraphs.id = paragraph_id"
                f" WHERE entity_id IN ({marks}) GROUP BY article_id",
                tuple(entity.id for entity in node.entities),
            )
        found = [self._frequencies(each) for each in node.nodes]
        if isinstance(node, AllOf):
            shared = set(found[0]).intersection(*found[1:])
            return {article: min(each[article] for each in found) for article in shared}
        assert isinstance(node, AnyOf)
        return {
            article: max(each.get(article, 0.0) for each in found)
            for article in set().union(*found)
        }

    def _sum(self, sql: str, parameters: Iterable[object]) -> Frequencies:
        return dict(self._connection.execute(sql, tuple(parameters)))
