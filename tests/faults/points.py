"""Every point at which something may fail: each call of an operation, in each way."""

from __future__ import annotations

import errno
import json
import os
import queue
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .injector import ALL, Action, Fault, Kind

TESTS = Path(__file__).parent.parent
WAYS: dict[Kind, list[tuple[Action, int, Kind]]] = {
    Kind.OPEN: [
        (Action.FAIL, errno.EIO, Kind(0)),
        (Action.FAIL, errno.EMFILE, ALL),
        (Action.KILL_BEFORE, 0, Kind(0)),
        (Action.KILL_AFTER, 0, Kind(0)),
    ],
    Kind.READ: [
        (Action.FAIL, errno.EIO, Kind(0)),
        (Action.FAIL, errno.EIO, ALL),
        (Action.CUT, 0, Kind(0)),
    ],
    Kind.WRITE: [
        (Action.FAIL, errno.EIO, Kind(0)),
        (Action.FAIL, errno.ENOSPC, Kind.WRITE),
        (Action.CUT, 0, Kind(0)),
        (Action.KILL_BEFORE, 0, Kind(0)),
        (Action.KILL_AMID, 0, Kind(0)),
        (Action.KILL_AFTER, 0, Kind(0)),
    ],
    Kind.SYNC: [
        (Action.FAIL, errno.EIO, Kind(0)),
        (Action.FAIL, errno.EIO, ALL),
        (Action.KILL_BEFORE, 0, Kind(0)),
        (Action.KILL_AFTER, 0, Kind(0)),
    ],
    Kind.TRUNCATE: [
        (Action.FAIL, errno.EIO, Kind(0)),
        (Action.FAIL, errno.EIO, ALL),
        (Action.KILL_BEFORE, 0, Kind(0)),
        (Action.KILL_AFTER, 0, Kind(0)),
    ],
    Kind.UNLINK: [
        (Action.FAIL, errno.EIO, Kind(0)),
        (Action.FAIL, errno.EIO, ALL),
        (Action.KILL_BEFORE, 0, Kind(0)),
        (Action.KILL_AFTER, 0, Kind(0)),
    ],
    Kind.MAP: [
        (Action.FAIL, errno.ENOMEM, Kind(0)),
        (Action.FAIL, errno.EIO, ALL),
        (Action.KILL_BEFORE, 0, Kind(0)),
        (Action.KILL_AFTER, 0, Kind(0)),
    ],
}
"""What is done to a call of each kind: the action, the error, and which calls fail from then on."""


class Point(NamedTuple):
    """A fault in a run of an operation."""

    operation: str
    fault: Fault


class Result(NamedTuple):
    """What came of a point."""

    point: Point
    outcome: str
    """done, error, killed, or missed if the call was not made."""
    error: str | None
    wrong: Sequence[str]


def points_of(operation: str, counts: dict[str, int]) -> Iterator[Point]:
    """Yield all points of an operation, given how many calls of each kind it makes."""
    for name, count in counts.items():
        kind = Kind[name]
        for number in range(1, count + 1):
            for action, error, later in WAYS[kind]:
                yield Point(operation, Fault(kind, number, action, error, later))


def slice_of(points: Sequence[Point], size: int) -> list[Point]:
    """Return some points, always the same, of all kinds of calls and all ways to fail."""
    by_way: dict[tuple[Kind, Action, int], list[Point]] = {}
    for point in points:
        fault = point.fault
        by_way.setdefault((fault.kind, fault.action, fault.later), []).append(point)
    chosen = []
    for share, some in enumerate(by_way.values(), start=1):
        # Of each way more, the more points it has, and not always the first calls.
        number = max(1, size * len(some) // len(points))
        step = len(some) / number
        chosen += [some[int((each + share / (len(by_way) + 1)) * step)] for each in range(number)]
    return chosen


class Server:
    """A process that tries points."""

    def __init__(self, folder: Path, injector: Path) -> None:
        environment = os.environ | {"LD_PRELOAD": str(injector), "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.server", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TESTS,
            env=environment,
        )

    def _ask(self, *question: object) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(question), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def prepare(self, operation: str) -> dict[str, int]:
        """Prepare an operation; return how many calls of each kind it makes."""
        counts: dict[str, int] = self._ask(operation)
        return counts

    def record(self, operation: str) -> Path:
        """Run an operation; return the path of the record of what it did to the files."""
        return Path(self._ask(operation, "record"))

    def attempt(self, point: Point) -> Result:
        """Try a point."""
        return Result(point, **{"error": None, **self._ask(point.operation, *point.fault)})

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def servers(folder: Path, injector: Path, number: int) -> Iterator[list[Server]]:
    """Start a number of processes that try points."""
    started = [Server(folder, injector) for _ in range(number)]
    try:
        yield started
    finally:
        for each in started:
            each.close()


def attempt_all(servers: Sequence[Server], points: Iterable[Point]) -> Iterator[Result]:
    """Try points in all processes at once, and yield what comes of them."""
    waiting = iter(points)
    results: queue.SimpleQueue[Result | BaseException | None] = queue.SimpleQueue()
    lock = threading.Lock()

    def work(server: Server) -> None:
        try:
            while True:
                with lock:
                    point = next(waiting, None)
                if point is None:
                    break
                results.put(server.attempt(point))
        except BaseException as error:  # the server has ended
            results.put(error)
        results.put(None)

    threads = [threading.Thread(target=work, args=(each,), daemon=True) for each in servers]
    for each in threads:
        each.start()
    running = len(threads)
    while running:
        result = results.get()
        if isinstance(result, BaseException):
            raise result
        if result is None:
            running -= 1
        else:
            yield result


class Summary:
    """Counts of points, for a table."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.errors: Counter[str] = Counter()
        self.wrong: list[Result] = []

    def add(self, result: Result) -> None:
        """Count a result."""
        self.counts[result.point.operation, result.outcome] += 1
        if result.error:
            self.errors[result.error] += 1
        if result.wrong:
            self.wrong.append(result)

    def total(self, outcome: str | None = None) -> int:
        """Return the number of points, or of those with an outcome."""
        return sum(n for (_, each), n in self.counts.items() if outcome in (None, each))
