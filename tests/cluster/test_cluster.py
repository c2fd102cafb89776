"""Shards of an archive answer as the archive does, and become it again."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import CORPORA, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_fuzz import QUERIES

from syriasearch import (
    Archive,
    ArchiveError,
    ArchiveNotFoundError,
    ArchiveVersionError,
    Cluster,
    NotAnArchiveError,
    OptionError,
    SyriaSearchError,
    TimeLimitError,
)
from syriasearch.cli import main
from syriasearch.cluster.configuration import shard_of

sys.path.insert(0, str(ROOT / "benchmarks"))

from sharded import FACETS, OPTIONS, queries

LONG = "Sochi and Astana were spoken of.\n\nAssad met Putin in Sochi. " * 80


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with copies, long articles, a saved search and a correction."""
    folder = tmp_path_factory.mktemp("whole")
    for number in range(4):
        text = LONG + f"Part {number}. " * 40 * number
        (folder / f"long-{number}.txt").write_text(f"Long talks, part {number}\n\n{text}")
    seeds = folder / "again"
    seeds.mkdir()
    for each in sorted((ROOT / "seeds").glob("*.txt"))[:6]:
        (seeds / each.name).write_text(each.read_text())
    path = folder / "whole.db"
    with Archive(path) as archive:
        archive.ingest(CORPORA / "default", ROOT / "seeds", seeds, *folder.glob("long-*.txt"))
        archive.save("talks", "Sochi")
        archive.new("talks", limit=2)
        archive.corrections.rename("syria", "Syrian Arab Republic")
    return path


@pytest.fixture(scope="module")
def whole(path: Path) -> Archive:
    return Archive(path, readonly=True)


@pytest.fixture(scope="module")
def cluster(path: Path) -> Archive:
    target = path.parent / "cluster.toml"
    Cluster(target).split(path, 3)
    return Archive(target)


@pytest.fixture
def made(path: Path, tmp_path: Path) -> Cluster:
    """A cluster to be changed."""
    shards = Cluster(tmp_path / "cluster.toml")
    shards.split(path, 2)
    return shards


def outcome(ask: Callable[[], Any]) -> Any:
    """Return what is found without the time that it took, or the error."""
    try:
        found = ask()
    except SyriaSearchError as error:
        return repr(error)
    parts = found if isinstance(found, tuple) else (found,)
    return [replace(each, took_ms=0.0) if hasattr(each, "took_ms") else each for each in parts]


def test_there_is_something_to_answer(whole: Archive) -> None:
    page = whole.search("Sochi")
    assert page.total > 10
    assert any(hit.copies for hit in page.hits)


def test_every_shard_has_some_articles(cluster: Archive) -> None:
    assert all(each.articles for each in Cluster(cluster.path).status().shards)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.slow
def test_a_whole_corpus_of_queries_is_answered_the_same(
    path: Path, whole: Archive, cluster: Archive, options: dict[str, Any]
) -> None:
    for query in queries(path, None)[OPTIONS.index(options) :: 7]:
        one = outcome(lambda query=query: whole.search(query, **options))
        other = outcome(lambda query=query: cluster.search(query, **options))
        assert one == other, query


@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(QUERIES, st.sampled_from(OPTIONS))
def test_any_text_is_answered_the_same(
    whole: Archive, cluster: Archive, query: str, options: dict[str, Any]
) -> None:
    assert outcome(lambda: whole.search(query, **options)) == outcome(
        lambda: cluster.search(query, **options)
    )


QUESTIONS: list[Callable[[Archive], Any]] = [
    lambda archive: archive.search("Lavrof bombng"),
    lambda archive: archive.search("serch Jaafary", entity="Asssad"),
    lambda archive: archive.search("person:Lavrof -(Zarqawy OR Bashir Assad)"),
    lambda archive: archive.entity("Lavrof"),
    lambda archive: archive.timeline("Sochi", "Geneva OR Astana", by="week"),
    lambda archive: archive.survey("Sochi", facets=FACETS),
    lambda archive: archive.entities("Sochi", sort="association"),
    lambda archive: archive.entities(sort="name", min_count=2, type="place"),
    lambda archive: archive.entities(name="assad", sort="mentions"),
    lambda archive: archive.entity("Assad"),
    lambda archive: archive.entity("Syria", after="2018", neighbours=30),
    lambda archive: archive.entity("Assadd"),
    lambda archive: archive.network("Sochi", limit=40),
    lambda archive: archive.network(type="person", sort="association"),
    lambda archive: archive.values("source"),
    lambda archive: archive.values("entity", "a"),
    lambda archive: archive.values("entity", limit=5),
    lambda archive: archive.values("slug", "2018"),
    lambda archive: archive.values("nothing"),
    lambda archive: archive.article("nothing"),
    lambda archive: tuple(archive.hits("Sochi OR Assad", passages=2)),
    lambda archive: archive.highlighter("Sochi Assad")("Bashar al-Assad flew to Sochi."),
    lambda archive: archive.search("Sochi", limit=60, offset=3),
]
"""What is asked of an archive beside searches, and a page further on."""


