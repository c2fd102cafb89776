"""Sheets of workbooks, read as the tables that they are.

Each sheet is handed to the reader of CSV as a stream, so that the same columns are recognized in
the same way; a row is a line there, and has the same number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import NamedTuple

from ...text.patterns import regex
from . import csv as table
from .base import Document, Problem, SourceFile, UnreadableError, free_anchor
from .compression import RawStream
from .field_mapping import field_of

MAX_COLUMNS = 16_384
"""The maximum number of columns of a sheet in Excel."""
MAX_ROWS = 2**20
"""The maximum number of rows of a sheet in Excel."""
MAX_CELL = 32_767
"""The maximum length of a cell in Excel, which cuts what is longer."""
_HEAD_ROWS = 25
"""The number of rows among which the names of the columns are."""
_SERIALS = (18_264, 73_050)
"""The days of 1950 and 2100, as numbers without a format."""
_LINE = regex(r"\b(?:the row in )?line (\d+)\b")
_BREAK = "\u2028"
"""The character that replaces a line end within a cell."""


class Number(str):
    """A cell with a number that is not formatted as a date."""

    __slots__ = ()


class Link(str):
    """A cell whose text is a link."""

    target: str

    @classmethod
    def to(cls, target: str, text: str) -> Link:
        """Return the text of a link with its target, which is not followed."""
        link = cls(text)
        link.target = target
        return link


class Row(NamedTuple):
    """A row of a sheet."""

    sheet: str
    number: int
    """Its number in the sheet, from 1."""
    cells: Sequence[str]


def read_sheets(rows: Iterable[Row], file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the articles in the rows of each sheet, and problems.

    A sheet that is no table of articles is only noted if another one is.
    """
    anchors: dict[str, int] = {}
    unread: list[tuple[str, str]] = []
    is_read = False
    for sheet, members in groupby(rows, key=attrgetter("sheet")):
        lines = _Lines(members, file.columns)
        part = replace(file, opener=partial(_Lines.buffered, lines))
        renamed: dict[str, str] = {}
        try:
            for item in table.read(part, delimiters=(",",)):
                is_read = is_read or isinstance(item, Document)
                yield _placed(item, sheet, renamed, anchors)
        except UnreadableError as error:
            if lines.count:
                unread.append((sheet, str(error)))
        for number in lines.cut:
            message = f"row {number} of {sheet} has a text that was cut at {MAX_CELL:,} characters"
            yield Problem(message, f"{sheet}!{number}", lost=False)
    if not is_read and len(unread) <= 1:
        raise UnreadableError(unread[0][1] if unread else "holds no rows: leave it out, or fill it")
    for sheet, message in unread:
        yield Problem(f"sheet {sheet} {message}", sheet, lost=not is_read)


def _placed(
    item: Document | Problem, sheet: str, renamed: dict[str, str], anchors: dict[str, int]
) -> Document | Problem:
    """Return an item of a sheet with an anchor that is unique in the workbook."""
    anchor = item.anchor
    if anchor is not None:
        if anchor not in renamed:
            is_place = anchor.isdecimal() and (isinstance(item, Problem) or item.positional)
            renamed[anchor] = free_anchor(f"{sheet}!{anchor}" if is_place else anchor, anchors)
        anchor = renamed[anchor]
    if isinstance(item, Problem):
        message = _LINE.sub(rf"row \1 of {re.escape(sheet)}", item.message)
        return replace(item, message=message, anchor=anchor)
    return replace(item, anchor=anchor, text=item.text.replace(_BREAK, "\n"))


class _Lines(RawStream):
    """The rows of a sheet as lines of CSV, from the names of its columns on."""

    def __init__(self, rows: Iterable[Row], columns: Iterable[tuple[str, str]]) -> None:
        self.count = 0
        """The number of rows that are not empty."""
        self.cut: list[int] = []
        """The numbers of the first rows with a cell that Excel has cut."""
        self._mapped = {name.casefold(): field for field, name in columns}
        self._lines = self._encoded(iter(rows))
        self._held = b""

    def read_next(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        self._held = self._held or next(self._lines, b"")
        data, self._held = self._held[:size], self._held[size:]
        return data

    def _encoded(self, rows: Iterator[Row]) -> Iterator[bytes]:
        head = list(islice(rows, _HEAD_ROWS))
        header = self._header(head)
        if header is None:
            return
        names = [name.strip() for name in head[header].cells]
        width = max((place + 1 for place, name in enumerate(names) if name), default=0)
        fields = [self._mapped.get(name.casefold()) or field_of(name) for name in names]
        last = 0
        # The names of columns are on one line each.
        first = head[header]
        named = first._replace(cells=[" ".join(cell.split()) for cell in first.cells])
        for row in chain([named], head[header + 1 :], rows):
            yield self._line(row, last, fields[:width])
            last = row.number

    def _header(self, head: Sequence[Row]) -> int | None:
        """Return the index of the row with the names: of the first with a text, else with names."""
        for number, row in enumerate(head):
            names = {cell.strip().casefold() for cell in row.cells}
            fields = {field_of(name) for name in names}
            if names & self._mapped.keys() or (
                len(names - {""}) > 1 and fields & {"text", "summary"}
            ):
                return number
        filled = [sum(bool(cell.strip()) for cell in row.cells) for row in head]
        several = (number for number, count in enumerate(filled) if count > 1)
        return next(several, next((number for number, count in enumerate(filled) if count), None))

    def _line(self, row: Row, last: int, fields: Sequence[str | None]) -> bytes:
        cells = [_value(cell, field) for cell, field in zip(row.cells, fields, strict=False)]
        self.count += any(cells)
        if len(self.cut) < _HEAD_ROWS and any(len(cell) == MAX_CELL for cell in cells):
            self.cut.append(row.number)
        out = io.StringIO()
        out.write("\n" * min(max(row.number - last - 1, 0), MAX_ROWS))
        if any(cells):
            lines = (_BREAK.join(cell.splitlines()) for cell in cells)
            csv.writer(out, lineterminator="\n").writerow(lines)
        else:
            out.write("\n")
        return out.getvalue().encode("utf-8", "replace")


def number_text(value: str) -> str:
    """Return a number as a person would write it: an integer without a point.

    >>> [number_text(value) for value in ("12.0", "1.2E+3", "0.5")]
    ['12', '1200', '0.5']
    """
    try:
        number = Decimal(value)
        if number == number.to_integral_value() and abs(number) < 10**20:
            return str(int(number))
        return str(float(value))
    except (InvalidOperation, ValueError, OverflowError):
        return value


def date_text(value: str, *, from_1904: bool = False) -> str:
    """Return the day and the time of a serial number: the days since the end of 1899, or 1904.

    >>> date_text("43127.5")
    '2018-01-27 12:00:00'
    """
    try:
        moment = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        moment += timedelta(seconds=round(float(value) * 86_400))
    except (ValueError, OverflowError):
        return value
    has_time = moment.time() != datetime.min.time()
    if 0 < float(value) < 1:
        return moment.time().isoformat()
    return moment.isoformat(" ") if has_time else moment.date().isoformat()


def _value(cell: str, field: str | None) -> str:
    """Return the value of a cell for a field: of a date the day, of an address where it leads."""
    if field == "url" and isinstance(cell, Link):
        return cell.target
    return _as_day(cell) if field == "date" and isinstance(cell, Number) else cell


def _as_day(cell: Number) -> str:
    """Return a number in a column of dates as a day, if it is one of these times."""
    try:
        is_serial = _SERIALS[0] <= float(cell) <= _SERIALS[1]
    except ValueError:
        is_serial = False
    return date_text(cell) if is_serial else cell
