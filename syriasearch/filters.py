"""Which articles pass the filters of a search?"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields

from .dates import first_day
from .lexicon import Lexicon
from .schema import ENTITY_TYPES


@dataclass(frozen=True, slots=True)
class Filters:
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
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def allowed(self, connection: sqlite3.Connection, lexicon: Lexicon) -> frozenset[int] | None:
        """Return the ids of the articles that pass, None for all.

        Raises OptionError for a date that is none. An undated article passes no date filter.
        """
        conditions: list[str] = []
        parameters: list[object] = []
        if self.after is not None:
            conditions.append("published >= ?")
            parameters.append(first_day(self.after, "after"))
        if self.before is not None:
            conditions.append("published < ?")
            parameters.append(first_day(self.before, "before"))
        if self.source is not None:
            conditions.append("source = ? COLLATE NOCASE")
            parameters.append(self.source)
        if self.lang is not None:
            conditions.append("lang = ? COLLATE NOCASE")
            parameters.append(self.lang)
        if self.entity is not None:
            ids = [entity.id for entity in lexicon.named(self.entity, ENTITY_TYPES)]
            marks = ", ".join("?" * len(ids))
            conditions.append(
                "id IN (SELECT article_id FROM mentions CROSS JOIN paragraphs"
                f" ON paragraphs.id = paragraph_id WHERE entity_id IN ({marks}))"
            )
            parameters.extend(ids)
        if not conditions:
            return None
        return frozenset(
            article_id
            for (article_id,) in connection.execute(
                f"SELECT id FROM articles WHERE {' AND '.join(conditions)}", parameters
            )
        )
