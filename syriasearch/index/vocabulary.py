"""Which words does an archive have, by their ids and by their spelling?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ..store.snapshot import kept
from ..text.edit_distance import farthest, nearest, other_beginnings


def open_words(connection: sqlite3.Connection) -> WordTable:
    """Return the words of an archive as it stands now; call it inside a transaction."""
    return kept(connection, "words", lambda: WordTable(connection))


class WordTable:
    """The words of one archive, as it stands in one snapshot; what was read is kept in mind."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._words: dict[str, dict[str, int]] = {}

    def ids(self, words: Iterable[str]) -> list[int]:
        """Return the ids of those of the words that the archive has."""
        rows = (
            self._connection.execute("SELECT id FROM words WHERE word = ?", (word,)).fetchone()
            for word in words
        )
        return [row[0] for row in rows if row]

    def similar(self, word: str, limit: int) -> list[str]:
        """Return the archive's words that are spelt most like a term, the commonest of equals."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < 4:
            return []
        most = farthest(word)
        # The first letter is seldom wrong, and then little else.
        counts = self.beginning(word[0])
        others = self.counts(other_beginnings(word))
        matches = process.extract(
            word, [*counts, *others], scorer=OSA.distance, score_cutoff=most, limit=None
        )
        found = [match for match in matches if match[0] != word]
        counts = counts | others
        found.sort(key=lambda match: (match[1], -counts[match[0]], match[0]))
        return [str(match[0]) for match in nearest(word, found)[:limit]]

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return how often each of some words stands in the archive, of those that it has."""
        return dict(
            row
            for word in words
            for row in self._connection.execute(
                "SELECT word, count FROM words WHERE word = ?", (word,)
            )
        )

    def beginning(self, letter: str) -> dict[str, int]:
        """Return the archive's words that begin with a letter, with how often each stands there."""
        if letter not in self._words:
            rows = self._connection.execute(
                "SELECT word, count FROM words WHERE word >= ? AND word < ?",
                (letter, chr(ord(letter) + 1)),
            )
            self._words[letter] = dict(rows)
        return self._words[letter]
