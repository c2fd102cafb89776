"""Recovery: before a run begins, the catalogue and the shards are brought in line.

All shards get the same names. If they are not as the last run left them, the catalogue is made from
them again. The shards are opened here, before their writers open them on other machines.
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
    with ExitStack() as stack:
        # What stands in the way of writing is raised here, not by an actor that cannot start.
        shards = [stack.enter_context(closing(ArchiveWriter(each, shard=True))) for each in paths]
        states = [read_state(shard.connection) for shard in shards]
        finished = all(state.finished for state in states)
        first = max(
            range(len(states)), key=lambda shard: (states[shard].entities, states[shard].articles)
        )
        names = read_names(shards[first].connection)
        for shard, state in zip(shards, states, strict=True):
            # What an interrupted run has changed is not in the summaries.
            if state.names != states[first].names or not finished:
                with shard.batch():
                    write_names(shard.connection, names, shard.path.name)
        articles = "SELECT id, content_hash FROM articles"
        stored = [{} if noted else dict(shard.connection.execute(articles)) for shard in shards]
    if noted is None or noted not in (_UNFINISHED, describe(paths, states)):
        _make_catalogue(path, paths, first)
        return Recovered(None, lacks_links=not finished)
    with closing(sqlite3.connect(path)) as catalogue, catalogue:
        catalogue.execute("DELETE FROM entities")
        replace_names(catalogue, names)
    return Recovered(None if noted else stored, lacks_links=False)


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
    states = []
    for path in paths:
        with closing(open_reader(path)) as shard:
            states.append(read_state(shard))
    return states


def _make_catalogue(path: Path, paths: Sequence[Path], first: int) -> None:
    """Make the catalogue from the shards, the `first` of which lacks no name."""
    for suffix in ("-wal", "-shm"):  # of a file that could not be read
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with new_files([path]) as (temporary,), new_archive(temporary) as target:
        for statement in split_statements(_SCHEMA):
            target.execute(statement)
        target.execute(create_statements()["paragraphs_insert"])
        for number in sorted(range(len(paths)), key=lambda shard: shard != first):
            with attached(target, paths[number]), _refuses_doubles():
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
