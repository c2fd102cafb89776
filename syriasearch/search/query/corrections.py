"""Corrections: the words and names of an archive that may be meant by a word which it lacks.

They are ranked together, by how probable the slip is (see `text.typing_cost`) and by how frequent
the word or the name is. A name may also be meant by its sound.

A correction is certain, so that it is searched for in place of the typed word, only if the typed
word has six letters or more, is no English word and is not typed with a capital, the slip is a
common one and not in the last letter, the word meant is frequent and no name, and no other word
and no name is about as probable. Nobody is ever meant for certain here: who is, `name_spotting`
decides.
"""

from __future__ import annotations

from itertools import takewhile
from math import log10
from typing import NamedTuple

from ...entities.names.name_lookup import NamedEntity
from ...entities.names.phonetic import latinized_tokens
from ...models.entity import ENTITY_TYPES
from ...text.arabic import has_arabic, name_key
from ...text.edit_distance import farthest
from ...text.stem import stem
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from ...text.typing_cost import DOUBLED, typing_cost
from .answers import remembered
from .clauses import Reading
from .lexicon import Lexicon
from .rivals import is_common_word
from .syntax import Word

MAX_LETTERS = 40
"""The maximum number of letters of a word that is corrected."""
MAX_COMPARED = 100
"""The maximum number of words whose typing cost is computed, the nearest and commonest."""
MAX_RANKED = 20
"""The maximum number of words that are ranked, all forms included."""
MAX_NAMES = 6
"""The maximum number of names that are ranked with the words."""
MAX_NAME_COST = 2.0
"""The maximum cost of a name that is ranked."""
MAX_MENTIONS = 10_000
"""The number of mentions of an entity up to which they are counted."""
COST_WEIGHT = 2.5
"""The logarithm of the factor by which a word must be commoner than one that costs an edit less."""
SOUND_COST, SOUND_WEIGHT = 0.3, 8.0
"""The cost of a name of the same sound, and what a unit of distance adds (see `alias_lookup`)."""
SHORT_COST = 0.7
"""The maximum cost of a correction of a word of three letters: two swapped."""
OTHER_SCRIPT = 0.8
"""What a name costs in addition if it has the other script only."""
SPLIT_COST = 0.8
"""The cost of a space that is missing."""
LONG = 10
"""The number of letters from which a word may have an edit more."""
CAPITAL = 0.25
"""What a name costs less if the word is typed with a capital."""

MAX_READINGS = 4
"""The maximum number of words of a query that are read as others."""
MIN_CERTAIN = 6
"""The minimum number of letters of a word with a certain correction."""
MIN_FREQUENT = 10
"""The minimum number of occurrences of a word that is certainly meant."""
MAX_RARE = 2
"""The maximum number of occurrences of a word that may be a slip in the archive as well."""
MUCH_COMMONER = 10
"""The factor by which MIN_FREQUENT grows with each of these occurrences."""
CERTAIN_COSTS = {MIN_CERTAIN: 0.85, 8: 1.0, LONG: 1.6}
"""The maximum cost of a certain correction, by the number of letters from which it holds."""
MARGIN = 2.0
"""How much less probable, as a difference of scores, every other correction must be."""


class Correction(NamedTuple):
    """A word, several words, or a name that may be meant, and how probable that is."""

    score: float
    """The lower, the more probable."""
    text: str
    cost: float
    occurrences: int
    entity: NamedEntity | None = None


def make_correction(
    text: str, cost: float, count: int, entity: NamedEntity | None = None
) -> Correction:
    """Return a correction with its score."""
    return Correction(COST_WEIGHT * cost - log10(count + 1), text, cost, count, entity)


