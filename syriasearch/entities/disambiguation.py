"""Disambiguation: which entity a name refers to, as the article as a whole settles it.

The rules are those of `recognizer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from slugify import slugify

from ..models.entity import Entity, Mention
from ..text.arabic import name_key
from .capitalized import UPPER
from .cue_words import cue_words
from .matcher import Found, Name
from .reasons import (
    EXTENDED,
    IN_BRACKETS,
    ONE_OF,
    OTHERWISE,
    SHORT,
    WEAK,
    WITHOUT_INITIALS,
    rule_reason,
)
from .rules import Guess

if TYPE_CHECKING:
    from .recognizer import TextRecognizer

_DEFINED = re.compile(rf"[^\S\n]?\([“\"‘']?([{UPPER}][\w.-]+)[”\"’']?[);,]")
_INITIAL = re.compile(r"\b[A-Z]\.\s?|,?\s(?:[JS]r\.?|I{2,3}|IV)$")
_MAX_NAME = 120
"""Maximum length of a name in characters; anything longer is a list."""

ByWord = dict[str, dict[str, Entity]]
"""The entities, by slug, whose full name has a word."""


class ArticleContext:
    """The disambiguation of the names of one article."""

    def __init__(
        self,
        recognizer: TextRecognizer,
        paragraphs: Sequence[str],
        found: Sequence[list[Found]],
        certain: set[str],
        published: str | None = None,
    ) -> None:
        self.guesses: list[list[Guess]] = [[] for _ in paragraphs]
        """The names that rules have found in each paragraph."""
        self.found = found
        """The matches of the gazetteer in each paragraph."""
        self._recognizer = recognizer
        self._paragraphs = paragraphs
        self._certain = certain
        self._published = published
        self._defined: dict[str, tuple[Entity, str]] = {}
        self._guessed: dict[str, Entity] = {}

    def mentions(self) -> list[list[Mention]]:
        """Return the mentions of each paragraph, by offset."""
        rules = self._recognizer.rules
        names = [
            (text, [guess for guess in guesses if self._is_name(text, guess)], found)
            for text, guesses, found in zip(self._paragraphs, self.guesses, self.found, strict=True)
        ]
        if "definitions" in rules:
            for paragraph in names:
                self._define(*paragraph)
        mentions = [list(self._mentions(*paragraph)) for paragraph in names]
        if "short forms" in rules:
            self._resolve_short_forms(mentions)
        for each in mentions:
            each.sort(key=attrgetter("start", "end"))
        return mentions

    def _is_name(self, text: str, guess: Guess) -> bool:
        """Return whether a guess is a name by itself: neither a short form nor a weak name."""
        return (
            (guess.type != "" or guess.known is not None)
            and guess.end - guess.start <= _MAX_NAME
            and _key(text[guess.start : guess.end]) not in self._recognizer.weak
        )

    def _define(self, text: str, guesses: list[Guess], found: list[Found]) -> None:
        """Record the acronyms in brackets after the names of a paragraph."""
        named = [(guess.start, guess.end, self._entity(text, guess)) for guess in guesses]
        if "(" not in text:
            return
        named += [
            (match.start, match.end, match.names[0].entity)
            for match in _outside(found, guesses)
            if len(match.names) == 1
        ]
        for start, end, entity in named:
            defined = _DEFINED.match(text, end) if "(" in text[end : end + 2] else None
            if defined and _abbreviates(defined[1], text[start:end]):
                self._defined.setdefault(defined[1], (entity, text[start:end]))

    def _entity(self, text: str, guess: Guess) -> Entity:
        """Return the entity of a name found by a rule; the same name always has the same entity."""
        if guess.known:
            return guess.known.names[0].entity
        surface = text[guess.start : guess.end]
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

    def _mentions(self, text: str, guesses: list[Guess], found: list[Found]) -> Iterator[Mention]:
        """Yield the mentions of a paragraph at the guesses and matches in it."""
        for guess in guesses:
            start, end, surface = guess.start, guess.end, text[guess.start : guess.end]
            entity = self._entity(text, guess)
            if guess.known:
                why = EXTENDED.format(name=entity.name)
                yield Mention(start, end, surface, entity, "gazetteer", why)
                continue
            if surface in self._defined:
                entity, name = self._defined[surface]
                why = IN_BRACKETS.format(name=name)
            elif entity.slug in self._recognizer.known and entity.slug != _slug(surface):
                why = WITHOUT_INITIALS.format(name=entity.name)
            else:
                why = rule_reason(guess.rule, guess.type, text, start, end)
            yield Mention(start, end, surface, entity, "rules", why)
        for match in _outside(found, guesses):
            start, end, surface = match.start, match.end, text[match.start : match.end]
            for entity, reason in self._settle(surface, match.names):
                yield Mention(start, end, surface, entity, "gazetteer", reason or match.reason)

    def _settle(self, surface: str, names: Sequence[Name]) -> Iterator[tuple[Entity, str | None]]:
        """Yield the entities to which a match of the gazetteer refers, each with the reason."""
        reason = None
        defined = self._defined.get(surface)
        if defined and [name.entity for name in names] != [defined[0]]:
            yield defined[0], IN_BRACKETS.format(name=defined[1])
            return
        if len(names) > 1:
            reason = ONE_OF.format(count=len(names))
            certain = [name for name in names if name.entity.slug in self._certain]
            if certain and "context" in self._recognizer.rules:
                reason = OTHERWISE.format(count=len(names))
                names = certain
        elif names[0].weak:
            reason = WEAK.format(name=names[0].entity.name)
        yield from ((name.entity, reason) for name in names)

    def _resolve_short_forms(self, paragraphs: list[list[Mention]]) -> None:
        """Resolve lone surnames, and heads of organizations' names, to the full name with them."""
        persons: ByWord = {}
        written: ByWord = {}
        bodies: ByWord = {}
        for mention in chain.from_iterable(paragraphs):
            entity = mention.entity
            if entity.type == "person":
                for name, by_name in ((mention.surface, written), (entity.name, persons)):
                    *first, last = _key(name).split() or [""]
                    if first:
                        by_name.setdefault(last, {})[entity.slug] = entity
                        persons.setdefault(last, {})[entity.slug] = entity
            elif entity.type in ("organization", "group"):
                for word in cue_words().bodies.intersection(mention.surface.lower().split()):
                    bodies.setdefault(word, {})[entity.slug] = entity
        for text, mentions, guesses in zip(self._paragraphs, paragraphs, self.guesses, strict=True):
            for index, mention in enumerate(mentions):
                if mention.entity.type != "person":
                    continue
                key = _key(mention.surface)
                known = mention.recognizer == "gazetteer"
                if known and " " in key:
                    continue
                # For a surname of the gazetteer, only full names as written in the article count.
                full = _only(written if known else persons, key)
                if full and not (known and full.slug == mention.entity.slug):
                    reason = SHORT.format(name=full.name)
                    mentions[index] = replace(mention, entity=full, reason=reason)
            for guess in guesses:
                if guess.type or guess.known:
                    continue
                start, end, surface = guess.start, guess.end, text[guess.start : guess.end]
                head = guess.rule == "head"
                full = _only(bodies, surface.lower()) if head else _only(persons, _key(surface))
                if full:
                    reason = SHORT.format(name=full.name)
                    mentions.append(Mention(start, end, surface, full, "rules", reason))


def _only(entities: ByWord, word: str) -> Entity | None:
    """Return the only entity whose full name has a word; None if none or several have it."""
    found = entities.get(word, {})
    return next(iter(found.values())) if len(found) == 1 else None


_key = lru_cache(maxsize=1 << 14)(name_key)


@lru_cache(maxsize=1 << 14)
def _slug(name: str) -> str:
    return slugify(name) or name


def _outside(found: Iterable[Found], guesses: Sequence[Guess]) -> Iterator[Found]:
    """Yield the matches that no guess overlaps; both are sorted, and guesses do not overlap."""
    index = 0
    for match in found:
        while index < len(guesses) and guesses[index].end <= match.start:
            index += 1
        if index == len(guesses) or match.end <= guesses[index].start:
            yield match


def _abbreviates(acronym: str, name: str) -> bool:
    """Return whether a name contains the letters of an acronym, in their order."""
    letters = iter(name.lower())
    return acronym.isupper() and all(
        letter in letters for letter in acronym.lower() if letter.isalnum()
    )
