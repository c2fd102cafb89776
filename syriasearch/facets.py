"""How are the hits of a query spread over sources, authors, languages, time and entities?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import islice

from .errors import OptionError
from .models import Facet, FacetValue
from .text import fold, name_key

MAX_VALUES = 50
"""A facet has at most so many values: the commonest, or the last in time."""

_MENTIONED = """
  FROM hits CROSS JOIN paragraphs ON paragraphs.article_id = hits.id
  CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id
  CROSS JOIN entities ON entities.id = mentions.entity_id
"""


def _column(expression: str, order: str = "3 DESC, 1") -> str:
    return (
        f"SELECT {expression} AS value, {expression}, count(*) FROM hits"
        " CROSS JOIN articles ON articles.id = hits.id"
        f" WHERE value IS NOT NULL GROUP BY 1 ORDER BY {order} LIMIT {MAX_VALUES}"
    )


def _entities(columns: str) -> str:
    return (
        f"SELECT {columns}, count(DISTINCT hits.id) {_MENTIONED}"
        f" GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {MAX_VALUES}"
    )


_QUERIES = {
    "source": _column("source"),
    "author": _column("author"),
    "lang": _column("lang"),
    "year": _column("substr(published, 1, 4)", "1 DESC"),
    "month": _column("substr(published, 1, 7)", "1 DESC"),
    "entity": _entities("entities.slug, entities.name"),
    "type": _entities("entities.type, entities.type"),
}
FACETS = tuple(_QUERIES)


def count_facets(
    connection: sqlite3.Connection, names: Iterable[str], article_ids: Iterable[int]
) -> tuple[Facet, ...]:
    """Count values over articles. Raises OptionError for a facet that there is not."""
    names = tuple(dict.fromkeys(names))
    for name in names:
        if name not in _QUERIES:
            raise OptionError(f"there is no facet {name!r}: choose among {', '.join(FACETS)}")
    if not names:
        return ()
    ids = json.dumps(list(article_ids))
    return tuple(
        Facet(
            name,
            tuple(
                FacetValue(*row)
                for row in connection.execute(
                    "WITH hits(id) AS MATERIALIZED (SELECT value FROM json_each(?)) "
                    + _QUERIES[name],
                    (ids,),
                )
            ),
        )
        for name in names
    )


_VALUES = {
    **{
        column: f"SELECT {column} AS value, {column}, count(*) FROM articles"
        f" WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1"
        for column in ("source", "author", "lang")
    },
    # Up to "slug{": all that slugs are made of comes before that character.
    "slug": "SELECT slug, title, 1 FROM articles WHERE slug >= :text AND slug < :text || '{'"
    " ORDER BY slug",
    "entity": "SELECT slug, name, count(*) FROM entities JOIN mentions ON entity_id = entities.id"
    " WHERE slug >= :text AND slug < :text || '{' OR entities.id IN (SELECT entity_id FROM aliases"
    " WHERE key >= :key AND key < :key || char(1114111))"
    " GROUP BY entities.id ORDER BY 3 DESC, 1",
}


def find_values(
    connection: sqlite3.Connection, kind: str, beginning: str, limit: int
) -> tuple[FacetValue, ...]:
    """Return the values of a kind that begin so. Raises OptionError for a kind there is not."""
    if kind not in _VALUES:
        raise OptionError(f"there are no values of {kind!r}: choose among {', '.join(_VALUES)}")
    asked = fold(beginning).casefold()
    named = {"text": beginning, "key": name_key(beginning) or beginning}
    rows = connection.execute(_VALUES[kind], named if ":text" in _VALUES[kind] else ())
    found = (FacetValue(*row) for row in rows)
    if ":text" not in _VALUES[kind]:
        found = (each for each in found if fold(each.value).casefold().startswith(asked))
    return tuple(islice(found, limit))
