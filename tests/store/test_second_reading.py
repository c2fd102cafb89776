"""What SQLite calls malformed is read a second time before it is called damaged."""

import gzip
import sqlite3
from pathlib import Path

import pytest
from faults.operations import OLD

from syriasearch import Archive, ArchiveError, NotAnArchiveError
from syriasearch.doctor import Damage, diagnosis
from syriasearch.ingest.archive_writer import ArchiveWriter
from syriasearch.store.second_reading import is_io_error, is_malformed, read_again
from syriasearch.store.sqlite_errors import translate_errors

MALFORMED = "database disk image is malformed"


@pytest.fixture
def torn(corpus_path: Path, tmp_path: Path) -> Path:
    """An archive of which every page after the third is gone."""
    path = tmp_path / "torn.db"
    content = corpus_path.read_bytes()
    path.write_bytes(content[:12288] + b"\xff" * (len(content) - 12288))
    return path


def test_what_is_sound_at_the_second_reading_was_a_read_that_failed(corpus_path: Path) -> None:
    assert read_again(corpus_path) == "sound"
    with pytest.raises(ArchiveError, match="its pages are sound now: look to the disk"):  # noqa: SIM117
        with translate_errors(str(corpus_path)):
            raise sqlite3.DatabaseError(MALFORMED)


def test_what_is_not_is_damaged(torn: Path) -> None:
    assert read_again(torn) == "damaged"
    with pytest.raises(NotAnArchiveError, match="is damaged"):  # noqa: SIM117
        with translate_errors(str(torn)):
            raise sqlite3.DatabaseError(MALFORMED)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    assert read_again(tmp_path / "gone.db") == "unreadable"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Page 66: unable to get the page. error code=8458", True),
        ("Tree 3 page 66: unable to get the page. error code=266", True),
        ("Page 66: unable to get the page. error code=11", False),
        ("row 3 missing from index words_stem", False),
    ],
)
def test_a_page_that_cannot_be_read_is_known_by_its_code(line: str, expected: bool) -> None:
    assert is_io_error(line) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MALFORMED, True),
        ("vtable constructor failed: paragraphs_fts", True),
        ("disk I/O error", False),
        ("unable to open database file", False),
        ("database or disk is full", False),
        ("database is locked", False),
    ],
)
def test_an_error_of_the_disk_is_no_damage(text: str, expected: bool) -> None:
    assert is_malformed(sqlite3.DatabaseError(text)) is expected


def test_the_doctor_believes_an_error_only_if_it_comes_again(
    corpus_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copy.db"
    path.write_bytes(corpus_path.read_bytes())
    found = iter([[Damage("SQLite: failed to get page 3", by_reading=True)], []])
    monkeypatch.setattr(diagnosis, "find_damages", lambda *_: next(found))
    with Archive(path) as archive, pytest.raises(ArchiveError, match="disk I/O error"):
        archive.check()


def test_a_migration_that_is_interrupted_leaves_the_version_that_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    before = path.read_bytes()

    def fail(writer: ArchiveWriter) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(ArchiveWriter, "rebuild_copies", fail)
    monkeypatch.setattr(ArchiveWriter, "_rebuild_postings", fail)
    with pytest.raises(ArchiveError, match="no room"):
        ArchiveWriter(path, log=False)
    assert path.read_bytes() == before
