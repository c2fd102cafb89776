"""A process in which faults happen: started with the injector, it forks one for each.

It is told what to try as lines of JSON, and answers each with a line.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import pickle
import shutil
import sys
import traceback
import warnings
from collections.abc import Callable
from datetime import datetime, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from conftest import everything

from syriasearch import Archive, ArchiveNotFoundError, NotAnArchiveError, SyriaSearchError

from .injector import Action, Fault, Injector, Kind
from .operations import EVERYWHERE, OPERATIONS, Operation, by_name, copy_files

injector = Injector()
NOW = datetime(2018, 1, 30, 12, tzinfo=timezone.utc)


def forked(function: Callable[[Callable[[object], None]], None]) -> tuple[int, list[Any]]:
    """Run a function in a process of its own; return its status, and what it has reported."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)

        def report(value: object) -> None:
            os.write(writer, json.dumps(value).encode() + b"\n")

        try:
            function(report)
        except BaseException:
            report(["broken", traceback.format_exc()])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        lines = file.read().splitlines()
    return os.waitpid(child, 0)[1], [json.loads(line) for line in lines]


def run(operation: Operation, path: Path, news: Path, report: Callable[[object], None]) -> None:
    """Run the steps of an operation, and report each as done, or the error of one."""
    try:
        for number, step in enumerate(operation.steps):
            answer = step(path, news)
            injector.mark(number + 1)
            report(["done", repr(answer) if operation.only_reads else None])
    except SyriaSearchError as error:
        report(["error", f"{type(error).__name__}: {error}"])


