"""Runs of a cluster, compared with those of one machine: a program in namespaces of its own.

Ray listens on every interface, and warns of much, so it is not run in the process of the tests.
"""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from three_nodes import MEMORY, enter

enter()
folder = Path(tempfile.mkdtemp(prefix="ray", dir="/tmp"))
token = folder / "token"
token.write_text("of a test")
os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(token))

import ray  # noqa: E402 (it looks for a token when it is imported)

from syriasearch import (  # noqa: E402
    Archive,
    ArchiveError,
    Cluster,
    IngestReport,
    QuerySyntaxError,
)

ONE, MANY = folder / "one.db", folder / "many.toml"


def outcome(report: IngestReport) -> tuple[object, ...]:
    counts = (report.added, report.updated, report.unchanged, report.removed, report.failed)
    return (*counts, sorted(map(str, report.problems)), report.skipped)


def same(news: Path, **options: bool) -> None:
    """The cluster's report is that of one machine."""
    with Archive(ONE) as archive:
        one = outcome(archive.ingest(news, processes=0, **options))
    many = outcome(Cluster(MANY, address="local").ingest(news, **options))
    assert one == many, (one, many)
    answers()


def lines(numbers: range) -> str:
    return "".join(f'{{"id": {each}, "text": "Story {each} on Aleppo."}}\n' for each in numbers)


PATCH = """
import builtins, os, sys
plain = builtins.__import__
def imports(*given, **more):
    module = plain(*given, **more)
    pool = sys.modules.get("syriasearch.cluster.filling.prepare_pool")
    if pool and hasattr(pool, "prepare_chunk") and not hasattr(pool, "patched"):
        prepare, pool.patched = pool.prepare_together, True
        pool.prepare_together = (
            lambda chunk, known: os._exit(1)
            if any("kills" in task.path for task in chunk) else prepare(chunk, known))
    return module
builtins.__import__ = imports
"""
"""What has the processes of Ray end at one document, put where each of them reads it first."""


def main() -> None:
    (folder / "sitecustomize.py").write_text(PATCH)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    ray.init(
        num_cpus=2,
        object_store_memory=MEMORY,
        include_dashboard=False,
        _temp_dir=str(folder),
        _node_ip_address="127.0.0.1",
        logging_level="ERROR",
    )
    news = folder / "news"
    news.mkdir()
    for number in range(6):
        (news / f"{number}.txt").write_text(f"Talks number {number} in Sochi.")
    (news / "many.jsonl").write_text(lines(range(30)) + "no json\n")
    Cluster(MANY, address="local").ingest(news, shards=3)
    with Archive(ONE) as archive:
        archive.ingest(news, processes=0)
    answers()
    same(news)
    same(news, retry=True)
    (news / "3.txt").unlink()
    (news / "2.txt").write_text("Another text, on Idlib.")
    (news / "new.xyz").write_text("?")
    (news / "many.jsonl").write_text(lines(range(5, 40)))
    same(news, prune=True)
    news = news.rename(folder / "moved")
    same(news)
    shard = folder / "many-1.db"
    with Archive(shard) as archive:
        assert archive.check() == ()
    shard.unlink()
    try:
        Cluster(MANY).ingest(news)
    except ArchiveError as error:
        assert "many-1.db" in str(error), error
    else:
        raise AssertionError("a shard that is gone is not missed")
    report = Cluster(MANY).ingest(news, shards=3)
    assert (report.added > 0, report.added + report.unchanged) == (True, 40), report
    one_that_kills(folder / "few")
    serve(Cluster(MANY))
    ray.shutdown()


def answers() -> None:
    """The cluster answers what one archive does."""
    with Archive(ONE) as one, Archive(MANY) as many:
        for query in ("Aleppo", "story OR Sochi", "Idlib text", "number"):
            pages = (each.search(query, facets=("entity",), limit=50) for each in (one, many))
            alone, shared = (replace(page, took_ms=0.0) for page in pages)
            assert alone == shared, query


def one_that_kills(few: Path) -> None:
    """A document that ends its process is reported, and the others are stored."""
    few.mkdir()
    for name in ("a", "kills", "z"):
        (few / f"{name}.txt").write_text(f"The story of {name}.")
    report = Cluster(folder / "few.toml", address="local").ingest(few, shards=2)
    assert (report.added, report.failed) == (2, 1), report
    assert report.problems[0].path == "kills.txt", report


def serve(filled: Cluster) -> None:
    filled.merge(folder / "merged.db")
    cluster = Cluster(filled.path, address="auto")
    cluster.path.write_text(cluster.path.read_text().replace('"local"', '"auto"'))
    more = folder / "more"
    more.mkdir()
    (more / "new.txt").write_text("Word from Aleppo\n\nPutin spoke of Aleppo.")
    served, whole = Archive(cluster.path), Archive(folder / "merged.db")
    with served, whole:
        try:
            served.search("Aleppo")
        except ArchiveError as error:
            assert "syriasearch cluster start" in str(error), error
        else:
            raise AssertionError("nobody has been started")
        cluster.start()
        assert not cluster.status().missing
        assert same_page(served, whole) == 35
        for archive in (served, whole):
            archive.corrections.rename("aleppo", "Halab")
        assert same_page(served, whole) == 35
        served.ingest(more)
        whole.ingest(more, processes=0)
        assert same_page(served, whole) == 36
        assert list(served.hits("Aleppo")) == list(whole.hits("Aleppo"))
        try:
            served.search("after:never")
        except QuerySyntaxError as error:
            assert error.position == 6
        else:
            raise AssertionError("no error came back")
        # Split again: the new shards are started, and the old ones end.
        cluster.split(folder / "merged.db", 2)
        cluster.start()
        assert served.search("Aleppo").total == 36
        assert cluster.stop() == 2


def same_page(served: Archive, whole: Archive) -> int:
    """Both answer the same; return how many articles there are."""
    pages = (each.search("Aleppo", facets=["month", "entity"]) for each in (served, whole))
    one, other = (replace(page, took_ms=0.0) for page in pages)
    assert one == other, (one, other)
    return one.total


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
