"""How does one process at a time write into the shards of a cluster?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import ArchiveLockedError
from ..store.sqlite_errors import translate_errors

PATIENCE_S = 5.0
"""So long is waited for another process that writes."""


@contextmanager
def alone(cluster: Path, seconds: float | None = None) -> Iterator[None]:
    """Keep others from writing into a cluster's shards, and its file, until this is left.

    A file beside the cluster's is locked, as SQLite locks, so that the end of a process ends it.
    Raises ArchiveLockedError where another has it for longer than so many seconds, PATIENCE_S where
    that is None.
    """
    cluster.parent.mkdir(parents=True, exist_ok=True)
    lock = cluster.with_suffix(".lock")
    with translate_errors(str(lock)):
        patience = PATIENCE_S if seconds is None else seconds
        connection = sqlite3.connect(lock, timeout=patience, isolation_level=None)
    with closing(connection):
        try:
            with translate_errors(str(lock)):
                connection.execute("BEGIN EXCLUSIVE")
        except ArchiveLockedError as error:
            raise ArchiveLockedError(
                f"another process is writing into {cluster}: try again when it is done"
            ) from error
        yield
