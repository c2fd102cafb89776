"""Do shards that Ray serves answer as one archive does, how fast, and how many at a time?

    python benchmarks/served.py ARCHIVE [--shards 4] [--most 1000] [--clients 8] [--seconds 10]

The archive is split into shards, which actors hold on a Ray cluster of this machine, in a network
namespace of its own. Both are asked the same as in `sharded`, and each answer must be equal. Then
the same queries, without options, are asked one by one of each in turn, and by many clients at the
same time: threads that share one Archive. The exit status is 0 if all answers are equal and a query
takes no longer than it may.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from sharded import OPTIONS, answer, differing, queries
from three_nodes import MEMORY, enter

TIMES, MORE_MS = 3.0, 25.0
"""A query may take so many times as long as of one archive, and so many milliseconds more."""


def equal(whole: Any, parts: Any, asked: list[str]) -> bool:
    """Ask both with options in turn; tell whether all answers are equal."""
    same = hits = 0
    for query, options in zip(asked, itertools.cycle(OPTIONS)):
        one, other = answer(whole, query, options)[0], answer(parts, query, options)[0]
        same += one == other
        hits += len(getattr(one, "hits", ()))
        if one != other:
            print("differ:", repr(query), options, differing(one, other))
    print(
        f"{len(asked):,} queries, {hits:,} hits: {same:,} answers equal, {len(asked) - same} differ"
    )
    return same == len(asked)


def latency(whole: Any, parts: Any, asked: list[str]) -> bool:
    """Ask both in turn; print what it takes, and tell whether it is little enough."""
    times: tuple[list[float], list[float]] = ([], [])
    for query in asked:
        for archive, some in zip((whole, parts), times, strict=True):
            some.append(answer(archive, query, {})[1])
    medians = [statistics.median(some) for some in times]
    for name, some in zip(("one archive", "served"), times, strict=True):
        some.sort()
        most = some[len(some) * 95 // 100]
        print(f"{name:<12} median {statistics.median(some):.2f} ms, 95 % {most:.2f} ms")
    allowed = TIMES * medians[0] + MORE_MS
    print(f"ratio {medians[1] / medians[0]:.2f}; {allowed:.1f} ms are allowed")
    return medians[1] <= allowed


def throughput(archive: Any, asked: list[str], clients: int, seconds: float) -> float:
    """Return how many queries a second some clients are answered."""
    until = time.perf_counter() + seconds
    counts = [0] * clients

    def ask(client: int) -> None:
        own = random.Random(client).sample(asked, len(asked))
        for query in itertools.cycle(own):
            if time.perf_counter() > until:
                return
            answer(archive, query, {})
            counts[client] += 1

    threads = [threading.Thread(target=ask, args=[client]) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def main() -> None:
    """Serve, ask, and print what is equal and how long it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0)
    told = parser.parse_args()
    enter()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as name:
        folder = Path(name)
        (folder / "token").write_text("of this machine alone, for a moment")
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(folder / "token"))
        import ray

        ray.init(
            num_cpus=2,
            object_store_memory=MEMORY,
            include_dashboard=False,
            _temp_dir=name,
            _node_ip_address="127.0.0.1",
            logging_level="ERROR",
        )
        right = serve(folder, told)
        ray.shutdown()
    sys.exit(0 if right else 1)


def serve(folder: Path, told: argparse.Namespace) -> bool:
    """Split and serve the archive, and ask both; tell whether all is as it is wanted."""
    from syriasearch import Archive, Cluster

    cluster = Cluster(folder / "served.toml")
    cluster.split(told.archive, told.shards)
    cluster.path.write_text(cluster.path.read_text().replace('"local"', '"auto"'))
    cluster.start()
    asked = queries(told.archive, None)[: told.most]
    with Archive(told.archive, readonly=True) as whole, Archive(cluster.path) as parts:
        right = equal(whole, parts, asked)
        right &= latency(whole, parts, asked)
        rates = []
        for name, archive in (("one archive", whole), ("served", parts)):
            throughput(archive, asked, told.clients, told.seconds / 3)  # to have all open
            rates.append(throughput(archive, asked, told.clients, told.seconds))
            print(f"{name:<12} {told.clients} clients: {rates[-1]:,.0f} queries a second")
        print(f"ratio {rates[1] / rates[0]:.2f}")
    cluster.stop()
    return right


if __name__ == "__main__":
    main()
