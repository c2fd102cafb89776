"""Entities, and their mentions in a text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

MOVED = "by a correction: it was found as {name}"
"""The reason of a mention that a correction moved from an entity to another."""
ENTITY_TYPES = ("person", "organization", "group", "place", "event")


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organization, group, place or event, under its one canonical name."""

    slug: str
    name: str
    type: str
    description: str | None = None
    wikidata: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    mentions: int | None = None
    """The number of its mentions in the hit that contains it; None elsewhere."""
    aliases: tuple[str, ...] = ()
    """Other names; one that begins with `~` counts only in an article that has another name too."""
    since: str | None = None
    """The date it began or took place: `2016`, `2016-07` or `2016-07-28`."""
    until: str | None = None
    follows: str | None = None
    """The slug of the entity it continues under another name."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By default, a frozen class with slots is unpickled field by field, four times as slowly.
        return Entity, _entity_fields(self)

    def named(self, times: int) -> Entity:
        """Return a copy of the entity with its number of mentions in a hit."""
        # `dataclasses.replace` takes five times as long, and a page of hits has a hundred of these.
        values = [*_entity_fields(self)]
        values[_MENTIONS] = times
        return Entity(*values)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text."""

    start: int
    """The offset of its first code point."""
    end: int
    """The offset after its last code point."""
    surface: str
    """The text between the two."""
    entity: Entity
    recognizer: str
    reason: str | None = None
    """Why the name is attributed to this entity, if the name alone does not decide it.

    `why` is never empty.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return Mention, _mention_fields(self)

    def moved(self, by: int) -> Mention:
        """Return the mention shifted by a number of code points."""
        if not by:
            return self
        start, end, *others = _mention_fields(self)
        return Mention(start + by, end + by, *others)

    @property
    def why(self) -> str:
        """Why the name is attributed to this entity, in a phrase for readers."""
        return explain(self.surface, self.entity.name, self.recognizer, self.reason)


def explain(surface: str, name: str, recognizer: str, reason: str | None) -> str:
    """Return why a text is taken for an entity with this name, if the name alone decides it too."""
    if reason:
        return reason
    if recognizer != "gazetteer":
        return f"found by the recognizer {recognizer}"
    if " ".join(surface.split()).casefold() == name.casefold():
        return "a known name, of nobody else"
    return f"a known name of {name}, and of nobody else"


_entity_fields = attrgetter(*(each.name for each in fields(Entity)))
_MENTIONS = [each.name for each in fields(Entity)].index("mentions")
_mention_fields = attrgetter(*(each.name for each in fields(Mention)))
