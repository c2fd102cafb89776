"""HXL tags: a row of a table that says in a common vocabulary what its columns hold.

`#date+reported` is a tag, `+reported` one of its attributes. The tags are below the names of the
columns, in one of the first rows; what precedes the names is about the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .field_mapping import field_of

MAX_ROWS = 25
"""The rows among which HXL looks for the tags."""
_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*[+@][a-z][a-z0-9_]*)*", re.IGNORECASE)
_LINE = re.compile(r'[\s"\',;|]*#[a-zA-Z]')
_PART = re.compile(r"[a-z][a-z0-9_]*")
_TEXTS = frozenset(("description", "text", "body", "content"))
_CHANGES = frozenset(("updated", "modified", "changed", "end"))


def may_have_tags(line: str) -> bool:
    """Return whether a line may be the row of tags."""
    return _LINE.match(line) is not None


def is_tag_row(row: Iterable[object]) -> bool:
    """Return whether a row is that of the tags: one at least, and nothing else.

    >>> is_tag_row(["#meta+title", "", "#date +reported"])
    True
    """
    cells = [str(cell).strip() for cell in row if cell is not None]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_TAG.fullmatch, filled))


def tag_row(rows: Iterable[Iterable[object]]) -> int | None:
    """Return the number of the row of tags among the first rows, from 0; None if there is none."""
    return next((number for number, row in enumerate(rows) if is_tag_row(row)), None)


def tagged_columns(names: list[str], tags: list[str]) -> list[tuple[str, str]]:
    """Return the field and the name of each column that a tag says to be one of an article.

    >>> tagged_columns(["Titre", "Date"], ["#meta+title", "#date+reported"])
    [('title', 'Titre'), ('date', 'Date')]
    """
    fields: dict[str, str] = {}
    for name, tag in zip(names, tags, strict=False):
        field = _field(tag)
        if field and name:
            fields.setdefault(field, name)
    return list(fields.items())


def _field(tag: str) -> str | None:
    base, *attributes = _PART.findall(tag.casefold()) or [""]
    if base == "date":
        return None if _CHANGES & set(attributes) else "date"
    if base in _TEXTS:
        return "text"
    if base == "source":
        return "source"
    if base != "meta":
        return None
    for attribute in attributes:
        field = "text" if attribute in _TEXTS else field_of(attribute)
        if field:
            return field
    return None