@pytest.mark.parametrize("ask", QUESTIONS)
def test_other_questions_are_answered_the_same(
    whole: Archive, cluster: Archive, ask: Callable[[Archive], Any]
) -> None:
    assert outcome(lambda: ask(whole)) == outcome(lambda: ask(cluster))


def test_every_article_is_shown_and_related_the_same(whole: Archive, cluster: Archive) -> None:
    for hit in whole.hits("", all_copies=True):
        slug = hit.article.slug
        for ask in (
            lambda archive, slug=slug: archive.article(slug, query="Sochi Assad"),
            lambda archive, slug=slug: archive.related(slug, limit=30),
        ):
            assert outcome(lambda ask=ask: ask(whole)) == outcome(lambda ask=ask: ask(cluster))


TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite_%'"
    " AND name NOT LIKE 'paragraphs_fts%' AND name NOT IN ('segments', 'postings')"
)


def rows(path: Path) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for (name,) in connection.execute(TABLES).fetchall()
        }


def test_what_was_split_is_merged_row_for_row(path: Path, cluster: Archive, tmp_path: Path) -> None:
    merged = tmp_path / "merged.db"
    Cluster(cluster.path).merge(merged)
    assert rows(merged) == rows(path)
    with Archive(merged) as archive:
        assert archive.check() == ()


def test_each_shard_is_a_sound_archive(cluster: Archive) -> None:
    for shard in Cluster(cluster.path).status().shards:
        with Archive(cluster.path.parent / shard.name) as archive:
            assert archive.check() == ()
            assert len(list(archive.hits("", all_copies=True))) == shard.articles


def test_copies_stand_with_their_original(path: Path, cluster: Archive) -> None:
    links = 0
    for shard in Cluster(cluster.path).status().shards:
        with closing(sqlite3.connect(cluster.path.parent / shard.name)) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            links += connection.execute("SELECT count(duplicate_of) FROM articles").fetchone()[0]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(duplicate_of) FROM articles").fetchone() == (links,)


def test_archives_that_were_filled_each_for_itself_become_one(
    tmp_path: Path, folder: Callable[..., Path]
) -> None:
    text = "Assad met Putin in Sochi, and Qasim Darwishi of the Homs Committee spoke of aid. " * 9
    news = folder(
        {
            "a/one.txt": f"Talks in Sochi\n\n{text}\n\nThe end.",
            "b/two.txt": f"Talks in Sochi\n\n{text}",
            "b/three.txt": "Snow in Homs\n\nRoads to Aleppo were closed, said Qasim Darwishi.",
        }
    )
    for name in ("a", "b"):
        with Archive(tmp_path / f"{name}.db") as archive:
            archive.ingest(news / name)
            archive.save("talks", "Sochi")
            archive.new("talks")
    made = Cluster(tmp_path / "cluster.toml")
    made.path.write_text('[[shards]]\npath = "a.db"\n[[shards]]\npath = "b.db"\n')
    with Archive(made.path) as cluster, pytest.raises(ArchiveError, match="cluster merge"):
        cluster.search("Sochi")
    made.merge(tmp_path / "merged.db")
    with Archive(tmp_path / "at-once.db") as at_once, Archive(tmp_path / "merged.db") as merged:
        at_once.ingest(news / "a")
        at_once.ingest(news / "b")
        assert merged.check() == ()
        assert [each.name for each in merged.saved()] == ["talks"]
        assert merged.new("talks").total == 0
        for query in ("Sochi", "Qasim Darwishi", "person:Assad", "Homs -snow"):
            one, other = (
                [(hit.article.slug, hit.score, len(hit.copies)) for hit in each.search(query).hits]
                for each in (at_once, merged)
            )
            assert one == other
        assert outcome(lambda: at_once.network()) == outcome(lambda: merged.network())
    made.split(tmp_path / "merged.db", 2)
    with Archive(made.path) as cluster:
        assert cluster.search("Sochi").total == 1


