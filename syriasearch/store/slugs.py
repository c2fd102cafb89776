"""Slugs of articles: made from date and title, and numbered where several would be the same.

Words in Arabic script are left out: they lack the short vowels, and without them cannot be read in
Latin letters.
"""

from __future__ import annotations

import sqlite3

from slugify import slugify

from ..text.patterns import regex
from .sql import fetch_int

SLUG_LENGTH = 80
_ARABIC = regex(
    "[\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]+"
)
_NUMBERED = regex(r"(.+)-([0-9]{1,9})")
"""Pattern of a slug that may be another slug with a number."""


class Slugs:
    """Slugs for new articles of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._taken: dict[str, int] = {}
        """The highest number of each slug that was requested."""
        self._given: dict[str, int] = {}
        """The highest number of each slug among the slugs given out that look numbered."""

    def free(self, published: str | None, title: str) -> str:
        """Return a free slug made from date and title, numbered if another article has it."""
        title = _ARABIC.sub(" ", title)
        slug = slugify(title, max_length=SLUG_LENGTH, word_boundary=True) or "article"
        if published:
            slug = f"{published}-{slug}"
        if slug not in self._taken:
            self._taken[slug] = self._stored(slug)
        number = max(self._taken[slug], self._given.get(slug, 0))
        self._taken[slug] = number + 1
        if number:
            slug = f"{slug}-{number + 1}"
            self._given[slug] = max(self._given.get(slug, 0), 1)
        elif found := _NUMBERED.fullmatch(slug):
            self._given[found[1]] = max(self._given.get(found[1], 0), int(found[2]))
        return slug

    def _stored(self, slug: str) -> int:
        """Return the highest number of a slug in the archive: 0 if unused, 1 without a number."""
        # From "slug-" up to "slug.": the full stop follows the hyphen.
        return fetch_int(
            self._connection,
            "SELECT max(CASE slug WHEN :slug THEN 1"
            " ELSE CAST(substr(slug, :skip) AS INTEGER) END) FROM articles"
            " WHERE slug = :slug OR (slug >= :slug || '-' AND slug < :slug || '.'"
            " AND substr(slug, :skip) NOT GLOB '*[^0-9]*' AND length(slug) < :skip + 9)",
            {"slug": slug, "skip": len(slug) + 2},
        )

    def clear(self) -> None:
        """Forget all slugs given out, as other processes may write between two batches."""
        self._taken.clear()
        self._given.clear()
