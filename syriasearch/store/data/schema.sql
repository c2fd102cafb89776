-- The schema of an archive.
--
-- An archive is one SQLite file. **articles** has a row for each article; each has a slug that never
-- changes, the path from which it was read, and a hash of its content by which an unchanged source is
-- recognized. **paragraphs** has the articles' text as it was written, in order, with the title at
-- position 0; the paragraphs of an article have consecutive ids, so that an article is a range of
-- rowids. The program folds each text (see `text.normalize`) and stores what that changes, as
-- `replacements`, or as `normalized` if that is more than a few words; the generated column `folded`
-- is the result, and **paragraphs_fts** indexes it, unstemmed, and is maintained by triggers: a quoted
-- phrase is exactly that phrase and a prefix is a prefix. **words** is the archive's vocabulary, each word with its stem and its number of occurrences
-- in the archive: stemming is data.
--
-- **entities**, **aliases** and **mentions** record which entity is named where; **alias_keys** has
-- the phonetic keys by which a name is found whose spelling matches no alias (see
-- `entities.names.phonetic`). **corrections** is the log of the edits that users made to entities, in
-- order; a mention or an alias that a correction moves keeps its first entity as `found_id`.
-- Mentions are stored by paragraph, and their recognizers and reasons in short (see
-- `store.mention_codes`). Tables without rowids begin with their keys: from other orders of columns
-- the integrity check of SQLite 3.40 infers values that are NULL.
-- **gazetteers** has the contents of the users' own gazetteer files. **settings** has the recognizer
-- of names, and the versions with which texts were folded and stems were made.
--
-- **ingest_runs** and **ingest_problems** record what each run did and what it could not read, and
-- **files** the state of each file when it was read, so that an unchanged one is passed over.
-- **deleted_articles** are those that users deleted.
-- **saved_searches** are queries saved under a name, and **saved_hits** the articles that each has
-- shown.
--
-- `articles.duplicate_of` refers to the original of a copy; copies are found by **signatures** and
-- **bands**. **segments** and **postings** hold, as arrays that ranking reads, the articles that
-- contain a term and its frequency in each. All of these are derived from the other tables.
--
-- The schema's version is `PRAGMA user_version`; `PRAGMA application_id` distinguishes an archive from
-- other databases. **_sqlite_migrations** lists the migrations that were applied (see
-- `store.migrations`). An archive of an older version is migrated at the next write and opens for
-- reading as it is. A newer one is refused, and so are versions 1 to 5, which no released version of
-- this program wrote.

-- The articles that were read, one in each row.
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,  -- The row's number
  slug TEXT NOT NULL UNIQUE,  -- Identifies the article in addresses and commands; never changes
  title TEXT NOT NULL,  -- As the source gives it, or as its text says
  author TEXT,  -- Who wrote it, as the source writes the name
  source TEXT,  -- The paper, agency or site that published it
  url TEXT,  -- Its address on the web
  published TEXT,  -- ISO date, as the source gives it or as its text says
  lang TEXT,  -- ISO 639-1
  path TEXT NOT NULL,  -- The path of its source under the folder that was ingested
  root TEXT NOT NULL,  -- Distinguishes ingested folders without revealing their location
  content_hash TEXT NOT NULL,  -- A hash of the content, by which an unchanged source is recognized
  duplicate_of INTEGER REFERENCES articles(id) ON DELETE SET NULL,  -- The original, if this article is a copy
  word_count INTEGER NOT NULL,  -- Number of words, including the title's
  added_at TEXT NOT NULL,  -- When it was added to the archive (UTC)
  updated_at TEXT NOT NULL,  -- When it was last written (UTC)
  UNIQUE (root, path)
);
CREATE INDEX articles_path ON articles(path);
CREATE INDEX articles_published ON articles(published);
CREATE INDEX articles_source ON articles(source);
CREATE INDEX articles_duplicate_of ON articles(duplicate_of);

-- The articles' text as it was written, in order; the title is paragraph 0.
CREATE TABLE paragraphs (
  id INTEGER PRIMARY KEY,  -- The row's number
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- The article to which it belongs
  position INTEGER NOT NULL,  -- Its number in the article
  kind TEXT NOT NULL CHECK (kind = 'body' OR kind IN ('title', 'heading', 'caption', 'byline')),  -- title, heading, body, caption or byline
  text TEXT NOT NULL,  -- As it was written
  normalized TEXT,  -- The text as it is indexed, if it differs from `text` in more than `replacements` says
  replacements TEXT,  -- What folding replaces in `text`: the length of a field in two digits, then each word and what takes its place
  folded TEXT GENERATED ALWAYS AS ({folded}) VIRTUAL  -- Computed: the text as it is indexed, which the search box searches
);
CREATE UNIQUE INDEX paragraphs_article_position ON paragraphs(article_id, position);

