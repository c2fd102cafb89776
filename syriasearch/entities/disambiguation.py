"""Disambiguation: which entity a name refers to, as the article as a whole settles it.

The rules are those of `recognizer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from slugify import slugify

from ..models.entity import Entity, Mention
from ..text.arabic import name_key
from .capitalized import UPPER
from .cue_words import BODIES
from .matcher import Found, Name
from .rules import Guess

if TYPE_CHECKING:
    from .recognizer import TextRecognizer

REASONS = {
    "heads": "ends in a word for a body or a site",
    "titles": "stands behind a title",
    "parts": "is made of parts of names",
    "particles": "has a particle of names",
    "neighbours": "is made of parts of names",
    "speech": "says something",
    "settlements": "is called a settlement",
    "acronyms": "is written in capitals",
}
"""The reason of a mention, by the rule that found it."""

_DEFINED = re.compile(rf"[^\S\n]?\([“\"‘']?([{UPPER}][\w.-]+)[”\"’']?[);,]")
_INITIAL = re.compile(r"\b[A-Z]\.\s?|,?\s(?:[JS]r\.?|I{2,3}|IV)$")
_MAX_NAME = 120
"""Maximum length of a name in characters; anything longer is a list."""


class _Span(NamedTuple):
    """A mention with its entity, at [start, end) in a paragraph."""

    start: int
    end: int
    entity: Entity
    recognizer: str
    reason: str | None = None


class ArticleContext:
    """The disambiguation of the names of one article."""

    def __init__(
        self,
        recognizer: TextRecognizer,
        paragraphs: Sequence[str],
        found: Sequence[list[Found]],
        certain: set[str],
    ) -> None:
        self.guesses: list[list[Guess]] = [[] for _ in paragraphs]
        self._recognizer = recognizer
        self._paragraphs = paragraphs
        self.kept = found
        """The matches of the gazetteer in each paragraph."""
        self._certain = certain
        self._defined: dict[str, tuple[Entity, str]] = {}
        self._guessed: dict[str, Entity] = {}

    def mentions(self) -> list[list[Mention]]:
        """Return the mentions of each paragraph, by offset."""
        lasting = [
            [
                guess
                for guess in guesses
                if (guess.type or guess.known)
                and guess.end - guess.start <= _MAX_NAME
                and _key(text[guess.start : guess.end]) not in self._recognizer.weak
            ]
            for text, guesses in zip(self._paragraphs, self.guesses, strict=True)
        ]
        settled: list[list[_Span]] = []
        if "definitions" in self._recognizer.rules:
            for number, guesses in enumerate(lasting):
                self._define(number, guesses)
        for number, guesses in enumerate(lasting):
            spans = [self._guess(number, guess) for guess in guesses]
            for each in _outside(self.kept[number], guesses):
                first = each.names[0]
                if self._defined or first.weak or len(each.names) > 1:
                    spans.extend(self._settle(number, each))
                else:
                    spans.append(_Span(each.start, each.end, first.entity, "gazetteer"))
            settled.append(spans)
        if "short forms" in self._recognizer.rules:
            self._add_short_forms(settled)
        return [
            [
                Mention(
                    span.start,
                    span.end,
                    text[span.start : span.end],
                    span.entity,
                    span.recognizer,
                    span.reason,
                )
                for span in sorted(spans, key=itemgetter(0, 1))
            ]
            for text, spans in zip(self._paragraphs, settled, strict=True)
        ]

    def _define(self, number: int, guesses: list[Guess]) -> None:
        """Record the acronyms in brackets after the names of a paragraph."""
        text = self._paragraphs[number]
        named = [(guess.start, guess.end, self._entity(number, guess)) for guess in guesses]
        if "(" not in text:
            return
        for each in _outside(self.kept[number], guesses):
            if len(each.names) == 1:
                named.append((each.start, each.end, each.names[0].entity))
        for start, end, entity in named:
            defined = _DEFINED.match(text, end) if "(" in text[end : end + 2] else None
            if defined and _abbreviates(defined[1], text[start:end]):
                self._defined.setdefault(defined[1], (entity, text[start:end]))

    def _entity(self, number: int, guess: Guess) -> Entity:
        """Return the entity of a name found by a rule; the same name always has the same entity."""
        if guess.known:
            return guess.known.names[0].entity
        surface = self._paragraphs[number][guess.start : guess.end]
        if guess.type == "person":
            # Susan E. Rice is Susan Rice.
            person = self._recognizer.persons.get(_key(_INITIAL.sub("", surface)))
            if person:
                return person
        name = " ".join(surface.split())
        slug = _slug(name)
        known = self._recognizer.known.get(slug) or self._guessed.get(slug)
        if known is None:
            known = self._guessed[slug] = Entity(slug, name, guess.type)
        return known

    def _guess(self, number: int, guess: Guess) -> _Span:
        surface = self._paragraphs[number][guess.start : guess.end]
        if guess.known:
            return _Span(guess.start, guess.end, self._entity(number, guess), "gazetteer")
        defined = self._defined.get(surface)
        if defined:
            entity, reason = defined[0], f"short for {defined[1]}"
        else:
            entity, reason = self._entity(number, guess), REASONS[guess.rule]
        return _Span(guess.start, guess.end, entity, "rules", reason)

    def _settle(self, number: int, found: Found) -> Iterator[_Span]:
        """Yield the mentions at a match of the gazetteer, one for each entity that it refers to."""
        surface = self._paragraphs[number][found.start : found.end]
        defined = self._defined.get(surface)
        names: Sequence[Name] = found.names
        reason = None
        if defined and [name.entity for name in names] != [defined[0]]:
            yield _Span(found.start, found.end, defined[0], "gazetteer", f"short for {defined[1]}")
            return
        if len(names) > 1:
            reason = f"one of {len(names)} that are called so"
            if "context" in self._recognizer.rules:
                named = [name for name in names if name.entity.slug in self._certain]
                if named:
                    names = named
                    reason = "of those called so, the article names this one otherwise"
        elif names[0].weak:
            reason = "the article names it otherwise"
        for name in names:
            yield _Span(found.start, found.end, name.entity, "gazetteer", reason)

    def _add_short_forms(self, settled: list[list[_Span]]) -> None:
        """Resolve lone surnames, and heads of organizations' names, to the full name with them."""
        persons: dict[str, dict[str, Entity]] = {}
        written: dict[str, dict[str, Entity]] = {}
        bodies: dict[str, dict[str, Entity]] = {}
        for text, spans in zip(self._paragraphs, settled, strict=True):
            for span in spans:
                entity = span.entity
                if entity.type == "person":
                    surface = text[span.start : span.end]
                    for name, by_name in ((surface, written), (entity.name, persons)):
                        *first, last = _key(name).split() or [""]
                        if first:
                            by_name.setdefault(last, {})[entity.slug] = entity
                            persons.setdefault(last, {})[entity.slug] = entity
                elif entity.type in ("organization", "group"):
                    for word in text[span.start : span.end].lower().split():
                        if word in BODIES:
                            bodies.setdefault(word, {})[entity.slug] = entity
        for text, spans, guesses in zip(self._paragraphs, settled, self.guesses, strict=True):
            for at, span in enumerate(spans):
                if span.entity.type != "person":
                    continue
                key = _key(text[span.start : span.end])
                known = span.recognizer == "gazetteer"
                if known and " " in key:
                    continue
                # For a surname of the gazetteer, only full names as written in the article count.
                full = self._full(written if known else persons, key)
                if full and not (known and full.slug == span.entity.slug):
                    spans[at] = span._replace(entity=full, reason=f"short for {full.name}")
            for guess in guesses:
                if guess.type or guess.known:
                    continue
                surface = text[guess.start : guess.end]
                if guess.rule == "head":
                    full = self._full(bodies, surface.lower())
                else:
                    full = self._full(persons, _key(surface))
                if full:
                    reason = f"short for {full.name}"
                    spans.append(_Span(guess.start, guess.end, full, "rules", reason))

    @staticmethod
    def _full(names: dict[str, dict[str, Entity]], key: str) -> Entity | None:
        """Return the only entity whose full name has a word; None if none or several have it."""
        entities = names.get(key, {})
        return next(iter(entities.values())) if len(entities) == 1 else None


_key = lru_cache(maxsize=1 << 14)(name_key)


@lru_cache(maxsize=1 << 14)
def _slug(name: str) -> str:
    return slugify(name) or name


def _outside(found: Iterable[Found], guesses: Sequence[Guess]) -> Iterator[Found]:
    """Yield the matches that no guess overlaps; both are sorted, and guesses do not overlap."""
    at = 0
    for each in found:
        while at < len(guesses) and guesses[at].end <= each.start:
            at += 1
        if at == len(guesses) or each.end <= guesses[at].start:
            yield each


def _abbreviates(acronym: str, name: str) -> bool:
    """Return whether a name contains the letters of an acronym, in their order."""
    letters = iter(name.lower())
    return acronym.isupper() and all(
        letter in letters for letter in acronym.lower() if letter.isalnum()
    )
