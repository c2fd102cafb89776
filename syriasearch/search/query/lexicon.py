"""Which words and names of the archive does a query's word stand for?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import cached_property

from ...entities.names.alias_lookup import AliasLookup
from ...index.vocabulary import WordTable
from ...store.snapshot import kept
from ...store.stem_versions import other_versions
from ...text.normalize import Words, terms
from ...text.stem import stem

ALIKE = 75
"""Values of a column so alike are suggested for each other, of 100 (rapidfuzz's WRatio)."""

MAX_SEEN = 30
"""In so many paragraphs it is looked whether a word has a capital."""

MAX_CLASS = 64
"""At most so many words of a class are looked for, the commonest first."""

BEGINNING = 3
"""The letters that forms of a word have in common at its beginning, most of them."""


RUNNING_TEXT = (
    "SELECT paragraphs.id, text FROM paragraphs_fts"
    " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
    " WHERE paragraphs_fts MATCH ? AND kind = 'body' ORDER BY paragraphs_fts.rowid LIMIT ?"
)


class Lexicon(AliasLookup):
    """The vocabulary and the names of one archive, read through one connection."""

    def __init__(
        self, connection: sqlite3.Connection, words: Callable[[], WordTable] | None = None
    ) -> None:
        super().__init__(connection)
        self._table = words

    @cached_property
    def words(self) -> WordTable:
        """The vocabulary, to be found by its spelling."""
        return self._table() if self._table else WordTable(self._connection)

    def word_class(self, word: str) -> tuple[str, ...]:
        """Return the archive's words that are forms of a term; none where it has none."""
        stems = self._stems(word)
        rows = self._connection.execute(
            f"SELECT word FROM words WHERE stem IN ({', '.join('?' * len(stems))})"
            " ORDER BY word != ?, count DESC, word LIMIT ?",
            (*stems, word, MAX_CLASS),
        )
        return tuple(row[0] for row in rows)

    def _stems(self, word: str) -> list[str]:
        """Return the stems that a term's forms have here: several, where other versions made them.

        Those are forms whose stems would be the same now.
        """
        known = self.stem(word)
        if not self._has_other_stems:
            return [known or stem(word)]
        start, own = word[:BEGINNING], stem(word)
        stems = {
            recorded
            for form, recorded in self._connection.execute(
                "SELECT word, stem FROM words WHERE word >= ? AND word < ?",
                (start, start + "\U0010ffff"),
            )
            if stem(form) == own
        }
        return sorted(stems | {known or own})

    @cached_property
    def _has_other_stems(self) -> bool:
        return kept(
            self._connection, "other stems", lambda: other_versions([self._connection]) is not None
        )

    def stem(self, word: str) -> str | None:
        """Return the stem of one of the archive's words; None for another."""
        known = self._connection.execute(
            "SELECT stem FROM words WHERE word = ?", (word,)
        ).fetchone()
        return known[0] if known else None

    def knows(self, word: str) -> bool:
        """Tell whether the archive has a term."""
        return (
            self._connection.execute("SELECT 1 FROM words WHERE word = ?", (word,)).fetchone()
            is not None
        )

    def is_always_a_name(self, word: str) -> bool:
        """Tell whether a term stands in running text with a capital, and nowhere without one."""
        inside = False
        for text in self._running_text(word):
            for start, end in Words(text).find((word,)):
                if not text[start:end][0].isupper():
                    return False
                before = text[:start].rstrip("‘’“”\"' ")
                inside = inside or before[-1:].islower()
        return inside

    def _running_text(self, word: str) -> Iterator[str]:
        """Yield the first paragraphs in which a term stands."""
        rows = self._connection.execute(RUNNING_TEXT, (f'"{word}"', MAX_SEEN))
        return (text for _, text in rows)

    def begins_name(self, word: str) -> bool:
        """Tell whether a word is the first of several in the key of an alias."""
        found = self._connection.execute(
            # Up to "word!": a space comes before that character, and nothing else in a key.
            "SELECT 1 FROM aliases WHERE key > ? || ' ' AND key < ? || '!' LIMIT 1",
            (word, word),
        )
        return found.fetchone() is not None

    def begins(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return the archive's words that begin so, the commonest first, at most `limit`."""
        rows = self._connection.execute(
            "SELECT word FROM words WHERE word >= ? AND word < ? ORDER BY count DESC, word LIMIT ?",
            (prefix, prefix + "\U0010ffff", limit),
        )
        return tuple(word for (word,) in rows)

    def values(self, column: str, text: str, *, begins: bool = False) -> tuple[str, ...]:
        """Return the values of a column of `articles` that have these terms in a row.

        With `begins` the last of them may be the beginning of one.
        """
        asked = terms(text)
        found = []
        for value, _ in self.counted(column):
            there = terms(value)
            for at in range(len(there) - len(asked) + 1):
                run = there[at : at + len(asked)]
                if begins:
                    run[-1] = run[-1][: len(asked[-1])]
                if run == asked:
                    found.append(value)
                    break
        return tuple(found)

    def counted(self, column: str) -> list[tuple[str, int]]:
        """Return the values of a column of `articles`, in order, and how many have each."""
        return self._connection.execute(
            f"SELECT {column}, count(*) FROM articles WHERE {column} IS NOT NULL"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()

    def has_value(self, column: str, value: str) -> bool:
        """Tell whether an article has a value in a column, without regard to case."""
        found = self._connection.execute(
            f"SELECT 1 FROM articles WHERE {column} = ? COLLATE NOCASE LIMIT 1", (value,)
        )
        return found.fetchone() is not None

    def similar_values(self, column: str, text: str, limit: int) -> list[str]:
        """Return the values of a column of `articles` that are written most like a text."""
        from rapidfuzz import fuzz, process

        counted = sorted(self.counted(column), key=lambda each: -each[1])
        values = [value for value, _ in counted]
        matches = process.extract(
            " ".join(terms(text)),
            values,
            processor=lambda value: " ".join(terms(value)),
            scorer=fuzz.WRatio,
            score_cutoff=ALIKE,
            limit=limit,
        )
        # A code tells little of what was meant, and there are few.
        return [str(match[0]) for match in matches] or values[: limit if column == "lang" else 0]
