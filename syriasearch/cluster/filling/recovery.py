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
from ...ingest.archive_writer import ArchiveWriter
from ...store.connection import open_reader
from ...store.migrations import empty_archive
from ...store.schema import VERSION, create_statements, split_statements
from ..rows import attached, copy_rows
from ..split_merge.files import new_archive, new_files
from ..split_merge.merge import join
from .name_sync import NAME_TABLES, ShardState, read_names, read_state, replace_names, write_names

_SCHEMA = """
CREATE TABLE placements (
  id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  shard INTEGER NOT NULL,
  link INTEGER REFERENCES articles(id) ON DELETE SET NULL
);
CREATE INDEX placements_link ON placements(link);
CREATE TABLE notes (id INTEGER PRIMARY KEY, states TEXT NOT NULL);
"""
"""What the catalogue has besides the tables of an archive.

`placements` has the shard of each article, and the link that it has there; `notes` the states of
the shards, unless a run is unfinished.
"""
_UNFINISHED = ""


class Recovered(NamedTuple):
    """What is left to be done before a run."""

    stored: list[dict[int, str]] | None
    """The content hashes of the articles of each shard, by id, if a run was interrupted."""
    lacks_links: bool
    """Whether copies were not looked for among all articles of the catalogue."""


def recover(path: Path, paths: Sequence[Path]) -> Recovered:
    """Give all shards the same names, and make the catalogue if it is not there, or is wrong.

    Raises ArchiveError for shards that do not belong together.
    """
    noted = noted_states(path)
    with _opened(paths) as shards:
        states = [read_state(shard) for shard in shards]
        finished = all(state.finished for state in states)
        first = max(
            range(len(states)), key=lambda shard: (states[shard].entities, states[shard].articles)
        )
        names = read_names(shards[first])
        # What an interrupted run has changed is not in the summaries.
        others = [
            shard
            for shard, state in enumerate(states)
            if shard != first and (state.names != states[first].names or not finished)
        ]
        articles = "SELECT id, content_hash FROM articles"
        stored = [dict(shard.execute(articles)) for shard in shards if noted == _UNFINISHED]
    for shard in others:
        with closing(ArchiveWriter(paths[shard], shard=True)) as store, store.batch():
            write_names(store.connection, names, paths[shard].name)
    if noted is None or noted not in (_UNFINISHED, describe(paths, states)):
        _make_catalogue(path, paths, first)
        return Recovered(None, lacks_links=not finished)
    with closing(sqlite3.connect(path)) as catalogue, catalogue:
        catalogue.execute("DELETE FROM entities")
        replace_names(catalogue, names)
    return Recovered(stored or None, lacks_links=False)


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


def _make_catalogue(path: Path, paths: Sequence[Path], first: int) -> None:
    """Make the catalogue from the shards, the `first` of which lacks no name."""
    with new_files([path]) as (temporary,), new_archive(temporary) as target:
        for statement in split_statements(_SCHEMA):
            target.execute(statement)
        target.execute(create_statements()["paragraphs_insert"])
        shards = [(number, shard) for number, shard in enumerate(paths) if shard.exists()]
        # The one with all names is the first.
        for number, shard in sorted(shards, key=lambda each: each[0] != first):
            with attached(target, shard), _refuses_doubles():
                if number == first:
                    for table in NAME_TABLES:
                        copy_rows(target, table)
                join(target, keep_ids=True, texts=False)
                target.execute(
                    "INSERT INTO placements SELECT id, ?, duplicate_of FROM source.articles",
                    (number,),
                )


@contextmanager
def _refuses_doubles() -> Iterator[None]:
    try:
        yield
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
