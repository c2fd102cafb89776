"""A slice of the hostile archives that `make hostile` tries: each gives an answer, or one line."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from conftest import assert_sound
from faults.injector import fast_folder
from hostile.mutations import all_mutations, sql
from hostile.operations import make_archive
from hostile.runner import outcomes_of

from syriasearch import Archive, ArchiveError, ArchiveNotFoundError, NotAnArchiveError
from syriasearch.store.creation import empty_archive
from syriasearch.store.known_schema import (
    difference_of,
    digest,
    is_computed,
    known_columns,
    normalized,
    objects_of,
    parts_of,
)
from syriasearch.store.schema import create_statements
from syriasearch.store.values import column_types

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of processes are Linux's")

SLICE = [
    *("article 2^40", "only article 2^28-1", "words id 2^63-1", "segments id 2^40"),
    *("mentions of entity 2^40", "copies in a cycle", "follows in a cycle", "counts negative"),
    *("corrections in a circle", "correction of deep JSON", "corrections of nothing"),
    *("saved list", "runs odd", "gazetteer deep", "deleted content", "an alias of another"),
    *("coordinates infinite", "coordinates text", "published '2018-02-31'", "days -1"),
    *("segments lengths negative", "segments articles reversed", "postings ends reversed"),
    *("postings big", "postings bytes at 8", "segments null", "index trigrams", "index data big"),
    *("articles a view", "words a virtual table", "generated in place of stored", "a view more"),
    *("trigger DELETE articles", "trigger of ours changed", "user_version 0", "UTF-16"),
    *("truncated to 300000", "random", "paragraphs.text: no UTF-8", "articles.title: a blob"),
    *("entities.name: a NUL", "mentions.start: infinity", "words.stem: a blob"),
    *("files.size: a word", "files.path: no UTF-8", "mentions.found_by: no UTF-8"),
    *("articles.added_at: a word", "ingest_runs.started_at: nothing", "articles.author: a NUL"),
    *("aliases.alias: no UTF-8", "signatures.minima: nothing", "signatures.minima: a blob"),
    *("articles.published: a word", "ingest_problems.path: a blob", "words.word: a blob"),
    *("deleted_articles.deletion: the largest", "ingest_problems.message: no UTF-8"),
    *("gazetteers.name: a blob", "content hashes", "mentions without a phrase"),
]
"""Of each kind of mutation some."""


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """An archive with rows in every table."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        path = Path(folder) / "base.db"
        make_archive(path)
        yield path


@pytest.fixture
def copy(base: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copy(base, tmp_path / "copy.db"))


