"""Under which slug is an article known?"""

from __future__ import annotations

import re
import sqlite3

from slugify import slugify

SLUG_LENGTH = 80
_NUMBERED = re.compile(r"(.+)-([0-9]{1,9})")
"""A slug that may be another with a number."""


def plain_slug(published: str | None, title: str) -> str:
    """Return the slug that date and title make, which another article may have."""
    name = slugify(title, max_length=SLUG_LENGTH, word_boundary=True) or "article"
    return f"{published}-{name}" if published else name


def taken(connection: sqlite3.Connection, slug: str) -> int:
    """Return how far a slug is numbered in an archive: 0 where no article has it, 1 for itself."""
    # From "slug-" up to "slug.", the character behind the hyphen.
    number: int | None = connection.execute(
        "SELECT max(CASE slug WHEN :slug THEN 1"
        " ELSE CAST(substr(slug, :skip) AS INTEGER) END) FROM articles"
        " WHERE slug = :slug OR (slug >= :slug || '-' AND slug < :slug || '.'"
        " AND substr(slug, :skip) NOT GLOB '*[^0-9]*' AND length(slug) < :skip + 9)",
        {"slug": slug, "skip": len(slug) + 2},
    ).fetchone()[0]
    return number or 0


class Numbering:
    """Numbers slugs where several articles would have the same."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._given: dict[str, int] = {}
        """How far slugs are numbered by others that were given, and look as if they were."""

    def knows(self, slug: str) -> bool:
        """Tell whether it was asked for before."""
        return slug in self._taken

    def free(self, slug: str, stored: int = 0) -> str:
        """Return a slug that no article has; `stored` is how far it was numbered before."""
        number = max(stored, self._taken.get(slug, 0), self._given.get(slug, 0))
        self._taken[slug] = number + 1
        if number:
            slug = f"{slug}-{number + 1}"
            self._given[slug] = max(self._given.get(slug, 0), 1)
        elif found := _NUMBERED.fullmatch(slug):
            self._given[found[1]] = max(self._given.get(found[1], 0), int(found[2]))
        return slug

    def clear(self) -> None:
        """Forget what is taken."""
        self._taken.clear()
        self._given.clear()


class Slugs:
    """Names the articles of one archive, through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbering = Numbering()

    def free(self, published: str | None, title: str) -> str:
        """Return a slug from date and title that no article has, numbered where several would."""
        slug = plain_slug(published, title)
        stored = 0 if self._numbering.knows(slug) else taken(self._connection, slug)
        return self._numbering.free(slug, stored)

    def clear(self) -> None:
        """Forget what is taken: others may write between two batches."""
        self._numbering.clear()
