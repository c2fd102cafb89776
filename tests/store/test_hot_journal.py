"""What an interrupted write has left is undone by whoever reads next."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syriasearch import Archive, NotAnArchiveError
from syriasearch.store.hot_journal import NAMES_ANOTHER

KILLED = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
for table in ("settings", "segments", "postings"):
    connection.execute(f"DELETE FROM {table}")
connection.execute("CREATE TABLE filler AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL"
    " SELECT x + 1 FROM n WHERE x < 500) SELECT zeroblob(3000) FROM n")
os.kill(os.getpid(), signal.SIGKILL)
"""
"""Writes without a write-ahead log, and is killed once pages of the file are changed."""


@pytest.fixture
def copied(corpus_path: Path) -> Iterator[Path]:
    """A sound archive in a folder that every user may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "left.db"
        path.parent.chmod(0o755)
        shutil.copy(corpus_path, path)
        yield path


@pytest.fixture
def left(copied: Path) -> Path:
    """An archive whose writer was killed."""
    kill_writer(copied)
    return copied


def kill_writer(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert journal(path).stat().st_size > 0


def journal(path: Path) -> Path:
    return path.with_name(path.name + "-journal")


def test_a_search_undoes_what_was_half_written(left: Path, corpus: Archive) -> None:
    with Archive(left, readonly=True) as archive:
        assert archive.search("Sochi").total == corpus.search("Sochi").total
    assert not journal(left).exists()


def test_a_search_undoes_it_with_a_connection_that_was_open_before(
    left: Path, corpus: Archive
) -> None:
    with Archive(left, readonly=True) as archive:
        archive.search("Sochi")
        kill_writer(left)
        assert archive.search("Sochi").total == corpus.search("Sochi").total


def test_hits_undo_it(left: Path, corpus: Archive) -> None:
    with Archive(left) as archive:
        assert len(list(archive.hits("Sochi"))) == corpus.search("Sochi").total


USES: dict[str, Callable[[Archive], object]] = {
    "search": lambda archive: archive.search("Sochi"),
    "doctor": lambda archive: archive.check(),
    "ingest": lambda archive: archive.ingest(archive.path.parent),
}


@pytest.mark.parametrize("use", USES)
def test_a_journal_that_names_another_file_is_not_played_back(
    left: Path, tmp_path: Path, use: str
) -> None:
    other = tmp_path / "precious.txt"
    other.write_text("not an archive's")
    with journal(left).open("ab") as file:
        name = os.fsencode(other)
        place = (sqlite_pending_page(left)).to_bytes(4, "big")
        total = sum(name).to_bytes(4, "big")
        file.write(place + name + len(name).to_bytes(4, "big") + total + NAMES_ANOTHER)
    with Archive(left) as archive, pytest.raises(NotAnArchiveError, match="it names another file"):
        USES[use](archive)
    assert other.exists()


def sqlite_pending_page(path: Path) -> int:
    """The page of SQLite's lock bytes, in whose place a journal names another file."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        return int((1 << 30) // connection.execute("PRAGMA page_size").fetchone()[0] + 1)


SEARCH = """
import os, sys
from syriasearch import Archive, SyriaSearchError
Archive(sys.argv[2], readonly=True).search("Sochi")  # nobody may not import more of this Python
if os.getuid() == 0:
    os.setuid(65534)
try:
    print(Archive(sys.argv[1], readonly=True).search("Sochi").total)
except SyriaSearchError as error:
    print(type(error).__name__, error)
"""


def search_as_nobody(path: Path, sound: Path) -> str:
    """Search as a user whom permissions bind, as they do not bind root."""
    path.parent.chmod(0o555)
    result = subprocess.run(
        [sys.executable, "-c", SEARCH, path, sound],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    path.parent.chmod(0o755)
    assert result.stderr == ""
    return result.stdout


def half_written(path: Path, left: str) -> str:
    return (
        f"ArchiveReadOnlyError {path} was left half written by a run that was interrupted: open "
        "it once where the file and its folder can be written, together with "
        f"{left}, which undoes or completes that\n"
    )


def test_where_nothing_can_be_written_a_line_says_what_to_do(left: Path, corpus_path: Path) -> None:
    assert search_as_nobody(left, corpus_path) == half_written(left, "left.db-journal")


def test_so_does_it_for_a_log_that_cannot_be_shared(
    copied: Path, corpus_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "log.db"
    shutil.copy(copied, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE more (x)")
        for name in ("", "-wal"):
            shutil.copy(f"{path}{name}", f"{copied}{name}")
    assert search_as_nobody(copied, corpus_path) == half_written(copied, "left.db-wal")


def test_an_empty_journal_is_nothing_to_undo(copied: Path, corpus_path: Path) -> None:
    journal(copied).touch()
    assert search_as_nobody(copied, corpus_path).strip().isdigit()