class Corrector:
    """Finds corrections in the vocabulary and the names of an archive."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.readings: list[Reading] = []
        """The words that were read as others."""
        self.paused = False
        """Whether words are left as they are: what is excluded is never guessed."""
        self._lexicon = lexicon
        self.answers = lexicon.answers

    def forms(self, word: Word, own: tuple[str, ...]) -> tuple[str, ...]:
        """Return the forms of a word, `own`, with those of the word that is certainly meant by it.

        The word must be lacking, or so rare in the archive that it may be a slip there as well.
        """
        start, typed = word.position, word.text
        known = {each.label: each.correction for each in self.readings}
        if self.paused or (len(known) == MAX_READINGS and typed not in known):
            return own
        counts = self._lexicon.words.counts(own) if len(own) <= MAX_RARE else {}
        rare = sum(counts.values())
        if own and not 0 < rare <= MAX_RARE:
            return own
        correction = known.get(typed) or self._lexicon.as_written(self.certain(typed, rare))
        if not correction:
            return own
        self.readings.append(Reading(typed, start, start + len(typed), correction=correction))
        return (*own, *self._lexicon.word_class("".join(terms(correction))))

    @remembered
    def words(self, term: str) -> list[Correction]:
        """Return the words that may be meant by a term, the most probable form of each."""
        if not 2 < len(term) <= MAX_LETTERS:
            return []
        edits = farthest(term) + (len(term) >= LONG)
        near = self._lexicon.words.near(term, edits)
        if len(near) > MAX_COMPARED:
            near.sort(key=lambda match: (match[1], -match[2]))
            near = near[:MAX_COMPARED]
        most = SHORT_COST if len(term) < 4 else float(edits)
        made = (
            make_correction(word, cost, count)
            for word, _, count in near
            if (cost := typing_cost(term, word)) <= most
        )
        by_stem: dict[str, Correction] = {}
        for each in sorted(made)[:MAX_RANKED]:
            by_stem.setdefault(self._lexicon.stem(each.text) or stem(each.text), each)
        return list(by_stem.values())

    @remembered
    def names(self, typed: str) -> list[Correction]:
        """Return the names that may be meant by a word."""
        if len(typed) > MAX_LETTERS:
            return []
        by_sound = {
            match.entity: match
            for match in reversed(self._lexicon.matches(typed, ENTITY_TYPES))
            if not match.alias.startswith("the ")
        }
        found = []
        for entity in self._lexicon.suggest(typed, ENTITY_TYPES, MAX_NAMES):
            cost = self._letters_cost(typed, entity)
            if match := by_sound.get(entity):
                across = has_arabic(match.alias) != has_arabic(typed)
                sound = SOUND_COST + SOUND_WEIGHT * match.distance + OTHER_SCRIPT * across
                cost = min(cost, sound)
            if cost <= MAX_NAME_COST:
                cost -= CAPITAL * typed[:1].isupper()
                count = self._lexicon.mentions(entity.id, MAX_MENTIONS)
                found.append(make_correction(entity.name, cost, count, entity))
        return sorted(found)

    def _letters_cost(self, typed: str, entity: NamedEntity) -> float:
        """Return the lowest cost of typing a word for a name of an entity.

        A person may be meant by each word of a name.
        """
        keys = {name_key(typed), "".join(terms(typed))}
        aliases = self._lexicon.aliases(entity.id)
        across = 0.0
        if not any(has_arabic(alias) == has_arabic(typed) for alias in aliases):
            aliases, across = (
                tuple(" ".join(latinized_tokens(each)) for each in aliases),
                OTHER_SCRIPT,
            )
        names = {
            name
            for alias in aliases
            if across or has_arabic(alias) == has_arabic(typed)
            for key in (name_key(alias), " ".join(terms(alias)))
            for name in ("".join(key.split()), *(key.split() if entity.type == "person" else ()))
        }
        costs = (typing_cost(key, name) for key in keys for name in names)
        return min(costs, default=MAX_NAME_COST) + across

    @remembered
    def split(self, term: str) -> tuple[str, str] | None:
        """Return the two words of which a term is made up, the most frequent if there are several.

        A part of less than three letters must be a stop word.
        """
        if not MIN_CERTAIN <= len(term) <= MAX_LETTERS:
            return None
        pairs = [(term[:index], term[index:]) for index in range(2, len(term) - 1)]
        pairs = [
            pair for pair in pairs if all(len(each) > 2 or is_stop_word(each) for each in pair)
        ]
        counts = self._lexicon.words.counts({part for pair in pairs for part in pair})
        least = {pair: min(counts.get(part, 0) for part in pair) for pair in pairs}
        best = max(pairs, key=lambda pair: (least[pair], len(pair[0])), default=None)
        return best if best and least[best] >= MIN_FREQUENT else None

    @remembered
    def certain(self, typed: str, occurrences: int) -> str:
        """Return the word that is certainly meant by one with few occurrences; "" if none is."""
        term = "".join(terms(typed))
        if (
            not MIN_CERTAIN <= len(term) <= MAX_LETTERS
            or typed[:1].isupper()
            or not (term.isascii() or has_arabic(term))
            or not term.isalpha()
        ):
            return ""
        ranked = self.words(term)
        if not ranked:
            return ""
        best, *others = ranked
        if (
            best.occurrences < MIN_FREQUENT * (1 + MUCH_COMMONER * occurrences)
            or best.cost > max(cost for least, cost in CERTAIN_COSTS.items() if least <= len(term))
            or (best.cost > DOUBLED and _differs_at_the_end(term, best.text))
            or any(other.score < best.score + MARGIN for other in others)
            or is_common_word(term)
            or self._may_be_a_name(best.text)
            or (occurrences and self._may_be_a_name(term))
        ):
            return ""
        names = self.names(typed)
        return "" if any(name.score < best.score + MARGIN for name in names) else best.text

    def _may_be_a_name(self, word: str) -> bool:
        """Return whether a word is, or begins or ends, a name."""
        key = name_key(word)
        lexicon = self._lexicon
        return bool(
            lexicon.entities(key)
            or (lexicon.with_surname(word) if has_arabic(word) else lexicon.is_surname(key))
            or (lexicon.begins_name(key, person=True) and not is_common_word(word))
            or lexicon.is_always_a_name(word)
        )


def _differs_at_the_end(typed: str, meant: str) -> bool:
    """Return whether only the last letter differs: it may be an ending that is not stemmed."""
    return max(len(typed), len(meant)) - 1 <= sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False))
    )
