"""The injector of faults, from Python: `injector.c`, compiled by the C compiler of this machine."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import sys
import sysconfig
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parent / "injector.c"
SUFFIXES = ("", "-journal", "-wal", "-shm")
"""The files of an archive, in the order of the numbers by which the injector knows them."""
FOLDER = 9
"""The number by which it knows their folder."""


class Kind(IntFlag):
    """The kinds of calls."""

    OPEN = 1
    READ = 2
    WRITE = 4
    SYNC = 8
    TRUNCATE = 16
    UNLINK = 32
    MAP = 64


ALL = Kind(127)


class Action(IntEnum):
    """What happens to a call."""

    FAIL = 1
    CUT = 2
    KILL_BEFORE = 3
    KILL_AMID = 4
    KILL_AFTER = 5


class Fault(NamedTuple):
    """A fault of one call, and perhaps of all later ones of some kinds."""

    kind: Kind
    number: int
    action: Action
    error: int = errno.EIO
    later: Kind = Kind(0)

    def __str__(self) -> str:
        how = "from then on" if self.later else "once"
        name = errno.errorcode[self.error] if self.action == Action.FAIL else how
        return f"{self.kind.name} {self.number} {self.action.name} {name} {how}"


class Injector:
    """The library in this process, which was started with it."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self._library.faults_arm.argtypes = (
            [ctypes.c_int] * 2 + [ctypes.c_long] + [ctypes.c_int] * 2
        )
        self._library.faults_count.restype = ctypes.c_long
        self._library.faults_mark.argtypes = [ctypes.c_int64]

    def watch(self, path: Path) -> None:
        """Count the calls of an archive's files."""
        self._library.faults_watch(os.fsencode(path))

    def arm(self, fault: Fault) -> None:
        """Let a fault happen."""
        self._library.faults_arm(fault.kind, fault.later, fault.number, fault.action, fault.error)

    def counts(self) -> dict[Kind, int]:
        """Return how many calls there were."""
        return {kind: self._library.faults_count(kind) for kind in Kind}

    def was_hit(self) -> bool:
        """Return whether the fault has happened."""
        return bool(self._library.faults_hit())

    def record(self, descriptor: int) -> None:
        """Record calls that change the files into an open file."""
        self._library.faults_record(descriptor)

    def mark(self, number: int) -> None:
        """Record that so many steps were reported as done."""
        self._library.faults_mark(number)


def why_not() -> str:
    """Return why faults cannot be injected on this machine; nothing if they can."""
    if not sys.platform.startswith("linux"):
        return "faults are injected with LD_PRELOAD, on Linux"
    if compiler() is None:
        return "there is no C compiler, which makes the injector of faults"
    return ""


def compiler() -> str | None:
    """Return the C compiler."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


def build(folder: Path) -> Path:
    """Compile the library into a folder."""
    target = folder / f"injector{sysconfig.get_config_var('SHLIB_SUFFIX') or '.so'}"
    command = [str(compiler()), "-O2", "-Wall", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*command, "-o", target, SOURCE, "-ldl", "-lpthread"], check=True)
    return target


def fast_folder() -> str | None:
    """Return a folder in memory, if there is one: a sync to a disk takes milliseconds."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) else None
