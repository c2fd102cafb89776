"""Vocabulary writer: keeps the table `words`, each word with its stem and count, up to date."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from ..store.sql import fetch_int
from ..store.stem_versions import current_versions, recorded_versions, restem
from ..text.stem import stem
from .vocabulary import indexed_words

MAX_KNOWN = 500_000
"""Maximum number of word ids that are cached."""


class VocabularyWriter:
    """Maintenance of the table `words` of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._added: list[Counter[str]] = []
        self._counts: Counter[str] = Counter()
        self._ids: dict[str, int] = {}
        self._version: int | None = None

    def refresh(self) -> None:
        """Drop caches if another process has written since; restem if the stemmer has changed.

        Call it at the beginning of each transaction.
        """
        version = fetch_int(self._connection, "PRAGMA data_version")
        if version != self._version:
            self._ids.clear()
            if recorded_versions(self._connection) != current_versions():
                restem(self._connection)
            self._version = version

    def add(self, counts: Counter[str]) -> None:
        """Record words that were added, with their numbers of occurrences."""
        self._added.append(counts)

    def remove(self, words: Iterable[str]) -> None:
        """Record words that were removed, one for each occurrence."""
        self._counts.subtract(words)

    def clear(self) -> None:
        """Discard all changes that were recorded and not written, and all caches."""
        self._added.clear()
        self._counts.clear()
        self._ids.clear()
        self._version = None

    def flush(self) -> None:
        """Write the recorded changes; words that no longer occur are deleted."""
        self._counts.update(_sum_counts(self._added))
        self._added.clear()
        counts = {word: count for word, count in self._counts.items() if count}
        self._counts.clear()
        known = self.ids(counts)
        new = [word for word in counts if word not in known]
        # In the order of the rows, so that each page is changed once.
        changed = sorted((known[word], count) for word, count in counts.items() if word in known)
        self._connection.executemany(
            "UPDATE words SET count = count + ? WHERE id = ?",
            ((count, number) for number, count in changed),
        )
        last = fetch_int(self._connection, "SELECT max(id) FROM words")
        known.update(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
        self._connection.executemany(
            "INSERT INTO words (id, word, stem, count) VALUES (?, ?, ?, ?)",
            ((known[word], word, stem(word), counts[word]) for word in new),
        )
        if any(count < 0 for count in counts.values()):
            self._connection.execute("DELETE FROM words WHERE count <= 0")
            known.clear()

    def correct(self) -> None:
        """Bring all words and counts in line with the full-text index `paragraphs_fts`."""
        known = dict(self._connection.execute("SELECT word, count FROM words"))
        with indexed_words(self._connection) as indexed:
            for word, count in self._connection.execute(f"SELECT term, cnt FROM {indexed}"):
                self._counts[word] += count - known.pop(word, 0)
        self._counts.subtract(known)
        self.flush()

    def ids(self, words: Iterable[str]) -> dict[str, int]:
        """Return word ids, among them those of all given words that the archive has."""
        if len(self._ids) > MAX_KNOWN:
            self._ids.clear()
        known = self._ids
        for word in words:
            if word not in known:
                row = self._connection.execute("SELECT id FROM words WHERE word = ?", (word,))
                for (number,) in row:
                    known[word] = number
        return known


def _sum_counts(added: Sequence[Counter[str]]) -> dict[str, int]:
    """Return the sum of counts: as `Counter.update` adds them up, in a third of the time."""
    words = list(dict.fromkeys(chain.from_iterable(added)))
    index = dict(zip(words, range(len(words)), strict=True))
    sums = np.zeros(len(words), np.int64)
    for counts in added:
        found = np.fromiter(map(index.__getitem__, counts), np.int64, len(counts))
        sums[found] += np.fromiter(counts.values(), np.int64, len(counts))
    return dict(zip(words, sums.tolist(), strict=True))
