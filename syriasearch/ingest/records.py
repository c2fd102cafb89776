"""Record sets: articles that a program hands over, read like those of a file.

A set has a name, under which its articles are known as those of a file are under its path. It is
read once, record by record.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ..errors import OptionError, SourceError, SyriaSearchError
from ..models.options import as_text
from .readers import Document, Problem, SourceFile
from .readers.base import LIMIT, MAX_ARTICLE_BYTES
from .readers.field_mapping import Record, read_records
from .record_tables import rows_of
from .record_values import plain_record, record_mapping

DEFAULT_NAME = "records"
"""The name of a set that was given none."""
MAX_NAME = 200
EMPTY = "holds no records: nothing was ingested of it"
PREFIX = "records:"
"""The prefix that distinguishes the name of a set from a path, in the record of a run."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordSet:
    """The records of a run, under one name. To be read once."""

    name: str
    rows: Iterator[Any]
    is_empty: bool

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield the articles in the records, and problems.

        Raises SourceError if the records end with an exception of the program that makes them.
        """
        if self.is_empty:
            yield Problem(EMPTY, lost=False)
        else:
            records = (_record(number, row) for number, row in enumerate(self.rows, start=1))
            yield from read_records(records, file, empty=EMPTY)


def make_record_set(sources: Iterable[Any], name: str | None) -> RecordSet:
    """Return records as one set, after reading the first of them.

    Raises OptionError for what holds no records, or a name that cannot be used, and SourceError if
    the records begin with an exception.
    """
    name = _checked_name(name)
    rows = _guarded(chain.from_iterable([rows_of(each) for each in sources]))
    first = list(_first(rows))
    if first and isinstance(first[0], (str, bytes, os.PathLike)):
        kind = type(first[0]).__name__
        raise OptionError(
            f"sources takes paths one by one, as in ingest(*paths), and records with fields: "
            f"the first of these has the type {kind}"
        )
    return RecordSet(name, chain(first, rows), not first)


def _checked_name(name: str | None) -> str:
    if name is None:
        return DEFAULT_NAME
    checked = " ".join(as_text("name", name).split())
    if not checked or len(checked) > MAX_NAME or "#" in checked or not checked.isprintable():
        raise OptionError(
            f"name takes a name of the records, without # and of at most {MAX_NAME} characters, "
            f"not {name[:50]!r}"
        )
    return checked


def _first(rows: Iterator[Any]) -> Iterator[Any]:
    for row in rows:
        yield row
        return


def _guarded(rows: Iterator[Any]) -> Iterator[Any]:
    """Yield rows; an exception of the program that makes them is raised as a SourceError."""
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except SyriaSearchError:
            raise
        except Exception as error:
            raise SourceError(
                f"the records end with an error after record {number} ({_one_line(error)}): what "
                "was stored before is kept; mend it, and ingest them again"
            ) from error
        number += 1
        yield row


def _record(number: int, row: object) -> Record | Problem:
    try:
        values = record_mapping(row)
        if values is None:
            kind = type(row).__name__
            message = (
                f"record {number} has the type {kind}, without names of fields: give a mapping"
            )
            return Problem(message, str(number))
        plain = plain_record(values)
    except Exception as error:  # of the program that made the record
        message = f"record {number} cannot be read ({_one_line(error)}): mend it"
        return Problem(message, str(number))
    if _size(plain) > MAX_ARTICLE_BYTES:
        return Problem(f"record {number} has more than {LIMIT}: split it", str(number))
    return Record(number, f"record {number}", plain)


def _size(value: object) -> int:
    """Return the number of characters in a record."""
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if isinstance(value, list):
        return sum(map(_size, value))
    return len(value) if isinstance(value, str) else 0


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
