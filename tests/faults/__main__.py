"""All faults, power cuts and the soak, with figures: `make faults` and `make soak`."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .injector import build, fast_folder, why_not
from .operations import OPERATIONS
from .points import Summary, attempt_all, points_of, servers
from .power_cuts import Recording, check_cuts
from .soak import MAX_WAIT, soak, take_part

WRITING = [each.name for each in OPERATIONS if not each.only_reads]
SHARE = 50
"""The number of positions of a recording that a process takes at a time."""


@contextmanager
def workshop() -> Iterator[tuple[Path, Path]]:
    """Make a folder, and the injector in it."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as name:
        yield Path(name), build(Path(name))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def faults(names: list[str], every: int, processes: int) -> int:
    """Try every point of some operations, or every few; return how many were wrong."""
    say("operation        points    done   error  killed   wrong  seconds")
    total = Summary()
    with workshop() as (folder, injector), servers(folder, injector, processes) as started:
        for name in names:
            counts = started[0].prepare(name)
            summary, start = Summary(), time.monotonic()
            for result in attempt_all(started, list(points_of(name, counts))[::every]):
                summary.add(result)
                total.add(result)
                if result.wrong:
                    say(f"{name}: {result.point.fault}: {result.outcome}: {result.wrong[0][-500:]}")
            figures = [summary.total(each) for each in (None, "done", "error", "killed")]
            figures += [len(summary.wrong), round(time.monotonic() - start)]
            say(f"{name:15}" + "".join(f"{each:8,}" for each in figures))
    say(f"{total.total():,} points, {total.total('killed'):,} kills, {len(total.wrong):,} wrong")
    for error, count in total.errors.most_common():
        say(f"{count:8,} {error}")
    return len(total.wrong)


def power_cuts(names: list[str], each: int, processes: int) -> int:
    """Check the states that a power cut may leave; return how many were wrong."""
    say("operation        states   wrong  seconds")
    states = errors = 0
    with workshop() as (folder, injector), servers(folder, injector, 1) as (server,):
        logs = {}
        for name in names:
            server.prepare(name)
            logs[name] = server.record(name)
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            for name, log in logs.items():
                start = time.monotonic()
                recording = Recording(log.with_name("start.db"), log, folder / "cut.db")
                ends = range(0, len(recording.events) + 1, SHARE)
                tasks = [(recording, each, first, first + SHARE) for first in ends]
                results = pool.map(check_cuts, tasks, chunksize=1)
                count = sum(number for number, _ in results)
                wrong = [line for _, lines in results for line in lines]
                for line in wrong[:10]:
                    say(f"{name}: {line}")
                states += count
                errors += len(wrong)
                seconds = round(time.monotonic() - start)
                say(f"{name:15}{count:8,}{len(wrong):8,}{seconds:9,}")
    say(f"{states:,} states, {errors:,} wrong")
    return errors


def show_soak(seconds: float) -> int:
    """Let everything happen at once; return how much was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), seconds)
    say("part             calls  locked")
    for name, calls in found.calls.items():
        say(f"{name:14}{calls:8,}{found.locked[name]:8,}")
    say(f"longest wait of a reader for a writer: {found.longest_wait * 1000:,.0f} ms")
    say(f"longest answer to a reader: {found.longest_call * 1000:,.0f} ms")
    for line in found.wrong[:20]:
        say(line)
    say(f"{len(found.wrong):,} wrong")
    return len(found.wrong) + (found.longest_wait > MAX_WAIT)


def main() -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("what", choices=["faults", "cuts", "soak", "part"])
    parser.add_argument("rest", nargs="*", help="operations; or for how many seconds to soak")
    parser.add_argument("--every", type=int, default=1, help="try every n-th point")
    parser.add_argument("--states", type=int, default=16, help="states for each recorded call")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    if options.what == "part":
        name, path, source = options.rest
        take_part(name, Path(path), Path(source))
        return 0
    if options.what == "soak":
        return show_soak(float(options.rest[0]) if options.rest else 600) > 0
    if why_not():
        say(why_not())
        return 0
    if options.what == "faults":
        names = options.rest or [each.name for each in OPERATIONS]
        return faults(names, options.every, options.processes) > 0
    return power_cuts(options.rest or WRITING, options.states, options.processes) > 0


if __name__ == "__main__":
    sys.exit(main())
