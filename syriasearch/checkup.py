"""Is everything in an archive what its text says?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from .copies import FIRST_VERSION as COPIED
from .copies import find_wrong
from .corrections import FIRST_VERSION as CORRECTED
from .corrections import InForce, Named, read_corrections
from .entries import stored_entry
from .index import Index, has_all_articles
from .postings import FIRST_VERSION, SEGMENT_BITS, DamagedPostingsError, decode, read_segments
from .segments import postings_of

AT_A_TIME = 500
"""So many articles are read at a time."""
_SHOWN = 3
_MEND = "`syriasearch optimize` writes them anew"

_COUNTED = (
    (
        "SELECT count(*) FROM mentions JOIN paragraphs ON paragraphs.id = paragraph_id"
        ' WHERE substr(text, start + 1, "end" - start) != surface',
        "mentions do not stand where they are said to",
    ),
    (
        "SELECT count(*) FROM (SELECT 1 FROM paragraphs GROUP BY article_id"
        " HAVING max(id) - min(id) != count(*) - 1 OR min(position) != 0)",
        "articles have paragraphs that are not next to each other",
    ),
    (
        "SELECT count(*) FROM articles WHERE published NOT GLOB"
        " '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'",
        "articles have a date that is none",
    ),
    ("SELECT count(*) FROM pragma_foreign_key_check", "rows belong to what is not there"),
)


def is_indexed(connection: sqlite3.Connection) -> bool:
    """Tell whether the postings are there, one article with another."""
    try:
        segments = list(read_segments(connection))
    except DamagedPostingsError:
        return False
    return has_all_articles(connection, Index(connection, segments))


def find_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what is wrong, a line each; inside a transaction that is then rolled back.

    It reads everything, some 1,000 articles a second.
    """
    for (message,) in connection.execute("PRAGMA integrity_check(10)"):
        if message != "ok":
            yield f"SQLite: {message}"
    for sql, message in _COUNTED:
        (count,) = connection.execute(sql).fetchone()
        if count:
            yield f"{count:,} {message}"
    yield from _index_problems(connection)
    yield from _correction_problems(connection)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < FIRST_VERSION:
        return
    if version >= COPIED:
        yield from (f"{problem}: {_MEND}" for problem in find_wrong(connection))
    try:
        yield from _postings_problems(connection)
    except DamagedPostingsError:
        yield f"the postings cannot be read: {_MEND}"


def _correction_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Tell where mentions, names and aliases are not those that the corrections say."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < CORRECTED:
        return
    in_force = InForce(read_corrections(connection))
    slugs = dict(connection.execute("SELECT id, slug FROM entities"))
    wrong = 0
    for _, some in groupby(connection.execute(_MENTIONS), key=itemgetter(0)):
        rows = list(some)
        named = [
            Named(start, end, slugs.get(found, ""), text) for _, start, end, text, found, *_ in rows
        ]
        for row, owner in zip(rows, in_force.owners(named), strict=True):
            wrong += not _agrees(slugs, owner, *row[4:])
    if wrong:
        yield f"{wrong:,} mentions do not agree with the corrections"
    wrong = 0
    for alias, *ids in connection.execute(
        "SELECT alias, ifnull(found_id, entity_id), entity_id, found_id FROM aliases"
    ):
        wrong += not _agrees(slugs, in_force.owner(slugs.get(ids[0], ""), alias), *ids)
    names = connection.execute("SELECT slug, name, found_name FROM entities")
    for slug, name, found_name in names:
        new_name = in_force.names.get(slug)
        wrong += new_name is not None and name != new_name
        wrong += (new_name is None) != (found_name is None)
    if wrong:
        yield f"{wrong:,} entities or aliases do not agree with the corrections"


_MENTIONS = (
    'SELECT paragraph_id, start, "end", surface, ifnull(found_id, entity_id), entity_id, found_id'
    " FROM mentions ORDER BY paragraph_id"
)


