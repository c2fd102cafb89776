"""Checks of words, postings and signatures against the text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.document import IndexedDocument, count_terms, make_document
from ..index.minhash import comparable_terms, make_fingerprint
from ..index.postings import (
    DAMAGED,
    ENTITY,
    KIND_BITS,
    SEGMENT_BITS,
    Chunk,
    DamagedPostingsError,
    decode,
    read_segments,
)
from ..index.reader import IndexReader
from ..index.segment_writer import postings_of
from ..store.stem_versions import current_versions, other_versions, wrong_stems
from ..text.normalize import fold
from .damage import SHOWN, Damage, Damages

AT_A_TIME = 500
"""The number of articles read at a time."""
_SEGMENT = 1 << SEGMENT_BITS
_ALONE = 3
"""The number of paragraphs at the beginning of an article that are not merged with others."""
_LONGEST = 8000
"""The maximum length of merged paragraphs: a longer text is scanned for terms that are too long."""

_Piece = tuple[list[int], str, str]
"""The ids of paragraphs, their kind and their folded text."""

Sums = NDArray[np.uint64]
"""A checksum of the postings of each article, by article id."""


class _Read(NamedTuple):
    """The derived data of an article, computed from its text."""

    entry: IndexedDocument
    words: int
    """The number of words in its text."""
    digest: int
    minima: bytes


def content_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage to derived data: word counts, signatures and postings."""
    word_counts: list[int] = []
    signatures: list[int] = []
    postings = _Postings(connection)
    for rows, reads in _read(connection):
        for (article, word_count, digest, minima), read in zip(rows, reads, strict=True):
            if word_count != read.words:
                word_counts.append(article)
            if (digest, minima) != read[2:]:
                signatures.append(article)
        postings.compare([read.entry for read in reads])
    if word_counts:
        message = f"{len(word_counts):,} articles have another number of words than their text"
        yield Damage(message, "counts", tuple(word_counts))
    if signatures:
        message = f"{len(signatures):,} articles have another signature than their text"
        yield Damage(message, "copies", tuple(signatures))
    yield from postings.damages()


def vocabulary_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage if the vocabulary differs from that of the FTS5 index."""
    connection.execute(
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, paragraphs_fts, row)"
    )
    try:
        # A word that is in both but with another count must not be counted twice.
        (count,) = connection.execute(
            "SELECT count(DISTINCT word) FROM (SELECT * FROM"
            " (SELECT term AS word, cnt FROM temp.vocabulary EXCEPT SELECT word, count FROM words)"
            " UNION ALL SELECT word, 0 FROM words WHERE word NOT IN"
            " (SELECT term FROM temp.vocabulary))"
        ).fetchone()
    finally:
        connection.execute("DROP TABLE temp.vocabulary")
    if count:
        message = f"{count:,} words are not counted as they stand in the text"
        yield Damage(message, "words")


def stem_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage if stems come from other versions, or are wrong for the current ones."""
    other = other_versions([connection])
    if other is not None:
        yield Damage(
            f"stems were made with {other}, not {current_versions()}; the next write makes them "
            "again, and till then a search may miss forms of a word",
            "words",
        )
    elif wrong := len(wrong_stems(connection)):
        yield Damage(f"{wrong:,} words have another stem", "words")


def _read(
    connection: sqlite3.Connection,
) -> Iterator[tuple[list[tuple[int, int, int, bytes]], list[_Read]]]:
    """Yield articles in batches: their rows, and the same data computed from their text."""
    articles = connection.execute(
        "SELECT id, word_count, CAST(published AS TEXT), digest, minima FROM articles"
        " LEFT JOIN signatures USING (id) ORDER BY id"
    ).fetchall()
    for at in range(0, len(articles), AT_A_TIME):
        some = articles[at : at + AT_A_TIME]
        bounds = some[0][0], some[-1][0]
        named: dict[int, list[int]] = {}
        for paragraph, entity in connection.execute(
            f"SELECT paragraph_id, entity_id & {(1 << KIND_BITS) - 1} FROM paragraphs"
            " CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
            " WHERE article_id BETWEEN ? AND ? AND typeof(entity_id) = 'integer'",
            bounds,
        ):
            named.setdefault(paragraph, []).append(entity)
        paragraphs = connection.execute(
            "SELECT article_id, id, kind, text FROM paragraphs WHERE article_id BETWEEN ? AND ?"
            " ORDER BY article_id, position",
            bounds,
        )
        texts = {
            article: list(_pieces(rows)) for article, rows in groupby(paragraphs, key=itemgetter(0))
        }
        reads = [_made(article, day, texts.get(article, []), named) for article, _, day, *_ in some]
        yield [(article, count, *signature) for article, count, _, *signature in some], reads


