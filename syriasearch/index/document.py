"""What is the index to know of an article?"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from ..text.normalize import fold, folded_terms
from .postings import LEAD, WEIGHTS, day_number

DERIVED = 5
"""A title of fewer words may begin the text by chance."""


class Entry(NamedTuple):
    """What the index is to know of an article."""

    article: int
    day: int
    paragraph: int
    length: int
    words: Counter[str]
    """Weighted frequencies of its terms."""
    title: frozenset[str]
    entities: Counter[int]
    """How often each is named, by id."""
    title_entities: frozenset[int]


class Digest(NamedTuple):
    """What the index is to know of an article's words, whatever its place in the archive."""

    counts: Counter[str]
    """How often each term stands in it."""
    words: Counter[str]
    """Weighted frequencies of its terms."""
    title: frozenset[str]


def make_digest(blocks: Iterable[tuple[str, str]]) -> Digest:
    """Return an article's digest; `blocks` are the kind and the folded text of each paragraph."""
    told = list(blocks)
    opening = folded_terms("\n".join(folded for kind, folded in told if kind == "title"))
    rest = folded_terms("\n".join(folded for kind, folded in told if kind != "title"))
    counts = Counter(chain(opening, rest))
    words = Counter(counts)
    for kind, folded in told:
        if kind != "title" and kind in WEIGHTS:
            words.update(folded_terms(folded) * (WEIGHTS[kind] - 1))
    words.update(rest[:LEAD])
    # A title that is but the beginning of the text says nothing twice.
    behind = folded_terms(told[1][1]) if len(opening) >= DERIVED and len(told) > 1 else []
    if behind and behind[: len(opening)] == opening:
        words.subtract(opening)
    else:
        words.update(opening * (WEIGHTS["title"] - 1))
    return Digest(counts, words, frozenset(opening))


def make_entry(
    article: int,
    day: str | None,
    paragraph: int,
    digest: Digest,
    named: Iterable[tuple[str, Iterable[int]]],
) -> Entry:
    """Return an article's entry; `named` are the kind and the entities of each paragraph."""
    told = list(named)
    return Entry(
        article,
        day_number(day),
        paragraph,
        sum(digest.words.values()),
        digest.words,
        digest.title,
        Counter(chain.from_iterable(ids for _, ids in told)),
        frozenset(chain.from_iterable(ids for kind, ids in told if kind == "title")),
    )


def stored_entry(connection: sqlite3.Connection, article: int, day: str | None) -> Entry:
    """Return the entry of an article as it stands in the archive."""
    rows = connection.execute(
        "SELECT id, kind, text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
    ).fetchall()
    named: dict[int, list[int]] = {}
    for paragraph, entity in connection.execute(
        "SELECT paragraph_id, entity_id FROM paragraphs CROSS JOIN mentions"
        " ON mentions.paragraph_id = paragraphs.id"
        " WHERE article_id = ? AND entity_id IS NOT NULL",
        (article,),
    ):
        named.setdefault(paragraph, []).append(entity)
    digest = make_digest((kind, fold(text)) for _, kind, text in rows)
    found = ((kind, named.get(number, ())) for number, kind, _ in rows)
    return make_entry(article, day, rows[0][0] if rows else 0, digest, found)
