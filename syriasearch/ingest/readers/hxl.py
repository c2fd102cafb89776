"""HXL tags: a row of a table that says in a common vocabulary what its columns hold.

`#date+reported` is a tag, `+reported` one of its attributes. The tags are below the names of the
columns, in one of the first rows; what precedes the names is about the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...text.patterns import regex

MAX_ROWS = 25
"""The rows among which HXL looks for the tags."""
_TAG = regex(r"#[a-z][a-z0-9_]*(?:\s*[+@][a-z][a-z0-9_]*)*", re.IGNORECASE)
_LINE = regex(r'[\s"\',;|]*#[a-zA-Z]')
_PART = regex(r"[a-z][a-z0-9_]*")
_TEXTS = frozenset(("description", "text", "body", "content"))
_CHANGES = frozenset(("updated", "modified", "changed", "end"))


def may_have_tags(line: str) -> bool:
    """Return whether a line may be the row of tags."""
    return _LINE.match(line) is not None


def is_tag_row(row: Iterable[object]) -> bool:
    """Return whether a row is that of the tags: one at least of an article, and nothing else.

    >>> is_tag_row(["#meta+title", "", "#date +reported"]), is_tag_row(["#Syria", "#Idlib"])
    (True, False)
    """
    cells = [str(cell).strip() for cell in row if cell is not None]
    filled = [cell for cell in cells if cell]
    return all(map(_TAG.fullmatch, filled)) and any(map(names_in_tag, filled))


def tag_row(rows: Iterable[Iterable[object]]) -> int | None:
    """Return the number of the row of tags among the first rows, from 0; None if there is none."""
    return next((number for number, row in enumerate(rows) if is_tag_row(row)), None)


def names_in_tag(tag: str) -> list[str]:
    """Return the names of fields that a tag may say, the most likely first.

    >>> [names_in_tag(tag) for tag in ("#meta+title", "#date+reported", "#description", "#org")]
    [['title'], ['date'], ['text'], []]
    """
    if not _TAG.fullmatch(tag):
        return []
    base, *attributes = _PART.findall(tag.casefold())
    if base == "date":
        return [] if _CHANGES & set(attributes) else ["date"]
    if base in _TEXTS:
        return ["text"]
    if base == "meta":
        return ["text" if attribute in _TEXTS else attribute for attribute in attributes]
    return [base] if base == "source" else []
