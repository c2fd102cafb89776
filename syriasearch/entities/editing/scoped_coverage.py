"""Coverage of scoped splits: which names of an article they move."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from .correction_scope import ArticleContents, Occurrence, locate
from .corrections import ActiveCorrections, Correction, Covers, Named, read_corrections

_BY_SLUG = "SELECT id FROM articles WHERE slug = ?"


class ScopedCoverage:
    """The names that the splits with a scope move, article by article, while nothing is written."""

    def __init__(self, connection: sqlite3.Connection, in_force: ActiveCorrections) -> None:
        self._connection = connection
        self._in_force = in_force
        self._latest: tuple[int, _ArticleCoverage] | None = None

    def of(self, article: int, position: int) -> Covers | None:
        """Return what tells which names of a paragraph are moved, None without such splits.

        `article` is the article's id. Ask for the paragraphs of one article together.
        """
        if not self._in_force.scoped:
            return None
        if self._latest is None or self._latest[0] != article:
            contents = ArticleContents(self._connection, article)
            self._latest = (article, _ArticleCoverage(self._in_force, contents))
        return partial(self._latest[1].covers, position)


def read_unsure(connections: Sequence[sqlite3.Connection]) -> tuple[Correction, ...]:
    """Return the corrections of single mentions that are not recognized in their article any more.

    `connections` are those of an archive, or of its shards.
    """

    def is_unsure(split: Correction) -> bool:
        scope = split.scope
        if scope is None or scope.occurrence is None:
            return False
        for connection in connections:
            row = connection.execute(_BY_SLUG, scope.articles[:1]).fetchone()
            if row is not None:
                texts = ArticleContents(connection, row[0]).texts
                return locate(scope, split.spellings[0], texts) is None
        return False

    in_force = ActiveCorrections(read_corrections(connections[0]))
    return tuple(filter(is_unsure, in_force.scoped))


class _ArticleCoverage:
    """The names in one article that the splits with a scope move."""

    def __init__(self, in_force: ActiveCorrections, contents: ArticleContents) -> None:
        self._in_force = in_force
        self._contents = contents
        self._held: dict[int, bool] = {}
        self._places: dict[int, tuple[Occurrence, ...] | None] = {}

    def covers(self, position: int, split: Correction, name: Named) -> bool | None:
        """Return whether a split moves a name of the paragraph at a position, None if unsure."""
        scope = split.scope
        assert scope is not None
        if split.id not in self._held:
            self._held[split.id] = self._contents.is_in(scope)
        if not self._held[split.id]:
            return False
        has_spelling = self._in_force.has_spelling(split, name.surface)
        if scope.occurrence is None:
            return has_spelling
        if split.id not in self._places:
            (spelling,) = split.spellings
            self._places[split.id] = locate(scope, spelling, self._contents.texts)
        places = self._places[split.id]
        if places is None:
            # Which mention is meant matters only in the article itself, not in a copy of it.
            is_doubtful = has_spelling and self._contents.slug == scope.articles[0]
            return None if is_doubtful else False
        return any(
            each.position == position and name.start <= each.start and each.end <= name.end
            for each in places
        )
