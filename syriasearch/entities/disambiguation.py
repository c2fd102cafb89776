"""Disambiguation: which entity a name refers to, as the article as a whole settles it.

The rules are those of `recognizer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from ..models.entity import Entity, Mention
from ..text.patterns import regex
from .entity_slugs import NAMESAKE as NAMESAKE_SUFFIX
from .entity_slugs import entity_slug
from .matcher import Found, Name
from .namesakes.bearers import key_of
from .namesakes.compound_surnames import resolve_compound_surnames
from .namesakes.lives import has_title
from .namesakes.review import ANOTHER
from .namesakes.surnames import FamilyNames, listed
from .reasons import (
    EXTENDED,
    IN_BRACKETS,
    NAMESAKE,
    ONE_OF,
    OTHERWISE,
    SHORT,
    SPELLING,
    UNDECIDED,
    WEAK,
    WITHOUT_INITIALS,
    name_reason,
    rule_reason,
)
from .rules.capitalized import UPPER
from .rules.cue_words import cue_words
from .rules.repeats import resolve_repeats
from .rules.rule_finder import Guess

if TYPE_CHECKING:
    from .recognizer import TextRecognizer

_DEFINED = regex(rf"[^\S\n]?\([“\"‘']?([{UPPER}][\w.-]+)[”\"’']?[);,]")
INITIAL = regex(r"\b[A-Z]\.\s?")
"""The pattern of an initial in a name."""
_MAX_NAME = 120
"""Maximum length of a name in characters; anything longer is a list."""

_SPAN = attrgetter("start", "end")

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
        self._others: dict[str, Entity] = {}
        self._year = int(published[:4]) if published else None

    def mentions(self) -> list[list[Mention]]:
        """Return the mentions of each paragraph, by offset."""
        rules = self._recognizer.rules
        names = []
        for text, guesses, found in zip(self._paragraphs, self.guesses, self.found, strict=True):
            named = [guess for guess in guesses if self._is_name(text, guess)]
            entities = [self._entity(text, guess) for guess in named]
            if "(" in text and "definitions" in rules:
                self._define(text, named, entities, found)
            names.append((text, named, entities, found))
        mentions = [list(self._mentions(*paragraph)) for paragraph in names]
        bearers = self._recognizer.namesakes.bearers
        for text, each in zip(self._paragraphs, mentions, strict=True) if self._others else ():
            for index, mention in enumerate(each):
                other = self._others.get(mention.entity.slug)
                if other is not None and not has_title(
                    text, mention.start, bearers.bearer(mention.entity)
                ):
                    reason = NAMESAKE.format(name=other.name)
                    each[index] = replace(mention, entity=other, recognizer="rules", reason=reason)
        if "short forms" in rules:
            self._resolve_short_forms(mentions)
            resolve_repeats(self._paragraphs, mentions, self.guesses)
            resolve_compound_surnames(mentions)
        for each in mentions:
            each.sort(key=_SPAN)
        return mentions

    def _is_name(self, text: str, guess: Guess) -> bool:
        """Return whether a guess is a name by itself: neither a short form nor a weak name."""
        return (
            (guess.type != "" or (guess.known is not None and not self._is_of_thing(text, guess)))
            and guess.end - guess.start <= _MAX_NAME
            and key_of(text[guess.start : guess.end]) not in self._recognizer.weak
        )

    def _define(
        self, text: str, guesses: list[Guess], entities: list[Entity], found: list[Found]
    ) -> None:
        """Record the acronyms in brackets after the names of a paragraph."""
        named = [
            (guess.start, guess.end, entity)
            for guess, entity in zip(guesses, entities, strict=True)
        ]
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
        surface = text[guess.start : guess.end]
        if guess.known:
            known = guess.known.names[0].entity
            spelt = guess.rule == "spellings"
            if guess.rule == ANOTHER or (spelt and not self._is_person(text, guess, known)):
                return self._another(known)
            return known
        if guess.type == "person":
            person = self._recognizer.person(guess.name, surface)
            if person:
                is_person = self._is_person(text, guess, person)
                return person if is_person else self._another(person)
        elif guess.rule == "world":
            # The name is the English one.
            world = self._recognizer.named(guess.name)
            if world is not None and world.type == guess.type:
                return world
        elif guess.type == "place" and " " in surface:
            place = self._recognizer.place_spellings.entity(surface)
            if place:
                return place
        name = guess.name or " ".join(surface.split())
        slug = entity_slug(name)
        entity = self._recognizer.known.get(slug) or self._guessed.get(slug)
        if entity is not None and guess.name and entity.type != guess.type:
            # A name that was found in Arabic script is not that of a body or a person.
            slug = f"{slug}-{guess.type}"
            entity = self._guessed.get(slug)
        if entity is None:
            entity = self._guessed[slug] = Entity(slug, name, guess.type)
        return entity

    def _is_of_thing(self, text: str, guess: Guess) -> bool:
        """Return whether the spelling of a known name is that of a street or the like."""
        thing = self._recognizer.namesakes.patterns.thing
        return guess.rule == "spellings" and thing.match(text, guess.end) is not None

    def _is_person(self, text: str, guess: Guess, known: Entity) -> bool:
        """Return whether nothing next to a name says that it is not that of a known person."""
        namesakes = self._recognizer.namesakes
        return namesakes.is_person(text, guess.start, guess.end, known, self._year)

    def _another(self, known: Entity) -> Entity:
        """Return the entity of a known person's name that is used of somebody else."""
        slug = known.slug + NAMESAKE_SUFFIX
        if slug not in self._guessed:
            description = f"Another person than: {known.description or known.name}"
            self._guessed[slug] = Entity(slug, known.name, "person", description)
        self._others[known.slug] = self._guessed[slug]
        return self._guessed[slug]

    def _mentions(
        self, text: str, guesses: list[Guess], entities: list[Entity], found: list[Found]
    ) -> Iterator[Mention]:
        """Yield the mentions of a paragraph at the guesses and matches in it."""
        for guess, entity in zip(guesses, entities, strict=True):
            start, end, surface = guess.start, guess.end, text[guess.start : guess.end]
            if guess.known and entity == guess.known.names[0].entity:
                why = SPELLING if guess.rule == "spellings" else EXTENDED
                why = why.format(name=entity.name)
                yield Mention(start, end, surface, entity, "gazetteer", why)
                continue
            if surface in self._defined:
                entity, name = self._defined[surface]
                why = IN_BRACKETS.format(name=name)
            elif guess.reason:
                why = guess.reason
            elif guess.known and not guess.type:
                why = NAMESAKE.format(name=entity.name)
            elif entity.slug in self._recognizer.known and entity.slug != entity_slug(surface):
                why = SPELLING if entity.type == "place" else WITHOUT_INITIALS
                why = why.format(name=entity.name)
                if " " in surface and "." not in surface and entity.type == "person":
                    why = name_reason(surface, entity)
            else:
                why = rule_reason(guess.rule, guess.type, text, start, end)
            yield Mention(start, end, surface, entity, "rules", why)
        for match in _outside(found, guesses) if guesses else found:
            start, end, names, known_why = match
            surface = text[start:end]
            entity = names[0].entity
            if (
                not self._defined
                and len(names) == 1
                and not names[0].weak
                and _has_name(entity, surface)
            ):
                # Most names are those of one entity, as the gazetteer has them.
                yield Mention(start, end, surface, entity, "gazetteer", known_why)
                continue
            for entity, reason in self._settle(surface, names):
                yield Mention(start, end, surface, entity, "gazetteer", reason or known_why)

    def _settle(self, surface: str, names: Sequence[Name]) -> list[tuple[Entity, str | None]]:
        """Return the entities to which a match of the gazetteer refers, each with the reason."""
        reason = None
        defined = self._defined.get(surface)
        if defined and [name.entity for name in names] != [defined[0]]:
            return [(defined[0], IN_BRACKETS.format(name=defined[1]))]
        if len(names) > 1:
            reason = ONE_OF.format(count=len(names))
            certain = [name for name in names if name.entity.slug in self._certain]
            if certain and "context" in self._recognizer.rules:
                reason = OTHERWISE.format(count=len(names))
                names = certain
        elif names[0].weak:
            reason = WEAK.format(name=names[0].entity.name)
        elif not _has_name(names[0].entity, surface):
            reason = self._longer_reason(surface, names[0])
        return [(name.entity, reason) for name in names]

    def _longer_reason(self, surface: str, name: Name) -> str | None:
        """Return why a name with more words than the alias in it is that of the same person."""
        if name.alias != surface and surface.count(" ") <= name.alias.count(" "):
            return None
        plain = key_of(INITIAL.sub("", surface))
        if plain != key_of(surface) and self._recognizer.persons.get(plain) == name.entity:
            return WITHOUT_INITIALS.format(name=name.entity.name)
        if self._recognizer.person_spellings.entity(surface) == name.entity:
            return SPELLING.format(name=name.entity.name)
        return name_reason(surface, name.entity)

    def _resolve_short_forms(self, paragraphs: list[list[Mention]]) -> None:
        """Resolve lone surnames, and heads of organizations' names, to the full name with them."""
        persons: ByWord = {}
        bodies: ByWord = {}
        for mentions in paragraphs:
            mentions.sort(key=_SPAN)
        families = FamilyNames(self._paragraphs, self._recognizer.namesakes.bearers)
        families.read(paragraphs)
        for mention in chain.from_iterable(paragraphs):
            entity = mention.entity
            if entity.type == "person":
                for name in (mention.surface, entity.name):
                    first, _, last = key_of(name).rpartition(" ")
                    if first:
                        persons.setdefault(last, {})[entity.slug] = entity
            elif entity.type in ("organization", "group"):
                for word in _bodies_in(mention.surface):
                    bodies.setdefault(word, {})[entity.slug] = entity
        for number, guesses in enumerate(self.guesses):
            text, mentions = self._paragraphs[number], paragraphs[number]
            starts = families.alone.get(number)
            if starts:
                alone = [each for each in mentions if each.start in starts]
                mentions[:] = [each for each in mentions if each.start not in starts]
                for _, same in groupby(alone, _SPAN):
                    mentions += self._resolve_surname(families, persons, number, list(same))
                mentions.sort(key=_SPAN)
            for guess in guesses:
                if guess.type or guess.known:
                    continue
                start, end, surface = guess.start, guess.end, text[guess.start : guess.end]
                if guess.rule == "head":
                    full = _only(bodies, surface.lower())
                elif not persons:
                    full = None
                else:
                    full = self._full_name(families, persons, number, start, end)
                if full:
                    reason = SHORT.format(name=full.name)
                    mentions.append(Mention(start, end, surface, full, "rules", reason))

    def _full_name(
        self, families: FamilyNames, persons: ByWord, number: int, start: int, end: int
    ) -> Entity | None:
        """Return the person for whose full name a lone family name in a paragraph is short."""
        text, may_be_short = self._paragraphs[number], self._recognizer.namesakes.may_be_short
        key = key_of(text[start:end])
        if key not in persons:
            return None
        every = persons[key].values()
        fitting = [each for each in every if may_be_short(text, start, end, each)]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        last = families.last(key, number, start)
        return last if last in fitting else None

    def _resolve_surname(
        self, families: FamilyNames, persons: ByWord, number: int, mentions: list[Mention]
    ) -> list[Mention]:
        """Return the mentions at one place of a paragraph, with a lone surname resolved."""
        mention = mentions[0]
        key = key_of(mention.surface)
        if " " in key or any(each.entity.type != "person" for each in mentions):
            return mentions
        if mention.recognizer != "gazetteer":
            full = self._full_name(families, persons, number, mention.start, mention.end)
            if full:
                mention = replace(mention, entity=full, reason=SHORT.format(name=full.name))
            return [mention]
        known = [each.entity for each in mentions]
        weak = mention.reason == WEAK.format(name=mention.entity.name)
        meant = families.meant(key, number, mention.start, known, weak=weak)
        if len(meant) == 1:
            if len(known) > 1 or meant[0].slug != mention.entity.slug:
                reason = SHORT.format(name=meant[0].name)
                mention = replace(mention, entity=meant[0], reason=reason)
            return [mention]
        if len(known) == 1 and not weak:
            return []
        shared = self._recognizer.shared_names.get(key, known[0])
        names = listed([each.name for each in meant], "or")
        reason = UNDECIDED.format(names=names)
        return [replace(mention, entity=shared, recognizer="rules", reason=reason)]


@lru_cache(maxsize=1 << 12)
def _bodies_in(name: str) -> frozenset[str]:
    """Return the words of an organization's name that may be short for it: the Observatory."""
    return cue_words().bodies.intersection(name.lower().split())


def _has_name(entity: Entity, name: str) -> bool:
    return name == entity.name or name in entity.aliases


def _only(entities: ByWord, word: str) -> Entity | None:
    """Return the only entity whose full name has a word; None if none or several have it."""
    found = entities.get(word, {})
    return next(iter(found.values())) if len(found) == 1 else None


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
