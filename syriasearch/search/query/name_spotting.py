"""Which words of a query are a name that no alias is written like?

Words side by side are, where they are the spelling of one entity's alias for certain (`bearers`).
A word alone is first of all a word: only one that the archive lacks in every form may be a name
that is spelt anew, or one that stands there with a capital wherever it stands, and then only a very
near one's.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...entities.names.fuzzy_lookup import NamedEntity
from ...entities.names.phonetic import WHOLE, heard, name_keys, skeleton
from ...store.schema import ENTITY_TYPES
from ...text.normalize import has_arabic, name_key, terms, without_articles
from ...text.stopwords import is_stop_word
from .lexicon import Lexicon

MAX_WORDS = 4
"""The longest run of words that is looked up by its spelling."""
MANY_WORDS = 8
"""In longer runs of a query only words with capitals, and unknown ones, may be a name."""
MAX_LOOKS = 4
"""So many runs with an unknown word are looked for among names with other consonants,"""
MAX_LONE_LOOKS = 8
"""and so many words alone."""
VERY_NEAR = 0.06
"""How far a word that the archive has may be from the alias that it is a spelling of."""
LEAST_LETTERS = 4
"""A shorter word alone is a word."""
SUFFIXES = frozenset("s n an ian i ish ese ist".split())
"""What words for a people and the like end with, behind a name."""

Named = tuple[NamedEntity, ...]


class Namings:
    """Finds the names in a query that are spelt as no alias of one archive is."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._unknown: dict[str, bool] = {}
        self._looks = 0

    def runs(self, words: Sequence[str]) -> dict[int, tuple[int, Named]]:
        """Return where the longest names of several words begin, how long they are, and whose."""
        asked: dict[tuple[int, int], str] = {}
        for first in range(len(words)):
            for length in range(min(MAX_WORDS, len(words) - first), 1, -1):
                bones = self._skeleton(words[first : first + length], many=len(words) > MANY_WORDS)
                if bones:
                    asked[first, length] = bones
        if not asked:
            return {}
        known = self._lexicon.bearers.has_skeletons(asked.values())
        found: dict[int, tuple[int, Named]] = {}
        looks = 0
        for (first, length), bones in asked.items():
            run = words[first : first + length]
            near = bones not in known
            if first in found or (near and (looks >= MAX_LOOKS or not any(map(self._lacks, run)))):
                continue
            looks += near
            named = self._lexicon.bearers.certain(" ".join(run), ENTITY_TYPES, near=near)
            if named:
                found[first] = length, named
        return found

    def word(self, word: str) -> Named:
        """Return whose name a word alone is, spelt anew; nobody's where it is a word."""
        bare = without_articles(terms(word))
        if len(bare) != 1 or len(bare[0]) < LEAST_LETTERS or is_stop_word(bare[0]):
            return ()
        if self._lacks(word):
            self._looks += 1
            near = self._looks <= MAX_LONE_LOOKS
            return self._lexicon.bearers.certain(word, ENTITY_TYPES, near=near)
        if has_arabic(word):
            return ()
        found = self._lexicon.bearers.certain(word, ENTITY_TYPES, near=False, most=VERY_NEAR)
        if any(self._is_made_of(bare[0], entity) for entity in found):
            return ()
        return found if found and self._lexicon.is_always_a_name(bare[0]) else ()

    def _is_made_of(self, word: str, entity: NamedEntity) -> bool:
        """Tell whether a word is made of an alias: Syrian, which is no spelling of Syria."""
        aliases = map(name_key, self._lexicon.aliases(entity.id))
        return any(word.removeprefix(alias) in SUFFIXES for alias in aliases)

    def _skeleton(self, run: Sequence[str], *, many: bool) -> str | None:
        """Return the skeleton of a run of words that may be a name."""
        ends = terms(run[0])[:1] + terms(run[-1])[-1:]
        if len(ends) < 2 or any(map(is_stop_word, ends)):
            return None
        if many and not all(word[:1].isupper() or self._lacks(word) for word in run):
            return None
        keys = name_keys(" ".join(run))
        # What has no consonant at all tells nothing: Turkey UAE is not a spelling of Turkey.
        whole = [
            key
            for key in keys
            if key.part == WHOLE and " " in key.form and all(map(skeleton, heard(key.form)))
        ]
        return whole[0].skeleton if whole else None

    def _lacks(self, word: str) -> bool:
        """Tell whether the archive has no form of a word."""
        if word not in self._unknown:
            bare = without_articles(terms(word))
            self._unknown[word] = not any(map(self._lexicon.word_class, bare))
        return self._unknown[word]
