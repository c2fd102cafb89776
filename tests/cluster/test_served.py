"""Shards that replicas hold answer as their archive does: here in threads, without Ray."""

import pickle
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import CORPORA, ROOT
from test_cluster import FACETS, OPTIONS, QUESTIONS, outcome, queries

from syriasearch import (
    Archive,
    ArchiveError,
    Cluster,
    OptionError,
    Page,
    QuerySyntaxError,
    TimeLimitError,
)
from syriasearch.cluster.configuration import read_configuration
from syriasearch.cluster.served import ServedBackend
from syriasearch.cluster.serving import replica_name
from syriasearch.cluster.shard_server import Call, ShardServer
from syriasearch.search.shard_searcher import ShardSearcher

SHARDS = 3


class GoneError(Exception):
    """The process of an actor has ended, or has not answered in time."""


class Actor:
    """An actor, as Ray hands it out: each call runs in a thread; nothing is shared but bytes."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._calls: set[Future[Any]] = set()
        self.is_silent = False

    def __getattr__(self, method: str) -> Any:
        return SimpleNamespace(remote=lambda *arguments: self._call(method, arguments))

    def _call(self, method: str, arguments: tuple[Any, ...]) -> Future[Any]:
        future: Future[Any] = Future()
        self._calls.add(future)
        if self._made is None:
            future.set_exception(GoneError())
        elif not self.is_silent:
            sent = pickle.dumps(arguments)
            threading.Thread(target=self._run, args=[future, method, sent], daemon=True).start()
        return future

    def _run(self, future: "Future[Any]", method: str, sent: bytes) -> None:
        answer = getattr(self._made, method)(*pickle.loads(sent))
        if not future.done():
            future.set_result(pickle.loads(pickle.dumps(answer)))

    def kill(self) -> None:
        self._made = None
        for future in self._calls:
            if not future.done():
                future.set_exception(GoneError())


class Actors:
    """The replicas of a cluster, and what of Ray their clients use."""

    exceptions = SimpleNamespace(RayError=GoneError)

    def __init__(self, cluster: Path, replicas: int) -> None:
        text = cluster.read_text().replace('"local"', '"127.0.0.1:1"')
        self.path = cluster.with_name("served.toml")
        self.path.write_text(text.replace("replicas = 1", f"replicas = {replicas}"))
        self._configuration = read_configuration(self.path)
        self._actors: dict[str, Actor] = {}
        for shard in range(len(self._configuration.shards)):
            for number in range(replicas):
                self.start(shard, number)

    def start(self, shard: int, number: int) -> None:
        file = self._configuration.shards[shard]
        name = replica_name(self._configuration, shard, number)
        self._actors[name] = Actor(ShardServer(file.name, str(file.path)))

    def silence(self, shard: int, number: int) -> None:
        self._actors[replica_name(self._configuration, shard, number)].is_silent = True

    def kill(self, shard: int, number: int) -> None:
        self._actors.pop(replica_name(self._configuration, shard, number)).kill()

    def close(self) -> None:
        while self._actors:
            self._actors.popitem()[1].kill()

    def get_actor(self, name: str, namespace: str) -> Actor:
        try:
            return self._actors[name]
        except KeyError:
            raise ValueError(name) from None

    def get(self, refs: Any, timeout: float | None = None) -> Any:
        futures = refs if isinstance(refs, list) else [refs]
        if wait(futures, timeout).not_done:
            raise GoneError
        found = [each.result() for each in futures]
        return found if isinstance(refs, list) else found[0]

    def wait(self, refs: list[Any], num_returns: int = 1, timeout: float | None = None) -> Any:
        done, waiting = wait(refs, timeout)
        return list(done), list(waiting)

    def archive(self) -> Archive:
        """Open the cluster, to be asked without Ray."""
        archive = Archive(self.path)
        archive._backend = ServedBackend(self.path, self)
        return archive


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with copies, in shards."""
    folder = tmp_path_factory.mktemp("served")
    again = folder / "again"
    again.mkdir()
    for each in sorted((ROOT / "seeds").glob("*.txt"))[:6]:
        (again / each.name).write_text(each.read_text())
    with Archive(folder / "whole.db") as archive:
        archive.ingest(CORPORA / "default", ROOT / "seeds", again)
    Cluster(folder / "cluster.toml").split(folder / "whole.db", SHARDS)
    return folder / "whole.db"


