"""Do shards that Ray serves answer as one archive does, how fast, and how many at a time?

    python benchmarks/served.py ARCHIVE [--shards 4] [--most 1000] [--clients 8] [--seconds 10]

The archive is split into shards, which actors hold on a Ray cluster of this machine, in a network
namespace of its own. Both are asked the same as in `sharded`, and each answer must be equal. Then
the same queries, without options, are asked one by one of each in turn, and by many clients at the
same time: threads that share one Archive. With `--calls` it is measured too what it costs to send
as many messages by calls of Ray's actors as through channels. The exit status is 0 where all
answers are equal and no time is longer than is wanted.
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

TIMES, MORE_MS = 3.0, 10.0
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


def calls(ray: Any, shards: int) -> None:
    """Print what twelve calls of a search cost, by way of Ray and through channels."""
    from syriasearch.cluster.channels import Channel, Listener, connect

    class Echo:
        def __init__(self) -> None:
            self.listener = Listener("127.0.0.1", self.serve)

        def serve(self, channel: Channel) -> None:
            while True:
                channel.send(channel.receive())

        def where(self) -> Any:
            return self.listener.place

        def echo(self, message: Any) -> Any:
            return message

    actors = [
        ray.remote(Echo).options(num_cpus=0, max_concurrency=8).remote() for _ in range(shards)
    ]
    channels = [connect(place, 5) for place in ray.get([each.where.remote() for each in actors])]
    message = {"clauses": [("word", 1.5)] * 20, "more": b"x" * 2000}

    def by_ray() -> None:
        ray.get([each.echo.remote(message) for each in actors])

    def by_channel() -> None:
        for channel in channels:
            channel.send(message)
        for channel in channels:
            channel.receive()

    for name, ask in (("calls of Ray", by_ray), ("channels", by_channel)):
        took = []
        for _ in range(300):
            began = time.perf_counter()
            for _ in range(3):
                ask()
            took.append((time.perf_counter() - began) * 1000)
        print(f"{3 * shards} messages by {name}: median {statistics.median(took):.2f} ms")
    for each in actors:
        ray.kill(each)


def main() -> None:
    """Serve, ask, and print what is equal and how long it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--calls", action="store_true")
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
        right = serve(ray, folder, told)
        ray.shutdown()
    sys.exit(0 if right else 1)


def serve(ray: Any, folder: Path, told: argparse.Namespace) -> bool:
    """Split and serve the archive, and ask both; tell whether all is as it is wanted."""
    from syriasearch import Archive, Cluster

    if told.calls:
        calls(ray, told.shards)
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
    return right and rates[1] >= rates[0]


if __name__ == "__main__":
    main()
