"""How fast is a cluster filled, compared with one archive on the same machine?

    python benchmarks/filling.py FOLDER|FILE... [--shards 4] [--rounds 3] [--keep FOLDER]

Both ingest the same, in turn: `Archive.ingest` with as many processes as it starts by itself, and
`Cluster.ingest` on a Ray of this machine alone, in a network namespace of its own. Printed are the
articles per second and CPU seconds of each round, and the ratio of the medians. Ray is started
before; what that takes is printed separately. What the last round has filled may be kept.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from three_nodes import MEMORY, enter


def used() -> float:
    """Return the CPU seconds of all processes so far, of those that have ended too."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name, in brackets, may hold anything.
            ticks += sum(map(int, path.read_text().rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Fill both in turn, and print how fast each was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processors", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder that is not there yet")
    given = parser.parse_args()
    enter()
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as name:
        folder = Path(name)
        token = folder / "token"
        token.write_text("of a benchmark")
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(token))
        started = time.perf_counter()
        import ray  # it looks for a token when it is imported

        from syriasearch import Archive, Cluster

        ray.init(
            num_cpus=given.processors, object_store_memory=MEMORY, include_dashboard=False,
            _temp_dir=str(folder), _node_ip_address="127.0.0.1", logging_level="ERROR",
            namespace="syriasearch",
        )  # fmt: skip
        print(f"Ray has started in {time.perf_counter() - started:.1f} s", flush=True)
        speeds: tuple[list[float], list[float]] = ([], [])
        for number in range(given.rounds):
            before = used()
            with Archive(folder / f"one-{number}.db") as archive:
                alone = archive.ingest(*given.sources)
            between = used()
            many = Cluster(folder / f"many-{number}.toml", address="local").ingest(
                *given.sources, shards=given.shards
            )
            after = used()
            for some, report in zip(speeds, (alone, many), strict=True):
                some.append(report.added / report.took_s)
            print(
                f"round {number}: one archive {alone.added} articles in {alone.took_s:.2f} s "
                f"(CPU {between - before:.1f} s), {given.shards} shards {many.added} "
                f"in {many.took_s:.2f} s (CPU {after - between:.1f} s)",
                flush=True,
            )
        ray.shutdown()
        if given.keep:
            given.keep.mkdir()
            last = f"-{given.rounds - 1}"
            for path in [*folder.glob(f"one{last}*"), *folder.glob(f"many{last}*")]:
                shutil.copy(path, given.keep)
    one, shards = map(statistics.median, speeds)
    print(f"articles/s: one archive {one:.0f}, {given.shards} shards {shards:.0f}: ", end="")
    print(f"{shards / one:.2f} times")


if __name__ == "__main__":
    main()
