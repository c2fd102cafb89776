"""What a capitalized word may be, by its letters and the word lists alone."""

from __future__ import annotations

from ...text.patterns import regex
from .capitalized import CapitalizedWord, Run
from .cue_words import common_words, cue_words, name_parts
from .world_places import cities

_CAPITAL_WITHIN = regex(
    r"(?!Ma?c|De|Di|Du|La|Le|Van|Von|Fitz|Al|El|St)([A-Z][a-z]{2,})([A-Z][A-Za-z]+)"
)
_IN = regex(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Dd]owntown)\s$")
_CONTRACTIONS = ("i'", "i’")
MAX_CACHED = 50_000
"""Maximum number of words of which it is kept whether they may be part of names."""


class WordKinds:
    """Tests of capitalized words."""

    def __init__(self) -> None:
        self._words = cue_words()
        self._parts = name_parts()
        self._common = common_words()
        self._cities = cities()
        self._is_part: dict[tuple[str, str], bool] = {}

    def is_thing(self, word: CapitalizedWord) -> bool:
        """Return whether a word is the acronym of a thing, or none: NGO, I've."""
        return word.text in self._words.not_acronyms or word.low[:2] in _CONTRACTIONS

    def is_part(self, word: CapitalizedWord) -> bool:
        """Return whether a word may be part of a person's name."""
        if len(self._is_part) > MAX_CACHED:
            self._is_part.clear()
        key = word.text, word.low
        known = self._is_part.get(key)
        if known is None:
            known = self._is_part[key] = self._may_be_part(word)
        return known

    def _may_be_part(self, word: CapitalizedWord) -> bool:
        low = word.low
        return (
            low in self._parts
            or low in self._words.particles
            or (len(low) == 1 and word.text.endswith("."))
            or (low[:3] in ("al-", "el-") and low[3:] not in self._common)
            or ("-" in low and all(part in self._parts for part in low.split("-")))
            or low.replace("’", "").replace("'", "") in self._parts
        )

    def has_particle(self, plain: Run) -> bool:
        """Return whether words are connected by particles to one name: Abu Jandal al-Kuwaiti."""
        first, particles = plain[0], self._words.particles
        return (
            any(word.low in particles or word.low[:3] == "al-" for word in plain)
            and first.low not in self._words.romance
            and self.is_part(first)
        )

    def is_acronym(self, text: str) -> bool:
        """Return whether a word is in capitals, or has one within it: SRTF, PolitiFact."""
        if text[1:].islower():
            return False
        within = _CAPITAL_WITHIN.fullmatch(text)
        if within:
            halves = {half.lower() for half in within.groups()}
            return (
                text not in self._words.not_acronyms
                and halves.isdisjoint(self._words.nobody)
                and not any(half in self._parts for half in halves)
            )
        letters = text.replace(".", "").replace("&", "")
        return (
            text not in self._words.not_acronyms
            and 3 <= len(letters) + ("&" in text) <= 7
            and letters.isalpha()
            and letters.isupper()
            and letters not in self._words.not_acronyms
            and letters.lower() not in self._common
        )

    def is_city(self, name: Run, text: str) -> bool:
        """Return whether a name is that of a city; if it may be a person's, only after `in`."""
        start = name[0].start
        low = name[0].low if len(name) == 1 else text[start : name[-1].end].lower()
        if low not in self._cities or any(word.known for word in name):
            return False
        may_be_person = all(map(self.is_part, name))
        return not may_be_person or _IN.search(text, max(0, start - 10), start) is not None
