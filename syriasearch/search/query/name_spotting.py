"""Name spotting: the words of a query that are a name in a spelling that no alias has.

Several words in a row are a name if they are, unambiguously, a spelling of one entity's alias (see
`alias_lookup`). A single word is taken as a word first: it may be a new spelling of a name only if
the archive has none of its forms, or has it always capitalized, and in the latter case only if the
alias is very similar. A word that the archive lacks is not taken for a name if another word is
nearer to it (see `rivals`); such far spellings are left to suggestions.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...entities.names.alias_lookup import FEW_MENTIONS, SAME
from ...entities.names.name_lookup import NamedEntity
from ...entities.names.phonetic import WHOLE, consonant_skeleton, latinized_tokens, name_keys
from ...entities.names.similarity import distance, spelling
from ...models.entity import ENTITY_TYPES
from ...text.arabic import has_arabic, name_key, without_articles
from ...text.normalize import without_possessive
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from .lexicon import Lexicon
from .rivals import Rivals

MAX_WORDS = 4
"""The maximum number of words in a run that is looked up by its spelling."""
MANY_WORDS = 8
"""In a longer query, only capitalized and unknown words may be part of a name."""
MAX_LOOKUPS = 4
"""The maximum number of runs with an unknown word looked up among names with other consonants."""
MAX_LONE_LOOKUPS = 8
"""The maximum number of single words looked up among names with other consonants."""
MAX_DISTANCE = 0.06
"""The maximum distance between a word that the archive has and the alias it is a spelling of."""
SHORT = 5
"""The maximum number of letters of a single word that must have the very consonants of a name."""
MUCH_COMMONER = 10
"""The factor by which a name must be more frequent than other forms of a word that may mean it."""
MIN_LETTERS = 4
"""The minimum number of letters of a single word that may be a name."""
SUFFIXES = frozenset("s n an ian i ish ese ist".split())
"""Suffixes that make a word for a people, a language and the like from a name."""

Entities = tuple[NamedEntity, ...]


class NameSpotter:
    """Finds the names in a query that are spelled differently from every alias of an archive."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.unsure: list[str] = []
        """Runs of words that may be names, but not for certain."""
        self._lexicon = lexicon
        self._rivals = Rivals(lexicon)
        self._unknown: dict[str, bool] = {}
        self._lone_lookups = 0

    def runs(self, words: Sequence[str]) -> dict[int, tuple[int, Entities]]:
        """Return the longest names in a run of words: by start index, length and entities."""
        skeletons: dict[tuple[int, int], str] = {}
        for start in range(len(words)):
            for length in range(min(MAX_WORDS, len(words) - start), 1, -1):
                run = words[start : start + length]
                if skeleton := self._skeleton(run, many=len(words) > MANY_WORDS):
                    skeletons[start, length] = skeleton
        known = self._lexicon.has_skeletons(skeletons.values()) if skeletons else ()
        found: dict[int, tuple[int, Entities]] = {}
        lookups = 0
        for (start, length), skeleton in skeletons.items():
            run = words[start : start + length]
            near = skeleton not in known
            if start in found or (near and lookups >= MAX_LOOKUPS):
                continue
            if near and not any(map(self._lacks, run)):
                continue
            lookups += near
            label = " ".join(run)
            entities = self._lexicon.resolve(label, ENTITY_TYPES, near=near)
            if not entities and any(map(self._lacks, run)):
                self.unsure.append(label)
            elif entities := self._of_one_name(label, entities):
                found[start] = length, entities
        return found

    def word(self, word: str) -> Entities:
        """Return the entities that a single word names in a new spelling; none if it is a word."""
        word = without_possessive(word) or word
        bare = without_articles(terms(word))
        if len(bare) != 1 or len(bare[0]) < MIN_LETTERS or is_stop_word(bare[0]):
            return ()
        if self._lacks(word):
            self._lone_lookups += 1
            near = self._lone_lookups <= MAX_LONE_LOOKUPS and len(bare[0]) > SHORT
            entities = self._lexicon.resolve(word, ENTITY_TYPES, near=near)
            return self._of_one_name(word, entities)
        if not self._lexicon.knows(bare[0]):
            return self._instead_of_forms(bare[0])
        if persons := self.with_rare_spelling(word):
            return persons
        if has_arabic(word):
            return self._lexicon.with_surname(word)
        if not self._lexicon.is_always_a_name(bare[0]):
            return ()
        found = self._lexicon.resolve(word, ENTITY_TYPES, near=False, max_distance=MAX_DISTANCE)
        aliases = (alias for entity in found for alias in self._lexicon.aliases(entity.id))
        if any(bare[0].removeprefix(name_key(alias)) in SUFFIXES for alias in aliases):
            return ()  # It is derived from the name, as Syrian is from Syria.
        if self._lexicon.begins_name(bare[0]) and any(each.type == "person" for each in found):
            return ()  # It is a given name.
        return found

    def with_rare_spelling(self, word: str) -> Entities:
        """Return the listed persons of whose name a rare word, always a name, is a spelling.

        A name in an article that is added later does not change what the word found before.
        """
        bare = without_articles(terms(without_possessive(word) or word))
        if len(bare) != 1 or len(bare[0]) < MIN_LETTERS or has_arabic(word):
            return ()
        counts = self._lexicon.words.counts(bare)
        if not 0 < counts.get(bare[0], 0) <= FEW_MENTIONS:
            return ()
        near = len(bare[0]) > SHORT
        found = self._of_one_name(word, self._lexicon.resolve(word, ("person",), near=near))
        listed = [entity for entity in found if self._lexicon.is_listed(entity)]
        if not self._rivals.are_slips(word, listed) or self._rivals.are_nearer(word, listed):
            return ()
        return found if self._lexicon.is_always_a_name(bare[0]) else ()

    def _of_one_name(self, word: str, entities: Entities) -> Entities:
        """Return the entities that words name in a new spelling, if they are one by name.

        Of several, those count that have a name with the fewest other letters.
        """
        if self._rivals.make_far(word, entities):
            return ()
        strays = self._lexicon.strays(entities)
        if _is_one_name([entity for entity in entities if entity not in strays]):
            return entities
        nearest = self._rivals.nearest_of(word, entities)
        if any(entity.type == "person" for entity in nearest) and not _is_one_name(nearest):
            self.unsure.append(word)
            return ()
        return nearest

    def _instead_of_forms(self, term: str) -> Entities:
        """Return the entities named by a word of which the archive has other forms only.

        These are themselves names of the entities (Jaafari for Jaafary), or much rarer than those
        (turki for Turky, which is Turkey).
        """
        entities = self._lexicon.resolve(term, ENTITY_TYPES, near=False)
        if not entities or self._rivals.are_nearer(term, entities):
            return ()
        names = {
            key
            for entity in entities
            for alias in self._lexicon.aliases(entity.id)
            for key in name_key(alias).split()
        }
        counts = self._lexicon.words.counts(self._lexicon.word_class(term))
        others = sum(count for form, count in counts.items() if name_key(form) not in names)
        named = max(self._lexicon.words.counts(names).values(), default=0)
        return entities if others * MUCH_COMMONER <= named else ()

    def _skeleton(self, run: Sequence[str], *, many: bool) -> str | None:
        """Return the consonant skeleton of a run of words that may be a name, else None."""
        ends = terms(run[0])[:1] + terms(run[-1])[-1:]
        if len(ends) < 2 or any(map(is_stop_word, ends)):
            return None
        if many and not all(word[:1].isupper() or self._lacks(word) for word in run):
            return None
        for key in name_keys(" ".join(run)):
            # A word without any consonant says nothing: Turkey UAE is not a spelling of Turkey.
            consonants = map(consonant_skeleton, latinized_tokens(key.form))
            if key.part == WHOLE and " " in key.form and all(consonants):
                return key.skeleton
        return None

    def _lacks(self, word: str) -> bool:
        """Return whether the archive has no form of a word."""
        if word not in self._unknown:
            bare = without_articles(terms(word))
            self._unknown[word] = not any(map(self._lexicon.word_class, bare))
        return self._unknown[word]


def _is_one_name(entities: Sequence[NamedEntity]) -> bool:
    """Return whether the names of some entities are spellings of one."""
    names = [spelling(entity.name) for entity in entities]
    return all(distance(names[0], name) <= SAME for name in names[1:])