def rows(operation: Operation, path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that an archive holds; nothing if there is none yet."""
    try:
        with Archive(path, readonly=True):
            return everything(path, ids=operation.same_ids)
    except (ArchiveNotFoundError, NotAnArchiveError):
        return {}


class Prepared:
    """An operation with its archive before, and what is expected after each step."""

    def __init__(self, folder: Path, operation: Operation) -> None:
        self.operation = operation
        self.folder = folder / operation.name.replace(" ", "-")
        self.start = self.folder / "start.db"
        self.news = self.folder / "news"

    def prepare(self) -> dict[str, int]:
        """Make what is needed; return the number of calls of each kind."""
        self.folder.mkdir(exist_ok=True)
        operation = self.operation
        operation.start(self.start, self.news)
        path = self.folder / "x.db"
        copy_files(self.start, path)
        states, answers = [rows(operation, path)], []
        for step in operation.steps:
            answers.append(repr(step(path, self.news)))
            states.append(rows(operation, path))
        expected = pickle.dumps((states, answers))
        (self.folder / "expected").write_bytes(expected)
        copy_files(self.start, path)

        def count(report: Callable[[object], None]) -> None:
            injector.watch(path)
            run(operation, path, self.news, report)
            report({kind.name: number for kind, number in injector.counts().items()})

        status, lines = forked(count)
        assert status == 0, lines
        assert [line[0] for line in lines[:-1]] == ["done"] * len(operation.steps), lines
        counts: dict[str, int] = lines[-1]
        return counts

    def record(self) -> str:
        """Run the operation, and return the path of the record of what it did to the files."""
        path, log = self.folder / "x.db", self.folder / "log"
        copy_files(self.start, path)
        with log.open("wb") as file:

            def recorded(report: Callable[[object], None]) -> None:
                injector.watch(path)
                injector.record(file.fileno())
                run(self.operation, path, self.news, report)

            status, lines = forked(recorded)
        assert status == 0, lines
        return str(log)

    def read(self) -> None:
        """Read what another process has prepared."""
        self.states, self.answers = pickle.loads((self.folder / "expected").read_bytes())

    def attempt(self, fault: Fault, work: Path) -> dict[str, Any]:
        """Run the operation with a fault, and check what is left."""
        path = work / "x.db"
        copy_files(self.start, path)

        def disturbed(report: Callable[[object], None]) -> None:
            injector.watch(path)
            injector.arm(fault)
            run(self.operation, path, self.news, report)
            report(["hit" if injector.was_hit() else "missed", None])

        status, lines = forked(disturbed)
        done = [answer for what, answer in lines if what == "done"]
        error = next((text for what, text in lines if what == "error"), None)
        wrong = [text for what, text in lines if what == "broken"]
        if status and os.WTERMSIG(status) != 9:
            wrong.append(f"it ended with status {status}")
        if not status and "missed" in [what for what, _ in lines]:
            return {"outcome": "missed", "wrong": wrong}
        outcome = "killed" if status else "error" if error else "done"
        wrong += self._checked(path, done)
        told = error.replace(str(path), "PATH") if error else None
        return {"outcome": outcome, "error": told, "wrong": wrong}

    def _checked(self, path: Path, done: list[str]) -> list[str]:
        """Return what is wrong with what a fault has left; the same files are checked once."""
        digest = hashlib.sha256(repr(done).encode())
        for suffix in ("", "-journal", "-wal"):
            file = path.with_name(path.name + suffix)
            if file.exists():
                os.utime(file, (0, 0))  # no process writes any more
                digest.update(file.read_bytes())
            digest.update(suffix.encode())
        known = self.folder / "checked" / digest.hexdigest()
        if not known.exists():
            _, found = forked(lambda report: self._check(path, done, report))
            if found[-1:] != ["checked"]:
                found.append("the check itself has ended")
            known.parent.mkdir(exist_ok=True)
            part = known.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps([str(each) for each in found if each != "checked"]))
            part.rename(known)
        wrong: list[str] = json.loads(known.read_text())
        return wrong

    def _check(self, path: Path, done: list[str], report: Callable[[object], None]) -> None:
        """Report what is wrong with what a fault has left."""
        operation = self.operation
        if operation.only_reads:
            for number, answer in enumerate(done):
                if answer != self.answers[number]:
                    report(f"step {number + 1} has another answer: {answer[:300]}")
        if operation.starts_sound:
            self._check_search(path, bool(done), report)
        before = rows(operation, path)
        whole = len(done) == len(operation.steps)
        if whole and before != self.states[-1]:
            report(
                f"all was reported as done, and is not there: {differs(before, self.states[-1])}"
            )
        if operation.each_is_a_transaction and before not in self.states[len(done) :][:2]:
            report(f"{len(done)} steps were reported as done, and something else is there")
        if operation.starts_sound and before:
            self._check_sound(path, report)
        for number, step in enumerate(operation.steps):
            if operation.only_reads or number >= len(done):
                answer = step(path, self.news)
                if operation.only_reads and repr(answer) != self.answers[number]:
                    report(f"step {number + 1} has another answer afterwards: {answer!r}"[:300])
        after = rows(operation, path)
        if after != self.states[-1]:
            report(f"another run ends otherwise: {differs(after, self.states[-1])}")
        self._check_sound(path, report)
        report("checked")

    def _check_search(self, path: Path, must_exist: bool, report: Callable[[object], None]) -> None:
        try:
            with Archive(path, readonly=True) as archive:
                total = archive.search(EVERYWHERE, exact=True, all_copies=True).total
                if total != archive.search("", all_copies=True).total:
                    report(f"a search finds {total}, and not all")
        except SyriaSearchError as error:
            is_new = isinstance(error, ArchiveNotFoundError) or " is empty: " in str(error)
            is_new = is_new or "is an empty database" in str(error)
            if must_exist or not is_new or self.states[0]:
                report(f"a search says {error}")

    def _check_sound(self, path: Path, report: Callable[[object], None]) -> None:
        with Archive(path) as archive:
            try:
                for line in archive.check():
                    report(f"the doctor says {line}")
            except SyriaSearchError as error:
                if "brings it up to date" not in str(error):
                    report(f"the doctor says {error}")


def differs(found: dict[str, list[Any]], expected: dict[str, list[Any]]) -> str:
    """Return which tables are other than expected."""
    names = [name for name in expected if found.get(name) != expected[name]]
    return ", ".join(name[:60] for name in names) or "no table"


def warm(folder: Path) -> None:
    """Import everything that the operations need."""
    for operation in OPERATIONS:
        each = Prepared(folder, operation)
        each.folder.mkdir()
        each.operation.start(each.start, each.news)
        for step in operation.steps:
            step(each.start, each.news)


def freeze() -> None:
    """Let the clock stand, so that runs differ by their faults only."""
    from syriasearch.ingest.readers import registry
    from syriasearch.store import creation
    from syriasearch.text import dates

    now = dates.now
    for module in list(sys.modules.values()):
        if getattr(module, "now", None) is now:
            module.now = lambda: NOW.isoformat()  # type: ignore[attr-defined]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2018, 1, 30, tzinfo=timezone.utc)

    creation.datetime = Clock  # type: ignore[attr-defined]
    # Each ingest looks for readers in other packages, which takes as long as all else.
    registry.entry_points = cache(registry.entry_points)  # type: ignore[attr-defined]


def answer(value: object) -> None:
    """Answer what was asked."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    folder = Path(sys.argv[1])
    work = folder / f"work{os.getpid()}"
    (work / "warm").mkdir(parents=True)
    warnings.simplefilter("ignore")
    warm(work / "warm")
    shutil.rmtree(work / "warm")
    freeze()
    gc.freeze()
    prepared: dict[str, Prepared] = {}
    for line in sys.stdin:
        name, *fault = json.loads(line)
        each = Prepared(folder, by_name(name))
        if not fault:
            answer(each.prepare())
            continue
        if fault == ["record"]:
            answer(each.record())
            continue
        if name not in prepared:
            prepared[name] = each
            each.read()
        kind, number, action, error, later = fault
        point = Fault(Kind(kind), number, Action(action), error, Kind(later))
        answer(prepared[name].attempt(point, work))


if __name__ == "__main__":
    main()
