"""Which words does the archive have, and how often? The write side of `words`."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from ..store.stem_versions import current_versions, recorded_versions, restem
from ..text.stem import stem

MAX_KNOWN = 500_000
"""So many words' ids are kept in mind."""


class Vocabulary:
    """Keeps `words` true, through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: Counter[str] = Counter()
        self._ids: dict[str, int] = {}
        self._version: int | None = None

    def refresh(self) -> None:
        """Forget what was known, where another process has written since; restem what has to be.

        To be called at the beginning of each transaction.
        """
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._ids.clear()
            if recorded_versions(self._connection) != current_versions():
                restem(self._connection)
            self._version = version

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
        self._version = None

    def flush(self) -> None:
        """Write what was noted."""
        counts = {word: count for word, count in self._counts.items() if count}
        self._counts.clear()
        if len(self._ids) > MAX_KNOWN:
            self._ids.clear()
        known = self._find(counts)
        new = [word for word in counts if word not in known]
        # In the order of the rows: so that each page is changed once.
        there = sorted((known[word], count) for word, count in counts.items() if word in known)
        self._connection.executemany(
            "UPDATE words SET count = count + ? WHERE id = ?",
            ((count, number) for number, count in there),
        )
        (last,) = self._connection.execute("SELECT ifnull(max(id), 0) FROM words").fetchone()
        known.update(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
        self._connection.executemany(
            "INSERT INTO words (id, word, stem, count) VALUES (?, ?, ?, ?)",
            ((known[word], word, stem(word), counts[word]) for word in new),
        )
        if any(count < 0 for count in counts.values()):
            self._connection.execute("DELETE FROM words WHERE count <= 0")
            known.clear()

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
        return self._find(words)

    def _find(self, words: Iterable[str]) -> dict[str, int]:
        """Return the ids that are known, those of some words among them where they have one."""
        known = self._ids
        for word in words:
            if word not in known:
                row = self._connection.execute("SELECT id FROM words WHERE word = ?", (word,))
                for (number,) in row:
                    known[word] = number
        return known
