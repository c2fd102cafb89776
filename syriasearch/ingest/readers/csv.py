"""Reader of CSV and TSV: an article in each row, with fields named by the first one."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from ...text.patterns import regex
from .base import MAX_ARTICLE_BYTES, Document, Problem, SourceFile, UnreadableError
from .charset import decode, guess_note, head_text, legacy_encoding, lines
from .field_mapping import Record, field_of, read_records
from .hxl import MAX_ROWS, is_tag_row, may_have_tags
from .record_shapes import NO_COLUMN, WITHOUT_TEXT, shape_of_keys
from .tables import tagged_columns

MAX_ROW_LINES = 10_000
"""The maximum number of lines in a row; an unclosed quotation mark would take all that follow."""
_RECOVERIES = 100
"""The maximum number of rows over several lines that are given up, to read the rest again."""
DELIMITERS = (",", "\t", ";", "|")
_DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_SEPARATOR = regex(r'"?sep=([,;|\t])"?')
"""The line that declares the delimiter to Excel."""
_BREAK = regex(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_GUARD = regex(r"'(?=\s*[=+@＝＋＠－-]|[\t\r])")
"""The apostrophe before a text that a spreadsheet would calculate, as exports have it."""


def claims(head: bytes, delimiters: tuple[str, ...] = DELIMITERS) -> bool:
    """Return whether the first line names several fields of articles, including the text.

    A row of HXL tags in one of the first lines names them as well.
    """
    text = head_text(head[:4096])
    first = text.split("\n", 1)[0]
    tagged = filter(may_have_tags, text.splitlines()[:MAX_ROWS])
    if any(is_tag_row(row) for line in tagged for sep in delimiters for row in _cells(line, sep)):
        return True
    for delimiter in delimiters:
        names = [field_of(name.strip(' "\r')) for name in first.split(delimiter)]
        known = {name for name in names if name}
        if "text" in known and len(known) > 1 and 2 * len(known) > len(names):
            return True
        if shape_of_keys(name.strip(' "\r') for name in first.split(delimiter)):
            return True
    return False


def read(
    file: SourceFile, delimiters: tuple[str, ...] = DELIMITERS
) -> Iterator[Document | Problem]:
    """Yield an article or a problem for each row, in constant memory."""
    with file.open() as stream:
        table = _Table(stream)
        header, problems = table.header(delimiters)
        yield from problems
        if not header:
            raise UnreadableError("holds no rows: leave it out, or fill it")
        shape = shape_of_keys(header)
        if shape and shape.kind == "listing":
            if not file.columns and "text" not in map(field_of, header):
                raise UnreadableError(f"is a {shape.name}, which {WITHOUT_TEXT}")
            shape = None
        file = replace(file, columns=(*table.tagged, *file.columns))
        known = shape.columns(dict.fromkeys(header, True)) if shape else ()
        fields = {field_of(name) for name in header}
        fields |= {field for field, name in (*known, *file.columns) if name != NO_COLUMN}
        if not fields & {"text", "summary"}:
            raise UnreadableError(
                f"has no column that is its text, only {_shown(header)}: "
                "name one with --map text=COLUMN"
            )
        names = {name.casefold() for name in header}
        for field, column in file.columns:
            if column.casefold() not in names:
                message = f"has no column {column!r} to be the {field}, only {_shown(header)}"
                yield Problem(message, lost=False)
        empty = "holds no rows below its names: leave it out, or fill it"
        yield from read_records(table.records(header), file, empty=empty, has_header=True)
        if table.note:
            yield Problem(table.note, lost=False)


def _cells(line: str, delimiter: str) -> Iterator[list[str]]:
    with suppress(csv.Error):
        yield from csv.reader([line], delimiter=delimiter)


def _shown(names: list[str]) -> str:
    return ", ".join(names[:12])[:200]


class _Table:
    """The rows of a table.

    It is also the iterator of the lines that the parser of a row takes; if the row cannot be
    parsed, its lines are read again.
    """

    def __init__(self, stream: BinaryIO) -> None:
        # The encoding cannot be determined from one short line alone.
        peek = getattr(stream, "peek", None)
        self._encoding = legacy_encoding(peek(1)) if peek else None
        self._numbered = lines(stream)
        self._waiting: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []
        """The lines of the current row, with their numbers."""
        self._size = 0
        self._is_cut = False
        """Whether the current row was ended within a quotation."""
        self._problems: list[Problem] = []
        self._delimiter = ","
        self.note: str | None = None
        """A note on the charset, if that was uncertain."""
        self.tagged: list[tuple[str, str]] = []
        """The fields of columns by their HXL tags."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next line of a row."""
        is_long = self._size > MAX_ARTICLE_BYTES or len(self._taken) > MAX_ROW_LINES
        if is_long or not (self._waiting or self._fill()):
            self._is_cut = bool(self._taken)
            raise StopIteration
        self._taken.append(self._waiting.popleft())
        line = self._taken[-1][1]
        self._size += len(line)
        return line

    def _fill(self) -> bool:
        for number, data in self._numbered:
            if isinstance(data, Problem):
                self._problems.append(data)
                continue
            try:
                text = self._decode(number, data).replace("\0", "")
            except UnreadableError as error:
                self._problems.append(Problem(f"line {number} {error}", str(number)))
                continue
            self._waiting.extend((number, line) for line in _BREAK.findall(text))
            if self._waiting:
                return True
        return False

    def _decode(self, number: int, data: bytes) -> str:
        with suppress(UnicodeDecodeError):
            return data.decode("utf-8-sig" if number == 1 else "utf-8")
        if self._encoding:
            with suppress(UnicodeDecodeError):
                text = data.decode(self._encoding)
                self.note = self.note or guess_note(self._encoding)
                return text
        text, note = decode(data)
        if note and not self.note:
            self.note = f"line {number} {note}"
            guessed = re.search(r"read as (\w+)", note)
            self._encoding = guessed[1] if guessed else None
        return text

    def header(self, delimiters: tuple[str, ...]) -> tuple[list[str], list[Problem]]:
        """Return the names of the columns, and the problems before them."""
        first = ""
        while self._waiting or self._fill():
            first = self._waiting[0][1]
            separator = _SEPARATOR.fullmatch(first.strip(" \r\n"))
            if first.strip() and not separator:
                break
            delimiters = (separator[1],) if separator else delimiters
            self._waiting.popleft()
        self._delimiter = max(delimiters, key=first.count)
        if tagged := self._tagged_header(delimiters):
            return tagged, []
        problems: list[Problem] = []
        for row in self._rows(None):
            if not isinstance(row, Problem):
                return [name.strip() for name in row[1]], problems
            problems.append(row)
        return [], problems

    def _tagged_header(self, delimiters: tuple[str, ...]) -> list[str] | None:
        """Return the names above the row of HXL tags among the next lines; None without one."""
        while len(self._waiting) < MAX_ROWS and self._fill():
            pass
        lines = [line for _, line in islice(self._waiting, MAX_ROWS)]
        for place, line in enumerate(lines):
            if not may_have_tags(line):
                continue
            delimiter = max(delimiters, key=line.count)
            rows = list(csv.reader(lines[: place + 1], delimiter=delimiter))
            tags = [cell.strip() for cell in rows[-1]]
            if is_tag_row(tags):
                self._delimiter = delimiter
                for _ in range(place + 1):
                    self._waiting.popleft()
                names = [name.strip() for name in rows[-2]] if place else tags
                self.tagged = tagged_columns(names, tags)
                return names
        return None

    def records(self, header: list[str]) -> Iterator[Record | Problem]:
        """Yield the rows below the header, and problems."""
        for row in self._rows(header):
            if isinstance(row, Problem):
                yield row
            else:
                number, values = row
                place = f"the row in line {number}"
                cells = (each[1:] if _GUARD.match(each) else each for each in values)
                yield Record(number, place, dict(zip(header, cells, strict=False)))

    def _rows(self, header: list[str] | None) -> Iterator[tuple[int, list[str]] | Problem]:
        """Yield rows with the number of their first line, and problems.

        A quotation mark that is never closed would swallow the rows after it: its line is given up,
        and the lines after it are read again.
        """
        recoveries = _RECOVERIES
        csv.field_size_limit(2 * MAX_ARTICLE_BYTES)
        while True:
            self._taken, self._size, self._is_cut = [], 0, False
            reason = None
            values: list[str] = []
            try:
                values = next(csv.reader(self, delimiter=self._delimiter, strict=True), [])
            except csv.Error as error:
                if len(self._taken) > 1 and recoveries:
                    reason = f"has a quotation mark too many or too few ({error}): mend it"
                else:
                    values = self._parse_leniently()
            yield from self._problems
            self._problems.clear()
            if not self._taken:
                return
            number = self._taken[0][0]
            while header and len(values) > len(header) and not values[-1].strip():
                values.pop()
            if self._is_cut:
                reason = "has a quotation mark that is not closed: close it, or double it"
            elif header and values and len(values) != len(header) and not reason:
                reason = (
                    f"has {len(values)} columns, not {len(header)}: put what holds a "
                    f"{_DELIMITER_NAMES[self._delimiter]} in quotation marks"
                )
                if len(self._taken) == 1 and len(values) < len(header):
                    # The last columns of a row may be left out.
                    yield number, values
                    continue
            if reason:
                if len(self._taken) > 1 and recoveries:
                    recoveries -= 1
                    self._waiting.extendleft(reversed(self._taken[1:]))
                yield Problem(f"line {number} {reason}", str(number))
            elif any(values):
                yield number, values

    def _parse_leniently(self) -> list[str]:
        """Return the values of a row, whatever its quotation marks."""
        try:
            return next(csv.reader([line for _, line in self._taken], delimiter=self._delimiter))
        except (csv.Error, StopIteration):
            return []
