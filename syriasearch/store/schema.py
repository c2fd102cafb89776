"""The schema of an archive.

An archive is one SQLite file. **articles** has a row for each article; each has a slug that never
changes, the path from which it was read, and a hash of its content by which an unchanged source is
recognized. **paragraphs** has the articles' text as it was written, in order, with the title at
position 0; the paragraphs of an article have consecutive ids, so that an article is a range of
rowids. Two generated columns fold the text in SQL (`unmarked`, then `folded`: SQLite's parser,
whose stack has 100 places, cannot nest all steps in one), and **paragraphs_fts** indexes `folded`,
unstemmed, and is maintained by triggers: a quoted phrase is exactly that phrase and a prefix is a
prefix. **words** is the archive's vocabulary, each word with its stem and its number of occurrences
in the archive: stemming is data.

**entities**, **aliases** and **mentions** record which entity is named where; **alias_keys** has
the phonetic keys by which a name is found whose spelling matches no alias (see
`entities.names.phonetic`). **corrections** is the log of the edits that users made to entities, in
order; a mention or an alias that a correction moves keeps its first entity as `found_id`.
**gazetteers** has the contents of the users' own gazetteer files. **settings** has the recognizer
of names, and the versions with which stems were made.

**ingest_runs** and **ingest_problems** record what each run did and what it could not read, and
**files** the state of each file when it was read, so that an unchanged one is passed over.
**saved_searches** are queries saved under a name, and **saved_hits** the articles that each has
shown.

`articles.duplicate_of` refers to the original of a copy; copies are found by **signatures** and
**bands**. **segments** and **postings** hold, as arrays that ranking reads, the articles that
contain a term and its frequency in each. All of these are derived from the other tables.

The schema's version is `PRAGMA user_version`; `PRAGMA application_id` distinguishes an archive from
other databases. **_sqlite_migrations** lists the migrations that were applied (see
`store.migrations`). An archive of an older version is migrated at the next write and opens for
reading as it is. A newer one is refused, and so are versions 1 to 5, which no released version of
this program wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ..errors import ArchiveVersionError, NotAnArchiveError
from ..text.normalize import APOSTROPHES, LETTERS, MARKS, POSSESSIVES

APPLICATION_ID = 0x53595253  # "SYRS"
FIRST_VERSION = 6
"""The version of `SCHEMA`; lower versions were never released."""
VERSION = 6
"""The version that this program writes; each migration after the first raises it by one."""
TOKENIZER = "unicode61 remove_diacritics 2"
KINDS = ("title", "heading", "body", "caption", "byline")
ENTITY_TYPES = ("person", "organization", "group", "place", "event")
ACTIONS = ("merge", "split", "rename", "hide", "alias")


def literal(text: str) -> str:
    """Return a text as a string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return a CHECK constraint of SQL that a column has one of some values."""
    return f"CHECK ({column} IN ({', '.join(map(literal, values))}))"


def _replace_all(column: str, pairs: list[tuple[str, str]]) -> str:
    expression = column
    for old, new in pairs:
        expression = f"replace({expression}, {literal(old)}, {literal(new)})"
    return expression


_ASCII = "length(CAST(text AS BLOB)) = length(text)"
"""SQL condition that the text is ASCII, which is the commonest case and needs fewer steps. SQLite
computes the generated columns also when it writes a row."""

UNMARKED_SQL = f"""CASE WHEN {_ASCII} THEN text
  ELSE {_replace_all("text", [(mark, "") for mark in MARKS])} END"""
"""SQL expression of step a of `text.normalize.fold`."""

_FOLDS = [
    *((mark + s, " " + s) for mark in POSSESSIVES for s in "sS"),
    *((apostrophe, "") for apostrophe in APOSTROPHES),
    *LETTERS.items(),
]

FOLDED_SQL = f"""CASE WHEN {_ASCII}
  THEN {_replace_all("text", [pair for pair in _FOLDS if pair[0].isascii()])}
  ELSE {_replace_all("unmarked", _FOLDS)} END"""
"""SQL expression of steps b to d of `text.normalize.fold`, with a shorter way for ASCII text."""


INSERT_TRIGGER = """CREATE TRIGGER paragraphs_insert AFTER INSERT ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(rowid, folded) VALUES (new.id, new.folded);
END;"""
"""Statement that creates the trigger by which new paragraphs are indexed. A writer that folds the
text itself may drop the trigger while it writes (`ingest.archive_writer`)."""

COPIES_SCHEMA = """
CREATE TABLE signatures (
  id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  digest INTEGER NOT NULL,
  minima BLOB NOT NULL
);
CREATE INDEX signatures_digest ON signatures(digest);

