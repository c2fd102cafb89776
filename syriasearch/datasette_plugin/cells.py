"""Cells of Datasette's own tables and queries: highlights, and links to the pages of an archive."""

from __future__ import annotations

import html
import re
from typing import Any

from markupsafe import Markup

from .escaping import CLOSE, OPEN, cut
from .metadata import is_described
from .urls import Addresses

_MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_MARK = re.compile(f"[{OPEN}{CLOSE}]")
_ARTICLE = {"title", "slug"}
"""The columns that lead to an article's page, in a result that has both."""


def cell_html(value: object) -> Markup | None:
    """Return the safe HTML of a cell that has marks; None for any other cell."""
    if not isinstance(value, str) or not _MARKED.search(value):
        return None
    escaped = _MARKED.sub(r"<mark>\1</mark>", html.escape(value))
    return Markup(f'<span dir="auto">{_MARK.sub("", escaped)}</span>')


def linked(
    datasette: Any, database: str, table: str | None, row: Any, column: str, value: object
) -> Markup | None:
    """Return a cell with a link to an article's or an entity's page; None for any other cell."""
    if not isinstance(value, str) or not value or column not in {*_ARTICLE, "entity_slug"}:
        return None
    columns = set(row.keys())
    if not is_described(database, datasette.databases[database].path):
        return None
    to = Addresses(datasette, database)
    if column == "entity_slug" or (table == "entities" and column == "slug"):
        address = to.entity(value)
    elif table in (None, "articles") and columns >= _ARTICLE and isinstance(row["slug"], str):
        address = to.article(row["slug"])
    else:
        return None
    return Markup('<a href="{}" dir="auto">{}</a>').format(address, cut(value))
