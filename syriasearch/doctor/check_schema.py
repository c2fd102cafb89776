"""Is an archive's file what its schema says: its marks, tables, indexes and triggers, its pages?"""

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
"""From these all others follow, but for what a person said; without them nothing is left."""
LOST_TABLES = ("corrections", "gazetteers", "settings", "saved_searches", "ingest_runs")
"""What stood in these cannot be told from anything else."""
INDEX = "paragraphs_fts"
APPLIED = MIGRATIONS.migrations_table
"""sqlite-utils' table of the migrations that were applied; its columns are its own affair."""
_AT_MOST = 10
_OF_AN_INDEX = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index"
    r"|values differ from index"
)
_TEXTS = {
    "articles": ("slug", "title", "path", "root", "content_hash"),
    "paragraphs": ("text",),
}


class Marks(NamedTuple):
    """By what a file is known as an archive of a version."""

    application: int
    version: int


class Thing(NamedTuple):
    """A table, an index or a trigger, as the schema makes it."""

    kind: str
    name: str
    table: str
    sql: str


def read_marks(connection: sqlite3.Connection) -> Marks:
    """Return the marks of a file."""
    return Marks(
        *(
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
    )


def true_marks(connection: sqlite3.Connection) -> Marks | None:
    """Return the marks that a file should have, by its tables; None where it is no archive.

    A version is that of the file, and the current one where it has none.
    """
    there = {name for kind, name in things_of(connection) if kind == "table"}
    marks = read_marks(connection)
    if marks.application != APPLICATION_ID and not there.issuperset((*KEPT_TABLES, APPLIED)):
        return None
    return Marks(APPLICATION_ID, marks.version or VERSION)


@cache
def expected() -> tuple[Thing, ...]:
    """Return what an archive has, tables first."""
    with closing(empty_archive()) as fresh:
        found = [
            each
            for each in things_of(fresh).values()
            if each.kind == "table" or each.table != APPLIED
        ]
    return tuple(sorted(found, key=lambda each: ("table", "index", "trigger").index(each.kind)))


def things_of(connection: sqlite3.Connection) -> Mapping[tuple[str, str], Thing]:
    """Return what a database has, by kind and name; not what SQLite makes by itself."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {row[:2]: Thing(*row) for row in rows}


def columns_of(connection: sqlite3.Connection, table: str) -> list[tuple[str, str, int]]:
    """Return a table's columns: name, type, and whether it is hidden or made from others."""
    return connection.execute(
        "SELECT name, type, hidden FROM pragma_table_xinfo(?)", (table,)
    ).fetchall()


def lacking(connection: sqlite3.Connection) -> list[Thing]:
    """Return what an archive should have, and has not, or otherwise."""
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
    """Yield what is wrong with marks and schema."""
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
            # One that is virtual may not even open.
            there = (thing.kind, thing.name) in things_of(connection)
            if there and thing.name != APPLIED and thing.sql.startswith("CREATE TABLE"):
                lost = set(columns_of(fresh, thing.name)) - set(columns_of(connection, thing.name))
                if lost:
                    names = ", ".join(sorted(name for name, *_ in lost))
                    yield Damage(f"the table {thing.name} has other columns: {names}")


def type_damages(connection: sqlite3.Connection) -> Damages:
    """Yield what is no text where a text is needed."""
    for table, columns in _TEXTS.items():
        where = " OR ".join(f"typeof({column}) != 'text'" for column in columns)
        count, *_ = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
        if count:
            yield Damage(f"{count:,} rows of {table} hold what is no text")


def page_damages(connection: sqlite3.Connection) -> Damages:
    """Yield what SQLite says of the file, line by line."""
    for (message,) in connection.execute(f"PRAGMA integrity_check({_AT_MOST})"):
        for line in message.splitlines():
            if line != "ok" and not line.startswith("***"):
                of_an_index = _OF_AN_INDEX.search(line)
                yield Damage(f"SQLite: {line}", "indexes" if of_an_index else None)


def index_damages(connection: sqlite3.Connection) -> Damages:
    """Yield whether FTS5's index is of another text."""
    try:
        connection.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        yield Damage(f"the index of the text is not what the text says ({error})", "text")
