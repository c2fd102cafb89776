"""What is the index to know of an article?"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from .postings import LEAD, WEIGHTS, day_number
from .text import terms

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


def make_digest(blocks: Iterable[tuple[str, list[str]]]) -> Digest:
    """Return an article's digest; `blocks` are the kind and the words of each paragraph."""
    counts: Counter[str] = Counter()
    words: Counter[str] = Counter()
    title: set[str] = set()
    lead = LEAD
    told = list(blocks)
    # A title that is but the beginning of the text says nothing twice.
    opening = told[0][1] if told else []
    derived = len(opening) >= DERIVED and len(told) > 1 and told[1][1][: len(opening)] == opening
    for kind, run in told:
        counts.update(run)
        for _ in range(0 if derived and kind == "title" else WEIGHTS.get(kind, 1)):
            words.update(run)
        if kind == "title":
            title.update(run)
        elif lead:
            words.update(run[:lead])
            lead -= min(lead, len(run))
    return Digest(counts, words, frozenset(title))


def make_entry(
    article: int,
    day: str | None,
    paragraph: int,
    digest: Digest,
    named: Iterable[tuple[str, Iterable[int]]],
) -> Entry:
    """Return an article's entry; `named` are the kind and the entities of each paragraph."""
    entities: Counter[int] = Counter()
    title: set[int] = set()
    for kind, ids in named:
        each = list(ids)
        entities.update(each)
        if kind == "title":
            title.update(each)
    return Entry(
        article,
        day_number(day),
        paragraph,
        sum(digest.words.values()),
        digest.words,
        digest.title,
        entities,
        frozenset(title),
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
    digest = make_digest((kind, terms(text)) for _, kind, text in rows)
    found = ((kind, named.get(number, ())) for number, kind, _ in rows)
    return make_entry(article, day, rows[0][0] if rows else 0, digest, found)
