"""Checks of words, postings and signatures against the text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.posting_rows import DAMAGED, Chunk, DamagedPostingsError, decode_chunk
from ..index.postings import (
    ENTITY,
    KIND_BITS,
    SEGMENT_BITS,
    Segment,
    day_number,
    read_segments,
)
from ..index.reader import IndexReader
from ..index.vocabulary import indexed_words
from ..store.sql import fetch_int
from ..store.stem_versions import current_versions, other_versions, wrong_stems
from .article_terms import (
    ArticleTerms,
    Paragraph,
    WordSums,
    entity_sums,
    mixed,
    terms_of_articles,
)
from .check_schema import array_damages, id_damages
from .damage import SHOWN, Damage, Damages, count_damage
from .term_hashes import Hashes, Words

BATCH = 500
"""The number of articles read at a time."""
CHARACTERS = 1_000_000
"""The number of characters from which on their terms are counted."""


class _Article(NamedTuple):
    """What an archive has of an article, but for its text and its postings."""

    id: int
    published: str | None
    word_count: int
    digest: int | None
    minima: bytes | None


class _Batch(NamedTuple):
    """Some articles, each with what its text says, and the checksums of its entities' postings."""

    articles: list[tuple[_Article, ArticleTerms]]
    entities: Hashes


def content_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage to derived data: word counts, signatures and postings."""
    word_counts: list[int] = []
    signatures: list[int] = []
    folds: list[int] = []
    postings = _PostingsCheck(connection)
    for batch in _read(connection, postings.sums):
        for article, true in batch.articles:
            if not true.is_folded:
                folds.append(article.id)
            if article.word_count != true.word_count:
                word_counts.append(article.id)
            if (article.digest, article.minima) != (
                true.fingerprint.digest,
                true.fingerprint.signature.astype("<u4").tobytes(),
            ):
                signatures.append(article.id)
        postings.compare(batch)
    message = "articles are indexed with another text than their own"
    yield from count_damage(len(folds), message, "text", folds)
    message = "articles have another number of words than their text"
    yield from count_damage(len(word_counts), message, "counts", word_counts)
    message = "articles have another signature than their text"
    yield from count_damage(len(signatures), message, "copies", signatures)
    yield from postings.damages()


def vocabulary_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage if the vocabulary differs from that of the FTS5 index."""
    with indexed_words(connection) as indexed:
        (count,) = connection.execute(
            "SELECT ifnull(sum(words.count IS NOT cnt), 0)"
            f" + (SELECT count(*) FROM words) - count(word) FROM {indexed}"
            " LEFT JOIN words ON word = term"
        ).fetchone()
    yield from count_damage(count, "words are not counted as they stand in the text", "words")


def stem_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage if stems come from other versions, or are wrong for the current ones."""
    other = other_versions([connection])
    if other is not None:
        yield Damage(
            f"stems were made with {other}, not {current_versions()}; the next write makes them "
            "again, and till then a search may miss forms of a word",
            "words",
        )
    else:
        yield from count_damage(len(wrong_stems(connection)), "words have another stem", "words")


def _read(connection: sqlite3.Connection, sums: WordSums) -> Iterator[_Batch]:
    """Yield the articles in batches, as stored, and as computed from their text."""
    stored = connection.execute(
        "SELECT id, CAST(published AS TEXT), word_count, digest, minima FROM articles"
        " LEFT JOIN signatures USING (id) ORDER BY id"
    ).fetchall()
    for start in range(0, len(stored), BATCH):
        articles = list(map(_Article._make, stored[start : start + BATCH]))
        ids = [article.id for article in articles]
        bounds = ids[0], ids[-1]
        mentions = connection.execute(
            f"SELECT (article_id << {KIND_BITS + 1})"
            f" | ((entity_id & {(1 << KIND_BITS) - 1}) << 1) | (kind = 'title') FROM paragraphs"
            " CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
            " WHERE article_id BETWEEN ? AND ? AND typeof(entity_id) = 'integer'",
            bounds,
        )
        entities = entity_sums(mentions, ids)
        paragraphs = connection.execute(
            "SELECT article_id, id, kind, text, folded FROM paragraphs"
            " WHERE article_id BETWEEN ? AND ?"
            " ORDER BY article_id, position",
            bounds,
        )
        found: dict[int, ArticleTerms] = {}
        for some in _portions(paragraphs):
            found.update(zip(some, terms_of_articles([*some.values()], sums), strict=True))
        (nothing,) = terms_of_articles([()], sums)
        pairs = [(article, found.get(article.id, nothing)) for article in articles]
        yield _Batch(pairs, entities)


def _portions(
    rows: Iterable[tuple[int, int, str, str, str]],
) -> Iterator[dict[int, list[Paragraph]]]:
    """Yield the paragraphs of articles, by article, of some articles at a time."""
    some: dict[int, list[Paragraph]] = {}
    size = 0
    for article, paragraphs in groupby(rows, key=itemgetter(0)):
        some[article] = [row[1:] for row in paragraphs]
        size += sum(len(text) for _, _, text, _ in some[article])
        if size > CHARACTERS:
            yield some
            some, size = {}, 0
    if some:
        yield some


class _PostingsCheck:
    """Compares the postings of an archive with those of its text."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sums = WordSums(Words(connection))
        self._unreadable = False
        self._wrong: list[int] = []
        self._other_names: list[int] = []
        self._connection = connection
        try:
            if any(array_damages(connection)) or any(id_damages(connection)):
                raise DamagedPostingsError(DAMAGED)
            segments = list(read_segments(connection))
            live = (np.setdiff1d(each.articles, each.deleted) for each in segments)
            highest = max((int(each.max(initial=0)) for each in live), default=0)
            if highest > fetch_int(connection, "SELECT max(id) FROM articles"):
                raise DamagedPostingsError(DAMAGED)
            self._index = IndexReader(connection, segments)
            self._words, self._entities = _sums(connection, self._index, segments)
            number = sum(len(each.articles) - len(each.deleted) for each in segments)
            self._twice = number != self._index.total
        except (DamagedPostingsError, IndexError):
            self._unreadable = True

    def compare(self, batch: _Batch) -> None:
        """Compare the stored postings of some articles with those of their text."""
        if self._unreadable:
            return
        index = self._index
        for (stored, true), entities in zip(batch.articles, batch.entities, strict=True):
            article = stored.id
            known = article < index.size and index.live[article]
            if (
                not known
                or self._words[article] != true.checksum
                or index.lengths[article] != true.length
                or index.days[article] != day_number(stored.published)
                or index.paragraphs[article] != true.paragraph
            ):
                self._wrong.append(article)
            if known and self._entities[article] != entities:
                self._other_names.append(article)

    def damages(self) -> Damages:
        """Yield the damage to the postings; to be called after all articles were compared."""
        if self._unreadable:
            yield Damage("the postings cannot be read", "torn")
            return
        index = self._index
        count = fetch_int(self._connection, "SELECT count(*) FROM articles")
        if index.total != count or self._twice:
            yield Damage(f"the postings have {index.total:,} articles of {count:,}", "postings")
        elif self._words[~index.live].any() or self._entities[~index.live].any():
            yield Damage("the postings have what no article has", "postings")
        message = (
            f"articles have other postings than their text, such as {self._slugs(self._wrong)}"
        )
        yield from count_damage(len(self._wrong), message, "postings")
        others = self._other_names
        message = f"articles have other postings than their mentions, such as {self._slugs(others)}"
        yield from count_damage(len(others), message, "names", others)

    def _slugs(self, articles: list[int]) -> str:
        sql = "SELECT slug FROM articles WHERE id = ?"
        rows = (self._connection.execute(sql, (each,)).fetchone() for each in articles[:SHOWN])
        return ", ".join(slug for (slug,) in rows)


