"""Which words does the archive have, and how often? The write side of `words`."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from .stems import stem

MAX_KNOWN = 500_000
"""So many words' ids are kept in mind."""


class Vocabulary:
    """Keeps `words` true, through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: Counter[str] = Counter()
        self._ids: dict[str, int] = {}

    def add(self, counts: Counter[str]) -> None:
        """Note words that were added, and how often."""
        self._counts.update(counts)

    def remove(self, words: Iterable[str]) -> None:
        """Note words that were removed."""
        self._counts.subtract(words)

    def clear(self) -> None:
        """Forget what was noted and not written, and what was known of words that were."""
        self._counts.clear()
        self._ids.clear()

    def flush(self) -> None:
        """Write what was noted."""
        self._connection.executemany(
            "INSERT INTO words (word, stem, count) VALUES (?, ?, ?)"
            " ON CONFLICT (word) DO UPDATE SET count = count + excluded.count",
            ((word, stem(word), count) for word, count in self._counts.items() if count),
        )
        if any(count < 0 for count in self._counts.values()):
            self._connection.execute("DELETE FROM words WHERE count <= 0")
            self._ids.clear()
        self._counts.clear()

    def correct(self) -> None:
        """Make all words and counts those of the index of the text."""
        known = dict(self._connection.execute("SELECT word, count FROM words"))
        self._connection.execute(
            "CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, paragraphs_fts, row)"
        )
        for word, count in self._connection.execute("SELECT term, cnt FROM temp.indexed"):
            self._counts[word] += count - known.pop(word, 0)
        for word, count in known.items():
            self._counts[word] -= count
        self._connection.execute("DROP TABLE temp.indexed")
        self.flush()

    def ids(self, words: Iterable[str]) -> dict[str, int]:
        """Return the ids of words of the archive, and of others."""
        if len(self._ids) > MAX_KNOWN:
            self._ids.clear()
        for word in words:
            if word not in self._ids:
                row = self._connection.execute("SELECT id FROM words WHERE word = ?", (word,))
                self._ids[word] = row.fetchone()[0]
        return self._ids
