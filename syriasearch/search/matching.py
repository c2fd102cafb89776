"""Matching: the articles that match a node of a query's plan, and its frequency in each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import compress
from typing import NamedTuple

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
    Postings,
    strongest,
    summed,
)
from ..index.reader import IndexReader
from ..store.folds import has_current_folds
from .proximity import ENOUGH, MANY, ProximityMatcher
from .query.clauses import (
    AnySequence,
    Conjunction,
    DateRange,
    Disjunction,
    FieldMatch,
    Mentions,
    Node,
    Proximity,
    Terms,
    TermSequence,
    TitleOnly,
    WordsApart,
    find_leaves,
    to_match,
)

AT_ONCE = 1000
"""The number of paragraphs whose texts are read with one statement."""
MANY_CLASSES = 50
"""The number of words of a query above which their postings are read together."""
APART_WEIGHT = 2.0**-10
"""The highest frequency of a name from its words apart: below one mention in any article."""


class _Pass(NamedTuple):
    """A check of some paragraphs."""

    column: str
    """The column with the text that is checked."""
    checked: Flags
    """The paragraphs that are checked."""
    matches: Callable[[Sequence[str]], Iterable[bool]]
    """Tells whether each of several texts matches."""


class Matcher:
    """Finds the articles of one archive that match a node, in one snapshot."""

    def __init__(self, connection: sqlite3.Connection, index: IndexReader) -> None:
        self._connection = connection
        self._index = index

    def read_ahead(self, nodes: Iterable[Node]) -> None:
        """Read the postings of the words of a long query together, before they are asked for."""
        leaves = (leaf for node in nodes for leaf in find_leaves(node))
        classes = {leaf.terms for leaf in leaves if isinstance(leaf, Terms)}
        if len(classes) > MANY_CLASSES:
            words = self._index.words
            words.ids({word for terms in classes for word in terms})  # all with one statement
            self._index.read_ahead(WORD, map(words.ids, classes))

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
            return self._index.cached((node, titles), lambda: self._matching(node, titles))
        if isinstance(node, Mentions):
            kind = TITLE_ENTITY if titles else ENTITY
            return self._index.any_of(kind, [entity.id for entity in node.entities])
        if isinstance(node, FieldMatch):
            return _unscored(self._index.having(node.column, node.values))
        if isinstance(node, DateRange):
            return _unscored(self._index.published(node.start, node.end))
        return self._index.cached((node, titles), lambda: self._combined(node, titles))

    def _combined(self, node: Conjunction | Disjunction | WordsApart, titles: bool) -> Postings:
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
        """Check order and sentences in the text of paragraphs, up to a limit for each article.

        Titles are checked first, as they count most, then what a pattern finds, and only then is
        the text of other paragraphs analysed.
        """
        matcher = ProximityMatcher(node)
        _, positions = self._index.articles_of(ids)
        titles = positions == 0
        passes = [
            _Pass("text", titles, matcher.matches),
            _Pass("text", ~titles, matcher.match_at_a_glance),
            _Pass("text", ~titles, matcher.match_analysed),
        ]
        if matcher.reads_folded and has_current_folds(self._connection):
            passes = [_Pass("folded", titles | True, matcher.match_folded)]
        return self._checked(ids, passes)

    def _checked(self, ids: NDArray[np.int64], passes: Sequence[_Pass]) -> NDArray[np.int64]:
        """Return the paragraphs that match, in several passes over those of lacking articles.

        Each round of a pass reads the next paragraphs of each of these articles: at first as many
        as the article lacks, then twice as many each time.
        """
        enough = ENOUGH if len(ids) < MANY else 1
        articles, _ = self._index.articles_of(ids)
        lacking = np.full(self._index.size, enough, np.int64)
        kept = np.zeros(len(ids), np.bool_)
        for column, checked, matches in passes:
            left = np.flatnonzero(checked & ~kept)
            factor = 1
            while len(left := left[lacking[articles[left]] > 0]):
                # The paragraphs of an article follow each other.
                is_first = np.diff(articles[left], prepend=-1) != 0
                firsts = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
                is_next = np.arange(len(left)) - firsts < factor * lacking[articles[left]]
                following, left = left[is_next], left[~is_next]
                factor *= 2
                for first in range(0, len(following), AT_ONCE):
                    some = following[first : first + AT_ONCE]
                    read = self._texts(column, ids[some].tolist())
                    matching = compress(read, matches(list(read.values())))
                    for index in np.searchsorted(ids, list(matching)).tolist():
                        if lacking[articles[index]]:
                            lacking[articles[index]] -= 1
                            kept[index] = True
        return ids[kept]

    def _texts(self, column: str, paragraphs: Iterable[int]) -> dict[int, str]:
        """Return the texts of paragraphs by their ids, in order."""
        # One statement for all of them: a time limit counts the steps of each statement.
        rows = self._connection.execute(
            f"SELECT id, {column} FROM paragraphs"
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (f"[{','.join(map(str, paragraphs))}]",),
        )
        return dict(rows)


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
