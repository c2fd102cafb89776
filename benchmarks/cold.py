"""How long does the whole command take, and how much memory, beside `sqlite-utils search`?

Each run is a process of its own, with the file in the system's cache as a working archive's is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

from cache import FOLDER, Cache
from corpora import DATA
from search import prepare
from tables import table

QUERIES = ("Sochi boycott", "Trump")

# A process that has just begun is small: what it starts does not seem as large as this one.
_WRAPPER = """
import json, resource, subprocess, sys, time
started = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
took = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([code, took, peak * (1 if sys.platform == "darwin" else 1024)]))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a command."""

    ms: float
    peak: int
    """The most resident memory, in bytes."""


def main() -> None:
    """Run the commands in turns, and print medians."""
    options = _options()
    archive = options.db
    if archive is None:
        cache = Cache(options.cache, options.rebuild)
        archive = prepare(options.data, options.fraction, cache)[0].archive
    rows = []
    for query in options.query:
        commands = find_commands(archive, query)
        runs: dict[str, list[Ran]] = {name: [] for name in commands}
        for number in range(options.runs + 1):
            for name, command in commands.items():
                ran = run(command)
                if number:
                    runs[name].append(ran)
        first, *_ = runs
        for name, each in runs.items():
            times = [ran.ms for ran in each]
            rows.append(
                [
                    f"{name} {query!r}",
                    f"{median(times):.0f}",
                    f"{max(times):.0f}",
                    f"{median(times) / median(ran.ms for ran in runs[first]):.2f}",
                    f"{max(ran.peak for ran in each) / 2**20:.0f}",
                ]
            )
    print(f"{archive}: {archive.stat().st_size / 2**20:,.0f} MiB, {options.runs} runs each\n")
    head = ["command", "median, ms", "longest, ms", "to syriasearch", "peak memory, MiB"]
    print(table(head, rows))


def find_commands(archive: Path, query: str) -> dict[str, list[str]]:
    """Return the commands to run, those that are installed, syriasearch first."""
    wanted = {
        "syriasearch": ["search", query, "--db", str(archive)],
        "sqlite-utils": ["search", str(archive), "paragraphs", query, "--limit", "10"],
    }
    commands = {}
    for name, arguments in wanted.items():
        beside = str(Path(sys.executable).parent)
        program = shutil.which(name, path=beside) or shutil.which(name)
        if program is None:
            print(f"{name} is left out: there is no such command")
        else:
            commands[name] = [program, *arguments]
    return commands


def run(command: Sequence[str]) -> Ran:
    """Run a command that must succeed."""
    # What is installed has its bytecode; what is worked on gets it in the run that does not count.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, "-S", "-c", _WRAPPER, *command],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    code, seconds, peak = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return Ran(seconds * 1000, peak)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--db", type=Path, help="an archive; without it that of search.py, from the cache")
    add("--query", nargs="+", default=QUERIES, help="what to search for")
    add("--runs", type=int, default=15, help="of each command, after one that does not count")
    add("--fraction", type=Fraction, default=Fraction(1), help="of the documents: 1, 1/3, 1/10")
    add("--data", type=Path, default=DATA, help="the data folder")
    add("--cache", type=Path, default=FOLDER, help="where archives are kept")
    add("--rebuild", action="store_true", help="build the archive anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
