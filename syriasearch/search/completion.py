"""Completion: the values of an archive that begin with a text, for shells and forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from ..errors import OptionError
from ..models.page import FacetValue
from ..store.values import RowCheck
from ..text.arabic import name_key
from ..text.normalize import fold
from .collection import Collection
from .query.syntax import COLUMN_FIELDS

_Row = tuple[str, str, int]
"""A value, its label, and the number of its articles or mentions."""

_VALUES = {
    **{
        column: f"SELECT {column} AS value, {column}, count(*) FROM articles"
        f" WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1"
        for column in COLUMN_FIELDS
    },
    # The range up to "slug{" is a prefix search: every character of a slug sorts before "{".
    "slug": "SELECT slug, title, 1 FROM articles WHERE slug >= :text AND slug < :text || '{'"
    " ORDER BY slug",
    "entity": "SELECT slug, name, count FROM (SELECT entity_id, count(*) AS count FROM mentions"
    " WHERE entity_id IN (SELECT id FROM entities WHERE slug >= :text AND slug < :text || '{'"
    " UNION SELECT entity_id FROM aliases WHERE key >= :key AND key < :key || char(1114111))"
    " GROUP BY 1) JOIN entities ON id = entity_id ORDER BY 3 DESC, 1",
}

_ALL_ENTITIES = (
    "SELECT slug, name, count FROM (SELECT entity_id, count(*) AS count FROM mentions"
    " WHERE entity_id IS NOT NULL GROUP BY 1) JOIN entities ON id = entity_id ORDER BY 3 DESC, 1"
)
"""The query for entities when no beginning of a name is given.

The query for a beginning looks up each entity that matches, which takes too long if all do.
"""
_ROWS = {
    **{column: RowCheck("articles", (column, column, "#")) for column in COLUMN_FIELDS},
    "slug": RowCheck("articles", ("slug", "title", "#")),
    "entity": RowCheck("entities", ("slug", "name", "#")),
}


def find_values(
    collection: Collection, kind: str, beginning: str, limit: int
) -> tuple[FacetValue, ...]:
    """Return the values of a kind (source, author, lang, slug, entity) that begin with a text.

    Raises OptionError for an unknown kind.
    """
    if kind not in _VALUES:
        raise OptionError(f"there are no values of {kind!r}: choose among {', '.join(_VALUES)}")
    sql = _VALUES[kind] if beginning or kind != "entity" else _ALL_ENTITIES
    parameters = {"text": beginning, "key": name_key(beginning) or beginning}
    parts = [
        _ROWS[kind].rows(connection.execute(sql, parameters if ":text" in sql else ()))
        for connection in collection.connections
    ]
    found: Iterable[_Row] = parts[0] if len(parts) == 1 else _merge(parts, kind)
    if kind in COLUMN_FIELDS:
        folded = fold(beginning).casefold()
        found = (row for row in found if fold(row[0]).casefold().startswith(folded))
    return tuple(FacetValue(*row) for row in islice(found, limit))


def _merge(parts: Iterable[Iterable[_Row]], kind: str) -> Iterator[_Row]:
    """Yield the values of several archives as if they came from one."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for value, label, count in chain.from_iterable(parts):
        counts[value] += count
        labels[value] = label
    for value in sorted(counts, key=lambda each: (0 if kind == "slug" else -counts[each], each)):
        yield value, labels[value], counts[value]
