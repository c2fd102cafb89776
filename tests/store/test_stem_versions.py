"""An archive records what its stems were made with: other versions are named, and mended."""

import os
import re
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import assert_sound

import syriasearch.store.stem_versions
from syriasearch import Archive, ArchiveWarning, Cluster
from syriasearch.cli import main
from syriasearch.ingest.archive_writer import ArchiveWriter
from syriasearch.store.stem_versions import current_versions, recorded_versions, wrong_stems
from syriasearch.text.normalize import RULES as FOLD_RULES
from syriasearch.text.stem import RULES

OTHER = f"PyStemmer 2.2.0.3, simplemma 1.0.0, rules {RULES}, folds {FOLD_RULES}"
NEWS = {
    "hall.txt": "The hall\n\nTwo organizations and the universities met in the evenings.",
    "home.txt": "The way home\n\nThey took the road home.",
}
MORE = {"one.txt": "One\n\nAn organization of a university: data of one evening, for them to take."}
NAMED = re.compile(rf"the stems of .* were made with {OTHER}, not {current_versions()}: .*")

ignored = pytest.mark.filterwarnings("ignore::syriasearch.ArchiveWarning")


def make_other(path: Path, versions: str | None = OTHER) -> None:
    """Let some stems of an archive be those of no versions at hand."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for word, stem in (
            ("organizations", "organx"),
            ("universities", "universx"),
            ("took", "tookx"),
        ):
            connection.execute("UPDATE words SET stem = ? WHERE word = ?", (stem, word))
        connection.execute("DELETE FROM settings WHERE name = 'stems'")
        if versions:
            row = ("stems", versions)
            connection.execute("INSERT INTO settings (name, value) VALUES (?, ?)", row)


def test_an_archive_that_has_only_its_tables_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    ArchiveWriter(path).close()
    assert recorded(path) == current_versions()
    with Archive(path) as archive:
        assert archive.check() == ()


def recorded(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        return recorded_versions(connection)


def wrong(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(word for _, word in wrong_stems(connection))


def note_of(*arguments: object) -> list[str]:
    """Return the notes that a command prints."""
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "note:" not in result.stdout
    return [line for line in result.stderr.splitlines() if line.startswith("note:")]


@pytest.fixture
def other(archive: Archive, folder: Callable[..., Path]) -> Iterator[Archive]:
    """An archive that was written with other versions."""
    archive.ingest(folder(NEWS))
    make_other(archive.path)
    with Archive(archive.path) as opened:
        yield opened


# What is recorded


def test_an_archive_records_its_versions(archive: Archive, folder: Callable[..., Path]) -> None:
    archive.ingest(folder(NEWS))
    assert recorded(archive.path) == current_versions()


def test_the_versions_are_those_of_the_packages() -> None:
    versions = (version("PyStemmer"), version("simplemma"), RULES, FOLD_RULES)
    assert current_versions() == "PyStemmer {}, simplemma {}, rules {}, folds {}".format(*versions)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (["Maker-2.2.0.3.dist-info"], "2.2.0.3"),
        (["maker-3.1.0.dist-info"], "3.1.0"),
        (["Maker-2.2.0.1-py3.11.egg-info"], "2.2.0.1"),
        (["Maker-2.2.0.1.egg-info", "maker_more-1.0.dist-info"], "2.2.0.1"),
        (["maker-1.0.dist-info", "maker-2.0.dist-info"], "unknown"),
        ([], "unknown"),
    ],
)
@pytest.mark.parametrize("module", ["maker.py", "maker/__init__.py"])
def test_a_version_is_read_from_the_name_of_the_metadata(
    module: str,
    metadata: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in metadata:
        (tmp_path / name).mkdir()
    (tmp_path / module).parent.mkdir(exist_ok=True)
    (tmp_path / module).touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("importlib.metadata.version", raises_not_found)
    assert syriasearch.store.stem_versions._installed("maker", "Maker") == expected


def raises_not_found(name: str) -> str:
    from importlib.metadata import PackageNotFoundError

    raise PackageNotFoundError(name)


# The next write


WRITES: dict[str, Callable[[Archive, Path], object]] = {
    "ingest": lambda archive, more: archive.ingest(more),
    "ingest of nothing new": lambda archive, more: archive.ingest(archive.path),
    "reindex": lambda archive, more: archive.reindex(),
    "optimize": lambda archive, more: archive.optimize(),
    "correction": lambda archive, more: archive.corrections.hide("damascus"),
    "save": lambda archive, more: archive.save("halls", "hall"),
    "repair": lambda archive, more: archive.repair(),
}


@ignored
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("versions", [OTHER, None])
def test_any_write_restems_all_words(
    write: str, versions: str | None, archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder({**NEWS, "place.txt": "Far\n\nThey met in Damascus."}))
    make_other(archive.path, versions)
    assert wrong(archive.path) == ["organizations", "took", "universities"]
    WRITES[write](archive, folder(MORE, "more"))
    assert (recorded(archive.path), wrong(archive.path)) == (current_versions(), [])
    assert archive.check() == ()
    assert_sound(archive.path)


@pytest.mark.parametrize("query", ["organization", "university", "take"])
def test_words_of_before_and_words_of_now_find_each_other(
    query: str, other: Archive, folder: Callable[..., Path]
) -> None:
    other.ingest(folder(MORE, "more"))
    assert other.search(query).total == 2


def test_a_write_that_fails_leaves_the_stems_as_they_were(other: Archive) -> None:
    with closing(ArchiveWriter(other.path)) as store:
        with pytest.raises(KeyboardInterrupt), store.batch():
            raise KeyboardInterrupt
        assert recorded(other.path) == OTHER
        assert wrong(other.path) == ["organizations", "took", "universities"]


def test_the_write_after_one_that_failed_restems(other: Archive) -> None:
    with closing(ArchiveWriter(other.path)) as store:
        with pytest.raises(KeyboardInterrupt), store.batch():
            raise KeyboardInterrupt
        with store.batch():
            pass
    assert (recorded(other.path), wrong(other.path)) == (current_versions(), [])


def test_a_process_that_is_killed_leaves_the_stems_as_they_were(other: Archive) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from syriasearch.ingest.archive_writer import ArchiveWriter\n"
        "with ArchiveWriter(Path(sys.argv[1])).batch(): os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(other.path)]).returncode == -9
    assert recorded(other.path) == OTHER
    assert wrong(other.path) == ["organizations", "took", "universities"]
    other.optimize()
    assert other.check() == ()


def test_what_another_process_writes_with_other_versions_is_restemmed(other: Archive) -> None:
    with closing(ArchiveWriter(other.path)) as store:
        with store.batch():
            pass
        make_other(other.path)
        with store.batch():
            pass
    assert (recorded(other.path), wrong(other.path)) == (current_versions(), [])


def test_a_saved_search_finds_what_its_words_had_lost(
    archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder(MORE, "more"))
    archive.save("organizations", "organization")
    archive.ingest(folder(NEWS))
    make_other(archive.path)
    archive.optimize()
    assert [hit.article.title for hit in archive.new("organizations").hits] == ["The hall"]


# A reader


def test_a_search_warns_of_other_versions(other: Archive) -> None:
    with pytest.warns(ArchiveWarning, match=NAMED) as caught:
        other.search("hall")
    assert [each.filename for each in caught] == [__file__]


def test_a_search_finds_what_it_can(other: Archive) -> None:
    with pytest.warns(ArchiveWarning):
        assert other.search("organizations").total == 1


@ignored
@pytest.mark.parametrize("query", ["organization", "university", "organizing", "met"])
def test_forms_are_found_by_the_stems_of_now(query: str, other: Archive) -> None:
    assert other.search(query).total == 1


def test_an_archive_warns_once(other: Archive) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(other.search, ["hall", "home", "met", "took"] * 4))
        list(other.hits("hall"))
    assert [each.category for each in caught] == [ArchiveWarning]


def test_an_archive_of_these_versions_does_not_warn(
    archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder(NEWS))
    assert archive.search("hall").total == 1


def test_an_archive_without_a_record_is_of_unknown_versions(other: Archive) -> None:
    make_other(other.path, None)
    with pytest.warns(ArchiveWarning, match="were made with unknown versions, not PyStemmer"):
        other.search("hall")


@pytest.mark.parametrize("value", [b"\xff\x00", 7, "", "x" * 100_000, "\x1b[31m"])
def test_a_record_may_hold_anything(value: object, other: Archive) -> None:
    with closing(sqlite3.connect(other.path)) as connection, connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = 'stems'", (value,))
    notes = note_of("--db", other.path, "hall")
    assert [len(note) < 500 and "\x1b" not in note for note in notes] == [True]


READS = {
    "a search": ["hall"],
    "all hits": ["export", "hall"],
    "bars": ["timeline", "hall"],
    "an article": ["show", "the-hall"],
    "who is named": ["entities"],
}


@pytest.mark.parametrize("command", READS)
def test_a_command_prints_a_note(command: str, other: Archive) -> None:
    (note,) = note_of("--db", other.path, *READS[command])
    assert NAMED.fullmatch(note.removeprefix("note: "))


@pytest.mark.parametrize(
    "command", [["reindex", "--entities"], ["optimize"], ["ingest"], ["doctor", "--repair"]]
)
def test_a_command_that_mends_prints_none(
    command: list[str], other: Archive, folder: Callable[..., Path]
) -> None:
    given = [folder(MORE, "more")] if command == ["ingest"] else []
    assert note_of("--db", other.path, *command, *given) == []


def test_a_note_is_a_line_of_the_process(other: Archive) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "syriasearch.cli", "--db", str(other.path), "hall"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert NAMED.fullmatch(result.stderr.splitlines()[0].removeprefix("note: "))
    assert result.stderr.count(OTHER) == 1


# The doctor


def test_the_doctor_names_the_versions_in_one_line(other: Archive) -> None:
    assert other.check() == (
        f"stems were made with {OTHER}, not {current_versions()}; the next write makes them again, "
        "and till then a search may miss forms of a word: `syriasearch doctor --repair` mends it",
    )


def test_the_doctor_mends_and_records(other: Archive) -> None:
    assert len(other.repair().mended) == 1
    assert other.check() == ()
    assert (recorded(other.path), wrong(other.path)) == (current_versions(), [])


# Datasette


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_pages_of_datasette_answer_and_warn_once(other: Archive) -> None:
    pytest.importorskip("datasette", reason="Datasette is not installed")
    from browsing import Site, make_datasette

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        site = Site(make_datasette(other.path))
        try:
            statuses = [site.get("/test/-/search?q=organizations").status_code for _ in range(3)]
        finally:
            site.close()
    assert statuses == [200] * 3
    assert [each.category for each in caught].count(ArchiveWarning) == 1


# Clusters


@pytest.fixture
def shards(other: Archive, folder: Callable[..., Path]) -> Iterator[Archive]:
    """A cluster of two shards, of which one was written with other versions."""
    other.ingest(folder(MORE, "more"))
    cluster = other.path.with_suffix(".toml")
    Cluster(cluster).split(other.path, 2)
    shard = next(
        each for each in sorted(cluster.parent.glob("*-of-2.db")) if "took" in words_of(each)
    )
    make_other(shard)
    with Archive(cluster) as opened:
        yield opened


def words_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {word for (word,) in connection.execute("SELECT word FROM words")}


def test_the_shards_of_an_archive_have_its_record(
    archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder(NEWS))
    Cluster(archive.path.with_suffix(".toml")).split(archive.path, 2)
    shards = archive.path.parent.glob("*-of-2.db")
    assert [recorded(each) for each in shards] == [current_versions()] * 2


def test_a_cluster_warns_of_a_shard_of_other_versions(shards: Archive) -> None:
    with pytest.warns(ArchiveWarning, match=NAMED):
        shards.search("hall")


def test_a_write_into_a_cluster_restems_its_shards(shards: Archive) -> None:
    shards.optimize()
    assert shards.search("take").total == 2


def test_shards_of_several_versions_are_merged_into_one(shards: Archive, tmp_path: Path) -> None:
    Cluster(shards.path).merge(tmp_path / "merged.db")
    with Archive(tmp_path / "merged.db") as merged:
        assert merged.check() == ()
        assert merged.search("take").total == 2


# Other installations


@pytest.fixture(scope="module")
def older_libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with PyStemmer 2 and simplemma 1, from the package index."""
    folder = tmp_path_factory.mktemp("libraries")
    packages = ["PyStemmer==2.2.0.3", "simplemma==1.0.0"]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*install, str(folder), *packages], check=True)
    return folder


@pytest.fixture
def written_by_older(older_libraries: Path, folder: Callable[..., Path], tmp_path: Path) -> Path:
    """An archive that was written with these."""
    path = tmp_path / "older.db"
    command = [sys.executable, "-m", "syriasearch.cli", "--db", str(path), "ingest"]
    environment = {**os.environ, "PYTHONPATH": str(older_libraries)}
    subprocess.run([*command, str(folder(NEWS | OLD))], env=environment, check=True)
    return path


OLD = {"old.txt": "Old\n\nData of organizations, universities and evenings. They went home."}
NEW = {"new.txt": "New\n\nThe organization, the university, the evening, the data."}


@pytest.mark.slow
def test_older_libraries_are_recorded(written_by_older: Path) -> None:
    assert recorded(written_by_older) == OTHER


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "total"),
    [("organization", 3), ("university", 3), ("evening", 3), ("data", 2), ("going", 1)],
)
def test_articles_of_older_and_newer_libraries_are_found_together(
    query: str, total: int, written_by_older: Path, folder: Callable[..., Path]
) -> None:
    with Archive(written_by_older) as archive:
        archive.ingest(folder(NEW, "new"))
        assert archive.search(query).total == total
        assert archive.check() == ()
