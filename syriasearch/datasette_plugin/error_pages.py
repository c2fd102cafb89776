"""Errors on the pages of an archive that Datasette answers, and the headers of every response.

What a view does not expect is shown like its other errors, and logged. A page that may not be seen
says so, unless another plugin answers, such as one that asks for a login. All responses get the
headers.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable
from typing import Any

from datasette import Forbidden, NotFound, Response
from datasette.utils import await_me_maybe

from .data import as_problem
from .escaping import HEADERS, cut
from .handlers import show_problem
from .paragraphs_page import Asgi
from .views import ROUTES

_NAMES = {name for pattern, _ in ROUTES for name in re.findall(r"/-/([a-z]+)", pattern)}
_PAGES = re.compile(rf"/-/(?:{'|'.join(sorted(_NAMES))})(?:[./]|$)")
_STATIC = "/-/static-plugins/syriasearch/"
_FORBIDDEN = "This page may not be seen: log in, or ask who runs this site."
_FAULT = "This page cannot be shown: a fault in the program, which has been logged."


def is_ours(path: str) -> bool:
    """Return whether an address is one of this package's pages or files."""
    return bool(_PAGES.search(path)) or _STATIC in path


def with_headers(app: Asgi) -> Asgi:
    """Return an application whose responses to requests of our pages all have the headers."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not is_ours(scope["path"]):
            await app(scope, receive, send)
            return

        async def send_with_headers(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                given = {name.lower() for name, _ in event.get("headers", ())}
                added = [
                    (name.encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.encode() not in given
                ]
                event = {**event, "headers": [*event.get("headers", ()), *added]}
            await send(event)

        await app(scope, receive, send_with_headers)

    return guarded


def handler_of(datasette: Any, request: Any, exception: Exception) -> Callable[[], Any] | None:
    """Return what answers an exception on one of our pages; None for others."""
    path = request.path.partition("?")[0]
    if not _PAGES.search(path) or isinstance(exception, Forbidden):
        return None

    async def answer() -> Response:
        status = int(getattr(exception, "status", 0)) or 500
        message = _FAULT
        if isinstance(exception, NotFound) or status != 500:
            status = 404 if isinstance(exception, NotFound) else status
            message = cut(str(exception)) or "There is no such page."
        else:
            traceback.print_exception(exception)
        return await _problem(datasette, request, message, status)

    return answer


def while_handled(exception: Exception, answer: Any) -> Callable[[], Any]:
    """Return an answer of Datasette or another plugin that is made while an exception is handled.

    Datasette 0.65 prints the exception that is being handled if rich is installed, as it is with
    this package; for an address without a page there is none, which was an error of its own.
    """

    async def answered() -> Any:
        if sys.exc_info()[1] is not None:
            return await await_me_maybe(answer)
        try:
            raise exception
        except type(exception):
            return await await_me_maybe(answer)

    return answered


def forbidden_of(datasette: Any, request: Any) -> Callable[[], Any] | None:
    """Return what answers for one of our pages that may not be seen; None for others."""
    if not _PAGES.search(request.path.partition("?")[0]):
        return None
    return lambda: _problem(datasette, request, _FORBIDDEN, 403)


async def _problem(datasette: Any, request: Any, message: str, status: int) -> Response:
    """Return a page, or JSON, that says what is wrong."""
    if request.path.partition("?")[0].endswith(".json"):
        return as_problem(datasette, message, status)
    return await show_problem(datasette, request, None, message, status)
