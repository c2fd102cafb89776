"""The migration of mentions and alias keys to their compact form."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from conftest import CORPORA, assert_sound, everything

from syriasearch import Archive
from syriasearch.store import compact_names
from syriasearch.store.schema import VERSION

VERSION_8 = """
CREATE TABLE old (
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
INSERT INTO old (paragraph_id, entity_id, start, "end", surface, recognizer, reason, found_id)
  SELECT paragraph_id, entity_id, start, "end", surface, recognizer, reason, found_id FROM mentions;
DROP TABLE mentions;
ALTER TABLE old RENAME TO mentions;
CREATE INDEX mentions_paragraph ON mentions(paragraph_id);
CREATE INDEX mentions_entity ON mentions(entity_id, paragraph_id);
CREATE INDEX mentions_found ON mentions(found_id) WHERE found_id IS NOT NULL;
CREATE TABLE old (
  id INTEGER PRIMARY KEY,
  alias_id INTEGER NOT NULL REFERENCES aliases(id) ON DELETE CASCADE,
  skeleton TEXT NOT NULL,
  form TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('whole', 'ends', 'last'))
);
INSERT INTO old (alias_id, skeleton, form, part)
  SELECT alias_id, skeleton, form, part FROM alias_keys;
DROP TABLE alias_keys;
ALTER TABLE old RENAME TO alias_keys;
CREATE INDEX alias_keys_alias ON alias_keys(alias_id);
CREATE INDEX alias_keys_skeleton ON alias_keys(skeleton, part, form);
DELETE FROM _sqlite_migrations WHERE name IN ('compact_names', 'shorten_postings');
PRAGMA user_version = 8;
"""
ROWS = (
    'SELECT paragraph_id, entity_id, start, "end", surface, recognizer, reason, found_id'
    " FROM mentions ORDER BY paragraph_id, id"
)


def make_older(path: Path) -> None:
    """Give an archive the mentions of schema version 8."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_8)


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def rows(path: Path) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(ROWS).fetchall()


def answers(archive: Archive) -> list[object]:
    """Return what an archive says of its mentions."""
    slugs = [each.entity.slug for each in archive.entities(limit=1000).entities]
    return [
        [archive.entity(slug).to_dict() | {"took_ms": 0} for slug in slugs],
        archive.search("Sochi OR Idlib OR Jaafari").hits,
        [archive.article(hit.article.slug).to_dict() for hit in archive.search("", limit=100).hits],
    ]


@pytest.fixture
def news(archive: Archive) -> Archive:
    archive.ingest(CORPORA / "default")
    archive.corrections.merge("geneva", "sochi")
    archive.corrections.hide("damascus")
    return archive


@pytest.fixture
def older(news: Archive) -> Archive:
    news.close()
    make_older(news.path)
    return Archive(news.path)


def test_an_older_archive_gives_the_same_answers(news: Archive) -> None:
    before = answers(news)
    news.close()
    make_older(news.path)
    with Archive(news.path, readonly=True) as older:
        assert answers(older) == before
    assert version(news.path) == 8


def test_a_write_keeps_all_of_its_mentions(older: Archive, folder: Callable[..., Path]) -> None:
    before, said = rows(older.path), answers(older)
    older.optimize()
    assert rows(older.path) == before
    assert answers(older) == said
    assert version(older.path) == VERSION
    assert older.check() == ()
    assert_sound(older.path)


def test_it_becomes_what_the_program_makes_now(news: Archive) -> None:
    before = everything(news.path)
    news.close()
    make_older(news.path)
    with Archive(news.path) as older:
        older.optimize()
    assert everything(news.path) == before


def test_corrections_are_undone_after_it(older: Archive) -> None:
    moved = older.entity("sochi").mentions
    older.corrections.undo(1)
    assert older.entity("sochi").mentions < moved
    assert older.check() == ()


def test_a_mention_of_nothing_does_not_stop_it(older: Archive) -> None:
    with closing(sqlite3.connect(older.path)) as connection, connection:
        connection.execute("UPDATE mentions SET entity_id = 99999 WHERE id = 3")
    older.optimize()
    assert any("of an entity that is not there" in each for each in older.check())
    assert older.repair().left == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the process that is killed is a fork")
def test_a_process_that_is_killed_leaves_the_archive_as_it_was(
    older: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(older.path)
    older.close()
    monkeypatch.setattr(compact_names, "encode_reason", lambda reason: os._exit(9))
    process = get_context("fork").Process(target=Archive(older.path).optimize)
    process.start()
    process.join()
    assert process.exitcode == 9
    assert (version(older.path), rows(older.path)) == (8, before)
    monkeypatch.undo()
    with Archive(older.path) as survivor:
        survivor.optimize()
    assert (version(older.path), rows(older.path)) == (VERSION, before)
