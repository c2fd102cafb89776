"""Look-up of articles by their slugs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ..errors import ArticleNotFoundError

_BEGINNING = (
    "SELECT slug, id FROM articles WHERE slug >= ? AND slug < ? || '{' ORDER BY slug LIMIT 4"
)
"""The first slugs that begin with a text: every character of a slug sorts before `{`."""


def find_article(connections: Sequence[sqlite3.Connection], slug: str) -> tuple[int, int]:
    """Return the id of an article and the index of its archive, by its slug or a unique prefix.

    Raises ArticleNotFoundError if no slug begins like this, or several do and none is equal to it.
    """
    found = sorted(
        (name, number, index)
        for index, connection in enumerate(connections)
        for name, number in connection.execute(_BEGINNING, (slug, slug))
    )
    if slug and found and (len(found) == 1 or found[0][0] == slug):
        return found[0][1:]
    if not (slug and found):
        raise ArticleNotFoundError(
            f"there is no article {slug!r}: `search` finds the slugs of articles"
        )
    some = ", ".join(name for name, *_ in found[:3])
    raise ArticleNotFoundError(f"several articles begin with {slug!r}, such as {some}")
