"""What the index stores about an article: term counts, length, day and entities."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from ..text.normalize import fold
from ..text.tokenize import folded_terms
from .postings import LEAD, WEIGHTS, day_number

DERIVED = 5
"""Minimum length in words of a title that can count as copied from the beginning of the text; a
shorter one may coincide with it by chance."""


class IndexedDocument(NamedTuple):
    """What the index stores about an article."""

    article: int
    """The article's id."""
    day: int
    """The day of publication, YYYYMMDD; 0 if unknown."""
    paragraph: int
    """The id of the first paragraph; 0 if the article has none."""
    length: int
    """The sum of the weighted term frequencies."""
    words: Counter[str]
    """Weighted term frequencies (`postings.WEIGHTS`, `postings.LEAD`)."""
    title: frozenset[str]
    """The terms of the title."""
    entities: Counter[int]
    """The number of mentions of each entity, by entity id."""
    title_entities: frozenset[int]
    """The ids of the entities that the title names."""


class TermCounts(NamedTuple):
    """The term counts of an article, which do not depend on its ids in the archive."""

    counts: Counter[str]
    """Number of occurrences of each term."""
    words: Counter[str]
    """Weighted term frequencies (`postings.WEIGHTS`, `postings.LEAD`)."""
    title: frozenset[str]
    """The terms of the title."""


def count_terms(blocks: Iterable[tuple[str, str]]) -> TermCounts:
    """Return an article's digest; `blocks` are kind and folded text of each paragraph, in order."""
    told = list(blocks)
    opening = folded_terms("\n".join(folded for kind, folded in told if kind == "title"))
    rest = folded_terms("\n".join(folded for kind, folded in told if kind != "title"))
    counts = Counter(chain(opening, rest))
    words = Counter(counts)
    for kind, folded in told:
        if kind != "title" and kind in WEIGHTS:
            words.update(folded_terms(folded) * (WEIGHTS[kind] - 1))
    words.update(rest[:LEAD])
    # A title that only repeats the beginning of the text adds nothing, so it does not count.
    behind = folded_terms(told[1][1]) if len(opening) >= DERIVED and len(told) > 1 else []
    if behind and behind[: len(opening)] == opening:
        words.subtract(opening)
    else:
        words.update(opening * (WEIGHTS["title"] - 1))
    return TermCounts(counts, words, frozenset(opening))


def make_document(
    article: int,
    day: str | None,
    paragraph: int,
    digest: TermCounts,
    named: Iterable[tuple[str, Iterable[int]]],
) -> IndexedDocument:
    """Return an article's entry.

    `article` and `paragraph` are ids, of the article and of its first paragraph, `day` is an ISO
    date or None, and `named` are the kind of each paragraph and the ids of the entities in it, once
    for each mention.
    """
    told = list(named)
    return IndexedDocument(
        article,
        day_number(day),
        paragraph,
        sum(digest.words.values()),
        digest.words,
        digest.title,
        Counter(chain.from_iterable(ids for _, ids in told)),
        frozenset(chain.from_iterable(ids for kind, ids in told if kind == "title")),
    )


def stored_entry(connection: sqlite3.Connection, article: int, day: str | None) -> IndexedDocument:
    """Return the entry of a stored article by its id; `day` is its ISO date or None."""
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
    digest = count_terms((kind, fold(text)) for _, kind, text in rows)
    found = ((kind, named.get(number, ())) for number, kind, _ in rows)
    return make_document(article, day, rows[0][0] if rows else 0, digest, found)
