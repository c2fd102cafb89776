"""How does a page of an archive become HTML?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Response

from .. import Entity, Passage, __version__
from . import links
from .data import FORMS
from .histogram import HEIGHT, WIDTH, told
from .safety import HEADERS, host, language, marked, passage, shown, web_address

TITLE = 300
"""A title is shown up to so many characters."""


def cut(text: str | None, most: int = TITLE) -> str:
    """Return a text that is shown, cut where it is longer than anyone reads."""
    text = shown(text)
    return text if len(text) <= most else text[:most].rstrip() + "…"


async def render(
    datasette: Any,
    request: Any,
    database: str | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> Response:
    """Answer with a page, made of a template with what it shows."""

    def address(*path: str, **query: Any) -> str:
        given = {name: value for name, value in query.items() if value}
        end = f"?{urlencode(given, errors='replace')}" if given else ""
        return links.page(datasette, database or "", *path) + end

    def entity_page(entity: Entity) -> str:
        return address("entity", entity.slug)

    def passage_page(slug: str, query: str, piece: Passage) -> str:
        return f"{address('article', slug, q=query, at=piece.position)}#p{piece.position}"

    tools = {
        "address": address,
        "cut": cut,
        "entity_page": entity_page,
        "host": host,
        "language": language,
        "marked": marked,
        "passage": passage,
        "passage_page": passage_page,
        "shown": shown,
        "told": told,
        "web_address": web_address,
        "forms": [form for form in FORMS if form != "jsonl"],
        "bars_width": WIDTH,
        "bars_height": HEIGHT,
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
