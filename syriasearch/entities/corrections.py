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
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ..text.tokenize import joined_terms


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
        return asdict(self) | {"spellings": list(self.spellings)}


class Named(NamedTuple):
    """A name at [start, end) in a paragraph, with the slug of its recognized entity."""

    start: int
    end: int
    slug: str
    surface: str


class ActiveCorrections:
    """The corrections in force, that is, those not undone, in order."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self.corrections = tuple(each for each in corrections if each.undone_at is None)
        self._moving = tuple(
            each for each in self.corrections if each.action in ("merge", "split", "hide")
        )
        self.subjects = frozenset(each.entity for each in self._moving)
        """Slugs of the entities whose names a merge, a split or a hiding may move."""
        self._split = {
            each.id: frozenset(map(joined_terms, each.spellings)) for each in self._moving
        }

    def resolve(self, slug: str, surface: str | None = None) -> str | None:
        """Return the slug of the entity for which a name of `slug` counts, None if it is hidden.

        `surface` is the spelling of the name; None is for a spelling that no split moves.
        """
        if slug not in self.subjects:
            return slug
        key = None if surface is None else joined_terms(surface)
        for each in self._moving:
            if each.entity != slug or (each.action == "split" and key not in self._split[each.id]):
                continue
            if each.other is None:
                return None
            slug = each.other
        return slug

    def resolve_all(self, named: Sequence[Named]) -> list[str | None]:
        """Return the slug of the entity for which each name of a paragraph counts, None for none.

        Of several names at one place that resolve to the same entity, only one counts.
        """
        if not any(name.slug in self.subjects for name in named):
            return [name.slug for name in named]
        slugs = [self.resolve(name.slug, name.surface) for name in named]
        moved = [index for index, name in enumerate(named) if slugs[index] != name.slug]
        taken = {
            (name.start, name.end, slug)
            for name, slug in zip(named, slugs, strict=True)
            if slug == name.slug
        }
        for index in sorted(moved, key=lambda index: named[index].slug):
            name, slug = named[index], slugs[index]
            if (name.start, name.end, slug) in taken:
                slugs[index] = None
            elif slug is not None:
                taken.add((name.start, name.end, slug))
        return slugs

    def superseding(self, slug: str) -> Correction | None:
        """Return the first correction that merges or hides an entity, None if none does."""
        found = (each for each in self._moving if each.entity == slug and each.action != "split")
        return next(found, None)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The new name of each entity that was renamed, by slug."""
        return {each.entity: each.name or "" for each in self.of("rename")}

    @cached_property
    def created_entities(self) -> Mapping[str, Correction]:
        """The splits that create an entity, by its slug."""
        return {each.other or "": each for each in self.of("split") if each.type is not None}

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The slugs of all entities to which a correction refers."""
        pairs = ((each.entity, each.other) for each in self.corrections)
        return frozenset(slug for pair in pairs for slug in pair if slug is not None)

    def of(self, action: str) -> tuple[Correction, ...]:
        """Return the corrections with one action."""
        return tuple(each for each in self.corrections if each.action == action)

    def affected_by(self, other: ActiveCorrections) -> frozenset[str]:
        """Return the slugs of entities some of whose names resolve differently under `other`."""
        split = (name for each in (*self._moving, *other._moving) for name in each.spellings)
        spellings = (None, *dict.fromkeys(split))
        return frozenset(
            slug
            for slug in self.subjects | other.subjects
            if any(self.resolve(slug, name) != other.resolve(slug, name) for name in spellings)
        )


def read_corrections(connection: sqlite3.Connection) -> tuple[Correction, ...]:
    """Return all corrections of an archive, in order."""
    rows = connection.execute(
        "SELECT id, made_at, action, entity, other, name, type, ifnull(spellings, '[]'), undone_at"
        " FROM corrections ORDER BY id"
    )
    return tuple(
        replace(Correction(*row), spellings=tuple(json.loads(spellings)), undone_at=undone_at)
        for *row, spellings, undone_at in rows
    )


def write_correction(connection: sqlite3.Connection, correction: Correction) -> Correction:
    """Store a correction, new if its id is 0, or that it was undone; return it with its id."""
    if correction.id:
        connection.execute(
            "UPDATE corrections SET undone_at = ? WHERE id = ?",
            (correction.undone_at, correction.id),
        )
        return correction
    spellings = correction.spellings
    cursor = connection.execute(
        "INSERT INTO corrections (made_at, action, entity, other, name, type, spellings)"
        " VALUES (:made_at, :action, :entity, :other, :name, :type, :spellings)",
        asdict(correction)
        | {"spellings": json.dumps(spellings, ensure_ascii=False) if spellings else None},
    )
    assert cursor.lastrowid is not None
    return replace(correction, id=cursor.lastrowid)
