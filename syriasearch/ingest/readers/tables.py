"""Tables: which column is which field, and tables that are written as JSON."""

from __future__ import annotations

from typing import Any

from .field_mapping import field_of
from .hxl import MAX_ROWS, tag_row


def tagged_columns(names: list[str], tags: list[str]) -> list[tuple[str, str]]:
    """Return the field and the name of each column that a tag of HXL says to be an article's.

    >>> tagged_columns(["Titre", "Jour"], ["#meta+title", "#date+reported"])
    [('title', 'Titre'), ('date', 'Jour')]
    """
    columns: dict[str, str] = {}
    for name, tag in zip(names, tags, strict=False):
        field = field_of(tag) if tag.startswith("#") else None
        if field and name:
            columns.setdefault(field, name)
    return list(columns.items())


def table_records(rows: list[Any]) -> list[dict[str, Any]] | None:
    """Return the rows of a table as records, None for a list of something else."""
    head = rows[:MAX_ROWS]
    if len(head) < 2 or not all(isinstance(row, list) for row in head):
        return None
    tagged = tag_row(head)
    names = head[max(0, tagged - 1) if tagged is not None else 0]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    columns = [] if tagged is None else tagged_columns(names, list(map(str, head[tagged])))
    renamed = {name: field for field, name in columns}
    keys = [renamed.get(name, name) for name in names]
    return [
        dict(zip(keys, row, strict=False))
        for row in rows[1 if tagged is None else tagged + 1 :]
        if isinstance(row, list)
    ]


def column_records(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the rows of a table that is written by columns, None for anything else."""
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list):
        return table_records([names, *rows])
    columns = list(value.values())
    if len(columns) < 2 or "text" not in map(field_of, value):
        return None
    if all(isinstance(column, dict) for column in columns):
        keys = list(columns[0])
        if any(list(column) != keys or not _is_index(column) for column in columns):
            return None
        return [{name: column[key] for name, column in value.items()} for key in keys]
    if all(isinstance(column, list) and len(column) == len(columns[0]) for column in columns):
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    return None


def _is_index(column: dict[str, Any]) -> bool:
    return bool(column) and all(key.isdigit() for key in column)