CREATE TABLE bands (
  id INTEGER PRIMARY KEY
);
"""
"""The tables by which copies are found; a cluster's duplicate ledger has them too."""

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
  longitude REAL,
  since TEXT,
  until TEXT,
  follows TEXT,
  origin TEXT NOT NULL DEFAULT 'gazetteer',
  found_name TEXT
);

CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,
  made_at TEXT NOT NULL,
  action TEXT NOT NULL {one_of("action", ACTIONS)},
  entity TEXT NOT NULL,
  other TEXT,
  name TEXT,
  type TEXT,
  spellings TEXT,
  undone_at TEXT
);

CREATE TABLE aliases (
  id INTEGER PRIMARY KEY,
  entity_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
  alias TEXT NOT NULL,
  lang TEXT,
  key TEXT NOT NULL,
  found_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
  correction_id INTEGER REFERENCES corrections(id) ON DELETE CASCADE
);
CREATE INDEX aliases_key ON aliases(key);
CREATE INDEX aliases_entity ON aliases(entity_id);
CREATE UNIQUE INDEX aliases_whose ON aliases(ifnull(found_id, entity_id), alias);
CREATE INDEX aliases_found ON aliases(found_id) WHERE found_id IS NOT NULL;
CREATE INDEX aliases_correction ON aliases(correction_id) WHERE correction_id IS NOT NULL;

CREATE TABLE alias_keys (
  id INTEGER PRIMARY KEY,
  alias_id INTEGER NOT NULL REFERENCES aliases(id) ON DELETE CASCADE,
  skeleton TEXT NOT NULL,
  form TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('whole', 'ends', 'last'))
);
CREATE INDEX alias_keys_alias ON alias_keys(alias_id);
CREATE INDEX alias_keys_skeleton ON alias_keys(skeleton, part, form);

CREATE TABLE mentions (
  id INTEGER PRIMARY KEY,
  paragraph_id INTEGER NOT NULL REFERENCES paragraphs(id) ON DELETE CASCADE,
  entity_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  surface TEXT NOT NULL,
  recognizer TEXT NOT NULL,
  reason TEXT,
  found_id INTEGER REFERENCES entities(id) ON DELETE CASCADE
);
CREATE INDEX mentions_paragraph ON mentions(paragraph_id);
CREATE INDEX mentions_entity ON mentions(entity_id, paragraph_id);
CREATE INDEX mentions_found ON mentions(found_id) WHERE found_id IS NOT NULL;

CREATE TABLE gazetteers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  entities TEXT NOT NULL,
  read_at TEXT NOT NULL
);

CREATE TABLE settings (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
);

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

CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified INTEGER,
  digest TEXT,
  reading TEXT NOT NULL,
  articles INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  run_id INTEGER NOT NULL REFERENCES ingest_runs(id) ON DELETE CASCADE,
  UNIQUE (root, path)
);
CREATE INDEX files_run ON files(run_id);

CREATE TABLE ingest_problems (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES ingest_runs(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  message TEXT NOT NULL,
  lost INTEGER NOT NULL,
  file_id INTEGER REFERENCES files(id) ON DELETE SET NULL
);
CREATE INDEX ingest_problems_run ON ingest_problems(run_id);
CREATE INDEX ingest_problems_file ON ingest_problems(file_id);

CREATE TABLE saved_searches (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  options TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  looked_at TEXT NOT NULL
);

CREATE TABLE saved_hits (
  id INTEGER PRIMARY KEY,
  search_id INTEGER NOT NULL REFERENCES saved_searches(id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  found_at TEXT NOT NULL,
  UNIQUE (search_id, article_id)
);
CREATE INDEX saved_hits_article ON saved_hits(article_id);
{COPIES_SCHEMA}
CREATE TABLE segments (
  id INTEGER PRIMARY KEY,
  articles BLOB NOT NULL,
  lengths BLOB NOT NULL,
  days BLOB NOT NULL,
  paragraphs BLOB NOT NULL,
  deleted BLOB NOT NULL
);

CREATE TABLE postings (
  id INTEGER PRIMARY KEY,
  terms INTEGER NOT NULL,
  data BLOB NOT NULL
);
"""


def quote_terms(terms: Iterable[str]) -> str:
    """Return an FTS5 query for consecutive terms, as one quoted phrase.

    Text reaches FTS5 in no other way, so it is never parsed as query syntax.
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
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise NotAnArchiveError(
                f"{path} is a SQLite database, but not an archive of syriasearch: "
                "name another file with --db"
            )
        return 0
    if version:
        check_version(version, path)
    return version


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
