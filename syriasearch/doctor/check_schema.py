"""Checks of the file: its identification, tables, indexes, triggers and pages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import NamedTuple

from ..index.posting_rows import MAX_ARTICLE
from ..index.postings import KIND_BITS, SEGMENT_BITS
from ..store.creation import RECORD, empty_archive
from ..store.schema import APPLICATION_ID, VERSION
from ..store.second_reading import is_io_error, is_malformed
from ..store.sql import fetch_int
from .damage import Damage, Damages, Mend, count_damage

KEPT_TABLES = ("articles", "paragraphs")
"""The tables that all others derive from, except for a person's input; they cannot be restored."""
LOST_TABLES = (
    *("corrections", "gazetteers", "settings", "saved_searches", "ingest_runs"),
    "deleted_articles",
)
"""The tables whose content cannot be derived from anything else."""
INDEX = "paragraphs_fts"
APPLIED = RECORD
"""sqlite-utils' table of applied migrations, whose columns are not checked."""
_AT_MOST = 10
"""The maximum number of errors that SQLite's integrity check reports."""
_OF_AN_INDEX = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index"
    r"|values differ from index"
)
_TEXTS = {
    "articles": ("slug", "title", "path", "root", "content_hash"),
    "paragraphs": ("text",),
}

ARRAYS = {
    "segments": ("articles", "lengths", "days", "paragraphs", "deleted"),
    "postings": ("data",),
}
"""The columns that hold arrays."""

MAX_GAPS = 1 << 24
"""The id of an article up to which any number of others may be missing."""
_SPARSE = 64
_INDEXED: dict[str, Mend | None] = {"articles": None, "entities": None, "words": "words"}
"""The tables whose ids are in the postings, and the repair for one that cannot be there."""


class Marks(NamedTuple):
    """The numbers that identify a file as an archive of a version."""

    application: int
    version: int


class SchemaObject(NamedTuple):
    """A table, an index or a trigger, as the schema creates it."""

    kind: str
    name: str
    table: str
    sql: str


def read_marks(connection: sqlite3.Connection) -> Marks:
    """Return the identification of a file."""
    return Marks(
        fetch_int(connection, "PRAGMA application_id"), fetch_int(connection, "PRAGMA user_version")
    )


def true_marks(connection: sqlite3.Connection) -> Marks | None:
    """Return the identification a file should have, by its tables; None if it is not an archive.

    The version is the one the file has, or the current one if it has none.
    """
    tables = {name for kind, name in objects_of(connection) if kind == "table"}
    marks = read_marks(connection)
    if marks.application != APPLICATION_ID and not tables.issuperset((*KEPT_TABLES, APPLIED)):
        return None
    return Marks(APPLICATION_ID, marks.version or VERSION)


@cache
def expected() -> tuple[SchemaObject, ...]:
    """Return the objects of an archive's schema, tables first."""
    with closing(empty_archive()) as fresh:
        found = [
            each
            for each in objects_of(fresh).values()
            if each.kind == "table" or each.table != APPLIED
        ]
    return tuple(sorted(found, key=lambda each: ("table", "index", "trigger").index(each.kind)))


def objects_of(connection: sqlite3.Connection) -> Mapping[tuple[str, str], SchemaObject]:
    """Return the objects of a database by kind and name, except those SQLite creates itself."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {row[:2]: SchemaObject(*row) for row in rows}


def columns_of(connection: sqlite3.Connection, table: str) -> set[tuple[str, str, int]]:
    """Return a table's columns: name, type, and whether each is hidden or generated."""
    return set(connection.execute("SELECT name, type, hidden FROM pragma_table_xinfo(?)", (table,)))


def lacking(connection: sqlite3.Connection) -> list[SchemaObject]:
    """Return the objects of the schema that are missing or different."""
    existing = objects_of(connection)
    return [
        each
        for each in expected()
        if (found := existing.get(each[:2])) is None
        or (each.kind != "table" and _plain(found.sql) != _plain(each.sql))
    ]


def _plain(sql: str) -> str:
    return re.sub(r"[\s;]+", " ", sql.replace('"', "")).strip()


def schema_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to identification and schema."""
    expected_marks = true_marks(connection)
    if expected_marks is not None and read_marks(connection) != expected_marks:
        yield Damage("the file is not marked as an archive of its version", "marks")
        return
    for kind, name, *_ in lacking(connection):
        if kind != "table":
            yield Damage(f"the {kind} {name} is not there, or another", "schema")
        else:
            lost = ", and what it held is lost" if name in LOST_TABLES else ""
            mend: Mend | None = None if name in KEPT_TABLES else "schema"
            yield Damage(f"the table {name} is not there{lost}", mend)
    existing = objects_of(connection)
    with closing(empty_archive()) as fresh:
        for kind, name, _, sql in expected():
            # A damaged virtual table may not even open.
            if (kind, name) in existing and name != APPLIED and sql.startswith("CREATE TABLE"):
                lost_columns = columns_of(fresh, name) - columns_of(connection, name)
                if lost_columns:
                    names = ", ".join(sorted(column for column, *_ in lost_columns))
                    yield Damage(f"the table {name} has other columns: {names}")


def type_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with a value that should be text, or an array, and is not."""
    for table, columns in _TEXTS.items():
        count = _others(connection, table, columns, "text")
        yield from count_damage(count, f"rows of {table} hold what is no text")
    yield from array_damages(connection)


def array_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with a value that should be an array and is not."""
    for table, columns in ARRAYS.items():
        count = _others(connection, table, columns, "blob")
        yield from count_damage(count, f"rows of {table} hold what is no array", "arrays")


def id_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with an id that the index cannot have."""
    for table, mend in _INDEXED.items():
        most = MAX_ARTICLE if table == "articles" else 1 << KIND_BITS
        where = f"id NOT BETWEEN 1 AND {most - 1}"
        count = fetch_int(connection, f"SELECT count(*) FROM {table} WHERE {where}")
        yield from count_damage(count, f"rows of {table} have an id that no index can have", mend)
    where = f"id NOT BETWEEN 1 AND {(1 << 63 - SEGMENT_BITS) - 1}"
    count = fetch_int(connection, f"SELECT count(*) FROM segments WHERE {where}")
    yield from count_damage(count, "rows of segments have an id that no index can have", "arrays")
    highest, count = connection.execute("SELECT max(id), count(*) FROM articles").fetchone()
    if highest and MAX_GAPS < highest < MAX_ARTICLE and highest > _SPARSE * count:
        # Arrays have an item for each id: they would take gigabytes.
        yield Damage(f"{count:,} articles have ids of up to {highest:,}")


def _others(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], stored_as: str
) -> int:
    """Return the number of rows with a value that is stored as another type."""
    where = " OR ".join(f"typeof({column}) != '{stored_as}'" for column in columns)
    return fetch_int(connection, f"SELECT count(*) FROM {table} WHERE {where}")


def page_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage that SQLite's integrity check reports, line by line.

    Raises sqlite3.OperationalError if a page cannot be read.
    """
    for (message,) in connection.execute(f"PRAGMA integrity_check({_AT_MOST})"):
        for line in message.splitlines():
            if line != "ok" and not line.startswith("***"):
                if is_io_error(line):
                    raise sqlite3.OperationalError("disk I/O error")
                mend: Mend | None = "indexes" if _OF_AN_INDEX.search(line) else None
                yield Damage(f"SQLite: {line}", mend, by_reading=True)


def index_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage if the FTS5 index does not match the text."""
    try:
        connection.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if not is_malformed(error):
            raise
        message = f"the index of the text is not what the text says ({error})"
        yield Damage(message, "text", by_reading=True)
