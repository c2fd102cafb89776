"""Lists of names to be screened: CSV files, names, or rows as mappings."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple, cast

from ..errors import OptionError
from ..models.entity import ENTITY_TYPES
from ..text.patterns import regex

COLUMNS = {
    "name": (
        *("name", "full name", "fullname", "whole name", "names", "primary name"),
        *("canonical", "canonical name", "caption", "entity", "subject", "الاسم", "الاسم الكامل"),
    ),
    "given": ("given name", "given names", "first name", "firstname", "forename", "forenames"),
    "family": ("family name", "last name", "lastname", "surname", "family"),
    "aliases": (
        *("aliases", "alias", "aka", "a.k.a.", "also known as", "other names", "weak aliases"),
        *("alternative names", "alt names", "الأسماء الأخرى"),
    ),
    "type": ("type", "schema", "entity type", "kind", "subject type", "النوع"),
    "birth": (
        *("birth", "date of birth", "dob", "birth date", "birthdate", "born", "year of birth"),
        *("birth year", "تاريخ الميلاد", "تاريخ الولادة"),
    ),
}
"""The headers by which the columns of a list are recognized, without case or underscores."""

_PERSON = ("person",)
_BODY = ("organization", "group")
TYPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("person", "individual", "human", "man", "woman", "شخص", "فرد"), _PERSON),
    **dict.fromkeys(
        (
            *("organization", "organisation", "group", "entity", "company", "business", "body"),
            *("legal entity", "legalentity", "public body", "publicbody", "كيان", "منظمة"),
        ),
        _BODY,
    ),
    **dict.fromkeys(("place", "location", "address", "city", "country"), ("place",)),
    "event": ("event",),
    **dict.fromkeys(("vessel", "ship", "aircraft", "airplane", "vehicle"), ()),
}
"""The types of entities that a type on a list may mean; another type means all. Of ships and
aircraft, which are no entities, only the words are looked for."""

MAX_NAME = 200
"""Maximum length of a name, in characters; anything longer is a text, and is not looked up."""
MAX_ALIASES = 100
"""Maximum number of aliases of a row that are looked up."""

_SEPARATORS = regex(r"(?:(?<!\s)\s+)?[|;\n]\s*")
_INVERTED = regex(r"[^\W\d_a-z][^,;\"]*, [^\W\d_a-z][^,;\"]*$")
"""A line that is no header but one name, the family name first: no CSV file has a space there."""
_YEAR = regex(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


class ListedName(NamedTuple):
    """A row of a list."""

    number: int
    """The number of the row, from 1, a header not counted."""
    name: str
    values: Mapping[str, str]
    """The row as it was given."""
    aliases: tuple[str, ...]
    types: tuple[str, ...]
    birth: int | None
    """The year of birth; of several the earliest."""


NameList = str | os.PathLike[str] | IO[bytes] | Iterable[str | Mapping[str, str]]
"""A list of names: the path of a CSV file, its content, names, or rows."""


def read_names(
    names: NameList, columns: Mapping[str, str] | None = None
) -> Iterator[Mapping[str, str]]:
    """Return the rows of a list: a CSV file, its bytes as a stream, names, or rows as mappings.

    A file of one column without a known header has names only, as has one that begins with a name
    such as `Lavrov, Sergei`. Raises OptionError for a file that
    cannot be read, and for one whose columns are not known.
    """
    for field in columns or {}:
        if field not in COLUMNS:
            raise OptionError(f"a list has no {field!r}: there are {', '.join(COLUMNS)}")
    if isinstance(names, str | os.PathLike):
        path = Path(names)
        try:
            stream = path.open("rb")
        except OSError as error:
            raise OptionError(f"{path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise OptionError(f"{names!r} cannot be the path of a file") from error
        return _first_read(_read_csv(stream, str(path), columns or {}))
    if isinstance(names, io.IOBase):
        return _first_read(_read_csv(cast("IO[bytes]", names), "the list", columns or {}))
    if not isinstance(names, Iterable):
        raise OptionError(f"names takes a file, or names, not {names!r}")
    return map(_as_row, names)


def _first_read(rows: Iterator[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    """Return rows of which the first is read already, so that an error is raised at once."""
    return chain([first] if (first := next(rows, None)) is not None else [], rows)


def _as_row(each: object) -> Mapping[str, str]:
    if isinstance(each, str):
        return {"name": each}
    if isinstance(each, Mapping):
        return {str(key): "" if value is None else str(value) for key, value in each.items()}
    raise OptionError(f"names takes names or rows, not {each!r}")


def _read_csv(
    stream: IO[bytes], label: str, columns: Mapping[str, str]
) -> Iterator[Mapping[str, str]]:
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        try:
            lines = _lines(text, label)
            first = next(lines, "")
            delimiter = max(",;\t", key=first.count)
            rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
            header = [each.strip() for each in next(rows, [])]
            named = "name" in list_fields(header, columns).values()
            for column in columns.values():
                if column not in header:
                    raise OptionError(
                        f"{label} has no column {column!r}: there are {', '.join(header)}"
                    )
            if not named and not (len(header) < 2 or _is_plain(label) or _INVERTED.match(first)):
                raise OptionError(
                    f"{label}: no column is known to hold names, of {', '.join(header)}: "
                    "call it `name`, or say which it is with columns (--map name=COLUMN)"
                )
            if not named or len(header) == 1:
                # One column: what is between commas belongs to one name.
                lone = header[0] if named else "name"
                whole = chain([] if named else [header], rows)
                yield from ({lone: ", ".join(cell.strip() for cell in row)} for row in whole)
                return
            for row in rows:
                values: dict[str, str] = {}
                for column, cell in zip(header, row, strict=False):
                    values.setdefault(column, cell.strip())
                yield values
        except OSError as error:
            raise OptionError(f"{label} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise OptionError(f"{label} is not UTF-8 text: save it as CSV in UTF-8") from error
        except csv.Error as error:
            raise OptionError(f"{label} is not a CSV file: {error}") from error


def _lines(text: Iterable[str], label: str) -> Iterator[str]:
    for line in text:
        if "\0" in line:
            raise OptionError(f"{label} has a NUL character: save it as CSV in UTF-8")
        yield line


def _is_plain(label: str) -> bool:
    return label.lower().endswith(".txt")


def list_fields(header: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the field of each column that is known: name, aliases, type, birth and others.

    A list without a column of names may have two, of given and of family names.
    """
    given = {column: field for field, column in columns.items()}
    known = {each: field for field, headers in COLUMNS.items() for each in headers}
    fields: dict[str, str] = {}
    for each in header:
        plain = " ".join(each.lower().replace("_", " ").replace("-", " ").split())
        field = given.get(each) or ("" if known.get(plain) in columns else known.get(plain))
        if field and field not in fields.values():
            fields[each] = field
    if "name" not in fields.values() and "family" in fields.values():
        fields = {each: "name" if field == "family" else field for each, field in fields.items()}
    return fields