def test_where_an_article_goes_is_the_same_everywhere() -> None:
    places = [shard_of(f"{number}.txt", 4) for number in range(8)]
    assert places == PLACES
    assert shard_of("a\udcff.txt", 1) == 0


PLACES = [1, 3, 2, 3, 3, 0, 3, 1]


def test_an_archive_may_be_split_into_more_shards_than_it_has_articles(
    tmp_path: Path, folder: Callable[..., Path]
) -> None:
    with Archive(tmp_path / "one.db") as archive:
        archive.ingest(folder({"a.txt": "Talks in Sochi"}))
    Cluster(tmp_path / "one.toml").split(tmp_path / "one.db", 3)
    with Archive(tmp_path / "one.toml") as cluster:
        assert cluster.search("Sochi").total == 1
        assert cluster.search("Talkz").suggestions


def test_a_moved_shard_is_found_by_who_had_it_open(made: Cluster) -> None:
    with Archive(made.path) as cluster:
        before = outcome(lambda: cluster.search("Sochi"))
        name = made.status().shards[0].name
        made.move(name, made.path.parent / "elsewhere" / "moved.db")
        (made.path.parent / name).unlink()
        assert outcome(lambda: cluster.search("Sochi")) == before
    assert made.status().shards[0].name == "elsewhere/moved.db"


def test_a_cluster_is_split_anew_while_it_is_read(path: Path, made: Cluster) -> None:
    with Archive(made.path) as cluster:
        hits = cluster.hits("Sochi")
        first = next(hits)
        before = outcome(lambda: cluster.search("Sochi"))
        old = [each.name for each in made.status().shards]
        made.split(path, 2)
        assert not {*old} & {each.name for each in made.status().shards}
        assert outcome(lambda: cluster.search("Sochi")) == before
        assert len([first, *hits]) == before[0].total


def test_a_shard_that_another_process_locks_is_named(made: Cluster) -> None:
    name = made.status().shards[1].name
    with Archive(made.path) as cluster:
        whole = cluster.search("Sochi")
        made.path.write_text(made.path.read_text().replace("timeout_s = 2.0", "timeout_s = 0.1"))
        with closing(sqlite3.connect(made.path.parent / name)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            page = cluster.search("Sochi")
            assert page.missing_shards == (name,)
            assert json.loads(json.dumps(page.to_dict()))["missing_shards"] == [name]
            assert 0 < page.total < whole.total
            with pytest.raises(ArchiveError, match=f"{name} did not answer in time"):
                cluster.timeline("Sochi")
        assert outcome(lambda: cluster.search("Sochi")) == outcome(lambda: whole)


def test_no_shard_answering_is_an_error(made: Cluster) -> None:
    made.path.write_text(made.path.read_text().replace("timeout_s = 2.0", "timeout_s = 1e-9"))
    with Archive(made.path) as cluster, pytest.raises(ArchiveError, match="no shard answers"):
        while True:
            cluster.search("president OR government OR minister", expand=True, facets=FACETS)


def test_a_time_limit_is_one_for_clusters_too(cluster: Archive) -> None:
    with pytest.raises(TimeLimitError), cluster.within(1e-9):
        while True:
            cluster.search("Sochi OR Assad", facets=FACETS)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", OptionError, "names no shards"),
        ("shards = 1", OptionError, "another shards"),
        ("[[shards]", OptionError, "is not TOML"),
        ('colour = "red"', OptionError, "unknown key 'colour'"),
        ("replicas = 0", OptionError, "from 1 to"),
        ("timeout_s = nan", OptionError, "above 0"),
        ("timeout_s = 1" + "0" * 400, OptionError, "at most"),
        ("x = " + "[" * 9999, OptionError, "is not TOML"),
        ("timeout_s = true", OptionError, "another timeout_s"),
        ('[[shards]]\npath = "a.db"\ncolour = 1', OptionError, "has a path, and nothing else"),
        ('[[shards]]\npath = "../a.db"', OptionError, "outside of the folder"),
        ('[[shards]]\npath = ""', OptionError, "no path of a shard"),
        ('[[shards]]\npath = "a.db"\n[[shards]]\npath = "./a.db"', OptionError, "twice"),
    ],
)
def test_a_file_that_describes_no_cluster(
    tmp_path: Path, text: str, error: type[Exception], message: str
) -> None:
    (tmp_path / "cluster.toml").write_text(text)
    with pytest.raises(error, match=message):
        Archive(tmp_path / "cluster.toml")


