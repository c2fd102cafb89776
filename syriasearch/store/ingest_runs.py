"""Ingest runs: the counts of each run, and the problems that are still open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from ..errors import OptionError
from ..models.report import IngestProblem, IngestRun
from .values import RowCheck, are_texts, read_json

COUNTS = ("added", "updated", "unchanged", "removed", "failed")
_RUNS = RowCheck("ingest_runs", ("id", "started_at", "finished_at", "sources", "program", *COUNTS))
_PROBLEMS = RowCheck("ingest_problems", ("path", "message", "lost"))
_OPEN_PROBLEMS = """
SELECT path, message, lost FROM ingest_problems AS problem
WHERE CASE WHEN file_id IS NULL THEN run_id = (SELECT max(id) FROM ingest_runs)
  ELSE run_id = (SELECT run_id FROM files WHERE files.id = problem.file_id) END
ORDER BY id
"""
"""The open problems: those of each file from its last reading, and those of the last run that
concern no file."""


def read_runs(connections: Iterable[sqlite3.Connection], limit: int) -> tuple[IngestRun, ...]:
    """Return at most `limit` runs, the latest first.

    The counts of a run in several archives, one for each connection, are added up.
    """
    runs: dict[int, IngestRun] = {}
    for connection in connections:
        rows = connection.execute(
            f"SELECT id, started_at, finished_at, sources, program, {', '.join(COUNTS)}"
            " FROM ingest_runs ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        for number, started, finished, sources, *rest in _RUNS.rows(rows):
            paths = tuple(read_json(sources, "ingest_runs", are_texts))
            run = IngestRun(number, started, finished, paths, *rest)
            runs[number] = _added(runs[number], run) if number in runs else run
    return tuple(runs[number] for number in sorted(runs, reverse=True)[:limit])


def _added(one: IngestRun, other: IngestRun) -> IngestRun:
    """Combine the records that two shards have of a run; it is finished if it is in both."""
    both = (one, other)
    ends = [each.finished_at for each in both if each.finished_at]
    counts = {name: sum(getattr(each, name) for each in both) for name in COUNTS}
    return replace(
        one,
        started_at=min(each.started_at for each in both),
        finished_at=max(ends) if len(ends) == len(both) else None,
        **counts,
    )


def read_problems(
    connections: Iterable[sqlite3.Connection], run: int | None
) -> tuple[IngestProblem, ...]:
    """Return the problems of a run, by its number, or without one those that are still open.

    Raises OptionError if no such run exists.
    """
    each = (_problems(connection, run) for connection in connections)
    return tuple(dict.fromkeys(chain.from_iterable(each)))


def _problems(connection: sqlite3.Connection, run: int | None) -> tuple[IngestProblem, ...]:
    if run is None:
        rows = connection.execute(_OPEN_PROBLEMS)
    elif (run,) in connection.execute("SELECT id FROM ingest_runs").fetchall():
        rows = connection.execute(
            "SELECT path, message, lost FROM ingest_problems WHERE run_id = ? ORDER BY id", (run,)
        )
    else:
        raise OptionError(f"there is no run {run}: `runs` lists them")
    return tuple(
        IngestProblem(path, message, bool(lost)) for path, message, lost in _PROBLEMS.rows(rows)
    )
