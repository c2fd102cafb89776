"""Datasette's hooks: what changes in Datasette when this package is installed.

Hook implementations only; the other modules of this package do the work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import markupsafe
from datasette import hookimpl

from . import cells, error_pages, front, jump, metadata, paragraphs_page, views
from .permissions import PERMITTED, has_archive, is_visible
from .sql_functions import functions_of, report_errors
from .urls import Addresses

Links = list[dict[str, str]]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[paragraphs_page.Asgi], paragraphs_page.Asgi]:
    """Rewrite requests to the page of `paragraphs`, and guard the responses of our pages."""
    return lambda app: error_pages.with_headers(paragraphs_page.rewriting(app))


@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Show an error on one of our pages."""
    outcome = yield
    own = error_pages.handler_of(datasette, request, exception)
    others = [error_pages.while_handled(exception, each) for each in outcome.get_result()]
    # All answers are made, and the first is given: ours alone is enough.
    outcome.force_result([own] if own else others)


@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    """Say on one of our pages that it may not be seen, if no other plugin answers."""
    outcome = yield
    own = error_pages.forbidden_of(datasette, request)
    if own is not None:
        # The last to answer is Datasette, with a page that has scripts in it.
        *others, last = outcome.get_result()
        outcome.force_result([*others, own, last])


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Add the pages of an archive."""
    return views.ROUTES


@hookimpl  # type: ignore[untyped-decorator]
async def menu_links(datasette: Any, actor: dict[str, Any] | None, request: Any) -> Links:
    """Link to the search page from every page, if there is an archive."""
    # A page of an archive has been permitted already.
    if not (request and request.scope.get(PERMITTED)) and not await has_archive(datasette, actor):
        return []
    return [{"href": str(datasette.urls.path("/-/search")), "label": "Search the news"}]


@hookimpl  # type: ignore[untyped-decorator]
async def database_actions(datasette: Any, actor: dict[str, Any] | None, database: str) -> Links:
    """Link to the search page from the page of an archive."""
    if not await is_visible(datasette, actor, database):
        return []
    link = {
        "href": Addresses(datasette, database).search,
        "label": "Search the news",
        "description": "Ranked search with passages, names, dates and facets",
    }
    return [link]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: Any, datasette: Any) -> None:
    """Give a connection the SQL functions."""
    functions_of(datasette).register(conn)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(
    row: Any, value: object, column: str, table: str | None, database: str, datasette: Any
) -> markupsafe.Markup | None:
    """Show the highlights of a passage, and link articles and entities to their pages."""
    return cells.cell_html(value) or cells.linked(datasette, database, table, row, column, value)


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(
    datasette: Any, request: Any, template: str | None, database: str | None
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Give Datasette's own pages what they show of archives."""
    return lambda: front.template_variables(datasette, request, template, database)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator]
async def jump_items_sql(datasette: Any, actor: dict[str, Any] | None) -> list[Any]:
    """Offer entities and articles in the menu that Datasette 1.0 opens with `/`."""
    return await jump.jump_items(datasette, actor)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any, key: str | None) -> dict[str, Any]:
    """Give Datasette 0.65 the metadata of its archives."""
    return metadata.all_metadata(datasette, key)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator]
async def canned_queries(datasette: Any, database: str, actor: Any) -> dict[str, Any]:
    """Offer the canned queries in Datasette 0.65."""
    return await metadata.queries_for(datasette, database, actor)


@hookimpl  # type: ignore[untyped-decorator]
async def startup(datasette: Any) -> None:
    """Report errors of SQL functions, and give Datasette 1.0 the metadata of its archives."""
    report_errors(datasette)
    await metadata.set_metadata(datasette)
