"""Rows of the hits of a page: articles, paragraphs, and the entities that they name.

Each is read for all hits with one statement. Hits are known by their index on the page, and their
paragraphs by a range of ids for each (see `IndexReader.paragraph_ranges`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..models.article import Article
from ..store.values import RowCheck
from .article import ARTICLE_COLUMNS, ARTICLE_ROWS

Ranges = Mapping[int, tuple[int, int]]
"""The ids of the first and the last paragraph of hits, by index."""
ParagraphRow = tuple[int, int, int, str, str, int]
"""The index of a hit; the id, position, kind and text of a paragraph; whether folding the text is
known to change nothing."""
MentionRow = tuple[int, int, int, int, int]
"""The index of a hit, the id of a paragraph, the start and end of a mention, and an entity's id."""
PARAGRAPH_ROWS = RowCheck("paragraphs", ("#", "id", "position", "kind", "text", "#"))


def read_articles(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Article]:
    """Return articles by their ids."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN ({marks})", ids)
    return {row[0]: Article(*row) for row in ARTICLE_ROWS.rows(rows)}


def count_named(connection: sqlite3.Connection, ranges: Ranges) -> list[Counter[str]]:
    """Return, for each hit, the number of mentions of each entity, by its id in digits."""
    # A long string is handed over in a third of the time that the same ids take in rows.
    rows = connection.execute(
        "SELECT (SELECT group_concat(entity_id) FROM mentions"
        f' WHERE paragraph_id BETWEEN "first" AND "last") FROM {_table(ranges)}',
        _values(ranges),
    )
    return [Counter(joined.split(",") if joined else ()) for (joined,) in rows]


def read_mentions_of(
    connection: sqlite3.Connection, ranges: Ranges, entities: Iterable[int]
) -> list[MentionRow]:
    """Return the mentions of some entities in hits, sorted by hit and paragraph."""
    found: list[MentionRow] = []
    for entity in entities:
        found += connection.execute(
            'SELECT hits.number, paragraph_id, start, "end", entity_id'
            f" FROM {_table(ranges)} AS hits CROSS JOIN mentions"
            ' ON entity_id = ? AND paragraph_id BETWEEN "first" AND "last"',
            (*_values(ranges), entity),
        )
    return sorted(found)


def read_paragraphs(
    connection: sqlite3.Connection, ranges: Ranges, is_folded: str, limit: int = -1
) -> list[ParagraphRow]:
    """Return the paragraphs of hits, in order, at most `limit` of them if that is not negative.

    `is_folded` is an expression in SQL for whether folding a text changes nothing.
    """
    rows = connection.execute(
        f"SELECT number, id, position, kind, text, {is_folded}"
        f' FROM {_table(ranges)} CROSS JOIN paragraphs ON id BETWEEN "first" AND "last" LIMIT ?',
        (*_values(ranges), limit),
    )
    return [*PARAGRAPH_ROWS.rows(rows)]


def _table(ranges: Ranges) -> str:
    """Return a table of ranges, with the columns number, first and last."""
    rows = ", ".join(["(?, ?, ?)"] * len(ranges))
    columns = 'column1 AS number, column2 AS "first", column3 AS "last"'
    return f"(SELECT {columns} FROM (VALUES {rows}))"


def _values(ranges: Ranges) -> list[int]:
    return [value for number, each in ranges.items() for value in (number, *each)]
