"""Resolution of the entity that an edit refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from ...errors import OptionError
from ...models.entity import ENTITY_TYPES, Entity
from ...text.arabic import name_key
from ...text.tokenize import joined_terms
from ..names.alias_lookup import AliasLookup
from ..recognition_writer import MentionIndexer

SHOWN = 5
"""Maximum number of entities or spellings that an error message lists."""


class EditorLookup:
    """Look-up of an archive's entities by the names or slugs that a user gives, inside a batch.

    `indexers` are those of the archive's shards, which have the same entities and names, but each
    its own mentions.
    """

    def __init__(self, indexers: Sequence[MentionIndexer]) -> None:
        self.indexers = indexers
        self._connection = indexers[0].connection
        self._entities = indexers[0].entities
        self._names = AliasLookup(self._connection)
        self.in_force = self._entities.in_force

    @cached_property
    def _known(self) -> tuple[Entity, ...]:
        """The entities of the gazetteer."""
        return self.indexers[0].gazetteers.whole().entities

    def resolve(self, name: str, hint: str = "") -> str:
        """Return the slug of the entity that a name or slug refers to, after all merges.

        Raises OptionError if it is unknown (`hint` is added to the message), ambiguous or hidden.
        """
        slug = self._slug(name, hint)
        owner = self.in_force.resolve(slug)
        if owner is None:
            raise self._hidden(slug)
        return owner

    def subject(self, name: str) -> str:
        """Return the slug of an entity that can be corrected.

        Raises OptionError if it is unknown, ambiguous, hidden or merged into another.
        """
        slug = self._slug(name)
        merge = self.in_force.superseding(slug)
        if merge is None:
            return slug
        owner = self.in_force.resolve(slug)
        if owner is None:
            raise self._hidden(slug)
        raise OptionError(
            f"{slug} counts for {owner} since correction {merge.id}: name {owner}, or "
            f"`undo {merge.id}` first"
        )

    def _hidden(self, slug: str) -> OptionError:
        last: str | None = slug
        while last is not None and (superseding := self.in_force.superseding(last)):
            slug, last, number = last, superseding.other, superseding.id
        return OptionError(f"{slug} is hidden: `undo {number}` first")

    def _slug(self, name: str, hint: str = "") -> str:
        name = " ".join(name.split())
        if not name:
            raise OptionError("an entity is given by its slug or by a name")
        if self._entities.id_of(name) is not None:
            return name
        key = name_key(name)
        slugs = [entity.slug for entity in self._names.entities(key)] if key else []
        if not slugs and key:
            hidden = self._connection.execute(
                "SELECT slug FROM aliases JOIN entities ON entities.id = found_id"
                " WHERE key = ? AND entity_id IS NULL LIMIT 1",
                (key,),
            ).fetchone()
            if hidden:
                raise self._hidden(hidden[0])
            known = [
                entity
                for entity in self._known
                if entity.slug == name or key in map(name_key, (entity.name, *entity.aliases))
            ]
            slugs = [entity.slug for entity in known]
            if len(known) == 1:
                # No article names it yet, so it has no row.
                self._entities.add(known[0])
        if not slugs:
            near = self._names.suggest(name, ENTITY_TYPES, 3)
            suggestion = f"; did you mean {', '.join(each.slug for each in near)}?" if near else ""
            raise OptionError(f"there is no entity {name!r}{hint or suggestion}")
        if len(slugs) == 1 and " " not in key:
            slugs += [slug for slug in self._with_family_name(key, slugs[0]) if slug not in slugs]
        if len(slugs) > 1:
            shown = ", ".join(slugs[:SHOWN])
            raise OptionError(f"{name!r} may be {shown}: give one of these slugs")
        return slugs[0]

    def _with_family_name(self, key: str, slug: str) -> list[str]:
        """Return the slugs of the persons whose names end with a word that is a name of one."""
        rows = self._connection.execute(
            "SELECT DISTINCT slug FROM aliases JOIN entities ON entities.id = entity_id"
            " WHERE type = 'person' AND substr(key, -length(:end)) = :end"
            " AND EXISTS (SELECT 1 FROM entities WHERE slug = :slug AND type = 'person')"
            " ORDER BY origin, slug LIMIT :shown",
            {"end": f" {key}", "slug": slug, "shown": SHOWN},
        )
        return [other for (other,) in rows]

    def name(self, slug: str) -> str:
        """Return the current name of an entity."""
        row = self._connection.execute("SELECT name FROM entities WHERE slug = ?", (slug,))
        return str(row.fetchone()[0])

    def check_spelt(self, slug: str, spelling: str) -> None:
        """Raise OptionError if no mention and no alias of an entity has this spelling."""
        counts: Counter[str] = Counter()
        for indexer in self.indexers:
            for surface, count in indexer.connection.execute(
                "SELECT surface, count(*) FROM mentions WHERE entity_id = :id GROUP BY 1"
                " UNION ALL SELECT alias, 0 FROM aliases WHERE entity_id = :id",
                {"id": indexer.entities.id_of(slug)},
            ):
                counts[surface] += count
        if joined_terms(spelling) not in map(joined_terms, counts):
            shown = ", ".join(surface for surface, _ in counts.most_common(SHOWN))
            raise OptionError(f"{slug} is never spelt {spelling!r}, but {shown}")

    def free_slug(self, name: str, besides: str) -> str:
        """Return the slug for a new entity; only the entity `besides` may have its name too.

        Raises OptionError if another entity has the name or the slug, or if the name gives no slug.
        """
        from slugify import slugify

        slug = slugify(name)
        named = (entity.slug for entity in self._names.entities(name_key(name)))
        taken = next((other for other in named if other != besides), None)
        if taken is None and (
            self._entities.id_of(slug) is not None
            or any(entity.slug == slug for entity in self._known)
        ):
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
        key = joined_terms(name)
        rows = self._connection.execute(
            "SELECT giver.slug, owner.slug, alias FROM aliases"
            " JOIN entities AS giver ON giver.id = ifnull(found_id, entity_id)"
            " LEFT JOIN entities AS owner ON owner.id = entity_id WHERE key = ?",
            (name_key(name),),
        )
        owners = {
            giver: owner for giver, owner, alias in rows.fetchall() if joined_terms(alias) == key
        }
        for entity in self._known:
            if key in map(joined_terms, (entity.name, *entity.aliases)):
                owners.setdefault(entity.slug, self.in_force.resolve(entity.slug, name))
        for giver, owner in sorted(owners.items()):
            if owner is None:
                raise self._hidden(giver)
            if owner != slug:
                raise OptionError(
                    f"{name} is a name of {owner} already: merge the two, or split it from {owner}"
                )
        return bool(owners)
