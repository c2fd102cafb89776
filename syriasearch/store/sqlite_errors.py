"""SQLite's errors as the package's own, each with what to do."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    NotAnArchiveError,
    TimeLimitError,
)
from .odd_values import explain
from .second_reading import read_again
from .values import DamagedValueError

TOO_LONG = "this takes too long: ask for less, with more words or a shorter time"
_OF_VALUES = (
    *(TypeError, ValueError, AttributeError, LookupError, ArithmeticError),
    *(RecursionError, MemoryError, zlib.error),
)
"""What values cause that no archive has, wherever they are used."""


@contextmanager
def translate_errors(path: str) -> Iterator[None]:
    """Translate SQLite's errors into the package's own, each with a remedy; `path` is for messages.

    So are errors of any kind that are explained by values which no archive has. Raises
    TimeLimitError if a query was interrupted, and otherwise ArchiveError or a subclass.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise NotAnArchiveError(
            f"{path} is damaged: restore a copy, or ingest its sources into a new one"
        ) from error
    except _OF_VALUES as error:
        found = explain(Path(path))
        if not found:
            raise
        raise _damaged(path, found) from error
    except DamagedValueError as error:
        raise _damaged(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        text = str(error)
        if text == "interrupted":
            raise TimeLimitError(TOO_LONG) from error
        if "decode to UTF-8" in text:
            raise _damaged(path, "a text is no UTF-8") from error
        if "locked" in text or "busy" in text:
            raise ArchiveLockedError(
                f"another process is writing to {path}: try again when it is done"
            ) from error
        if not Path(path).exists():
            raise ArchiveNotFoundError(
                f"{path} is no longer there ({text}): restore a copy, or name another with --db"
            ) from error
        if "readonly" in text:
            raise ArchiveReadOnlyError(
                f"{path} cannot be written: check the permissions of the file and its folder"
            ) from error
        if "unable to open" in text:
            raise ArchiveReadOnlyError(
                f"{path} cannot be opened: check the permissions of the file and its folder"
            ) from error
        if "postings" in text:
            raise ArchiveError(
                f"the postings of {path} are damaged: `syriasearch optimize` writes them again"
            ) from error
        if "not a database" in text:
            raise NotAnArchiveError(f"{path} is not an archive: name another file") from error
        found = read_again(Path(path)) if "malformed" in text else "damaged"
        if found == "sound":
            raise ArchiveError(
                f"{path} could not be read ({text}), though its pages are sound now: look to the "
                "disk and try again; if this stays, `syriasearch doctor` tells what is wrong"
            ) from error
        if found == "damaged" and ("malformed" in text or "corrupt" in text):
            raise NotAnArchiveError(
                f"{path} is damaged ({text}): restore a copy, or ingest its sources into a new one"
            ) from error
        if "full" in text:
            raise ArchiveError(
                f"no room to write {path}; what was reported as stored is kept: "
                "free some disk and run again"
            ) from error
        if "disk I/O" in text or found == "unreadable":
            # SQLite reports an exceeded quota or limit with this message, too.
            raise ArchiveError(
                f"{path} could not be written or read (disk I/O error); what was reported as "
                "stored is kept: look to the disk and its quotas, and run again"
            ) from error
        raise ArchiveError(
            f"{path} cannot be used (SQLite says {text}): `syriasearch doctor` tells what is wrong"
        ) from error


@contextmanager
def reading(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Translate errors from reading an archive into the package's own (see `translate_errors`)."""
    with translate_errors(str(path)):
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(connection, "stopped", False):
                # A query stopped while SQLite opens an index is reported as damage to that index.
                raise sqlite3.OperationalError("interrupted") from error
            raise


def check_values(path: Path) -> None:
    """Raise DamagedValueError if pages or values of a file are damaged."""
    found = explain(path)
    if found:
        raise DamagedValueError(found)


def _damaged(path: str, found: str) -> NotAnArchiveError:
    return NotAnArchiveError(
        f"{path} is damaged ({found}): `syriasearch doctor --repair` mends what can be mended, or "
        "restore a copy"
    )
