"""The files by which Datasette is told of an archive, which never replace those of a person."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from syriasearch import Archive, DatasetteConfig, NotAnArchiveError, OptionError
from syriasearch.cli import main
from syriasearch.exporters.datasette_config import queries

FILES = ["metadata.json", "settings.json", "datasette.yaml"]
QUERIES = queries()


@pytest.fixture
def db(tmp_path: Path, folder: Callable[..., Path]) -> Path:
    path = tmp_path / "db" / "syria.db"
    with Archive(path) as archive:
        archive.ingest(folder({"a.txt": "Sochi\n\nThe boycott of Sochi went on."}))
    (path.parent / "metadata.json").unlink()
    return path


def command(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def content(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def test_the_files_stand_beside_the_archive(db: Path) -> None:
    result = command("datasette-config", db)
    assert result.stdout.splitlines() == [str(db.parent / name) for name in FILES]
    assert {path.name for path in db.parent.iterdir()} == {"syria.db", *FILES}


def test_the_files_stand_in_another_folder(db: Path, tmp_path: Path) -> None:
    command("--db", db, "datasette-config", "--directory", tmp_path / "new" / "one")
    assert {path.name for path in (tmp_path / "new" / "one").iterdir()} == set(FILES)
    assert [path.name for path in db.parent.iterdir()] == ["syria.db"]


@pytest.mark.parametrize(
    "words", [("--db", "{}", "datasette-config"), ("datasette-config", "--db", "{}")]
)
def test_the_archive_is_named_as_everywhere(db: Path, words: tuple[str, ...]) -> None:
    result = command(*(word.format(db) for word in words))
    assert result.stdout.splitlines() == [str(db.parent / name) for name in FILES]


def test_both_releases_are_told_the_same_questions(db: Path) -> None:
    command("datasette-config", db)
    of_metadata, of_config = (
        content(db.parent / name)["databases"]["syria"]["queries"]
        for name in ("metadata.json", "datasette.yaml")
    )
    assert of_metadata == of_config
    assert list(of_config) == list(QUERIES)
    assert content(db.parent / "settings.json") == content(db.parent / "datasette.yaml")["settings"]


@pytest.mark.parametrize("question", ["search_in_plain_sql", "sources_of_articles"])
def test_datasette_without_the_plugin_reads_the_files(db: Path, question: str) -> None:
    pytest.importorskip("datasette", reason="Datasette is not installed")
    command("datasette-config", db)
    page = f"/syria/{question}.json?q=boycott&_shape=objects"
    result = subprocess.run(
        [sys.executable, "-m", "datasette", str(db.parent), "--get", page],
        env={**os.environ, "DATASETTE_LOAD_PLUGINS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(json.loads(result.stdout)["rows"]) == 1


@pytest.mark.parametrize("name", FILES)
def test_a_second_time_writes_nothing(db: Path, name: str) -> None:
    command("datasette-config", db)
    before = (db.parent / name).stat().st_ino
    assert command("datasette-config", db).exit_code == 0
    assert (db.parent / name).stat().st_ino == before


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("metadata.json", lambda text: text.replace("News on", "Our news on")),
        ("metadata.json", lambda text: text.replace("{", '{"license": "CC0",', 1)),
        ("metadata.json", lambda text: text.replace('"databases": {', '"databases": {"mine": {},')),
        ("settings.json", lambda text: text.replace("50", "7")),
        ("datasette.yaml", lambda text: f"# Mine\n{text}"),
        ("datasette.yaml", lambda text: text.replace("mentions_of:", "where:")),
        ("metadata.json", lambda text: "{"),
        ("metadata.json", lambda text: '{"databases": {"syria": 1}}'),
        ("settings.json", lambda text: "[]"),
        ("datasette.yaml", lambda text: "a: ["),
        ("datasette.yaml", lambda text: "databases: {syria: {at: 2018-01-27}}"),
    ],
)
def test_a_file_that_a_person_edited_stays(db: Path, name: str, edit: Callable[[str], str]) -> None:
    command("datasette-config", db)
    path = db.parent / name
    text = edit(path.read_text())
    assert text != path.read_text()
    path.write_text(text)
    result = command("datasette-config", db)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: {path} is not as the program wrote it, and stays: move it away, or name another "
        "folder with --directory, and copy what you need\n"
    )
    assert path.read_text() == text


def test_beside_an_edited_file_nothing_is_written(db: Path) -> None:
    (db.parent / "datasette.yaml").write_text("settings: {}\n")
    command("datasette-config", db)
    assert not (db.parent / "metadata.json").exists()


def test_a_file_that_datasette_reads_instead_is_not_covered(db: Path) -> None:
    (db.parent / "metadata.yml").write_text("title: Mine\n")
    assert "metadata.yml is not as the program wrote it" in command("datasette-config", db).stderr
    assert not (db.parent / "metadata.json").exists()


def test_what_an_earlier_version_wrote_is_replaced(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        old = {"gone": QUERIES["mentions_of"]}
        earlier.setattr("syriasearch.exporters.datasette_config.queries", lambda: old)
        command("datasette-config", db)
        assert "gone" in (db.parent / "metadata.json").read_text()
    command("datasette-config", db)
    for name in ("metadata.json", "datasette.yaml"):
        databases = content(db.parent / name)["databases"]
        assert databases["syria"]["queries"] == QUERIES


def test_another_archive_in_the_folder_keeps_its_entries(db: Path) -> None:
    command("datasette-config", db)
    other = db.with_name("other.db")
    other.write_bytes(db.read_bytes())
    first = content(db.parent / "metadata.json")["databases"]["syria"]
    command("datasette-config", other)
    there = content(db.parent / "metadata.json")["databases"]
    assert there["syria"] == first
    assert there["other"]["queries"] == first["queries"]


def test_an_ingest_renews_questions_only_where_they_stand(
    db: Path, folder: Callable[..., Path]
) -> None:
    metadata = db.parent / "metadata.json"
    with Archive(db) as archive:
        archive.ingest(folder({"b.txt": "One."}))
        assert "queries" not in content(metadata)["databases"]["syria"]
        command("datasette-config", db)
        archive.ingest(folder({"c.txt": "Two."}))
    assert list(content(metadata)["databases"]["syria"]["queries"]) == list(QUERIES)


def test_archives_of_one_name_are_told_apart_as_datasette_does(db: Path, tmp_path: Path) -> None:
    other = tmp_path / "syria.db"
    other.write_bytes(db.read_bytes())
    assert DatasetteConfig(db, other).names == ("syria", "syria_2")


def test_sql_stands_in_yaml_as_it_is_typed(db: Path) -> None:
    command("datasette-config", db)
    assert "sql: |-\n          select\n" in (db.parent / "datasette.yaml").read_text()


def test_a_folder_that_is_none_is_told(db: Path) -> None:
    with pytest.raises(OptionError, match="cannot be made"):
        DatasetteConfig(db).write(db / "x")


def test_only_archives_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"")
    with pytest.raises(NotAnArchiveError, match="is empty"):
        DatasetteConfig(tmp_path / "x.db")


def test_a_cluster_is_shown_shard_by_shard(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="name its shards"):
        DatasetteConfig(tmp_path / "syria.toml")
