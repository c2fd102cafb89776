"""Facets: the hits of a query by source, author, language, time, entity and type.

The count of a value is the number of hits that the same query has with this value as a filter: an
article and its copies count once for each value that any of them has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..entities.counts import (
    EntityCounts,
    count_entities,
    count_named,
    flags_at,
    merge_counts,
    named_in,
)
from ..index.postings import Ids, distinct
from ..index.reader import IndexReader, Named, iso_day
from ..models.entity import ENTITY_TYPES
from ..models.options import FACETS, check_known
from ..models.page import Facet, FacetValue
from ..store.entities import EntityReader
from .query.syntax import COLUMN_FIELDS

ValueCounts = dict[str, int]
Counting = Callable[[IndexReader, Ids, Ids], ValueCounts]
"""Counts values over articles, given the article (by id) that each of them counts as."""

_LOW = (1 << 32) - 1
MAX_VALUES = 50
"""The maximum number of values of a facet: the most common ones, or the latest dates."""


def _once(values: Ids, originals: Ids) -> Ids:
    """Return values, parallel to originals, each once for an original."""
    if len(distinct(originals)) == len(originals):
        return values
    pairs = originals.astype(np.int64) << 32 | (values.astype(np.int64) & _LOW)
    return values[np.unique(pairs, return_index=True)[1]]


def _columns(name: str) -> Counting:
    def count(index: IndexReader, articles: Ids, originals: Ids) -> ValueCounts:
        column = index.column(name)
        codes = _once(column.codes[articles], originals[articles])
        found = np.bincount(codes + 1, minlength=len(column.values) + 1)[1:]
        return dict(zip(column.values, found.tolist(), strict=True))

    return count


def _days(digits: int, width: int) -> Counting:
    """Return a counter of periods: of days, YYYYMMDD, without their last digits."""

    def count(index: IndexReader, articles: Ids, originals: Ids) -> ValueCounts:
        values = _once(index.days[articles] // digits, originals[articles])
        periods, found = np.unique(values, return_counts=True)
        return {
            str(iso_day(period * digits + 101 % digits))[:width]: number
            for period, number in zip(periods.tolist(), found.tolist(), strict=True)
            if period
        }

    return count


_PLAIN: dict[str, Counting] = {
    **{name: _columns(name) for name in COLUMN_FIELDS},
    "year": _days(10000, 4),
    "month": _days(100, 7),
}


def _values(counts: ValueCounts, *, latest: bool) -> tuple[FacetValue, ...]:
    """Return the most common values, or the latest."""
    items = sorted((item for item in counts.items() if item[1]), reverse=latest)
    if not latest:
        items.sort(key=lambda item: -item[1])
    return tuple(FacetValue(value, value, count) for value, count in items[:MAX_VALUES])


def _types(index: IndexReader, articles: Ids, originals: Ids) -> ValueCounts:
    """Return the number of articles that name entities of each type."""
    pairs = [pair[:2] for pair in named_in(index, flags_at(index.size, articles))]
    present = np.zeros(index.entities.last + 1, np.bool_)
    for numbers, _ in pairs:
        present[numbers] = True
    index.entities.types(np.flatnonzero(present))  # read all at once
    named = np.zeros((len(ENTITY_TYPES) + 1, index.size), np.bool_)
    for numbers, articles in pairs:
        named[index.entities.types(numbers), originals[articles]] = True
    return {kind: int(named[code].sum()) for code, kind in enumerate(ENTITY_TYPES)}


def _named(index: IndexReader, articles: Ids, originals: Ids) -> EntityCounts:
    """Return the number of articles that name each entity, an article and its copies once."""
    asked = flags_at(index.size, articles)
    if index.grouped is None or len(distinct(originals[articles])) == len(articles):
        return count_entities(index, asked)
    copies = index.grouped
    pairs = [np.zeros(0, np.int64)]

    def noted() -> Iterator[Named]:
        for each in named_in(index, asked):
            numbers, named, _ = each
            of_copies = copies[named]
            pairs.append(originals[named[of_copies]].astype(np.int64) << 32 | numbers[of_copies])
            yield each

    found = count_named(index, noted())
    repeated = np.concatenate(pairs)
    size = len(found.articles)
    found.articles[:] -= np.bincount(repeated & _LOW, minlength=size)
    found.articles[:] += np.bincount(np.unique(repeated) & _LOW, minlength=size)
    return found


_COUNTED: dict[str, Counting] = {**_PLAIN, "type": _types}


class Tallies(NamedTuple):
    """The facet counts of some articles of one archive, before they are cut to MAX_VALUES."""

    counts: dict[str, ValueCounts]
    entities: EntityCounts | None
    """The counts by entity, if that facet was requested."""


def check_facets(names: Iterable[str]) -> tuple[str, ...]:
    """Return the requested facets without repetitions. Raises OptionError for an unknown one."""
    names = tuple(dict.fromkeys(names))
    for name in names:
        check_known("facet", name, FACETS)
    return names


def tally_facets(
    index: IndexReader, names: Iterable[str], articles: Ids, *, all_copies: bool = False
) -> Tallies:
    """Count the values of facets over articles of one archive, given by id.

    An article and its copies count once for a value, unless `all_copies` is set.
    """
    names = tuple(names)
    originals = np.arange(index.size, dtype=np.int32) if all_copies else index.originals
    return Tallies(
        {name: _COUNTED[name](index, articles, originals) for name in names if name != "entity"},
        _named(index, articles, originals) if "entity" in names else None,
    )


def make_facets(
    names: Iterable[str], parts: Sequence[Tallies], entities: EntityReader
) -> tuple[Facet, ...]:
    """Return facets from the counts of one archive, or of several together."""
    facets = []
    for name in names:
        if name == "entity":
            counts = merge_counts([each.entities for each in parts if each.entities])
            facets.append(Facet(name, _entities(counts, entities)))
        else:
            total: Counter[str] = Counter()
            for each in parts:
                total.update(each.counts[name])
            facets.append(Facet(name, _values(total, latest=name in ("year", "month"))))
    return tuple(facets)


def _entities(counts: EntityCounts, entities: EntityReader) -> tuple[FacetValue, ...]:
    """Return the entities that most of the articles name."""
    articles = counts.articles
    # Only entities that may be among the first are read: those with the count of the last of them.
    min_count = (
        np.partition(articles, -MAX_VALUES)[-MAX_VALUES] if len(articles) > MAX_VALUES else 0
    )
    about = entities.about(np.flatnonzero(articles >= max(min_count, 1)).tolist())
    order = sorted(about, key=lambda number: (-articles[number], about[number].slug))
    return tuple(
        FacetValue(about[number].slug, about[number].name, int(articles[number]))
        for number in order[:MAX_VALUES]
    )
