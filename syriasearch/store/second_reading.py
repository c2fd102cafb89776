"""The second look at a file that SQLite calls malformed: it may be whole, and the disk have failed.

SQLite reports a read that fails (EIO) with the same error as damage. What is not so when it is read
again was no damage, and must not be taken for it: a repair would write it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from ..text.patterns import regex
from .sql import STEPS

CHECK_SECONDS = 2.0
"""Seconds that a check of all pages may take; without a result the first reading is believed."""
_IO_ERROR = 10
"""SQLite's code for errors of the disk, of which others are made with more bits."""
_OF_READING = ("disk I/O", "unable to open", "is full", "is locked", "readonly", "interrupted")
"""What SQLite says of a disk that fails, and of another process that writes."""
_WITH_CODE = regex(r"error code[ =](\d+)")


def read_again(path: Path) -> Literal["sound", "damaged", "unreadable"]:
    """Return what the pages of a file are when they are read through a new connection."""
    deadline = time.monotonic() + CHECK_SECONDS
    name = quote(os.fsencode(path.absolute()))
    try:
        with closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
            lines = [str(line) for (line,) in connection.execute("PRAGMA quick_check(10)")]
    except sqlite3.OperationalError as error:
        return "damaged" if "interrupted" in str(error) else "unreadable"
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return "damaged"
    if lines == ["ok"]:
        return "sound"
    return "unreadable" if any(map(is_io_error, lines)) else "damaged"


def is_io_error(line: str) -> bool:
    """Return whether a line of SQLite's integrity check reports that a page could not be read."""
    codes = _WITH_CODE.findall(line)
    return any(int(code) & 0xFF == _IO_ERROR for code in codes)


def is_malformed(error: Exception) -> bool:
    """Return whether an error is one of what was read, and not of reading it."""
    return not any(text in str(error) for text in _OF_READING)