def listed_names(
    rows: Iterable[Mapping[str, str]],
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[ListedName]:
    """Yield the names of a list; empty rows are skipped.

    `progress` is called with the number of each row.
    """
    fields: dict[str, str] = {}
    header: tuple[str, ...] | None = None
    for number, values in enumerate(rows, 1):
        if header != tuple(values):
            header = tuple(values)
            fields = list_fields(header, columns or {})
        row = {field: values.get(column, "") for column, field in fields.items()}
        name = " ".join(row.get("name", "").split())
        given = " ".join(row.get("given", "").split())
        if given and "given" in row and _is_family(fields):
            name = f"{name}, {given}" if name else given
        if progress:
            progress(number)
        if name:
            aliases = filter(None, _SEPARATORS.split(row.get("aliases", "").strip()))
            kind = " ".join(row.get("type", "").lower().replace("_", " ").split())
            yield ListedName(
                number,
                name,
                values,
                tuple(dict.fromkeys(aliases))[:MAX_ALIASES],
                TYPES.get(kind, ENTITY_TYPES),
                _year(row.get("birth", "")),
            )


def _is_family(fields: Mapping[str, str]) -> bool:
    """Return whether the column that holds names holds family names only."""
    column = next(column for column, field in fields.items() if field == "name")
    plain = " ".join(column.lower().replace("_", " ").replace("-", " ").split())
    return plain in COLUMNS["family"]


def _year(text: str) -> int | None:
    """Return the earliest year in a date, or in a range of dates, in digits of any script."""
    latin = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    return min(map(int, _YEAR.findall(latin)), default=None)
