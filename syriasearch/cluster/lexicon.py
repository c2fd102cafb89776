"""The lexicon of a cluster: the vocabularies of all shards together, and the names they share."""

from __future__ import annotations

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from ..index.vocabulary import Vocabulary, open_vocabulary
from ..search.query.clauses import Node
from ..search.query.lexicon import MAX_CLASS, MAX_EXAMPLES, Lexicon
from ..store.schema import quote_terms
from ..text.stem import stem


class SharedVocabulary(Vocabulary):
    """The words of several archives, with their counts in all of them."""

    def __init__(self, vocabularies: Sequence[Vocabulary]) -> None:
        self._near = {}
        self._vocabularies = vocabularies

    def ids(self, words: Iterable[str]) -> list[int]:
        """Raise NotImplementedError: words have ids in one archive only."""
        raise NotImplementedError

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return the counts of those words that occur."""
        words = list(words)
        return _sum(each.counts(words) for each in self._vocabularies)

    def beginning(self, letter: str) -> dict[str, int]:
        """Return the words that begin with a letter, with their counts."""
        return _sum(each.beginning(letter) for each in self._vocabularies)


class SharedLexicon(Lexicon):
    """The vocabularies of several archives together, and the names that they share."""

    def __init__(self, connections: Sequence[sqlite3.Connection]) -> None:
        super().__init__(connections[0])
        self.answers, self.plans = {}, {}  # for one search: they depend on all archives
        self._shards = [Lexicon(each) for each in connections]
        self._connections = connections

    @cached_property
    def known_compounds(self) -> dict[tuple[str, ...], tuple[Node, ...]]:
        """The spellings of compounds that this search has looked up, by their terms."""
        return {}

    @cached_property
    def words(self) -> Vocabulary:
        """The words of all archives."""
        return SharedVocabulary([open_vocabulary(each) for each in self._connections])

    def word_class(self, word: str) -> tuple[str, ...]:
        """Return the words that are forms of a term, if any: the term itself first."""
        known = next(filter(None, (each.stem(word) for each in self._shards)), None) or stem(word)
        counts = self._counts("SELECT word, count FROM words WHERE stem = ?", known)
        forms = sorted(counts, key=lambda form: (form != word, -counts[form], form))
        return tuple(forms[:MAX_CLASS])

    def knows(self, word: str) -> bool:
        """Return whether a term occurs."""
        return any(each.knows(word) for each in self._shards)

    def has_small(self, word: str) -> bool:
        """Return whether an archive has a term uncapitalized, in what is examined of it."""
        return any(each.has_small(word) for each in self._shards)

    def mentions(self, entity_id: int, most: int) -> int:
        """Return the number of mentions of an entity, or `most` if there are more."""
        return min(most, sum(each.mentions(entity_id, most) for each in self._shards))

    def begins(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return the words with a prefix, the most common first, at most `limit`."""
        sql = "SELECT word, count FROM words WHERE word >= ? AND word < ?"
        counts = self._counts(sql, prefix, prefix + "\U0010ffff")
        return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:limit])

    def _counts(self, sql: str, *parameters: str) -> Counter[str]:
        return _sum(dict(each.execute(sql, parameters)) for each in self._connections)

    def counted(self, column: str) -> list[tuple[str, int]]:
        """Return the values of a column of `articles`, sorted, with their numbers of articles."""
        return sorted(_sum(dict(each.counted(column)) for each in self._shards).items())

    def has_value(self, column: str, value: str) -> bool:
        """Return whether an article has a value in a column, ignoring case."""
        return any(each.has_value(column, value) for each in self._shards)

    def _texts(self, sql: str, sequence: Sequence[str]) -> Iterator[str]:
        """Yield the first paragraphs with some terms in sequence, by id."""
        asked = (quote_terms(sequence), MAX_EXAMPLES)
        rows = (each.execute(sql, asked) for each in self._connections)
        first = zip(range(MAX_EXAMPLES), heapq.merge(*rows), strict=False)
        return (text for _, (_, text) in first)


def _sum(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in parts:
        counts.update(each)
    return counts
