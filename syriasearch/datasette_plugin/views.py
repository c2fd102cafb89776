"""Views: the handlers of an archive's pages in Datasette."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from datasette import Forbidden, NotFound, Response

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
from . import data
from . import menus as links
from . import pagination as reading
from . import view_models as views
from .archives import ask
from .drawings import histogram
from .drawings import map as maps
from .drawings import neighbours as circle
from .error_pages import error_page_of
from .permissions import may_see
from .search_form import HITS, SearchForm, whole_number
from .templates_context import render
from .urls import Addresses

Pictures = tuple[circle.Circle, maps.Map | None, Timeline]
View = Callable[[Any, Any], Awaitable[Response]]

FACETS = ("entity", "source", "author", "lang")
BARS = 130
"""The maximum number of bars: in months, more than ten years."""
NEIGHBOURS = 12
PLACES = 200
_ALL_PLACES = 2000


def _told(view: View) -> View:
    """Turn the errors of a view into error pages."""

    @wraps(view)
    async def telling(datasette: Any, request: Any) -> Response:
        try:
            return await view(datasette, request)
        except SyriaSearchError as error:
            status, message = error_page_of(error)
            if request.url_vars.get("form"):
                return data.as_problem(datasette, message, status)
            database = _named(datasette, request).name
            context = {
                "asked": SearchForm.read(request.args),
                "message": message,
                "position": error.position if isinstance(error, QuerySyntaxError) else None,
                "candidates": getattr(error, "candidates", ()),
                "searchable": not isinstance(error, ArchiveError),
            }
            return await render(datasette, request, database, "problem.html", context, status)

    return telling


def _named(datasette: Any, request: Any) -> Any:
    from datasette.utils import tilde_decode

    try:
        return datasette.get_database(route=tilde_decode(request.url_vars["database"]))
    except KeyError:
        raise NotFound("there is no such database") from None


async def _database(datasette: Any, request: Any) -> Any:
    """Return the database of a page. Raises Forbidden if this actor may not see it."""
    database = _named(datasette, request)
    if not await may_see(datasette, request.actor, database.name):
        raise Forbidden("view-table")
    return database


async def choose(datasette: Any, request: Any) -> Response:
    """Redirect to the only archive, or list all."""
    names = await links.visible_archives(datasette, request.actor)
    if len(names) == 1:
        query = f"?{request.query_string}" if request.query_string else ""
        return Response.redirect(Addresses(datasette, names[0]).search + query)
    context = {"names": names, "asked": SearchForm.read(request.args)}
    status = 200 if names else 404
    return await render(datasette, request, None, "choose.html", context, status)


@_told
async def search(datasette: Any, request: Any) -> Response:
    """Show the results of a query."""
    database = await _database(datasette, request)
    asked, form = SearchForm.read(request.args), request.url_vars["form"]
    if form == "json":
        return await data.search_json(datasette, database, asked, request.args)
    if form == "atom":
        here = datasette.absolute_url(request, request.full_path)
        to = Addresses(datasette, database.name)

        def address(article: Article) -> str:
            return str(datasette.absolute_url(request, to.article(article.slug)))

        return await data.search_feed(database, asked, here, address)
    if form in data.FORMS:
        return await data.search_export(datasette, database, asked, form)
    if form:
        raise NotFound(f"there is no form {form!r}")

    def find(archive: Archive) -> tuple[Page, Timeline]:
        return archive.survey(
            asked.q,
            **asked.options,
            sort=asked.sort,
            limit=HITS,
            offset=asked.offset,
            facets=FACETS,
            most=BARS,
        )

    page, timeline = await ask(database, find)
    bars = histogram.draw(timeline)
    found = page.total + page.partial_total
    named = (facet.values for facet in page.facets if facet.name == "entity")
    names = {value.value: value.label for values in named for value in values}
    context = {
        "asked": asked,
        "page": page,
        "found": found,
        "narrowed": list(asked.narrowed(names)),
        "last": max(1, -(-found // HITS)),
        "hits": views.hits(page.hits, asked.shared_q, Addresses(datasette, database.name)),
        "facets": views.facets(page.facets, asked),
        "bars": views.bars(bars, asked),
        "spans": views.listed(bars, asked),
        "undated": bars.undated,
    }
    return await render(datasette, request, database.name, "search.html", context)


@_told
async def article(datasette: Any, request: Any) -> Response:
    """Show an article, or a part of it that fits on a page."""
    database = await _database(datasette, request)
    slug, form = _slug(request), request.url_vars["form"]
    query = " ".join((request.args.get("q") or "").split())
    if form == "json":
        text = await ask(database, lambda archive: archive.article(slug, query=query), 2)
        return data.as_json(datasette, text.to_dict())
    if form in data.FORMS and form not in ("jsonl", "csv", "markdown"):
        text = await ask(database, lambda archive: archive.article(slug), 2)
        return data.citation(text.article, form)
    if form:
        raise NotFound(f"there is no form {form!r}")
    try:
        text = await ask(database, lambda archive: archive.article(slug, query=query), 2)
    except QuerySyntaxError:
        query = ""
        text = await ask(database, lambda archive: archive.article(slug), 2)
    if text.article.slug != slug:
        return Response.redirect(Addresses(datasette, database.name).article(text.article.slug))
    parts = reading.parts(text.paragraphs[1:])
    number = whole_number(request.args.get("part")) or reading.part_of(
        parts, whole_number(request.args.get("at"))
    )
    context = {
        "asked": SearchForm(q=query),
        "text": text,
        "title": text.paragraphs[0] if text.paragraphs else None,
        "part": parts[min(number, len(parts)) - 1],
        "parts": parts,
        "citation": cite(text.article),
    }
    return await render(datasette, request, database.name, "article.html", context)


@_told
async def related(datasette: Any, request: Any) -> Response:
    """Show the articles on the same subject as a given one."""
    database = await _database(datasette, request)
    slug = _slug(request)
    number = whole_number(request.args.get("page")) or 1
    offset = min((number - 1) * HITS, 2**31 - 1)

    def find(archive: Archive) -> tuple[Article, Page]:
        return archive.article(slug).article, archive.related(slug, limit=HITS, offset=offset)

    about, page = await ask(database, find)
    context = {
        "asked": SearchForm(page=number),
        "article": about,
        "page": page,
        "hits": views.hits(page.hits, "", Addresses(datasette, database.name)),
        "last": max(1, -(-page.total // HITS)),
    }
    return await render(datasette, request, database.name, "related.html", context)


@_told
async def entity(datasette: Any, request: Any) -> Response:
    """Show the profile of an entity."""
    database = await _database(datasette, request)
    name, form = _slug(request), request.url_vars["form"]
    # It makes some fifty small requests to the archive.
    profile = await ask(
        database, lambda archive: archive.entity(name, limit=8, neighbours=NEIGHBOURS), 2
    )
    slug = profile.entity.slug
    if form == "json":
        return data.as_json(datasette, profile.to_dict())
    if form:
        raise NotFound(f"there is no form {form!r}")
    if slug != name:
        return Response.redirect(Addresses(datasette, database.name).entity(slug))
    try:
        drawn, land, timeline = await ask(database, lambda archive: _pictures(archive, profile))
    except TimeLimitError:
        drawn, land = circle.draw(profile.entity, profile.neighbours, ()), None
        timeline = profile.timeline
    known = profile.entity.wikidata or ""
    asked, to = SearchForm(entity=(slug,)), Addresses(datasette, database.name)
    bars = histogram.draw(timeline)
    context = {
        "asked": asked,
        "profile": profile,
        "bars": views.bars(bars, asked, to.search),
        "spans": views.listed(bars, asked, to.search),
        "undated": bars.undated,
        "hits": views.hits(profile.latest, f"entity:{slug}", to),
        "circle": drawn if profile.neighbours else None,
        "map": land,
        "wikidata": known if re.fullmatch(r"Q\d+", known) else None,
    }
    return await render(datasette, request, database.name, "entity.html", context)


def _pictures(archive: Archive, profile: EntityProfile) -> Pictures:
    """Return an entity's drawings: neighbours, places named together with it, timeline."""
    subject = profile.entity
    network = archive.network(entity=subject.slug, limit=NEIGHBOURS + 1)
    drawn = circle.draw(subject, profile.neighbours, network.edges)
    places = archive.entities(entity=subject.slug, type="place", limit=PLACES)
    everywhere = archive.entities(type="place", limit=_ALL_PLACES)
    around = subject if subject.type == "place" else None
    land = maps.draw(places.entities, everywhere.entities, around)
    return drawn, land, archive.timeline("", entity=subject.slug, by="auto", most=BARS)


def _slug(request: Any) -> str:
    from datasette.utils import tilde_decode

    slug: str = tilde_decode(request.url_vars["slug"])
    return slug


_DATABASE = r"^/(?P<database>[^/.]+)/-"
_FORM = r"(?:\.(?P<form>\w+))?$"
ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/-/search$", choose),
    (rf"{_DATABASE}/search{_FORM}", search),
    (rf"{_DATABASE}/article/(?P<slug>[^/.]+){_FORM}", article),
    (rf"{_DATABASE}/related/(?P<slug>[^/.]+){_FORM}", related),
    (rf"{_DATABASE}/entity/(?P<slug>[^/.]+){_FORM}", entity),
]
