"""How do archives that were filled each for itself become one?

Entities are known by their slugs, and keep all names that any archive has for them; articles,
paragraphs and mentions get new ids, those of one archive behind those of the one before. What
follows from the text, words, postings and copies, is made anew, so that copies are linked across
what were several archives. What persons said of names must be the same everywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ...entities.names.phonetic import write_alias_keys
from ...errors import ArchiveError
from ...ingest.archive_writer import ArchiveWriter
from ...store.migrations import empty_archive
from ...store.schema import create_statements
from ...store.slugs import Slugs
from ...store.stem_versions import SETTING

_SAID = {
    "corrections": "SELECT * FROM corrections ORDER BY id",
    "gazetteers": "SELECT name, entities FROM gazetteers ORDER BY name",
    "settings": f"SELECT name, value FROM settings WHERE name != '{SETTING}' ORDER BY name",
}
"""What must be the same in all of them."""

Row = dict[str, Any]


def unite(sources: Sequence[sqlite3.Connection], target: Path) -> None:
    """Write all articles of archives of this version into a new one. Raises ArchiveError."""
    for table, sql in _SAID.items():
        first, *others = (each.execute(sql).fetchall() for each in sources)
        if any(each != first for each in others):
            raise ArchiveError(
                f"the archives have other {table}: let them be the same before they become one"
            )
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        with closing(empty_archive()) as empty:
            empty.backup(connection)
        connection.execute("DROP TRIGGER paragraphs_insert")
        connection.execute("BEGIN")
        for table in _SAID:
            for row in _rows(sources[0], table):
                _insert(connection, table, row)
        for source in sources:
            _Union(connection, source).write()
        write_alias_keys(connection)
        connection.execute("COMMIT")
        connection.execute("INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('rebuild')")
        connection.execute(create_statements()["paragraphs_insert"])
    with closing(ArchiveWriter(target, log=False)) as store:
        store.count_words()
        store.rebuild_postings()
        store.rebuild_copies()


class _Union:
    """One archive, on its way into another."""

    def __init__(self, target: sqlite3.Connection, source: sqlite3.Connection) -> None:
        self._target = target
        self._source = source
        self._slugs = Slugs(target)
        self._last: dict[str, int] = {}

    def write(self) -> None:
        """Write its rows behind those that are there."""
        entities = self._entities()
        self._aliases(entities)
        owner = entities.get
        article, paragraph = self._behind("articles"), self._behind("paragraphs")
        run, file = self._behind("ingest_runs"), self._behind("files")
        self._copy("ingest_runs", {"id": run})
        self._copy("files", {"id": file, "run_id": run})
        files = {number for (number,) in self._target.execute("SELECT id FROM files")}
        problem = self._behind("ingest_problems")

        def read(number: int | None) -> int | None:
            found = file(number)
            return found if found in files else None

        self._copy("ingest_problems", {"id": problem, "run_id": run, "file_id": read})
        for row in _rows(self._source, "articles"):
            row.update(id=article(row["id"]), duplicate_of=None)
            if self._has("articles", "slug", row["slug"]):
                row["slug"] = self._slugs.free(row["published"], row["title"])
            _insert(self._target, "articles", row)
        self._copy("paragraphs", {"id": paragraph, "article_id": article})
        mention = self._behind("mentions")
        self._copy(
            "mentions",
            {"id": mention, "paragraph_id": paragraph, "entity_id": owner, "found_id": owner},
        )
        self._saved(article)

    def _entities(self) -> dict[int | None, int]:
        """Write entities that are not there yet; return the ids of all, by those that they had."""
        known = dict(self._target.execute("SELECT slug, id FROM entities"))
        behind = self._behind("entities")
        found: dict[int | None, int] = {}
        for row in _rows(self._source, "entities"):
            number = known.get(row["slug"])
            if number is None:
                number = behind(row["id"])
                assert number is not None
                _insert(self._target, "entities", {**row, "id": number})
            found[row["id"]] = number
        return found

    def _aliases(self, entities: dict[int | None, int]) -> None:
        behind = self._behind("aliases")
        sql = "SELECT ifnull(found_id, entity_id), alias FROM aliases"
        known = set(self._target.execute(sql))
        for row in _rows(self._source, "aliases"):
            for column in ("entity_id", "found_id"):
                row[column] = entities.get(row[column])
            if (row["found_id"] or row["entity_id"], row["alias"]) not in known:
                _insert(self._target, "aliases", {**row, "id": behind(row["id"])})

    def _saved(self, article: Callable[[int | None], int | None]) -> None:
        """Write what saved searches have shown; one of a name is there once."""
        known = dict(self._target.execute("SELECT name, id FROM saved_searches"))
        search, hit = self._behind("saved_searches"), self._behind("saved_hits")
        found: dict[int, int | None] = {}
        for row in _rows(self._source, "saved_searches"):
            found[row["id"]] = known.get(row["name"]) or search(row["id"])
            if row["name"] not in known:
                _insert(self._target, "saved_searches", {**row, "id": found[row["id"]]})
        self._copy("saved_hits", {"id": hit, "search_id": found.get, "article_id": article})

    def _behind(self, table: str) -> Callable[[int | None], int | None]:
        """Return what makes of an id one behind those that are there."""
        sql = f"SELECT ifnull(max(id), 0) FROM {table}"
        last: int = self._target.execute(sql).fetchone()[0]
        return lambda number: None if number is None else number + last

    def _copy(self, table: str, ids: dict[str, Callable[[Any], Any]]) -> None:
        for row in _rows(self._source, table):
            for column, made in ids.items():
                row[column] = made(row[column])
            _insert(self._target, table, row)

    def _has(self, table: str, column: str, value: str) -> bool:
        sql = f"SELECT 1 FROM {table} WHERE {column} = ?"
        return self._target.execute(sql, (value,)).fetchone() is not None


def _rows(source: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Yield the rows of a table, without generated columns, in order of their ids."""
    columns = [row[1] for row in source.execute(f"PRAGMA main.table_info({table})")]
    named = ", ".join(f'"{column}"' for column in columns)
    for row in source.execute(f"SELECT {named} FROM {table} ORDER BY id"):
        yield dict(zip(columns, row, strict=True))


def _insert(target: sqlite3.Connection, table: str, row: Row) -> None:
    """Write a row; of files that several archives have read the first is told."""
    named = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" * len(row))
    verb = "INSERT OR IGNORE" if table == "files" else "INSERT"
    target.execute(f"{verb} INTO {table} ({named}) VALUES ({marks})", tuple(row.values()))
