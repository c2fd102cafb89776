"""The front door of an archive: what it holds and what to try, on its own pages and Datasette's."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from .. import Archive, Entity, SyriaSearchError
from .archives import ask
from .drawings.histogram import in_words
from .escaping import counted
from .permissions import visible_archives
from .urls import Addresses

_NAMES = {"person": 2, "place": 2, "group": 1, "organization": 1}
"""How many names of each type are offered to try."""
_COMMON = 60
"""The number of entities among which they are chosen, those that most articles name."""
_TOO_COMMON = 0.4
"""The share of all articles that name somebody or something of which a search says nothing."""
DATASETTE_PAGES = ("index", "database")
"""How the names of the templates begin that show doors."""
MAX_DOORS = 12
"""The maximum number of archives that are described on one page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds: the number of its articles, their dates, and names to search for."""

    articles: int
    earliest: str | None
    latest: str | None
    names: tuple[Entity, ...]

    @property
    def summary(self) -> str:
        """The number of articles, from when to when."""
        number = counted(self.articles, "article")
        first, last = in_words(self.earliest), in_words(self.latest)
        if not first:
            return number if not self.articles else f"{number}, undated"
        return f"{number}, of {first}" if first == last else f"{number}, from {first} to {last}"


@dataclass(frozen=True, slots=True)
class Door:
    """The way into an archive: its name, the address of its search page, and its contents."""

    title: str
    to: Addresses
    contents: Contents | None
    """None if it cannot be read now."""


def read_contents(archive: Archive) -> Contents:
    """Return what an archive holds."""
    oldest = archive.search("", sort="oldest", limit=1, passages=0)
    newest = archive.search("", sort="newest", limit=1, passages=0)
    first, last = (
        page.hits[0].article.published if page.hits else None for page in (oldest, newest)
    )
    common = archive.entities(limit=_COMMON).entities
    wanted = dict(_NAMES)
    names = []
    for each in common:
        kind = each.entity.type
        if wanted.get(kind) and each.articles <= max(oldest.total * _TOO_COMMON, 3):
            wanted[kind] -= 1
            names.append(each.entity)
    return Contents(oldest.total, first, last, tuple(names))


async def title_of(datasette: Any, name: str) -> str:
    """Return the title of a database, as its metadata says, or its name."""
    if hasattr(datasette, "get_database_metadata"):  # Datasette 1.0
        found = (await datasette.get_database_metadata(name)).get("title")
    else:
        found = datasette.metadata("title", database=name, fallback=False)
    return str(found or name)


async def find_doors(datasette: Any, request: Any, names: list[str]) -> list[Door]:
    """Return the doors of those databases that are archives which this actor may see."""
    visible = [each for each in await visible_archives(datasette, request.actor) if each in names]

    async def open_door(name: str) -> Door:
        contents = None
        with suppress(SyriaSearchError):
            contents = await ask(datasette.databases[name], read_contents)
        return Door(await title_of(datasette, name), Addresses(datasette, name), contents)

    doors = await asyncio.gather(*map(open_door, visible[:MAX_DOORS]))
    titles = [door.title for door in doors]
    return [
        replace(door, title=f"{door.title} ({name})") if titles.count(door.title) > 1 else door
        for door, name in zip(doors, visible, strict=False)
    ]


async def template_variables(
    datasette: Any, request: Any, template: str | None, database: str | None
) -> dict[str, Any]:
    """Return what the templates of Datasette's first page and of a database's show of archives."""
    if request is None or not (template or "").startswith(DATASETTE_PAGES):
        return {}
    names = [database] if database else list(datasette.databases)
    doors = await find_doors(datasette, request, names)
    return {"syriasearch_doors": doors, "syriasearch_title": _title_of_all(datasette, doors)}


def _title_of_all(datasette: Any, doors: list[Door]) -> str:
    """Return the title of Datasette's first page; empty if it shows anything but archives."""
    files = [each for each in datasette.databases.values() if each.path]
    if not doors or len(doors) < len(files):
        return ""
    return doors[0].title if len(doors) == 1 else "Archives of news"
