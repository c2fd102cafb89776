"""Cues of places: the words next to the names of villages, and which names are weak."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from ...text.arabic import has_arabic
from ...text.word_lists import read_word_lists
from ..gazetteer import DATA
from ..rules.cue_words import common_words, cue_words, name_parts


@dataclass(frozen=True)
class PlaceCues:
    """The lists of `data/place_cues.txt`, which explains them."""

    kinds: frozenset[str]
    many: frozenset[str]
    cities: frozenset[str]
    quarters: frozenset[str]
    where: frozenset[str]
    perhaps: frozenset[str]
    within: frozenset[str]
    parts: frozenset[str]
    placed: frozenset[str]
    never: frozenset[str]
    abroad: frozenset[str]
    persons: frozenset[str]

    @cached_property
    def written(self) -> dict[str, str]:
        """The words for kinds as they may be written, with particles, and the words."""
        found = {}
        for kind in self.kinds:
            found[kind] = kind
            if has_arabic(kind):
                for particle in ("و", "ف", "ب", "ل", "ك", "وب", "ول"):
                    found.setdefault(particle + kind, kind)
        return found


@cache
def place_cues() -> PlaceCues:
    """Return the cues of places."""
    lists = read_word_lists(DATA / "place_cues.txt")
    return PlaceCues(**{name: frozenset(words) for name, words in lists.items()})


def without_particles(term: str) -> tuple[str, ...]:
    """Return a term and, if it is Arabic, what is left of it without the particles before it.

    >>> without_particles("وبلدتي")
    ('وبلدتي', 'بلدتي', 'لدتي')
    """
    if not has_arabic(term):
        return (term,)
    forms = [term]
    for particles in ("وف", "بلك"):
        if forms[-1][:1] in particles and len(forms[-1]) > 3:
            forms.append(forms[-1][1:])
    return tuple(forms)


def is_word(term: str) -> bool:
    """Return whether a word is never the name of a village by itself: Syrian, March, عراقية."""
    words = cue_words()
    return (
        term in words.nobody
        or term in words.not_names
        or term in words.heads
        or term in place_cues().never
    )


def is_weak(key: str) -> bool:
    """Return whether a name may be a word or the name of a person."""
    cues, words = place_cues(), key.split()
    if words[0] in cues.persons:
        return True
    if len(words) > 1 and words[0] in cues.placed:
        return False
    if has_arabic(key):
        return True
    parts, common = name_parts(), common_words()
    return len(key) < 5 or any(word in parts or word in common for word in words)
