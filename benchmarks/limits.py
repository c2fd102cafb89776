"""At how many paragraphs is each limit of the program reached, and which comes first?

Limits of numbers are read from the program, and those of SQLite from the library that runs; how
many paragraphs that is follows from what was measured.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from growth import Law
from syriasearch.index import near_duplicates as copies
from syriasearch.index import postings
from syriasearch.index import reader as index
from syriasearch.index import vocabulary_writer as vocabulary

POSTING_BYTES = 5
"""An article and a frequency in `postings`."""
SEGMENT_BYTES = 20
"""An article in a row of `segments`: id, length, day (int32) and first paragraph (int64)."""
DAY = 86_400.0


class Limit(NamedTuple):
    """Something that ends."""

    what: str
    where: str
    paragraphs: float
    moves: str


class SQLiteLimits(NamedTuple):
    """What the SQLite that runs here allows."""

    row: int
    pages: int

    @classmethod
    def read(cls) -> SQLiteLimits:
        """Ask it; what Python before 3.11 cannot ask is what SQLite is built with if not told."""
        connection = sqlite3.connect(":memory:")
        row = 1_000_000_000
        if hasattr(connection, "getlimit"):
            row = connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)
        (pages,) = connection.execute("PRAGMA max_page_count").fetchone()
        connection.close()
        return cls(row, pages)


def of_numbers(laws: Mapping[str, Law], per_article: float, sqlite: SQLiteLimits) -> list[Limit]:
    """Return the limits of formats; `per_article` is how many paragraphs an article has."""
    return [
        Limit(
            "a term that all articles have is remembered no more",
            f"index.KEPT, {index.KEPT:,} postings",
            index.KEPT * per_article,
            "shards; a larger KEPT: 8 bytes each",
        ),
        Limit(
            "ids of words are forgotten between batches",
            f"vocabulary.MAX_KNOWN, {vocabulary.MAX_KNOWN:,}",
            laws["words"].reaches(vocabulary.MAX_KNOWN),
            "a larger MAX_KNOWN; shards, a little",
        ),
        Limit(
            "all articles in one segment: its row",
            f"SQLITE_LIMIT_LENGTH, {sqlite.row:,} bytes; {SEGMENT_BYTES} an article",
            sqlite.row / SEGMENT_BYTES * per_article,
            "shards; a largest segment in `settle` and `optimize`",
        ),
        Limit(
            "a term that all articles have: its row",
            f"SQLITE_LIMIT_LENGTH; {POSTING_BYTES} an article",
            sqlite.row / POSTING_BYTES * per_article,
            "shards; rows that share a term",
        ),
        Limit(
            "ids of articles in bands of copies",
            f"copies.ARTICLE_BITS = {copies.ARTICLE_BITS}; all 63 bits are used",
            (1 << copies.ARTICLE_BITS) * per_article,
            "shards",
        ),
        Limit(
            "ids of articles in postings",
            "postings.MAX_ARTICLE",
            postings.MAX_ARTICLE * per_article,
            "shards; up to int32, 2^31",
        ),
        Limit(
            "ids of words in keys",
            f"postings.KIND_BITS = {postings.KIND_BITS}",
            laws["words"].reaches(1 << postings.KIND_BITS),
            "shards, a little",
        ),
        Limit(
            "ids of entities in keys",
            f"postings.KIND_BITS = {postings.KIND_BITS}",
            laws["entities"].reaches(1 << postings.KIND_BITS),
            "shards, a little; recognizer=gazetteer",
        ),
        Limit(
            "segments, one a batch of 200 articles",
            f"postings.SEGMENT_BITS = {postings.SEGMENT_BITS}: 2^{63 - postings.SEGMENT_BITS} left",
            2.0 ** (63 - postings.SEGMENT_BITS) * 200 * per_article,
            "nothing needs to",
        ),
        Limit(
            "the file, in pages of 4,096 bytes",
            f"PRAGMA max_page_count, {sqlite.pages:,}",
            laws["file"].reaches(sqlite.pages * 4096.0),
            "shards; PRAGMA page_size, up to 16 times",
        ),
    ]


def of_time(laws: Mapping[str, Law], memory: float) -> list[Limit]:
    """Return where waiting becomes too long, and a thread's arrays exceed so much memory."""
    return [
        Limit(
            "a page with the facet of entities takes 1 s",
            "index.Index.named: all postings of entities are read",
            laws["entity facet"].reaches(1000),
            "shards: in proportion",
        ),
        Limit(
            "a common word takes 100 ms",
            "ranking, over all that have it",
            laws["common"].reaches(100),
            "shards: in proportion",
        ),
        Limit("a common word takes 1 s", "the same", laws["common"].reaches(1000), "the same"),
        Limit(
            "a first page takes 1 s, and after each batch that is written",
            "index.open_index: all arrays are read anew",
            laws["opening"].reaches(1000),
            "shards; fewer commits while many read",
        ),
        Limit(
            f"the arrays of a thread exceed {memory / 2**30:g} GiB",
            "index.Index, one a connection, one connection a thread",
            laws["a thread"].reaches(memory),
            "shards on other machines; processes of one thread",
        ),
        Limit(
            "one writer takes a day",
            "SQLite: one writer a file",
            laws["writer"].reaches(DAY),
            "shards: each has a writer",
        ),
        Limit(
            "what is beside the writer takes a day of one processor",
            "cleaning, recognizer, words",
            laws["beside"].reaches(DAY),
            "--processes; more machines",
        ),
        Limit(
            "`doctor` takes a day of one processor",
            "checkup: all text once more",
            laws["check"].reaches(DAY),
            "shards, each for itself",
        ),
    ]
