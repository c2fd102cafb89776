"""Saved searches, and the articles that each has shown so far.

A saved search records the articles that it has shown, so that a later look shows only new hits:
articles that were added since, and articles that match only since they were changed.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..errors import OptionError
from .sql import fetch_int
from .values import RowCheck, read_json

_ROWS = RowCheck("saved_searches", ("name", "query", "options", "saved_at", "looked_at"))
_LISTED = 10
"""The maximum number of names that a message lists."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that is saved under a name."""

    name: str
    """The name of the saved search."""
    query: str
    """The query as typed."""
    options: dict[str, Any]
    """The options of `Archive.search` that it was saved with: after, before, source, entity, …"""
    saved_at: str
    """When it was saved, in UTC, ISO 8601."""
    looked_at: str
    """When it was last looked at, in UTC, ISO 8601."""


class SavedSearchTable:
    """The saved searches of one archive, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[SavedSearch, ...]:
        """Return all saved searches, in order of their names."""
        rows = self._connection.execute(
            "SELECT name, query, options, saved_at, looked_at FROM saved_searches ORDER BY name"
        )
        return tuple(
            SavedSearch(name, query, _read_options(options), saved_at, looked_at)
            for name, query, options, saved_at, looked_at in _ROWS.rows(rows)
        )

    def get(self, name: str) -> SavedSearch:
        """Return the saved search with this name. Raises OptionError if it does not exist."""
        found = {each.name: each for each in self.all()}
        if name not in found:
            names = ", ".join(islice(found, _LISTED)) + (" …" if len(found) > _LISTED else "")
            remedy = f"saved: {names}" if found else "`save` saves one"
            raise OptionError(f"no saved search named {name}; {remedy}")
        return found[name]

    def shown(self, name: str) -> Iterator[tuple[int, int, str]]:
        """Yield the hits that a search has shown, the latest first.

        A hit is its number, the article's id, and the time when it was found (UTC, ISO 8601).
        """
        return self._connection.execute(
            "SELECT saved_hits.id, article_id, found_at FROM saved_hits"
            " JOIN saved_searches ON saved_searches.id = search_id WHERE name = ?"
            " ORDER BY saved_hits.id DESC",
            (name,),
        )

    def last(self) -> int:
        """Return the highest number of a hit of any search, inside a transaction; 0 if none."""
        return fetch_int(self._connection, "SELECT max(id) FROM saved_hits")

    def add(self, search: SavedSearch) -> None:
        """Save a search, inside a transaction. Raises OptionError if its name is taken."""
        taken = "SELECT count(*) FROM saved_searches WHERE name = ?"
        if fetch_int(self._connection, taken, (search.name,)):
            raise OptionError(
                f"there is a saved search {search.name!r} already: take another name, "
                f"or `forget` it first"
            )
        options = json.dumps(search.options, ensure_ascii=False)
        self._connection.execute(
            "INSERT INTO saved_searches (name, query, options, saved_at, looked_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (search.name, search.query, options, search.saved_at, search.looked_at),
        )

    def show(self, name: str, articles: Iterable[int], time: str, last: int) -> None:
        """Record that a search was looked at and has shown these articles, inside a transaction.

        Those that this archive has are written as hits, numbered from `last` + 1 on.
        """
        self._connection.execute(
            "UPDATE saved_searches SET looked_at = ? WHERE name = ?", (time, name)
        )
        self._connection.executemany(
            "INSERT INTO saved_hits (id, search_id, article_id, found_at)"
            " SELECT ?, saved_searches.id, articles.id, ? FROM saved_searches, articles"
            " WHERE name = ? AND articles.id = ? ON CONFLICT DO NOTHING",
            ((number, time, name, each) for number, each in enumerate(articles, start=last + 1)),
        )

    def forget(self, name: str) -> None:
        """Delete a saved search and its hits, inside a transaction."""
        self._connection.execute("DELETE FROM saved_searches WHERE name = ?", (name,))


def shown_in(connections: Sequence[sqlite3.Connection], name: str) -> dict[int, str]:
    """Return the ids of the articles that a search has shown, the latest first, each with a time.

    That is when it was found, in UTC, ISO 8601. Each of `connections` is a shard's.
    """
    each = (SavedSearchTable(connection).shown(name) for connection in connections)
    return {article: at for _, article, at in heapq.merge(*each, reverse=True)}


def _read_options(text: str) -> dict[str, Any]:
    """Return the options of a search. Raises DamagedValueError."""
    options: dict[str, Any] = read_json(
        text, "saved_searches", lambda value: isinstance(value, dict)
    )
    return options
