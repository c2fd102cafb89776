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
    TimeLimitError,
)

T = TypeVar("T")

SECONDS = 1.0
"""The maximum time of a request to an archive."""
PATIENCE = 6 * SECONDS
"""The maximum on the clock, on a machine that does much else: more than the limit of `within`."""
QUEUED = 60.0
"""The maximum number of seconds that a request waits for a thread."""
THREADS = max(2, min(4, os.cpu_count() or 1))
"""The number of threads. Their work is mostly arithmetic, so more would only wait for each other,
and each caches what it has read."""
KEPT = 8
"""The number of archives that stay open: those used last."""

_State = tuple[int, ...]
"""The device and inode of a file, its size and time; the first two are its identity."""
_open: dict[Path, tuple[_State, Archive]] = {}
_refused: dict[Path, tuple[_State, type[SyriaSearchError], str]] = {}
"""Files that are not archives, or not for this version, with their state when they were opened."""
_seen: dict[Path, _State] = {}
"""Files that were archives when they were opened."""
_lock = threading.Lock()
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="syriasearch")


async def ask(database: Any, request: Callable[[Archive], T], times: int = 1) -> T:
    """Return what a request to an archive returns, computed in another thread.

    `times` multiplies the time limit, for what makes many requests. It ends on the clock too, from
    the moment a thread is free: what takes longer, such as arithmetic that nothing interrupts, goes
    on in its thread, and is lost.

    Raises NotAnArchiveError for another kind of database, TimeLimitError for a request that takes
    longer, and anything that the request raises.
    """

    loop = asyncio.get_running_loop()
    begun = asyncio.Event()

    def answer() -> T:
        loop.call_soon_threadsafe(begun.set)
        archive = open_archive(database.path)
        with archive.within(times * SECONDS):
            return request(archive)

    if not database.path:
        raise NotAnArchiveError(f"{database.name} is a database in memory")
    answering = loop.run_in_executor(_threads, answer)
    try:
        await asyncio.wait_for(begun.wait(), QUEUED)
        return await asyncio.wait_for(answering, times * PATIENCE)
    except asyncio.TimeoutError:
        raise TimeLimitError("this takes too long: ask for less") from None


async def change(database: Any, correct: Callable[[Archive], T]) -> T:
    """Return what a function returns that writes into an archive, called in another thread.

    Raises NotAnArchiveError for another kind of database, and anything that the function raises.
    """

    def write() -> T:
        open_archive(database.path)  # raises an error for what is no archive
        with Archive(database.path) as archive:
            return correct(archive)

    if not database.path:
        raise NotAnArchiveError(f"{database.name} is a database in memory")
    return await asyncio.get_running_loop().run_in_executor(_threads, write)


async def is_archive(database: Any) -> bool:
    """Tell whether a database is an archive that can be read."""
    if not database.path:
        return False
    path = Path(database.path).resolve()
    try:
        # A known archive is not opened for this, and does not wait for the threads.
        if _seen.get(path) != _state(path)[:2]:
            await asyncio.get_running_loop().run_in_executor(_threads, open_archive, path)
    except SyriaSearchError:
        return False
    return True


def open_archive(path: str | Path) -> Archive:
    """Return the archive in a file, opened again if the file was replaced.

    An archive that is dropped is closed when nothing uses it any more.
    """
    path = Path(path).resolve()
    state = _state(path)
    with _lock:
        known = _open.pop(path, None)
        if known and known[0] == state[:2]:
            _open[path] = known  # the latest is the last
            return known[1]
        refused = _refused.get(path)
    if refused and refused[0] == state:
        _, kind, message = refused
        raise kind(message)
    try:
        archive = Archive(path, readonly=True)
    except (NotAnArchiveError, ArchiveVersionError) as error:
        _refused[path] = (state, type(error), str(error))
        raise
    with _lock:
        _open[path] = (state[:2], archive)
        _seen[path] = state[:2]
        while len(_open) > KEPT:
            del _open[next(iter(_open))]
    return archive


def _state(path: Path) -> _State:
    """Return the state of a file. Raises ArchiveNotFoundError."""
    try:
        stat = path.stat()
    except OSError:
        with _lock:
            _open.pop(path, None)
        raise ArchiveNotFoundError(f"there is no file {path}") from None
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns
