"""Corrections: the log of users' edits to entities, and how they are resolved.

Corrections are stored in order, and those that were not undone are in force. A recognized name is
resolved by applying them from the first to the last: a merge moves it to another entity, a split
does so if it has one of the split's spellings, and the name of a hidden entity belongs to none.
Therefore a chain of merges leads to its last entity, and a cycle is impossible. No other state is
stored: once a correction is undone, the rows are as if it had never been made.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ..text.tokenize import terms


@dataclass(frozen=True, slots=True)
class Correction:
    """An edit of an entity by a user, which may have been undone."""

    id: int
    """The number of the correction, in the order in which they were made."""
    made_at: str
    """When it was made, in UTC, ISO 8601."""
    action: str
    """The kind of correction: merge, split, rename, hide or alias."""
    entity: str
    """The slug of the entity that is corrected."""
    other: str | None = None
    """The slug of the entity for which its mentions count after a merge or a split."""
    name: str | None = None
    """The name that a rename or an alias gives, or that of an entity created by a split."""
    type: str | None = None
    """The type of an entity created by a split."""
    spellings: tuple[str, ...] = ()
    """The spellings that a split moves."""
    undone_at: str | None = None
    """When it was undone, in UTC, ISO 8601; None if it is in force."""

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
        """Return the correction as a dictionary for JSON."""
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
    """A name at [start, end) in a paragraph, with the slug of its recognized entity."""

    start: int
    end: int
    slug: str
    surface: str


def spelling_key(name: str) -> str:
    """Return the key of a spelling, its terms; splits and aliases compare spellings by it."""
    return " ".join(terms(name))


class ActiveCorrections:
    """The corrections in force, that is, those not undone, in order."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self.corrections = tuple(each for each in corrections if each.undone_at is None)
        self.moving = tuple(
            each for each in self.corrections if each.action in ("merge", "split", "hide")
        )
        self.subjects = frozenset(each.entity for each in self.moving)
        """Slugs of the entities whose names a merge, a split or a hiding may move."""
        self._split = {
            each.id: frozenset(map(spelling_key, each.spellings)) for each in self.moving
        }

    def owner(self, slug: str, surface: str | None = None) -> str | None:
        """Return the slug of the entity for which a name of `slug` counts, None if it is hidden.

        `surface` is the spelling of the name; None is for a spelling that no split moves.
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
        """Return the slug of the entity for which each name of a paragraph counts, None for none.

        Of several names at one place that resolve to the same entity, only one counts.
        """
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
        """Return the first correction that merges or hides an entity, None if none does."""
        found = (each for each in self.moving if each.entity == slug and each.action != "split")
        return next(found, None)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The new name of each entity that was renamed, by slug."""
        return {each.entity: each.name or "" for each in self.of("rename")}

    @cached_property
    def made(self) -> Mapping[str, Correction]:
        """The splits that create an entity, by its slug."""
        return {each.other or "": each for each in self.of("split") if each.type is not None}

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The slugs of all entities to which a correction refers."""
        both = ((each.entity, each.other) for each in self.corrections)
        return frozenset(slug for pair in both for slug in pair if slug is not None)

    def of(self, action: str) -> tuple[Correction, ...]:
        """Return the corrections with one action."""
        return tuple(each for each in self.corrections if each.action == action)

    def moved(self, other: ActiveCorrections) -> frozenset[str]:
        """Return the slugs of entities some of whose names resolve differently under `other`."""
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
    """Writer of the corrections of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, correction: Correction) -> Correction:
        """Store a correction; return it with its id."""
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
        """Mark a correction as undone at a time (UTC, ISO 8601); return it as stored."""
        self._connection.execute(
            "UPDATE corrections SET undone_at = ? WHERE id = ?", (at, correction.id)
        )
        return replace(correction, undone_at=at)
