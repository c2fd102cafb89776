"""Known spellings: the known person, or place, of whose name another is for certain a spelling.

A name is a spelling of another (see `names.similarity`) for certain if

- both have the same words in the same order, none missing: Hafez Bashar al-Assad is not Bashar;
- `bin` and the like are in both or in neither: Mohammed Salman is not Mohammed bin Salman;
- a word that is written otherwise is hardly so, or is no part of names as far as is known;
- no other person's name is about as near.

Candidates are the names with the same skeleton (see `names.phonetic`), but for one consonant. Two
skeletons differ in one if both give the same when at most one is left out of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from ...models.entity import Entity
from ...text.arabic import has_arabic, without_articles
from ...text.tokenize import terms
from ..gazetteer import WEAK
from ..names.alias_lookup import AS_NEAR
from ..names.phonetic import consonant_skeleton, is_kin, latinized_tokens, phonetic_form
from ..names.similarity import limit, ordered_distance, spelling, spelling_of, word_distance
from .cue_words import name_parts

MAX_NEAR = 50_000
"""Maximum number of names among which those with other consonants are looked for."""
MAX_PART = 0.08
"""Maximum distance of two words that are one part of names; another may be a misprint, unless it is
a name itself: Kevin is not Gavin."""
LONG = 8
"""Minimum length of a word with a misprint of two letters."""
MIN_SIMILARITY = 0.6
"""Minimum similarity of the forms of two names that are compared word by word."""
MAX_CACHED = 50_000
"""Maximum number of skeletons of which it is kept whether a known one is near."""
MIN_CONSONANTS = 3
"""Minimum number of consonants of a name that is compared with others."""


class KnownSpellings:
    """Known names of several words in Latin script, looked up by other spellings."""

    def __init__(
        self,
        entities: Iterable[Entity],
        kind: str = "person",
        by_skeleton: Callable[[], Mapping[str, Sequence[int]]] | None = None,
    ) -> None:
        """Hold the names of those entities that are of one type, persons or places.

        `by_skeleton` returns the numbers of the names by skeleton if these were computed.
        """
        self._entities = entities
        self._kind = kind
        self._computed = by_skeleton
        self._may_be_misprint = kind == "person"
        self._is_near: dict[str, bool] = {}
        self.entity = lru_cache(maxsize=1 << 14)(self._entity)

    @cached_property
    def _names(self) -> list[tuple[Entity, str]]:
        return [
            (entity, alias)
            for entity in self._entities
            if entity.type == self._kind
            for alias in dict.fromkeys((entity.name, *entity.aliases))
            if " " in alias and not (alias.startswith(WEAK) or "," in alias or has_arabic(alias))
        ]

    @cached_property
    def by_skeleton(self) -> Mapping[str, Sequence[int]]:
        """The numbers of names by their skeletons, and by these with one consonant left out."""
        if self._computed:
            return self._computed()
        found: dict[str, list[int]] = {}
        near = len(self._names) <= MAX_NEAR
        for number, (_, alias) in enumerate(self._names):
            form = phonetic_form(alias)
            skeleton = consonant_skeleton(form.replace(" ", ""))
            if len(skeleton) >= MIN_CONSONANTS and " " in form:
                for key in _variants(skeleton) if near else [skeleton]:
                    found.setdefault(key, []).append(number)
        return found

    def _entity(self, name: str) -> Entity | None:
        """Return the only known entity of whose name a name is a spelling, None if none is."""
        if not self._may_be_known(name) or has_arabic(name):
            return None
        from rapidfuzz.distance import OSA

        own_form = phonetic_form(name)
        own = spelling_of(own_form)
        skeleton = consonant_skeleton("".join(own.tokens))
        if len(own.tokens) < 2 or len(skeleton) < MIN_CONSONANTS:
            return None
        nearest: dict[str, tuple[float, Entity]] = {}
        numbers = (self.by_skeleton.get(key, ()) for key in _variants(skeleton))
        for number in {number for each in numbers for number in each}:
            entity, alias = self._names[number]
            form = phonetic_form(alias)
            if OSA.normalized_similarity(own_form, form) < MIN_SIMILARITY:
                continue
            other = spelling_of(form)
            far = ordered_distance(own, other)
            before = nearest.get(entity.slug)
            if far > limit(own, other) or _kin(alias) != _kin(name):
                continue
            if not _same_words(name, alias, misprints=self._may_be_misprint):
                continue
            if before is None or far < before[0]:
                nearest[entity.slug] = far, entity
        if not nearest:
            return None
        far, entity = min(nearest.values(), key=lambda each: each[0])
        max_distance = AS_NEAR[0] * far + AS_NEAR[1]
        near = [each for each, _ in nearest.values() if each <= max_distance]
        return entity if len(near) == 1 else None

    def _may_be_known(self, name: str) -> bool:
        """Return whether a name has about the consonants of a known one, by a quick look."""
        skeleton = "".join(map(_word_skeleton, name.split()))
        known = self._is_near.get(skeleton)
        if known is None:
            if len(self._is_near) > MAX_CACHED:
                self._is_near.clear()
            known = any(key in self.by_skeleton for key in _variants(skeleton))
            self._is_near[skeleton] = known
        return known


def _variants(skeleton: str) -> Iterator[str]:
    """Yield a skeleton, and it with each of its consonants left out."""
    yield skeleton
    for index in range(len(skeleton)):
        yield skeleton[:index] + skeleton[index + 1 :]


def _same_words(name: str, known: str, *, misprints: bool) -> bool:
    """Return whether each word of a name is a spelling of the known one's, or a misprint of it."""
    own, other = spelling(name).tokens, spelling(known).tokens
    if len(own) != len(other):
        # One has words written together that are apart in the other, and no initial.
        return min(map(len, own)) > 1
    words, others = _words(name, len(own)), _words(known, len(other))
    return all(
        word_distance(*pair) <= MAX_PART or (misprints and _is_misprint(word, right))
        for pair, word, right in zip(zip(own, other, strict=True), words, others, strict=True)
    )


def _is_misprint(word: str, right: str) -> bool:
    """Return whether a word is no part of names, but for a letter or two is one."""
    from rapidfuzz.distance import OSA

    if not word or not right or word in name_parts():
        return False
    return OSA.distance(word, right) <= (1 if len(right) < LONG else 2)


def _words(name: str, number: int) -> list[str]:
    """Return the words of a name without articles and kin; empty ones if some are one word."""
    words = without_articles(word for word in terms(name) if not is_kin(word))
    return words if len(words) == number else [""] * number


def _kin(name: str) -> int:
    return sum(map(is_kin, terms(name)))


@lru_cache(maxsize=1 << 15)
def _word_skeleton(word: str) -> str:
    """Return the skeleton of a word as part of a name."""
    form = phonetic_form(f"x {word}").partition(" ")[2]
    return consonant_skeleton("".join(latinized_tokens(form)))
