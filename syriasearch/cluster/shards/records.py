"""Which shard keeps what is told of runs and files?

Each shard has all runs, and of each counts what it did there. A file that was read, and what could
not be read of it, is kept by the shard of the file's own path; what is of no file, by the first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ...models.report import IngestRun
from ...store.ingest_runs import read_runs
from ..placing import shard_of

_COUNTS = ("added", "updated", "unchanged", "removed", "failed")
_RUNS = f"id, started_at, finished_at, sources, program, {', '.join(_COUNTS)}"
_FILES = "id, root, path, size, modified, digest, reading, articles, lost, run_id"
_PROBLEMS = "id, run_id, path, message, lost, file_id"

MOST = 2**31 - 1
Row = tuple[Any, ...]


def home(path: str | None, shards: int) -> int:
    """Return the shard, of so many, that keeps what is told of a file, or of none."""
    return 0 if path is None else shard_of(path, shards)


def split_records(
    target: sqlite3.Connection, source: sqlite3.Connection, shard: int, shards: int
) -> None:
    """Write what one shard is to keep of what an archive tells.

    Which of the articles of a run went where is not known any more: the first shard counts all.
    """
    runs = _rows(source, "ingest_runs", _RUNS)
    if shard:
        runs = [(*row[:-5], 0, 0, 0, 0, 0) for row in runs]
    files = [row for row in _rows(source, "files", _FILES) if home(row[2], shards) == shard]
    kept = {row[0] for row in files}
    problems = [
        row
        for row in _rows(source, "ingest_problems", _PROBLEMS)
        if (row[5] in kept if row[5] is not None else shard == 0)
    ]
    _write(target, runs, files, problems)


def join_records(target: sqlite3.Connection, sources: Sequence[sqlite3.Connection]) -> None:
    """Write what shards tell together: their counts of a run are added up."""
    runs = [_run_row(each) for each in reversed(read_runs(sources, MOST))]
    files: list[Row] = []
    problems: list[Row] = []
    last_file = last_problem = 0
    for source in sources:
        some = _rows(source, "files", _FILES)
        told = _rows(source, "ingest_problems", _PROBLEMS)
        taken, spoken = {row[0] for row in files}, {row[0] for row in problems}
        # Ids of shards that were split from one archive are all different.
        behind = last_file if any(row[0] in taken for row in some) else 0
        further = last_problem if any(row[0] in spoken for row in told) else 0
        files += [(row[0] + behind, *row[1:]) for row in some]
        problems += [
            (row[0] + further, *row[1:5], None if row[5] is None else row[5] + behind)
            for row in told
        ]
        last_file = max([last_file, *(row[0] for row in files)])
        last_problem = max([last_problem, *(row[0] for row in problems)])
    _write(target, runs, files, problems)


def _run_row(run: IngestRun) -> Row:
    row = {**asdict(run), "sources": json.dumps(run.sources, ensure_ascii=False)}
    return tuple(row[column] for column in _RUNS.split(", "))


def _rows(source: sqlite3.Connection, table: str, columns: str) -> list[Row]:
    return source.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()


def _write(
    target: sqlite3.Connection, runs: list[Row], files: list[Row], problems: list[Row]
) -> None:
    target.execute("BEGIN")
    for table, columns, rows in (
        ("ingest_runs", _RUNS, runs),
        ("files", _FILES, files),
        ("ingest_problems", _PROBLEMS, problems),
    ):
        marks = ", ".join("?" * len(columns.split(",")))
        target.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    target.execute("COMMIT")
