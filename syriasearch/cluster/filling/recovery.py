"""Recovery: before a run begins, the catalogue and the shards are brought in line.

All shards get the same names. If they are not as the last run left them, the catalogue is made from
them again. The shards are read here, before their writers open them on other machines.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ...errors import ArchiveError
from ...store.connection import open_reader
from ...store.migrations import empty_archive
from ...store.schema import VERSION, create_statements, split_statements
from ..rows import insert_rows, read_rows
from ..split_merge.files import new_archive, new_files
from ..split_merge.merge import Join
from .name_sync import (
    NAME_TABLES,
    ShardState,
    digest_names,
    read_names,
    read_state,
    replace_names,
)
from .shard_writer import ShardStore, Writers

_SCHEMA = """
CREATE TABLE placements (
  id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  shard INTEGER NOT NULL,
  link INTEGER REFERENCES articles(id) ON DELETE SET NULL
);
CREATE INDEX placements_link ON placements(link);
CREATE TABLE pending (
  id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE
);
CREATE TRIGGER articles_link AFTER UPDATE OF duplicate_of ON articles
BEGIN
  INSERT INTO pending SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM pending WHERE id = new.id);
END;
CREATE TABLE notes (id INTEGER PRIMARY KEY, states TEXT NOT NULL);
"""
"""What the catalogue has besides the tables of an archive.

`placements` has the shard of each article, and the link that it has there; `pending` the articles
whose link may have changed; `notes` the states of the shards, unless a run is unfinished.
"""
_UNFINISHED = ""


class Recovered(NamedTuple):
    """What a run must know of the shards, and what is left to be repaired."""

    stored: list[dict[int, str]] | None
    """The content hashes of the articles of each shard, by id, if a run was interrupted."""
    lacks_links: bool
    """Whether copies were not looked for among all articles of the catalogue."""


def recover(path: Path, paths: Sequence[Path], writers: Writers) -> Recovered:
    """Give all shards the same names, and make the catalogue if it is not there, or is wrong.

    Raises ArchiveError for shards that do not belong together.
    """
    noted = noted_states(path)
    with _opened(paths) as shards:
        states = [read_state(shard) for shard in shards]
        finished = all(state.finished for state in states)
        if finished:
            names = [state.names for state in states]
        else:
            names = [digest_names(shard) for shard in shards]
        first = max(
            range(len(states)), key=lambda shard: (states[shard].entities, states[shard].articles)
        )
        others = [shard for shard, each in enumerate(names) if each != names[first]]
        rows = read_names(shards[first])
    if others:
        writers.call_each(ShardStore.write_names, dict.fromkeys(others, rows))
        writers.close()
    with _opened(paths) as shards:
        remade = noted is None or noted not in (_UNFINISHED, describe(paths, states))
        if remade:
            _make_catalogue(path, shards, first)
        else:
            with closing(sqlite3.connect(path)) as catalogue, catalogue:
                catalogue.execute("DELETE FROM entities")
                replace_names(catalogue, rows)
        stored = None
        if noted == _UNFINISHED:
            sql = "SELECT id, content_hash FROM articles"
            stored = [dict(shard.execute(sql)) for shard in shards]
    return Recovered(stored, lacks_links=remade and not finished)


def noted_states(path: Path) -> str | None:
    """Return the states of the shards after the last run, None if there is no catalogue."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as catalogue:
            if catalogue.execute("PRAGMA user_version").fetchone() != (VERSION,):
                return None
            row = catalogue.execute("SELECT states FROM notes").fetchone()
            return str(row[0]) if row else _UNFINISHED
    except sqlite3.DatabaseError:
        return None


def describe(paths: Sequence[Path], states: Sequence[ShardState]) -> str:
    """Return a text that changes whenever any of the shards is written by a run."""
    described = zip(paths, states, strict=True)
    return repr([(path.name, state.articles, state.run) for path, state in described])


def read_states(paths: Sequence[Path]) -> list[ShardState]:
    """Return the states of the shards."""
    with _opened(paths) as shards:
        return [read_state(shard) for shard in shards]


def _make_catalogue(path: Path, shards: Sequence[sqlite3.Connection], first: int) -> None:
    """Make the catalogue from the shards; the `first` of them lacks no name."""
    with new_files([path]) as (temporary,), new_archive(temporary) as target:
        for statement in split_statements(_SCHEMA):
            target.execute(statement)
        target.execute(create_statements()["paragraphs_insert"])
        for table in NAME_TABLES:
            insert_rows(target, table, read_rows(shards[first], table))
        try:
            for number, shard in enumerate(shards):
                Join(target, shard, keep_ids=True).write(texts=False)
                target.executemany(
                    f"INSERT INTO placements VALUES (?, {number}, ?)",
                    shard.execute("SELECT id, duplicate_of FROM articles"),
                )
        except sqlite3.IntegrityError as error:
            raise ArchiveError(
                "the shards have other articles under the same ids: `syriasearch cluster merge` "
                "makes one archive of them, to be split anew"
            ) from error


@contextmanager
def _opened(paths: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    """Open shards for reading; one that is still to be made is an empty archive."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(closing(open_reader(path) if path.exists() else empty_archive()))
            for path in paths
        ]
