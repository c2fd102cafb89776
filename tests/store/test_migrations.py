"""Versions of the schema: which are refused, and how an archive comes to a later one."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from conftest import everything
from sqlite_utils import Database, Migrations

from syriasearch import Archive, ArchiveError, ArchiveVersionError, Cluster
from syriasearch.store import migrations as migrations_module
from syriasearch.store import schema as schema_module
from syriasearch.store.creation import APPLIED, create_or_migrate
from syriasearch.store.migrations import (
    MIGRATIONS,
    compact_names,
    create,
    keep_deleted_articles,
    migrate,
    shorten_postings,
    store_folded_text,
    store_replacements,
)
from syriasearch.store.schema import FIRST_VERSION, VERSION

Later = Callable[..., None]
ORIGINAL = (
    create,
    store_folded_text,
    keep_deleted_articles,
    store_replacements,
    compact_names,
    shorten_postings,
)


@pytest.fixture
def news(archive: Archive, folder: Callable[..., Path]) -> Archive:
    archive.ingest(folder({"a.txt": "One."}))
    return archive


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let this be a later version of the program, with more migrations."""

    def add(*more: Callable[[Database], None]) -> None:
        migrations = Migrations(MIGRATIONS.name)
        for migration in (*ORIGINAL, *more):
            migrations()(migration)
        monkeypatch.setattr(migrations_module, "MIGRATIONS", migrations)
        for module in (migrations_module, schema_module):
            monkeypatch.setattr(module, "VERSION", VERSION + len(more))

    return add


def add_note(database: Database) -> None:
    database.table("articles").add_column("note", str)


def fail(database: Database) -> None:
    database.table("articles").add_column("remark", str)
    raise sqlite3.OperationalError("no such thing")


def exit_at_once(database: Database) -> None:
    database.table("articles").add_column("remark", str)
    os._exit(9)


def set_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def state(path: Path) -> tuple[object, ...]:
    """Return the version, the migrations that were applied, and the columns of articles."""
    with closing(sqlite3.connect(path)) as connection:
        return (
            connection.execute("PRAGMA user_version").fetchone()[0],
            [
                name
                for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")
            ],
            [row[1] for row in connection.execute("PRAGMA table_info(articles)")],
        )


# Versions that are refused

USES: dict[str, Callable[[Archive], object]] = {
    "search": lambda archive: archive.search("x"),
    "ingest": lambda archive: archive.ingest(archive.path.parent),
    "optimize": lambda archive: archive.optimize(),
    "doctor": lambda archive: archive.check(),
    "doctor --repair": lambda archive: archive.repair(),
    "cluster split": lambda archive: Cluster(archive.path.with_suffix(".toml")).split(
        archive.path, shards=2
    ),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    ("version", "message"),
    [
        *(
            (
                version,
                "{path} was made by an unreleased version of this program"
                f" (schema version {version}): ingest its sources into a new file",
            )
            for version in (-1, 1, 2, 3, 4, 5)
        ),
        (
            VERSION + 1,
            f"{{path}} has schema version {VERSION + 1}, and this program knows up to {VERSION}:"
            " upgrade syriasearch",
        ),
    ],
)
def test_an_archive_of_another_version_is_refused(
    news: Archive, version: int, message: str, use: str
) -> None:
    set_version(news.path, version)
    before = news.path.read_bytes()
    with Archive(news.path) as archive, pytest.raises(ArchiveVersionError) as caught:
        USES[use](archive)
    assert str(caught.value) == message.format(path=news.path)
    assert news.path.read_bytes() == before


# Migrations


def test_each_migration_after_the_first_is_a_version() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, ":memory:")
        applied = MIGRATIONS.applied(Database(connection))
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert len(applied) == VERSION - FIRST_VERSION + 1


def test_an_archive_is_read_before_its_migration_and_migrated_at_the_next_write(
    news: Archive, folder: Callable[..., Path], later: Later
) -> None:
    version, applied, columns = state(news.path)
    later(add_note)
    assert news.search("one").total == 1
    assert state(news.path) == (version, applied, columns)
    news.ingest(folder({"b.txt": "Two."}))
    assert state(news.path) == (version + 1, [*applied, "add_note"], [*columns, "note"])
    assert news.search("two").total == 1


def test_a_new_archive_has_all_migrations(
    archive: Archive, folder: Callable[..., Path], later: Later
) -> None:
    later(add_note)
    archive.ingest(folder({"a.txt": "One."}))
    version, applied, columns = state(archive.path)
    assert (version, applied, columns[-1]) == (
        VERSION + 1,
        [*APPLIED, "add_note"],
        "note",
    )


@pytest.mark.parametrize("use", ["doctor", "doctor --repair", "cluster split"])
def test_what_needs_the_current_version_says_how_an_archive_comes_to_it(
    news: Archive, later: Later, use: str
) -> None:
    later(add_note)
    with pytest.raises(ArchiveVersionError, match="optimize` brings it up to date"):
        USES[use](news)
    news.optimize()
    assert state(news.path)[0] == VERSION + 1


def test_a_migration_that_fails_leaves_the_archive_as_it_was(
    news: Archive, folder: Callable[..., Path], later: Later
) -> None:
    before = state(news.path), everything(news.path)
    later(add_note, fail)
    with pytest.raises(ArchiveError, match="no such thing"):
        news.ingest(folder({"b.txt": "Two."}))
    assert (state(news.path), everything(news.path)) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the process that is killed is a fork")
def test_a_process_that_is_killed_leaves_the_archive_as_it_was(news: Archive, later: Later) -> None:
    before = state(news.path), everything(news.path)
    later(add_note, exit_at_once)
    news.close()
    process = get_context("fork").Process(target=Archive(news.path).optimize)
    process.start()
    process.join()
    assert process.exitcode == 9
    assert (state(news.path), everything(news.path)) == before
    later(add_note)
    with Archive(news.path) as archive:
        archive.optimize()
    assert state(news.path)[0] == VERSION + 1


def test_another_programs_migrations_are_left_alone(
    news: Archive, folder: Callable[..., Path], later: Later
) -> None:
    theirs = Migrations("theirs")
    theirs()(lambda database: database.table("theirs").create({"id": int}))
    with closing(sqlite3.connect(news.path, isolation_level=None)) as connection:
        theirs.apply(Database(connection))
    later(add_note)
    news.ingest(folder({"b.txt": "Two."}))
    assert state(news.path)[1] == [
        *APPLIED,
        *("<lambda>", "add_note"),
    ]


def test_a_new_archive_is_the_same_with_and_without_migrations(tmp_path: Path) -> None:
    made = sqlite3.connect(tmp_path / "made.db", isolation_level=None)
    migrated = sqlite3.connect(tmp_path / "migrated.db", isolation_level=None)
    with closing(made), closing(migrated):
        create_or_migrate(made, "made.db")
        migrations_module.migrate(migrated, "migrated.db")
        for query in (
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid",
            "SELECT migration_set, name FROM _sqlite_migrations ORDER BY id",
            "SELECT * FROM settings ORDER BY 1",
            "PRAGMA application_id",
            "PRAGMA user_version",
        ):
            assert made.execute(query).fetchall() == migrated.execute(query).fetchall()


def test_a_new_archive_has_the_names_of_all_migrations() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, ":memory:")
        applied = MIGRATIONS.applied(Database(connection))
    assert [each.name for each in applied] == list(APPLIED)
