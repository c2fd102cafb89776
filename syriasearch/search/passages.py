"""Passages: the paragraphs of an article that answer a query best."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence

from ..models.entity import Mention
from ..models.page import Passage
from ..store.folds import is_folded_sql
from .mentions import read_mentions
from .query.clauses import Clause, loosened, mentioned_entities, to_match
from .snippets import Highlighter, make_snippet

MAX_PARAGRAPHS = 100
"""The maximum number of paragraphs of an article that are examined: those that FTS5 ranks best."""
MentionRow = tuple[int, int, int, int]
"""The ids of a paragraph and of an entity, and the start and end of a mention."""
_Row = tuple[int, int, str, str, int]
"""The id, position, kind and text of a paragraph, and whether folding it changes nothing."""
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
        self._columns = f"paragraphs.id, position, kind, text, {is_folded_sql(connection)}"
        loose = [clause._replace(node=loosened(clause.node)) for clause in clauses]
        self._loose = PassageFinder(connection, loose, weights) if loose != [*clauses] else None
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

        Words of a name that are apart from each other count only if nothing else matches.

        `first` and `last` are the ids of its first and last paragraph, `named` the mentions in
        them, and `limit` is the maximum number of passages.
        """
        if not limit:
            return ()
        mentions = self._mentions(named)
        rows: list[_Row] | None = None
        if last - first >= MAX_PARAGRAPHS:
            rows = self._rows(first, last).fetchmany(MAX_PARAGRAPHS + 1)
            if len(rows) > MAX_PARAGRAPHS:
                rows = self._matching(first, last)
                others = mentions.keys() - {row[0] for row in rows}
                rows = sorted([*rows, *self._some(others)])
        best: list[_Row] = []
        for clauses in (self._highlighter.clauses_as_written, self._highlighter.clauses):
            if self._weights and not best:
                # Rows are fetched lazily, so that no more are read than are examined.
                candidates = self._rows(first, last) if rows is None else rows
                best = self._best(candidates, mentions, clauses, limit)
        if not best and self._loose:
            return self._loose.find(first, last, named, limit)
        shown = best or self._lede(first, last)
        stored = self._stored([row[0] for row in shown if row[0] in mentions])
        return tuple(
            self._passage(row, mentions.get(row[0], ()), stored.get(row[0], ())) for row in shown
        )

    def _passage(
        self, row: _Row, named: Sequence[tuple[int, int, int]], stored: Sequence[Mention]
    ) -> Passage:
        """Return a paragraph as a passage, with the mentions in it that match a clause."""
        paragraph_id, position, kind, text, is_folded = row
        spans = self._highlighter.spans(text, named, is_folded=bool(is_folded))
        snippet = make_snippet(text, spans, self._weights)
        start, end = snippet.start, snippet.start + len(snippet.text)
        inside = tuple(each for each in stored if start <= each.start and each.end <= end)
        return Passage(paragraph_id, position, kind, snippet, inside)

    def _stored(self, paragraphs: Sequence[int]) -> dict[int, list[Mention]]:
        """Return the mentions of asked entities in some paragraphs, by paragraph id."""
        found: dict[int, list[Mention]] = {}
        if paragraphs:
            marks = ("?, " * len(each) for each in (paragraphs, self._entities))
            ids, asked = (each.removesuffix(", ") for each in marks)
            condition = f"paragraph_id IN ({ids}) AND entity_id IN ({asked})"
            values = (*paragraphs, *self._entities)
            for paragraph_id, mention in read_mentions(self._connection, condition, values):
                found.setdefault(paragraph_id, []).append(mention)
        return found

    def _best(
        self,
        rows: Iterable[_Row],
        mentions: _Mentions,
        clauses: Callable[[str], set[int]],
        limit: int,
    ) -> list[_Row]:
        """Return the best paragraphs that match some clause, valued by the clauses they have.

        Rows come in order, so the search stops once `limit` body paragraphs match every clause: no
        later one can be better.
        """
        found: list[tuple[float, int, _Row]] = []
        complete = 0
        for row in rows:
            paragraph_id, position, kind, text, _ = row
            if kind == "title":
                continue
            has = clauses(text)
            if paragraph_id in mentions:
                has = has.union([clause for _, _, clause in mentions[paragraph_id]])
            if has:
                value = sum([self._weights[clause] for clause in has]) * _KIND_WEIGHT[kind]
                found.append((-value, position, row))
                complete += len(has) == len(self._weights) and kind == "body"
                if complete == limit:
                    break
        return [row for _, _, row in heapq.nsmallest(limit, found)]

    def _rows(self, first: int, last: int) -> sqlite3.Cursor:
        return self._connection.execute(
            f"SELECT {self._columns} FROM paragraphs WHERE id BETWEEN ? AND ?",
            (first, last),
        )

    def _some(self, paragraphs: Collection[int]) -> sqlite3.Cursor:
        marks = ", ".join("?" * len(paragraphs))
        return self._connection.execute(
            f"SELECT {self._columns} FROM paragraphs WHERE id IN ({marks})", (*paragraphs,)
        )

    def _matching(self, first: int, last: int) -> list[_Row]:
        """Return the paragraphs that FTS5 finds, or those it ranks best if there are many."""
        if not self._match:
            return []
        rows: list[_Row] = []
        for order in ("", "ORDER BY rank"):
            rows = self._connection.execute(
                f"SELECT {self._columns} FROM paragraphs_fts"
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
        for paragraph_id, entity_id, start, end in named if self._entities else ():
            clause = self._entities.get(entity_id)
            if clause is not None and (paragraph_id in found or len(found) < MAX_PARAGRAPHS):
                found.setdefault(paragraph_id, []).append((start, end, clause))
        return found

    def _lede(self, first: int, last: int) -> list[_Row]:
        return self._connection.execute(
            f"SELECT {self._columns} FROM paragraphs WHERE id BETWEEN ? AND ?"
            " ORDER BY kind != 'body', id LIMIT 1",
            (first, last),
        ).fetchall()
