"""What does an archive tell of its entities? Read as far as it is asked for, and kept in mind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .models import Entity
from .schema import ENTITY_TYPES

_COLUMNS = "id, slug, name, type, description, wikidata, latitude, longitude"
_TIMED_VERSION = 4
"""Archives of earlier schema versions do not tell since and until when an entity was."""
_AT_ONCE = 500
_FEW = 4000
"""The types of more are read from the whole table, all at once."""
_UNREAD = -2


class EntityTable:
    """The entities of one archive, as it stands in one snapshot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, Entity] = {}

    @cached_property
    def last(self) -> int:
        """The highest id; 0 where there is none."""
        row = self._connection.execute("SELECT ifnull(max(id), 0) FROM entities").fetchone()
        return int(row[0])

    def about(self, numbers: Iterable[int]) -> dict[int, Entity]:
        """Return the entities with these ids, those that there are, in this order."""
        asked = list(dict.fromkeys(numbers))
        missing = [number for number in asked if number not in self._known]
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        timed = ", since, until, follows" if version >= _TIMED_VERSION else ""
        for first in range(0, len(missing), _AT_ONCE):
            some = missing[first : first + _AT_ONCE]
            for number, *row in self._connection.execute(
                f"SELECT {_COLUMNS}{timed} FROM entities WHERE id IN ({_marks(some)})", some
            ):
                times = dict(zip(("since", "until", "follows"), row[7:], strict=False))
                self._known[number] = Entity(*row[:7], **times)
        return {number: self._known[number] for number in asked if number in self._known}

    def types(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int8]:
        """Return the place of each entity's type in ENTITY_TYPES, -1 for what is no entity."""
        unread = numbers[self._types[numbers] == _UNREAD]
        if unread.size:
            asked = np.zeros(len(self._types), np.bool_)
            asked[unread] = True
            self._read_types(np.flatnonzero(asked).tolist())
        found: NDArray[np.int8] = self._types[numbers]
        return found

    def _read_types(self, missing: list[int]) -> None:
        if len(missing) > _FEW:
            self._types[:] = -1
            self._learn("SELECT id, type FROM entities", ())
            return
        self._types[missing] = -1
        for first in range(0, len(missing), _AT_ONCE):
            some = missing[first : first + _AT_ONCE]
            self._learn(f"SELECT id, type FROM entities WHERE id IN ({_marks(some)})", some)

    @cached_property
    def _types(self) -> NDArray[np.int8]:
        return np.full(self.last + 1, _UNREAD, np.int8)

    def _learn(self, sql: str, parameters: Iterable[int]) -> None:
        codes = {kind: code for code, kind in enumerate(ENTITY_TYPES)}
        for number, kind in self._connection.execute(sql, tuple(parameters)):
            self._types[number] = codes.get(kind, -1)

    def mentions(self, number: int, first: int, last: int) -> int:
        """Count the mentions of an entity in paragraphs with ids from the first to the last."""
        row = self._connection.execute(
            "SELECT count(*) FROM mentions WHERE entity_id = ? AND paragraph_id BETWEEN ? AND ?",
            (number, first, last),
        ).fetchone()
        return int(row[0])


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
