"""Values as they are read from an archive: checked to be of the types that the schema declares.

SQLite keeps whatever it is given, in a column of any type, and an archive from elsewhere may have
been written by any program. Where rows become what the API gives back, they pass a `RowCheck`,
which compares the types of each row with those that were found right before: a fraction of a
microsecond. Where rows become arrays, numbers are checked before memory is taken for them. What
else fails, because a value is not what an archive has, is explained by a look at all values
(`odd_values`), which happens only then.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from ..text.patterns import regex
from .schema import create_statements
from .sql import fetch_int

MAX_GAPS = 1 << 24
"""The id up to which any number of others may be missing."""
SPARSE = 64
"""How many times as high as the number of rows ids may be above it."""
_COLUMN = regex(r'^  "?([a-z_]+)"? (TEXT|INTEGER|REAL|BLOB)\b(.*)$', re.MULTILINE)
_PYTHON: dict[str, tuple[type, ...]] = {
    "TEXT": (str,),
    "INTEGER": (int,),
    "REAL": (float, int),
    "BLOB": (bytes,),
}


class DamagedValueError(sqlite3.DatabaseError):
    """A value that was read is not one that an archive has."""


class ColumnType(NamedTuple):
    """What the schema declares of a column."""

    name: str
    declared: str
    """TEXT, INTEGER, REAL or BLOB."""
    is_optional: bool
    is_computed: bool


@cache
def column_types(table: str) -> dict[str, ColumnType]:
    """Return the columns of a table, by name."""
    return {
        name: ColumnType(
            name,
            declared,
            not ("NOT NULL" in rest or "PRIMARY KEY" in rest),
            "GENERATED" in rest,
        )
        for name, declared, rest in _COLUMN.findall(create_statements()[table])
    }


class RowCheck:
    """Checks that rows have values of the types of their columns, each `column` or `table.column`.

    Columns of a table that is joined from the left may be empty: their names end with `?`. What is
    computed in SQL, and not stored, is `#`.
    """

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self._table = table
        self._columns = tuple(columns)
        self._known: set[tuple[type, ...]] = set()

    def row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a row. Raises DamagedValueError."""
        kinds = tuple(map(type, row))
        if kinds not in self._known:
            self._learn(kinds)
        return row

    def rows(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield rows. Raises DamagedValueError."""
        known = self._known
        for row in rows:
            kinds = tuple(map(type, row))
            if kinds not in known:
                self._learn(kinds)
            yield row

    def _learn(self, kinds: tuple[type, ...]) -> None:
        for place, kind in zip(self._columns, kinds, strict=True):
            *table, name = place.removesuffix("?").split(".")
            if name == "#":
                continue
            column = column_types(table[0] if table else self._table)[name]
            if kind is type(None):
                fits = column.is_optional or place.endswith("?")
            else:
                fits = kind in _PYTHON[column.declared]
            if not fits:
                raise DamagedValueError(
                    f"a row of {table[0] if table else self._table} has a value of another type "
                    f"as {name}"
                )
        self._known.add(kinds)


def read_json(text: str, table: str, is_right: Callable[[Any], bool]) -> Any:
    """Return what a text says in JSON. Raises DamagedValueError for any other than is expected."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise DamagedValueError(f"a row of {table} has what is no JSON") from error
    if not is_right(value):
        raise DamagedValueError(f"a row of {table} has another JSON than it should")
    return value


def are_texts(values: object) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(values, list) and all(isinstance(each, str) for each in values)


def check_ids(connection: sqlite3.Connection, table: str, highest: int) -> None:
    """Raise DamagedValueError if arrays by the ids of a table would have next to no values."""
    if highest > MAX_GAPS and highest > SPARSE * fetch_int(
        connection, f"SELECT count(*) FROM {table}"
    ):
        raise DamagedValueError(f"rows of {table} have ids of up to {highest:,}")
