"""Pages of entities: a profile, the list of all, and a map of the places that articles name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import Response
from datasette.utils import tilde_decode

from .. import (
    Archive,
    Entity,
    EntityCount,
    EntityPage,
    EntityProfile,
    Neighbour,
    TimeLimitError,
    Timeline,
)
from . import data
from .archives import ask
from .drawings.histogram import draw_histogram
from .drawings.map import Box, Map, draw_map, read_box
from .drawings.neighbours import Circle, draw_neighbours
from .handlers import check_format, page_of_archive
from .render import render
from .search_form import SearchForm, offset_of, whole_number
from .urls import Addresses

MAX_BARS = 130
"""The maximum number of bars: in months, more than ten years."""
NEIGHBOURS = 12
MAX_PLACES = 150
LISTED = 100
"""The number of entities on a page of the list."""
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
"""The letters by which the list is divided."""


class Drawings(NamedTuple):
    """What the page of an entity shows besides its profile."""

    circle: Circle
    map: Map | None
    timeline: Timeline
    names: Mapping[str, str]
    """Names in Arabic script, by slug."""


@page_of_archive
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
    check_format(format)
    if slug != name:
        return Response.redirect(Addresses(datasette, database.name).entity(slug))
    box, in_arabic = read_box(request.args.get("box")), reads_arabic(request)
    neighbours = profile.associates or profile.neighbours
    try:
        drawn = await ask(
            database, lambda archive: _draw(archive, profile, neighbours, box, in_arabic)
        )
    except TimeLimitError:
        circle = draw_neighbours(profile.entity, neighbours, ())
        drawn = Drawings(circle, None, profile.timeline, {})
    known = profile.entity.wikidata or ""
    context = {
        "search": SearchForm(entity=(slug,)),
        "profile": profile,
        "histogram": draw_histogram(drawn.timeline),
        "neighbours": neighbours,
        "by_chance": not profile.associates,
        "circle": drawn.circle if neighbours else None,
        "map": drawn.map,
        "narrowed": box,
        "names": drawn.names if in_arabic else {},
        "in_arabic": in_arabic,
        "arabic_name": drawn.names.get(slug),
        "wikidata": known if re.fullmatch(r"Q\d+", known) else None,
    }
    return await render(datasette, request, database.name, "entity.html", context)


def _draw(
    archive: Archive,
    profile: EntityProfile,
    neighbours: tuple[Neighbour, ...],
    box: Box | None,
    in_arabic: bool,
) -> Drawings:
    """Return an entity's drawings: neighbours, places named together with it, timeline."""
    subject = profile.entity
    network = archive.network(entity=subject.slug, limit=NEIGHBOURS + 4, sort="association")
    places = archive.entities(entity=subject.slug, type="place", limit=MAX_PLACES).entities
    named = [subject, *(each.entity for each in (*neighbours, *profile.neighbours))]
    named += [each.entity for each in places]
    names = archive.arabic_names(named if in_arabic else [subject])
    shown = names if in_arabic else {}
    circle = draw_neighbours(
        renamed(subject, shown),
        [replace(each, entity=renamed(each.entity, shown)) for each in neighbours],
        network.edges,
    )
    land = draw_map(
        [replace(each, entity=renamed(each.entity, shown)) for each in places],
        renamed(subject, shown) if subject.type == "place" else None,
        box,
    )
    timeline = archive.timeline("", entity=subject.slug, by="auto", most=MAX_BARS)
    return Drawings(circle, land, timeline, names)


def renamed(entity: Entity, names: Mapping[str, str]) -> Entity:
    """Return an entity with the name that `names` has for it, if any."""
    name = names.get(entity.slug)
    return replace(entity, name=name) if name else entity


def with_names(counts: Iterable[EntityCount], names: Mapping[str, str]) -> tuple[EntityCount, ...]:
    """Return counts of entities with the names that `names` has for them."""
    return tuple(replace(each, entity=renamed(each.entity, names)) for each in counts)


