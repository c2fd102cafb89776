"""Checks of the file: its identification, tables, indexes, triggers and pages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from typing import NamedTuple

from ..store.migrations import MIGRATIONS, empty_archive
from ..store.schema import APPLICATION_ID, VERSION
from .damage import Damage, Damages

KEPT_TABLES = ("articles", "paragraphs")
"""The tables that all others derive from, except for a person's input; they cannot be restored."""
LOST_TABLES = ("corrections", "gazetteers", "settings", "saved_searches", "ingest_runs")
"""The tables whose content cannot be derived from anything else."""
INDEX = "paragraphs_fts"
APPLIED = MIGRATIONS.migrations_table
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


class Marks(NamedTuple):
    """The numbers that identify a file as an archive of a version."""

    application: int
    version: int


class Thing(NamedTuple):
    """A table, an index or a trigger, as the schema creates it."""

    kind: str
    name: str
    table: str
    sql: str


def read_marks(connection: sqlite3.Connection) -> Marks:
    """Return the identification of a file."""
    return Marks(
        *(
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
    )


def true_marks(connection: sqlite3.Connection) -> Marks | None:
    """Return the identification a file should have, by its tables; None if it is not an archive.

    The version is the one the file has, or the current one if it has none.
    """
    there = {name for kind, name in things_of(connection) if kind == "table"}
    marks = read_marks(connection)
    if marks.application != APPLICATION_ID and not there.issuperset((*KEPT_TABLES, APPLIED)):
        return None
    return Marks(APPLICATION_ID, marks.version or VERSION)


@cache
def expected() -> tuple[Thing, ...]:
    """Return the objects of an archive's schema, tables first."""
    with closing(empty_archive()) as fresh:
        found = [
            each
            for each in things_of(fresh).values()
            if each.kind == "table" or each.table != APPLIED
        ]
    return tuple(sorted(found, key=lambda each: ("table", "index", "trigger").index(each.kind)))


def things_of(connection: sqlite3.Connection) -> Mapping[tuple[str, str], Thing]:
    """Return the objects of a database by kind and name, except those SQLite creates itself."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {row[:2]: Thing(*row) for row in rows}


def columns_of(connection: sqlite3.Connection, table: str) -> list[tuple[str, str, int]]:
    """Return a table's columns: name, type, and whether each is hidden or generated."""
    return connection.execute(
        "SELECT name, type, hidden FROM pragma_table_xinfo(?)", (table,)
    ).fetchall()


def lacking(connection: sqlite3.Connection) -> list[Thing]:
    """Return the objects of the schema that are missing or different."""
    there = things_of(connection)
    return [
        thing
        for thing in expected()
        if (found := there.get(thing[:2])) is None
        or (thing.kind != "table" and _plain(found.sql) != _plain(thing.sql))
    ]


def _plain(sql: str) -> str:
    return re.sub(r"[\s;]+", " ", sql.replace('"', "")).strip()


def schema_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to identification and schema."""
    marks = read_marks(connection)
    should = true_marks(connection)
    if should is not None and marks != should:
        yield Damage("the file is not marked as an archive of its version", "marks")
        return
    for thing in lacking(connection):
        if thing.kind != "table":
            yield Damage(f"the {thing.kind} {thing.name} is not there, or another", "schema")
        elif thing.name in KEPT_TABLES:
            yield Damage(f"the table {thing.name} is not there")
        elif thing.name in LOST_TABLES:
            yield Damage(f"the table {thing.name} is not there, and what it held is lost", "schema")
        else:
            yield Damage(f"the table {thing.name} is not there", "schema")
    with closing(empty_archive()) as fresh:
        for thing in expected():
            # A damaged virtual table may not even open.
            there = (thing.kind, thing.name) in things_of(connection)
            if there and thing.name != APPLIED and thing.sql.startswith("CREATE TABLE"):
                lost = set(columns_of(fresh, thing.name)) - set(columns_of(connection, thing.name))
                if lost:
                    names = ", ".join(sorted(name for name, *_ in lost))
                    yield Damage(f"the table {thing.name} has other columns: {names}")


def type_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage for each table with a value that should be text and is not."""
    for table, columns in _TEXTS.items():
        where = " OR ".join(f"typeof({column}) != 'text'" for column in columns)
        count, *_ = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
        if count:
            yield Damage(f"{count:,} rows of {table} hold what is no text")


def page_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage that SQLite's integrity check reports, line by line."""
    for (message,) in connection.execute(f"PRAGMA integrity_check({_AT_MOST})"):
        for line in message.splitlines():
            if line != "ok" and not line.startswith("***"):
                of_an_index = _OF_AN_INDEX.search(line)
                yield Damage(f"SQLite: {line}", "indexes" if of_an_index else None)


def index_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage if the FTS5 index does not match the text."""
    try:
        connection.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        yield Damage(f"the index of the text is not what the text says ({error})", "text")