-- The full-text index (FTS5) of `paragraphs.folded`, unstemmed, with the same rowids.
CREATE VIRTUAL TABLE paragraphs_fts USING fts5(
  folded, content="paragraphs", content_rowid="id", tokenize="{tokenizer}"  -- The text as it is indexed: `paragraphs.folded`
);
CREATE TRIGGER paragraphs_insert AFTER INSERT ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(rowid, folded) VALUES (new.id, new.folded);
END;
CREATE TRIGGER paragraphs_delete AFTER DELETE ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(paragraphs_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
END;
CREATE TRIGGER paragraphs_update AFTER UPDATE ON paragraphs BEGIN
  INSERT INTO paragraphs_fts(paragraphs_fts, rowid, folded) VALUES ('delete', old.id, old.folded);
  INSERT INTO paragraphs_fts(rowid, folded) VALUES (new.id, new.folded);
END;

-- The archive's vocabulary: a search for a word finds all words with its stem.
CREATE TABLE words (
  id INTEGER PRIMARY KEY,  -- The row's number
  word TEXT NOT NULL UNIQUE,  -- The word as in the index: folded, in lower case
  stem TEXT NOT NULL,  -- The stem, which all forms of a word share
  count INTEGER NOT NULL  -- Number of occurrences in the archive
);
CREATE INDEX words_stem ON words(stem);

-- The persons, organizations, groups, places and events that articles name.
CREATE TABLE entities (
  id INTEGER PRIMARY KEY,  -- The row's number
  slug TEXT NOT NULL UNIQUE,  -- Identifies the entity in addresses and commands; never changes
  name TEXT NOT NULL,  -- Its preferred name
  type TEXT NOT NULL CHECK (type IN ({entity_types})),  -- person, organization, group, place or event
  description TEXT,  -- Who or what it is, in a few words
  wikidata TEXT,  -- Wikidata id
  latitude REAL,  -- Degrees north
  longitude REAL,  -- Degrees east
  since TEXT,  -- When it began or took place
  until TEXT,  -- When it ended
  follows TEXT,  -- The slug of the entity that it succeeds
  origin TEXT NOT NULL DEFAULT 'gazetteer',  -- `gazetteer`, or the recognizer that first found it, or `correction`
  found_name TEXT  -- Its name before a user renamed it; empty if it was not renamed
);

-- The edits that users made to entities, in order; they are applied to what is recognized.
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,  -- The row's number
  made_at TEXT NOT NULL,  -- When it was made (UTC)
  action TEXT NOT NULL CHECK (action IN ('merge', 'split', 'rename', 'hide', 'alias')),  -- merge, split, rename, hide or alias
  entity TEXT NOT NULL,  -- The slug of the entity that it changes
  other TEXT,  -- For a merge or a split, the slug of the entity that gets the mentions; empty if nobody gets them
  name TEXT,  -- The name that a rename, an alias or a split gives
  type TEXT,  -- The type of an entity that a split creates
  spellings TEXT,  -- JSON: the spellings that a split moves; an object if it holds in some articles only, with these
  undone_at TEXT  -- When it was undone (UTC)
);

-- The names by which entities are found, in Latin and Arabic script.
CREATE TABLE aliases (
  id INTEGER PRIMARY KEY,  -- The row's number
  entity_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,  -- The entity that has this name; empty if a user hid the entity
  alias TEXT NOT NULL,  -- The name, in one spelling
  lang TEXT,  -- ISO 639-1: ar for Arabic script, empty for Latin, which many languages share
  key TEXT NOT NULL,  -- The normalized name, which its spellings share
  found_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,  -- The entity that gave it, if a correction moved it to another
  correction_id INTEGER REFERENCES corrections(id) ON DELETE CASCADE  -- The correction that added it, if a user did
);
CREATE INDEX aliases_key ON aliases(key);
CREATE INDEX aliases_entity ON aliases(entity_id);
CREATE UNIQUE INDEX aliases_whose ON aliases(ifnull(found_id, entity_id), alias);
CREATE INDEX aliases_found ON aliases(found_id) WHERE found_id IS NOT NULL;
CREATE INDEX aliases_correction ON aliases(correction_id) WHERE correction_id IS NOT NULL;

