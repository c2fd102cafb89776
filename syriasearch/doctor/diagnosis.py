"""Diagnosis: all checks of an archive, without what only a repair needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..store.connection import check_file, check_filled, open_second_reader, open_writer
from ..store.schema import check_current
from ..store.second_reading import read_again
from ..store.sql import roll_back
from ..store.sqlite_errors import translate_errors
from . import Damage, find_damages
from .check_schema import true_marks


def diagnose(path: Path) -> list[Damage]:
    """Return the damage to an archive; if some of it cannot be repaired, only that.

    Raises ArchiveError.
    """
    with open_damaged(path) as connection, closing(open_second_reader(path)) as reader:
        marks = true_marks(connection)
        if marks is None:
            check_filled(connection, path)
        else:
            check_current(marks.version, str(path))
        connection.execute("BEGIN IMMEDIATE")
        try:
            damages = list(find_damages(connection, reader))
            if any(each.by_reading for each in damages):
                _confirm(path, damages, find_damages(connection, reader))
            return [each for each in damages if each.mend is None] or damages
        finally:
            roll_back(connection)


def _confirm(path: Path, damages: Iterable[Damage], again: Iterable[Damage]) -> None:
    """Raise sqlite3.OperationalError if what was found is that the file cannot be read."""
    if set(damages) != set(again) or read_again(path) == "unreadable":
        raise sqlite3.OperationalError("disk I/O error")


@contextmanager
def open_damaged(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an archive for writing that may be damaged. Raises ArchiveError."""
    check_file(path)
    with (
        closing(open_writer(path, log=False, damaged=True)) as connection,
        translate_errors(str(path)),
    ):
        yield connection
