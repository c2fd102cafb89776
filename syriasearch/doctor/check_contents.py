"""Checks of words, postings and signatures against the text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.document import DocumentTerms, IndexedDocument, make_document
from ..index.minhash import make_fingerprint
from ..index.postings import (
    DAMAGED,
    ENTITY,
    KIND_BITS,
    SEGMENT_BITS,
    Chunk,
    DamagedPostingsError,
    decode_chunk,
    read_segments,
)
from ..index.reader import IndexReader
from ..index.segment_writer import postings_of
from ..index.vocabulary import indexed_words
from ..store.sql import fetch_int
from ..store.stem_versions import current_versions, other_versions, wrong_stems
from ..text.normalize import fold
from .damage import SHOWN, Damage, Damages, count_damage

BATCH = 500
"""The number of articles read at a time."""
_ALONE = 3
"""The number of paragraphs at the beginning of an article that are not merged with others."""
_MAX_LENGTH = 8000
"""The maximum length of merged paragraphs: a longer text is scanned for terms that are too long."""

_Piece = tuple[list[int], str, str, bool]
"""The ids of paragraphs, their kind, their folded text, and whether that is stored."""

Sums = NDArray[np.uint64]
"""A checksum of the postings of each article, by article id."""


class _Derived(NamedTuple):
    """The derived data of an article, computed from its text."""

    document: IndexedDocument
    word_count: int
    digest: int
    minima: bytes
    is_folded: bool
    """Whether the text is stored as it has to be indexed."""


def content_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage to derived data: word counts, signatures and postings."""
    word_counts: list[int] = []
    signatures: list[int] = []
    folds: list[int] = []
    postings = _PostingsCheck(connection)
    for stored, derived in _read(connection):
        for (word_count, *signature), true in zip(stored, derived, strict=True):
            if not true.is_folded:
                folds.append(true.document.article)
            if word_count != true.word_count:
                word_counts.append(true.document.article)
            if signature != [true.digest, true.minima]:
                signatures.append(true.document.article)
        postings.compare([true.document for true in derived])
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
        # A word that is in both but with another count must not be counted twice.
        count = fetch_int(
            connection,
            "SELECT count(DISTINCT word) FROM (SELECT * FROM"
            f" (SELECT term AS word, cnt FROM {indexed} EXCEPT SELECT word, count FROM words)"
            f" UNION ALL SELECT word, 0 FROM words WHERE word NOT IN (SELECT term FROM {indexed}))",
        )
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


def _read(
    connection: sqlite3.Connection,
) -> Iterator[tuple[list[list[Any]], list[_Derived]]]:
    """Yield the derived data of articles in batches: as stored, and computed from their text."""
    articles = connection.execute(
        "SELECT id, CAST(published AS TEXT), word_count, digest, minima FROM articles"
        " LEFT JOIN signatures USING (id) ORDER BY id"
    ).fetchall()
    for start in range(0, len(articles), BATCH):
        batch = articles[start : start + BATCH]
        bounds = batch[0][0], batch[-1][0]
        entities: dict[int, list[int]] = {}
        for paragraph, entity in connection.execute(
            f"SELECT paragraph_id, entity_id & {(1 << KIND_BITS) - 1} FROM paragraphs"
            " CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
            " WHERE article_id BETWEEN ? AND ? AND typeof(entity_id) = 'integer'",
            bounds,
        ):
            entities.setdefault(paragraph, []).append(entity)
        paragraphs = connection.execute(
            "SELECT article_id, id, kind, text, folded FROM paragraphs"
            " WHERE article_id BETWEEN ? AND ?"
            " ORDER BY article_id, position",
            bounds,
        )
        texts = {
            article: list(_pieces(rows)) for article, rows in groupby(paragraphs, key=itemgetter(0))
        }
        derived = [
            _derive(article, day, texts.get(article, []), entities) for article, day, *_ in batch
        ]
        yield [stored for _, _, *stored in batch], derived


def _pieces(rows: Iterable[tuple[int, int, str, str, str]]) -> Iterator[_Piece]:
    """Yield the paragraphs of an article, with runs of the same kind merged, which is faster.

    The first _ALONE paragraphs stay separate, because a title is compared with the paragraph after
    it.
    """
    ids: list[int] = []
    texts: list[str] = []
    folds: list[str] = []
    size, last = 0, ""

    def piece() -> _Piece:
        folded = fold("\n".join(texts))
        return ids, last, folded, folded == "\n".join(folds)

    for index, (_, number, kind, text, stored) in enumerate(rows):
        if texts and (kind != last or index < _ALONE or size + len(text) > _MAX_LENGTH):
            yield piece()
            ids, texts, folds, size = [], [], [], 0
        ids.append(number)
        texts.append(text)
        folds.append(stored)
        size += len(text) + 1
        last = kind
    if texts:
        yield piece()


def _derive(
    article: int, day: str | None, pieces: list[_Piece], entities: dict[int, list[int]]
) -> _Derived:
    found = DocumentTerms((kind, folded) for _, kind, folded, _ in pieces)
    terms = found.count()
    named = (
        (kind, [entity for number in ids for entity in entities.get(number, ())])
        for ids, kind, *_ in pieces
    )
    fingerprint = make_fingerprint(found.comparable())
    return _Derived(
        make_document(article, day, pieces[0][0][0] if pieces else 0, terms, named),
        sum(terms.counts.values()),
        fingerprint.digest,
        fingerprint.signature.astype("<u4").tobytes(),
        all(is_stored for *_, is_stored in pieces),
    )


class _WordIds(dict[str, int]):
    """The ids of words; 0 for an unknown word."""

    def __missing__(self, word: str) -> int:
        return 0


class _PostingsCheck:
    """Compares the postings of an archive with those of its text."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._unreadable = False
        self._wrong: list[int] = []
        self._other_names: list[int] = []
        self._connection = connection
        self._word_ids = _WordIds(connection.execute("SELECT word, id FROM words"))
        try:
            segments = list(read_segments(connection))
            self._index = IndexReader(connection, segments)
            self._words, self._entities = _sums(connection, self._index)
            live = sum(len(each.articles) - len(each.deleted) for each in segments)
            self._twice = live != self._index.total
        except (DamagedPostingsError, IndexError):
            self._unreadable = True

    def compare(self, documents: list[IndexedDocument]) -> None:
        """Compare the stored postings of some articles with those of their text."""
        if self._unreadable:
            return
        index = self._index
        words, entities = _summed(index.size, *postings_of(documents, self._word_ids))
        for document in documents:
            article = document.article
            known = article < index.size and index.live[article]
            if (
                not known
                or self._words[article] != words[article]
                or index.lengths[article] != document.length
                or index.days[article] != document.day
                or index.paragraphs[article] != document.paragraph
            ):
                self._wrong.append(article)
            if known and self._entities[article] != entities[article]:
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


def _sums(connection: sqlite3.Connection, index: IndexReader) -> tuple[Sums, Sums]:
    """Return the checksums of the postings of words and of entities, by article id."""
    words, entities = np.zeros(index.size, np.uint64), np.zeros(index.size, np.uint64)
    seen = 0
    for segment in read_segments(connection):
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
) -> tuple[Sums, Sums]:
    """Return the checksums of some postings by article id, for words and for entities."""
    mixed = (keys.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= counts.astype(np.uint64)
    inside = articles < size
    names = keys >= (ENTITY << KIND_BITS)
    found = []
    for chosen in (inside & ~names, inside & names):
        sums = np.zeros(size, np.uint64)
        np.add.at(sums, articles[chosen], mixed[chosen])
        found.append(sums)
    return found[0], found[1]
