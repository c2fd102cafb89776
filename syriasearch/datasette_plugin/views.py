"""Views: the handlers of an archive's pages in Datasette."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Forbidden, NotFound, Response
from datasette.utils import tilde_decode

from .. import (
    Archive,
    ArchiveError,
    Article,
    EntityProfile,
    Page,
    QuerySyntaxError,
    SyriaSearchError,
    TimeLimitError,
    Timeline,
    cite,
)
from . import corrections_page, data, search_page
from .archives import ask
from .drawings.histogram import draw_histogram
from .drawings.map import Map, draw_map
from .drawings.neighbours import Circle, draw_neighbours
from .pagination import part_of, split_into_parts
from .permissions import PERMITTED, may_see, visible_archives
from .render import describe_error, render
from .search_form import HITS, SearchForm, offset_of, whole_number
from .urls import Addresses

Drawings = tuple[Circle, Map | None, Timeline]

MAX_BARS = 130
"""The maximum number of bars: in months, more than ten years."""
NEIGHBOURS = 12
MAX_PLACES = 200
_ALL_PLACES = 2000


def _page_of_archive(
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
            context = {
                "search": SearchForm.read(request.args),
                "message": message,
                "position": error.position if isinstance(error, QuerySyntaxError) else None,
                "candidates": getattr(error, "candidates", ()),
                "searchable": not isinstance(error, ArchiveError),
            }
            return await render(datasette, request, database.name, "problem.html", context, status)

    return handle


async def choose(datasette: Any, request: Any) -> Response:
    """Redirect to the only archive, or list all."""
    names = await visible_archives(datasette, request.actor)
    if len(names) == 1:
        query = f"?{request.query_string}" if request.query_string else ""
        return Response.redirect(Addresses(datasette, names[0]).search + query)
    context = {"names": names, "search": SearchForm.read(request.args)}
    status = 200 if names else 404
    return await render(datasette, request, None, "choose.html", context, status)


@_page_of_archive
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
    _check_format(format)
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
    context = {
        "search": SearchForm(q=query),
        "text": text,
        "title": text.paragraphs[0] if text.paragraphs else None,
        "part": parts[min(number, len(parts)) - 1],
        "parts": parts,
        "citation": cite(text.article),
    }
    return await render(datasette, request, database.name, "article.html", context)


@_page_of_archive
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


@_page_of_archive
async def entity(datasette: Any, request: Any, database: Any) -> Response:
    """Show the profile of an entity."""
    name, format = tilde_decode(request.url_vars["slug"]), request.url_vars["format"]
    # It makes some fifty small requests to the archive.
    profile = await ask(
        database, lambda archive: archive.entity(name, limit=8, neighbours=NEIGHBOURS), 2
    )
    slug = profile.entity.slug
    if format == "json":
        return data.as_json(datasette, profile.to_dict())
    _check_format(format)
    if slug != name:
        return Response.redirect(Addresses(datasette, database.name).entity(slug))
    try:
        circle, land, timeline = await ask(database, lambda archive: _draw(archive, profile))
    except TimeLimitError:
        circle, land = draw_neighbours(profile.entity, profile.neighbours, ()), None
        timeline = profile.timeline
    known = profile.entity.wikidata or ""
    context = {
        "search": SearchForm(entity=(slug,)),
        "profile": profile,
        "histogram": draw_histogram(timeline),
        "circle": circle if profile.neighbours else None,
        "map": land,
        "wikidata": known if re.fullmatch(r"Q\d+", known) else None,
    }
    return await render(datasette, request, database.name, "entity.html", context)


def _draw(archive: Archive, profile: EntityProfile) -> Drawings:
    """Return an entity's drawings: neighbours, places named together with it, timeline."""
    subject = profile.entity
    network = archive.network(entity=subject.slug, limit=NEIGHBOURS + 1)
    circle = draw_neighbours(subject, profile.neighbours, network.edges)
    places = archive.entities(entity=subject.slug, type="place", limit=MAX_PLACES)
    everywhere = archive.entities(type="place", limit=_ALL_PLACES)
    around = subject if subject.type == "place" else None
    land = draw_map(places.entities, everywhere.entities, around)
    return circle, land, archive.timeline("", entity=subject.slug, by="auto", most=MAX_BARS)


def _check_format(format: str | None) -> None:
    """Raise NotFound for a format that a page does not have."""
    if format:
        raise NotFound(f"there is no form {format!r}")


_DATABASE = r"^/(?P<database>[^/.]+)/-"
_FORMAT = r"(?:\.(?P<format>\w+))?$"
ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/-/search$", choose),
    (rf"{_DATABASE}/search{_FORMAT}", _page_of_archive(search_page.show)),
    (rf"{_DATABASE}/search/names\.(?P<format>json)$", _page_of_archive(search_page.names)),
    (rf"{_DATABASE}/search/overview$", _page_of_archive(search_page.overview)),
    (rf"{_DATABASE}/search/saved$", _page_of_archive(search_page.saved)),
    (
        rf"{_DATABASE}/search/saved/(?P<name>[^/.]+)\.(?P<format>atom)$",
        _page_of_archive(search_page.saved_feed),
    ),
    (rf"{_DATABASE}/article/(?P<slug>[^/.]+){_FORMAT}", article),
    (rf"{_DATABASE}/related/(?P<slug>[^/.]+){_FORMAT}", related),
    (rf"{_DATABASE}/entity/(?P<slug>[^/.]+){_FORMAT}", entity),
]
