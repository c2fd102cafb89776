"""The schema of an archive, read from `data/schema.sql`, and the check of a file's version.

The comments of `schema.sql` explain the schema and describe each table and column; docs/schema.md
is made from them, and so are the descriptions that Datasette shows. A table or column that a
migration adds is described there in the same form, commented out.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..errors import ArchiveVersionError, NotAnArchiveError
from ..models.entity import ENTITY_TYPES
from ..text.patterns import regex
from .mention_codes import reason_sql, recognizer_sql
from .replacements import folded_sql
from .sql import fetch_int

APPLICATION_ID = 0x53595253  # "SYRS"
FIRST_VERSION = 6
"""The version of `schema.sql`; lower versions were never released."""
VERSION = 11
"""The version that this program writes; each migration after the first raises it by one."""
RECORD = "_sqlite_migrations"
"""The table of sqlite-utils that records migrations."""
_TELLING = {"articles", "paragraphs", "paragraphs_fts", RECORD}
"""Tables by which an archive is recognized that has lost its marks, as by `.dump`."""
TOKENIZER = "unicode61 remove_diacritics 2"
FOLDED = f"ifnull(normalized, {folded_sql('text', 'replacements')})"
"""The expression of the column `paragraphs.folded`."""
INDEX_SETTINGS = "INSERT INTO paragraphs_fts(paragraphs_fts, rank) VALUES ('hashsize', 4194304)"
"""Lets FTS5 hold what a batch adds in memory, in bytes, so that it is written, and merged, once."""

_COMMENT = regex("^-- ?", re.MULTILINE)
_TABLE = regex(r"^(.+)\nCREATE (?:VIRTUAL )?TABLE (\w+).*((?:\n  .*)*)", re.MULTILINE)
_CREATED = regex(r"CREATE (?:UNIQUE |VIRTUAL )?\w+ (\w+)")
_COLUMN = regex(r'^  +(?:-- )?"?(\w+)"?.*?  -- (.+)$', re.MULTILINE)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@cache
def _source() -> str:
    return (Path(__file__).parent / "data" / "schema.sql").read_text("utf-8")


@cache
def create_statements() -> dict[str, str]:
    """Return the statements that create the schema, in order, by the name that each creates."""
    script = re.sub(" *--.*", "", _source())
    for place, sql in (
        ("{tokenizer}", TOKENIZER),
        ("{folded}", FOLDED),
        ("{entity_types}", ", ".join(map(_literal, ENTITY_TYPES))),
        ("{recognizer}", recognizer_sql()),
        ("{reason}", reason_sql()),
    ):
        script = script.replace(place, sql)
    statements = split_statements(script)
    return {name: sql for sql in statements for name in _CREATED.findall(sql)}


class TableDescription(NamedTuple):
    """The documentation of a table."""

    description: str
    """The table's content, in a sentence."""
    columns: dict[str, str]
    """The content of each column, by its name, in a few words."""


def describe_tables() -> dict[str, TableDescription]:
    """Return the description of each table and its columns, by the table's name."""
    return {
        table: TableDescription(description, dict(_COLUMN.findall(columns)))
        for description, table, columns in _TABLE.findall(_COMMENT.sub("", _source()))
    }


def describe_schema() -> str:
    """Return the explanation of the whole schema, in Markdown."""
    return _COMMENT.sub("", _source().split("\n\n", 1)[0]).split("\n\n", 1)[1]


def quote_terms(terms: Iterable[str]) -> str:
    """Return an FTS5 query for consecutive terms, as one quoted phrase.

    Text from outside reaches FTS5 in no other way, so it is never parsed as query syntax.
    """
    return f'"{" ".join(terms)}"'


def split_statements(script: str) -> list[str]:
    """Split a script into its statements, since `executescript` would commit before it starts."""
    statements: list[str] = []
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            statements.append(statement.strip())
            statement = ""
    return statements


def check_archive(connection: sqlite3.Connection, path: str) -> int:
    """Return an archive's schema version, 0 for an empty database; `path` is for messages.

    Raises NotAnArchiveError for another kind of database and ArchiveVersionError for an archive
    that this program cannot read.
    """
    version = read_version(connection)
    if version is None:
        raise NotAnArchiveError(
            f"{path} is a SQLite database, but not an archive of syriasearch: name another file"
        )
    if version:
        check_version(version, path)
    return version


def read_version(connection: sqlite3.Connection) -> int | None:
    """Return an archive's schema version, 0 for an empty database, None for another kind of one.

    One that lost its marks, as by `.dump`, is recognized by its tables.
    """
    version = fetch_int(connection, "PRAGMA user_version")
    application = fetch_int(connection, "PRAGMA application_id")
    if application == APPLICATION_ID and version:
        return version
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {name for (name,) in rows}
    if application in (0, APPLICATION_ID) and tables.issuperset(_TELLING):
        return version or recorded_version(connection)
    if application == APPLICATION_ID:
        return 0
    return None if version or tables else 0


def recorded_version(connection: sqlite3.Connection) -> int:
    """Return the version of the schema by the record of migrations; VERSION if it is empty."""
    count = fetch_int(
        connection, f"SELECT count(*) FROM {RECORD} WHERE migration_set = 'syriasearch'"
    )
    return FIRST_VERSION - 1 + count if count else VERSION


def write_marks(connection: sqlite3.Connection, version: int) -> None:
    """Mark a file as an archive of a version, if it is not."""
    for name, value in (("application_id", APPLICATION_ID), ("user_version", version)):
        if fetch_int(connection, f"PRAGMA {name}") != value:
            connection.execute(f"PRAGMA {name} = {value}")


def check_version(version: int, path: str) -> None:
    """Raise ArchiveVersionError if this program cannot read archives of a version."""
    if version < FIRST_VERSION:
        raise ArchiveVersionError(
            f"{path} was made by an unreleased version of this program (schema version {version}): "
            "ingest its sources into a new file"
        )
    if version > VERSION:
        raise ArchiveVersionError(
            f"{path} has schema version {version}, and this program knows up to {VERSION}: "
            "upgrade syriasearch"
        )


def check_current(version: int, path: str) -> None:
    """Raise ArchiveVersionError if a version is not the one that this program writes."""
    check_version(version, path)
    if version < VERSION:
        raise ArchiveVersionError(
            f"{path} has schema version {version}, and this program writes {VERSION}: "
            f"`syriasearch --db {path} optimize` brings it up to date"
        )
