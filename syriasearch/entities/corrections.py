"""What did a person say of entities, and whose is a name after it?

Corrections are kept in order, and those that were not undone are in force. A name that is found is
followed through them from the first to the last: a merge takes it to another entity, a split too
where it is spelt so, and where its entity is hidden it is nobody's. So a chain of merges leads to
its end, and none leads in a circle. Nothing else is remembered: without a correction the rows are
as if it had never been made.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ..text.normalize import terms


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of an entity, and whether it was taken back."""

    id: int
    made_at: str
    action: str
    """merge, split, rename, hide or alias."""
    entity: str
    """The slug of the entity that it is about."""
    other: str | None = None
    """The slug of the entity that its mentions count for after a merge or a split."""
    name: str | None = None
    """The name that a rename or an alias gives, or that of an entity which a split makes."""
    type: str | None = None
    """The type of an entity which a split makes."""
    spellings: tuple[str, ...] = ()
    """Those that a split takes."""
    undone_at: str | None = None
    """When it was taken back: times in UTC, ISO 8601."""

    def __str__(self) -> str:
        what = {
            "merge": f"merge {self.entity} into {self.other}",
            "split": f"split {', '.join(self.spellings)} from {self.entity} to {self.other}",
            "rename": f"rename {self.entity} to {self.name}",
            "hide": f"hide {self.entity}",
            "alias": f"alias of {self.entity}: {self.name}",
        }
        return what[self.action]

    def to_dict(self) -> dict[str, Any]:
        """Return the correction as JSON has it."""
        return {
            "id": self.id,
            "made_at": self.made_at,
            "action": self.action,
            "entity": self.entity,
            "other": self.other,
            "name": self.name,
            "type": self.type,
            "spellings": list(self.spellings),
            "undone_at": self.undone_at,
        }


class Named(NamedTuple):
    """A name that stands in a paragraph, and whose it was found to be."""

    start: int
    end: int
    slug: str
    surface: str


def spelling_key(name: str) -> str:
    """Return what two spellings share that are one for a split or an alias: their terms."""
    return " ".join(terms(name))


class InForce:
    """The corrections that were not undone, in order."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self.corrections = tuple(each for each in corrections if each.undone_at is None)
        self.moving = tuple(
            each for each in self.corrections if each.action in ("merge", "split", "hide")
        )
        self.subjects = frozenset(each.entity for each in self.moving)
        """Slugs of the entities of which not all mentions are their own."""
        self._split = {
            each.id: frozenset(map(spelling_key, each.spellings)) for each in self.moving
        }

    def owner(self, slug: str, surface: str | None = None) -> str | None:
        """Return the slug of the entity that a name counts for, None where it is hidden.

        The name is spelt as `surface`; without one, as no split takes it.
        """
        if slug not in self.subjects:
            return slug
        key = None if surface is None else spelling_key(surface)
        for each in self.moving:
            if each.entity != slug or (each.action == "split" and key not in self._split[each.id]):
                continue
            if each.other is None:
                return None
            slug = each.other
        return slug

    def owners(self, named: Sequence[Named]) -> list[str | None]:
        """Return whose each of a paragraph's names is; at one place, one counts for an entity."""
        if not any(each.slug in self.subjects for each in named):
            return [each.slug for each in named]
        owners = [self.owner(each.slug, each.surface) for each in named]
        taken = {
            (each.start, each.end, each.slug)
            for each, owner in zip(named, owners, strict=True)
            if owner == each.slug
        }
        for at in sorted(range(len(named)), key=lambda at: named[at].slug):
            owner = owners[at]
            if owner is None or owner == named[at].slug:
                continue
            place = (named[at].start, named[at].end, owner)
            owners[at] = None if place in taken else owner
            taken.add(place)
        return owners

    def because(self, slug: str) -> Correction | None:
        """Return the correction by which an entity's names are another's or nobody's, if any."""
        found = (each for each in self.moving if each.entity == slug and each.action != "split")
        return next(found, None)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The new name of each entity that was renamed, by slug."""
        return {each.entity: each.name or "" for each in self.of("rename")}

    @cached_property
    def made(self) -> Mapping[str, Correction]:
        """The splits that make an entity, by its slug."""
        return {each.other or "": each for each in self.of("split") if each.type is not None}

    @cached_property
    def slugs(self) -> frozenset[str]:
        """All entities that are spoken of."""
        both = ((each.entity, each.other) for each in self.corrections)
        return frozenset(slug for pair in both for slug in pair if slug is not None)

    def of(self, action: str) -> tuple[Correction, ...]:
        """Return those that do one thing."""
        return tuple(each for each in self.corrections if each.action == action)

    def moved(self, other: InForce) -> frozenset[str]:
        """Return the entities whose names may be another's under other corrections."""
        slugs = self.subjects | other.subjects
        split = (name for each in (*self.moving, *other.moving) for name in each.spellings)
        spellings = (None, *dict.fromkeys(split))
        return frozenset(
            slug
            for slug in slugs
            if any(self.owner(slug, name) != other.owner(slug, name) for name in spellings)
        )


COLUMNS = "id, made_at, action, entity, other, name, type, spellings, undone_at"


def read_corrections(connection: sqlite3.Connection) -> tuple[Correction, ...]:
    """Return all corrections of an archive, in order."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM corrections ORDER BY id")
    return tuple(
        replace(Correction(*row), spellings=tuple(json.loads(spellings or "[]")), undone_at=undone)
        for *row, spellings, undone in rows
    )


class CorrectionRows:
    """The corrections of one archive, written through one connection, inside its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, correction: Correction) -> Correction:
        """Keep a correction; return it as it is kept."""
        cursor = self._connection.execute(
            "INSERT INTO corrections (made_at, action, entity, other, name, type, spellings)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                correction.made_at,
                correction.action,
                correction.entity,
                correction.other,
                correction.name,
                correction.type,
                json.dumps(correction.spellings, ensure_ascii=False)
                if correction.spellings
                else None,
            ),
        )
        assert cursor.lastrowid is not None
        return replace(correction, id=cursor.lastrowid)

    def undo(self, correction: Correction, at: str) -> Correction:
        """Take a correction back; return it as it is kept."""
        self._connection.execute(
            "UPDATE corrections SET undone_at = ? WHERE id = ?", (at, correction.id)
        )
        return replace(correction, undone_at=at)
