"""Which of Datasette's databases are archives, and how are they asked beside its event loop?

An archive is opened to read, and kept while its file stays the same one; a few threads ask.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from .. import Archive, ArchiveNotFoundError, NotAnArchiveError, SyriaSearchError

T = TypeVar("T")

SECONDS = 1.0
"""No question takes longer."""
THREADS = max(2, min(4, os.cpu_count() or 1))
"""What they do is mostly arithmetic: more would only wait for each other, and each keeps in mind
what it has read."""
KEPT = 8
"""So many archives stay open, those that were asked last."""

_File = tuple[int, int]
_open: dict[Path, tuple[_File, Archive]] = {}
_refused: dict[Path, tuple[int, ...]] = {}
_lock = threading.Lock()
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="syriasearch")


async def ask(database: Any, question: Callable[[Archive], T], times: int = 1) -> T:
    """Return an archive's answer to a question, which is asked in another thread.

    One that asks much has a multiple of the time.

    Raises NotAnArchiveError for another kind of database, TimeLimitError for a question that takes
    longer, and what the question raises.
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
    try:
        await ask(database, lambda archive: None)
    except SyriaSearchError:
        return False
    return True


def opened(path: str | Path) -> Archive:
    """Return the archive in a file, opened anew where another file is there than before.

    One that is put away is closed when nothing is asked of it any more.
    """
    path = Path(path).resolve()
    try:
        about = path.stat()
    except OSError:
        with _lock:
            _open.pop(path, None)
        raise ArchiveNotFoundError(f"there is no file {path}") from None
    file = (about.st_dev, about.st_ino)
    state = (*file, about.st_size, about.st_mtime_ns)
    with _lock:
        known = _open.pop(path, None)
        if known and known[0] == file:
            _open[path] = known  # the latest is the last
            return known[1]
        if _refused.get(path) == state:
            raise NotAnArchiveError(f"{path} is no archive")
    try:
        archive = Archive(path, readonly=True)
    except NotAnArchiveError:
        with _lock:
            _refused[path] = state
        raise
    with _lock:
        _open[path] = (file, archive)
        while len(_open) > KEPT:
            del _open[next(iter(_open))]
    return archive
