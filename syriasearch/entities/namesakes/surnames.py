"""Family names alone: whose each one is, as the whole article tells.

A family name refers to the person with the full name that the article has last before it, in
preference to a person who is better known by it, with these exceptions: within the sentence that
names another bearer in full, and in an article that uses the family name before it names another
bearer, it refers to the person who is known by it. Where several known persons of one family name
remain, none is meant for certain: the mention is one of the family name, with its candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...models.entity import Entity, Mention
from ...text.arabic import has_arabic
from ...text.patterns import regex
from ...text.tokenize import joined_terms
from ..entity_slugs import FAMILY_NAME, entity_slug
from ..gazetteer import WEAK
from ..rules.cue_words import cue_words
from .bearers import Bearers, key_of
from .full_names import (
    FamilyMembers,
    FullName,
    is_one_sentence,
    sentence_at,
    sentences_between,
)
from .holders import is_woman, is_womans

_TITLE = regex(r"([^\W\d_]+)\.?\s\Z")
_SAID = regex(r"\S+(?: [A-Z]\S+)? ([a-z]+)\b")
_ARABIC_TITLES = {"رئيس": "president", "وزير": "minister", "ملك": "king", "امير": "emir"}
_RULED = regex(
    r"[\w-]+(?: [\w-]+)?(?:[’']?s|[’'])? (?:administration|al(?:ly|lies)|army|forces|government"
    r"|loyalists|officials|ouster|overthrow|presidency|regime|removal|rule|troops|White House)\b"
)
_KUNYA = frozenset("abu umm um ابو ابي ابا ام".split())
_YEAR = regex(r"\b(?:1[89]|20)\d\d\b")
_FOR_OR_AGAINST = regex(r"(?i:\b(?:anti|pro))[-‐‑](?:[aAeE]l[- ])?\Z")
_RULERS = frozenset("chancellor king leader minister president ruler".split())
"""Words in the description of somebody who rules, or ruled."""


@dataclass
class FamilyNames:
    """The full names of persons in an article, by their last words."""

    texts: Sequence[str]
    bearers: Bearers

    def __post_init__(self) -> None:
        self.full: dict[str, FamilyMembers] = {}
        self.alone: dict[int, set[int]] = {}
        """The offsets of names of one word, by the number of the paragraph."""
        self._first: dict[str, tuple[int, int]] = {}

    def read(self, paragraphs: Sequence[Sequence[Mention]]) -> None:
        """Record the names of persons in the paragraphs of an article, each by offset."""
        for number, mentions in enumerate(paragraphs):
            for mention in mentions:
                if mention.entity.type != "person":
                    continue
                given, space, family = key_of(mention.surface).rpartition(" ")
                if given in _KUNYA:
                    # Abu Haniyeh is not one of the family.
                    continue
                if space:
                    if family not in self.full:
                        self.full[family] = FamilyMembers(self.texts)
                    name = FullName(number, mention.start, mention.end, mention.entity)
                    self.full[family].add(name)
                else:
                    self.alone.setdefault(number, set()).add(mention.start)
                    self._first.setdefault(family, (number, mention.start))

    def meant(
        self, key: str, paragraph: int, start: int, known: Sequence[Entity], *, weak: bool = False
    ) -> tuple[Entity, ...]:
        """Return the persons that a family name may mean at a place in the article.

        `known` are the known persons with the family name as an alias, as a weak one with `weak`.
        """
        full = self.full.get(key)
        if full is None:
            return tuple(known)
        place = (paragraph, start)
        before = full.number_before(*place)
        nearest = full.names[before - 1] if before else None
        if len(known) != 1 or weak:
            return self._of_several(full, before, place, known)
        owner = known[0]
        if is_woman(self.bearers.bearer(owner)) and is_womans(self.texts[paragraph], start):
            return (owner,)
        first = full.first_other(owner.slug)
        if first is None or (nearest and nearest.entity.slug == owner.slug):
            return (owner,)
        if self._title(place, [owner]) or self._rules(place, owner):
            return (owner,)
        dated = self._dated(place, owner, full)
        if dated is not None:
            return (dated,)
        index = before - 1 if before else first
        near, other = full.names[index], full.names[first]
        if nearest and self._same_sentence(nearest, *place):
            return (owner,)
        if nearest and self._speaks_next(nearest, place):
            return full.together(index)
        seen = full.is_among(owner.slug, before)
        is_topic = full.counts[near.entity.slug] > 1
        if self._is_ruler(owner):
            begin = (other.paragraph, other.start)
            if seen or self._first.get(key, begin) < begin:
                return (owner,)
            is_near = owner.slug not in full.entities
        else:
            is_near = near.paragraph == paragraph or near.paragraph == paragraph - 1
            if seen:
                return (near.entity,) if is_near else (owner,)
            known_too = any(each.entity == near.entity for each in self.bearers.of_family(key))
            is_topic = is_near or (is_topic and not known_too)
            is_near = True
        if is_topic and is_near:
            return full.together(index)
        return (owner, near.entity)

    def _dated(self, place: tuple[int, int], owner: Entity, full: FamilyMembers) -> Entity | None:
        """Return another bearer in whose years of office a sentence is, and not in the owner's."""
        term = self.bearers.bearer(owner).term
        if term is None:
            return None
        paragraph, start = place
        text = self.texts[paragraph]
        years = _YEAR.findall(text, *sentence_at(text, start))
        if not years or any(term[0] <= int(year) <= term[1] for year in years):
            return None
        for slug, entity in full.entities.items():
            other = self.bearers.bearer(entity).term if slug != owner.slug else None
            if other and all(other[0] <= int(year) <= other[1] for year in years):
                return entity
        return None

    def _of_several(
        self,
        full: FamilyMembers,
        before: int,
        place: tuple[int, int],
        known: Sequence[Entity],
    ) -> tuple[Entity, ...]:
        """Return who is meant by a name of several known persons, or of one who has it weakly."""
        titled = self._title(place, full.entities.values())
        if len(titled) == 1:
            return tuple(titled)
        if before and self._is_topic(full, full.names[before - 1], *place):
            return full.together(before - 1)
        entities = full.entities
        if not before and len(entities) > 1:
            entities = entities | {entity.slug: entity for entity in known}
        return tuple(entities.values())

    def last(self, key: str, paragraph: int, start: int) -> Entity | None:
        """Return the one person whose full name with a family name is the last before a place."""
        full = self.full.get(key)
        before = full.number_before(paragraph, start) if full else 0
        together = full.together(before - 1) if full and before else ()
        return together[0] if len(together) == 1 else None

    def _is_topic(self, full: FamilyMembers, nearest: FullName, paragraph: int, start: int) -> bool:
        """Return whether the last full name before a place is the subject of the text there.

        It is in the sentence before, or no other bearer is in the paragraph, or in the title.
        """
        if nearest.paragraph == paragraph:
            here = full.named_in(paragraph)
            return len(here) == 1 or self._sentences_between(nearest, start) <= 1
        topics = full.named_in(0) or {full.names[0].entity.slug}
        return nearest.entity.slug in topics if len(topics) == 1 else False

    def _sentences_between(self, full: FullName, start: int) -> int:
        """Return the number of sentences that end between a full name and a place, 2 for more."""
        return sentences_between(self.texts[full.paragraph], full.end, start)

    def _title(self, place: tuple[int, int], persons: Iterable[Entity]) -> list[Entity]:
        """Return the persons whose title precedes a family name: President Obama."""
        paragraph, start = place
        found = _TITLE.search(self.texts[paragraph], max(0, start - 25), start)
        if found is None:
            return []
        word = found[1].lower()
        title = _ARABIC_TITLES.get(joined_terms(word).removeprefix("ال").removeprefix("لل"), word)
        if title not in cue_words().titles:
            return []
        return [each for each in persons if title in self.bearers.bearer(each).description]

    def _is_ruler(self, person: Entity) -> bool:
        return not self.bearers.bearer(person).description.isdisjoint(_RULERS)

    def _rules(self, place: tuple[int, int], owner: Entity) -> bool:
        """Return whether a family name is that of somebody who rules: Assad's forces."""
        paragraph, start = place
        text = self.texts[paragraph]
        return self._is_ruler(owner) and bool(
            _RULED.match(text, start) or _FOR_OR_AGAINST.search(text, max(0, start - 12), start)
        )

    def _speaks_next(self, full: FullName, place: tuple[int, int]) -> bool:
        """Return whether a family name begins the next sentence after a full name, and speaks."""
        paragraph, start = place
        if full.paragraph != paragraph:
            return False
        said = _SAID.match(self.texts[paragraph], start)
        if said is None or said[1] not in cue_words().speech:
            return False
        return self._sentences_between(full, start) == 1

    def _same_sentence(self, full: FullName, paragraph: int, start: int) -> bool:
        return full.paragraph == paragraph and is_one_sentence(
            self.texts[paragraph], full.end, start
        )


