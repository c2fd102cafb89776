"""Passages: the paragraphs of an article that answer a query best."""

from __future__ import annotations

import heapq
import math
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from ..models.entity import Mention
from ..models.page import Passage
from ..store.folds import is_folded_sql
from .hit_rows import PARAGRAPH_ROWS, ParagraphRow, Ranges, read_mentions_of, read_paragraphs
from .mentions import read_mentions
from .query.clauses import Clause, loosened, mentioned_entities, term_sequences, to_match
from .snippets import Highlighter, make_snippet

MAX_PARAGRAPHS = 100
"""The maximum number of paragraphs of an article that are examined: those that FTS5 ranks best."""
RARE = 300
"""The maximum number of articles with any of some words whose paragraphs are looked up in FTS5."""
AHEAD = 8
"""The number of paragraphs that are read first: most hits have a passage among them."""
_Mentions = dict[int, list[tuple[int, int, int]]]
"""The start, the end and the clause of each mention, by paragraph id."""
_KIND_WEIGHT = {"body": 1.0, "heading": 0.5, "caption": 0.6, "byline": 0.3}
"""The factor for the value of a paragraph, by its kind."""


class _Ranked:
    """The paragraphs of one hit that match some clause, by their value and position."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, int, ParagraphRow]] = []
        self.complete = 0
        """The number of body paragraphs that match every clause: no later one can be better."""


class PassageFinder:
    """Selects the passages for the hits of one query, read through one connection."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        clauses: Sequence[Clause],
        weights: Sequence[float],
        articles: float = math.inf,
    ) -> None:
        """`weights` and the sum of the numbers of `articles` are those of the clauses."""
        self._connection = connection
        self._is_folded = is_folded_sql(connection)
        loose = [clause._replace(node=loosened(clause.node)) for clause in clauses]
        self._loose = PassageFinder(connection, loose, weights) if loose != [*clauses] else None
        # A clause that occurs in every article has an idf near 0, but is still worth showing.
        self._weights = [weight + 0.1 for weight in weights]
        self._highlighter = Highlighter(clauses)
        self._telling = [clause for clause in clauses if not clause.optional] or clauses
        self._entities = {
            entity.id: number
            for number, clause in enumerate(clauses)
            for entity in mentioned_entities(clause.node)
        }
        runs = [run for clause in clauses for run in term_sequences(clause.node)]
        are_words = not self._entities and all(len(run.terms) == 1 for run in runs)
        is_rare = are_words and articles <= RARE
        self._rare = " OR ".join(run.quoted for run in runs) if is_rare else ""
        """The FTS5 query for all words, if they are rare and there is nothing else."""

    def find(self, ranges: Ranges, limit: int) -> dict[int, tuple[Passage, ...]]:
        """Return the best passages of each hit, best first, or its first paragraph if none matches.

        Words of a name that are apart from each other count only if nothing else matches.

        Hits are known by their index, `ranges` are those of the ids of their paragraphs, and
        `limit` is the maximum number of passages.
        """
        if not limit:
            return dict.fromkeys(ranges, ())
        mentions = self._mentions(ranges)
        best = self._best_of_rare(ranges, limit) if self._rare else {}
        others = {number: each for number, each in ranges.items() if number not in best}
        best |= self._best(others, mentions, limit) if others else {}
        lacking = {number: ranges[number] for number in ranges if not best.get(number)}
        passages: dict[int, tuple[Passage, ...]] = {}
        if lacking and self._loose:
            passages = self._loose.find(lacking, limit)
        else:
            best |= {number: self._lede(number, *each) for number, each in lacking.items()}
        shown = [row[1] for rows in best.values() for row in rows if row[1] in mentions]
        stored = self._stored(shown)
        for number, rows in best.items():
            passages[number] = tuple(
                self._passage(row, mentions.get(row[1], ()), stored.get(row[1], ())) for row in rows
            )
        return passages

    def _passage(
        self, row: ParagraphRow, named: Sequence[tuple[int, int, int]], stored: Sequence[Mention]
    ) -> Passage:
        """Return a paragraph as a passage, with the mentions in it that match a clause."""
        _, paragraph_id, position, kind, text, is_folded = row
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

    def _best_of_rare(self, ranges: Ranges, limit: int) -> dict[int, list[ParagraphRow]]:
        """Return the best paragraphs of hits, of those that FTS5 finds; not all hits have any."""
        hits = sorted((*each, number) for number, each in ranges.items())
        firsts = [first for first, *_ in hits]
        found: dict[int, int] = {}
        for (paragraph,) in self._connection.execute(
            "SELECT rowid FROM paragraphs_fts WHERE paragraphs_fts MATCH ?", (self._rare,)
        ):
            first, last, number = hits[bisect_right(firsts, paragraph) - 1]
            if first <= paragraph <= last < first + MAX_PARAGRAPHS:
                found[paragraph] = number
        read = sorted(self._some(0, found)) if found else []
        rows = [(found[row[1]], *row[1:]) for row in read]
        ranked = {number: _Ranked() for number in found.values()}
        self._rank(rows, {}, self._highlighter.clauses_as_written, ranked, limit)
        return self._top(rows, {}, ranked, limit)

    def _best(
        self, ranges: Ranges, mentions: _Mentions, limit: int
    ) -> dict[int, list[ParagraphRow]]:
        """Return the best paragraphs that match some clause, valued by the clauses they have.

        Hits of which none matches are left out.
        """
        if not self._weights:
            return {}
        ranked = {number: _Ranked() for number in ranges}
        as_written = self._highlighter.clauses_as_written
        some = {
            number: (first, min(last, first + AHEAD - 1))
            for number, (first, last) in ranges.items()
        }
        rows = self._read(some)
        self._rank(rows, mentions, as_written, ranked, limit)
        # No later paragraph can be better than those that match every clause.
        pending = [number for number in ranges if ranked[number].complete < limit]
        further: dict[int, tuple[int, int]] = {}
        others: list[ParagraphRow] = []
        for number in pending:
            first, last = ranges[number]
            end = some[number][1]
            if last - first >= MAX_PARAGRAPHS:
                ranked[number].rows.clear()
                ranked[number].complete = 0
                rows = [row for row in rows if row[0] != number]
                others += self._of_long(number, first, last, mentions)
            elif end < last:
                further[number] = end + 1, last
        others += self._read(further)
        self._rank(others, mentions, as_written, ranked, limit)
        return self._top((*rows, *others), mentions, ranked, limit)

    def _top(
        self,
        rows: Sequence[ParagraphRow],
        mentions: _Mentions,
        ranked: dict[int, _Ranked],
        limit: int,
    ) -> dict[int, list[ParagraphRow]]:
        """Return the best paragraphs of each hit, of those without any by an analysis of texts."""
        rest = [row for row in rows if not ranked[row[0]].rows]
        self._rank(rest, mentions, self._highlighter.clauses, ranked, limit)
        return {
            number: [row for _, _, row in heapq.nsmallest(limit, each.rows)]
            for number, each in ranked.items()
            if each.rows
        }

    def _rank(
        self,
        rows: Iterable[ParagraphRow],
        mentions: _Mentions,
        clauses: Callable[[str], set[int]],
        ranked: dict[int, _Ranked],
        limit: int,
    ) -> None:
        """Add the paragraphs that match some clause to those of their hits, as far as needed."""
        weights = self._weights
        for row in rows:
            number, paragraph_id, position, kind, text, _ = row
            hit = ranked[number]
            if kind == "title" or hit.complete >= limit:
                continue
            has = clauses(text)
            if paragraph_id in mentions:
                has.update([clause for _, _, clause in mentions[paragraph_id]])
            if has:
                value = sum([weights[clause] for clause in has]) * _KIND_WEIGHT[kind]
                hit.rows.append((-value, position, row))
                hit.complete += len(has) == len(weights) and kind == "body"

    def _read(self, ranges: Ranges) -> list[ParagraphRow]:
        return read_paragraphs(self._connection, ranges, self._is_folded) if ranges else []

    def _of_long(
        self, number: int, first: int, last: int, mentions: _Mentions
    ) -> list[ParagraphRow]:
        """Return the paragraphs of a hit that are examined, where it may have many."""
        head = read_paragraphs(
            self._connection, {number: (first, last)}, self._is_folded, MAX_PARAGRAPHS + 1
        )
        if len(head) <= MAX_PARAGRAPHS:
            return head
        rows = self._matching(number, first, last)
        known = {row[1] for row in rows}
        others = [each for each in mentions if first <= each <= last and each not in known]
        return sorted([*rows, *self._some(number, others)])

    def _select(self, number: int) -> str:
        return f"SELECT {number}, paragraphs.id, position, kind, text, {self._is_folded}"

    def _some(self, number: int, paragraphs: Collection[int]) -> list[ParagraphRow]:
        marks = ", ".join("?" * len(paragraphs))
        rows = self._connection.execute(
            f"{self._select(number)} FROM paragraphs WHERE id IN ({marks})", (*paragraphs,)
        )
        return [*PARAGRAPH_ROWS.rows(rows)]

    def _matching(self, number: int, first: int, last: int) -> list[ParagraphRow]:
        """Return the paragraphs that FTS5 finds, or those it ranks best if there are many."""
        matches = filter(None, (to_match(clause.node) for clause in self._telling))
        match = " OR ".join(f"({each})" for each in matches)
        rows: list[ParagraphRow] = []
        for order in ("", "ORDER BY rank") if match else ():
            found = self._connection.execute(
                f"{self._select(number)} FROM paragraphs_fts"
                " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
                " WHERE paragraphs_fts MATCH ? AND paragraphs_fts.rowid BETWEEN ? AND ?"
                f" {order} LIMIT ?",
                (match, first, last, MAX_PARAGRAPHS),
            )
            rows = [*PARAGRAPH_ROWS.rows(found)]
            if len(rows) < MAX_PARAGRAPHS:
                break
        return rows

    def _mentions(self, ranges: Ranges) -> _Mentions:
        """Return the mentions that match a clause, by paragraph id, in MAX_PARAGRAPHS a hit."""
        found: _Mentions = {}
        paragraphs: Counter[int] = Counter()
        for number, paragraph_id, start, end, entity_id in (
            read_mentions_of(self._connection, ranges, self._entities) if self._entities else ()
        ):
            if paragraph_id not in found:
                if paragraphs[number] == MAX_PARAGRAPHS:
                    continue
                paragraphs[number] += 1
            clause = self._entities[entity_id]
            found.setdefault(paragraph_id, []).append((start, end, clause))
        return found

    def _lede(self, number: int, first: int, last: int) -> list[ParagraphRow]:
        rows = self._connection.execute(
            f"{self._select(number)} FROM paragraphs WHERE id BETWEEN ? AND ?"
            " ORDER BY kind != 'body', id LIMIT 1",
            (first, last),
        )
        return [*PARAGRAPH_ROWS.rows(rows)]
