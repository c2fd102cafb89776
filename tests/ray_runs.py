"""Runs of a cluster beside those of one machine: a program of its own, in namespaces of its own.

Ray listens on every interface, and warns of much, so that it is not for the tests' own process.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

from three_nodes import MEMORY, enter

enter()
folder = Path(tempfile.mkdtemp(prefix="ray", dir="/tmp"))
token = folder / "token"
token.write_text("of a test")
os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(token))

import ray  # noqa: E402 (it looks for a token when it is imported)

from syriasearch import Archive, Cluster, IngestReport, QuerySyntaxError  # noqa: E402

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


def serve(cluster: Cluster) -> None:
    cluster.start()
    until = time.monotonic() + 60
    while cluster.status().missing and time.monotonic() < until:
        time.sleep(0.1)
    with cluster.shards() as shards:
        answers = shards.ask("search", "Aleppo", timeout_s=30)
        assert answers.missing == ()
        assert sum(page.total for page in answers.values.values()) == 35
        try:
            shards.ask("search", "after:never")
        except QuerySyntaxError as error:
            assert error.position == 6
        else:
            raise AssertionError("no error came back")
        assert cluster.stop() == 3
        assert shards.ask("search", "Aleppo", timeout_s=1).missing == (0, 1, 2)


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
