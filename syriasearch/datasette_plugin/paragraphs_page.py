"""Changes to Datasette's own page of `paragraphs`.

- Its search box searches the folded text, so what is typed there is folded too: `Ja'afari` finds
  what `Jaafari` finds.
- It leaves out the columns of the folded text, which repeat `text`; a page that requests columns
  itself, and data as JSON or CSV, are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .. import fold

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_PARAGRAPHS = re.compile(r"^/[^/]+/paragraphs(?P<format>\.\w+)?$")
_COMPUTED = ("normalized", "folded")


def rewrite(path: str, query_string: str) -> str:
    """Return the query string to use for a page, given the one that was sent."""
    table = _PARAGRAPHS.search(path)
    if not table:
        return query_string
    pairs = parse_qsl(query_string, keep_blank_values=True)
    rewritten = [(key, fold(value) if key == "_search" else value) for key, value in pairs]
    if not table.group("format") and not {"_col", "_nocol"} & {key for key, _ in pairs}:
        rewritten += [("_nocol", column) for column in _COMPUTED]
    return urlencode(rewritten) if rewritten != pairs else query_string


def rewriting(app: Asgi) -> Asgi:
    """Return an application that gets the rewritten query string."""

    async def rewritten(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            query = rewrite(scope["path"], scope["query_string"].decode("latin-1"))
            scope = {**scope, "query_string": query.encode("latin-1")}
        await app(scope, receive, send)

    return rewritten
