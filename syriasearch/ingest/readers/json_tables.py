"""Tables in JSON: a list of rows, of which the first has the names of the columns."""

from __future__ import annotations

from typing import Any

from .hxl import MAX_ROWS, tag_row, tagged_columns


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
