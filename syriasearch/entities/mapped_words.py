"""Words of a mapped text, with their offsets in the original, and those that may show a village."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ..text.arabic import has_arabic
from ..text.patterns import regex
from .matcher import Mapped
from .villages.cues import place_cues

WINDOW = 160
"""Number of characters on each side of a trigger in which a name, or a list of names, may be."""

_WORD = regex(r"[^ ]+")


class ArabicTriggers:
    """The Arabic words that may show a village: those for kinds, and those that begin names.

    In Latin script, capitals show where a name may be, and `rules` has found these places.
    """

    def __init__(self) -> None:
        cues = place_cues()
        found = {word for word in cues.written if has_arabic(word)}
        for word in filter(has_arabic, cues.placed):
            found |= {particle + word for particle in ("", "و", "ف", "ب", "ل", "وب", "ول")}
        self._words = frozenset(found)

    def find(self, haystack: str) -> Iterator[tuple[str, int]]:
        """Yield the words that a mapped text has, and where they begin in it."""
        # Few words of a text are triggers: this is faster than an automaton.
        for word in self._words.intersection(haystack.split()):
            spaced, at = f" {word} ", -1
            while (at := haystack.find(spaced, at + 1)) >= 0:
                yield word, at + 1


@cache
def arabic_triggers() -> ArabicTriggers:
    """Return the Arabic triggers."""
    return ArabicTriggers()


class Word(NamedTuple):
    """A folded word of a text, at [start, end)."""

    term: str
    start: int
    end: int


class Words:
    """The folded words of a text; offsets are computed for those that are looked at."""

    def __init__(self, mapped: Mapped, around: int | None = None) -> None:
        """Hold the words of a text, or those around an offset of the mapped text."""
        self._mapped = mapped
        start, end = 0, len(mapped.haystack)
        if around is not None:
            start, end = max(0, around - WINDOW), min(end, around + WINDOW)
            start, end = mapped.haystack.find(" ", start), mapped.haystack.rfind(" ", 0, end)
        self._spans = [match.span() for match in _WORD.finditer(mapped.haystack, start, end)]
        self._words: dict[int, Word] = {}

    def __len__(self) -> int:
        return len(self._spans)

    def __getitem__(self, index: int) -> Word:
        word = self._words.get(index)
        if word is None:
            start, end = self._spans[index]
            mapped = self._mapped
            word = Word(mapped.haystack[start:end], mapped.start(start), mapped.end(end))
            self._words[index] = word
        return word

    def at(self, offset: int) -> int:
        """Return the index of the first word that begins at an offset of the text or after it."""
        if not self._mapped.folded.cuts:
            return bisect_left(self._spans, (offset + 1,))
        return bisect_left(self._spans, offset, key=lambda span: self._mapped.start(span[0]))
