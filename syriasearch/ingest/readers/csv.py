"""Reader of CSV and TSV: an article in each row, with fields named by the first one."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator

from .base import MAX_ARTICLE_BYTES, Document, Problem, SourceFile
from .decode import UndecodableError, as_text, decode, legacy_encoding, lines
from .fields import field_of, record

MAX_ROW_LINES = 10_000
"""The maximum number of lines in a row; an unclosed quotation mark would take all that follow."""
_RECOVERIES = 100
"""The maximum number of rows over several lines that are given up, to read the rest again."""
_DELIMITERS = (",", "\t", ";", "|")
_DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_SEPARATOR = re.compile(r'"?sep=([,;|\t])"?')
"""The line that declares the delimiter to Excel."""
_BREAK = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


class CsvReader:
    """Reads comma-separated values; tabs, semicolons and bars are recognized too."""

    name = "csv"
    suffixes: tuple[str, ...] = (".csv",)
    delimiters: tuple[str, ...] = _DELIMITERS

    def claims(self, head: bytes) -> bool:
        """Return whether the first line names several fields of articles, including the text."""
        first = as_text(head[:4096]).lstrip("\ufeff").split("\n", 1)[0]
        for delimiter in self.delimiters:
            names = [field_of(name.strip(' "\r')) for name in first.split(delimiter)]
            known = {name for name in names if name}
            if "text" in known and len(known) > 1 and 2 * len(known) > len(names):
                return True
        return False

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield an article or a problem for each row, in constant memory."""
        with file.open() as stream:
            table = _Lines(lines(stream))
            try:
                # The encoding cannot be determined from one short line alone.
                peek = getattr(stream, "peek", None)
                table.encoding = legacy_encoding(peek(1)) if peek else None
            except UndecodableError as error:
                yield Problem(str(error))
                return
            header, problems = table.header(self.delimiters)
            yield from problems
            if not header:
                yield Problem("holds no rows: leave it out, or fill it")
                return
            told = {field_of(name) for name in header} | {field for field, _ in file.columns}
            if not told & {"text", "summary"}:
                yield Problem(
                    f"has no column that is its text, only {_shown(header)}: "
                    "name one with --map text=COLUMN"
                )
                return
            yield from _missing(header, file.columns)
            anchors: dict[str, int] = {}
            some = False
            for row in table.rows(header):
                some = True
                if isinstance(row, Problem):
                    yield row
                    continue
                line, values = row
                pairs = dict(zip(header, values, strict=False))
                yield from record(pairs, f"the row in line {line}", line, anchors, file.columns)
            if not some:
                yield Problem("holds no rows below its names: leave it out, or fill it")
            if table.note:
                yield Problem(table.note, lost=False)


class TsvReader(CsvReader):
    """Reads tab-separated values."""

    name = "tsv"
    suffixes: tuple[str, ...] = (".tsv", ".tab")
    delimiters: tuple[str, ...] = ("\t",)


def _missing(names: list[str], columns: tuple[tuple[str, str], ...]) -> Iterator[Problem]:
    there = {name.casefold() for name in names}
    for field, column in columns:
        if column.casefold() not in there:
            message = f"has no column {column!r} to be the {field}, only {_shown(names)}"
            yield Problem(message, lost=False)


def _shown(names: list[str]) -> str:
    return ", ".join(names[:12])[:200]


class _Lines:
    """The lines of a table, which the parser of a row takes, and gives back if it fails."""

    def __init__(self, numbered: Iterator[tuple[int, bytes | Problem]]) -> None:
        self._numbered = numbered
        self._waiting: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []
        self._size = 0
        self._cut = False
        self._problems: list[Problem] = []
        self.encoding: str | None = None
        self._delimiter = ","
        self.note: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next line of a row."""
        long = self._size > MAX_ARTICLE_BYTES or len(self._taken) > MAX_ROW_LINES
        if long or not (self._waiting or self._fill()):
            self._cut = bool(self._taken)
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
                text = self._decoded(number, data).replace("\0", "")
            except UndecodableError as error:
                self._problems.append(Problem(f"line {number} {error}", str(number)))
                continue
            self._waiting.extend((number, each) for each in _BREAK.findall(text))
            if self._waiting:
                return True
        return False

    def _decoded(self, number: int, data: bytes) -> str:
        for encoding in ("utf-8-sig" if number == 1 else "utf-8", self.encoding):
            try:
                text = data.decode(encoding) if encoding else ""
            except UnicodeDecodeError:
                continue
            if encoding and encoding == self.encoding and not self.note:
                self.note = f"is not UTF-8 and was read as {encoding}: check its letters"
            if encoding:
                return text
        text, note = decode(data)
        if note and not self.note:
            self.note = f"line {number} {note}"
            named = re.search(r"read as (\w+)", note)
            self.encoding = named[1] if named else None
        return text

    def header(self, delimiters: tuple[str, ...]) -> tuple[list[str], list[Problem]]:
        """Return the names of the columns, and the problems before them."""
        first = ""
        while self._waiting or self._fill():
            first = self._waiting[0][1]
            told = _SEPARATOR.fullmatch(first.strip(" \r\n"))
            if first.strip() and not told:
                break
            delimiters = (told[1],) if told else delimiters
            self._waiting.popleft()
        self._delimiter = max(delimiters, key=first.count)
        rows = self.rows(None)
        problems = []
        for row in rows:
            if isinstance(row, Problem):
                problems.append(row)
            else:
                return [name.strip() for name in row[1]], problems
        return [], problems

    def rows(self, header: list[str] | None) -> Iterator[tuple[int, list[str]] | Problem]:
        """Yield rows with the number of their first line, and problems.

        A quotation mark that is never closed would swallow the rows after it: its line is given up,
        and the lines after it are read again.
        """
        recoveries = _RECOVERIES
        while True:
            self._taken, self._size, self._cut = [], 0, False
            csv.field_size_limit(2 * MAX_ARTICLE_BYTES)
            reason = None
            values: list[str] = []
            try:
                values = next(csv.reader(self, delimiter=self._delimiter, strict=True))
            except StopIteration:
                yield from self._told()
                return
            except csv.Error as error:
                if len(self._taken) > 1 and recoveries:
                    reason = f"has a quotation mark too many or too few ({error}): mend it"
                else:
                    values, reason = self._read_again(), None
            yield from self._told()
            number = self._taken[0][0]
            while header and len(values) > len(header) and not values[-1].strip():
                values.pop()
            if self._cut:
                reason = "has a quotation mark that is not closed: close it, or double it"
            elif header and values and len(values) != len(header) and not reason:
                reason = (
                    f"has {len(values)} columns, not {len(header)}: put what holds a "
                    f"{_DELIMITER_NAMES[self._delimiter]} in quotation marks"
                )
                if len(self._taken) == 1 and len(values) < len(header):
                    yield number, values
                    reason = None
                    continue
            if reason:
                if len(self._taken) > 1 and recoveries:
                    recoveries -= 1
                    self._waiting.extendleft(reversed(self._taken[1:]))
                yield Problem(f"line {number} {reason}", str(number))
            elif any(values):
                yield number, values

    def _read_again(self) -> list[str]:
        """Return the values of a row, whatever its quotation marks."""
        try:
            return next(csv.reader([line for _, line in self._taken], delimiter=self._delimiter))
        except (csv.Error, StopIteration):
            return []

    def _told(self) -> Iterator[Problem]:
        yield from self._problems
        self._problems.clear()
