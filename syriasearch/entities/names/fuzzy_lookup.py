"""Fuzzy alias lookup: entities with an alias spelt similarly to a given name.

Candidates are the aliases with the skeleton of the name (see `phonetic`) and, if none of them is
near enough, those whose skeleton differs in one consonant. The distance (see `similarity`) is
computed for the candidates with the nearest forms. The nearest alias counts, with all that are
about as near (`AS_NEAR`), but only if they are aliases of one entity, or of several with the same
name; otherwise the name is ambiguous and has no result. Acronyms have no other spellings: aliases
in capitals do not count.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...text.arabic import has_arabic
from .phonetic import ENDS, LAST, WHOLE, latinized_tokens, name_keys, near_skeletons, phonetic_form
from .similarity import Spelling, distance, limit, spelling, spelling_of

AS_NEAR = (1.5, 0.02)
"""Factor a and offset b: if the nearest alias is at distance d, others up to a·d + b are about as
near."""
SAME = 0.08
"""Maximum distance between two aliases that are the same name."""
MAX_FORMS = 16
"""Maximum number of forms in each script for which the distance is computed, unless the total is at
most twice as many."""
MAX_BEARERS = 50
"""Maximum number of aliases with one form; a form of more aliases identifies no entity."""
ONLY_LAST = 0.04
"""Distance added for a match of a person's last name only."""
OTHER_SCRIPT = 0.1
"""Distance added for an alias in the other script, if its entity has one in the script of the
name."""
MAX_ACROSS = 300
"""Maximum number of forms in the other script that are ranked."""
OFFERED = 1.6
"""Factor by which names that are only suggested may exceed the limit of distance."""
_LAST_LATIN = "z"
"""The last letter with which the form of a name in Latin script can begin."""
_WEAK = str.maketrans("", "", "aeiouwyh")
LEAST = 3
"""Minimum length of the form of a name for a fuzzy look-up."""


class NamedEntity(NamedTuple):
    """An entity that a query names."""

    id: int
    slug: str
    name: str
    type: str


class AliasMatch(NamedTuple):
    """An entity with an alias that is spelt similarly to a name, and their distance."""

    distance: float
    alias: str
    entity: NamedEntity


class FuzzyLookup:
    """Fuzzy look-up of the aliases of one archive, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alias_keys'")
        self._known = found.fetchone() is not None

    def certain(
        self, name: str, types: tuple[str, ...], *, near: bool = True, most: float = 1.0
    ) -> tuple[NamedEntity, ...]:
        """Return the entity of which a name is a spelling, or all entities with that name.

        The result is empty if the name has no such entity or is ambiguous. Without `near` an alias
        must have exactly the skeleton of the name. `most` is the maximum distance; if it is below
        1, last names of persons do not count.
        """
        asked = spelling(name)
        parts = (WHOLE, LAST) if len(asked.tokens) == 1 and most >= 1 else (WHOLE, ENDS)
        for others in (False, True)[: 1 + near]:
            bearers = self._bearers(name, asked, types, parts, near=others)
            if bearers:
                return _unambiguous(bearers) if bearers[0].distance <= most else ()
        return ()

    def nearest(self, name: str, types: tuple[str, ...], most: int) -> tuple[NamedEntity, ...]:
        """Return at most `most` entities of which a name may be a spelling, the nearest first."""
        asked = spelling(name)
        parts = (WHOLE, ENDS) if len(asked.tokens) > 1 else (WHOLE, LAST)
        bearers = self._bearers(name, asked, types, parts, near=True, times=OFFERED)
        return tuple(dict.fromkeys(bearer.entity for bearer in bearers))[:most]

    def has_skeletons(self, skeletons: Iterable[str]) -> set[str]:
        """Return those of some skeletons that an alias has, or its first and last word."""
        if not self._known:
            return set()
        rows = self._connection.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS"
            " (SELECT 1 FROM alias_keys WHERE skeleton = value AND part != 'last')",
            (_listed(skeletons),),
        )
        return {bones for (bones,) in rows}

    def _bearers(
        self,
        name: str,
        asked: Spelling,
        types: tuple[str, ...],
        parts: tuple[str, ...],
        *,
        near: bool,
        times: float = 1.0,
    ) -> list[AliasMatch]:
        """Return the nearest alias of each entity, up to `times` the limit, the nearest first."""
        if not self._known or len(phonetic_form(name).replace(" ", "")) < LEAST:
            return []
        found: dict[int, AliasMatch] = {}
        for part, form, bones in self._forms(name, asked, parts, near=near):
            other = spelling_of(form)
            if distance(asked, other) > times * limit(asked, other):
                continue
            for bearer in self._with(asked, part, form, bones, times):
                known = found.get(bearer.entity.id)
                if bearer.entity.type in types and (known is None or bearer < known):
                    found[bearer.entity.id] = bearer
        return sorted(found.values(), key=lambda bearer: (bearer.distance, bearer.entity.slug))

    def _is_written_in(self, script_of: Spelling, entity: NamedEntity) -> bool:
        """Return whether an entity has an alias in the script of a name."""
        rows = self._connection.execute(
            "SELECT alias FROM aliases WHERE entity_id = ?", (entity.id,)
        )
        return any(has_arabic(alias) == script_of.arabic for (alias,) in rows)

    def _forms(
        self, name: str, asked: Spelling, parts: tuple[str, ...], *, near: bool
    ) -> Iterable[tuple[str, str, str]]:
        """Return part, form and skeleton of the candidates for a name."""
        own = list(dict.fromkeys(key.skeleton for key in name_keys(name)))
        own = own if near else own[:1]
        bones = [*own, *near_skeletons(own[0])] if near and own else own
        rows: list[tuple[str, str, str]] = self._connection.execute(
            "SELECT DISTINCT part, form, skeleton FROM json_each(?) AS asked"
            " CROSS JOIN alias_keys ON skeleton = asked.value"
            " WHERE part IN (SELECT value FROM json_each(?))",
            (_listed(bones), _listed(parts)),
        ).fetchall()
        return _nearest(phonetic_form(name), asked, own, rows)

    def _with(
        self, asked: Spelling, part: str, form: str, bones: str, times: float
    ) -> Iterator[AliasMatch]:
        """Yield the entities with a form whose aliases are near enough as a whole."""
        rows = self._connection.execute(
            "SELECT alias, entities.id, slug, name, type FROM alias_keys"
            " JOIN aliases ON aliases.id = alias_id JOIN entities ON entities.id = entity_id"
            " WHERE skeleton = ? AND part = ? AND form = ? LIMIT ?",
            (bones, part, form, MAX_BEARERS + 1),
        ).fetchall()
        if len(rows) > MAX_BEARERS:
            return
        for alias, *values in rows:
            entity = NamedEntity(*values)
            other = spelling_of(form) if part == LAST else spelling(alias)
            person = entity.type == "person"
            far = distance(asked, other, person=person)
            if alias.isupper():
                continue
            if part == LAST:
                far += ONLY_LAST
            if far > times * limit(asked, other, person=person):
                continue
            if other.arabic != asked.arabic and self._is_written_in(asked, entity):
                far += OTHER_SCRIPT
            if far <= times * limit(asked, other, person=person):
                yield AliasMatch(far, alias, entity)


def _nearest(
    form: str, asked: Spelling, bones: list[str], rows: list[tuple[str, str, str]]
) -> Iterable[tuple[str, str, str]]:
    """Return the rows whose forms are most similar to that of a name, in either script."""
    if len(rows) <= 2 * MAX_FORMS:
        return rows
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    own, across = [], []
    for row in rows:
        if (row[1][0] > _LAST_LATIN) == asked.arabic:
            own.append(row)
        elif row[2] in bones:
            across.append(row)
    found = process.extract(
        form, [row[1] for row in own], scorer=OSA.normalized_similarity, limit=MAX_FORMS
    )
    heard_alike = process.extract(
        _consonants(asked.tokens),
        [_consonants(latinized_tokens(row[1])) for row in across[:MAX_ACROSS]],
        scorer=OSA.normalized_similarity,
        limit=MAX_FORMS,
    )
    return [*(own[at] for *_, at in found), *(across[at] for *_, at in heard_alike)]


def _listed(texts: Iterable[str]) -> str:
    """Return texts of letters and digits as a JSON array, without importing `json` for a search."""
    return "[" + ",".join(f'"{text}"' for text in texts) + "]"


def _consonants(tokens: Iterable[str]) -> str:
    return " ".join(tokens).translate(_WEAK)


def _unambiguous(bearers: list[AliasMatch]) -> tuple[NamedEntity, ...]:
    """Return the entities of the nearest aliases if these are all the same name, else none."""
    first = bearers[0]
    farthest = AS_NEAR[0] * first.distance + AS_NEAR[1]
    near = [bearer for bearer in bearers if bearer.distance <= farthest]
    one = spelling(first.alias)
    if all(
        bearer.alias == first.alias or distance(one, spelling(bearer.alias)) <= SAME
        for bearer in near
    ):
        return tuple(bearer.entity for bearer in near)
    return ()
