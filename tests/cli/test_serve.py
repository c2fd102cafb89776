"""`syriasearch serve`, as it is run: a process that answers, and ends when it is told to."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from syriasearch import Archive
from syriasearch.cli import main

pytest.importorskip("datasette", reason="Datasette is not installed")


@contextmanager
def serving(*arguments: object) -> Iterator[str]:
    """Serve archives, and yield the address of the search page that the command prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "syriasearch.cli", "serve", "--port", "0", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            assert told.startswith("http://127.0.0.1:"), process.stderr and process.stderr.read()
            yield told.split()[0]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0


def get(address: str) -> Any:
    with urlopen(address) as answer:
        text = answer.read().decode()
    return json.loads(text) if ".json" in address else text


def test_an_archive_is_shown_with_everything_set(corpus_path: Path) -> None:
    with serving(corpus_path) as address:
        assert address.endswith("/corpus/-/search")
        assert "Search the news" in get(address)
        database = address.removesuffix("/-/search")
        assert "Articles by month" in get(database)
        assert "<mark>" in get(f"{database}/ranked_search?q=Sochi")
        settings = get(f"{database.rpartition('/')[0]}/-/settings.json")
        assert settings["suggest_facets"] is False


def test_several_archives_are_shown(corpus_path: Path, tmp_path: Path) -> None:
    other = tmp_path / "corpus.db"
    other.write_bytes(corpus_path.read_bytes())
    with serving(corpus_path, other) as address:
        assert "Which archive?" in get(address)
        for name in ("corpus", "corpus_2"):
            database = address.removesuffix("-/search") + name
            asked = f"{database}/ranked_search.json?q=Sochi&_shape=objects"
            assert get(asked)["rows"]


def test_what_an_ingest_stores_meanwhile_is_there_at_once(
    tmp_path: Path, folder: Callable[..., Path]
) -> None:
    with Archive(tmp_path / "syria.db") as archive:
        archive.ingest(folder({"a.txt": "Sochi alone."}))
        with serving(archive.path) as page:
            address = page.removesuffix("/-/search")
            asked = f"{address}/ranked_search.json?q=Sochi&_shape=objects"
            assert len(get(asked)["rows"]) == 1
            for number in range(3):
                archive.ingest(folder({f"b{number}.txt": f"Sochi again, {number}."}))
                assert len(get(asked)["rows"]) == 2 + number
                assert len(get(f"{address}/articles.json?_shape=objects")["rows"]) == 2 + number


def test_a_server_writes_nothing(corpus_path: Path) -> None:
    before = corpus_path.read_bytes()
    with serving(corpus_path) as address:
        get(address)
        get(f"{address.removesuffix('/-/search')}/articles")
    assert corpus_path.read_bytes() == before
    assert not list(corpus_path.parent.glob("corpus.db-*"))


def told(*arguments: object) -> str:
    """Return the one line in which the command tells why it serves nothing."""
    result = CliRunner().invoke(main, ["serve", *map(str, arguments)])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    return line


def test_a_port_that_is_taken_is_told(corpus_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is taken: name another with --port" in told(
            corpus_path, "--port", port
        )


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_told(corpus_path: Path, port: int) -> None:
    assert "it takes a number from 0 to 65535" in told(corpus_path, "--port", port)


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")


def newer_archive(path: Path) -> None:
    Archive(path).ingest(path.parent)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no archive at"),
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.write_text("no database" * 99), "is not an archive"),
        (lambda path: path.mkdir(), "is a folder"),
        (other_database, "but not an archive of syriasearch"),
        (newer_archive, "upgrade syriasearch"),
    ],
)
def test_what_is_no_archive_is_told(
    tmp_path: Path, corpus_path: Path, make: Callable[[Path], object], message: str
) -> None:
    make(tmp_path / "x.db")
    assert message in told(tmp_path / "x.db")
    assert message in told(corpus_path, tmp_path / "x.db")


def test_a_locked_archive_is_told(
    tmp_path: Path, corpus_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.db"
    path.write_bytes(corpus_path.read_bytes())
    monkeypatch.setattr("syriasearch.store.connection.BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert "another process is writing to" in told(path)


def test_without_datasette_it_is_told_how_to_get_it(corpus_path: Path) -> None:
    code = (
        "import sys; sys.modules |= dict.fromkeys(['datasette', 'markupsafe', 'jinja2']);"
        "from syriasearch.cli import main;"
        f"main(['serve', {str(corpus_path)!r}])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert result.returncode == 2
    assert result.stderr == ("Error: Datasette is not installed: pip install 'datasette>=0.65.1'\n")
