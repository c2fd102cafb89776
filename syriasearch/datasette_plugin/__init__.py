"""Datasette's hooks: what changes in Datasette when this package is installed.

Hook implementations only; the other modules of this package do the work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import markupsafe
from datasette import hookimpl

from . import menus as links
from . import paragraphs_page as paragraphs
from . import views as pages
from .cells import as_html
from .metadata import metadata, questions, start
from .sql_functions import functions_of

Links = list[dict[str, str]]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[paragraphs.Asgi], paragraphs.Asgi]:
    """Rewrite requests to the page of `paragraphs`."""
    return paragraphs.rewriting


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Add the pages of an archive."""
    return pages.ROUTES


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any, actor: dict[str, Any] | None) -> Callable[[], Awaitable[Links]]:
    """Link to the search page from every page, if there is an archive."""
    return lambda: links.in_menu(datasette, actor)


@hookimpl  # type: ignore[untyped-decorator]
def database_actions(
    datasette: Any, actor: dict[str, Any] | None, database: str
) -> Callable[[], Awaitable[Links]]:
    """Link to the search page from the page of an archive."""
    return lambda: links.of_database(datasette, actor, database)


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
    """Give Datasette 0.65 the metadata of its archives."""
    return metadata(datasette)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator]
def canned_queries(
    datasette: Any, database: str, actor: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Offer the canned queries in Datasette 0.65."""

    async def offer() -> dict[str, Any]:
        return await questions(datasette, database, actor)

    return offer


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    """Give Datasette 1.0 the metadata of its archives."""

    async def tell() -> None:
        await start(datasette)

    return tell