def reads_arabic(request: Any) -> bool:
    """Return whether a reader's browser asks for Arabic before other languages."""
    return bool(re.match(r"\s*ar\b", request.headers.get("accept-language") or "", re.IGNORECASE))


@dataclass(frozen=True)
class EntityList:
    """What a page of the list of entities is asked."""

    search: SearchForm
    name: str = ""
    type: str = ""
    initial: str = ""
    sort: str = "articles"
    page: int = 1

    @classmethod
    def read(cls, args: Any) -> EntityList:
        """Read it from the arguments of a request; invalid values are ignored."""
        type, sort = args.get("type") or "", args.get("sort") or ""
        initial = (args.get("initial") or "")[:1].upper()
        return cls(
            SearchForm.read(args),
            name=" ".join((args.get("name") or "").split()),
            type=type if type in Archive.ENTITY_TYPES else "",
            initial=initial if initial and initial in LATIN + ARABIC else "",
            sort="name" if sort == "name" else "articles",
            page=max(1, whole_number(args.get("page"))),
        )

    def find(self, archive: Archive) -> EntityPage:
        """Return the entities."""
        return archive.entities(
            self.search.q,
            name=self.name,
            initial=self.initial,
            type=self.type or None,
            sort="name" if self.sort == "name" else "articles",
            limit=LISTED,
            offset=offset_of(self.page, LISTED),
            **self.search.naming_options,
        )

    def address(self, **changes: Any) -> str:
        """Return the address of this list with changes, from `?` on; by default of page 1."""
        own = {"name": self.name, "type": self.type, "initial": self.initial, "sort": self.sort}
        pairs = {**own, **changes}
        kept = [(name, value) for name, value in pairs.items() if value and value != "articles"]
        return "?" + urlencode([*self._searched(), *kept], errors="replace")

    def _searched(self) -> list[tuple[str, str]]:
        """Return the fields of the search."""
        return [pair for pair in self.search.pairs() if pair[0] not in ("page", "sort")]

    def hidden(self) -> list[tuple[str, str]]:
        """Return the fields of the search, and the letter, that the form of the list keeps."""
        has_letter = self.initial and not self.search.is_long
        return [*self._searched(), *([("initial", self.initial)] if has_letter else [])]


@page_of_archive
async def entities(datasette: Any, request: Any, database: Any) -> Response:
    """List the entities of an archive, or of the articles of a search."""
    asked, format = EntityList.read(request.args), request.url_vars["format"]
    in_arabic = reads_arabic(request) or bool(asked.initial and asked.initial in ARABIC)

    def find(archive: Archive) -> tuple[EntityPage, dict[str, str]]:
        page = asked.find(archive)
        return page, archive.arabic_names((each.entity for each in page), initial=asked.initial)

    page, names = await ask(database, find)
    if format == "json":
        return data.as_json(datasette, page.to_dict())
    check_format(format)
    context = {
        "search": replace(asked.search, page=1),
        "asked": asked,
        "page": page,
        "last": max(1, -(-page.total // LISTED)),
        "letters": (LATIN, ARABIC),
        "names": names,
        "in_arabic": in_arabic,
    }
    return await render(datasette, request, database.name, "entities.html", context)


@page_of_archive
async def places(datasette: Any, request: Any, database: Any) -> Response:
    """Show a map of the places that the articles of a search name."""
    form, box = SearchForm.read(request.args), read_box(request.args.get("box"))
    in_arabic = reads_arabic(request)

    def find(archive: Archive) -> tuple[EntityPage, tuple[EntityCount, ...]]:
        found = archive.entities(form.q, type="place", limit=MAX_PLACES, **form.naming_options)
        names = archive.arabic_names(each.entity for each in found) if in_arabic else {}
        return found, with_names(found, names)

    found, shown = await ask(database, find)
    context = {
        "search": replace(form, page=1),
        "page": found,
        "map": draw_map(shown, box=box),
        "narrowed": box,
        "names": {},
    }
    return await render(datasette, request, database.name, "map.html", context)
