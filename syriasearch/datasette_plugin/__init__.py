"""What does Datasette do differently where this package is installed beside it?

Hook implementations only; the modules beside this one do what they promise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

from . import links, pages, paragraphs

Links = list[dict[str, str]]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[paragraphs.Asgi], paragraphs.Asgi]:
    """Rewrite what is asked of the page of `paragraphs`."""
    return paragraphs.rewriting


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Add the pages of an archive."""
    return pages.ROUTES


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any, actor: dict[str, Any] | None) -> Callable[[], Awaitable[Links]]:
    """Lead to the search page from every page, where there is an archive."""
    return lambda: links.in_menu(datasette, actor)


@hookimpl  # type: ignore[untyped-decorator]
def database_actions(
    datasette: Any, actor: dict[str, Any] | None, database: str
) -> Callable[[], Awaitable[Links]]:
    """Lead to the search page from the page of an archive."""
    return lambda: links.of_database(datasette, actor, database)
