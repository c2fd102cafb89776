"""A cluster that is filled holds and answers what one archive does. Ray is played here."""

import itertools
import random
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, assert_sound
from fake_ray import FakeRay, GoneError
from fake_s3 import Bucket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syriasearch import (
    Archive,
    ArchiveError,
    ArchiveNotFoundError,
    Cluster,
    EmptySourceError,
    OptionError,
)
from syriasearch.cluster import cluster as cluster_module
from syriasearch.cluster.configuration import read_configuration
from syriasearch.cluster.filling import prepare_pool
from syriasearch.entities.recognition_settings import LazyRecognizer
from syriasearch.ingest.prepare_tasks import PrepareResult, PrepareTask, prepare_chunk

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
    "alias_keys": "SELECT * FROM alias_keys ORDER BY alias_id, part",
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

    def ingest(self, *sources: str | Path, **options: Any) -> None:
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
    monkeypatch.setattr(cluster_module, "connected", connected)
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


STORY = (
    "Talks on the siege of {place} ended on {day} without a word on who may leave, said a man who "
    "had seen the paper, and the two sides will meet again when the snow has gone from the passes "
    "north of the town, where {count} trucks stand since the autumn. {last}"
)


def story(place: str, day: str = "Monday", count: int = 40, last: str = "") -> str:
    return STORY.format(place=place, day=day, count=count, last=last)


def write(folder: Path, **files: tuple[str, str]) -> None:
    """Write articles: their days and texts, by name."""
    folder.mkdir(exist_ok=True)
    for name, (day, text) in files.items():
        (folder / f"{name}.txt").write_text(f"---\ntitle: Of {name}\ndate: {day}\n---\n{text}\n")


def test_two_folders_of_the_same_files_are_two(filled: Filled, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, a=("2018-01-02", story("Aleppo")))
        filled.ingest(tmp_path / name)
    assert_same(filled.one, filled.cluster)
    assert len(rows(filled.one, "SELECT id FROM articles")) == 2


def test_a_bucket_fills_a_cluster_as_it_fills_an_archive(filled: Filled, bucket: Bucket) -> None:
    texts = {f"wire/{place}.txt": story(place).encode() for place in ("Aleppo", "Homs", "Idlib")}
    bucket.held |= texts
    filled.ingest("s3://news/wire")
    assert_same(filled.one, filled.cluster)
    del bucket.held["wire/Homs.txt"]
    bucket.held["wire/Idlib.txt"] = b"Another text."
    bucket.held["other/Aleppo.txt"] = texts["wire/Aleppo.txt"]
    filled.ingest("s3://news/wire", prune=True)
    filled.ingest("s3://news/other")
    assert_like(filled.one, filled.cluster)
    assert len(rows(filled.one, "SELECT id FROM articles")) == 3


def test_an_empty_folder_takes_nothing_from_a_cluster(filled: Filled, tmp_path: Path) -> None:
    write(tmp_path / "news", a=("2018-01-01", story("Homs")))
    filled.ingest(tmp_path / "news")
    (tmp_path / "news" / "a.txt").unlink()
    with pytest.raises(EmptySourceError, match="news has no files any more"):
        Cluster(filled.cluster).ingest(tmp_path / "news", prune=True)
    assert_same(filled.one, filled.cluster)
    filled.ingest(tmp_path / "news", prune=True, force=True)
    assert_same(filled.one, filled.cluster)


def test_copies_are_linked_over_all_shards(filled: Filled, tmp_path: Path) -> None:
    news = tmp_path / "news"
    some = {f"a{at}": ("2018-01-02", story("Aleppo", last=f"It was {at}.")) for at in "cdefghijklm"}
    write(news, **some, b=("2018-01-02", story("Aleppo")), c=("2018-01-03", story("Homs")))
    filled.ingest(news)
    assert_same(filled.one, filled.cluster)
    linked = "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL"
    assert rows(filled.one, linked)[0][0] > 5


