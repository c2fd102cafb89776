"""What happens when an archive is not one, or not one that can be used."""

import gc
import sqlite3
import threading
from pathlib import Path

import pytest
from conftest import CORPORA

from syriasearch import (
    Archive,
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    NotAnArchiveError,
    SQLiteFeatureError,
)
from syriasearch.store import connection as connection_module


def test_a_missing_archive_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveNotFoundError, match="make one with `ingest`, or name another file"):
        Archive(tmp_path / "none.db").search("x")
    with pytest.raises(ArchiveNotFoundError):
        Archive(tmp_path / "none.db", readonly=True)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"This is a text and no database at all. " * 100, "is not an archive"),
    ],
)
def test_a_file_that_is_something_else(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(NotAnArchiveError, match=message):
        Archive(path).search("x")
    if content:
        with pytest.raises(NotAnArchiveError, match=message):
            Archive(path).ingest(CORPORA / "default")
        assert path.read_bytes() == content


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = path.read_bytes()
    for use in (lambda: Archive(path).search("x"), lambda: Archive(path).ingest(CORPORA)):
        with pytest.raises(NotAnArchiveError, match="but not an archive of syriasearch"):
            use()
    assert path.read_bytes() == before


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchiveError, match="is a folder: name the archive's file in it"):
        Archive(tmp_path).search("x")


def test_a_damaged_archive_is_told_in_one_line(corpus_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    data = bytearray(corpus_path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(ArchiveError) as caught:
        Archive(path).search("Sochi")
    assert "\n" not in str(caught.value)


def test_a_locked_archive_is_told_and_whole(
    archive: Archive, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest(folder({"a.txt": "One."}))
    monkeypatch.setattr("syriasearch.store.connection.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(archive.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveLockedError, match=r"another process is writing to .*: try again"):
        archive.ingest(folder({"b.txt": "Two."}))
    other.execute("ROLLBACK")
    other.close()
    assert archive.search("").total == 1


def test_a_full_disk_leaves_the_archive_whole(
    archive: Archive, folder, monkeypatch: pytest.MonkeyPatch, sql
) -> None:
    import syriasearch.ingest.archive_writer as store_module

    archive.ingest(folder({"a.txt": "One."}))
    pages = sql(archive, "PRAGMA page_count")[0][0]
    open_writer = store_module.open_writer

    def small(path: Path, *, log: bool) -> sqlite3.Connection:
        connection = open_writer(path, log=log)
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        return connection

    monkeypatch.setattr(store_module, "open_writer", small)
    text = " ".join(f"word{number}" for number in range(50_000))
    with pytest.raises(ArchiveError, match=r"no room to write .*: free some disk and run again"):
        archive.ingest(folder({"b.txt": text}))
    monkeypatch.undo()
    assert archive.search("").total == 1
    assert archive.ingest(folder({"b.txt": text})).added == 1


def test_an_archive_that_is_locked_for_a_while_is_waited_for(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "One."}))
    other = sqlite3.connect(archive.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def release() -> None:
        other.execute("ROLLBACK")
        other.close()

    timer = threading.Timer(0.5, release)
    timer.start()
    assert archive.ingest(folder({"b.txt": "Two."})).added == 1
    timer.join()


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_a_path_that_is_none(path: str) -> None:
    with pytest.raises(ArchiveError, match="is no path of an archive"):
        Archive(path)


@pytest.mark.parametrize("use", ["search", "ingest"])
def test_a_path_that_is_too_long(use: str) -> None:
    with pytest.raises(ArchiveError), Archive("x" * 5000) as archive:
        getattr(archive, use)(str(CORPORA / "default"))


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(
        SQLiteFeatureError, match=r"has SQLite 3\.34\.1, and an archive needs 3\.35"
    ):
        connection_module.check_sqlite()


def test_a_sqlite_without_fts5_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "TOKENIZER", "no_such_tokenizer")
    with pytest.raises(SQLiteFeatureError, match="built without FTS5"):
        connection_module.check_sqlite()


def test_a_closed_archive_says_so(corpus_path: Path) -> None:
    archive = Archive(corpus_path)
    archive.search("Sochi")
    archive.close()
    with pytest.raises(ArchiveError, match="was closed: open it again"):
        archive.search("Sochi")


def test_folders_of_a_new_archive_are_made(tmp_path: Path) -> None:
    with Archive(tmp_path / "a" / "b" / "c.db") as archive:
        assert archive.ingest(CORPORA / "default").added == 6


def test_nothing_is_left_beside_an_archive(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "One."}))
    names = sorted(path.name for path in archive.path.parent.iterdir())
    assert names == ["metadata.json", "test.db"]


def test_an_archive_that_nobody_has_any_more_is_closed(corpus_path: Path) -> None:
    archive = Archive(corpus_path)
    archive.search("Sochi")
    (connection,) = archive._backend._pool._connections.values()
    del archive
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_cluster_needs_the_package_s_metadata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: ())
    with pytest.raises(ArchiveError, match="install syriasearch with pip"):
        Archive(tmp_path / "x.toml")
