"""What does an archive hold, and how does an older one become a current one?

An archive is one SQLite file. **articles** are what was read; each has a slug that never changes,
the path it came from, and a hash of its content by which an unchanged file is recognized.
**paragraphs** hold an article's text as it was written, in order, the title at position 0; the
paragraphs of one article have consecutive ids, so that a range of rowids is an article. Two
generated columns fold the text in SQL (`unmarked`, then `folded`: SQLite's parser, whose stack has
100 places, cannot nest all steps in one), and **paragraphs_fts** indexes `folded`, unstemmed, kept
true by triggers: a quoted phrase is exactly that phrase and a prefix is a prefix. **words** is the
archive's vocabulary, each word with the stem of its class and how often it stands in the archive:
stemming is data. **entities**, **aliases** and **mentions** tell who is named where;
**alias_keys** by what a name is looked up that is spelt as no alias is (see `names`);
**corrections** are what a person said of them, in order (a mention or an alias that is moved keeps
whose it was as `found_id`), and **gazetteers** the files of names that a user gave. **settings**
hold what recognizes names, and the versions that stems were made with.
**ingest_runs** and **ingest_problems** tell what each run did and what it could not do, and
**files** by what a file is known that has not changed since it was read.
**saved_searches** are queries kept under a name, and **saved_hits** the articles that each has
shown. `articles.duplicate_of` tells which articles are copies of another; **signatures** and
**bands** by what they are found. **segments** and **postings** tell which articles have a term and
how often, as arrays: what ranking reads; all of it follows from the other tables.

The schema's version is `PRAGMA user_version`; `PRAGMA application_id` tells an archive from other
databases. An archive of an older version is migrated at the next write and opens for reading as
it is; a newer one is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from .additions import (
    COPIES_SCHEMA,
    CORRECTIONS_SCHEMA,
    FILES_SCHEMA,
    POSTINGS_SCHEMA,
    SAVED_SCHEMA,
    literal,
    one_of,
)
from .errors import ArchiveVersionError, NotAnArchiveError, SQLiteFeatureError
from .names import write_alias_keys
from .text import APOSTROPHES, LETTERS, MARKS, POSSESSIVES

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x53595253  # "SYRS"
OLDEST_SQLITE = (3, 35, 0)
TOKENIZER = "unicode61 remove_diacritics 2"
KINDS = ("title", "heading", "body", "caption", "byline")
ENTITY_TYPES = ("person", "organization", "group", "place", "event")


def _replace_all(column: str, pairs: list[tuple[str, str]]) -> str:
    expression = column
    for old, new in pairs:
        expression = f"replace({expression}, {literal(old)}, {literal(new)})"
    return expression


_ASCII = "length(CAST(text AS BLOB)) = length(text)"
"""SQLite computes a row's generated columns as it writes it, too: the commonest text fast."""

UNMARKED_SQL = f"""CASE WHEN {_ASCII} THEN text
  ELSE {_replace_all("text", [(mark, "") for mark in MARKS])} END"""
"""Step a of `text.fold`."""

_FOLDS = [
    *((mark + s, " " + s) for mark in POSSESSIVES for s in "sS"),
    *((apostrophe, "") for apostrophe in APOSTROPHES),
    *LETTERS.items(),
]

FOLDED_SQL = f"""CASE WHEN {_ASCII}
  THEN {_replace_all("text", [pair for pair in _FOLDS if pair[0].isascii()])}
  ELSE {_replace_all("unmarked", _FOLDS)} END"""
"""Steps b to d of `text.fold`; a text of ASCII alone, the commonest, takes the short way."""


INSERT_TRIGGER = """CREATE TRIGGER paragraphs_insert AFTER INSERT ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(rowid, folded) VALUES (new.id, new.folded);
END;"""
"""Puts new paragraphs into the index. Who folds them sooner may do without it (`store`)."""

