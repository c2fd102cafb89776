"""Checks of values: their types, and the form of those that hold JSON.

SQLite keeps whatever it is given, in a column of any type. Only tables that nothing else yields are
checked: in others a wrong value differs from what it is derived from.
"""

from __future__ import annotations

import sqlite3

from ..store.mention_codes import WRITTEN, phrases
from ..store.odd_values import OUT_OF_BOUNDS, odd_values
from ..store.sql import fetch_int
from ..store.values import column_types
from .check_schema import LOST_TABLES
from .damage import Damage, Damages, Mend, count_damage

TABLES = (*LOST_TABLES, "articles", "entities", "files", "ingest_problems")
_ELSEWHERE = {f"rows of {table} {OUT_OF_BOUNDS}" for table in ("articles", "entities")}
_TEXT_TABLES = (*TABLES, "saved_hits", "aliases", "mentions")
"""The tables whose texts no other check reads."""
TIMES = {
    "articles": ("added_at", "updated_at"),
    "corrections": ("made_at", "undone_at"),
    "deleted_articles": ("deleted_at",),
    "entities": ("since", "until"),
    "gazetteers": ("read_at",),
    "ingest_runs": ("started_at", "finished_at"),
    "saved_hits": ("found_at",),
    "saved_searches": ("saved_at", "looked_at"),
}
"""The columns that hold a date, or a date and a time."""
_LONGEST_TIME = 40
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


def no_time_sql(column: str) -> str:
    """Return the condition for values of a column that are no times."""
    return f"({column} NOT GLOB '[0-9][0-9][0-9][0-9]*' OR length({column}) > {_LONGEST_TIME})"


def value_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with values of another type than their column's."""
    for message, count in odd_values(connection, TABLES):
        # Other checks find what is wrong with these, and say how to mend it.
        if message not in _ELSEWHERE:
            yield from count_damage(count, message)
    for table, columns in TIMES.items():
        where = " OR ".join(map(no_time_sql, columns))
        count = fetch_int(connection, f"SELECT count(*) FROM {table} WHERE {where}")
        yield from count_damage(count, f"rows of {table} hold times that are none", "times")
    for table in _TEXT_TABLES:
        # Names are recognized again, and all else can only be restored.
        mend: Mend | None = "names" if table in ("aliases", "mentions") else None
        if _has_broken_texts(connection, table):
            yield Damage(f"rows of {table} hold texts that cannot be read", mend)
    last = chr(ord(WRITTEN) + len(phrases()))
    count = fetch_int(
        connection,
        "SELECT count(*) FROM mentions WHERE why NOT BETWEEN ? AND ?",
        (WRITTEN, f"{last}\U0010ffff"),
    )
    yield from count_damage(count, "mentions have a reason that none has", "names")
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


def _has_broken_texts(connection: sqlite3.Connection, table: str) -> bool:
    """Return whether a text of a table is no UTF-8, or has a NUL, which is cut in other programs.

    Mentions share few texts.
    """
    columns = [
        column.name
        for column in column_types(table).values()
        if column.declared == "TEXT" and not column.is_computed and column.name != "surface"
    ]
    chosen = f"{', '.join(columns)} FROM {table}"
    if table == "mentions":
        # The condition, which all rows fulfil, has them read in their order.
        chosen = f"DISTINCT {chosen} WHERE paragraph_id > -9e99"
    rows = connection.execute(f"SELECT {chosen}")
    try:
        return any(isinstance(text, str) and "\0" in text for row in rows for text in row)
    except (sqlite3.OperationalError, UnicodeDecodeError) as error:
        if "decode" not in str(error):
            raise
        return True
