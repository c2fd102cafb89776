"""What is an article, as it goes from one shard into another?

All rows that are its own, under the ids that they have; what follows from them, words and postings,
is made anew where it comes to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..index.minhash import Fingerprint

Row = tuple[Any, ...]

_OF_ARTICLE = {
    "articles": "id = ?",
    "paragraphs": "article_id = ?",
    "mentions": "paragraph_id IN (SELECT id FROM paragraphs WHERE article_id = ?)",
    "saved_hits": "article_id = ?",
}
_COLUMNS = {
    "articles": "id, slug, title, author, source, url, published, lang, path, root, content_hash,"
    " duplicate_of, word_count, added_at, updated_at",
    "paragraphs": "id, article_id, position, kind, text",
    "mentions": 'id, paragraph_id, entity_id, start, "end", surface, recognizer, reason, found_id',
    "saved_hits": "search_id, article_id, found_at",
}


class Transfer(NamedTuple):
    """An article on its way."""

    id: int
    published: str | None
    rows: dict[str, list[Row]]
    """Those of each table."""
    signed: Fingerprint

    def write(self, connection: sqlite3.Connection, original: int | None) -> None:
        """Write the rows, as those of a copy of an original that is there."""
        for table, rows in self.rows.items():
            marks = ", ".join("?" * len(_COLUMNS[table].split(",")))
            connection.executemany(
                f"INSERT INTO {table} ({_COLUMNS[table]}) VALUES ({marks})", rows
            )
        connection.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", (original, self.id))

    @property
    def paragraphs(self) -> list[tuple[int, str]]:
        """The ids and texts of its paragraphs, in order of ids."""
        return [(row[0], row[4]) for row in self.rows["paragraphs"]]


def read_transfers(connection: sqlite3.Connection, articles: Iterable[int]) -> list[Transfer]:
    """Return articles as they are to go, of those that are there."""
    found = []
    for article in articles:
        told = connection.execute(
            "SELECT published, digest, minima FROM articles JOIN signatures USING (id)"
            " WHERE id = ?",
            (article,),
        ).fetchone()
        if told is None:
            continue
        rows = {
            table: connection.execute(
                f"SELECT {_COLUMNS[table]} FROM {table} WHERE {condition} ORDER BY id", (article,)
            ).fetchall()
            for table, condition in _OF_ARTICLE.items()
        }
        rows["articles"] = [(*row[:11], None, *row[12:]) for row in rows["articles"]]
        signed = Fingerprint(told[1], np.frombuffer(told[2], "<u4"))
        found.append(Transfer(article, told[0], rows, signed))
    return found
