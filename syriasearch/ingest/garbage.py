"""Garbage collection while articles are prepared."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_COLLECTOR = threading.Lock()
_RARELY = (50_000, 20, 100)
"""Thresholds of the garbage collector for articles, which are many objects and no cycles."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the garbage collector, which finds next to nothing in articles, run less often."""
    # Of several runs in one process, the first sets the thresholds, and restores them.
    if not _COLLECTOR.acquire(blocking=False):
        yield
        return
    before = gc.get_threshold()
    try:
        if gc.isenabled() and 0 < before[0] < _RARELY[0]:
            gc.set_threshold(*_RARELY)
        yield
    finally:
        gc.set_threshold(*before)
        _COLLECTOR.release()
