"""Which tables has each later version of the schema added?"""

from __future__ import annotations

ACTIONS = ("merge", "split", "rename", "hide", "alias")


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the check that a column has one of some values."""
    return f"CHECK ({column} IN ({', '.join(map(literal, values))}))"


SAVED_SCHEMA = """
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
"""

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

FILES_SCHEMA = """
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

ALTER TABLE ingest_problems ADD COLUMN file_id INTEGER REFERENCES files(id) ON DELETE SET NULL;
CREATE INDEX ingest_problems_file ON ingest_problems(file_id);
"""

POSTINGS_SCHEMA = """
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

CORRECTIONS_SCHEMA = f"""
ALTER TABLE entities ADD COLUMN since TEXT;
ALTER TABLE entities ADD COLUMN until TEXT;
ALTER TABLE entities ADD COLUMN follows TEXT;
ALTER TABLE entities ADD COLUMN origin TEXT NOT NULL DEFAULT 'gazetteer';
ALTER TABLE entities ADD COLUMN found_name TEXT;

CREATE TABLE new_mentions (
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
INSERT INTO new_mentions (id, paragraph_id, entity_id, start, "end", surface, recognizer)
  SELECT id, paragraph_id, entity_id, start, "end", surface, recognizer FROM mentions;
DROP TABLE mentions;
ALTER TABLE new_mentions RENAME TO mentions;
CREATE INDEX mentions_paragraph ON mentions(paragraph_id);
CREATE INDEX mentions_entity ON mentions(entity_id, paragraph_id);
CREATE INDEX mentions_found ON mentions(found_id) WHERE found_id IS NOT NULL;

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

CREATE TABLE new_aliases (
  id INTEGER PRIMARY KEY,
  entity_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
  alias TEXT NOT NULL,
  lang TEXT,
  key TEXT NOT NULL,
  found_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
  correction_id INTEGER REFERENCES corrections(id) ON DELETE CASCADE
);
INSERT INTO new_aliases (id, entity_id, alias, lang, key)
  SELECT id, entity_id, alias, lang, key FROM aliases;
DROP TABLE aliases;
ALTER TABLE new_aliases RENAME TO aliases;
CREATE INDEX aliases_key ON aliases(key);
CREATE INDEX aliases_entity ON aliases(entity_id);
CREATE UNIQUE INDEX aliases_whose ON aliases(ifnull(found_id, entity_id), alias);
CREATE INDEX aliases_found ON aliases(found_id) WHERE found_id IS NOT NULL;
CREATE INDEX aliases_correction ON aliases(correction_id) WHERE correction_id IS NOT NULL;

CREATE TABLE settings (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
);

CREATE TABLE gazetteers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  entities TEXT NOT NULL,
  read_at TEXT NOT NULL
);

CREATE TABLE alias_keys (
  id INTEGER PRIMARY KEY,
  alias_id INTEGER NOT NULL REFERENCES aliases(id) ON DELETE CASCADE,
  skeleton TEXT NOT NULL,
  form TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('whole', 'ends', 'last'))
);
CREATE INDEX alias_keys_alias ON alias_keys(alias_id);
CREATE INDEX alias_keys_skeleton ON alias_keys(skeleton, part, form);
"""
