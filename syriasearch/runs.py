"""What have runs done, and which of their problems still stand?"""

from __future__ import annotations

import json
import sqlite3
from itertools import chain

from .collection import Source, opened
from .errors import OptionError
from .files import FIRST_VERSION
from .reports import IngestProblem, IngestRun

_STANDING = """
SELECT path, message, lost FROM ingest_problems AS told
WHERE CASE WHEN file_id IS NULL THEN run_id = (SELECT max(id) FROM ingest_runs)
  ELSE run_id = (SELECT run_id FROM files WHERE files.id = told.file_id) END
ORDER BY id
"""
"""What was said of a file when it was read last, and what the last run said of no file."""


def read_runs(source: Source, limit: int) -> tuple[IngestRun, ...]:
    """Return the latest runs, the latest first."""
    with opened(source) as collection:
        rows = collection.names.execute(
            "SELECT id, started_at, finished_at, sources, program, added, updated, unchanged,"
            " removed, failed FROM ingest_runs ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return tuple(
            IngestRun(number, started, finished, tuple(json.loads(sources)), *rest)
            for number, started, finished, sources, *rest in rows
        )


def read_problems(source: Source, run: int | None) -> tuple[IngestProblem, ...]:
    """Return a run's problems, or without one those that still stand.

    Raises OptionError where there is no such run.
    """
    with opened(source) as collection:
        each = (_problems(connection, run) for connection in collection.connections)
        return tuple(dict.fromkeys(chain.from_iterable(each)))


def _problems(connection: sqlite3.Connection, run: int | None) -> tuple[IngestProblem, ...]:
    if run is None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version >= FIRST_VERSION:
            rows = connection.execute(_STANDING)
            return tuple(IngestProblem(path, message, bool(lost)) for path, message, lost in rows)
    elif not connection.execute("SELECT 1 FROM ingest_runs WHERE id = ?", (run,)).fetchone():
        raise OptionError(f"there is no run {run}: `syriasearch runs` lists them")
    rows = connection.execute(
        "SELECT path, message, lost FROM ingest_problems"
        " WHERE run_id = ifnull(?, (SELECT max(id) FROM ingest_runs)) ORDER BY id",
        (run,),
    )
    return tuple(IngestProblem(path, message, bool(lost)) for path, message, lost in rows)