def test_a_link_that_leads_out_of_the_folder_is_no_shard(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.db").symlink_to(tmp_path / "b.db")
    (tmp_path / "in" / "x.toml").write_text('[[shards]]\npath = "a.db"')
    with pytest.raises(OptionError, match="outside of the folder"):
        Archive(tmp_path / "in" / "x.toml")


def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArchiveNotFoundError, match="no cluster at"):
        Archive(tmp_path / "cluster.toml")


def one_shard(made: Cluster) -> Path:
    return made.path.parent / made.status().shards[1].name


def test_a_shard_that_is_not_there(made: Cluster) -> None:
    one_shard(made).unlink()
    with Archive(made.path) as cluster, pytest.raises(ArchiveNotFoundError, match="1-of-2"):
        cluster.search("Sochi")


def test_a_torn_shard(made: Cluster) -> None:
    shard = one_shard(made)
    shard.write_bytes(shard.read_bytes()[:40_000])
    with Archive(made.path) as cluster, pytest.raises(NotAnArchiveError, match="1-of-2"):
        cluster.search("Sochi")
    assert "1-of-2" in made.status().shards[1].problem


@pytest.mark.parametrize(
    ("version", "message"),
    [(4, "unreleased version .*: ingest its sources"), (99, "upgrade syriasearch")],
)
def test_a_shard_of_another_version(made: Cluster, version: int, message: str) -> None:
    with closing(sqlite3.connect(one_shard(made))) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    for use in (lambda cluster: cluster.search("Sochi"), lambda cluster: cluster.optimize()):
        with (
            Archive(made.path) as cluster,
            pytest.raises(ArchiveVersionError, match=f"1-of-2.* {message}"),
        ):
            use(cluster)


def test_two_shards_with_the_same_article(
    made: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syriasearch.cluster.backend.MOVED_S", 0.0)
    (tmp_path / "again.db").write_bytes(one_shard(made).read_bytes())
    with made.path.open("a") as stream:
        stream.write('\n[[shards]]\npath = "again.db"\n')
    with Archive(made.path) as cluster, pytest.raises(ArchiveError, match="the same articles"):
        cluster.search("Sochi")
    with pytest.raises(ArchiveError, match=r"whole-1-of-2\.db and again\.db both have"):
        made.merge(tmp_path / "merged.db")
    assert not (tmp_path / "merged.db").exists()


def test_shards_with_other_names(made: Cluster) -> None:
    with Archive(one_shard(made)) as archive:
        archive.corrections.hide("russia")
    with Archive(made.path) as cluster, pytest.raises(ArchiveError, match="has other entities"):
        cluster.search("Sochi")


@pytest.mark.parametrize("shards", [0, -1, 2000, "2", True])
def test_numbers_of_shards_that_cannot_be(path: Path, tmp_path: Path, shards: Any) -> None:
    with pytest.raises(OptionError, match="shards takes"):
        Cluster(tmp_path / "cluster.toml").split(path, shards)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_not_written_over(made: Cluster, path: Path) -> None:
    with pytest.raises(OptionError, match="is there already"):
        made.merge(path)
    with pytest.raises(OptionError, match="is there already"):
        made.move(made.status().shards[0].name, path)


def test_the_commands(path: Path, tmp_path: Path) -> None:
    def run(*arguments: str | Path) -> str:
        result = CliRunner().invoke(main, [*map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.stdout

    toml, merged = tmp_path / "c.toml", tmp_path / "m.db"
    assert "whole-1-of-2.db" in run("cluster", "split", path, "--shards", "2", "--to", toml)
    assert run("cluster", "status", "--db", toml).count(" articles, ") == 2
    run("cluster", "move", "whole-0-of-2.db", tmp_path / "x.db", "--db", toml)
    assert "articles" in run("cluster", "merge", merged, "--db", toml)
    assert run("export", "Sochi", "--db", toml) == run("export", "Sochi", "--db", merged)


def test_an_archive_is_searched_without_what_a_cluster_needs(corpus_path: Path) -> None:
    code = (
        "import sys; from syriasearch import Archive;"
        f"Archive({str(corpus_path)!r}).search('Sochi'); print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert not {"syriasearch.cluster", "syriasearch.cluster.cluster", "tomllib", "tomli"} & loaded
