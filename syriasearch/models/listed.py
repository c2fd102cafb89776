"""Results as Python has them: sequences of values, rows, tables of pandas and HTML in notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar, overload

from ..errors import OptionError

Value = TypeVar("Value", covariant=True)


class Listed(Sequence[Value]):
    """A result that is a sequence of what it lists, such as a page of its hits."""

    __slots__ = ()

    @property
    def _listed(self) -> tuple[Value, ...]:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._listed)

    def __iter__(self) -> Iterator[Value]:
        return iter(self._listed)

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, at: int | slice) -> Value | tuple[Value, ...]:
        return self._listed[at]


def make_frame(rows: Iterable[Mapping[str, Any]], dates: str) -> Any:
    """Return rows as a table of pandas, with one column of dates.

    Raises OptionError if pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError as error:
        raise OptionError("to_frame needs pandas: pip install pandas") from error
    frame = pandas.DataFrame([*rows])
    if dates in frame:
        frame[dates] = pandas.to_datetime(frame[dates])
    return frame


def html_table(rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as a table of HTML, with the keys of the first as its head."""
    from html import escape

    lines = [*rows]
    head = "".join(f"<th>{escape(name)}</th>" for name in (lines[0] if lines else ()))
    body = "".join(
        "<tr>"
        + "".join(f'<td dir="auto">{escape(str(each))}</td>' for each in row.values())
        + "</tr>"
        for row in lines
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
