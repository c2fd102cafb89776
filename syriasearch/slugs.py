"""Under which slug is an article known?"""

from __future__ import annotations

import sqlite3

from slugify import slugify

SLUG_LENGTH = 80


class Slugs:
    """Names the articles of one archive, through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._taken: dict[str, int] = {}

    def free(self, published: str | None, title: str) -> str:
        """Return a slug from date and title that no article has, numbered where several would."""
        name = slugify(title, max_length=SLUG_LENGTH, word_boundary=True) or "article"
        slug = f"{published}-{name}" if published else name
        taken = self._taken.get(slug)
        if taken is None:
            # From "slug-" up to "slug.", the character behind the hyphen.
            taken = self._connection.execute(
                "SELECT max(CASE slug WHEN :slug THEN 1"
                " ELSE CAST(substr(slug, :skip) AS INTEGER) END) FROM articles"
                " WHERE slug = :slug OR (slug >= :slug || '-' AND slug < :slug || '.'"
                " AND substr(slug, :skip) NOT GLOB '*[^0-9]*' AND length(slug) < :skip + 9)",
                {"slug": slug, "skip": len(slug) + 2},
            ).fetchone()[0]
        self._taken[slug] = (taken or 0) + 1
        return f"{slug}-{taken + 1}" if taken else slug

    def clear(self) -> None:
        """Forget what is taken: others may write between two batches."""
        self._taken.clear()