@pytest.fixture(scope="module")
def whole(path: Path) -> Iterator[Archive]:
    with Archive(path, readonly=True) as archive:
        yield archive


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Archive]:
    actors = Actors(path.with_name("cluster.toml"), 1)
    with actors.archive() as archive:
        yield archive
    actors.close()


@pytest.fixture
def acting(path: Path, tmp_path: Path) -> Iterator[Callable[[int], Actors]]:
    """Make actors for shards of their own, so many for each."""
    Cluster(tmp_path / "cluster.toml").split(path, SHARDS)
    made: list[Actors] = []

    def act(replicas: int) -> Actors:
        made.append(Actors(tmp_path / "cluster.toml", replicas))
        return made[-1]

    yield act
    for each in made:
        each.close()


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.slow
def test_queries_are_answered_as_by_one_archive(
    path: Path, whole: Archive, served: Archive, options: dict[str, Any]
) -> None:
    for query in queries(path, None)[OPTIONS.index(options) :: 24]:
        one = outcome(lambda query=query: whole.search(query, **options))
        other = outcome(lambda query=query: served.search(query, **options))
        assert one == other, query


@pytest.mark.parametrize("ask", QUESTIONS)
def test_other_questions_are_answered_the_same(
    whole: Archive, served: Archive, ask: Callable[[Archive], Any]
) -> None:
    assert outcome(lambda: ask(whole)) == outcome(lambda: ask(served))


def test_what_is_related_is_the_same(whole: Archive, served: Archive) -> None:
    for hit in [*whole.hits("", all_copies=True)][:20]:
        slug = hit.article.slug
        assert outcome(lambda slug=slug: whole.related(slug)) == outcome(
            lambda slug=slug: served.related(slug)
        )


def same(one: Page, other: Page) -> bool:
    return replace(one, took_ms=0.0) == replace(other, took_ms=0.0)


def test_many_threads_ask_at_the_same_time(whole: Archive, served: Archive) -> None:
    asked = ["Sochi", "Assad Russia", '"White House"', "Geneva -Astana"] * 4
    found: dict[int, Page] = {}

    def ask(at: int) -> None:
        found[at] = served.search(asked[at], facets=FACETS)

    threads = [threading.Thread(target=ask, args=[at]) for at in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(found[at], whole.search(asked[at], facets=FACETS)) for at in found)
    assert len(found) == len(asked)


def test_what_reads_hit_by_hit_may_rest_while_others_ask(whole: Archive, served: Archive) -> None:
    hits = served.hits("Sochi OR Assad")
    first = next(hits)
    assert same(served.search("Geneva"), whole.search("Geneva"))
    assert [first, *hits] == list(whole.hits("Sochi OR Assad"))


def test_an_error_of_a_query_is_that_of_one_archive(served: Archive) -> None:
    with pytest.raises(QuerySyntaxError):
        served.search("after:never")


def test_where_a_replica_has_ended_the_other_answers(whole: Archive, acting: Any) -> None:
    actors = acting(2)
    with actors.archive() as archive:
        assert same(archive.search("Sochi"), whole.search("Sochi"))
        for shard in range(SHARDS):
            actors.kill(shard, shard % 2)
        for _ in range(4):
            assert same(archive.search("Sochi"), whole.search("Sochi"))


def test_a_replica_that_ends_within_a_question_is_replaced(whole: Archive, acting: Any) -> None:
    actors = acting(2)
    with actors.archive() as archive:
        hits = archive.hits("Sochi OR Assad")
        first = next(hits)
        for shard in range(SHARDS):
            actors.kill(shard, 0)
        rest = list(hits)
        assert [first, *rest] == list(whole.hits("Sochi OR Assad"))


