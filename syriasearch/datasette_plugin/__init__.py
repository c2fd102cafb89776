"""What does Datasette do differently where this package is installed beside it?

- Its search box on `paragraphs` searches the folded text, so what is typed there is folded too:
  `Ja'afari` finds what `Jaafari` finds.
- Its page of `paragraphs` leaves out the two computed columns, which say again what `text` says; a
  page that asks for columns itself, and data as JSON or CSV, have them as they are.
- It is told what an archive's tables are and which questions to offer (`telling`), and has SQL
  functions that search (`functions`), whose highlights its pages show (`marking`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import markupsafe
from datasette import hookimpl

from .. import fold
from .functions import functions_of
from .marking import as_html
from .telling import metadata, questions, start

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_PARAGRAPHS = re.compile(r"^/[^/]+/paragraphs(?P<format>\.\w+)?$")
_COMPUTED = ("unmarked", "folded")


def rewrite(path: str, query_string: str) -> str:
    """Return the query string with which a page is asked for, given that which was sent."""
    table = _PARAGRAPHS.search(path)
    if not table:
        return query_string
    pairs = parse_qsl(query_string, keep_blank_values=True)
    rewritten = [(key, fold(value) if key == "_search" else value) for key, value in pairs]
    if not table.group("format") and not {"_col", "_nocol"} & {key for key, _ in pairs}:
        rewritten += [("_nocol", column) for column in _COMPUTED]
    return urlencode(rewritten) if rewritten != pairs else query_string


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Asgi], Asgi]:
    """Rewrite what is asked of the page of `paragraphs`."""

    def wrap(app: Asgi) -> Asgi:
        async def rewriting(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                query = rewrite(scope["path"], scope["query_string"].decode("latin-1"))
                scope = {**scope, "query_string": query.encode("latin-1")}
            await app(scope, receive, send)

        return rewriting

    return wrap


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: Any, datasette: Any) -> None:
    """Give a connection the SQL functions."""
    functions_of(datasette).register(conn)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: object) -> markupsafe.Markup | None:
    """Show the highlights of a passage."""
    shown = as_html(value)
    return None if shown is None else markupsafe.Markup(shown)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Tell Datasette 0.65 of its archives."""
    return metadata(datasette)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator]
def canned_queries(
    datasette: Any, database: str, actor: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Offer the questions in Datasette 0.65."""

    async def offer() -> dict[str, Any]:
        return await questions(datasette, database, actor)

    return offer


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    """Tell Datasette 1.0 of its archives."""

    async def tell() -> None:
        await start(datasette)

    return tell