-- The phonetic keys by which names are found whose spelling matches no alias.
CREATE TABLE alias_keys (
  alias_id INTEGER NOT NULL REFERENCES aliases(id) ON DELETE CASCADE,  -- The alias from which it is made
  part TEXT NOT NULL CHECK (part IN ('whole', 'ends', 'last')),  -- Its part: whole, ends (first and last word) or last (a person's last word)
  skeleton TEXT NOT NULL,  -- The consonants of the name, as classes
  form TEXT NOT NULL,  -- Its form: Latin letters as sounds, Arabic letters as written
  PRIMARY KEY (alias_id, part)
) WITHOUT ROWID;
CREATE INDEX alias_keys_skeleton ON alias_keys(skeleton, part, form);

-- The places in the text where entities are named.
CREATE TABLE mentions (
  id INTEGER GENERATED ALWAYS AS (paragraph_id << 16 | number) VIRTUAL,  -- Computed: the row's number
  paragraph_id INTEGER NOT NULL REFERENCES paragraphs(id) ON DELETE CASCADE,  -- The paragraph that names it
  number INTEGER NOT NULL,  -- Its number in the paragraph
  entity_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,  -- The entity named; empty if hidden or corrected to nobody, or already counted at this place
  start INTEGER NOT NULL,  -- Offset in the paragraph's text, in code points
  "end" INTEGER GENERATED ALWAYS AS (start + length(surface)) VIRTUAL,  -- Computed: exclusive end offset, in code points
  surface TEXT NOT NULL,  -- The text from start to end
  recognizer TEXT GENERATED ALWAYS AS ({recognizer}) VIRTUAL,  -- Computed: the recognizer that found it
  reason TEXT GENERATED ALWAYS AS ({reason}) VIRTUAL,  -- Computed: why it refers to this entity, if the name alone does not show that
  found_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,  -- The entity recognized, if a correction moved the mention to another
  found_by TEXT NOT NULL,  -- The recognizer as it is stored: nothing for gazetteer, - for rules, or its name
  why TEXT,  -- The reason as it is stored: the letter of a phrase, and the words in its gap
  PRIMARY KEY (paragraph_id, number)
) WITHOUT ROWID;
CREATE INDEX mentions_entity ON mentions(entity_id, paragraph_id);
CREATE INDEX mentions_found ON mentions(found_id) WHERE found_id IS NOT NULL;

-- The users' own gazetteer files, as they were last read.
CREATE TABLE gazetteers (
  id INTEGER PRIMARY KEY,  -- The row's number
  name TEXT NOT NULL UNIQUE,  -- The file's name
  entities TEXT NOT NULL,  -- JSON: the position of each row in the file, and its values
  read_at TEXT NOT NULL  -- When it was read (UTC)
);

-- Settings of the archive: the recognizer of names, and the versions that made the stems.
CREATE TABLE settings (
  id INTEGER PRIMARY KEY,  -- The row's number
  name TEXT NOT NULL UNIQUE,  -- The setting
  value TEXT NOT NULL  -- Its value
);

-- The ingest runs, each with what it did.
CREATE TABLE ingest_runs (
  id INTEGER PRIMARY KEY,  -- The row's number
  started_at TEXT NOT NULL,  -- UTC
  finished_at TEXT,  -- UTC; empty if the run was interrupted
  sources TEXT NOT NULL,  -- JSON: the files and folders that it was given
  program TEXT NOT NULL,  -- The program that ran, with its version
  added INTEGER NOT NULL DEFAULT 0,  -- Articles that were new
  updated INTEGER NOT NULL DEFAULT 0,  -- Articles that had changed
  unchanged INTEGER NOT NULL DEFAULT 0,  -- Articles that had not changed
  removed INTEGER NOT NULL DEFAULT 0,  -- Articles that were removed because their sources no longer exist
  failed INTEGER NOT NULL DEFAULT 0  -- Articles that could not be read
);

-- The files that were read, so that unchanged ones are passed over.
CREATE TABLE files (
  id INTEGER PRIMARY KEY,  -- The row's number
  root TEXT NOT NULL,  -- Distinguishes ingested folders without revealing their location
  path TEXT NOT NULL,  -- Its path under the folder that was ingested
  size INTEGER NOT NULL,  -- In bytes; -1 if it has not been read to its end
  modified INTEGER,  -- When it changed, in nanoseconds since 1970; empty if only just before
  digest TEXT,  -- A hash of the file (BLAKE2b); empty if it is larger than 256 MiB
  reading TEXT NOT NULL,  -- How it was read: changes with format, columns and program
  articles INTEGER NOT NULL,  -- Number of articles in it
  lost INTEGER NOT NULL,  -- Number of articles in it that could not be read
  run_id INTEGER NOT NULL REFERENCES ingest_runs(id) ON DELETE CASCADE,  -- The run that last reported on it
  UNIQUE (root, path)
);
CREATE INDEX files_run ON files(run_id);

-- The articles that users deleted, which unchanged sources do not bring back.
CREATE TABLE deleted_articles (
  id INTEGER PRIMARY KEY,  -- The row's number
  deletion INTEGER NOT NULL,  -- The number of the deletion: articles with the same one were deleted together
  deleted_at TEXT NOT NULL,  -- When it was deleted (UTC)
  root TEXT NOT NULL,  -- Distinguishes ingested folders without revealing their location
  path TEXT NOT NULL,  -- The path of its source under the folder that was ingested
  content_hash TEXT NOT NULL,  -- A hash of the content, by which an unchanged source is recognized
  cleaning INTEGER NOT NULL,  -- The version of the cleaning of texts that the hash includes
  content BLOB  -- What restores it, compressed; empty after the next run
);
CREATE INDEX deleted_articles_path ON deleted_articles(path);
CREATE INDEX deleted_articles_deletion ON deleted_articles(deletion);

-- The problems of ingest runs: sources that could not be read or understood.
CREATE TABLE ingest_problems (
  id INTEGER PRIMARY KEY,  -- The row's number
  run_id INTEGER NOT NULL REFERENCES ingest_runs(id) ON DELETE CASCADE,  -- The run in which it occurred
  path TEXT NOT NULL,  -- The file, or the article in it
  message TEXT NOT NULL,  -- What is wrong, and what to do
  lost INTEGER NOT NULL,  -- 1 if an article is missing because of it
  file_id INTEGER REFERENCES files(id) ON DELETE SET NULL  -- The file that was read; empty if the problem concerns no single file
);
CREATE INDEX ingest_problems_run ON ingest_problems(run_id);
CREATE INDEX ingest_problems_file ON ingest_problems(file_id);

-- The queries that are saved under a name.
CREATE TABLE saved_searches (
  id INTEGER PRIMARY KEY,  -- The row's number
  name TEXT NOT NULL UNIQUE,  -- The name by which it is run again
  query TEXT NOT NULL,  -- As it was typed
  options TEXT NOT NULL,  -- JSON: the options of the search
  saved_at TEXT NOT NULL,  -- When it was saved (UTC)
  looked_at TEXT NOT NULL  -- When its new hits were last shown (UTC)
);

-- The articles that a saved search has shown.
CREATE TABLE saved_hits (
  id INTEGER PRIMARY KEY,  -- The row's number
  search_id INTEGER NOT NULL REFERENCES saved_searches(id) ON DELETE CASCADE,  -- The saved search
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- The article that it has shown
  found_at TEXT NOT NULL,  -- When it was found (UTC)
  UNIQUE (search_id, article_id)
);
CREATE INDEX saved_hits_article ON saved_hits(article_id);

-- The signatures by which near-duplicates are found.
CREATE TABLE signatures (
  id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,  -- The article's id
  digest INTEGER NOT NULL,  -- A hash of the article's words
  minima BLOB NOT NULL  -- The MinHash signature: minima of hashes of word sequences (uint32)
);
CREATE INDEX signatures_digest ON signatures(digest);

-- The bands of the signatures, by which candidates for near-duplicates are found.
CREATE TABLE bands (
  id INTEGER PRIMARY KEY  -- The band, shifted left by 28 bits, and the article's id
);

-- The segments of the index: articles that were indexed together, as arrays.
CREATE TABLE segments (
  id INTEGER PRIMARY KEY,  -- The row's number
  articles BLOB NOT NULL,  -- Ids of the articles, in order (int32)
  lengths BLOB NOT NULL,  -- Length of each in weighted words (int32)
  days BLOB NOT NULL,  -- Day of publication of each, YYYYMMDD or 0 (int32)
  paragraphs BLOB NOT NULL,  -- Id of the first paragraph of each (int64)
  deleted BLOB NOT NULL  -- Ids of those that were removed or replaced since (int32)
);

-- The postings: the articles that contain a term, and its frequency in each, as arrays.
CREATE TABLE postings (
  id INTEGER PRIMARY KEY,  -- The segment's id, shifted left by 32 bits, and the row's first key
  terms INTEGER NOT NULL,  -- Number of keys in the row
  data BLOB NOT NULL  -- Keys, article ids as gaps, and frequencies, packed (see `index.posting_rows`)
);

-- The migrations that were applied, as sqlite-utils records them.
-- CREATE TABLE _sqlite_migrations (
--   id INTEGER PRIMARY KEY,  -- The row's number
--   migration_set TEXT,  -- `syriasearch`
--   name TEXT,  -- The migration
--   applied_at TEXT  -- When it was applied (UTC)
-- );
