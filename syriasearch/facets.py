"""How are the hits of a query spread over sources, authors, languages, time and entities?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice

import numpy as np

from .census import flags_at, named_in, tally
from .errors import OptionError
from .index import Index, iso_day
from .models import Facet, FacetValue
from .postings import Flags, Ids
from .schema import ENTITY_TYPES
from .text import fold, name_key

Counts = dict[str, int]
Counting = Callable[[Index, Ids], Counts]

MAX_VALUES = 50
"""A facet has at most so many values: the commonest, or the last in time."""


def _columns(name: str) -> Counting:
    def count(index: Index, articles: Ids) -> Counts:
        column = index.column(name)
        found = np.bincount(column.codes[articles] + 1, minlength=len(column.values) + 1)[1:]
        return dict(zip(column.values, found.tolist(), strict=True))

    return count


def _days(digits: int, width: int) -> Counting:
    def count(index: Index, articles: Ids) -> Counts:
        days, found = np.unique(index.days[articles] // digits, return_counts=True)
        named = (str(iso_day(day * digits + 101 % digits))[:width] for day in days.tolist())
        return {
            name: number
            for name, day, number in zip(named, days.tolist(), found.tolist(), strict=True)
            if day
        }

    return count


_PLAIN: dict[str, Counting] = {
    "source": _columns("source"),
    "author": _columns("author"),
    "lang": _columns("lang"),
    "year": _days(10000, 4),
    "month": _days(100, 7),
}


def _commonest(counts: Counts, *, latest: bool = False) -> tuple[FacetValue, ...]:
    items = sorted(item for item in counts.items() if item[1])
    if latest:
        items.reverse()
    else:
        items.sort(key=lambda item: -item[1])
    return tuple(FacetValue(value, value, count) for value, count in items[:MAX_VALUES])


def _entities(index: Index, asked: Flags) -> tuple[FacetValue, ...]:
    """Return the entities that most of the articles name."""
    counts = tally(index, asked).articles
    # All that might be among the first: what is known of the others is not read.
    least = np.partition(counts, -MAX_VALUES)[-MAX_VALUES] if len(counts) > MAX_VALUES else 0
    about = index.entities.about(np.flatnonzero(counts >= max(least, 1)).tolist())
    order = sorted(about, key=lambda number: (-counts[number], about[number].slug))
    return tuple(
        FacetValue(about[number].slug, about[number].name, int(counts[number]))
        for number in order[:MAX_VALUES]
    )


def _types(index: Index, asked: Flags) -> tuple[FacetValue, ...]:
    """Return how many articles name entities of each type."""
    pairs = [(numbers, articles) for numbers, articles, _ in named_in(index, asked)]
    there = np.zeros(index.entities.last + 1, np.bool_)
    for numbers, _ in pairs:
        there[numbers] = True
    index.entities.types(np.flatnonzero(there))  # read at once
    having = np.zeros((len(ENTITY_TYPES) + 1, index.size), np.bool_)
    for numbers, articles in pairs:
        having[index.entities.types(numbers), articles] = True
    return _commonest({kind: int(having[code].sum()) for code, kind in enumerate(ENTITY_TYPES)})


_NAMED: dict[str, Callable[[Index, Flags], tuple[FacetValue, ...]]] = {
    "entity": _entities,
    "type": _types,
}
FACETS = (*_PLAIN, *_NAMED)


def count_facets(index: Index, names: Iterable[str], articles: Ids) -> tuple[Facet, ...]:
    """Count values over articles. Raises OptionError for a facet that there is not."""
    names = tuple(dict.fromkeys(names))
    for name in names:
        if name not in FACETS:
            raise OptionError(f"there is no facet {name!r}: choose among {', '.join(FACETS)}")
    found: dict[str, Facet] = {}
    for name in names:
        if name in _PLAIN:
            counts = _PLAIN[name](index, articles)
            found[name] = Facet(name, _commonest(counts, latest=name in ("year", "month")))
        else:
            found[name] = Facet(name, _NAMED[name](index, flags_at(index.size, articles)))
    return tuple(found[name] for name in names)


_VALUES = {
    **{
        column: f"SELECT {column} AS value, {column}, count(*) FROM articles"
        f" WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1"
        for column in ("source", "author", "lang")
    },
    # Up to "slug{": all that slugs are made of comes before that character.
    "slug": "SELECT slug, title, 1 FROM articles WHERE slug >= :text AND slug < :text || '{'"
    " ORDER BY slug",
    "entity": "SELECT slug, name, count FROM (SELECT entity_id, count(*) AS count FROM mentions"
    " WHERE entity_id IN (SELECT id FROM entities WHERE slug >= :text AND slug < :text || '{'"
    " UNION SELECT entity_id FROM aliases WHERE key >= :key AND key < :key || char(1114111))"
    " GROUP BY 1) JOIN entities ON id = entity_id ORDER BY 3 DESC, 1",
}

_EVERYBODY = (
    "SELECT slug, name, count FROM (SELECT entity_id, count(*) AS count FROM mentions"
    " WHERE entity_id IS NOT NULL GROUP BY 1) JOIN entities ON id = entity_id ORDER BY 3 DESC, 1"
)
"""What finds entities by the beginning of a name looks for each: too long a way where all do."""


def find_values(
    connection: sqlite3.Connection, kind: str, beginning: str, limit: int
) -> tuple[FacetValue, ...]:
    """Return the values of a kind that begin so. Raises OptionError for a kind there is not."""
    if kind not in _VALUES:
        raise OptionError(f"there are no values of {kind!r}: choose among {', '.join(_VALUES)}")
    asked = fold(beginning).casefold()
    named = {"text": beginning, "key": name_key(beginning) or beginning}
    sql = _VALUES[kind] if beginning or kind != "entity" else _EVERYBODY
    rows = connection.execute(sql, named if ":text" in sql else ())
    found = (FacetValue(*row) for row in rows)
    if ":text" not in _VALUES[kind]:
        found = (each for each in found if fold(each.value).casefold().startswith(asked))
    return tuple(islice(found, limit))