SCHEMA = f"""
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  author TEXT,
  source TEXT,
  url TEXT,
  published TEXT,
  lang TEXT,
  path TEXT NOT NULL,
  root TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  duplicate_of INTEGER REFERENCES articles(id) ON DELETE SET NULL,
  word_count INTEGER NOT NULL,
  added_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (root, path)
);
CREATE INDEX articles_path ON articles(path);
CREATE INDEX articles_published ON articles(published);
CREATE INDEX articles_source ON articles(source);
CREATE INDEX articles_duplicate_of ON articles(duplicate_of);

CREATE TABLE paragraphs (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL {one_of("kind", KINDS)},
  text TEXT NOT NULL,
  unmarked TEXT GENERATED ALWAYS AS ({UNMARKED_SQL}) VIRTUAL,
  folded TEXT GENERATED ALWAYS AS ({FOLDED_SQL}) VIRTUAL
);
CREATE UNIQUE INDEX paragraphs_article_position ON paragraphs(article_id, position);

CREATE VIRTUAL TABLE paragraphs_fts USING fts5(
  folded, content="paragraphs", content_rowid="id", tokenize="{TOKENIZER}"
);
{INSERT_TRIGGER}
CREATE TRIGGER paragraphs_delete AFTER DELETE ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(paragraphs_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
END;
CREATE TRIGGER paragraphs_update AFTER UPDATE ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(paragraphs_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
  INSERT INTO paragraphs_fts(rowid, folded) VALUES (new.id, new.folded);
END;

CREATE TABLE words (
  id INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE,
  stem TEXT NOT NULL,
  count INTEGER NOT NULL
);
CREATE INDEX words_stem ON words(stem);

CREATE TABLE entities (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  type TEXT NOT NULL {one_of("type", ENTITY_TYPES)},
  description TEXT,
  wikidata TEXT,
  latitude REAL,
  longitude REAL
);

CREATE TABLE aliases (
  id INTEGER PRIMARY KEY,
  entity_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
  alias TEXT NOT NULL,
  lang TEXT,
  key TEXT NOT NULL,
  UNIQUE (entity_id, alias)
);
CREATE INDEX aliases_key ON aliases(key);

CREATE TABLE mentions (
  id INTEGER PRIMARY KEY,
  paragraph_id INTEGER NOT NULL REFERENCES paragraphs(id) ON DELETE CASCADE,
  entity_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  surface TEXT NOT NULL,
  recognizer TEXT NOT NULL
);
CREATE INDEX mentions_paragraph ON mentions(paragraph_id);
CREATE INDEX mentions_entity ON mentions(entity_id, paragraph_id);

CREATE TABLE ingest_runs (
  id INTEGER PRIMARY KEY,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  sources TEXT NOT NULL,
  program TEXT NOT NULL,
  added INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE ingest_problems (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES ingest_runs(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  message TEXT NOT NULL,
  lost INTEGER NOT NULL
);
CREATE INDEX ingest_problems_run ON ingest_problems(run_id);
"""

Migration = Callable[["Database"], None]


def _create(database: Database) -> None:
    """Version 1: articles, the index over them, entities, and what runs did."""
    for statement in split_statements(SCHEMA):
        database.conn.execute(statement)
    database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _add_saved_searches(database: Database) -> None:
    """Version 2: searches that are kept, and what they have shown."""
    for statement in split_statements(SAVED_SCHEMA):
        database.conn.execute(statement)


def _add_postings(database: Database) -> None:
    """Version 3: arrays of which articles have a term; the store fills them."""
    for statement in split_statements(POSTINGS_SCHEMA):
        database.conn.execute(statement)


def _add_corrections(database: Database) -> None:
    """Version 4: what a person said of entities, a user's names, and when entities were."""
    for statement in split_statements(CORRECTIONS_SCHEMA):
        database.conn.execute(statement)
    write_alias_keys(database.conn)


def _add_copies_and_files(database: Database) -> None:
    """Version 5: what tells that an article is a copy of another, and which files were read.

    The store fills both.
    """
    for statement in split_statements(COPIES_SCHEMA + FILES_SCHEMA):
        database.conn.execute(statement)


MIGRATIONS: list[Migration] = [
    _create,
    _add_saved_searches,
    _add_postings,
    _add_corrections,
    _add_copies_and_files,
]
"""Migration n takes an archive from version n to n + 1; all that are due run in one transaction.

`table.transform()` of sqlite-utils drops triggers: a migration that calls it puts them back.
"""


def split_statements(script: str) -> list[str]:
    """Cut a script into its statements: `executescript` would commit before it starts."""
    statements: list[str] = []
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            statements.append(statement.strip())
            statement = ""
    return statements


def current_version() -> int:
    """Return the schema version that this program writes."""
    return len(MIGRATIONS)


def empty_archive(version: int) -> sqlite3.Connection:
    """Return an archive of a version with nothing in it, in memory."""
    from sqlite_utils import Database

    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    for migration in MIGRATIONS[:version]:
        migration(database)
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def check_sqlite() -> None:
    """Raise SQLiteFeatureError where this Python's SQLite cannot hold an archive."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise SQLiteFeatureError(
            f"this Python has SQLite {sqlite3.sqlite_version}, and an archive needs {oldest} or "
            "later: use a newer Python"
        )
    probe = sqlite3.connect(":memory:")
    try:
        probe.execute(f'CREATE VIRTUAL TABLE probe USING fts5(x, tokenize="{TOKENIZER}")')
    except sqlite3.OperationalError as error:
        raise SQLiteFeatureError(
            f"this Python's SQLite {sqlite3.sqlite_version} was built without FTS5 ({error}): "
            "use a Python whose SQLite has it, such as python.org's or Debian's"
        ) from error
    finally:
        probe.close()


def check_archive(connection: sqlite3.Connection, path: str) -> int:
    """Return an archive's schema version, 0 for an empty database.

    Raises NotAnArchiveError for another kind of database and ArchiveVersionError for an archive
    that a newer program wrote.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise NotAnArchiveError(
                f"{path} is a SQLite database, but not an archive of syriasearch: "
                "name another file with --db"
            )
        return 0
    if version > current_version():
        raise ArchiveVersionError(
            f"{path} has schema version {version}, and this program knows up to "
            f"{current_version()}: upgrade syriasearch"
        )
    return version


def migrate(database: Database, path: str) -> None:
    """Bring an archive to the current version, in one transaction; create it where it is empty."""
    connection = database.conn
    if check_archive(connection, path) == current_version():
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(check_archive(connection, path), current_version()):
            MIGRATIONS[number](database)
        connection.execute(f"PRAGMA user_version = {current_version()}")
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself.
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise
