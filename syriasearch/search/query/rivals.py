"""Rivals of a name: words of which a word is more probably a slip of the pen than of a name.

A word that no article has may be a name in a new spelling (Lavrof), or a word with a wrong letter
(serch). It is not taken for a name if another word is nearer to it by letters than each word of the
name: a word of the archive, or a common English one. Of two equally near, the commoner one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ...entities.names.name_lookup import NamedEntity
from ...index.vocabulary import Vocabulary
from ...text.arabic import has_arabic, name_key
from ...text.edit_distance import farthest
from ...text.tokenize import terms

if TYPE_CHECKING:
    from .lexicon import Lexicon

MAX_RIVALS = 8
"""The maximum number of words at each distance that are compared with a name, the commonest."""
MIN_LETTERS = 4
"""The minimum number of letters of a word that has rivals."""
FARTHER = 1
"""The number of edits by which a name may be farther than the nearest one of an entity, and still
tells how common the entity is."""
OTHER_SCRIPT = 1
"""The number of edits that a name in the other script only counts for."""
MUCH_NEARER = 2
"""The number of edits by which another word must be nearer to the value of a field."""
USUAL = 10
"""The maximum number of occurrences of a word that may be part of a name in the other script."""
MUCH_RARER = 10
"""The factor by which a word that is not a common English one is too rare to be meant."""
_VOWELS = frozenset("aeiouAEIOU")


class Rival(NamedTuple):
    """A word spelt like another, the number of edits between them, and its occurrences."""

    word: str
    edits: int
    occurrences: int


class _CommonWords(Vocabulary):
    """The common English words, as a vocabulary in which none occurs."""

    def __init__(self) -> None:
        # Few searches need them.
        from ...entities.rules.cue_words import common_words

        self._near = {}
        self.all = common_words()
        self._by_letter: dict[str, dict[str, int]] = {}
        for word in self.all:
            self._by_letter.setdefault(word[0], {})[word] = 0

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return those words that are common."""
        return dict.fromkeys(self.all.intersection(words), 0)

    def beginning(self, letter: str) -> dict[str, int]:
        """Return the common words that begin with a letter."""
        return self._by_letter.get(letter, {})


@cache
def _common_words() -> _CommonWords:
    return _CommonWords()


def is_common_word(term: str) -> bool:
    """Return whether a term is a common English word."""
    return term in _common_words().all


