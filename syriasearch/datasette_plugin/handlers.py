"""Handlers of an archive's pages: who may see a page, and errors shown as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Forbidden, NotFound, Response
from datasette.utils import tilde_decode

from .. import ArchiveError, QuerySyntaxError, SyriaSearchError
from . import data
from .permissions import PERMITTED, may_see
from .render import describe_error, render
from .search_form import SearchForm


def page_of_archive(
    view: Callable[[Any, Any, Any], Awaitable[Response]],
) -> Callable[[Any, Any], Awaitable[Response]]:
    """Turn a view into a handler, which finds the database and shows errors as pages.

    It raises NotFound if there is no such database, Forbidden if this actor may not see it.
    """

    async def handle(datasette: Any, request: Any) -> Response:
        try:
            database = datasette.get_database(route=tilde_decode(request.url_vars["database"]))
        except KeyError:
            raise NotFound("there is no such database") from None
        try:
            if not await may_see(datasette, request.actor, database.name):
                raise Forbidden("view-table")
            request.scope[PERMITTED] = True
            return await view(datasette, request, database)
        except SyriaSearchError as error:
            status, message = describe_error(error)
            if request.url_vars.get("format"):
                return data.as_problem(datasette, message, status)
            return await show_problem(
                datasette,
                request,
                database.name,
                message,
                status,
                heading="This search cannot be read" if status == 400 else "",
                search=SearchForm.read(request.args),
                position=error.position if isinstance(error, QuerySyntaxError) else None,
                candidates=getattr(error, "candidates", ()),
                searchable=not isinstance(error, ArchiveError),
            )

    return handle


async def show_problem(
    datasette: Any, request: Any, database: str | None, message: str, status: int, **shown: Any
) -> Response:
    """Answer with a page that says what is wrong; `shown` is what else it shows."""
    nothing = {"search": SearchForm(), "position": None, "candidates": (), "searchable": False}
    context = {**nothing, **shown, "message": message}
    return await render(datasette, request, database, "problem.html", context, status)


def check_format(format: str | None) -> None:
    """Raise NotFound for a format that a page does not have."""
    if format:
        raise NotFound(f"there is no form {format!r}")