def test_what_comes_changes_and_goes_leaves_what_one_archive_has(
    filled: Filled, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    some = {f"a{at}": ("2018-01-05", story("Aleppo", last=f"It was {at}.")) for at in "cdefghi"}
    write(news, **some, b=("2018-01-02", "Bashar al-Assad met Vladimir Putin in Sochi."))
    filled.ingest(news)
    # An original before all others, one that is none any more, one that has another text.
    write(news, z=("2018-01-01", story("Aleppo", last="It was he.")))
    write(news, ac=("2018-01-05", "Another text, of Idlib."), ad=("2018-01-05", story("Aleppo")))
    filled.ingest(news)
    assert_like(filled.one, filled.cluster)
    (news / "z.txt").unlink()
    (news / "b.txt").unlink()
    filled.ingest(news, prune=True)
    assert_like(filled.one, filled.cluster)
    news = news.rename(tmp_path / "moved")
    filled.ingest(news)
    assert_like(filled.one, filled.cluster)
    filled.ingest(news)
    assert_like(filled.one, filled.cluster)


def assert_like(one: Path, cluster: Path) -> None:
    """The shards hold what one archive does, but for gaps between ids."""
    paths = shards(cluster)
    for table, sql in {
        "articles": "SELECT a.slug, a.path, a.root, a.published, o.slug FROM articles AS a"
        " LEFT JOIN articles AS o ON o.id = a.duplicate_of",
        "paragraphs": "SELECT slug, position, text FROM paragraphs JOIN articles"
        " ON articles.id = article_id",
        "mentions": "SELECT articles.slug, position, start, surface, entities.slug FROM mentions"
        " JOIN paragraphs ON paragraphs.id = paragraph_id JOIN articles ON articles.id = article_id"
        " JOIN entities ON entities.id = entity_id",
        "files": "SELECT root, path, articles, lost FROM files",
    }.items():
        held = sorted(repr(row) for path in paths for row in rows(path, sql))
        assert held == sorted(map(repr, rows(one, sql))), table
    for path in paths:
        sql = "SELECT slug, name, alias FROM entities JOIN aliases ON entities.id = entity_id"
        assert sorted(rows(path, sql)) == sorted(rows(one, sql))
        assert_sound(path)
    order = "SELECT id, slug FROM articles"
    held = sorted(row for path in paths for row in rows(path, order))
    assert [slug for _, slug in held] == [slug for _, slug in sorted(rows(one, order))]


def test_a_correction_of_an_article_holds_where_it_is_changed_and_copied(
    filled: Filled, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    text = "---\ntitle: {}\ndate: 2018-01-02\n---\nVladimir Putin and Sergei Lavrov met {}.\n"
    news.mkdir()
    (news / "a.txt").write_text(text.format("Talks", "Bashar al-Assad"))
    (news / "b.txt").write_text(text.format("More talks", "in Sochi"))
    filled.ingest(news)
    for path in (filled.one, filled.cluster):
        with Archive(path) as archive:
            archive.corrections.is_not("vladimir-putin", article="2018-01-02-talks", to="sochi")
    (news / "a.txt").write_text(text.format("Talks", "John Kerry"))
    (news / "copy.txt").write_text(text.format("Talks", "Bashar al-Assad"))
    filled.ingest(news)
    assert_like(filled.one, filled.cluster)
    with Archive(filled.cluster) as archive:
        assert archive.search("", entity="vladimir-putin").total == 1
        archive.corrections.undo()
        assert archive.search("", entity="vladimir-putin").total == 3
        assert archive.check() == ()


def wires(folder: Path) -> Path:
    """A folder of articles, of which many are copies."""
    for place, day in (("Aleppo", "2018-01-02"), ("Homs", "2018-01-01"), ("Idlib", "2018-01-02")):
        more = {
            f"{place}-{at}": (day, story(place, last=f"It was {at} of the {place} Brigade."))
            for at in "abcd"
        }
        write(folder, **more)
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_may_end_at_any_call(
    ray: FakeRay, filled: Filled, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    ray.dies = lambda: chance.random() < 0.1
    filled.ingest(wires(tmp_path / "news"))
    assert_same(filled.one, filled.cluster)


class StoppedError(Exception):
    """A run ends in the midst."""


@pytest.mark.parametrize("calls", range(5, 120, 6))
def test_a_run_that_is_stopped_anywhere_is_ended_by_the_next(
    ray: FakeRay, filled: Filled, tmp_path: Path, calls: int
) -> None:
    news = wires(tmp_path / "news")
    left = itertools.count(calls, -1)

    def stops() -> bool:
        if next(left) == 0:
            raise StoppedError
        return False

    ray.dies = stops
    with suppress(StoppedError):
        Cluster(filled.cluster, address="local").ingest(news, shards=3)
    ray.dies = lambda: False
    Cluster(filled.cluster, address="local").ingest(news)
    with Archive(filled.one) as archive:
        archive.ingest(news, processes=0)
    assert_like(filled.one, filled.cluster)
    assert_answers(filled.one, filled.cluster)


def test_shards_that_replace_those_of_an_unfinished_run_lose_nothing(
    ray: FakeRay, filled: Filled, tmp_path: Path
) -> None:
    news = wires(tmp_path / "news")
    left = itertools.count(30, -1)

    def stops() -> bool:
        if next(left) == 0:
            raise StoppedError
        return False

    ray.dies = stops
    with pytest.raises(StoppedError):
        Cluster(filled.cluster, address="local").ingest(news, shards=3)
    ray.dies = lambda: False
    Cluster(filled.cluster).merge(filled.one)
    stored = rows(filled.one, "SELECT slug, id FROM articles")
    assert stored
    Cluster(filled.cluster).split(filled.one, 2)
    Cluster(filled.cluster).ingest(news)
    paths = shards(filled.cluster)
    found = [row for path in paths for row in rows(path, "SELECT slug, id FROM articles")]
    assert set(stored) <= set(found)
    assert len(found) == 12
    for path in paths:
        assert_sound(path)


def test_a_catalogue_that_is_lost_is_made_again(filled: Filled, tmp_path: Path) -> None:
    news = wires(tmp_path / "news")
    filled.ingest(news)
    filled.cluster.with_suffix(".catalogue").unlink()
    write(news, z=("2018-01-01", story("Aleppo", last="It was he.")))
    filled.ingest(news)
    assert_like(filled.one, filled.cluster)


def test_a_shard_that_is_lost_is_filled_anew(filled: Filled, tmp_path: Path) -> None:
    news = wires(tmp_path / "news")
    filled.ingest(news)
    shards(filled.cluster)[1].unlink()
    with pytest.raises(ArchiveNotFoundError, match=r"many-1\.db"):
        Cluster(filled.cluster).ingest(news)
    Cluster(filled.cluster).ingest(news, shards=3)
    paths = shards(filled.cluster)
    assert sum(rows(path, "SELECT count(*) FROM articles")[0][0] for path in paths) == 12
    for path in paths:
        assert_sound(path)
        assert rows(path, NAMES["aliases"]) == rows(paths[0], NAMES["aliases"])


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("elsewhere.db")])
def test_what_is_there_already_becomes_no_shard(
    ray: FakeRay, tmp_path: Path, make: Callable[[Path], Any]
) -> None:
    make(tmp_path / "many-1.db")
    with pytest.raises(OptionError, match=r"many-1\.db is there already"):
        Cluster(tmp_path / "many.toml", address="local").ingest(ROOT / "seeds", shards=2)


def test_a_cluster_is_made_in_a_folder_that_is_still_to_be_made(
    ray: FakeRay, tmp_path: Path
) -> None:
    cluster = Cluster(tmp_path / "new" / "many.toml", address="local")
    assert cluster.ingest(ROOT / "seeds", shards=2).added == 21


def test_a_cluster_that_was_split_is_filled_further(filled: Filled, tmp_path: Path) -> None:
    news = wires(tmp_path / "news")
    (news / "no.jsonl").write_text('{"id": 1, "text": "Talks."}\nno json\n')
    with Archive(filled.one) as archive:
        archive.ingest(news, processes=0)
    Cluster(filled.cluster).split(filled.one, 3)
    write(news, z=("2018-01-01", story("Aleppo", last="It was he.")))
    (news / "Homs-a.txt").unlink()
    filled.ingest(news, prune=True)
    assert_like(filled.one, filled.cluster)
    assert_answers(filled.one, filled.cluster)


def test_a_filled_cluster_is_merged_under_its_ids(filled: Filled, tmp_path: Path) -> None:
    news = wires(tmp_path / "news")
    (news / "no.jsonl").write_text('{"id": 1, "text": "Talks."}\nno json\n')
    filled.ingest(news)
    merged = tmp_path / "merged.db"
    Cluster(filled.cluster).merge(merged)
    for sql in [*TABLES.values(), *NAMES.values()]:
        assert sorted(map(repr, rows(merged, sql))) == sorted(map(repr, rows(filled.one, sql)))
    counts = "SELECT id, added, unchanged, failed FROM ingest_runs"
    assert rows(merged, counts) == rows(filled.one, counts)
    assert_sound(merged)
    split = tmp_path / "split.toml"
    Cluster(split).split(merged, 2)
    assert_same(filled.one, split)
    assert_answers(filled.one, split)


def test_a_document_that_ends_its_process_is_told_and_the_others_stored(
    ray: FakeRay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f'{{"id": {number}, "text": "Talks {number}."}}\n' for number in range(9))
    (tmp_path / "a.jsonl").write_text(lines)

    def ends(chunk: list[PrepareTask], known: LazyRecognizer) -> Iterator[PrepareResult]:
        if any(task.path == "a.jsonl#4" for task in chunk):
            raise GoneError
        return prepare_chunk(chunk, known)

    monkeypatch.setattr(prepare_pool, "prepare_together", ends)
    report = Cluster(tmp_path / "many.toml").ingest(tmp_path / "a.jsonl", shards=2)
    assert (report.added, report.failed) == (8, 1)
    assert [each.path for each in report.problems] == ["a.jsonl#4"]


def test_a_cluster_is_searched_while_it_is_filled(filled: Filled, tmp_path: Path) -> None:
    news = wires(tmp_path / "news")
    filled.ingest(news)
    write(news, z=("2018-01-01", story("Aleppo", last="It was he of the Dawn Brigade.")))
    ended = threading.Event()

    def ask() -> list[int]:
        with Archive(filled.cluster) as archive:
            found = []
            while not ended.is_set():
                found.append(archive.search("siege", all_copies=True).total)
            return [*found, archive.search("siege", all_copies=True).total]

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        filled.ingest(news)
        ended.set()
        found = asking.result()
    assert (found[0], found[-1]) == (12, 13)


def test_archives_that_were_filled_each_for_itself_are_not_filled_further(
    ray: FakeRay, tmp_path: Path
) -> None:
    for name, text in (("a", "Assad met Putin."), ("b", "Talks in Sochi.")):
        write(tmp_path / name, one=("2018-01-01", text))
        with Archive(tmp_path / f"{name}.db") as archive:
            archive.ingest(tmp_path / name, processes=0)
    (tmp_path / "x.toml").write_text('[[shards]]\npath = "a.db"\n[[shards]]\npath = "b.db"\n')
    with pytest.raises(ArchiveError, match="cluster merge"):
        Cluster(tmp_path / "x.toml").ingest(tmp_path / "a")


def test_slugs_are_numbered_over_all_shards(filled: Filled, tmp_path: Path) -> None:
    news = tmp_path / "news"
    titles = ("Talks", "Talks 2", "Talks", "Talks", "Talks 2", "Talks 2 2", "Other", "Talks 5")
    lines = (
        f'{{"id": {number}, "title": "{title}", "text": "Word{number} of it."}}\n'
        for number, title in enumerate(titles)
    )
    news.mkdir()
    (news / "a.jsonl").write_text("".join(lines))
    filled.ingest(news)
    (news / "b.jsonl").write_text('{"id": 1, "title": "Talks", "text": "More words."}\n')
    filled.ingest(news)
    assert_same(filled.one, filled.cluster)


article = st.tuples(
    st.sampled_from(["Aleppo", "Homs"]), st.integers(1, 6), st.sampled_from(["", "It was so."])
)
folders = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), article, min_size=1), min_size=2, max_size=3
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(runs=folders, count=st.integers(1, 4))
@pytest.mark.slow
def test_whatever_comes_and_goes_a_cluster_has_the_links_of_one_archive(
    ray: FakeRay, tmp_path_factory: pytest.TempPathFactory, runs: list[Any], count: int
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    both, news = Filled(folder, count), folder / "news"
    for run in runs:
        for path in news.glob("*"):
            path.unlink()
        some = {
            name: (f"2018-01-0{day}", story(place, last=last))
            for name, (place, day, last) in sorted(run.items())
        }
        write(news, **some)
        both.ingest(news, prune=True, force=True)
        assert_like(both.one, both.cluster)
