"""Resolution of the entity that an edit refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from ..errors import OptionError
from ..models.entity import ENTITY_TYPES, Entity
from ..text.arabic import name_key
from .corrections import spelling_key
from .gazetteer import Gazetteer
from .names.alias_lookup import AliasLookup
from .recognition_writer import MentionIndexer

SHOWN = 5
"""Maximum number of entities or spellings that an error message lists."""


class EditorLookup:
    """Look-up of an archive's entities by the names or slugs that a user gives, inside a batch.

    `namings` are those of the archive's shards, which have the same entities and names, but each
    its own mentions.
    """

    def __init__(self, namings: Sequence[MentionIndexer]) -> None:
        self._namings = namings
        self._naming = naming = namings[0]
        self._connection = naming.connection
        self._names = AliasLookup(naming.connection)
        self.in_force = naming.entities.in_force

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return self._naming.gazetteers.whole()

    def owner(self, name: str, hint: str = "") -> str:
        """Return the slug of the entity that a name or slug refers to, after all merges.

        Raises OptionError if it is unknown (`hint` is added to the message), ambiguous or hidden.
        """
        slug = self._slug(name, hint)
        owner = self.in_force.owner(slug)
        if owner is None:
            raise self._hidden(slug)
        return owner

    def subject(self, name: str) -> str:
        """Return the slug of an entity that can be corrected.

        Raises OptionError if it is unknown, ambiguous, hidden or merged into another.
        """
        slug = self._slug(name)
        because = self.in_force.because(slug)
        if because is None:
            return slug
        owner = self.in_force.owner(slug)
        if owner is None:
            raise self._hidden(slug)
        raise OptionError(
            f"{slug} counts for {owner} since correction {because.id}: name {owner}, or "
            f"`syriasearch entity undo {because.id}` first"
        )

    def _hidden(self, slug: str) -> OptionError:
        last: str | None = slug
        while last is not None and (because := self.in_force.because(last)):
            slug, last, number = last, because.other, because.id
        return OptionError(f"{slug} is hidden: `syriasearch entity undo {number}` first")

    def _slug(self, name: str, hint: str = "") -> str:
        name = " ".join(name.split())
        if not name:
            raise OptionError("an entity is given by its slug or by a name")
        if self._naming.entities.id_of(name) is not None:
            return name
        key = name_key(name)
        named = [each.slug for each in self._names.entities(key)] if key else []
        if not named and key:
            hidden = self._connection.execute(
                "SELECT slug FROM aliases JOIN entities ON entities.id = found_id"
                " WHERE key = ? AND entity_id IS NULL LIMIT 1",
                (key,),
            ).fetchone()
            if hidden:
                raise self._hidden(hidden[0])
            known = [each for each in self._gazetteer.entities if self._is_called(each, name, key)]
            named = [each.slug for each in known]
            if len(known) == 1:
                # No article names it yet, so it has no row.
                self._naming.entities.put(known[0])
        if not named:
            near = self._names.similar_names(name, ENTITY_TYPES, 3)
            instead = f"; did you mean {', '.join(each.slug for each in near)}?" if near else ""
            raise OptionError(f"there is no entity {name!r}{hint or instead}")
        if len(named) > 1:
            some = ", ".join(named[:SHOWN])
            raise OptionError(f"{name!r} may be {some}: give one of these slugs")
        return named[0]

    @staticmethod
    def _is_called(entity: Entity, name: str, key: str) -> bool:
        return entity.slug == name or any(
            name_key(each) == key for each in (entity.name, *entity.aliases)
        )

    def name(self, slug: str) -> str:
        """Return the current name of an entity."""
        row = self._connection.execute("SELECT name FROM entities WHERE slug = ?", (slug,))
        return str(row.fetchone()[0])

    def check_spelt(self, slug: str, spelling: str) -> None:
        """Raise OptionError if no mention and no alias of an entity has this spelling."""
        counts: Counter[str] = Counter()
        for naming in self._namings:
            for surface, count in naming.connection.execute(
                "SELECT surface, count(*) FROM mentions WHERE entity_id = :id GROUP BY 1"
                " UNION ALL SELECT alias, 0 FROM aliases WHERE entity_id = :id",
                {"id": naming.entities.id_of(slug)},
            ):
                counts[surface] += count
        key = spelling_key(spelling)
        if not any(spelling_key(surface) == key for surface in counts):
            some = ", ".join(surface for surface, _ in counts.most_common(SHOWN))
            raise OptionError(f"{slug} is never spelt {spelling!r}, but {some}")

    def free_slug(self, name: str, besides: str) -> str:
        """Return the slug for a new entity; only the entity `besides` may have its name too.

        Raises OptionError if another entity has the name or the slug, or if the name gives no slug.
        """
        from slugify import slugify

        slug = slugify(name)
        others = [each.slug for each in self._names.entities(name_key(name))]
        taken = next((each for each in others if each != besides), None)
        there = self._naming.entities.id_of(slug) is not None
        if taken is None and (there or any(each.slug == slug for each in self._gazetteer.entities)):
            taken = slug
        if taken is not None:
            raise OptionError(f"{name} is {taken} already: leave out the type to split to that")
        if not slug:
            raise OptionError(f"{name!r} gives no slug: take a name with letters or digits")
        return slug

    def has_name(self, slug: str, name: str) -> bool:
        """Return whether an entity has a name.

        Raises OptionError if another entity has it, or a hidden one.
        """
        key = spelling_key(name)
        rows = self._connection.execute(
            "SELECT giver.slug, owner.slug, alias FROM aliases"
            " JOIN entities AS giver ON giver.id = ifnull(found_id, entity_id)"
            " LEFT JOIN entities AS owner ON owner.id = entity_id WHERE key = ?",
            (name_key(name),),
        )
        whose = {
            giver: owner for giver, owner, alias in rows.fetchall() if spelling_key(alias) == key
        }
        for each in self._gazetteer.entities:
            if any(spelling_key(alias) == key for alias in (each.name, *each.aliases)):
                whose.setdefault(each.slug, self.in_force.owner(each.slug, name))
        for giver, owner in sorted(whose.items()):
            if owner is None:
                raise self._hidden(giver)
            if owner != slug:
                raise OptionError(
                    f"{name} is a name of {owner} already: merge the two, or split it from {owner}"
                )
        return bool(whose)
