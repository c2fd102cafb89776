"""Full names of one family in an article, by offset, and the sentences that they are in."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from ...models.entity import Entity
from ...text.patterns import regex

_SENTENCE_END = regex(r"[.!?؟]['\"”’)]*\s|\n")
LONGEST = 2000
"""Maximum length of a sentence in characters."""


class FullName(NamedTuple):
    """A full name in an article."""

    paragraph: int
    start: int
    end: int
    entity: Entity


class FamilyMembers:
    """The full names of an article that end in one family name, in order."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the paragraphs of the article."""
        self._texts = texts
        self.names: list[FullName] = []
        self.entities: dict[str, Entity] = {}
        """The persons, by slug."""
        self.counts: Counter[str] = Counter()
        self._first: dict[str, int] = {}
        """The index of the first name of each person."""
        self._here: dict[int, set[str]] = {}
        self._together: dict[int, tuple[Entity, ...]] = {}

    def add(self, name: FullName) -> None:
        """Add the next name."""
        slug = name.entity.slug
        self._first.setdefault(slug, len(self.names))
        self.names.append(name)
        self.entities[slug] = name.entity
        self.counts[slug] += 1
        self._here.setdefault(name.paragraph, set()).add(slug)

    def number_before(self, paragraph: int, start: int) -> int:
        """Return the number of names before a place."""
        return bisect_left(self.names, (paragraph, start))

    def first_other(self, slug: str) -> int | None:
        """Return the index of the first name of another person than this one."""
        return next((index for other, index in self._first.items() if other != slug), None)

    def is_among(self, slug: str, count: int) -> bool:
        """Return whether a person is named by one of the first names, as many as `count`."""
        return self._first.get(slug, count) < count

    def named_in(self, paragraph: int) -> set[str]:
        """Return the slugs of the persons who are named in a paragraph."""
        return self._here.get(paragraph, set())

    def together(self, index: int) -> tuple[Entity, ...]:
        """Return the persons who are named in the sentence of one of the names, up to it."""
        found = self._together.get(index)
        if found is None:
            found = self._together[index] = tuple(self._named_together(index).values())
        return found

    def _named_together(self, index: int) -> dict[str, Entity]:
        last = self.names[index]
        text, begin = self._texts[last.paragraph], last.start - LONGEST
        for stop in _SENTENCE_END.finditer(text, max(0, begin), last.start):
            begin = stop.end() - 1 if text[stop.end() - 1] == "\n" else stop.start()
        first = index
        while first and self.names[first - 1].paragraph == last.paragraph:
            if self.names[first - 1].end <= begin:
                break
            first -= 1
        return {
            each.entity.slug: each.entity
            for each in self.names[first : index + 1]
            if each is last or each.end <= last.start
        }


def sentences_between(text: str, start: int, end: int) -> int:
    """Return the number of sentences that end between two places of a text: 0, 1, or 2 for more."""
    if end - start > 2 * LONGEST:
        return 2
    return sum(1 for _ in islice(_SENTENCE_END.finditer(text, start, end), 2))


def is_one_sentence(text: str, start: int, end: int) -> bool:
    """Return whether no sentence ends between two places of a text."""
    return end - start <= LONGEST and not _SENTENCE_END.search(text, start, end)


def sentence_at(text: str, start: int) -> tuple[int, int]:
    """Return where the sentence at a place of a text begins and ends, LONGEST away at most."""
    begin = max(0, start - LONGEST)
    for stop in _SENTENCE_END.finditer(text, begin, start):
        begin = stop.end()
    end = min(len(text), start + LONGEST)
    after = _SENTENCE_END.search(text, start, end)
    return begin, after.start() if after else end
