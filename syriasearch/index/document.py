"""What the index stores about an article: term counts, length, day and entities."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from ..text.normalize import fold
from ..text.tokenize import paragraph_terms
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
    extra: Counter[str]
    """Weight of terms beyond their number of occurrences; negative where occurrences do not count.

    (`postings.WEIGHTS`, `postings.LEAD`)
    """
    title: frozenset[str]
    """The terms of the title."""

    def words(self) -> Counter[str]:
        """Return weighted term frequencies."""
        words = self.counts.copy()
        words.update(self.extra)
        return words


class DocumentTerms:
    """The terms of an article's paragraphs, for all that is computed from them."""

    def __init__(self, blocks: Iterable[tuple[str, str]]) -> None:
        """Tokenize paragraphs, given as kind and folded text, in order."""
        blocks = list(blocks)
        terms = paragraph_terms([text for _, text in blocks])
        self._paragraphs = [(kind, each) for (kind, _), each in zip(blocks, terms, strict=True)]

    def count(self) -> TermCounts:
        """Count them."""
        return _count(self._paragraphs)

    def comparable(self) -> list[str]:
        """Return the terms on which articles are compared, without those of bylines.

        A byline is left out because it names the author and says nothing of the content.
        """
        kept = (terms for kind, terms in self._paragraphs if kind != "byline")
        return list(chain.from_iterable(kept))


def count_terms(blocks: Iterable[tuple[str, str]]) -> TermCounts:
    """Count an article's terms; `blocks` are kind and folded text of each paragraph, in order."""
    return DocumentTerms(blocks).count()


def _count(paragraphs: Sequence[tuple[str, list[str]]]) -> TermCounts:
    title = [term for kind, terms in paragraphs if kind == "title" for term in terms]
    rest = list(chain.from_iterable(terms for kind, terms in paragraphs if kind != "title"))
    counts = Counter(title)
    counts.update(rest)
    extra = Counter(rest[:LEAD])
    for kind, terms in paragraphs:
        if kind != "title" and kind in WEIGHTS:
            extra.update(terms * (WEIGHTS[kind] - 1))
    # A title that only repeats the beginning of the text adds nothing, so it does not count.
    second = paragraphs[1][1] if len(title) >= DERIVED and len(paragraphs) > 1 else []
    if second and second[: len(title)] == title:
        extra.subtract(title)
    else:
        extra.update(title * (WEIGHTS["title"] - 1))
    return TermCounts(counts, extra, frozenset(title))


def make_document(
    article: int,
    day: str | None,
    paragraph: int,
    terms: TermCounts,
    named: Iterable[tuple[str, Iterable[int]]],
) -> IndexedDocument:
    """Return what the index stores about an article.

    `article` and `paragraph` are ids, of the article and of its first paragraph, `day` is an ISO
    date or None, and `named` are the kind of each paragraph and the ids of the entities in it, once
    for each mention.
    """
    named = list(named)
    words = terms.words()
    return IndexedDocument(
        article,
        day_number(day),
        paragraph,
        sum(words.values()),
        words,
        terms.title,
        Counter(chain.from_iterable(ids for _, ids in named)),
        frozenset(chain.from_iterable(ids for kind, ids in named if kind == "title")),
    )


def read_paragraphs(connection: sqlite3.Connection, article: int) -> list[tuple[int, str, str]]:
    """Return id, kind and text of each paragraph of a stored article, in order."""
    return connection.execute(
        "SELECT id, kind, text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
    ).fetchall()


def read_blocks(connection: sqlite3.Connection, article: int) -> list[tuple[int, str, str]]:
    """Return id, kind and folded text of each paragraph of a stored article, in order."""
    paragraphs = read_paragraphs(connection, article)
    return [(number, kind, fold(text)) for number, kind, text in paragraphs]


def stored_entry(connection: sqlite3.Connection, article: int, day: str | None) -> IndexedDocument:
    """Return what the index stores about a stored article; `day` is its ISO date or None."""
    blocks = read_blocks(connection, article)
    entities: dict[int, list[int]] = {}
    for paragraph, entity in connection.execute(
        "SELECT paragraph_id, entity_id FROM paragraphs CROSS JOIN mentions"
        " ON mentions.paragraph_id = paragraphs.id"
        " WHERE article_id = ? AND entity_id IS NOT NULL",
        (article,),
    ):
        entities.setdefault(paragraph, []).append(entity)
    terms = count_terms((kind, text) for _, kind, text in blocks)
    named = ((kind, entities.get(number, ())) for number, kind, _ in blocks)
    return make_document(article, day, blocks[0][0] if blocks else 0, terms, named)
