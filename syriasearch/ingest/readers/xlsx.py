"""Reader of Excel workbooks (.xlsx, ECMA-376): an article in each row of its sheets.

Values are read as they were last calculated; formulas, macros and links are not followed. Libraries
for workbooks hold a whole sheet, and unpack a part without a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, UnreadableError
from .office_package import Elements, Package, links, main_part, related_parts
from .sheets import MAX_COLUMNS, Link, Number, Row, date_text, number_text, read_sheets

MAX_TEXTS = 2**28
"""The maximum number of characters in texts that cells share, which are held in memory."""
_TEXT = 16
"""The number of characters that a text counts for in addition."""
MAX_LINKS = 2**17
"""The number of links of a sheet, which Excel limits to 66,530."""
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The numbers of the formats of dates that every workbook has."""
_NO_CODE = regex(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]{0,255}\]', re.IGNORECASE)
_ESCAPE = regex(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML cannot have, or an underscore before such an escape."""
_HYPERLINK = regex(r'HYPERLINK\("(https?://[^"]+)"', re.IGNORECASE)
_REFERENCE = regex(r"([A-Z]{1,3})(\d{0,7})")


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield an article or a problem for each row, in memory that is bounded."""
    with file.open() as stream:
        package = Package(stream, ".xlsx")
        main = main_part(package, "xl/workbook.xml")
        workbook, formats, texts = _Workbook(), _Formats(), _Texts()
        package.parse(main, workbook)
        parts = related_parts(package, main)
        for part in parts.values():
            if part.endswith("styles.xml"):
                package.parse(part, formats)
            elif part.endswith("sharedStrings.xml"):
                for _ in package.feed(part, texts):
                    pass
        sheets = [(name, parts.get(key, "")) for name, key in workbook.sheets]
        rows = (
            row
            for name, part in sheets
            for row in _rows(package, part, _Sheet(name, workbook, formats, texts))
        )
        yield from read_sheets(rows, file)
        yield from package.problems


def _rows(package: Package, part: str, sheet: _Sheet) -> Iterator[Row]:
    if targets := links(package, part):
        # They are below the rows.
        found = _Links(targets, sheet.links)
        for _ in package.feed(part, found):
            if len(sheet.links) > MAX_LINKS:
                break
    for _ in package.feed(part, sheet):
        yield from sheet.taken()


class _Workbook(Elements):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        """The name of each sheet, and the id of its part."""
        self.from_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "") in ("1", "true")


class _Formats(Elements):
    """The styles of cells that show a number as a date."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._in_cells = False
        self._count = 0
        self.dates: set[str] = set()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            if self._is_date(attributes.get("numFmtId", "")):
                self.dates.add(str(self._count))
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def _is_date(self, number: str) -> bool:
        code = self._codes.get(number)
        if code is None:
            return number.isdecimal() and int(number) in _DATE_FORMATS
        bare = _NO_CODE.sub("", code).lower()
        return "general" not in bare and any(letter in bare for letter in "dmyhs")


class _Texts(Elements):
    """The texts that cells share."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._size = 0
        self._is_text = self._is_phonetic = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            self.texts.append(_unescaped("".join(self._pieces)))
            self._pieces.clear()
            self._count(_TEXT)

    def data(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)
            self._count(len(text))

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_TEXTS:
            limit = MAX_TEXTS // 2**20
            raise UnreadableError(f"has over {limit} MiB of texts: save its sheets as CSV")


class _Links(Elements):
    """The targets of links, by the cells that they are in."""

    def __init__(self, targets: Mapping[str, str], links: dict[str, str]) -> None:
        self._targets = targets
        self._links = links

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        target = self._targets.get(attributes.get("id", "")) if name == "hyperlink" else None
        if target:
            self._links[attributes.get("ref", "").partition(":")[0]] = target


class _Sheet(Elements):
    """The rows of a sheet."""

    def __init__(self, name: str, workbook: _Workbook, formats: _Formats, texts: _Texts) -> None:
        self._name = name
        self._from_1904 = workbook.from_1904
        self._dates = formats.dates
        self._texts = texts.texts
        self._rows: list[Row] = []
        self._number = 0
        self._cells: list[str] = []
        self._column = -1
        self._type = self._style = ""
        self._pieces: list[str] = []
        self._is_value = self._is_phonetic = self._is_formula = False
        self._formula: list[str] = []
        self._reference = ""
        self.links: dict[str, str] = {}
        """The targets of links, by their cells."""

    def taken(self) -> list[Row]:
        """Return the complete rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._reference = attributes.get("r", "")
            found = _REFERENCE.fullmatch(self._reference)
            self._column = _column(found[1]) if found else self._column + 1
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._pieces.clear()
            self._formula.clear()
        elif name == "f":
            self._is_formula = True
        elif name == ("t" if self._type == "inlineStr" else "v"):
            self._is_value = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "row":
            number = attributes.get("r", "")
            self._number = int(number) if number.isdecimal() else self._number + 1
            self._cells, self._column = [], -1

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_value = False
        elif name == "f":
            self._is_formula = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "c" and self._pieces and self._column < MAX_COLUMNS:
            missing = self._column - len(self._cells)
            self._cells += [""] * missing
            self._cells[self._column : self._column + 1] = [self._cell()]
        elif name == "row":
            self._rows.append(Row(self._name, self._number, self._cells))

    def data(self, text: str) -> None:
        if self._is_value:
            self._pieces.append(text)
        elif self._is_formula:
            self._formula.append(text)

    def _cell(self) -> str:
        value = self._value("".join(self._pieces))
        formula = _HYPERLINK.match("".join(self._formula)) if self._formula else None
        target = formula[1] if formula else self.links.get(self._reference)
        return Link.to(target, value) if target else value

    def _value(self, text: str) -> str:
        if self._type == "s":
            place = int(text) if text.strip().isdecimal() else -1
            return self._texts[place] if 0 <= place < len(self._texts) else ""
        if self._type == "n" and text.strip():
            if self._style in self._dates:
                return date_text(text, from_1904=self._from_1904)
            return Number(number_text(text))
        if self._type == "b":
            return "FALSE" if text.strip() == "0" else "TRUE"
        if self._type == "e":
            return ""  # an error, such as #N/A
        return _unescaped(text)


def _column(letters: str) -> int:
    """Return the number of a column from 0: 27 for AB."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
