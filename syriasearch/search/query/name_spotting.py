"""Name spotting: the words of a query that are a name in a spelling that no alias has.

Several words in a row are a name if they are, unambiguously, a spelling of one entity's alias (see
`alias_lookup`). A single word is taken as a word first: it may be a new spelling of a name only if
the archive has none of its forms, or has it always capitalized, and in the latter case only if the
alias is very similar.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...entities.names.alias_lookup import NamedEntity
from ...entities.names.phonetic import WHOLE, consonant_skeleton, latinized_tokens, name_keys
from ...models.entity import ENTITY_TYPES
from ...text.arabic import has_arabic, name_key, without_articles
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from .lexicon import Lexicon

MAX_WORDS = 4
"""The maximum number of words in a run that is looked up by its spelling."""
MANY_WORDS = 8
"""In a longer query, only capitalized and unknown words may be part of a name."""
MAX_LOOKS = 4
"""The maximum number of runs with an unknown word looked up among names with other consonants."""
MAX_LONE_LOOKS = 8
"""The maximum number of single words looked up among names with other consonants."""
VERY_NEAR = 0.06
"""The maximum distance between a word that the archive has and the alias it is a spelling of."""
LEAST_LETTERS = 4
"""The minimum number of letters of a single word that may be a name."""
SUFFIXES = frozenset("s n an ian i ish ese ist".split())
"""Suffixes that make a word for a people, a language and the like from a name."""

Named = tuple[NamedEntity, ...]


class NameSpotter:
    """Finds the names in a query that are spelled differently from every alias of an archive."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._unknown: dict[str, bool] = {}
        self._looks = 0

    def runs(self, words: Sequence[str]) -> dict[int, tuple[int, Named]]:
        """Return the longest names in a run of words: by start index, length and entities."""
        asked: dict[tuple[int, int], str] = {}
        for first in range(len(words)):
            for length in range(min(MAX_WORDS, len(words) - first), 1, -1):
                bones = self._skeleton(words[first : first + length], many=len(words) > MANY_WORDS)
                if bones:
                    asked[first, length] = bones
        if not asked:
            return {}
        known = self._lexicon.has_skeletons(asked.values())
        found: dict[int, tuple[int, Named]] = {}
        looks = 0
        for (first, length), bones in asked.items():
            run = words[first : first + length]
            near = bones not in known
            if first in found or (near and (looks >= MAX_LOOKS or not any(map(self._lacks, run)))):
                continue
            looks += near
            named = self._lexicon.resolve(" ".join(run), ENTITY_TYPES, near=near)
            if named:
                found[first] = length, named
        return found

    def word(self, word: str) -> Named:
        """Return the entities that a single word names in a new spelling; none if it is a word."""
        bare = without_articles(terms(word))
        if len(bare) != 1 or len(bare[0]) < LEAST_LETTERS or is_stop_word(bare[0]):
            return ()
        if self._lacks(word):
            self._looks += 1
            near = self._looks <= MAX_LONE_LOOKS
            return self._lexicon.resolve(word, ENTITY_TYPES, near=near)
        if has_arabic(word):
            return ()
        found = self._lexicon.resolve(word, ENTITY_TYPES, near=False, max_distance=VERY_NEAR)
        if any(self._is_made_of(bare[0], entity) for entity in found):
            return ()
        return found if found and self._lexicon.is_always_a_name(bare[0]) else ()

    def _is_made_of(self, word: str, entity: NamedEntity) -> bool:
        """Return whether a word is derived from an alias, as Syrian is from Syria."""
        aliases = map(name_key, self._lexicon.aliases(entity.id))
        return any(word.removeprefix(alias) in SUFFIXES for alias in aliases)

    def _skeleton(self, run: Sequence[str], *, many: bool) -> str | None:
        """Return the consonant skeleton of a run of words that may be a name, else None."""
        ends = terms(run[0])[:1] + terms(run[-1])[-1:]
        if len(ends) < 2 or any(map(is_stop_word, ends)):
            return None
        if many and not all(word[:1].isupper() or self._lacks(word) for word in run):
            return None
        keys = name_keys(" ".join(run))
        # A word without any consonant says nothing: Turkey UAE is not a spelling of Turkey.
        whole = [
            key
            for key in keys
            if key.part == WHOLE
            and " " in key.form
            and all(map(consonant_skeleton, latinized_tokens(key.form)))
        ]
        return whole[0].skeleton if whole else None

    def _lacks(self, word: str) -> bool:
        """Return whether the archive has no form of a word."""
        if word not in self._unknown:
            bare = without_articles(terms(word))
            self._unknown[word] = not any(map(self._lexicon.word_class, bare))
        return self._unknown[word]