def test_a_replica_that_says_nothing_is_replaced_in_time(whole: Archive, acting: Any) -> None:
    actors = acting(2)
    with actors.archive() as archive:
        archive.search("Sochi")
        for shard in range(SHARDS):
            actors.silence(shard, 0)
        for _ in range(2):
            assert same(archive.search("Sochi"), whole.search("Sochi"))


def short(actors: Actors) -> None:
    text = actors.path.read_text()
    actors.path.write_text(text.replace("timeout_s = 2.0", "timeout_s = 0.3"))


def test_a_shard_that_nobody_answers_for_is_named(whole: Archive, acting: Any) -> None:
    actors = acting(1)
    short(actors)
    with actors.archive() as archive:
        archive.search("Sochi")
        actors.kill(1, 0)
        name = read_configuration(actors.path).names[1]
        page = archive.search("Sochi", facets=FACETS)
        assert page.missing_shards == (name,)
        assert 0 < page.total < whole.search("Sochi").total
        with pytest.raises(ArchiveError, match=f"{name} did not answer in time"):
            archive.timeline("Sochi")
        with pytest.raises(ArchiveError, match=f"{name} did not answer in time"):
            list(archive.hits("Sochi"))


def test_a_shard_that_comes_back_is_asked_again(whole: Archive, acting: Any) -> None:
    actors = acting(1)
    short(actors)
    with actors.archive() as archive:
        archive.search("Sochi")
        actors.kill(1, 0)
        assert archive.search("Sochi").missing_shards
        actors.start(1, 0)
        until = time.monotonic() + 30
        while archive.search("Sochi").missing_shards and time.monotonic() < until:
            time.sleep(0.02)
        assert same(archive.search("Sochi"), whole.search("Sochi"))


def test_a_shard_known_to_be_missing_is_not_waited_for(acting: Any) -> None:
    actors = acting(1)
    with actors.archive() as archive:
        archive.search("Sochi")
        actors.kill(1, 0)
        assert archive.search("Sochi").missing_shards
        assert archive.search("Sochi").took_ms < 1000


def test_nobody_answering_is_an_error(acting: Any) -> None:
    actors = acting(1)
    actors.close()
    with actors.archive() as archive, pytest.raises(ArchiveError, match="cluster start"):
        archive.search("Sochi")


def test_a_time_limit_is_one_for_served_shards_too(served: Archive) -> None:
    with pytest.raises(TimeLimitError), served.within(1e-9):
        while True:
            served.search("Sochi OR Assad", facets=FACETS)


def test_a_session_that_has_ended_is_begun_again(whole: Archive, acting: Any) -> None:
    actors = acting(1)
    with actors.archive() as archive:
        hits = archive.hits("Sochi OR Assad")
        first = next(hits)
        for actor in actors._actors.values():
            for name in [*actor._made._sessions]:
                actor._made.end(name)
        assert [first, *hits] == list(whole.hits("Sochi OR Assad"))


def call(session: str, *, begins: bool, idle_s: float = 5.0) -> Call:
    return Call(session, begins, 5.0, idle_s, ShardSearcher.collection_statistics, (), {})


@pytest.fixture
def server(corpus_path: Path) -> ShardServer:
    return ShardServer("a", str(corpus_path))


def test_a_session_that_has_not_begun_is_lost(server: ShardServer) -> None:
    assert server.ask(call("x", begins=False)).is_lost


def test_a_session_lasts_until_it_is_ended(server: ShardServer) -> None:
    began = server.ask(call("x", begins=True))
    again = server.ask(call("x", begins=False))
    assert (began.value, began.token) == (again.value, again.token)
    assert began.value.articles
    server.end("x")
    assert server.ask(call("x", begins=False)).is_lost


def test_a_session_that_nobody_uses_ends_by_itself(server: ShardServer) -> None:
    server.ask(call("x", begins=True, idle_s=0.0))
    until = time.monotonic() + 10
    while server._sessions and time.monotonic() < until:
        time.sleep(0.05)
    assert not server._sessions


