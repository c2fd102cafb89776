"""What does the end of a machine cost a cluster, while it ingests and while it answers?

    python benchmarks/cluster.py FOLDER...      files to ingest; seeds/ where none is named

Starts a Ray cluster of three nodes (see `three_nodes`), ingests into shards, ends one node with all
its children in the midst, and compares every row with those of a one-machine ingest. Then clients
ask the shards without pause, and again a node ends in the midst.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from three_nodes import Nodes, enter

ROWS = {
    "articles": "SELECT id, slug, root, path, title, author, source, url, published, lang,"
    " content_hash, duplicate_of, word_count FROM articles",
    "paragraphs": "SELECT id, article_id, position, kind, text FROM paragraphs",
    "mentions": "SELECT * FROM mentions",
    "files": "SELECT root, path, size, articles, lost FROM files",
    "problems": "SELECT path, message, lost FROM ingest_problems",
}
NAMES = {
    "entities": "SELECT * FROM entities",
    "aliases": "SELECT * FROM aliases",
    "alias_keys": "SELECT * FROM alias_keys",
}
"""What each shard has as one archive does."""
QUERIES = (
    "Sochi boycott", "Syria", "Assad Russia", '"White House"', "Jaafari", "place:Aleppo siege",
    "chemical weapons Ghouta", "refugees Turkey border", "Geneva talks -Astana", "Kurdish forces",
)  # fmt: skip
CLIENTS = 4


def rows(paths: list[Path]) -> dict[str, list[str]]:
    """Return what archives hold together, and each of them, without when it was written."""
    found: dict[str, list[str]] = {name: [] for name in ROWS}
    for number, path in enumerate(paths):
        with closing(sqlite3.connect(path)) as connection:
            for name, statement in ROWS.items():
                found[name] += map(repr, connection.execute(statement))
            for name, statement in NAMES.items():
                found[f"{name} {number}"] = list(map(repr, connection.execute(statement)))
    return {name: sorted(each) for name, each in found.items()}


def differing(one: list[str], many: list[str]) -> int:
    """Return how many rows stand on one side only."""
    from collections import Counter

    ours, theirs = Counter(one), Counter(many)
    return (ours - theirs).total() + (theirs - ours).total()


def stored(paths: tuple[Path, ...]) -> int:
    """Return how many articles are stored so far."""
    total = 0
    for path in paths:
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                total += connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        except sqlite3.Error:
            continue
    return total


def kill_when(nodes: Nodes, host: str, paths: tuple[Path, ...], articles: int) -> dict[str, Any]:
    """End a node when so many articles are stored; return where that is told."""
    told: dict[str, Any] = {}

    def watch() -> None:
        while stored(paths) < articles:
            time.sleep(0.02)
        told["stored"] = stored(paths)
        told["processes"] = nodes.kill(host)

    threading.Thread(target=watch, daemon=True).start()
    return told


class Load:
    """Clients that ask without pause, and what they were answered."""

    def __init__(self, archive: Any, expected: dict[str, object]) -> None:
        self._archive = archive
        self._expected = expected
        self._ended = threading.Event()
        self.wrong = 0
        """How many answers of all shards were not those of the one archive."""
        self.answers: list[tuple[float, float, int, bool]] = []
        """When each was asked, how long it took, how many shards were missing, and an error."""
        self._threads = [threading.Thread(target=self._ask, args=[at]) for at in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def _ask(self, number: int) -> None:
        while not self._ended.is_set():
            query = QUERIES[number % len(QUERIES)]
            number += 1
            began = time.monotonic()
            missing, failed = 0, False
            try:
                page = self._archive.search(query)
                missing = len(page.missing_shards)
                self.wrong += not missing and replace(page, took_ms=0.0) != self._expected[query]
            except Exception as error:
                print(f"failed: {error!r}")
                failed = True
            self.answers.append((began, time.monotonic() - began, missing, failed))

    def end(self) -> None:
        """Have the clients go."""
        self._ended.set()
        for thread in self._threads:
            thread.join()


def told_of(name: str, answers: list[tuple[float, float, int, bool]], seconds: float) -> str:
    """Return a line on some answers."""
    if not answers:
        return f"  {name:<22} none"
    took = sorted(each[1] * 1000 for each in answers)
    part = sum(each[2] > 0 for each in answers)
    failed = sum(each[3] for each in answers)
    return (
        f"  {name:<22} {len(took):>6,} queries, {len(took) / seconds:>6.0f} a second; ms median "
        f"{statistics.median(took):.1f}, 95 % {took[int(len(took) * 0.95)]:.1f}, "
        f"longest {took[-1]:.0f}; failed {failed}, in part {part}"
    )


def serve(nodes: Nodes, cluster: Any, one: Path, host: str, seconds: float) -> bool:
    """Ask the shards, and end a node meanwhile; tell whether nothing failed and all came back."""
    from syriasearch import Archive

    cluster.start()
    replicas = cluster.configuration().replicas
    for each in cluster.status().replicas:
        print(f"  {each.shard} replica {each.replica} on {each.node}")
    with Archive(one) as archive:
        expected = {query: replace(archive.search(query), took_ms=0.0) for query in QUERIES}
    with Archive(cluster.path) as archive:
        for query in QUERIES * CLIENTS:
            archive.search(query)
        load = Load(archive, expected)
        began = time.monotonic()
        time.sleep(seconds)
        killed = time.monotonic()
        processes = nodes.kill(host)
        whole = _all_answer(cluster, 60) and _is_whole(archive, 30)
        after = time.monotonic()
        time.sleep(seconds)
        load.end()
        ended = time.monotonic()
    told = load.answers
    late = [each[0] + each[1] for each in told if each[2] or each[3]]
    print(f"  a node of {processes} processes ended; answers that are another: {load.wrong}")
    print(told_of("before", [e for e in told if e[0] + e[1] < killed], killed - began))
    during = [e for e in told if e[0] + e[1] >= killed and e[0] < after]
    print(told_of("until all are back", during, after - killed))
    print(told_of("after", [e for e in told if e[0] >= after], ended - after))
    print(
        f"  full answers again after {max([0.0, *(at - killed for at in late)]):.2f} s;"
        f" every replica {'is back' if whole else 'IS NOT BACK'} after {after - killed:.2f} s"
    )
    failed = any(each[3] for each in told) or load.wrong
    in_part = any(each[2] for each in told if replicas > 1 or each[0] >= after)
    return whole and not failed and not in_part


def _is_whole(archive: Any, seconds: float) -> bool:
    """Wait until who asks has found again what has come back."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not archive.search(QUERIES[0]).missing_shards:
            return True
        time.sleep(0.05)
    return False


