"""Corrections: the log of users' edits to entities, and how they are resolved.

Corrections are stored in order, and those that were not undone are in force. A recognized name is
resolved by applying them from the first to the last: a merge moves it to another entity, a split
does so if it has one of the split's spellings, and the name of a hidden entity belongs to none. A
split with a scope moves only what is named there (see `correction_scope`), to nobody if it names no
other entity. Therefore a chain of merges leads to its last entity, and a cycle is impossible. No
other state is stored: once a correction is undone, the rows are as if it had never been made.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ...store.values import DamagedValueError, RowCheck, are_texts, read_json
from ...text.tokenize import joined_terms
from .correction_scope import CorrectionScope, read_scope

_ROWS = RowCheck(
    "corrections",
    ("id", "made_at", "action", "entity", "other", "name", "type", "#", "undone_at"),
)
_NEEDED = {"merge": ("other",), "rename": ("name",), "alias": ("name",), "split": (), "hide": ()}
"""What a correction must have, by its action."""


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
    """The slug of the entity for which its mentions count after a merge or a split, None if they
    count for nobody."""
    name: str | None = None
    """The name that a rename or an alias gives, or that of an entity created by a split."""
    type: str | None = None
    """The type of an entity created by a split."""
    spellings: tuple[str, ...] = ()
    """The spellings that a split moves; all if there are none."""
    scope: CorrectionScope | None = None
    """Where a split holds; None if everywhere."""
    undone_at: str | None = None
    """When it was undone, in UTC, ISO 8601; None if it is in force."""

    def __str__(self) -> str:
        what = {
            "merge": f"merge {self.entity} into {self.other}",
            "split": self._split_text(),
            "rename": f"rename {self.entity} to {self.name}",
            "hide": f"hide {self.entity}",
            "alias": f"alias of {self.entity}: {self.name}",
        }
        return what[self.action]

    def _split_text(self) -> str:
        spellings, scope = ", ".join(self.spellings), self.scope
        if scope is None:
            return f"split {spellings} from {self.entity} to {self.other}"
        place = scope.articles[0] if scope.articles else f"articles of {scope.source}"
        number = f", occurrence {scope.occurrence}" if scope.occurrence else ""
        names = f": {spellings}{number}" if spellings else ""
        owner = f", but {self.other}" if self.other else ""
        return f"not {self.entity}{owner}, in {place}{names}"

    def to_dict(self) -> dict[str, Any]:
        """Return the correction as a dictionary for JSON."""
        scope = self.scope.to_dict() if self.scope else None
        return asdict(self) | {"spellings": list(self.spellings), "scope": scope}


class Named(NamedTuple):
    """A name at [start, end) in a paragraph, with the slug of its recognized entity."""

    start: int
    end: int
    slug: str
    surface: str


Covers = Callable[[Correction, Named], bool | None]
"""Whether a split with a scope moves a name: True, False, or None if unsure."""


class ActiveCorrections:
    """The corrections in force, that is, those not undone, in order."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self.corrections = tuple(each for each in corrections if each.undone_at is None)
        self._moving = tuple(
            each for each in self.corrections if each.action in ("merge", "split", "hide")
        )
        self.subjects = frozenset(each.entity for each in self._moving)
        """Slugs of the entities whose names a merge, a split or a hiding may move."""
        self.scoped = tuple(each for each in self._moving if each.scope is not None)
        """The splits with a scope."""
        self._split = {
            each.id: frozenset(map(joined_terms, each.spellings)) for each in self._moving
        }

    def resolve(
        self,
        slug: str,
        surface: str | None = None,
        covers: Callable[[Correction], bool | None] | None = None,
    ) -> str | None:
        """Return the slug of the entity for which a name of `slug` counts, None if for nobody.

        `surface` is the spelling of the name; None is for a spelling that no split moves. `covers`
        tells whether a split with a scope moves the name (None: unsure); by default none does.
        """
        if slug not in self.subjects:
            return slug
        key = None if surface is None else joined_terms(surface)
        for each in self._moving:
            if each.entity != slug:
                continue
            if each.scope is not None:
                covered = covers is not None and covers(each)
                if covered is None:
                    return None
                if not covered:
                    continue
            elif each.action == "split" and key not in self._split[each.id]:
                continue
            if each.other is None:
                return None
            slug = each.other
        return slug

    def has_spelling(self, split: Correction, surface: str) -> bool:
        """Return whether a split in force moves names with a spelling."""
        return not split.spellings or joined_terms(surface) in self._split[split.id]

    def resolve_all(self, named: Sequence[Named], covers: Covers | None = None) -> list[str | None]:
        """Return the slug of the entity for which each name of a paragraph counts, None for none.

        `covers` tells whether a split with a scope moves a name; by default none does. Of several
        names at one place that resolve to the same entity, only one counts.
        """
        if not any(name.slug in self.subjects for name in named):
            return [name.slug for name in named]

        def resolved(name: Named) -> str | None:
            is_covered = None if covers is None else lambda split: covers(split, name)
            return self.resolve(name.slug, name.surface, is_covered)

        slugs = [resolved(name) for name in named]
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
        """Return the slugs of entities some of whose names resolve differently under `other`.

        Splits with a scope are left out: `differing_scopes` has them.
        """
        split = (name for each in (*self._moving, *other._moving) for name in each.spellings)
        spellings = (None, *dict.fromkeys(split))
        return frozenset(
            slug
            for slug in self.subjects | other.subjects
            if any(self.resolve(slug, name) != other.resolve(slug, name) for name in spellings)
        )

    def differing_scopes(self, other: ActiveCorrections) -> tuple[Correction, ...]:
        """Return the splits with a scope that are in force only here, or only in `other`."""
        return tuple({*self.scoped} ^ {*other.scoped})


