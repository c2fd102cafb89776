"""What does Datasette do differently where this package is installed beside it?

Its search box on `paragraphs` searches the folded text, so what is typed there is folded too:
`Ja'afari` finds what `Jaafari` finds.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl

from .. import fold

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_PARAGRAPHS = re.compile(r"/paragraphs(?:\.\w+)?$")


def fold_search(query_string: str) -> str:
    """Return a query string with what it searches for folded."""
    pairs = parse_qsl(query_string, keep_blank_values=True)
    if not any(key == "_search" and fold(value) != value for key, value in pairs):
        return query_string
    return urlencode([(key, fold(value) if key == "_search" else value) for key, value in pairs])


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Asgi], Asgi]:
    """Fold what the search box of `paragraphs` is asked."""

    def wrap(app: Asgi) -> Asgi:
        async def folded(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http" and _PARAGRAPHS.search(scope["path"]):
                query = fold_search(scope["query_string"].decode("latin-1"))
                scope = {**scope, "query_string": query.encode("latin-1")}
            await app(scope, receive, send)

        return folded

    return wrap
