"""Vocabulary reader: an archive's words by id, count and spelling."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..store.sql import cached_per_version
from ..text.edit_distance import farthest, nearest, other_beginnings


def open_vocabulary(connection: sqlite3.Connection) -> Vocabulary:
    """Return the vocabulary of an archive's current snapshot; call it inside a transaction."""
    return cached_per_version(connection, "words", Vocabulary)


class Vocabulary:
    """The vocabulary of one archive in one snapshot; words are cached by their first letter."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._words: dict[str, dict[str, int]] = {}

    def ids(self, words: Iterable[str]) -> list[int]:
        """Return the ids of those words that occur in the archive."""
        rows = (
            self._connection.execute("SELECT id FROM words WHERE word = ?", (word,)).fetchone()
            for word in words
        )
        return [row[0] for row in rows if row]

    def similar(self, word: str, limit: int) -> list[str]:
        """Return at most `limit` words of the archive that are spelt most like a term.

        They have the same edit distance; the commonest comes first. A term of fewer than four
        letters has none.
        """
        if len(word) < 4:
            return []
        found = self.near(word, farthest(word))
        found.sort(key=lambda match: (match[1], -match[2], match[0]))
        return [match[0] for match in nearest(word, found)[:limit]]

    def near(self, word: str, most: int) -> list[tuple[str, int, int]]:
        """Return the other words at an edit distance of at most `most` from a term.

        Each comes with its edit distance and its number of occurrences. The term has two letters
        or more.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        # The first letter is seldom wrong, and if it is, the rest is seldom wrong too.
        counts = self.beginning(word[0])
        others = self.counts(other_beginnings(word))
        matches = process.extract(
            word, [*counts, *others], scorer=OSA.distance, score_cutoff=most, limit=None
        )
        counts = counts | others
        return [
            (str(found), int(edits), counts[found]) for found, edits, _ in matches if found != word
        ]

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return the number of occurrences of those words that occur in the archive."""
        return dict(
            row
            for word in words
            for row in self._connection.execute(
                "SELECT word, count FROM words WHERE word = ?", (word,)
            )
        )

    def beginning(self, letter: str) -> dict[str, int]:
        """Return the archive's words that begin with a letter, with their occurrences; cached."""
        if letter not in self._words:
            rows = self._connection.execute(
                "SELECT word, count FROM words WHERE word >= ? AND word < ?",
                (letter, letter + "\U0010ffff"),
            )
            self._words[letter] = dict(rows)
        return self._words[letter]


@contextmanager
def indexed_words(connection: sqlite3.Connection) -> Iterator[str]:
    """Create a table of the words of the full-text index and yield its name; drop it at the end.

    Its columns are `term` and `cnt`, the number of occurrences.
    """
    connection.execute(
        "CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, paragraphs_fts, row)"
    )
    try:
        yield "temp.indexed"
    finally:
        connection.execute("DROP TABLE temp.indexed")
