"""Checks of values: their types, and the form of those that hold JSON.

SQLite keeps whatever it is given, in a column of any type. Only tables that nothing else yields are
checked: in others a wrong value differs from what it is derived from.
"""

from __future__ import annotations

import sqlite3

from ..store.sql import fetch_int
from .check_schema import LOST_TABLES
from .damage import Damages, count_damage

TABLES = (*LOST_TABLES, "articles", "entities", "files", "ingest_problems")
_STORED = {"TEXT": "'text'", "INTEGER": "'integer'", "REAL": "'real', 'integer'", "BLOB": "'blob'"}
"""The storage classes of a column's values, by its declared type."""
_LISTS = {
    ("corrections", "spellings"): "array, object",
    ("gazetteers", "entities"): "array",
    ("ingest_runs", "sources"): "array",
    ("saved_searches", "options"): "object",
}
"""The columns that hold JSON, and the types of JSON that they may have."""
_ODD_SPELLINGS = (
    "SELECT count(*) FROM corrections WHERE EXISTS (SELECT 1 FROM json_each(CASE"
    " json_type(spellings) WHEN 'array' THEN spellings"
    " ELSE ifnull(json_extract(spellings, '$.spellings'), '[]') END) WHERE type != 'text')"
)


def value_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with values of another type than their column's."""
    for table in TABLES:
        columns = connection.execute(
            'SELECT name, type, "notnull" FROM pragma_table_info(?) WHERE NOT pk', (table,)
        ).fetchall()
        wrong = " OR ".join(
            f"typeof({name}) NOT IN ({_STORED[kind]}{'' if required else ', ' + repr('null')})"
            for name, kind, required in columns
            if kind in _STORED
        )
        count = fetch_int(connection, f"SELECT count(*) FROM {table} WHERE {wrong}")
        yield from count_damage(count, f"rows of {table} hold values of another type")
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