@pytest.fixture(scope="module")
def process() -> Iterator[Executor]:
    """A process of one thread, which forks others: tests have threads, whose locks stay taken."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.mark.parametrize("name", SLICE)
def test_a_hostile_archive_gives_an_answer_or_one_line(
    base: Path, process: Executor, name: str
) -> None:
    operations = ["search", "articles", "entity", "check", "ingest", "merge", "repair"]
    outcomes = process.submit(outcomes_of, base, name, operations).result()
    assert [each.operation for each in outcomes] == operations
    assert [(each.operation, each.told) for each in outcomes if each.kind == "wrong"] == []


HARMLESS = [
    *("a table more", "a plain index", "postings as they were, unpacked", "saved unknown"),
    *("saved long", "no deleted content"),
]


@pytest.mark.parametrize("name", [each for each in SLICE if each not in HARMLESS])
def test_the_doctor_sees_the_damage(copy: Path, name: str) -> None:
    all_mutations()[name](copy)
    with Archive(copy) as archive:
        try:
            told = archive.check()
        except NotAnArchiveError as error:
            told = (str(error),)
    assert told


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_damage_is_sound(copy: Path, name: str) -> None:
    all_mutations()[name](copy)
    with Archive(copy) as archive:
        assert archive.check() == ()


# What an archive brought is not executed


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("trigger INSERT ingest_runs", "the trigger e"),
        ("a view more", "the view stranger"),
        ("an index of expressions", "the index evil"),
        ("generated column more", "the table articles"),
        ("trigger of ours changed", "the trigger paragraphs_delete"),
    ],
)
def test_a_writer_refuses_what_would_be_executed(copy: Path, name: str, told: str) -> None:
    all_mutations()[name](copy)
    with Archive(copy) as archive, pytest.raises(NotAnArchiveError, match=re.escape(f"({told})")):
        archive.save("more", "Sochi")


@pytest.mark.parametrize("name", ["trigger INSERT words", "a view more", "an index of expressions"])
def test_a_repair_removes_what_would_be_executed(copy: Path, name: str) -> None:
    all_mutations()[name](copy)
    with Archive(copy) as archive:
        assert "is not the archive's own" in archive.repair().mended[0]
        archive.save("more", "Sochi")
    assert_sound(copy)


def test_plain_tables_and_indexes_of_others_stay(copy: Path) -> None:
    sql("CREATE TABLE notes (article INTEGER, note TEXT); CREATE INDEX n ON articles(author)")(copy)
    with Archive(copy) as archive:
        archive.save("more", "Sochi")
        assert archive.repair().mended == ()
    with closing(sqlite3.connect(copy)) as connection:
        names = "SELECT name FROM sqlite_master WHERE name IN ('notes', 'n')"
        assert len(connection.execute(names).fetchall()) == 2


# The schema


def test_what_the_schema_computes_is_known_and_stays_so() -> None:
    computed = {
        (table, digest(part))
        for table, statement in create_statements().items()
        for part in parts_of(normalized(statement)) or ()
        if is_computed(part)
    }
    assert computed - known_columns() == set(), "add them to store/data/known_columns.txt"


def test_a_new_archive_has_nothing_but_its_own() -> None:
    with closing(empty_archive()) as connection:
        assert {*map(difference_of, objects_of(connection).values())} == {None}


def test_the_types_of_columns_are_those_that_sqlite_knows() -> None:
    with closing(empty_archive()) as connection:
        for table, statement in create_statements().items():
            if statement.startswith("CREATE TABLE"):
                rows = connection.execute("SELECT name, type FROM pragma_table_xinfo(?)", (table,))
                types = {each.name: each.declared for each in column_types(table).values()}
                assert types == dict(rows), table


# A copy without its marks


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="SQLite's command is not installed")
def test_an_archive_is_recognized_after_dump_and_restore(copy: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored.db"
    dumped = subprocess.run(["sqlite3", copy, ".dump"], capture_output=True, check=True).stdout
    subprocess.run(["sqlite3", restored], input=dumped, check=True, capture_output=True)
    with Archive(copy) as one, Archive(restored) as other:
        assert other.search("Sochi").hits == one.search("Sochi").hits
        assert "not marked as an archive" in other.check()[0]
        assert other.ingest([{"title": "More", "text": "Talks in Sochi."}]).added == 1
    assert_sound(restored)


def test_a_writer_marks_an_archive_again(copy: Path) -> None:
    sql("PRAGMA application_id = 0; PRAGMA user_version = 0")(copy)
    with Archive(copy) as archive:
        archive.save("more", "Sochi")
        assert archive.check() == ()


# What happens to the file meanwhile


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another archive, of one article."""
    path = tmp_path / "other.db"
    with Archive(path) as archive:
        archive.ingest([{"title": "Other", "text": "Talks in Sochi."}], processes=0)
    return path


def test_an_archive_that_is_replaced_is_read_on_until_it_is_opened_again(
    copy: Path, other: Path
) -> None:
    with Archive(copy) as archive:
        before = archive.search("Sochi").total
        other.replace(copy)
        assert archive.search("Sochi").total == before
    with Archive(copy) as archive:
        assert archive.search("Sochi").total == 1


def test_an_archive_that_is_overwritten_gives_an_answer_or_one_line(
    copy: Path, other: Path
) -> None:
    with Archive(copy) as archive:
        before = archive.search("Sochi").total
        copy.write_bytes(other.read_bytes())
        try:
            assert archive.search("Sochi").total in (before, 1)
        except ArchiveError as error:
            assert str(copy) in str(error)


def test_a_file_that_is_gone_is_told_of_by_a_writer(copy: Path) -> None:
    with Archive(copy, readonly=True) as archive:
        before = archive.search("Sochi").total
        copy.unlink()
        assert archive.search("Sochi").total == before
    with Archive(copy) as archive, pytest.raises(ArchiveNotFoundError):
        archive.optimize()


@pytest.mark.parametrize("by", ["nothing", "another"])
def test_what_is_written_to_a_file_that_has_gone_is_not_reported_as_stored(
    copy: Path, other: Path, by: str
) -> None:
    def articles() -> Iterator[dict[str, str]]:
        yield {"title": "More", "text": "Talks in Sochi."}
        copy.unlink()
        if by == "another":
            other.replace(copy)

    told = f"{copy.name} was removed or replaced .*run again"
    with Archive(copy) as archive, pytest.raises(ArchiveError, match=told):
        archive.ingest(articles(), processes=0)
    with Archive(copy) as archive:
        assert archive.ingest([{"title": "More", "text": "Talks."}], processes=0).added == 1
    assert_sound(copy)


def test_a_clock_that_was_put_back_keeps_nobody_waiting(copy: Path) -> None:
    # A journal that seems to be written to, as its time is in the future.
    journal = copy.with_name(f"{copy.name}-journal")
    journal.write_bytes(bytes(512))
    later = time.time() + 86400
    os.utime(journal, (later, later))
    start = time.monotonic()
    with Archive(copy, readonly=True) as archive:
        assert archive.search("Sochi").total
    assert time.monotonic() - start < 20
