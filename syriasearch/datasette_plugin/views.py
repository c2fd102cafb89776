"""Views: the handlers of an archive's pages in Datasette."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette import Response
from datasette.utils import tilde_decode

from .. import (
    Archive,
    Article,
    Page,
    QuerySyntaxError,
    cite,
)
from . import corrections_page, data, entity_pages, search_page
from .archives import ask
from .handlers import check_format, page_of_archive
from .pagination import part_of, split_into_parts
from .permissions import visible_archives
from .render import render
from .search_form import HITS, SearchForm, offset_of, whole_number
from .urls import Addresses

RIGHT_TO_LEFT = frozenset("ar ckb fa he ps sd ug ur yi".split())
"""Languages that are written from right to left."""


async def choose(datasette: Any, request: Any) -> Response:
    """Redirect to the only archive, or list all."""
    names = await visible_archives(datasette, request.actor)
    if len(names) == 1:
        query = f"?{request.query_string}" if request.query_string else ""
        return Response.redirect(Addresses(datasette, names[0]).search + query)
    context = {"names": names, "search": SearchForm.read(request.args)}
    status = 200 if names else 404
    return await render(datasette, request, None, "choose.html", context, status)


@page_of_archive
async def article(datasette: Any, request: Any, database: Any) -> Response:
    """Show an article, or a part of it that fits on a page."""
    slug, format = tilde_decode(request.url_vars["slug"]), request.url_vars["format"]
    query = " ".join((request.args.get("q") or "").split())
    if format == "json":
        text = await ask(database, lambda archive: archive.article(slug, query=query), 2)
        return data.as_json(datasette, text.to_dict())
    if format in data.CITATIONS:
        text = await ask(database, lambda archive: archive.article(slug), 2)
        return data.citation(text.article, format)
    check_format(format)
    try:
        text = await ask(database, lambda archive: archive.article(slug, query=query), 2)
    except QuerySyntaxError:
        query = ""
        text = await ask(database, lambda archive: archive.article(slug), 2)
    if text.article.slug != slug:
        return Response.redirect(Addresses(datasette, database.name).article(text.article.slug))
    if who := request.args.get("who"):
        return await corrections_page.show(datasette, request, database, text, who)
    parts = split_into_parts(text.paragraphs[1:])
    position = whole_number(request.args.get("at"))
    number = whole_number(request.args.get("part")) or part_of(parts, position)
    in_arabic = text.article.lang == "ar" or entity_pages.reads_arabic(request)
    names: dict[str, str] = {}
    if in_arabic:
        names = await ask(database, lambda archive: archive.arabic_names(text.entities))
    context = {
        "search": SearchForm(q=query),
        "right_to_left": text.article.lang in RIGHT_TO_LEFT,
        "names": names,
        "text": text,
        "title": text.paragraphs[0] if text.paragraphs else None,
        "part": parts[min(number, len(parts)) - 1],
        "parts": parts,
        "citation": cite(text.article),
    }
    return await render(datasette, request, database.name, "article.html", context)


@page_of_archive
async def related(datasette: Any, request: Any, database: Any) -> Response:
    """Show the articles on the same subject as a given one."""
    slug = tilde_decode(request.url_vars["slug"])
    number = whole_number(request.args.get("page")) or 1

    def find(archive: Archive) -> tuple[Article, Page]:
        article = archive.article(slug).article
        return article, archive.related(slug, limit=HITS, offset=offset_of(number))

    about, page = await ask(database, find)
    context = {
        "search": SearchForm(page=number),
        "article": about,
        "page": page,
        "last": max(1, -(-page.total // HITS)),
    }
    return await render(datasette, request, database.name, "related.html", context)


_DATABASE = r"^/(?P<database>[^/.]+)/-"
_FORMAT = r"(?:\.(?P<format>\w+))?$"
ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/-/search$", choose),
    (rf"{_DATABASE}/search{_FORMAT}", page_of_archive(search_page.show)),
    (rf"{_DATABASE}/search/names\.(?P<format>json)$", page_of_archive(search_page.names)),
    (rf"{_DATABASE}/search/overview$", page_of_archive(search_page.overview)),
    (rf"{_DATABASE}/search/saved$", page_of_archive(search_page.saved)),
    (
        rf"{_DATABASE}/search/saved/(?P<name>[^/.]+)\.(?P<format>atom)$",
        page_of_archive(search_page.saved_feed),
    ),
    (rf"{_DATABASE}/article/(?P<slug>[^/.]+){_FORMAT}", article),
    (rf"{_DATABASE}/related/(?P<slug>[^/.]+){_FORMAT}", related),
    (rf"{_DATABASE}/entity/(?P<slug>[^/.]+){_FORMAT}", entity_pages.entity),
    (rf"{_DATABASE}/entities{_FORMAT}", entity_pages.entities),
    (rf"{_DATABASE}/map$", entity_pages.places),
]
