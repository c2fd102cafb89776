"""Tables as CSV, for programs and for spreadsheets.

In both no cell is one that a spreadsheet would calculate. What is for spreadsheets has a byte order
mark besides, by which Excel knows Arabic letters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ..errors import OptionError
from ..models.options import TableFormat, check_known
from ..text.patterns import regex

_FORMULA = regex(r"\s*[=+@＝＋＠－-]|[\t\r]")


class _HasRows(Protocol):
    def to_rows(self) -> list[dict[str, Any]]: ...


def export_table(
    rows: _HasRows | Iterable[Mapping[str, object] | Sequence[object]],
    form: TableFormat = "csv",
    *,
    columns: Iterable[str] | None = None,
) -> Iterator[str]:
    """Yield a header and rows as CSV, line by line.

    `rows` is a result with `to_rows()`, such as a timeline, a network, a page of hits or entities;
    or mappings; or, with the names of their `columns`, sequences. Without `columns` they are the
    keys of the first row. `form` is csv or spreadsheet. Raises OptionError for anything else.
    """
    check_known("form", form, ("csv", "spreadsheet"))
    given = rows.to_rows() if hasattr(rows, "to_rows") else rows
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
        raise OptionError(f"rows takes a result with to_rows(), or rows, not {rows!r}")
    return _lines(iter(given), form, None if columns is None else [*columns])


def _lines(
    rows: Iterator[Mapping[str, object] | Sequence[object]],
    form: TableFormat,
    columns: list[str] | None,
) -> Iterator[str]:
    first = next(rows, None)
    if columns is None:
        if first is not None and not isinstance(first, Mapping):
            raise OptionError("columns takes the names of the columns, as these rows have none")
        columns = [*first] if first is not None else []
    if form == "spreadsheet":
        yield "\ufeff"
    if columns:
        yield csv_line(columns)
    if first is not None:
        yield csv_line(_cells(first, columns))
    for row in rows:
        yield csv_line(_cells(row, columns))


def _cells(row: Mapping[str, object] | Sequence[object], columns: list[str]) -> Iterable[object]:
    if isinstance(row, Mapping):
        return [row.get(column) for column in columns]
    if isinstance(row, str | bytes) or not isinstance(row, Sequence):
        raise OptionError(f"rows takes mappings or sequences, not {row!r}")
    return row


def csv_line(cells: Iterable[object]) -> str:
    """Return cells as a line, with an apostrophe before a text that a spreadsheet would calculate.

    >>> csv_line(["=1+1", -1, "Homs, Syria"])
    '\'=1+1,-1,"Homs, Syria"\\n'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(map(_no_formula, cells))
    return line.getvalue()


def _no_formula(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text
