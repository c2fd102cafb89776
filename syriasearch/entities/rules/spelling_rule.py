"""The rule that finds known persons by other spellings of their full names.

The words of a name are capitalized words in a row, without titles and the like before them: a part
of a longer name is none. The family name may come first, with a comma, as in lists (Moualem,
Waleed), but not in an enumeration.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...text.patterns import regex
from ..matcher import Found, Name
from .capitalized import CapitalizedWord, Run
from .cue_words import common_words, cue_words, name_parts
from .known_spellings import KnownSpellings

_ENUMERATED = regex(r",|\s(?:and|&|or)\s")


def may_be_spelt(text: str, run: Run, following: Run) -> bool:
    """Return whether a run has enough words for a name, or a comma and further words after it."""
    return len(run) > 1 or (bool(run) and _precedes(text, run, following))


def _precedes(text: str, run: Run, following: Run) -> bool:
    """Return whether only a comma is between a run and the following one."""
    return bool(following) and text[run[-1].end : following[0].start] == ", "


class SpellingRule:
    """A finder of spellings of known persons' names, among capitalized words."""

    def __init__(self, spellings: KnownSpellings) -> None:
        self._spellings = spellings
        words = cue_words()
        self._titles = words.namelike_titles
        self._particles = words.particles
        self._not_names = (words.titles | words.ranks | words.nobody | words.heads) - self._titles

    def names(self, text: str, run: Run, following: Run) -> Iterator[Found]:
        """Yield the names in a run, by offset, each with its person; they do not overlap.

        The last of them may end in the `following` run, after a comma.
        """
        if not may_be_spelt(text, run, following):
            return
        comma = _precedes(text, run, following)
        last = 0
        for first, end in self._parts(run):
            if first < last:
                continue
            found = None
            if comma and end == len(run):
                found = self._family_first(text, run[first:], following)
            if found is None and end - first > 1:
                start, stop = run[first].start, run[end - 1].end
                found = self._found(text[start:stop], start, stop)
            if found:
                last = end
                yield found

    def _parts(self, run: Run) -> Iterator[tuple[int, int]]:
        """Yield the parts of a run that may be a name of a person: first index and end.

        Only the last of them may have one word.
        """
        first = 0
        for index in range(len(run) + 1):
            if index < len(run) and self._may_be_in_name(run[index]):
                continue
            unknown = any(word.known is None for word in run[first:index])
            while unknown and index - first > (index < len(run)):
                yield first, index
                if run[first].low not in self._titles:
                    break
                first += 1
            first = index + 1

    def _may_be_in_name(self, word: CapitalizedWord) -> bool:
        """Return whether a word may be part of a person's name."""
        if word.known is not None:
            return word.is_known("person") or (" " not in word.text and word.is_known("place"))
        low = word.low
        return low in self._particles or not (
            low in self._not_names or (low in common_words() and low not in name_parts())
        )

    def _family_first(self, text: str, family: Run, following: Run) -> Found | None:
        """Return a name whose family name comes first, before a comma."""
        words = (at for at, word in enumerate(following) if not self._may_be_in_name(word))
        end = next(words, len(following))
        if not end or _ENUMERATED.match(text, following[end - 1].end):
            return None
        start, stop = family[0].start, following[end - 1].end
        given = text[following[0].start : stop]
        return self._found(f"{given} {text[start : family[-1].end]}", start, stop)

    def _found(self, name: str, start: int, end: int) -> Found | None:
        person = self._spellings.entity(name)
        return Found(start, end, (Name(person, person.name, 0, weak=False),)) if person else None
