"""Checks of values: their types, and the form of those that hold JSON.

SQLite keeps whatever it is given, in a column of any type. Only tables that nothing else yields are
checked: in others a wrong value differs from what it is derived from.
"""

from __future__ import annotations

import sqlite3

from ..store.odd_values import OUT_OF_BOUNDS, odd_values
from ..store.sql import fetch_int
from .check_schema import LOST_TABLES
from .damage import Damages, count_damage

TABLES = (*LOST_TABLES, "articles", "entities", "files", "ingest_problems")
_ELSEWHERE = {f"rows of {table} {OUT_OF_BOUNDS}" for table in ("articles", "entities")}
_LISTS = {
    ("corrections", "spellings"): "array, object",
    ("gazetteers", "entities"): "array",
    ("ingest_runs", "sources"): "array",
    ("saved_searches", "options"): "object",
}
"""The columns that hold JSON, and the types of JSON that they may have."""
_ODD_SOURCES = (
    "SELECT count(*) FROM ingest_runs"
    " WHERE EXISTS (SELECT 1 FROM json_each(sources) WHERE type != 'text')"
)
_ODD_SPELLINGS = (
    "SELECT count(*) FROM corrections WHERE EXISTS (SELECT 1 FROM json_each(CASE"
    " json_type(spellings) WHEN 'array' THEN spellings"
    " ELSE ifnull(json_extract(spellings, '$.spellings'), '[]') END) WHERE type != 'text')"
)


def value_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with values of another type than their column's."""
    for message, count in odd_values(connection, TABLES):
        # Other checks find what is wrong with these, and say how to mend it.
        if message not in _ELSEWHERE:
            yield from count_damage(count, message)
    odd = 0
    for (table, column), types in _LISTS.items():
        # A text that is no JSON has no type.
        count = fetch_int(
            connection,
            f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND ifnull(instr(?,"
            f" CASE WHEN json_valid({column}) THEN json_type({column}) END), 0) = 0",
            (types,),
        )
        odd += count
        yield from count_damage(count, f"rows of {table} hold what is no JSON of {column}")
    if not odd:
        count = fetch_int(connection, _ODD_SPELLINGS)
        yield from count_damage(count, "rows of corrections hold spellings that are no text")
        count = fetch_int(connection, _ODD_SOURCES)
        yield from count_damage(count, "rows of ingest_runs hold sources that are no text")
