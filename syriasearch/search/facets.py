"""Facets: the hits of a query by source, author, language, time, entity and type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..entities.counts import EntityCounts, count_entities, flags_at, merge_counts, named_in
from ..errors import OptionError
from ..index.postings import Ids
from ..index.reader import IndexReader, iso_day
from ..models.entity import ENTITY_TYPES
from ..models.page import Facet, FacetValue
from ..store.entities import EntityReader

Counts = dict[str, int]
Counting = Callable[[IndexReader, Ids], Counts]

MAX_VALUES = 50
"""The maximum number of values of a facet: the most common ones, or the latest dates."""


def _columns(name: str) -> Counting:
    def count(index: IndexReader, articles: Ids) -> Counts:
        column = index.column(name)
        found = np.bincount(column.codes[articles] + 1, minlength=len(column.values) + 1)[1:]
        return dict(zip(column.values, found.tolist(), strict=True))

    return count


def _days(digits: int, width: int) -> Counting:
    def count(index: IndexReader, articles: Ids) -> Counts:
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


def _types(index: IndexReader, articles: Ids) -> Counts:
    """Return the number of articles that name entities of each type."""
    asked = flags_at(index.size, articles)
    pairs = [(numbers, named) for numbers, named, _ in named_in(index, asked)]
    there = np.zeros(index.entities.last + 1, np.bool_)
    for numbers, _ in pairs:
        there[numbers] = True
    index.entities.types(np.flatnonzero(there))  # read all at once
    having = np.zeros((len(ENTITY_TYPES) + 1, index.size), np.bool_)
    for numbers, named in pairs:
        having[index.entities.types(numbers), named] = True
    return {kind: int(having[code].sum()) for code, kind in enumerate(ENTITY_TYPES)}


_COUNTED: dict[str, Counting] = {**_PLAIN, "type": _types}
FACETS = (*_PLAIN, "entity", "type")


class Tallies(NamedTuple):
    """The facet counts of some articles of one archive, before they are cut to MAX_VALUES."""

    counts: dict[str, Counts]
    entities: EntityCounts | None
    """The counts by entity, if that facet was requested."""


def check_facets(names: Iterable[str]) -> tuple[str, ...]:
    """Return the requested facets without repetitions. Raises OptionError for an unknown one."""
    names = tuple(dict.fromkeys(names))
    for name in names:
        if name not in FACETS:
            raise OptionError(f"there is no facet {name!r}: choose among {', '.join(FACETS)}")
    return names


def tally_facets(index: IndexReader, names: Iterable[str], articles: Ids) -> Tallies:
    """Count the values of facets over articles of one archive, given by id."""
    names = tuple(names)
    return Tallies(
        {name: _COUNTED[name](index, articles) for name in names if name != "entity"},
        count_entities(index, flags_at(index.size, articles)) if "entity" in names else None,
    )


def make_facets(
    names: Iterable[str], found: Sequence[Tallies], entities: EntityReader
) -> tuple[Facet, ...]:
    """Return facets from the counts of one archive, or of several together."""
    return tuple(
        Facet(
            name,
            _entities(merge_counts([each.entities for each in found if each.entities]), entities)
            if name == "entity"
            else _commonest(
                _sum(each.counts[name] for each in found), latest=name in ("year", "month")
            ),
        )
        for name in names
    )


def _sum(found: Iterable[Counts]) -> Counts:
    first, *others = found
    if not others:
        return first
    counts: Counter[str] = Counter(first)
    for each in others:
        counts.update(each)
    return counts


def _entities(found: EntityCounts, entities: EntityReader) -> tuple[FacetValue, ...]:
    """Return the entities that most of the articles name."""
    counts = found.articles
    # Only entities that may be among the first are read: the threshold is the count of the last
    # one.
    least = np.partition(counts, -MAX_VALUES)[-MAX_VALUES] if len(counts) > MAX_VALUES else 0
    about = entities.about(np.flatnonzero(counts >= max(least, 1)).tolist())
    order = sorted(about, key=lambda number: (-counts[number], about[number].slug))
    return tuple(
        FacetValue(about[number].slug, about[number].name, int(counts[number]))
        for number in order[:MAX_VALUES]
    )
