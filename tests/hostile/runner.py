"""Processes in which hostile archives are asked, each with limits of time and memory."""

from __future__ import annotations

import os
import resource
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .mutations import Mutation, all_mutations
from .operations import OPERATIONS, WRITING, attempt

SECONDS = 5.0
"""The maximum of an operation, of processor time."""
PATIENCE = 60.0
"""The maximum of an operation on the clock, on a machine that does much else."""
MEMORY = 1 << 30
"""The maximum of a process, in bytes."""
SPACE = 4 << 30
"""The address space of a process, so that none takes the machine's memory."""


class Outcome(NamedTuple):
    """What came of an operation on a hostile archive."""

    mutation: str
    operation: str
    kind: str
    """right, told or wrong."""
    told: str
    seconds: float
    memory: int


def try_all(
    base: Path, name: str, mutation: Mutation, operations: Sequence[str]
) -> Iterator[Outcome]:
    """Yield what comes of operations on an archive that a mutation was done to."""
    folder = base.parent / f"copy-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    path = folder / "hostile.db"
    master = folder / "master"
    shutil.copyfile(base, master)
    try:
        mutation(master)
        left = list(operations)
        while left:
            for outcome in _run(master, path, name, [*left]):
                yield outcome
                left.remove(outcome.operation)
    finally:
        shutil.rmtree(folder)


def outcomes_of(base: Path, name: str, operations: Sequence[str]) -> list[Outcome]:
    """Return what comes of operations on an archive that a named mutation was done to."""
    return [*try_all(base, name, all_mutations()[name], operations)]


def warm_up(base: Path) -> None:
    """Do all operations once, so that processes need not load anything."""
    folder = base.parent / "warm"
    folder.mkdir()
    path = folder / "warm.db"
    for name in OPERATIONS:
        shutil.copyfile(base, path)
        outcome = attempt(path, name)
        assert outcome[0] == "right", (name, outcome)
    shutil.rmtree(folder)


def _run(master: Path, path: Path, mutation: str, operations: list[str]) -> Iterator[Outcome]:
    """Yield outcomes until all are done, or one of them had to be ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _answer(master, path, operations, writing)
    os.close(writing)
    buffer = b""
    done = 0
    start, begun = time.monotonic(), _seconds(child)
    while True:
        ready, _, _ = select.select([reading], [], [], 0.25)
        if ready:
            data = os.read(reading, 1 << 16)
            if not data:
                break
            buffer += data
            while b"\n" in buffer:
                line, buffer = buffer.split(b"\n", 1)
                kind, seconds, memory, told = line.decode(errors="replace").split("\t", 3)
                size, took = int(memory), float(seconds)
                if size > MEMORY:
                    kind, told = "wrong", f"{size >> 20} MiB"
                elif took > SECONDS:
                    kind, told = "wrong", f"{took:.1f} s"
                yield Outcome(mutation, operations[done], kind, told, took, size)
                done += 1
                start, begun = time.monotonic(), _seconds(child)
        elif _seconds(child) - begun > SECONDS or time.monotonic() - start > PATIENCE:
            os.kill(child, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if done < len(operations):
        why = "takes too long" if status == signal.SIGKILL else f"ended with {status}"
        yield Outcome(mutation, operations[done], "wrong", why, time.monotonic() - start, 0)


def _answer(master: Path, path: Path, operations: list[str], writing: int) -> None:
    """Do operations, in a process of its own, and report what comes of each."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    shutil.copyfile(master, path)
    for name in operations:
        begun = time.process_time()
        kind, told = attempt(path, name)
        seconds = time.process_time() - begun
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        line = "\t".join((kind, f"{seconds:.3f}", str(memory), " ".join(told.split())))
        os.write(writing, f"{line}\n".encode(errors="backslashreplace"))
        if name in WRITING:
            for each in path.parent.glob("hostile.db*"):
                each.unlink()
            shutil.copyfile(master, path)
    sys.stdout.flush()
    os._exit(0)


def _seconds(child: int) -> float:
    """Return the processor time of a process so far."""
    try:
        fields = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
