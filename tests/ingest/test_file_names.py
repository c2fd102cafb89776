"""An article is never replaced by another one, whatever files, members and records are called."""

import io
import json
import os
import sqlite3
import sys
import tarfile
import unicodedata
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syriasearch import Archive
from syriasearch.ingest.file_names import name_of, outer_of, path_of

COMPOSED, DECOMPOSED = "é.txt", "e\u0301.txt"
ODD = (
    *("a.txt", "A.txt", " a.txt", "a~2.txt", "..a.txt", "#.txt", "a#.txt", "a#b.txt", "a%23b.txt"),
    *("a%2523b.txt", "x.jsonl#2.txt", "a\x01.txt", "a\x02.txt", "a\tb.txt", "a\nb.txt", "a\rb.txt"),
    *("a\u200d.txt", "a\ufeff.txt", "a\u2028b.txt", "ﬁ.txt", "fi.txt", "a\\xff.txt"),
    *("a\\x5cxff.txt", COMPOSED, DECOMPOSED, "Å.txt", "A\u030a.txt", "\u212b.txt"),
)
"""Names of different files."""
HIDDEN = sum(name.startswith(".") for name in ODD)
UNDECODABLE = tuple(map(os.fsdecode, (b"a\xff.txt", b"a\xfe.txt", b"\xe9.txt")))
IN_CONTAINERS = (
    *ODD,
    *("../a.txt", "/a.txt", "b/../a.txt", "b\\a.txt", "b/a.txt", "a.txt", "a\x03.txt"),
)
TEXT = "Report {}\n\nThe road to the town is open."


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("2018/a b.txt", "2018/a b.txt"),
        ("100%.txt", "100%.txt"),
        ("a#1.txt", "a%231.txt"),
        ("a%231.txt", "a%25231.txt"),
        (os.fsdecode(b"a\xff.txt"), "a\\xff.txt"),
        ("a\\xff.txt", "a\\x5cxff.txt"),
    ],
)
def test_a_path_has_a_name_in_which_a_hash_sign_is_before_an_anchor(path: str, name: str) -> None:
    assert name_of(path) == name
    assert path_of(name) == path
    assert [*outer_of(name)] == []


PATHS = st.lists(
    st.sampled_from(["#", "%", "23", "25", "\\", "x", "5c", "ff", "a", "é", "\udcff", "\udc80"]),
    max_size=12,
).map("".join)


@given(PATHS)
@example("\udcc3\udca9")
def test_no_two_paths_have_the_same_name(path: str) -> None:
    try:
        path = os.fsdecode(os.fsencode(path))
    except UnicodeError:
        return
    assert path_of(name_of(path)) == path
    assert "#" not in name_of(path)


def ingest(archive: Archive, path: Path) -> tuple[int, int]:
    """Return the number of articles of a first run, and of those that a second one changes."""
    first, second = (archive.ingest(path, prune=True, force=True) for _ in range(2))
    assert (first.updated, first.failed, second.removed) == (0, 0, 0)
    return first.added, second.added + second.updated


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse some of the names")
def test_files_of_any_names_are_as_many_articles(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number, name in enumerate((*ODD, *UNDECODABLE)):
        (folder / name).write_text(TEXT.format(number))
    (folder / "x.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    assert ingest(archive, folder) == (len(ODD) + len(UNDECODABLE) - HIDDEN + 2, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse some of the names")
def test_a_file_with_a_hash_sign_in_its_name_is_no_article_of_another_file(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    archive.ingest(tmp_path / "x.jsonl")
    (tmp_path / "x.jsonl#2").write_text(TEXT.format(1))
    report = archive.ingest(tmp_path / "x.jsonl#2")
    assert (report.added, report.updated) == (1, 0)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_members_of_any_names_are_as_many_articles(
    archive: Archive, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"a.{kind}"
    texts = [TEXT.format(number).encode() for number in range(len(IN_CONTAINERS))]
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as packed, pytest.warns(UserWarning, match="Duplicate"):
            for name, text in zip(IN_CONTAINERS, texts, strict=True):
                packed.writestr(name, text)
    else:
        with tarfile.open(path, "w") as tar:
            for name, text in zip(IN_CONTAINERS, texts, strict=True):
                member = tarfile.TarInfo(name)
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text))
    added, changed = ingest(archive, path)
    assert (added, changed) == (len(IN_CONTAINERS) - HIDDEN, 0)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        (COMPOSED, DECOMPOSED),
        ("a\x01.txt", "a\x02.txt"),
        ("a.txt", "../a.txt"),
        ("b/a.txt", "b/../a.txt"),
        ("x.zip#a.txt", "x.zip%23a.txt"),
        ("a\u200b.txt", "a\u200e.txt"),
    ],
)
@pytest.mark.parametrize("first", [0, 1])
def test_a_member_does_not_take_the_place_of_another_that_has_gone(
    archive: Archive, tmp_path: Path, name: str, other: str, first: int
) -> None:
    texts = [TEXT.format(words) for words in ("of Idlib", "of Homs")]
    members = [*zip((name, other), texts, strict=True)]
    path = tmp_path / "a.zip"

    def pack(*some: tuple[str, str]) -> None:
        with zipfile.ZipFile(path, "w") as packed:
            for member in some:
                packed.writestr(*member)

    pack(members[first])
    archive.ingest(path)
    pack(members[1 - first])
    report = archive.ingest(path)
    assert (report.added, report.updated) == (1, 0)
    pack(*members)
    assert archive.ingest(path).unchanged == 2


@pytest.mark.parametrize(("own", "other"), [("a", "a\x01"), ("é", "e\u0301"), ("a\ufeff", "a\x02")])
def test_a_record_does_not_take_the_place_of_another_that_has_gone(
    archive: Archive, tmp_path: Path, own: str, other: str
) -> None:
    path = tmp_path / "a.jsonl"
    for number, each in enumerate((own, other)):
        path.write_text(json.dumps({"id": each, "text": TEXT.format(number)}))
        report = archive.ingest(path)
        assert (report.added, report.updated) == (1, 0)


def test_a_member_is_no_record_of_another_one(archive: Archive, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("x.jsonl", '{"id": "2.txt", "text": "One."}\n')
        packed.writestr("x.jsonl#2.txt", TEXT.format(1))
    assert ingest(archive, tmp_path / "a.zip") == (2, 0)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_records_whose_ids_differ_in_what_is_cleaned_are_as_many_articles(
    archive: Archive, tmp_path: Path, form: str
) -> None:
    ids = ["a", "a\x01", "a\x02", "a\ufeff", unicodedata.normalize(form, "é"), "e\u0301", "é~2"]
    ids = [*dict.fromkeys(ids)]
    lines = [json.dumps({"id": each, "text": TEXT.format(n)}) for n, each in enumerate(ids)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert ingest(archive, tmp_path / "a.jsonl") == (len(ids), 0)


def test_a_file_that_was_known_by_a_name_with_a_hash_sign_keeps_its_slug(
    archive: Archive, tmp_path: Path, sql
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a#b.txt").write_text(TEXT.format(1))
    archive.ingest(tmp_path / "folder")
    with closing(sqlite3.connect(archive.path)) as connection, connection:
        connection.execute("UPDATE articles SET path = 'a#b.txt'")
        connection.execute("UPDATE files SET path = 'a#b.txt'")
    report = archive.ingest(tmp_path / "folder", prune=True)
    assert (report.added, report.removed) == (0, 0)
    assert sql(archive, "SELECT slug, path FROM articles") == [("report-1", "a%23b.txt")]
