"""What does an ingest cost with one build of the package, and what with another?

Each run is a process of its own with a new archive, in turns of the builds: `PYTHONPATH` is the
folder of the build, a checkout or what `pip install --target` made. CPU time is that of the run and
its workers together, so it says what the work is, also where other programs have the processors;
wall time does not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tables import table

_RUN = """
import json, resource, sys, time
from pathlib import Path
archive, source, processes = sys.argv[1:]
started = time.perf_counter()
from syriasearch import Archive
with Archive(archive) as opened:
    report = opened.ingest(source, processes=int(processes) if processes else None)
wall = time.perf_counter() - started
own, workers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({
    "articles": report.added,
    "cpu": own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime,
    "wall": wall,
    "peak": max(own.ru_maxrss, workers.ru_maxrss) * unit,
    "size": Path(archive).stat().st_size,
}))
"""


@dataclass(frozen=True, slots=True)
class IngestCosts:
    """What one ingest into a new archive took."""

    articles: int
    cpu: float
    """Seconds of CPU time of the process and its workers, start-up included."""
    wall: float
    """Seconds from start to end."""
    peak: int
    """The most resident memory of one of the processes, in bytes."""
    size: int
    """Size of the archive in bytes."""


_COSTS: dict[str, Callable[[IngestCosts], float]] = {
    "CPU, ms an article": lambda run: 1000 * run.cpu / run.articles,
    "wall, ms an article": lambda run: 1000 * run.wall / run.articles,
    "peak memory, MiB": lambda run: run.peak / 2**20,
    "archive, MiB": lambda run: run.size / 2**20,
}


def ingest_costs(build: Path, source: Path, processes: int | None = None) -> IngestCosts:
    """Ingest a file with the package in the folder `build`, and return what that took."""
    with tempfile.TemporaryDirectory() as folder:
        number = "" if processes is None else str(processes)
        ran = subprocess.run(
            [sys.executable, "-c", _RUN, str(Path(folder, "archive.db")), str(source), number],
            env=os.environ | {"PYTHONPATH": str(build.resolve())},
            cwd=folder,
            capture_output=True,
            text=True,
        )
    if ran.returncode:
        raise SystemExit(f"{build}: the ingest failed: {ran.stderr.strip()[-500:]}")
    return IngestCosts(**json.loads(ran.stdout))


def compare(
    builds: Sequence[Path], source: Path, runs: int, processes: int | None = None
) -> list[list[IngestCosts]]:
    """Return the costs of each build's runs, which take turns."""
    costs: list[list[IngestCosts]] = [[] for _ in builds]
    for _ in range(runs):
        for build, each in zip(builds, costs, strict=True):
            each.append(ingest_costs(build, source, processes))
    return costs


def main() -> None:
    """Print the medians of both builds, and the second's as parts of the first's."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("old", type=Path, help="the folder of one build")
    options.add_argument("new", type=Path, help="the folder of the other")
    options.add_argument("source", type=Path, help="what is ingested")
    options.add_argument("--runs", type=int, default=3, help="of each build (3)")
    options.add_argument("--processes", type=int, help="workers; by default as the package has it")
    given = options.parse_args()
    old, new = compare((given.old, given.new), given.source, given.runs, given.processes)
    rows = []
    for title, cost in _COSTS.items():
        before, after = (median(map(cost, each)) for each in (old, new))
        rows.append([title, f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}"])
    print(f"{given.source}: {new[0].articles} articles, {given.runs} runs each\n")
    print(table(["", "old", "new", "ratio"], rows))


if __name__ == "__main__":
    main()