class SharedNames:
    """The family names by which the gazetteer knows several persons, as entities."""

    def __init__(self, shared: Callable[[], Mapping[str, Mapping[str, Entity]]]) -> None:
        """Take the persons, by slug, by each family name that several have, when it is needed."""
        self._shared = shared

    @cached_property
    def _entities(self) -> dict[str, Entity]:
        made: dict[str, Entity] = {}
        shared = self._shared()
        for key in shared:
            if key not in made:
                made |= self._family(key, shared)
        return made

    def _family(self, key: str, shared: Mapping[str, Mapping[str, Entity]]) -> dict[str, Entity]:
        """Make the entity of a name and of all other names that its bearers share."""
        keys, persons = {key}, dict(shared[key])
        while more := {
            other for other, each in shared.items() if other not in keys and each.keys() & persons
        }:
            keys |= more
            for other in more:
                persons |= shared[other]
        names = list(
            dict.fromkeys(
                alias.removeprefix(WEAK)
                for person in persons.values()
                for alias in person.aliases
                if key_of(alias.removeprefix(WEAK)) in keys
            )
        )
        names.sort(key=lambda name: (has_arabic(name), key_of(name) != name.lower()))
        bearers = listed([person.name for person in persons.values()], "and")
        description = f"Family name of {bearers}, where the article does not say whose"
        entity = _family(names, description)
        return dict.fromkeys(keys, entity)

    def get(self, key: str, known: Entity) -> Entity:
        """Return the entity of a folded family name that a known person shares with others."""
        shared = self._entities.get(key)
        if shared is None:
            aliases = (alias.removeprefix(WEAK) for alias in known.aliases)
            names = tuple(alias for alias in aliases if key_of(alias) == key)
            description = f"Family name of {known.name}, where the article does not say whose"
            shared = _family(names, description)
            self._entities[key] = shared
        return shared


def _family(names: Sequence[str], description: str) -> Entity:
    """Return the entity of a family name in several spellings."""
    name = names[0]
    return Entity(
        entity_slug(name) + FAMILY_NAME,
        f"{name} (family name)",
        "person",
        description,
        aliases=tuple(names),
    )


def listed(names: Sequence[str], word: str) -> str:
    """Return some names as one text, with a word before the last."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
