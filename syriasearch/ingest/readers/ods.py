"""Reader of OpenDocument spreadsheets (.ods): an article in each row of its sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .base import Document, Problem, SourceFile
from .office_package import Elements, Package, check_odf
from .sheets import MAX_COLUMNS, Link, Number, Row, number_text, read_sheets

MAX_REPEATED = 100
"""The maximum number of equal rows in succession; programs write long empty ends as one row."""
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
_VALUES = ("date-value", "time-value", "boolean-value")


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield an article or a problem for each row, in constant memory."""
    with file.open() as stream:
        package = Package(stream, ".ods")
        check_odf(package)
        yield from read_sheets(_rows(package), file)
        yield from package.problems


def _rows(package: Package) -> Iterator[Row]:
    tables = _Tables()
    for _ in package.feed("content.xml", tables):
        yield from tables.taken()


def _count(attributes: Mapping[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isdecimal() and len(value) < 9 else 1


class _Tables(Elements):
    """The rows of all sheets."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._sheet = ""
        self._number = 0
        self._times = self._columns = 1
        self._cells: list[str] = []
        self._value: str | None = None
        self._paragraphs: list[list[str]] = []
        """The pieces of each paragraph of a cell."""
        self._target = ""
        """The address to which the text of a cell is a link."""
        self._depth = 0
        """The number of paragraphs that are open, in a cell."""
        self._skipped = 0

    def taken(self) -> list[Row]:
        """Return the complete rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or name in ("annotation", "tracked-changes"):
            self._skipped += 1
        elif name == "table":
            self._sheet, self._number = attributes.get("name", ""), 0
        elif name == "table-row":
            self._cells = []
            self._times = _count(attributes, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = _count(attributes, "number-columns-repeated")
            self._value = self._typed(attributes)
            self._paragraphs, self._target = [], ""
        elif name == "a" and attributes.get("href", "").startswith("http"):
            self._target = attributes["href"]
        elif name == "p":
            self._paragraphs.append([])
            self._depth += 1
        elif name == "s" and self._depth:
            self.data(" " * min(_count(attributes, "c"), 100))
        elif name in _CHARACTERS and self._depth:
            self.data(_CHARACTERS[name])

    def _typed(self, attributes: Mapping[str, str]) -> str | None:
        """Return the value of a cell; None for one that is a text."""
        if attributes.get("value-type") in ("float", "percentage", "currency"):
            return Number(number_text(attributes.get("value", "")))
        value = next((attributes[name] for name in _VALUES if name in attributes), None)
        return value.replace("T", " ") if value and "-" in value else value

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == "p" and self._depth:
            self._depth -= 1
        elif name in ("table-cell", "covered-table-cell"):
            value = self._value
            if value is None:
                value = "\n".join(map("".join, self._paragraphs))
            value = Link.to(self._target, value) if self._target else value
            times = min(self._columns, MAX_COLUMNS - len(self._cells)) if value else 0
            self._cells += [value] * times if value else [""] * min(self._columns, MAX_COLUMNS)
            del self._cells[MAX_COLUMNS:]
        elif name == "table-row":
            while self._cells and not self._cells[-1]:
                self._cells.pop()
            shown = min(self._times, MAX_REPEATED) if self._cells else 0
            self._rows += (
                Row(self._sheet, self._number + each, self._cells) for each in range(1, shown + 1)
            )
            self._number += self._times

    def data(self, text: str) -> None:
        if self._depth and not self._skipped:
            self._paragraphs[-1].append(text)
