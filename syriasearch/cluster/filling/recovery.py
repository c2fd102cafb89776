"""Recovery: before a run begins, the catalogue and the shards are brought in line.

Entities and their names have the same ids in all shards, which meet them in the same order. A run
that was interrupted leaves shards that lack the last ones, and a new shard lacks all of them: they
are copied from a shard that lacks none. If the shards are not as the last run left them, the
catalogue is made from them again. All of this is done before the writers start elsewhere.
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
from ...store.sqlite_errors import translate_errors
from ...store.stem_versions import SETTING
from ..rows import attached, copy_rows, updating
from ..split_merge.files import new_archive, new_files
from ..split_merge.merge import join

_SCHEMA = Path(__file__).parent / "data" / "catalogue.sql"
_NAMES = ("corrections", "settings", "gazetteers", "entities", "aliases", "alias_keys")
"""The tables that all shards have in common."""
_STATE = """
SELECT (SELECT count(*) FROM articles), (SELECT ifnull(max(id), 0) FROM ingest_runs),
  NOT EXISTS (SELECT 1 FROM ingest_runs WHERE finished_at IS NULL
    AND id = (SELECT max(id) FROM ingest_runs)),
  (SELECT count(*) FROM entities),
  (SELECT count(*) || ' ' || max(id) || ' ' || total(id) FROM entities)
    || (SELECT count(*) || ' ' || max(id) || ' ' || total(entity_id) FROM aliases)
    || (SELECT count(*) || ' ' || total(undone_at IS NULL) FROM corrections)
"""


_OTHER_NAMES = """
SELECT id FROM main.entities AS own
WHERE NOT EXISTS (SELECT 1 FROM source.entities WHERE id = own.id AND slug = own.slug)
UNION ALL SELECT id FROM (SELECT * FROM main.corrections EXCEPT SELECT * FROM source.corrections)
UNION ALL SELECT id FROM (SELECT * FROM source.corrections EXCEPT SELECT * FROM main.corrections)
  WHERE EXISTS (SELECT 1 FROM main.articles)
LIMIT 1
"""
"""The entities and corrections in which a shard differs from one that lacks no name."""


class ShardState(NamedTuple):
    """The state of a shard before or after a run."""

    articles: int
    run: int
    """The number of its last run."""
    finished: bool
    """Whether its last run has finished."""
    entities: int
    names: str | None
    """A summary of its names, by which shards differ if their runs have finished."""


def read_state(connection: sqlite3.Connection) -> ShardState:
    """Return the state of a shard."""
    return ShardState(*connection.execute(_STATE).fetchone())


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
    noted = _noted(path)
    is_unfinished = noted == describe_unfinished(paths)
    with ExitStack() as stack:
        # What prevents writing is raised here, not by an actor that cannot start.
        shards = [stack.enter_context(closing(ArchiveWriter(each))) for each in paths]
        states = [read_state(shard.connection) for shard in shards]
        finished = all(state.finished for state in states)
        first = max(
            range(len(states)), key=lambda shard: (states[shard].entities, states[shard].articles)
        )
        articles = "SELECT id, content_hash FROM articles"
        stored = [dict(shard.connection.execute(articles)) for shard in shards if is_unfinished]
    for shard, state in enumerate(states):
        # What an interrupted run has changed is not in the summaries.
        if shard != first and (state.names != states[first].names or not finished):
            _copy_names(paths[first], paths[shard], is_shard=True)
    if not is_unfinished and noted != describe(paths, states):
        _make_catalogue(path, paths, first)
        return Recovered(None, lacks_links=not finished)
    _copy_names(paths[first], path, is_shard=False)
    return Recovered(stored if is_unfinished else None, lacks_links=False)


def _noted(path: Path) -> str | None:
    """Return what the catalogue notes of the shards, None if there is no catalogue."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as catalogue:
            if catalogue.execute("PRAGMA user_version").fetchone() == (VERSION,):
                return str(catalogue.execute("SELECT shards FROM notes").fetchone()[0])
    except sqlite3.DatabaseError:
        pass
    return None


def note(catalogue: sqlite3.Connection, shards: str) -> None:
    """Note the shards, as they are described, in the catalogue."""
    catalogue.execute("DELETE FROM notes")
    catalogue.execute("INSERT INTO notes (shards) VALUES (?)", (shards,))


def describe_unfinished(paths: Sequence[Path]) -> str:
    """Return a text that says of which shards a run is unfinished."""
    return repr([path.name for path in paths])


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


def _copy_names(source: Path, target: Path, *, is_shard: bool) -> None:
    """Copy names. Raises ArchiveError if a shard has other entities or corrections of its own."""
    location = target.absolute().as_uri()
    with (
        translate_errors(str(target)),
        closing(sqlite3.connect(location, isolation_level=None, uri=True)) as connection,
        attached(connection, source),
    ):
        if not is_shard:
            connection.execute("DELETE FROM entities")
        elif connection.execute(_OTHER_NAMES).fetchall():
            raise ArchiveError(
                f"{target.name} has other entities than the other shards: `syriasearch cluster "
                "merge` makes one archive of them, to be split anew"
            )
        for table in _NAMES:
            # Which stems a shard has is its own affair; mentions refer to its entities.
            kept = {"settings": f"name = '{SETTING}'", "entities": "true"}.get(table, "false")
            connection.execute(f"DELETE FROM main.{table} WHERE NOT ({kept})")
        for table in _NAMES:
            if table == "settings":
                copy_rows(connection, table, {"id": "NULL"}, f"name != '{SETTING}'")
            else:
                copy_rows(connection, table, conflict=updating(connection, table))


def _make_catalogue(path: Path, paths: Sequence[Path], first: int) -> None:
    """Make the catalogue from the shards, the `first` of which lacks no name."""
    for suffix in ("-wal", "-shm"):  # of a file that could not be read
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with new_files([path]) as (temporary,), new_archive(temporary) as target:
        for statement in split_statements(_SCHEMA.read_text("utf-8")):
            target.execute(statement)
        target.execute(create_statements()["paragraphs_insert"])
        for number in sorted(range(len(paths)), key=lambda shard: shard != first):
            with attached(target, paths[number]), _refuses_doubles():
                if number == first:
                    for table in _NAMES:
                        copy_rows(target, table)
                join(target, keep_ids=True, texts=False)
                target.execute(
                    "INSERT INTO placements SELECT id, ?, duplicate_of FROM source.articles",
                    (number,),
                )
        note(target, describe_unfinished(paths))


@contextmanager
def _refuses_doubles() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise ArchiveError(
            "the shards have other articles under the same ids: `syriasearch cluster merge` "
            "makes one archive of them, to be split anew"
        ) from error
