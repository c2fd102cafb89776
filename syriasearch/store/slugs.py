"""Slugs of articles: made from date and title, and numbered where several would be the same."""

from __future__ import annotations

import re
import sqlite3

from slugify import slugify

from .sql import fetch_int

SLUG_LENGTH = 80
_NUMBERED = re.compile(r"(.+)-([0-9]{1,9})")
"""Pattern of a slug that may be another slug with a number."""


def plain_slug(published: str | None, title: str) -> str:
    """Return the slug made from date and title, which another article may already have."""
    name = slugify(title, max_length=SLUG_LENGTH, word_boundary=True) or "article"
    return f"{published}-{name}" if published else name


def taken(connection: sqlite3.Connection, slug: str) -> int:
    """Return the highest number of a slug in an archive: 0 if it is unused, 1 without a number."""
    # From "slug-" up to "slug.": the full stop follows the hyphen.
    return fetch_int(
        connection,
        "SELECT max(CASE slug WHEN :slug THEN 1"
        " ELSE CAST(substr(slug, :skip) AS INTEGER) END) FROM articles"
        " WHERE slug = :slug OR (slug >= :slug || '-' AND slug < :slug || '.'"
        " AND substr(slug, :skip) NOT GLOB '*[^0-9]*' AND length(slug) < :skip + 9)",
        {"slug": slug, "skip": len(slug) + 2},
    )


class Numbering:
    """Numbering of slugs that several articles would share."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._given: dict[str, int] = {}
        """The highest number of each slug among the slugs given out that look numbered."""

    def knows(self, slug: str) -> bool:
        """Return whether this slug was requested before."""
        return slug in self._taken

    def free(self, slug: str, stored: int = 0) -> str:
        """Return a free slug, numbered if needed; `stored` is its highest number in the archive."""
        number = max(stored, self._taken.get(slug, 0), self._given.get(slug, 0))
        self._taken[slug] = number + 1
        if number:
            slug = f"{slug}-{number + 1}"
            self._given[slug] = max(self._given.get(slug, 0), 1)
        elif found := _NUMBERED.fullmatch(slug):
            self._given[found[1]] = max(self._given.get(found[1], 0), int(found[2]))
        return slug

    def clear(self) -> None:
        """Forget all slugs given out."""
        self._taken.clear()
        self._given.clear()


class Slugs:
    """Slugs for new articles of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbering = Numbering()

    def free(self, published: str | None, title: str) -> str:
        """Return a free slug made from date and title, numbered if another article has it."""
        slug = plain_slug(published, title)
        stored = 0 if self._numbering.knows(slug) else taken(self._connection, slug)
        return self._numbering.free(slug, stored)

    def clear(self) -> None:
        """Forget all slugs given out, as other processes may write between two batches."""
        self._numbering.clear()
