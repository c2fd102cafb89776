"""Odd values: those in an archive that no column of it can have, found by a look at all of them."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from ..text.patterns import regex
from .schema import create_statements
from .second_reading import CHECK_SECONDS
from .sql import STEPS, fetch_int
from .values import column_types

_STORED = {
    "TEXT": "'text'",
    "INTEGER": "'integer'",
    "REAL": "'real', 'integer'",
    "BLOB": "'blob'",
}
"""The storage classes of a column's values, by its declared type."""
NOWHERE = "latitude NOT BETWEEN -90 AND 90 OR longitude NOT BETWEEN -180 AND 180"
"""The condition for the coordinates of an entity that are nowhere on earth."""
MAX_DELETION = 1 << 62
"""The highest number of a deletion: one more can be counted."""
BOUNDS = {
    "articles": f"word_count < 0 OR id NOT BETWEEN 1 AND {(1 << 28) - 1}",
    "entities": f"{NOWHERE} OR id NOT BETWEEN 1 AND {(1 << 30) - 1}",
    "deleted_articles": f"deletion NOT BETWEEN 1 AND {MAX_DELETION}"
    " OR content_hash GLOB '*[^0-9a-f]*'",
    "files": "size < -1 OR articles < 0 OR lost < 0",
    "ingest_runs": "min(added, updated, unchanged, removed, failed) < 0",
    "mentions": "start < 0 OR surface = ''",
    "paragraphs": f"position < 0 OR id NOT BETWEEN 1 AND {(1 << 47) - 1}",
    "segments": f"id NOT BETWEEN 1 AND {(1 << 31) - 1}",
    "signatures": "length(minima) % 4",
    "words": f"count < 1 OR word = '' OR id NOT BETWEEN 1 AND {(1 << 30) - 1}",
}
"""What no row of a table can have, in SQL, apart from its types. (Keys of postings have 30 bits for
the id of a word or an entity, ids of segments 31, and mentions 47 for that of their paragraph.)"""
OUT_OF_BOUNDS = "hold numbers or texts that none can have"
_CHECK = regex(r"CHECK (\(.*\)),?$", re.MULTILINE)
"""The constraints of a table, without regard to nested parentheses."""
_PLACES = (
    "SELECT count(*) FROM mentions JOIN paragraphs ON paragraphs.id = paragraph_id"
    ' WHERE "end" > length(text)'
)


def odd_values_sql(table: str, columns: Iterable[str] = ()) -> str:
    """Return a condition for the rows of a table that have a value of another type.

    It is that of some columns, or of all that are stored.
    """
    some = set(columns)
    return " OR ".join(
        f'typeof("{column.name}") NOT IN ({_STORED[column.declared]}'
        f"{', ' + repr('null') if column.is_optional else ''})"
        for column in column_types(table).values()
        if not column.is_computed and (not some or column.name in some)
    )


def odd_values(connection: sqlite3.Connection, tables: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield what is wrong with the values of tables, and the number of rows with it."""
    for table in tables:
        existing = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        known = existing.intersection(column_types(table))
        if known:
            where = odd_values_sql(table, known)
            count = fetch_int(connection, f"SELECT count(*) FROM {table} WHERE {where}")
            yield f"rows of {table} hold values of another type", count
        bounds = [f"NOT {each}" for each in _CHECK.findall(create_statements()[table])]
        bounds += [BOUNDS[table]] if table in BOUNDS else []
        if known and bounds:
            where = " OR ".join(f"({each})" for each in bounds)
            count = fetch_int(connection, f"SELECT count(*) FROM {table} WHERE {where}")
            yield f"rows of {table} {OUT_OF_BOUNDS}", count


def explain(path: Path) -> str:
    """Return what is wrong with the pages or the values of a file; nothing if nothing is.

    It takes CHECK_SECONDS at most.
    """
    if not path.is_file():
        return ""
    deadline = time.monotonic() + CHECK_SECONDS
    tables = [name for name, sql in create_statements().items() if sql.startswith("CREATE TABLE")]
    name = quote(os.fsencode(path.absolute()))
    try:
        with closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
            for found, count in odd_values(connection, tables):
                if count:
                    return f"{count:,} {found}"
            (line, *_) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if line != "ok":
                return str(line).splitlines()[-1]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                return f"rows of {orphan[0]} belong to what is not there"
            count = fetch_int(connection, _PLACES)
            return f"{count:,} mentions are beyond the end of their text" if count else ""
    except sqlite3.OperationalError as error:
        # It is interrupted, or another process writes; what lacks a column is no archive.
        return str(error) if str(error).startswith("no such") else ""
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)
