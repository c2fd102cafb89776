"""The archives that tests share: the small corpus, and the samples that ship with the project."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syriasearch import Archive

ROOT = Path(__file__).parent.parent
CORPORA = Path(__file__).parent / "corpora"
SHARED = ROOT.parent / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared corpora are not on this machine"
)


@pytest.fixture(scope="session")
def corpus_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of corpora/default, for reading only."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.db"
    with Archive(path) as archive:
        archive.ingest(CORPORA / "default")
    return path


@pytest.fixture(scope="session")
def corpus(corpus_path: Path) -> Iterator[Archive]:
    with Archive(corpus_path, readonly=True) as archive:
        yield archive


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of seeds/, for reading only."""
    path = tmp_path_factory.mktemp("samples") / "syria.db"
    with Archive(path) as archive:
        archive.ingest(ROOT / "seeds")
        yield archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive that is not there yet."""
    with Archive(tmp_path / "archive" / "test.db") as archive:
        yield archive


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[Callable[..., list[tuple]]]:
    """Ask an archive's file, as any SQLite does."""
    connections: list[sqlite3.Connection] = []

    def ask(archive: Archive, statement: str, *parameters: object) -> list[tuple]:
        connection = sqlite3.connect(archive.path)
        connections.append(connection)
        return connection.execute(statement, parameters).fetchall()

    yield ask
    for connection in connections:
        connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write files into a folder: `folder({"a.txt": "…"})`."""

    def write(files: dict[str, str | bytes], name: str | Path = "news") -> Path:
        path = tmp_path / name
        for file, content in files.items():
            target = path / os.fsdecode(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else content.encode()
            target.write_bytes(data)
        return path

    return write


def titles(page: object) -> list[str]:
    """Return the titles of a page's hits, in order."""
    return [hit.article.title for hit in page.hits]  # type: ignore[attr-defined]
