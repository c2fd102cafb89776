"""Checks of the links between copies and originals."""

from __future__ import annotations

import sqlite3

import numpy as np
from numpy.typing import NDArray

from ..index.duplicate_links import ARTICLE_BITS, DuplicateLinks
from ..index.minhash import BANDS, ROWS, make_bands
from .damage import Damage, Damages, count_damage

_WHOLE = 4 * BANDS * ROWS
"""The size of a signature, in bytes, for a text that has one."""


def link_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to the bands of signatures and to the links.

    The signatures must match the texts. Each article is checked as it is when the links of a batch
    are made: if all links, in order, are equal to the result, they are the links of the whole
    archive.
    """
    stored = np.array([row for (row,) in connection.execute("SELECT id FROM bands")], np.int64)
    expected, alone = _bands(connection)
    if not np.array_equal(stored, expected):
        yield Damage("what copies are found by is not what the signatures say", "copies")
        return
    copies = DuplicateLinks(connection)
    wrong = [
        article
        for article, original in connection.execute("SELECT id, duplicate_of FROM articles")
        if original != (None if article in alone else copies.find_original(article))
    ]
    message = "articles are copies of others than they are said to be"
    yield from count_damage(len(wrong), message, "copies", wrong)


def _bands(connection: sqlite3.Connection) -> tuple[NDArray[np.int64], set[int]]:
    """Return the rows that `bands` should have, and the articles that share no band.

    Of several articles with the same text, only the first has bands.
    """
    seen: set[int] = set()
    same: set[int] = set()
    rows: list[int] = []
    articles: list[int] = []
    for article, whole, minima in connection.execute(
        "SELECT articles.id, digest, minima FROM articles JOIN signatures USING (id)"
        " ORDER BY published IS NULL, published, articles.id"
    ):
        articles.append(article)
        if whole in seen:
            same.add(article)
            continue
        seen.add(whole)
        signature = np.frombuffer(minima[:_WHOLE], "<u4")
        rows += {band << ARTICLE_BITS | article for band in make_bands(whole, signature)}
    expected = np.sort(np.array(rows, np.int64))
    band = expected >> ARTICLE_BITS
    shared = np.zeros(len(band), np.bool_)
    shared[1:] = band[1:] == band[:-1]
    shared[:-1] |= shared[1:]
    near = set((expected[shared] & ((1 << ARTICLE_BITS) - 1)).tolist())
    return expected, set(articles) - near - same
