"""The query's view of the vocabulary: words, names and values of an archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import Any

from ...entities.names.alias_lookup import AliasLookup
from ...entities.names.name_lookup import NamedEntity
from ...entities.names.phonetic import name_keys
from ...index.vocabulary import Vocabulary, open_vocabulary
from ...store.schema import quote_terms
from ...store.sql import cached_per_version
from ...store.stem_versions import other_versions
from ...store.values import RowCheck
from ...text.arabic import name_key
from ...text.edit_distance import farthest
from ...text.stem import stem
from ...text.tokenize import Words, joined_terms
from .answers import remembered
from .clauses import Node, Plan
from .rivals import Rivals

_WORDS = RowCheck("words", ("word",))
MIN_SIMILARITY = 75
"""The minimum similarity of a suggested value, out of 100 (rapidfuzz's WRatio)."""
MAX_ALIKE = 200
"""The maximum number of aliases with the consonants of a name that are compared with it."""
MAX_EXAMPLES = 30
"""The number of paragraphs examined to see whether a word is always capitalized."""
MAX_CHECKED = 10_000
"""The maximum number of words whose answer to `has_small` is cached."""
MAX_SMALL = 300
"""The number of paragraphs examined to see whether a word is ever written in small letters."""
MAX_CLASS = 64
"""The maximum number of forms of a word that are searched for, the most common first."""
STABLE_LETTERS = 3
"""The number of initial letters that most forms of a word have in common."""

INNER_ARTICLES = ("al-", "el-")
"""Articles in small letters, with which no sentence begins."""
RUNNING_TEXT = (
    "SELECT paragraphs.id, text FROM paragraphs_fts"
    " CROSS JOIN paragraphs ON paragraphs.id = paragraphs_fts.rowid"
    " WHERE paragraphs_fts MATCH ? AND kind = 'body' ORDER BY paragraphs_fts.rowid LIMIT ?"
)
ANY_TEXT = RUNNING_TEXT.replace(" AND kind = 'body'", "")


class Lexicon(AliasLookup):
    """The vocabulary and the names of one archive, read through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.answers: dict[Hashable, Any] = cached_per_version(connection, "answers", lambda _: {})
        self.plans: dict[Hashable, Plan] = cached_per_version(connection, "plans", lambda _: {})
        """The plans of the last queries, by all that they depend on but this archive."""
        self._has_other_stems = cached_per_version(
            connection, "other stems", lambda archive: other_versions([archive]) is not None
        )

    @cached_property
    def words(self) -> Vocabulary:
        """The vocabulary, looked up by spelling."""
        return open_vocabulary(self._connection)

    entities = remembered(AliasLookup.entities)
    called = remembered(AliasLookup.called)
    with_surname = remembered(AliasLookup.with_surname)
    with_spellings = remembered(AliasLookup.with_spellings)
    is_surname = remembered(AliasLookup.is_surname)
    is_listed = remembered(AliasLookup.is_listed)
    aliases = remembered(AliasLookup.aliases)
    resolve = remembered(AliasLookup.resolve)
    matches = remembered(AliasLookup.matches)
    suggest = remembered(AliasLookup.suggest)
    knows = remembered(AliasLookup.knows)
    mentions = remembered(AliasLookup.mentions)

    @cached_property
    def known_compounds(self) -> dict[tuple[str, ...], tuple[Node, ...]]:
        """The spellings of compounds that were looked up (see `compounds`), by their terms."""
        return cached_per_version(self._connection, "compounds", lambda _: {})

    def named(
        self, name: str, types: tuple[str, ...], *, exact: bool = False
    ) -> tuple[NamedEntity, ...]:
        """Return the entities of some types that have this name, in any spelling, or this slug.

        With `exact` only the spellings of aliases count; far spellings (see `rivals`) never do.
        """
        found = super().named(name, types, exact=True)
        if not found and not exact:
            found = super().named(name, types)
            found = () if Rivals(self).make_value_far(name, found) else found
        return found

    @remembered
    def with_other_vowels(self, name: str) -> tuple[NamedEntity, ...]:
        """Return the entities with an alias that has the consonants of a name, the nearest first.

        Few letters differ; `resolve` may tell such names apart, as Bashar and Bashir.
        """
        from rapidfuzz.distance import OSA

        asked = name_key(name)
        found: dict[NamedEntity, int] = {}
        rows = self._connection.execute(
            "SELECT alias, entities.id, slug, name, type FROM alias_keys"
            " JOIN aliases ON aliases.id = alias_id JOIN entities ON entities.id = entity_id"
            " WHERE skeleton = ? AND part = 'whole' ORDER BY slug LIMIT ?",
            (name_keys(name)[0].skeleton if name_keys(name) else "", MAX_ALIKE),
        )
        for alias, *values in rows:
            edits = int(OSA.distance(name_key(alias), asked))
            entity = NamedEntity(*values)
            if edits <= farthest(asked):
                found[entity] = min(edits, found.get(entity, edits))
        return tuple(sorted(found, key=lambda entity: found[entity]))

    @remembered
    def word_class(self, word: str) -> tuple[str, ...]:
        """Return the archive's words that are forms of a term, if any: the term itself first."""
        stems = {self.stem(word) or stem(word)}
        if self._has_other_stems:
            stems |= self._other_stems(word)
        rows = self._connection.execute(
            f"SELECT word FROM words WHERE stem IN ({', '.join('?' * len(stems))})"
            " ORDER BY word != ?, count DESC, word LIMIT ?",
            (*sorted(stems), word, MAX_CLASS),
        )
        return tuple(found for (found,) in _WORDS.rows(rows))

    def _other_stems(self, word: str) -> set[str]:
        """Return the recorded stems of all words that would get the same stem now as a term.

        They differ from it in an archive whose stems were made with other versions of the stemmer.
        """
        start, own = word[:STABLE_LETTERS], stem(word)
        rows = self._connection.execute(
            "SELECT word, stem FROM words WHERE word >= ? AND word < ?",
            (start, start + "\U0010ffff"),
        )
        return {recorded for form, recorded in rows if stem(form) == own}

    @remembered
    def stem(self, word: str) -> str | None:
        """Return the stem of a word of the archive; None for any other word."""
        row = self._connection.execute("SELECT stem FROM words WHERE word = ?", (word,)).fetchone()
        return row[0] if row else None

    @remembered
    def is_always_a_name(self, word: str) -> bool:
        """Return whether a term is always capitalized, and at least once inside a sentence."""
        inside = False
        for text in self._running_text(word):
            for start, end in Words(text).find((word,)):
                if not text[start:end][0].isupper():
                    return False
                before = text[:start].rstrip("‘’“”\"' ")
                inside = inside or before[-1:].islower() or before.endswith(INNER_ARTICLES)
        return inside

    def _running_text(self, word: str) -> Iterator[str]:
        """Yield the first body paragraphs in which a term occurs, at most MAX_EXAMPLES."""
        return self._texts(RUNNING_TEXT, (word,))

    def texts_with(self, sequence: Sequence[str]) -> Iterator[str]:
        """Yield the first paragraphs with some terms in sequence, at most MAX_EXAMPLES."""
        return self._texts(ANY_TEXT, sequence)

    @remembered
    def as_written(self, term: str) -> str:
        """Return a term as the first text with it writes it, where folding has changed letters."""
        if term.isascii():
            return term
        for text in self.texts_with([term]):
            for start, end in Words(text).find([term]):
                return text[start:end]
        return term

    def _texts(self, sql: str, sequence: Sequence[str]) -> Iterator[str]:
        rows = self._connection.execute(sql, (quote_terms(sequence), MAX_EXAMPLES))
        return (text for _, text in rows)

    def has_small(self, word: str) -> bool:
        """Return whether one of the first MAX_SMALL paragraphs with a term has it uncapitalized."""
        known = cached_per_version(self._connection, "small", lambda _: dict[str, bool]())
        if word not in known:
            if len(known) >= MAX_CHECKED:
                known.clear()
            row = self._connection.execute(
                "SELECT 1 FROM"
                " (SELECT rowid FROM paragraphs_fts WHERE paragraphs_fts MATCH ? LIMIT ?)"
                " AS found CROSS JOIN paragraphs ON paragraphs.id = found.rowid"
                " WHERE instr(text, ?) LIMIT 1",
                (f'"{word}"', MAX_SMALL, f" {word}"),
            ).fetchone()
            known[word] = row is not None
        return known[word]

    @remembered
    def begins_name(self, word: str, *, person: bool = False) -> bool:
        """Return whether a word is the first of several in the key of an alias, or a person's."""
        of = " AND (SELECT type FROM entities WHERE id = entity_id) = 'person'" if person else ""
        row = self._connection.execute(
            # The range from "word " to "word!": "!" is the next character, and only a space sorts
            # before it.
            f"SELECT 1 FROM aliases WHERE key > ? || ' ' AND key < ? || '!'{of} LIMIT 1",
            (word, word),
        ).fetchone()
        return row is not None

    @remembered
    def begins(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return the archive's words with a prefix, the most common first, at most `limit`."""
        rows = self._connection.execute(
            "SELECT word FROM words WHERE word >= ? AND word < ? ORDER BY count DESC, word LIMIT ?",
            (prefix, prefix + "\U0010ffff", limit),
        )
        return tuple(word for (word,) in rows)

    def values(self, column: str, text: str, *, begins: bool = False) -> tuple[str, ...]:
        """Return the values of a column of `articles` that contain these terms in sequence.

        With `begins` the last term may be a prefix.
        """
        asked = f" {joined_terms(text)}" + ("" if begins else " ")
        return tuple(
            value for value, _ in self.counted(column) if asked in f" {joined_terms(value)} "
        )

    def counted(self, column: str) -> list[tuple[str, int]]:
        """Return the values of a column of `articles`, sorted, with their numbers of articles."""
        return self._connection.execute(
            f"SELECT {column}, count(*) FROM articles WHERE {column} IS NOT NULL"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()

    def has_value(self, column: str, value: str) -> bool:
        """Return whether an article has a value in a column, ignoring case."""
        row = self._connection.execute(
            f"SELECT 1 FROM articles WHERE {column} = ? COLLATE NOCASE LIMIT 1", (value,)
        ).fetchone()
        return row is not None

    def similar_values(self, column: str, text: str, limit: int) -> list[str]:
        """Return the values of a column of `articles` that are most similar to a text."""
        from rapidfuzz import fuzz, process

        counted = sorted(self.counted(column), key=lambda each: -each[1])
        values = [value for value, _ in counted]
        matches = process.extract(
            text,
            values,
            processor=joined_terms,
            scorer=fuzz.WRatio,
            score_cutoff=MIN_SIMILARITY,
            limit=limit,
        )
        # A language code says little about what was meant, and there are few, so all are suggested.
        return [str(match[0]) for match in matches] or values[: limit if column == "lang" else 0]