def read_corrections(connection: sqlite3.Connection) -> tuple[Correction, ...]:
    """Return all corrections of an archive, in order."""
    rows = connection.execute(
        "SELECT id, made_at, action, entity, other, name, type, ifnull(spellings, '[]'), undone_at"
        " FROM corrections ORDER BY id"
    )
    corrections = []
    for *row, moved, undone_at in _ROWS.rows(rows):
        values = read_json(moved, "corrections", _are_spellings)
        scope = read_scope(values) if isinstance(values, dict) else None
        spellings = tuple(values.get("spellings", ()) if isinstance(values, dict) else values)
        correction = replace(
            Correction(*row), spellings=spellings, scope=scope, undone_at=undone_at
        )
        if not _is_complete(correction):
            raise DamagedValueError(f"the correction {correction.id} does not say what to correct")
        corrections.append(correction)
    return tuple(corrections)


def _is_complete(correction: Correction) -> bool:
    """Return whether a correction has what its action needs."""
    needed = _NEEDED.get(correction.action)
    return needed is not None and all(getattr(correction, name) is not None for name in needed)


def _are_spellings(values: object) -> bool:
    """Return whether values from JSON are spellings, or have spellings and a scope."""
    if not isinstance(values, dict):
        return are_texts(values)
    lists = ("spellings", "articles", "texts", "before", "after")
    source, occurrence = values.get("source"), values.get("occurrence")
    return (
        all(are_texts(values.get(name, [])) for name in lists)
        and (source is None or isinstance(source, str))
        and (occurrence is None or isinstance(occurrence, int))
    )


def write_correction(connection: sqlite3.Connection, correction: Correction) -> Correction:
    """Store a correction, new if its id is 0, or that it was undone; return it with its id."""
    if correction.id:
        connection.execute(
            "UPDATE corrections SET undone_at = ? WHERE id = ?",
            (correction.undone_at, correction.id),
        )
        return correction
    moved: Any = list(correction.spellings)
    if correction.scope is not None:
        moved = {"spellings": moved, **correction.scope.to_dict()}
    cursor = connection.execute(
        "INSERT INTO corrections (made_at, action, entity, other, name, type, spellings)"
        " VALUES (:made_at, :action, :entity, :other, :name, :type, :moved)",
        {
            "made_at": correction.made_at,
            "action": correction.action,
            "entity": correction.entity,
            "other": correction.other,
            "name": correction.name,
            "type": correction.type,
            "moved": json.dumps(moved, ensure_ascii=False) if moved else None,
        },
    )
    assert cursor.lastrowid is not None
    return replace(correction, id=cursor.lastrowid)
