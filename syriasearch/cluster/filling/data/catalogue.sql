-- The tables that the catalogue of a cluster has besides those of an archive.

-- The shard of each article, and the original of which it is a copy there.
CREATE TABLE placements (
  id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  shard INTEGER NOT NULL,
  link INTEGER REFERENCES articles(id) ON DELETE SET NULL
);
CREATE INDEX placements_link ON placements(link);

-- One row: the states of the shards after the last run, or their names while a run is unfinished.
CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  shards TEXT NOT NULL
);