BAD: list[tuple[str, Callable[[Path], Any], str]] = [
    ("missing", lambda shard: shard.unlink(), "1-of-3.* is not there"),
    (
        "torn",
        lambda shard: shard.write_bytes(shard.read_bytes()[:40_000]),
        "1-of-3.* is damaged",
    ),
    ("of another version", lambda shard: set_version(shard, 4), "1-of-3.* unreleased version"),
    ("of a newer version", lambda shard: set_version(shard, 99), "1-of-3.*"),
    ("no archive", lambda shard: shard.write_text("x" * 5000), "1-of-3.* is not an archive"),
]


def set_version(shard: Path, version: int) -> None:
    with closing(sqlite3.connect(shard)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


@pytest.mark.parametrize(("what", "spoil", "message"), BAD, ids=[each[0] for each in BAD])
def test_a_shard_that_cannot_be_read_is_told_by_its_name(
    what: str, spoil: Callable[[Path], Any], message: str, acting: Any
) -> None:
    actors = acting(1)
    spoil(read_configuration(actors.path).shards[1].path)
    with actors.archive() as archive, pytest.raises(ArchiveError, match=message) as told:
        archive.search("Sochi")
    assert "\n" not in str(told.value)


def test_two_shards_with_the_same_article_are_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syriasearch.cluster.backend.MOVED_S", 0.0)
    cluster = tmp_path / "cluster.toml"
    Cluster(cluster).split(path, SHARDS)
    first = read_configuration(cluster).shards[0].path
    (tmp_path / "again.db").write_bytes(first.read_bytes())
    cluster.write_text(cluster.read_text() + '\n[[shards]]\npath = "again.db"\n')
    actors = Actors(cluster, 1)
    with actors.archive() as archive, pytest.raises(ArchiveError, match=r"and again\.db have the"):
        archive.search("Sochi")
    actors.close()


def test_shards_with_other_names_are_told(acting: Any) -> None:
    actors = acting(1)
    with Archive(read_configuration(actors.path).shards[1].path) as archive:
        archive.corrections.hide("russia")
    with actors.archive() as archive, pytest.raises(ArchiveError, match="has other entities"):
        archive.search("Sochi")


@pytest.mark.slow
def test_a_shard_that_is_written_anew_is_answered_as_it_is_now(acting: Any) -> None:
    actors = acting(1)
    with actors.archive() as archive:
        before = archive.search("Sochi")
        with Archive(read_configuration(actors.path).shards[1].path) as shard:
            shard.optimize()
        assert same(archive.search("Sochi"), before)


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:1", "ray://127.0.0.1:10001"])
def test_a_wrong_address_is_told_in_a_line(acting: Any, address: str) -> None:
    pytest.importorskip("ray")
    actors = acting(1)
    actors.path.write_text(actors.path.read_text().replace("127.0.0.1:1", address))
    with (
        Archive(actors.path) as archive,
        pytest.raises((ArchiveError, OptionError), match=r"address|no Ray cluster answers") as told,
    ):
        archive.search("Sochi")
    assert "\n" not in str(told.value)


def test_a_cluster_that_is_made_local_is_to_be_opened_again(acting: Any) -> None:
    actors = acting(1)
    with actors.archive() as archive:
        archive.search("Sochi")
        actors.path.write_text(actors.path.read_text().replace("127.0.0.1:1", "local"))
        with pytest.raises(OptionError, match="open it again"):
            archive.search("Sochi")


def test_a_damaged_row_of_a_shard_is_told_and_not_answered_around(acting: Any) -> None:
    actors = acting(1)
    with closing(sqlite3.connect(read_configuration(actors.path).shards[1].path)) as connection:
        connection.execute("UPDATE postings SET data = x'00'")
        connection.commit()
    with actors.archive() as archive, pytest.raises(ArchiveError, match=r"1-of-3.*damaged"):
        archive.search("Sochi")
