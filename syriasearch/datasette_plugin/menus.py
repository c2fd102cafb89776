"""Links to the search page in Datasette's menus."""

from __future__ import annotations

from typing import Any

from .. import ArchiveLockedError
from .archives import is_archive
from .permissions import may_see
from .urls import Addresses


async def visible_archives(datasette: Any, actor: dict[str, Any] | None) -> list[str]:
    """Return the names of the archives that an actor may see."""
    return [name for name in datasette.databases if await is_visible(datasette, actor, name)]


async def is_visible(datasette: Any, actor: dict[str, Any] | None, name: str) -> bool:
    """Tell whether a database is an archive that an actor may see, and that can be read now."""
    database = datasette.databases.get(name)
    try:
        return bool(
            database and await is_archive(database) and await may_see(datasette, actor, name)
        )
    except ArchiveLockedError:
        return False


async def in_menu(datasette: Any, actor: dict[str, Any] | None) -> list[dict[str, str]]:
    """Return the links in the menu of every page."""
    if not await visible_archives(datasette, actor):
        return []
    return [{"href": str(datasette.urls.path("/-/search")), "label": "Search the news"}]


async def of_database(
    datasette: Any, actor: dict[str, Any] | None, database: str
) -> list[dict[str, str]]:
    """Return the links in the menu of a database's page."""
    if not await is_visible(datasette, actor, database):
        return []
    described = "Ranked search with passages, names, dates and facets"
    return [
        {
            "href": Addresses(datasette, database).search,
            "label": "Search the news",
            "description": described,
        }
    ]