def _pieces(rows: Iterable[tuple[int, int, str, str]]) -> Iterator[_Piece]:
    """Yield the paragraphs of an article, with runs of the same kind merged, which is faster.

    The first _ALONE paragraphs stay separate, because a title is compared with the paragraph after
    it.
    """
    ids: list[int] = []
    texts: list[str] = []
    size, last = 0, ""
    for seen, (_, number, kind, text) in enumerate(rows):
        if texts and (kind != last or seen < _ALONE or size + len(text) > _LONGEST):
            yield ids, last, fold("\n".join(texts))
            ids, texts, size = [], [], 0
        ids.append(number)
        texts.append(text)
        size += len(text) + 1
        last = kind
    if texts:
        yield ids, last, fold("\n".join(texts))


def _made(
    article: int, day: str | None, pieces: list[_Piece], named: dict[int, list[int]]
) -> _Read:
    texts = [(kind, folded) for _, kind, folded in pieces]
    digest = count_terms(texts)
    found = (
        (kind, [each for number in ids for each in named.get(number, ())])
        for ids, kind, _ in pieces
    )
    signed = make_fingerprint(comparable_terms(texts))
    return _Read(
        make_document(article, day, pieces[0][0][0] if pieces else 0, digest, found),
        sum(digest.counts.values()),
        signed.digest,
        signed.signature.astype("<u4").tobytes(),
    )


class _WordIds(dict[str, int]):
    """The ids of words; 0 for an unknown word."""

    def __missing__(self, word: str) -> int:
        return 0


class _Postings:
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

    def compare(self, entries: list[IndexedDocument]) -> None:
        """Compare the stored postings of some articles with those of their text."""
        if self._unreadable:
            return
        index = self._index
        keys, articles, counts = postings_of(entries, self._word_ids)
        words, entities = _summed(index.size, keys, articles, counts)
        for entry in entries:
            here = entry.article
            known = here < index.size and index.live[here]
            if (
                not known
                or self._words[here] != words[here]
                or index.lengths[here] != entry.length
                or index.days[here] != entry.day
                or index.paragraphs[here] != entry.paragraph
            ):
                self._wrong.append(here)
            if known and self._entities[here] != entities[here]:
                self._other_names.append(here)

    def damages(self) -> Damages:
        """Yield the damage to the postings; to be called after all articles were compared."""
        if self._unreadable:
            yield Damage("the postings cannot be read", "torn")
            return
        index = self._index
        (count,) = self._connection.execute("SELECT count(*) FROM articles").fetchone()
        if index.total != count or self._twice:
            yield Damage(f"the postings have {index.total:,} articles of {count:,}", "postings")
        elif self._words[~index.live].any() or self._entities[~index.live].any():
            yield Damage("the postings have what no article has", "postings")
        if self._wrong:
            told = f"{len(self._wrong):,} articles have other postings than their text"
            yield Damage(f"{told}, such as {self._shown(self._wrong)}", "postings")
        if self._other_names:
            told = f"{len(self._other_names):,} articles have other postings than their mentions"
            shown = f"{told}, such as {self._shown(self._other_names)}"
            yield Damage(shown, "names", tuple(self._other_names))

    def _shown(self, articles: list[int]) -> str:
        return ", ".join(
            self._connection.execute("SELECT slug FROM articles WHERE id = ?", (each,)).fetchone()[
                0
            ]
            for each in articles[:SHOWN]
        )


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
            (base, base + _SEGMENT),
        ):
            chunk = decode(*row)
            last = _checked(chunk, number - base, last)
            seen += 1
            keys = np.repeat(chunk.keys, np.diff(chunk.ends, prepend=np.uint32(0)))
            kept = ~np.isin(chunk.articles, segment.deleted)
            if not ((chunk.articles > 0) & (chunk.articles < index.size)).all():
                raise DamagedPostingsError(DAMAGED)
            more = _summed(index.size, keys[kept], chunk.articles[kept], chunk.counts[kept])
            words += more[0]
            entities += more[1]
    if seen != connection.execute("SELECT count(*) FROM postings").fetchone()[0]:
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
