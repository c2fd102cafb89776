"""A batch without a write-ahead log is committed at a moment without readers."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from syriasearch.store import commits
from syriasearch.store.commits import commit

HOUR = 3600


def test_readers_see_that_a_writer_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "COMMIT_SECONDS", 0.05)
    monkeypatch.setattr(commits, "ATTEMPT_SECONDS", 0.01)
    path = tmp_path / "read.db"
    journal = tmp_path / "read.db-journal"
    with (
        closing(sqlite3.connect(path, isolation_level=None, timeout=0.01)) as writer,
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
    ):
        writer.execute("CREATE TABLE t (x)")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM t").fetchall()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO t VALUES (1)")
        os.utime(journal, (0, time.time() - HOUR))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            commit(writer)
        assert time.time() - journal.stat().st_mtime < HOUR
        reader.execute("COMMIT")
        commit(writer)
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)


def test_a_batch_without_changes_does_not_wait_for_readers(tmp_path: Path) -> None:
    path = tmp_path / "read.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
    ):
        writer.execute("CREATE TABLE t (x)")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM t").fetchall()
        writer.execute("BEGIN IMMEDIATE")
        commit(writer)
        assert not writer.in_transaction
