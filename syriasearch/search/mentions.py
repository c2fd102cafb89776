"""Mentions as they are stored: where an entity is named, and why the name is taken for it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ..entities.names.name_lookup import NamedEntity
from ..index.postings import ENTITY, Flags
from ..index.reader import IndexReader
from ..models.entity import MOVED, Entity, Mention, explain
from ..store.entities import on_earth
from ..store.values import RowCheck

_MENTIONS = """
SELECT paragraph_id, start, "end", surface, recognizer, reason, found.name, entities.slug,
  entities.name, entities.type, entities.description, entities.wikidata, entities.latitude,
  entities.longitude
FROM mentions CROSS JOIN entities ON entities.id = entity_id
  LEFT JOIN entities AS found ON found.id = found_id
"""
_ROWS = RowCheck(
    "mentions",
    (
        *("paragraph_id", "start", "end", "surface", "recognizer", "reason", "entities.name?"),
        *("entities.slug", "entities.name", "entities.type", "entities.description"),
        *("entities.wikidata", "entities.latitude", "entities.longitude"),
    ),
)
_SURFACE = ("surface", "recognizer", "reason", "entities.name?")
_SURFACES = RowCheck("mentions", ("paragraph_id", *_SURFACE))
_SURFACE_COUNTS = RowCheck("mentions", (*_SURFACE, "#"))


def read_mentions(
    connection: sqlite3.Connection, condition: str, values: Sequence[int]
) -> Iterator[tuple[int, Mention]]:
    """Yield the mentions that meet a condition in SQL, each with the id of its paragraph.

    They are sorted by paragraph and offset.
    """
    rows = connection.execute(
        f'{_MENTIONS} WHERE {condition} ORDER BY paragraph_id, start, "end", entities.slug', values
    )
    for paragraph, start, end, surface, recognizer, reason, moved, *entity in _ROWS.rows(rows):
        reason = MOVED.format(name=moved) if moved else reason
        yield paragraph, Mention(start, end, surface, on_earth(Entity(*entity)), recognizer, reason)


def count_surfaces(
    connection: sqlite3.Connection, index: IndexReader, flags: Flags, entity: NamedEntity
) -> Counter[tuple[str, str]]:
    """Count the mentions of an entity in flagged articles, by their text and their reason."""
    columns = "surface, recognizer, reason, name"
    source = "mentions LEFT JOIN entities ON entities.id = found_id WHERE entity_id = ?"
    if flags[index.get(ENTITY, entity.id).articles].all():
        rows = connection.execute(
            f"SELECT {columns}, count(*) FROM {source} GROUP BY {columns}", (entity.id,)
        )
        counts = Counter({tuple(what): count for *what, count in _SURFACE_COUNTS.rows(rows)})
    else:
        rows = connection.execute(
            f"SELECT paragraph_id, {columns} FROM {source} ORDER BY 1", (entity.id,)
        )
        mentions = [*_SURFACES.rows(rows)]
        if not mentions:
            return Counter()
        paragraphs = np.array([row[0] for row in mentions], np.int64)
        kept = np.flatnonzero(flags[index.articles_of(paragraphs)[0]])
        counts = Counter([mentions[position][1:] for position in kept.tolist()])
    surfaces: Counter[tuple[str, str]] = Counter()
    for (surface, recognizer, reason, moved), count in counts.items():
        reason = MOVED.format(name=moved) if moved else reason
        surfaces[surface, explain(surface, entity.name, recognizer, reason)] += count
    return surfaces