def _agrees(
    slugs: dict[int, str],
    owner: str | None,
    found: int | None,
    entity_id: int | None,
    found_id: int | None,
) -> bool:
    """Tell whether a row of mentions or aliases says what corrections say of its name."""
    if owner == slugs.get(found or 0):
        return entity_id == found and found_id is None
    return found_id == found and owner == (None if entity_id is None else slugs.get(entity_id))


def _index_problems(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        connection.execute(
            "INSERT INTO paragraphs_fts(paragraphs_fts, rank) VALUES ('integrity-check', 1)"
        )
    except sqlite3.DatabaseError as error:
        yield f"the index of the text is not what the text says ({error})"
        return
    connection.execute(
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, paragraphs_fts, row)"
    )
    (count,) = connection.execute(
        "SELECT count(*) FROM (SELECT term, cnt FROM temp.vocabulary EXCEPT"
        " SELECT word, count FROM words)"
    ).fetchone()
    (others,) = connection.execute(
        "SELECT count(*) FROM words WHERE word NOT IN (SELECT term FROM temp.vocabulary)"
    ).fetchone()
    connection.execute("DROP TABLE temp.vocabulary")
    if count + others:
        yield f"{count + others:,} words are not counted as they stand in the text: {_MEND}"


def _postings_problems(connection: sqlite3.Connection) -> Iterator[str]:
    index = Index(connection, read_segments(connection))
    rows = connection.execute("SELECT id, published, slug FROM articles ORDER BY id").fetchall()
    if index.total != len(rows):
        yield f"the postings have {index.total:,} articles of {len(rows):,}: {_MEND}"
    sums = _sums(connection, index)
    wrong: list[str] = []
    for at in range(0, len(rows), AT_A_TIME):
        some = {article: slug for article, _, slug in rows[at : at + AT_A_TIME]}
        entries = [stored_entry(connection, *row[:2]) for row in rows[at : at + AT_A_TIME]]
        words = {word for entry in entries for word in entry.words}
        ids = {word: _word_id(connection, word) for word in words}
        keys, articles, counts = postings_of(entries, ids)
        expected = np.zeros(index.size, np.uint64)
        inside = articles < index.size
        np.add.at(expected, articles[inside], _mixed(keys[inside], counts[inside]))
        for entry in entries:
            here = entry.article
            if (
                here >= index.size
                or not index.live[here]
                or (
                    sums[here] != expected[here]
                    or index.lengths[here] != entry.length
                    or index.days[here] != entry.day
                    or index.paragraphs[here] != entry.paragraph
                )
            ):
                wrong.append(some[here])
    if wrong:
        names = ", ".join(wrong[:_SHOWN])
        told = f"{len(wrong):,} articles have other postings than their text"
        yield f"{told}, such as {names}: {_MEND}"


def _word_id(connection: sqlite3.Connection, word: str) -> int:
    row = connection.execute("SELECT id FROM words WHERE word = ?", (word,)).fetchone()
    return int(row[0]) if row else 0


def _sums(connection: sqlite3.Connection, index: Index) -> NDArray[np.uint64]:
    """Return a number for each article that tells one set of postings from another."""
    sums = np.zeros(index.size, np.uint64)
    for segment in read_segments(connection):
        base = segment.id << SEGMENT_BITS
        for row in connection.execute(
            "SELECT terms, data FROM postings WHERE id >= ? AND id < ?",
            (base, base + (1 << SEGMENT_BITS)),
        ):
            chunk = decode(*row)
            keys = np.repeat(chunk.keys, np.diff(chunk.ends, prepend=np.uint32(0)))
            kept = (chunk.articles > 0) & (chunk.articles < index.size)
            kept &= ~np.isin(chunk.articles, segment.deleted)
            np.add.at(sums, chunk.articles[kept], _mixed(keys[kept], chunk.counts[kept]))
    return sums


def _mixed(keys: NDArray[np.uint32], counts: NDArray[np.uint8]) -> NDArray[np.uint64]:
    mixed = (keys.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    found: NDArray[np.uint64] = mixed * counts.astype(np.uint64)
    return found