def _all_answer(cluster: Any, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if all(each.answers for each in cluster.status().replicas):
            return True
        time.sleep(0.05)
    return False


def main() -> None:
    """Run it all, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    seeds = Path(__file__).parent.parent / "seeds"
    parser.add_argument("sources", nargs="*", default=[str(seeds)])
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0, help="of load before and after")
    parser.add_argument("--replicas", type=int, nargs="*", default=[1, 2])
    given = parser.parse_args()
    enter()
    # Ray may end this process at once.
    sys.stdout.reconfigure(line_buffering=True)

    from syriasearch import Archive, Cluster

    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as name:
        folder = Path(name)
        nodes = Nodes(folder)
        # It looks for a token when it is imported.
        import ray

        try:
            with Archive(folder / "one.db") as archive:
                alone = archive.ingest(*given.sources)
            print(f"one machine: {alone.added} articles in {alone.took_s:.1f} s")
            nodes.start(0, processors=0)
            _listens(nodes.address)
            ray.init(
                nodes.address, _node_ip_address="127.0.0.1", namespace="syriasearch",
                logging_level="ERROR", log_to_driver=False,
            )  # fmt: skip
            hosts = [nodes.join(ray, number, processors=1) for number in (1, 2)]
            right = _ingest(nodes, folder, hosts, given, alone)
            cluster = Cluster(folder / "killed.toml")
            text = cluster.path.read_text()
            for replicas in given.replicas:
                if not nodes.runs(hosts[1]):
                    nodes.join(ray, 2, processors=1)
                cluster.path.write_text(text.replace("replicas = 1", f"replicas = {replicas}"))
                print(f"serving {given.shards} shards, {replicas} replicas, {CLIENTS} clients")
                right &= serve(nodes, cluster, folder / "one.db", hosts[1], given.seconds)
                cluster.stop()
            ray.shutdown()
        finally:
            nodes.close()
    sys.exit(0 if right else 1)


def _listens(address: str) -> None:
    import socket

    host, _, port = address.partition(":")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens at {address}")


def _ingest(
    nodes: Nodes, folder: Path, hosts: list[str], given: argparse.Namespace, alone: Any
) -> bool:
    """Ingest twice, the second time with the end of a node; tell whether it is all the same."""
    from syriasearch import Cluster

    expected = rows([folder / "one.db"])
    right = True
    for name in ("whole", "killed"):
        cluster = Cluster(folder / f"{name}.toml", address=nodes.address)
        paths = tuple(folder / f"{name}-{number}.db" for number in range(given.shards))
        told = {}
        if name == "killed":
            told = kill_when(nodes, hosts[1], paths, alone.added // 4)
        report = cluster.ingest(*given.sources, shards=given.shards)
        print(f"{name}: {report.added} added, {report.failed} failed in {report.took_s:.1f} s")
        if name == "killed":
            print(
                f"  a node of {told['processes']} processes ended after {told['stored']} articles"
            )
        same = (report.added, report.failed) == (alone.added, alone.failed)
        same &= set(report.problems) == set(alone.problems)
        right &= same
        print(f"  the report is {'the same' if same else 'ANOTHER'}")
        for kind, some in rows(list(paths)).items():
            table, *_ = kind.split()
            lost = differing(expected[kind if kind in ROWS else f"{table} 0"], some)
            right &= not lost
            print(f"  {kind:<12} {len(some):>8,} rows, {lost} differ")
    again = cluster.ingest(*given.sources)
    print(f"again: {again.added} added, {again.unchanged} unchanged in {again.took_s:.1f} s")
    return right and not again.added


if __name__ == "__main__":
    main()