def _sums(
    connection: sqlite3.Connection, index: IndexReader, segments: Sequence[Segment]
) -> tuple[Hashes, Hashes]:
    """Return the checksums of the postings of words and of entities, by article id."""
    words, entities = np.zeros(index.size, np.uint64), np.zeros(index.size, np.uint64)
    seen = 0
    for segment in segments:
        if (np.diff(segment.articles) <= 0).any():
            raise DamagedPostingsError(DAMAGED)
        base = segment.id << SEGMENT_BITS
        last = -1
        for number, *row in connection.execute(
            "SELECT id, terms, data FROM postings WHERE id >= ? AND id < ? ORDER BY id",
            (base, base + (1 << SEGMENT_BITS)),
        ):
            chunk = decode_chunk(*row)
            last = _checked(chunk, number - base, last)
            seen += 1
            keys = np.repeat(chunk.keys, np.diff(chunk.ends, prepend=np.uint32(0)))
            kept = ~np.isin(chunk.articles, segment.deleted)
            if not ((chunk.articles > 0) & (chunk.articles < index.size)).all():
                raise DamagedPostingsError(DAMAGED)
            sums = _summed(index.size, keys[kept], chunk.articles[kept], chunk.counts[kept])
            words += sums[0]
            entities += sums[1]
    if seen != fetch_int(connection, "SELECT count(*) FROM postings"):
        raise DamagedPostingsError(DAMAGED)
    return words, entities


def _checked(chunk: Chunk, first: int, last: int) -> int:
    """Return the last key of a row, given the one of the row before.

    Raises DamagedPostingsError if keys or articles are not in order.
    """
    keys, ends = chunk.keys.astype(np.int64), chunk.ends.astype(np.int64)
    steps = np.diff(chunk.articles) > 0
    steps[ends[:-1] - 1] = True  # where the articles of another key begin
    ordered = (np.diff(keys) > 0).all() and (np.diff(ends, prepend=0) > 0).all() and steps.all()
    if not ordered or keys[0] != first or first <= last:
        raise DamagedPostingsError(DAMAGED)
    return int(keys[-1])


def _summed(
    size: int, keys: NDArray[np.uint32], articles: NDArray[np.int32], counts: NDArray[np.uint8]
) -> tuple[Hashes, Hashes]:
    """Return the checksums of some postings by article id, for words and for entities."""
    values = mixed(keys) * counts.astype(np.uint64)
    inside = articles < size
    names = keys >= (ENTITY << KIND_BITS)
    found = []
    for chosen in (inside & ~names, inside & names):
        sums = np.zeros(size, np.uint64)
        np.add.at(sums, articles[chosen], values[chosen])
        found.append(sums)
    return found[0], found[1]
