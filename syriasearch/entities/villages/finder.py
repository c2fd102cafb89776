"""Finder of villages and neighbourhoods of Syria in an article.

Most names of villages are words, names of persons, or names of several places (Jadida, Khalidiya,
Mansura), so one counts only where its surroundings show that a place of Syria is meant:

- a word for its kind is next to it: the village of Hazwan, قرية حزوان;
- what it is in is said after it: Hazwan, Al-Bab district; في حزوان بريف حلب;
- a preposition precedes it, and it is neither a word nor part of names of persons;
- it begins like many names of places (Tal, Kafr), and no names of persons;
- the article names it elsewhere in one of these ways.

In each case the article must name Syria or a place there, and other places must decide which of
several places of the name it is (`villages.choice`). Where a word for its kind or what it is in is
next to it, the name may also be spelt in another way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ...models.entity import Entity, Mention
from ...text.arabic import has_arabic, name_key
from ..mapped_words import arabic_triggers
from ..matcher import Mapped
from ..reasons import PLACE_AGAIN, PLACE_AGREES, PLACE_NAMED, PLACE_WITHIN
from ..rules.rule_finder import Guess
from .alone import Part, as_mentions, read_parts, villages_alone
from .choice import (
    ABROAD,
    GOVERNORATES,
    SYRIA,
    Choices,
    Unit,
    abroad,
    is_in_box,
    unit_of,
)
from .cues import is_weak, place_cues
from .names import Candidate, VillageNames
from .table import Village, Villages, village_entity, villages

NEXT_TO = 60
"""Maximum number of characters between a name and what it is in."""
SENTENCE = 150
"""Maximum number of characters between a name and a place that is named before it."""
LONGEST = SENTENCE + 120
"""Number of characters before a name in which a mention that matters begins."""

_WITHIN_WORDS = frozenset("ريف بريف محافظة بمحافظة منطقة بمنطقة ناحية بناحية قضاء قرب".split())
_key = lru_cache(maxsize=1 << 12)(name_key)
_JOINERS = frozenset(("and", "و", "&"))
_BEFORE_UNIT = frozenset(" (ب")
_STOPS = (". ", "! ", "? ", "؟ ", "؛ ", "; ", "\n")


class VillageFinder:
    """A finder of villages, given what else an article names."""

    def __init__(self, known: Mapping[str, Entity]) -> None:
        """Find villages; `known` are the entities of the gazetteer, by slug."""
        self.known = known

    def entity(self, row: Village) -> Entity:
        """Return the entity of a place, that of the gazetteer if it has it."""
        return self.known.get(row.slug) or village_entity(row)

    def add(
        self,
        paragraphs: Sequence[str],
        mapped: Sequence[Mapped],
        guesses: Sequence[Sequence[Guess]],
        mentions: Sequence[list[Mention]],
    ) -> None:
        """Add the villages that an article names to its mentions, in place, by offset."""
        if len(paragraphs) == 1 and (parts := read_parts(paragraphs[0])):
            alone = list(self._alone(paragraphs[0], parts, mentions[0]))
            if alone:
                self._put(mentions[0], alone)
                return
        places = (each for found in mentions for each in found if each.entity.type == "place")
        if not any(map(self._is_syrian, places)):
            return
        article = _ArticleVillages(self, paragraphs, mapped, guesses, mentions)
        for found, others in zip(article.found(), mentions, strict=True):
            self._put(others, found)

    def _is_syrian(self, mention: Mention) -> bool:
        """Return whether the mention of a place is of Syria, or a part of it or a place there."""
        if mention.recognizer == "rules":
            return located(mention, villages(), self.known) is not None
        return is_syrian(mention.entity)

    def _put(self, mentions: list[Mention], found: Sequence[Mention]) -> None:
        """Add mentions, in place of those that they overlap."""
        if found:
            taken = _characters(found)
            kept = [each for each in mentions if taken.isdisjoint(range(each.start, each.end))]
            mentions[:] = sorted([*kept, *found], key=lambda each: (each.start, each.end))

    def _alone(
        self, text: str, parts: Sequence[Part], mentions: Sequence[Mention]
    ) -> Iterator[Mention]:
        """Yield the villages of a text that is nothing but the name of a place."""
        table = villages()
        units = [
            (mention, unit)
            for mention in mentions
            if mention.entity.type == "place"
            for unit in [located(mention, table, self.known)]
            if unit
        ]
        for part, rows, reason in villages_alone(table, parts, mentions, units, self.known):
            yield from as_mentions(text, part, [self.entity(row) for row in rows], reason)


def is_syrian(entity: Entity) -> bool:
    """Return whether an entity is Syria, a province of it, or a place in or near it."""
    if entity.type != "place":
        return False
    if entity.latitude is None or entity.longitude is None:
        return entity.slug == SYRIA or entity.slug in GOVERNORATES
    return is_in_box(entity)


def _characters(names: Iterable[Mention]) -> set[int]:
    """Return the offsets of the characters of mentions."""
    return {offset for name in names for offset in range(name.start, name.end)}


def located(mention: Mention, table: Villages, known: Container[str]) -> Unit | None:
    """Return where a place is, or a district called like a town: Abu Kamal District."""
    unit = unit_of(mention.entity, table)
    *words, last = name_key(mention.surface).split() or [""]
    if unit or not words or last not in place_cues().kinds:
        return unit
    for row in table.exact(" ".join(words)):
        if row.slug in known:
            return Unit(row.governorate, row.district, (row.latitude, row.longitude), row.slug)
    return None


class _ArticleVillages:
    """The search for villages in one article."""

    def __init__(
        self,
        finder: VillageFinder,
        paragraphs: Sequence[str],
        mapped: Sequence[Mapped],
        guesses: Sequence[Sequence[Guess]],
        mentions: Sequence[list[Mention]],
    ) -> None:
        self._finder = finder
        self._cues = place_cues()
        self._table = villages()
        self._paragraphs = paragraphs
        self._mapped = mapped
        self._guesses = guesses
        self._mentions = mentions
        self._settled: dict[str, Village] = {}
        self._begins = [[mention.start for mention in found] for found in mentions]
        self._spans: list[list[tuple[int, int]]] = [[] for _ in paragraphs]
        # Only what is next to a candidate is looked at, so units are found when they are needed.
        self._known_units: dict[str, Unit | None] = {}

    def _around(self, number: int, name: Candidate) -> Sequence[Mention]:
        """Return the other mentions of a paragraph that are near a name, by offset."""
        begins = self._begins[number]
        first = bisect_left(begins, name.start - LONGEST)
        return self._mentions[number][first : bisect_left(begins, name.end + NEXT_TO + 1)]

    def _units(self, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Unit]]:
        """Yield those of the mentions that are places in Syria or near it, and where they are."""
        for mention in mentions:
            if mention.entity.type == "place":
                unit = self._unit(mention)
                if unit:
                    yield mention, unit

    def _unit(self, mention: Mention) -> Unit | None:
        slug = mention.entity.slug
        if slug not in self._known_units:
            found = located(mention, self._table, self._finder.known)
            self._known_units[slug] = found or abroad(mention.entity)
        return self._known_units[slug]

    def _all_units(self) -> list[Unit]:
        units = (unit for found in self._mentions for _, unit in self._units(found))
        return list({unit.slug: unit for unit in units if unit.governorate != ABROAD}.values())

    def found(self) -> list[list[Mention]]:
        """Return the villages of each paragraph."""
        names = list(self._names())
        found: list[list[Mention]] = [[] for _ in self._paragraphs]
        if not names:
            return found
        choices = Choices(self._table, self._finder.known, self._all_units())
        again = []
        for number, name in names:
            self._spans[number].append((name.start, name.end))
        for number, name in names:
            mention = self._settle(number, name, choices)
            if mention:
                found[number].append(mention)
            else:
                again.append((number, name))
        if self._settled:
            taken = list(map(_characters, found))
            for number, name in (*again, *self._guessed_again()):
                row = self._settled.get(name.key)
                inside = range(name.start, name.end)
                if row and taken[number].isdisjoint(inside) and self._is_free(number, name):
                    found[number].append(self._mention(number, name, row, PLACE_AGAIN))
                    taken[number].update(inside)
        return found

    def _guessed_again(self) -> Iterator[tuple[int, Candidate]]:
        """Yield the capitalized words that are called as a village found elsewhere."""
        for number, guesses in enumerate(self._guesses):
            text = self._paragraphs[number]
            for guess in guesses:
                key = _key(text[guess.start : guess.end])
                if key in self._settled:
                    yield number, Candidate(guess.start, guess.end, key, "", "")

    def _names(self) -> Iterator[tuple[int, Candidate]]:
        """Yield the names that may be those of villages, each with the number of its paragraph."""
        for number, (text, mapped) in enumerate(zip(self._paragraphs, self._mapped, strict=True)):
            guesses = [(guess.start, guess.end) for guess in self._guesses[number]]
            words: list[tuple[str, int]] = []
            units: list[int] = []
            mentions = self._mentions[number]
            if has_arabic(mapped.haystack):
                words = list(arabic_triggers().find(mapped.haystack))
                units = [
                    mention.start
                    for mention in mentions
                    if text[mention.start - 1 : mention.start] in _BEFORE_UNIT
                    and mention.entity.type == "place"
                    and _may_be_within(text, mention.start)
                ]
            if guesses or words or units:
                names = VillageNames(self._table, text, mapped, mentions)
                for name in names.find(guesses, words, units):
                    yield number, name

    def _local(self, number: int, name: Candidate) -> tuple[list[Unit], list[Unit]]:
        """Return the units that are named next to a name: what it is in, and another one.

        The other one is before it, or after it in a list.
        """
        text = self._paragraphs[number]
        after: list[Unit] = []
        before: list[Unit] = []
        listed: list[Unit] = []
        for mention, unit in self._units(self._around(number, name)):
            if name.end <= mention.start <= name.end + NEXT_TO:
                between = self._without_names(number, name.end, mention.start)
                within = unit.governorate == ABROAD or self._says_within(between)
                if not after and not _stops(between) and within:
                    after.append(unit)
                elif not listed and between.strip() in _JOINERS:
                    listed.append(unit)
            near = name.start - SENTENCE <= mention.end <= name.start
            if near and not _stops(text[mention.end : name.start]):
                before = [unit]
        return after, before or listed

    def _without_names(self, number: int, start: int, end: int) -> str:
        """Return a part of a paragraph without names: A, B and C in Idlib."""
        text, at, kept = self._paragraphs[number], start, []
        spans = self._spans[number]
        # Not a slice, which would be as long as all that follows.
        for index in range(bisect_left(spans, (start, start)), len(spans)):
            first, last = spans[index]
            if first >= end:
                break
            if last <= end:
                kept.append(text[at:first])
                at = last
        return "".join((*kept, text[at:end]))

    def _says_within(self, between: str) -> bool:
        """Return whether what is between two places says that one is in the other."""
        if between in (", ", "، ", " (", "(", " - "):
            return True
        words = [word for word in name_key(between).split() if word not in ("and", "و")]
        while words and (words[0] in self._cues.kinds or words[0] in self._cues.parts):
            words = words[1:]
        return bool(words) and words[0] in self._cues.within

    def _settle(self, number: int, name: Candidate, choices: Choices) -> Mention | None:
        """Return the mention of the place that a name means, None if that is not certain."""
        if not self._is_free(number, name):
            return None
        local, before = self._local(number, name)
        weak = is_weak(name.key)
        if name.cue:
            reason = PLACE_NAMED
        elif local and (not weak or name.where == "where"):
            reason = PLACE_WITHIN
        elif not weak and (name.where or " " in name.key):
            reason = PLACE_AGREES
        else:
            return None
        if not (local or before) and self._is_abroad(number, name):
            return None
        row = choices.place(name.key, name.cue, tuple(local), tuple(before))
        if row is None:
            return None
        self._settled.setdefault(name.key, row)
        return self._mention(number, name, row, reason)

    def _is_abroad(self, number: int, name: Candidate) -> bool:
        """Return whether the sentence before a name is about another country."""
        text = self._paragraphs[number]
        sentence = text[max(0, name.start - SENTENCE) : name.end + NEXT_TO]
        return not self._cues.abroad.isdisjoint(name_key(sentence).split())

    def _mention(self, number: int, name: Candidate, row: Village, reason: str) -> Mention:
        surface = self._paragraphs[number][name.start : name.end]
        entity = self._finder.entity(row)
        return Mention(name.start, name.end, surface, entity, "gazetteer", reason)

    def _is_free(self, number: int, name: Candidate) -> bool:
        """Return whether a name may be a village's, as no other entity has a better claim to it.

        A place that a rule has found has none, nor has a person, if the word for a kind is there.
        """
        for mention in self._around(number, name):
            if mention.start < name.end and name.start < mention.end:
                whole = name.start <= mention.start and mention.end <= name.end
                ruled = mention.recognizer == "rules"
                if not (whole and ruled and (mention.entity.type == "place" or name.cue)):
                    return False
        return True


def _may_be_within(text: str, start: int) -> bool:
    """Return whether the name of what is in a place may precede the place."""
    before = text[start - 2 : start]
    if before[1:] != " " or before == ", " or before == "، ":
        return before in (", ", "، ", " (", " ب")
    # ريف حلب, or a town after such a word.
    if text[start] < "\u0600":
        return False
    if text.startswith(("ريف ", "محافظة ", "منطقة "), start):
        return True
    return text[text.rfind(" ", 0, start - 1) + 1 : start - 1] in _WITHIN_WORDS


def _stops(between: str) -> bool:
    return any(stop in between for stop in _STOPS)
