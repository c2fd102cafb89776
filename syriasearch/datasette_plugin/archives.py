"""Archives among Datasette's databases, searched in threads outside its event loop.

An archive is opened for reading, and kept open as long as its file is the same; a few threads
search.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from .. import (
    Archive,
    ArchiveNotFoundError,
    ArchiveVersionError,
    NotAnArchiveError,
    SyriaSearchError,
)

T = TypeVar("T")

SECONDS = 1.0
"""The maximum time of a question."""
THREADS = max(2, min(4, os.cpu_count() or 1))
"""The number of threads. Their work is mostly arithmetic, so more would only wait for each other,
and each caches what it has read."""
KEPT = 8
"""The number of archives that stay open: those used last."""

_File = tuple[int, int]
_open: dict[Path, tuple[_File, Archive]] = {}
_refused: dict[Path, tuple[tuple[int, ...], tuple[type[SyriaSearchError], str]]] = {}
"""Files that are not archives, or not for this version, with their state when they were opened."""
_seen: dict[Path, _File] = {}
"""Files that were archives when they were opened."""
_lock = threading.Lock()
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="syriasearch")


async def ask(database: Any, question: Callable[[Archive], T], times: int = 1) -> T:
    """Return an archive's answer to a question, computed in another thread.

    `times` multiplies the time limit, for a question that makes many requests.

    Raises NotAnArchiveError for another kind of database, TimeLimitError for a question that takes
    longer, and anything that the question raises.
    """

    def answer() -> T:
        archive = opened(database.path)
        with archive.within(times * SECONDS):
            return question(archive)

    if not database.path:
        raise NotAnArchiveError(f"{database.name} is a database in memory")
    return await asyncio.get_running_loop().run_in_executor(_threads, answer)


async def is_archive(database: Any) -> bool:
    """Tell whether a database is an archive that can be read."""
    if not database.path:
        return False
    path = Path(database.path).resolve()
    try:
        # A known archive is not opened for this, and does not wait for the threads.
        if _seen.get(path) != _file(_state(path)):
            await asyncio.get_running_loop().run_in_executor(_threads, opened, path)
    except SyriaSearchError:
        return False
    return True


def opened(path: str | Path) -> Archive:
    """Return the archive in a file, opened again if the file was replaced.

    An archive that is dropped is closed when nothing uses it any more.
    """
    path = Path(path).resolve()
    state = _state(path)
    with _lock:
        known = _open.pop(path, None)
        if known and known[0] == _file(state):
            _open[path] = known  # the latest is the last
            return known[1]
        refused = _refused.get(path)
    if refused and refused[0] == state:
        kind, message = refused[1]
        raise kind(message)
    try:
        archive = Archive(path, readonly=True)
    except (NotAnArchiveError, ArchiveVersionError) as error:
        _refused[path] = (state, (type(error), str(error)))
        raise
    with _lock:
        _open[path] = (_file(state), archive)
        _seen[path] = _file(state)
        while len(_open) > KEPT:
            del _open[next(iter(_open))]
    return archive


def _state(path: Path) -> tuple[int, ...]:
    """Return the identity and state of a file. Raises ArchiveNotFoundError."""
    try:
        about = path.stat()
    except OSError:
        with _lock:
            _open.pop(path, None)
        raise ArchiveNotFoundError(f"there is no file {path}") from None
    return (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)


def _file(state: tuple[int, ...]) -> _File:
    return state[0], state[1]
