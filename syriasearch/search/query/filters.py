"""Filters of a search, and the articles that pass them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import NamedTuple

import numpy as np

from ...entities.counts import flags_at
from ...entities.names.name_lookup import NamedEntity
from ...index.postings import ENTITY, Flags
from ...index.reader import IndexReader
from ...models.entity import ENTITY_TYPES
from ...text.dates import first_day
from .lexicon import Lexicon
from .syntax import COLUMN_FIELDS

NamedEntities = Mapping[str, tuple[NamedEntity, ...]]
"""The entities that each name refers to."""


def values_of(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of a filter, which has one or several."""
    return (value,) if isinstance(value, str) else value


class Filters(NamedTuple):
    """The conditions an article must meet besides matching the query; None for no condition."""

    after: str | None = None
    """The first day, inclusive: a date, or a month or year for its first day."""
    before: str | None = None
    """The day after the last, exclusive: a date, or a month or year for its first day."""
    source: str | tuple[str, ...] | None = None
    """A source, or several, one of which the article must have; so too language and author."""
    entity: str | tuple[str, ...] | None = None
    """A slug, or a name in any spelling; or several, all of which the article must name."""
    lang: str | tuple[str, ...] | None = None
    author: str | tuple[str, ...] | None = None

    @property
    def given(self) -> dict[str, str | tuple[str, ...]]:
        """The filters that are set, by name."""
        return {name: value for name, value in self._asdict().items() if value not in (None, ())}

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities that an article must name."""
        return (self.entity,) if isinstance(self.entity, str) else self.entity or ()

    def without_each(self) -> Iterator[tuple[str, str, Filters]]:
        """Yield the name and value of each filter that is set, and the filters without it."""
        for name, value in self.given.items():
            if name != "entity":
                yield name, ", ".join(values_of(value)), self._replace(**{name: None})
                continue
            for each in self.entities:
                others = tuple(other for other in self.entities if other != each)
                yield name, each, self._replace(entity=others or None)

    def named_entities(self, lexicon: Lexicon) -> NamedEntities:
        """Return the entities that each name refers to."""
        return {name: lexicon.named(name, ENTITY_TYPES) for name in self.entities}

    def allowed(self, index: IndexReader, named: NamedEntities) -> Flags | None:
        """Return the articles of an archive that pass, as flags by id; None if all do.

        `named` is what `named_entities` returns. An article without a date passes no date filter.
        Raises OptionError for an invalid date.
        """
        flags: list[Flags] = []
        if self.after is not None or self.before is not None:
            start = None if self.after is None else first_day(self.after, "after")
            end = None if self.before is None else first_day(self.before, "before")
            flags.append(index.published(start, end))
        flags += [
            index.having(name, [*values_of(value)])
            for name, value in self.given.items()
            if name in COLUMN_FIELDS
        ]
        for name in self.entities:
            mentions = index.any_of(ENTITY, [entity.id for entity in named[name]])
            flags.append(flags_at(index.size, mentions.articles))
        return reduce(np.logical_and, flags) if flags else None
