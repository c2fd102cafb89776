"""Checks of the file: its identification, tables, indexes, triggers and pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from typing import NamedTuple

from ..index.posting_rows import MAX_ARTICLE
from ..index.postings import KIND_BITS, SEGMENT_BITS
from ..models.article import printable
from ..store.creation import empty_archive, records_migrations
from ..store.known_schema import INDEX, SchemaObject, difference_of, normalized, objects_of
from ..store.schema import APPLICATION_ID, RECORD, recorded_version
from ..store.second_reading import is_io_error, is_malformed
from ..store.sql import fetch_int
from ..store.values import DamagedValueError, check_ids, column_types
from ..text.patterns import regex
from .damage import Damage, Damages, Mend, count_damage

KEPT_TABLES = ("articles", "paragraphs")
"""The tables that all others derive from, except for a person's input; they cannot be restored."""
LOST_TABLES = (
    *("corrections", "gazetteers", "settings", "saved_searches", "ingest_runs"),
    "deleted_articles",
)
"""The tables whose content cannot be derived from anything else."""
DERIVED_TABLES = (
    *("words", "mentions", "aliases", "alias_keys", "signatures", "bands", "segments", "postings"),
    *("paragraphs_fts", RECORD),
)
"""The tables that are made again if they are others."""
APPLIED = RECORD
"""sqlite-utils' table of applied migrations, whose columns are not checked."""
_AT_MOST = 10
"""The maximum number of errors that SQLite's integrity check reports."""
_OF_AN_INDEX = regex(
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

MAX_PARAGRAPH = 1 << 47
"""Exclusive upper bound of ids of paragraphs, which mentions have in their own."""
_INDEXED: dict[str, Mend | None] = {"articles": None, "entities": None, "words": "words"}
"""The tables whose ids are in the postings, and the repair for one that cannot be there."""


class Marks(NamedTuple):
    """The numbers that identify a file as an archive of a version."""

    application: int
    version: int


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
    return Marks(APPLICATION_ID, marks.version or recorded_version(connection))


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
        or (each.kind != "table" and normalized(found.sql) != normalized(each.sql))
        or (each.name in DERIVED_TABLES and difference_of(found) is not None)
    ]


def foreign(connection: sqlite3.Connection) -> list[SchemaObject]:
    """Return what would be executed, and is not the archive's own."""
    return [each for each in objects_of(connection).values() if difference_of(each) == "foreign"]


def added_columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the columns of tables that are not the archive's own, by table."""
    found: dict[str, list[str]] = {}
    for each in objects_of(connection).values():
        if difference_of(each) == "plain" and each.name not in DERIVED_TABLES:
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({each.name})")]
            if others := [name for name in names if name not in column_types(each.name)]:
                found[each.name] = others
    return found


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
            another = ", or another" if name in DERIVED_TABLES else ""
            yield Damage(f"the table {name} is not there{another}{lost}", mend)
    existing = objects_of(connection)
    if ("table", RECORD) in existing and not records_migrations(connection):
        yield Damage("the record of migrations is not that of the archive's version", "schema")
    for each in foreign(connection):
        yield Damage(f"the {each.kind} {printable(each.name)} is not the archive's own", "schema")
    for table, columns in added_columns(connection).items():
        names = ", ".join(map(printable, columns))
        yield Damage(f"the table {table} has columns that are not its own: {names}", "schema")
    for kind, name, *_ in expected():
        found = existing.get((kind, name))
        is_kept = kind == "table" and name not in DERIVED_TABLES
        if is_kept and found and difference_of(found) == "altered":
            yield Damage(f"the table {name} computes what is not the archive's own")
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
    where = f"id NOT BETWEEN 1 AND {MAX_PARAGRAPH - 1}"
    count = fetch_int(connection, f"SELECT count(*) FROM paragraphs WHERE {where}")
    yield from count_damage(count, "rows of paragraphs have an id that no mention can have")
    where = f"id NOT BETWEEN 1 AND {(1 << 63 - SEGMENT_BITS) - 1}"
    count = fetch_int(connection, f"SELECT count(*) FROM segments WHERE {where}")
    yield from count_damage(count, "rows of segments have an id that no index can have", "arrays")
    for table in ("articles", "entities"):
        highest = fetch_int(connection, f"SELECT max(id) FROM {table}")
        try:
            check_ids(connection, table, highest)
        except DamagedValueError as error:
            # Arrays have an item for each id: they would take gigabytes.
            yield Damage(str(error))


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
