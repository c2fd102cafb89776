"""Formats that are recognized and not read: what a file is, and what to do with it.

They are in data/unread_formats.csv, by the bytes they begin with. Those that may hold articles
(`articles`) are reported wherever they are found, others only if the user names the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ...store.schema import APPLICATION_ID
from .base import Document, Problem, SourceFile, UnreadableError

_SQLITE = b"SQLite format 3\0"
_PLACE_OF_ID = slice(68, 72)
"""Where an SQLite file has the id of the program that made it."""


class Signature(NamedTuple):
    """The bytes at a place of a file that tell its format."""

    kind: str
    offset: int
    magic: bytes
    message: str


@lru_cache(maxsize=1)
def signatures() -> tuple[Signature, ...]:
    """Return the known formats, in order."""
    path = Path(__file__).parent / "data" / "unread_formats.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Signature(
                row["kind"],
                int(row["offset"]),
                row["magic"].encode().decode("unicode_escape").encode("latin-1"),
                f"is {row['name']}: {row['advice']}",
            )
            for row in csv.DictReader(stream)
        )


def message_of(head: bytes, *, kind: str | None = None) -> str | None:
    """Return what a file is that begins like this, and what to do; None if it is unknown.

    An archive of this program is no source, and lies among these at most by chance.
    """
    if head.startswith(_SQLITE) and int.from_bytes(head[_PLACE_OF_ID], "big") == APPLICATION_ID:
        return None if kind else "is an archive of this program: search it, or ingest its sources"
    return next(
        (
            each.message
            for each in signatures()
            if head.startswith(each.magic, each.offset) and (kind is None or each.kind == kind)
        ),
        None,
    )


def claims(head: bytes) -> bool:
    """Return whether a file begins like one that may hold articles, and is not read."""
    return message_of(head, kind="articles") is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the problem that a file is."""
    with file.open() as stream:
        head = stream.read(128)
    raise UnreadableError(message_of(head) or "is in a format that is not read: save it as text")
    yield
