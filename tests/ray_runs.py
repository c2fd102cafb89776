"""Runs of a cluster beside those of one machine: a program of its own, in namespaces of its own.

Ray listens on every interface, and warns of much, so that it is not for the tests' own process.
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


def told(report: IngestReport) -> tuple[object, ...]:
    counts = (report.added, report.updated, report.unchanged, report.removed, report.failed)
    return (*counts, sorted(map(str, report.problems)), report.skipped)


def same(news: Path, **options: bool) -> None:
    """The cluster's report is that of one machine."""
    with Archive(ONE) as archive:
        one = told(archive.ingest(news, processes=0, **options))
    many = told(Cluster(MANY, address="local").ingest(news, **options))
    assert one == many, (one, many)


def lines(numbers: range) -> str:
    return "".join(f'{{"id": {each}, "text": "Story {each} on Aleppo."}}\n' for each in numbers)


def main() -> None:
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
    report = Cluster(MANY).ingest(news)
    assert (report.added > 0, report.added + report.unchanged) == (True, 40), report
    serve(Cluster(MANY))
    ray.shutdown()


def serve(filled: Cluster) -> None:
    filled.merge(folder / "merged.db")
    cluster = Cluster(folder / "served.toml", address="auto")
    cluster.split(folder / "merged.db", 3)
    cluster.path.write_text(cluster.path.read_text().replace('"local"', '"auto"'))
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
        page = served.search("Aleppo", facets=["month", "entity"])
        assert page.total == 35
        expected = whole.search("Aleppo", facets=["month", "entity"])
        assert replace(page, took_ms=0) == replace(expected, took_ms=0)
        assert list(served.hits("Aleppo")) == list(whole.hits("Aleppo"))
        try:
            served.search("after:never")
        except QuerySyntaxError as error:
            assert error.position == 6
        else:
            raise AssertionError("no error came back")
        # Split anew: the new shards are started, and the old ones end.
        cluster.split(folder / "merged.db", 2)
        cluster.start()
        assert served.search("Aleppo").total == 35
        assert cluster.stop() == 2


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
