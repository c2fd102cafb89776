"""Files that are not read are told, with what they are and what to do."""

import csv
import gzip
import sqlite3
from pathlib import Path

import pytest
from conftest import CORPORA
from formats import documents, messages

from syriasearch import Archive
from syriasearch.ingest.readers import unread
from syriasearch.ingest.readers.registry import all_readers

TABLE = Path(unread.__file__).parent / "data" / "unread_formats.csv"
KINDS = unread.signatures()


def test_each_signature_is_in_the_table_once() -> None:
    with TABLE.open(newline="") as stream:
        rows = [(row["offset"], row["magic"]) for row in csv.DictReader(stream)]
    assert len(set(rows)) == len(rows)


def test_a_signature_is_not_hidden_by_an_earlier_one() -> None:
    hidden = [
        (later.magic, earlier.magic)
        for at, later in enumerate(KINDS)
        for earlier in KINDS[:at]
        if later.offset == earlier.offset and later.magic.startswith(earlier.magic)
    ]
    assert hidden == []


@pytest.mark.parametrize("each", KINDS, ids=lambda each: repr(each.magic))
def test_a_file_is_told_by_its_beginning(made, each) -> None:
    content = b"\0" * each.offset + each.magic + b"\n more of it \0\1\2\xff"
    claiming = [reader.name for reader in all_readers() if reader.claims(content)]
    assert claiming in (["unread"], [])
    items = made("a.bin", content)
    assert (messages(items), documents(items)) == ([each.message], [])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"SQLite format 3\0 and more", "is an SQLite database"),
        ("a.csv", b"PAR1\x15\x04", "is a Parquet file"),
        ("a", b"-- MySQL dump 10.13  Distrib 8.0\n", "is an SQL dump"),
        ("a.zip", b"Rar!\x1a\x07\x01\0", "is a RAR archive"),
        ("a.sql.gz", gzip.compress(b"-- MySQL dump 10.13\n", mtime=0), "is an SQL dump"),
        ("a.json", b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
    ],
)
def test_what_a_file_is_counts_not_its_name(made, name: str, content: bytes, message: str) -> None:
    assert messages(made(name, content))[0].startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        "PARIS: talks go on.",
        "Articles of the week",
        "-- a poem\nof two lines",
        "Object of the talks: peace.",
        "MZ, a man of 40, was arrested.",
        "BMW leaves Syria.",
        "Rar is a river.",
        "II. The second chapter",
        "TYRE: the port is open.",
        "OTTO the driver",
        "IDLIB: shelling.",
    ],
)
def test_a_text_is_a_text(made, text: str) -> None:
    assert documents(made("a.txt", text))[0].text == text


def folder_of(tmp_path: Path, **files: bytes) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return folder


def test_a_file_in_a_folder_that_may_hold_articles_is_a_failure(tmp_path, archive) -> None:
    report = archive.ingest(folder_of(tmp_path, a_rar=b"Rar!\x1a\x07\x01\0", b_txt=b"A convoy."))
    assert (report.added, report.failed, report.skipped) == (1, 1, {})
    assert str(report.problems[0]).startswith("a.rar: is a RAR archive: unpack it")


def test_pictures_in_a_folder_are_passed_over(tmp_path, archive: Archive) -> None:
    report = archive.ingest(folder_of(tmp_path, a_png=b"\x89PNG\r\n\x1a\n", b_txt=b"A convoy."))
    assert (report.failed, report.skipped) == (0, {".png": 1})


@pytest.mark.parametrize("name", ["mine.db", "mine.sqlite"])
def test_an_archive_beside_its_sources_is_no_failure(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, b_txt=b"A convoy.")
    for added in (1, 0):
        with Archive(folder / name) as archive:
            report = archive.ingest(folder)
        assert (report.added, [str(each) for each in report.problems if name in str(each)]) == (
            added, []
        )  # fmt: skip


def test_another_database_is_told(tmp_path: Path, archive: Archive) -> None:
    folder = folder_of(tmp_path, b_txt=b"A convoy.")
    with sqlite3.connect(folder / "cms.db") as connection:
        connection.execute("CREATE TABLE posts (text)")
    assert "is an SQLite database" in str(archive.ingest(folder).problems[0])


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "holds no files: name another folder"),
        ({"README_md": b"About."}, "holds only hidden files and READMEs, which are not read"),
        ({"_hidden": b"A."}, "holds only hidden files and READMEs, which are not read"),
    ],
)
def test_a_run_without_anything_says_why(tmp_path, archive, files, reason: str) -> None:
    report = archive.ingest(folder_of(tmp_path, **files))
    assert [each.lost for each in report.problems] == [False]
    assert reason in report.problems[0].message


def test_a_retry_without_anything_says_why(tmp_path: Path, archive: Archive) -> None:
    folder = folder_of(tmp_path, b_txt=b"A convoy.")
    archive.ingest(folder)
    (note,) = archive.ingest(folder, retry=True).problems
    assert "holds no file that could not be read before" in note.message


def test_a_run_that_passed_files_over_has_said_so(tmp_path: Path, archive: Archive) -> None:
    report = archive.ingest(folder_of(tmp_path, a_xyz=b"A convoy."))
    assert (report.problems, report.skipped) == ((), {".xyz": 1})


def test_a_reader_that_yields_nothing_is_told(made, monkeypatch) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.unread.read", lambda file: iter(()))
    empty = next(reader for reader in all_readers() if reader.name == "unread")
    monkeypatch.setattr(empty, "read", lambda file: iter(()))
    assert messages(made("a.rar", b"Rar!\x1a\x07")) == [
        "holds no articles, read as unread: leave it out"
    ]


SAMPLES = (
    *("blogger", "google-alert", "mail", "mailbox", "nexis", "subtitles", "telegram"),
    *("telegram-pages", "wacz", "warc", "wet", "wordpress"),
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_file_of_a_known_format_is_read_in_a_folder_whatever_its_ending(
    sample: str, tmp_path: Path, archive: Archive
) -> None:
    files = (CORPORA / "formats" / sample).iterdir()
    (file,) = (path for path in files if path.name != "expected.json")
    report = archive.ingest(folder_of(tmp_path, a_dat=file.read_bytes()))
    assert (report.added > 0, report.skipped) == (True, {})
