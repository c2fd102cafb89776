"""Which searches are kept, and what have they found so far?

A saved search remembers the articles that it has shown, so that a later look shows what has come
since: articles that were added, and those that were changed into an answer.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import OptionError


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that is kept under a name."""

    name: str
    query: str
    options: dict[str, Any]
    """Those of `Archive.search` that it was saved with: after, before, source, entity, …"""
    saved_at: str
    looked_at: str
    """When it was last looked at: times in UTC, ISO 8601."""


class SavedSearches:
    """The saved searches of one archive, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[SavedSearch, ...]:
        """Return all of them, by name."""
        rows = self._connection.execute(
            "SELECT name, query, options, saved_at, looked_at FROM saved_searches ORDER BY name"
        )
        return tuple(
            SavedSearch(name, query, json.loads(options), saved_at, looked_at)
            for name, query, options, saved_at, looked_at in rows
        )

    def get(self, name: str) -> SavedSearch:
        """Return one. Raises OptionError where there is none of this name."""
        found = {each.name: each for each in self.all()}
        if name not in found:
            some = f"there are {', '.join(found)}" if found else "`syriasearch save` keeps one"
            raise OptionError(f"there is no saved search {name!r}: {some}")
        return found[name]

    def shown(self, name: str) -> Iterator[tuple[int, int, str]]:
        """Yield what one has shown, the latest first: number, article, and when it was found."""
        return self._connection.execute(
            "SELECT saved_hits.id, article_id, found_at FROM saved_hits"
            " JOIN saved_searches ON saved_searches.id = search_id WHERE name = ?"
            " ORDER BY saved_hits.id DESC",
            (name,),
        )

    def last(self) -> int:
        """Return the number of what was shown last by any, inside a transaction."""
        found: int = self._connection.execute(
            "SELECT ifnull(max(id), 0) FROM saved_hits"
        ).fetchone()[0]
        return found

    def add(self, search: SavedSearch) -> None:
        """Keep a search, inside a transaction. Raises OptionError where its name is taken."""
        taken = "SELECT 1 FROM saved_searches WHERE name = ?"
        if self._connection.execute(taken, (search.name,)).fetchone():
            raise OptionError(
                f"there is a saved search {search.name!r} already: take another name, "
                f"or `syriasearch forget` it first"
            )
        self._connection.execute(
            "INSERT INTO saved_searches (name, query, options, saved_at, looked_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                search.name,
                search.query,
                json.dumps(search.options, ensure_ascii=False),
                search.saved_at,
                search.looked_at,
            ),
        )

    def show(self, name: str, articles: Iterable[int], at: str, last: int) -> None:
        """Remember that one was looked at and has shown these articles, inside a transaction.

        Those that are here are written, with numbers behind the last.
        """
        self._connection.execute(
            "UPDATE saved_searches SET looked_at = ? WHERE name = ?", (at, name)
        )
        self._connection.executemany(
            "INSERT INTO saved_hits (id, search_id, article_id, found_at)"
            " SELECT ?, saved_searches.id, articles.id, ? FROM saved_searches, articles"
            " WHERE name = ? AND articles.id = ? ON CONFLICT DO NOTHING",
            ((number, at, name, each) for number, each in enumerate(articles, start=last + 1)),
        )

    def forget(self, name: str) -> None:
        """Drop one, inside a transaction."""
        self._connection.execute("DELETE FROM saved_searches WHERE name = ?", (name,))


def shown_in(connections: Sequence[sqlite3.Connection], name: str) -> dict[int, str]:
    """Return the articles that a search has shown, the latest first, with when they were found."""
    each = (SavedSearches(connection).shown(name) for connection in connections)
    return {article: at for _, article, at in heapq.merge(*each, reverse=True)}
