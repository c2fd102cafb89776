"""Which articles pass the filters of a search?"""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np

from .dates import first_day
from .index import Index
from .lexicon import Lexicon
from .postings import ENTITY, Flags
from .schema import ENTITY_TYPES


class Filters(NamedTuple):
    """What an article must be, beside answering the query; None where anything will do."""

    after: str | None = None
    """On this day or later: a day, or the first of a month or a year."""
    before: str | None = None
    """Earlier than this day."""
    source: str | None = None
    entity: str | None = None
    """A slug, or a name in any spelling."""
    lang: str | None = None

    @property
    def given(self) -> dict[str, str]:
        """Those that are set, by name."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    def allowed(self, index: Index, lexicon: Lexicon) -> Flags | None:
        """Return which articles pass, by id; None where all do.

        Raises OptionError for a date that is none. An undated article passes no date filter.
        """
        flags: list[Flags] = []
        if self.after is not None or self.before is not None:
            first = None if self.after is None else first_day(self.after, "after")
            behind = None if self.before is None else first_day(self.before, "before")
            flags.append(index.published(first, behind))
        flags += [
            index.having(column, [value])
            for column, value in (("source", self.source), ("lang", self.lang))
            if value is not None
        ]
        if self.entity is not None:
            naming = np.zeros(index.size, np.bool_)
            for entity in lexicon.named(self.entity, ENTITY_TYPES):
                naming[index.get(ENTITY, entity.id).articles] = True
            flags.append(naming)
        return reduce(np.logical_and, flags) if flags else None
