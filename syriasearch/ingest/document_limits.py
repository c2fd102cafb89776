"""Limits of time and memory for a document that is prepared in a worker process.

A process sets its own limits before each document, and is ended by the system when it exceeds its
CPU time, whatever it is doing. A lack of memory is a MemoryError. Neither is known to Windows.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path
from typing import NamedTuple

SECONDS = 30.0
"""The CPU time that any document may take."""
SECONDS_PER_MEGABYTE = 10.0
"""The CPU time that it may take in addition for each megabyte of its text; it needs a tenth."""
MEMORY = 2 * 2**30
"""The number of bytes that a process may allocate in addition for a document."""
TOO_LARGE = "needs too much memory: split it, or leave it out"
"""The problem of a document that exceeds it."""
_STATUS = Path("/proc/self/statm")


class Limits(NamedTuple):
    """The limits of a document."""

    seconds: float = SECONDS
    seconds_per_megabyte: float = SECONDS_PER_MEGABYTE
    memory: int = MEMORY

    def seconds_for(self, size: int) -> float:
        """Return the CPU time that a document of a size may take."""
        return self.seconds + self.seconds_per_megabyte * size / 1e6


def prepare_limits() -> None:
    """Let the limit of time end this process, without a core dump."""
    if sys.platform != "win32":
        import resource

        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def begin_document(limits: Limits, size: int) -> None:
    """Limit the time and the memory that this process takes from now on."""
    if sys.platform == "win32":
        return
    import resource

    signal.setitimer(signal.ITIMER_PROF, limits.seconds_for(size))
    with contextlib.suppress(OSError, ValueError):
        # Where the size of a process is not known, its memory is not limited.
        used = int(_STATUS.read_text("ascii").split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (used + limits.memory, hard))


def end_document() -> None:
    """End the limit of time."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)


def exceeded_time(exit_status: int | None) -> bool:
    """Return whether the exit status of a process says that it was ended by the limit of time."""
    return sys.platform != "win32" and exit_status == -signal.SIGPROF


def ending(exit_status: int | None) -> str:
    """Return how a process ended, in a few words."""
    if exit_status is not None and exit_status < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-exit_status).name
    return f"exit status {exit_status}"
