"""Rendering of an archive's pages as HTML."""

from __future__ import annotations

from typing import Any

from datasette import Response

from .. import __version__
from .drawings.histogram import in_words
from .escaping import HEADERS, cut, host, language, marked, shown, web_address
from .urls import Addresses


async def render(
    datasette: Any,
    request: Any,
    database: str | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> Response:
    """Answer with a page, rendered from a template and its content."""

    tools = {
        "cut": cut,
        "host": host,
        "language": language,
        "marked": marked,
        "shown": shown,
        "to": Addresses(datasette, database) if database else None,
        "told": in_words,
        "web_address": web_address,
    }
    assets = {
        name: f"{datasette.urls.static_plugins('syriasearch', file)}?v={__version__}"
        for name, file in (("style", "search.css"), ("script", "search.js"))
    }
    body = await datasette.render_template(
        f"syriasearch/{template}",
        {**tools, **assets, **context, "database": database},
        request=request,
        view_name="syriasearch",
    )
    return Response.html(body, status=status, headers=HEADERS)
