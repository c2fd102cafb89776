"""A cluster that is filled holds and answers what one archive does. Ray is played here."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, assert_sound
from fake_ray import FakeRay

from syriasearch import Archive, Cluster
from syriasearch.cluster.configuration import read_configuration
from syriasearch.shards import clusters

TABLES = {
    "articles": "SELECT id, slug, title, author, source, url, published, lang, path, root,"
    " content_hash, duplicate_of, word_count FROM articles",
    "paragraphs": "SELECT id, article_id, position, kind, text FROM paragraphs",
    "mentions": "SELECT * FROM mentions",
    "files": "SELECT root, path, size, digest, reading, articles, lost, run_id FROM files",
    "problems": "SELECT run_id, path, message, lost FROM ingest_problems",
}
"""What shards hold together;"""
NAMES = {
    "entities": "SELECT * FROM entities ORDER BY id",
    "aliases": "SELECT * FROM aliases ORDER BY id",
    "alias_keys": "SELECT * FROM alias_keys ORDER BY id",
    "corrections": "SELECT * FROM corrections ORDER BY id",
    "runs": "SELECT id, sources FROM ingest_runs ORDER BY id",
}
"""and what each has."""


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def shards(cluster: Path) -> list[Path]:
    return [each.path for each in read_configuration(cluster).shards]


def assert_same(one: Path, cluster: Path) -> None:
    """The shards hold the rows of one archive."""
    paths = shards(cluster)
    for table, sql in TABLES.items():
        held = sorted(repr(row) for path in paths for row in rows(path, sql))
        assert held == sorted(map(repr, rows(one, sql))), table
    for table, sql in NAMES.items():
        for path in paths:
            assert rows(path, sql) == rows(one, sql), (table, path.name)
    for path in paths:
        assert_sound(path)


class Filled:
    """One archive and a cluster, filled with the same."""

    def __init__(self, folder: Path, count: int) -> None:
        self.one, self.cluster = folder / "one.db", folder / "many.toml"
        self._count = count

    def ingest(self, *sources: Path, **options: Any) -> None:
        with Archive(self.one) as archive:
            one = archive.ingest(*sources, processes=0, **options)
        count = None if self.cluster.exists() else self._count
        many = Cluster(self.cluster, address="local").ingest(*sources, shards=count, **options)
        for name in ("added", "updated", "unchanged", "removed", "failed", "skipped"):
            assert getattr(one, name) == getattr(many, name), name
        assert sorted(map(str, one.problems)) == sorted(map(str, many.problems))


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    made = FakeRay()

    @contextmanager
    def connected(address: str) -> Iterator[FakeRay]:
        yield made

    monkeypatch.setitem(sys.modules, "ray", made)
    monkeypatch.setattr(clusters, "connected", connected)
    return made


@pytest.fixture
def filled(ray: FakeRay, tmp_path: Path) -> Filled:
    return Filled(tmp_path, 3)


def test_a_cluster_holds_what_one_archive_does(filled: Filled) -> None:
    filled.ingest(ROOT / "seeds")
    assert_same(filled.one, filled.cluster)


def untimed(page: Any) -> Any:
    return replace(page, took_ms=0.0)


def assert_answers(one: Path, cluster: Path) -> None:
    """A cluster answers what one archive does."""
    with Archive(one, readonly=True) as whole, Archive(cluster) as parts:
        for query in ("Sochi", "Assad OR Putin", "Aleppo talks", '"White House"', "place:Syria"):
            options = {"facets": ("source", "entity", "year"), "limit": 20}
            assert untimed(whole.search(query, **options)) == untimed(
                parts.search(query, **options)
            ), query
        assert untimed(whole.entities()) == untimed(parts.entities())


def test_a_cluster_answers_what_one_archive_does(filled: Filled) -> None:
    filled.ingest(ROOT / "seeds")
    assert_answers(filled.one, filled.cluster)
