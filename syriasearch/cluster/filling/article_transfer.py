"""Articles on their way from one shard to another.

All rows of an article go, with their ids; words and postings are made again where it arrives.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ...index.minhash import Fingerprint
from ..rows import Row, read_rows

_OF_ARTICLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "articles": ("id = ?", ("duplicate_of",)),
    "paragraphs": ("article_id = ?", ()),
    "mentions": ("paragraph_id IN (SELECT id FROM paragraphs WHERE article_id = ?)", ()),
    "saved_hits": ("article_id = ?", ("id",)),
}
"""The condition for an article's rows in each table, and the columns that do not go with them."""


class Transfer(NamedTuple):
    """An article with its rows."""

    id: int
    published: str | None
    signature: Fingerprint
    rows: dict[str, list[Row]]
    """The rows of each table."""


def read_transfers(connection: sqlite3.Connection, articles: Iterable[int]) -> list[Transfer]:
    """Return those of some articles that a shard has."""
    transfers = []
    for article in articles:
        signature = connection.execute(
            "SELECT published, digest, minima FROM articles JOIN signatures USING (id)"
            " WHERE id = ?",
            (article,),
        ).fetchone()
        if signature is None:
            continue
        rows = {
            table: read_rows(connection, table, condition, (article,), nulls=nulls).fetchall()
            for table, (condition, nulls) in _OF_ARTICLE.items()
        }
        published, digest, minima = signature
        fingerprint = Fingerprint(digest, np.frombuffer(minima, "<u4"))
        transfers.append(Transfer(article, published, fingerprint, rows))
    return transfers
