"""Which paragraphs of an article answer a query best?"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from .models import Passage
from .nodes import mentioned
from .plan import Clause, to_match
from .snippets import Highlighter, Span, make_snippet

MAX_PARAGRAPHS = 100
"""At most so many paragraphs of an article are looked at, those that FTS5 ranks best."""
_KIND_WEIGHT = {"body": 1.0, "heading": 0.5, "caption": 0.6, "byline": 0.3}


class PassageFinder:
    """Chooses passages for the hits of one query, read through one connection."""

    def __init__(
        self, connection: sqlite3.Connection, clauses: Sequence[Clause], weights: Sequence[float]
    ) -> None:
        self._connection = connection
        # A clause that all articles have still is worth showing.
        self._weights = [weight + 0.1 for weight in weights]
        self._highlighter = Highlighter(clauses)
        telling = [clause for clause in clauses if not clause.stop] or clauses
        matches = filter(None, (to_match(clause.node) for clause in telling))
        self._match = " OR ".join(f"({match})" for match in matches)
        self._entities = {
            entity.id: number
            for number, clause in enumerate(clauses)
            for entity in mentioned(clause.node)
        }

    def find(self, article_id: int, limit: int) -> tuple[Passage, ...]:
        """Return an article's best passages, the best first; its first ones where none answers."""
        if not limit:
            return ()
        first, last = self._connection.execute(
            "SELECT min(id), max(id) FROM paragraphs WHERE article_id = ?", (article_id,)
        ).fetchone()
        mentions = self._mentions(first, last)
        found = []
        for paragraph_id in self._matching(first, last) | set(mentions):
            position, kind, text = self._paragraph(paragraph_id)
            spans = self._highlighter.spans(text, mentions.get(paragraph_id, ()))
            if spans and kind != "title":
                value = self._value(spans) * _KIND_WEIGHT[kind]
                found.append((-value, position, paragraph_id, kind, text, spans))
        found.sort(key=lambda each: each[:2])
        if not found:
            return self._lede(article_id)
        return tuple(
            Passage(paragraph_id, position, kind, make_snippet(text, spans, self._weights))
            for _, position, paragraph_id, kind, text, spans in found[:limit]
        )

    def _value(self, spans: Sequence[Span]) -> float:
        """Return what a paragraph is worth: its clauses by weight, and a little for repetition."""
        clauses = {span.clause for span in spans}
        return sum(self._weights[clause] for clause in clauses) * (
            1 + min(len(spans) - len(clauses), 5) / 50
        )

    def _matching(self, first: int, last: int) -> set[int]:
        if not self._match:
            return set()
        rows = self._connection.execute(
            "SELECT rowid FROM paragraphs_fts WHERE paragraphs_fts MATCH ?"
            " AND rowid BETWEEN ? AND ? ORDER BY rank LIMIT ?",
            (self._match, first, last, MAX_PARAGRAPHS),
        )
        return {row[0] for row in rows}

    def _mentions(self, first: int, last: int) -> dict[int, list[tuple[int, int, int]]]:
        found: dict[int, list[tuple[int, int, int]]] = {}
        if self._entities:
            marks = ", ".join("?" * len(self._entities))
            for paragraph_id, entity_id, start, end in self._connection.execute(
                'SELECT paragraph_id, entity_id, start, "end" FROM mentions'
                f" WHERE paragraph_id BETWEEN ? AND ? AND entity_id IN ({marks})"
                " ORDER BY paragraph_id, start",
                (first, last, *self._entities),
            ):
                if paragraph_id in found or len(found) < MAX_PARAGRAPHS:
                    found.setdefault(paragraph_id, []).append(
                        (start, end, self._entities[entity_id])
                    )
        return found

    def _paragraph(self, paragraph_id: int) -> tuple[int, str, str]:
        row: tuple[int, str, str] = self._connection.execute(
            "SELECT position, kind, text FROM paragraphs WHERE id = ?", (paragraph_id,)
        ).fetchone()
        return row

    def _lede(self, article_id: int) -> tuple[Passage, ...]:
        rows = self._connection.execute(
            "SELECT id, position, kind, text FROM paragraphs WHERE article_id = ?"
            " ORDER BY kind != 'body', position LIMIT 1",
            (article_id,),
        )
        return tuple(
            Passage(paragraph_id, position, kind, make_snippet(text, (), ()))
            for paragraph_id, position, kind, text in rows
        )
