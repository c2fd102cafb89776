"""Vocabulary reader: an archive's words by id, count and spelling."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..store.sql import cached_per_version
from ..text.edit_distance import farthest, nearest, other_beginnings

MAX_KNOWN = 20_000
"""The maximum number of words whose rows are cached."""
MAX_NEAR = 200
"""The maximum number of terms whose neighbours are cached."""
AT_ONCE = 500
"""The number of words that are looked up with one statement."""


def open_vocabulary(connection: sqlite3.Connection) -> Vocabulary:
    """Return the vocabulary of an archive's current snapshot; call it inside a transaction."""
    return cached_per_version(connection, "words", Vocabulary)


class Vocabulary:
    """The vocabulary of one archive in one snapshot; words are cached by their first letter."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._words: dict[str, dict[str, int]] = {}
        self._known: dict[str, tuple[int, int] | None] = {}
        self._near: dict[tuple[str, int], list[tuple[str, int, int]]] = {}

    def ids(self, words: Iterable[str]) -> list[int]:
        """Return the ids of those words that occur in the archive."""
        return [number for _, number, _ in self._rows(words)]

    def _rows(self, words: Iterable[str]) -> list[tuple[str, int, int]]:
        """Return those words that occur in the archive, with their ids and counts; cached."""
        words = list(words)
        known = self._known
        missing = [word for word in words if word not in known]
        if missing:
            if len(known) > MAX_KNOWN:
                known.clear()
                missing = words
            known.update(dict.fromkeys(missing))
            for first in range(0, len(missing), AT_ONCE):
                some = missing[first : first + AT_ONCE]
                marks = ", ".join("?" * len(some))
                for word, number, count in self._connection.execute(
                    f"SELECT word, id, count FROM words WHERE word IN ({marks})", some
                ):
                    known[word] = number, count
        return [(word, *row) for word in words if (row := known[word])]

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
        """Return the other words at an edit distance of at most `most` from a term; cached.

        Each comes with its edit distance and its number of occurrences. The term has two letters
        or more.
        """
        key = word, most
        if key not in self._near:
            if len(self._near) > MAX_NEAR:
                self._near.clear()
            self._near[key] = self._find_near(word, most)
        return list(self._near[key])

    def _find_near(self, word: str, most: int) -> list[tuple[str, int, int]]:
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
        return {word: count for word, _, count in self._rows(words)}

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
