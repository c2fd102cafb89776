"""Addresses of an archive's pages in Datasette."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from .. import Entity


class Addresses:
    """The addresses of one archive's pages."""

    def __init__(self, datasette: Any, database: str) -> None:
        self._base = f"{datasette.urls.database(database)}/-"
        self.search = f"{self._base}/search"
        self.entities = f"{self._base}/entities"
        self.map = f"{self._base}/map"

    def saved_feed(self, name: str) -> str:
        """Return the address of the feed of a saved search."""
        return f"{self.search}/saved/{_in_path(name)}.atom"

    def article(self, slug: str, **query: Any) -> str:
        """Return the address of an article's page, with parameters."""
        return f"{self._base}/article/{_in_path(slug)}{_encode(query)}"

    def related(self, slug: str) -> str:
        """Return the address of the page of related articles."""
        return f"{self._base}/related/{_in_path(slug)}"

    def entity(self, entity: Entity | str) -> str:
        """Return the address of an entity's page."""
        slug = entity if isinstance(entity, str) else entity.slug
        return f"{self._base}/entity/{_in_path(slug)}"

    def searching(self, **query: Any) -> str:
        """Return the address of a search with these parameters."""
        return self.search + (_encode(query) or "?")


@lru_cache(maxsize=4096)
def _in_path(slug: str) -> str:
    """Return a slug as a part of a path; a page links to the same few entities many times."""
    return str(tilde_encode(slug))


def _encode(query: dict[str, Any]) -> str:
    """Return parameters from `?` on, without empty ones."""
    given = {name: value for name, value in query.items() if value}
    return f"?{urlencode(given, errors='replace')}" if given else ""
