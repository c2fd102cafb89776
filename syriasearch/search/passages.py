"""Passages: the paragraphs of an article that answer a query best."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterable, Sequence

from ..models.page import Passage
from .query.clauses import mentioned_entities, to_match
from .query.planner import Clause
from .snippets import Highlighter, make_snippet

MAX_PARAGRAPHS = 100
"""The maximum number of paragraphs of an article that are examined: those that FTS5 ranks best."""
MentionRow = tuple[int, int, int, int]
"""The ids of a paragraph and of an entity, and the start and end of a mention."""
_Row = tuple[int, int, str, str]
"""The id, position, kind and text of a paragraph."""
_Mentions = dict[int, list[tuple[int, int, int]]]
"""The start, the end and the clause of each mention, by paragraph id."""
_KIND_WEIGHT = {"body": 1.0, "heading": 0.5, "caption": 0.6, "byline": 0.3}
"""The factor for the value of a paragraph, by its kind."""


class PassageFinder:
    """Selects the passages for the hits of one query, read through one connection."""

    def __init__(
        self, connection: sqlite3.Connection, clauses: Sequence[Clause], weights: Sequence[float]
    ) -> None:
        self._connection = connection
        # A clause that occurs in every article has an idf near 0, but is still worth showing.
        self._weights = [weight + 0.1 for weight in weights]
        self._highlighter = Highlighter(clauses)
        telling = [clause for clause in clauses if not clause.optional] or clauses
        matches = filter(None, (to_match(clause.node) for clause in telling))
        self._match = " OR ".join(f"({match})" for match in matches)
        self._entities = {
            entity.id: number
            for number, clause in enumerate(clauses)
            for entity in mentioned_entities(clause.node)
        }

    def find(
        self, first: int, last: int, named: Iterable[MentionRow], limit: int
    ) -> tuple[Passage, ...]:
        """Return an article's best passages, best first, or its first paragraph if none matches.

        `first` and `last` are the ids of its first and last paragraph, `named` the mentions in
        them, and `limit` is the maximum number of passages.
        """
        if not limit:
            return ()
        if not self._weights:
            return self._lede(first, last)
        mentions = self._mentions(named)
        some: list[_Row] | None = None
        if last - first >= MAX_PARAGRAPHS and self._are_many(first, last):
            some = self._matching(first, last)
            some += [self._paragraph(each) for each in mentions.keys() - {row[0] for row in some}]
            some.sort()
        for clauses in (self._highlighter.glance, self._highlighter.clauses):
            # All rows are fetched lazily, so that no more are read than are examined.
            rows = self._all(first, last) if some is None else some
            found = self._weighed(rows, mentions, clauses, limit)
            if found:
                break
        else:
            return self._lede(first, last)
        return tuple(
            Passage(
                paragraph_id,
                position,
                kind,
                make_snippet(
                    text,
                    self._highlighter.spans(text, mentions.get(paragraph_id, ())),
                    self._weights,
                ),
            )
            for _, position, paragraph_id, kind, text in heapq.nsmallest(limit, found)
        )

    def _weighed(
        self,
        rows: Iterable[_Row],
        mentions: _Mentions,
        clauses: Callable[[str], set[int]],
        limit: int,
    ) -> list[tuple[float, int, int, str, str]]:
        """Return the paragraphs that match some clause, valued by the weights of their clauses.

        Each is its negated value, position, id, kind and text. Rows come in order, so the search
        stops once `limit` body paragraphs match every clause: no later one can be better.
        """
        found = []
        best = 0
        everything = len(self._weights)
        for paragraph_id, position, kind, text in rows:
            if kind == "title":
                continue
            has = clauses(text)
            if paragraph_id in mentions:
                has = has.union([clause for _, _, clause in mentions[paragraph_id]])
            if has:
                value = sum([self._weights[clause] for clause in has]) * _KIND_WEIGHT[kind]
                found.append((-value, position, paragraph_id, kind, text))
                best += len(has) == everything and kind == "body"
                if best == limit:
                    break
        return found

    def _are_many(self, first: int, last: int) -> bool:
        """Return whether an article has more than MAX_PARAGRAPHS paragraphs in a range of ids."""
        rows = self._connection.execute(
            "SELECT 1 FROM paragraphs WHERE id BETWEEN ? AND ? LIMIT 1 OFFSET ?",
            (first, last, MAX_PARAGRAPHS),
        )
        return rows.fetchone() is not None

    def _all(self, first: int, last: int) -> Iterable[_Row]:
        return self._connection.execute(
            "SELECT id, position, kind, text FROM paragraphs WHERE id BETWEEN ? AND ?",
            (first, last),
        )

    def _matching(self, first: int, last: int) -> list[_Row]:
        """Return the paragraphs that FTS5 finds, or those it ranks best if there are many."""
        if not self._match:
            return []
        rows: list[_Row] = []
        for order in ("", "ORDER BY rank"):
            rows = self._connection.execute(
                "SELECT paragraphs.id, position, kind, text FROM paragraphs_fts"
                " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
                " WHERE paragraphs_fts MATCH ? AND paragraphs_fts.rowid BETWEEN ? AND ?"
                f" {order} LIMIT ?",
                (self._match, first, last, MAX_PARAGRAPHS),
            ).fetchall()
            if len(rows) < MAX_PARAGRAPHS:
                break
        return rows

    def _mentions(self, named: Iterable[MentionRow]) -> _Mentions:
        """Return the mentions that match a clause, by paragraph id."""
        found: _Mentions = {}
        if self._entities:
            for paragraph_id, entity_id, start, end in named:
                clause = self._entities.get(entity_id)
                if clause is not None and (paragraph_id in found or len(found) < MAX_PARAGRAPHS):
                    found.setdefault(paragraph_id, []).append((start, end, clause))
        return found

    def _paragraph(self, paragraph_id: int) -> _Row:
        (row,) = self._all(paragraph_id, paragraph_id)
        return row

    def _lede(self, first: int, last: int) -> tuple[Passage, ...]:
        rows = self._connection.execute(
            "SELECT id, position, kind, text FROM paragraphs WHERE id BETWEEN ? AND ?"
            " ORDER BY kind != 'body', id LIMIT 1",
            (first, last),
        )
        return tuple(
            Passage(paragraph_id, position, kind, make_snippet(text, (), ()))
            for paragraph_id, position, kind, text in rows
        )