class Rivals:
    """The words that are spelt like words of a query which no article has."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._near: dict[str, list[Rival]] = {}

    def are_nearer(
        self,
        word: str,
        entities: Iterable[NamedEntity],
        *,
        by: int = 0,
        english: bool = True,
        alone: bool = False,
    ) -> bool:
        """Return whether another word is nearer to a word than each name of some entities is.

        It must be nearer by at least `by` edits; with 0, the commoner of two that are equally near
        counts. Without `english` it must be a word of the archive. Entities without a name in the
        script of the word are as near as a word at OTHER_SCRIPT edits, and never the commoner. A
        word that is `alone` may be a slip of a common word in the name of an organization or place.
        """
        term = "".join(terms(word))
        names = self._names(entities, arabic=has_arabic(word))
        if alone:
            names -= self._mere_words(entities, names)
        if term in names:
            return False
        edits = {name: _edits(term, name) for name in names}
        own = min(edits.values(), default=OTHER_SCRIPT)
        counts = self._lexicon.words.counts(name for name in names if edits[name] <= own + FARTHER)
        usual = max(counts.values(), default=0)
        rivals = [
            rival
            for rival in self.near(term)
            if names.isdisjoint((rival.word, name_key(rival.word)))
            and (english or rival.occurrences)
            and (is_common_word(rival.word) or rival.occurrences * MUCH_RARER >= usual)
        ]
        if any(rival.edits <= own - max(by, 1) for rival in rivals):
            return True
        if by and names:
            return False
        named = max((count for name, count in counts.items() if edits[name] == own), default=0)
        equal = (rival.occurrences for rival in rivals if rival.edits == own)
        return max(equal, default=0) > named

    def nearest_of(self, word: str, entities: tuple[NamedEntity, ...]) -> tuple[NamedEntity, ...]:
        """Return those of some entities that have an alias with the fewest edits from a word."""
        if len(entities) < 2:
            return entities
        term = name_key(word)
        edits = [
            min(_edits(term, name_key(alias)) for alias in self._lexicon.aliases(each.id))
            for each in entities
        ]
        least = min(edits)
        return tuple(each for each, count in zip(entities, edits, strict=True) if count == least)

    def are_slips(self, word: str, entities: Iterable[NamedEntity]) -> bool:
        """Return whether a word is no common one, and a name of some entities but for an edit."""
        term = "".join(terms(word))
        names = self._names(entities, arabic=has_arabic(word))
        # Few searches need the common words.
        return any(_edits(term, name) <= 1 for name in names) and not is_common_word(term)

    def make_far(self, name: str, entities: Iterable[NamedEntity]) -> bool:
        """Return whether words of a query are rather other words than the name of some entities.

        A single word is if another is nearer, or as near and commoner. Of several words, one that
        the archive lacks must be strictly nearer to another word of the archive.
        """
        entities, words = tuple(entities), name.split()
        if not entities:
            return False
        if len(words) == 1:
            return self._lacks(name) and self.are_nearer(name, entities, alone=True)
        if any(
            self._lacks(each) and self.are_nearer(each, entities, by=1, english=False)
            for each in words
        ):
            return True
        arabic = has_arabic(name)
        if self._names(entities, arabic=arabic):
            return False
        # Usual words of one script are no new spelling of a name in the other.
        counts = self._lexicon.words.counts("".join(terms(each)) for each in words)
        return max(counts.values(), default=0) > USUAL

    def make_value_far(self, name: str, entities: Iterable[NamedEntity]) -> bool:
        """Return whether a value that should be a name is much nearer to another word."""
        entities = tuple(entities)
        # A name without vowels is far from each of its names by letters.
        is_word = len(name.split()) == 1 and (has_arabic(name) or not _VOWELS.isdisjoint(name))
        return (
            bool(entities)
            and is_word
            and self._lacks(name)
            and self.are_nearer(name, entities, by=MUCH_NEARER)
        )

    def _lacks(self, word: str) -> bool:
        """Return whether no article has a word."""
        return not self._lexicon.knows("".join(terms(word)))

    def _names(self, entities: Iterable[NamedEntity], *, arabic: bool) -> set[str]:
        """Return the words of the names of entities in one script, with and without articles."""
        aliases = (alias for each in entities for alias in self._lexicon.aliases(each.id))
        return {
            name
            for alias in aliases
            if has_arabic(alias) == arabic
            for name in (*terms(alias), *name_key(alias).split())
        }

    def _mere_words(self, entities: Iterable[NamedEntity], names: set[str]) -> set[str]:
        """Return the common words of the names of entities that name none of them by themselves."""
        entities = set(entities)
        if any(each.type == "person" for each in entities):
            return set()
        return {
            name
            for name in names
            if is_common_word(name) and entities.isdisjoint(self._lexicon.entities(name))
        }

    def near(self, term: str) -> list[Rival]:
        """Return the words that are near to a term, of the archive and of English.

        At each distance these are the commonest ones; at two edits, they have the same initial.
        """
        if term not in self._near:
            most = farthest(term) if len(term) >= MIN_LETTERS else 0
            words = self._lexicon.words.near(term, most) if most else []
            common = _common_words().near(term, most) if most and not has_arabic(term) else []
            counts = {word: (edits, count) for word, edits, count in (*common, *words)}
            found = sorted(
                (edits, -count, word)
                for word, (edits, count) in counts.items()
                if edits < 2 or word[0] == term[0]
            )
            by_edits = groupby(found, key=itemgetter(0))
            self._near[term] = [
                Rival(word, edits, -count)
                for _, group in by_edits
                for edits, count, word in islice(group, MAX_RIVALS)
            ]
        return self._near[term]


def _edits(a: str, b: str) -> int:
    from rapidfuzz.distance import OSA

    return int(OSA.distance(a, b))
