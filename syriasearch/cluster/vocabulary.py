"""Which words do several archives have together, and which values their articles?"""

from __future__ import annotations

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ..index.vocabulary import Vocabulary, open_vocabulary
from ..search.query.lexicon import MAX_CLASS, MAX_EXAMPLES, RUNNING_TEXT, Lexicon
from ..text.stem import stem


class SharedWords(Vocabulary):
    """The words of several archives, with how often each stands in all of them."""

    def __init__(self, tables: Sequence[Vocabulary]) -> None:
        self._tables = tables

    def ids(self, words: Iterable[str]) -> list[int]:
        """Words have ids in an archive only."""
        raise NotImplementedError

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return how often each of some words stands in the archives, of those that they have."""
        asked = list(words)
        return dict(_added(table.counts(asked) for table in self._tables))

    def beginning(self, letter: str) -> dict[str, int]:
        """Return the words that begin with a letter, with how often each stands there."""
        return dict(_added(table.beginning(letter) for table in self._tables))


class SharedLexicon(Lexicon):
    """The vocabulary of several archives together, and the names that they share."""

    def __init__(self, connections: Sequence[sqlite3.Connection]) -> None:
        super().__init__(connections[0])
        self._each = [Lexicon(each) for each in connections]
        self._connections = connections

    @cached_property
    def words(self) -> Vocabulary:
        """The words of all archives."""
        return SharedWords([open_vocabulary(each) for each in self._connections])

    def word_class(self, word: str) -> tuple[str, ...]:
        """Return the archives' words that are forms of a term; none where they have none."""
        known = next(filter(None, (each.stem(word) for each in self._each)), None) or stem(word)
        counts: Counter[str] = Counter()
        for connection in self._connections:
            for form, count in connection.execute(
                "SELECT word, count FROM words WHERE stem = ?", (known,)
            ):
                counts[form] += count
        forms = sorted(counts, key=lambda form: (form != word, -counts[form], form))
        return tuple(forms[:MAX_CLASS])

    def knows(self, word: str) -> bool:
        """Tell whether an archive has a term."""
        return any(each.knows(word) for each in self._each)

    def begins(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return the archives' words that begin so, the commonest first, at most `limit`."""
        counts = _added(
            dict(
                connection.execute(
                    "SELECT word, count FROM words WHERE word >= ? AND word < ?",
                    (prefix, prefix + "\U0010ffff"),
                )
            )
            for connection in self._connections
        )
        return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:limit])

    def counted(self, column: str) -> list[tuple[str, int]]:
        """Return the values of a column of `articles`, in order, and how many have each."""
        return sorted(_added(dict(each.counted(column)) for each in self._each).items())

    def has_value(self, column: str, value: str) -> bool:
        """Tell whether an article has a value in a column, without regard to case."""
        return any(each.has_value(column, value) for each in self._each)

    def _running_text(self, word: str) -> Iterator[str]:
        """Yield the first paragraphs in which a term stands, in order of their ids."""
        rows = (
            connection.execute(RUNNING_TEXT, (f'"{word}"', MAX_EXAMPLES))
            for connection in self._connections
        )
        first = heapq.merge(*rows)
        return (text for _, (_, text) in zip(range(MAX_EXAMPLES), first, strict=False))


def _added(some: Iterable[dict[str, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in some:
        counts.update(each)
    return counts
