"""Look-up of entities by name: exactly by its key, or by a similar spelling.

Candidates for a name that is no alias are the aliases with its skeleton (see `phonetic`) and, if
none of them is near enough, those whose skeleton differs in one consonant. The distance (see
`similarity`) is computed for the candidates with the nearest forms. The nearest alias counts, with
all that are about as near (`AS_NEAR`), but only if they are aliases of one entity, or of several
with the same name; otherwise the name is ambiguous and has no result. A person that only rules have
found, in few places, makes the name of a listed one no less certain. Acronyms have no other
spellings: aliases in capitals do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...text.arabic import has_arabic, name_key
from ...text.edit_distance import farthest, nearest, other_beginnings
from .name_lookup import NamedEntity, NameLookup
from .phonetic import ENDS, LAST, WHOLE, latinized_tokens, name_keys, near_skeletons, phonetic_form
from .readings import given_first, is_acronym
from .similarity import Spelling, distance, is_spelling, limit, spelling, spelling_of

AS_NEAR = (1.5, 0.02)
"""Factor a and offset b: if the nearest alias is at distance d, others up to a·d + b are about as
near."""
SAME = 0.08
"""Maximum distance between two aliases that are the same name."""
MAX_FORMS = 16
"""Maximum number of forms in each script for which the distance is computed, unless the total is at
most twice as many."""
MAX_ALIASES = 50
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
MIN_FORM = 3
"""Minimum length of the form of a name for a look-up by similar spelling."""
MIN_KEY = 4
"""Minimum length of a name's key for suggestions by edit distance."""
FEW_MENTIONS = 10
"""Maximum number of mentions of a person found by rules who is no rival of a listed person."""
MUCH_RARER = 10
"""Factor by which the mentions of a person found by rules are too few for a rival of a listed
one."""
_LAST_LATIN = "z"
"""The last letter with which the form of a name in Latin script can begin."""
_WEAK = str.maketrans("", "", "aeiouwyh")

_Form = tuple[str, str, str]
"""Part, form and skeleton of rows of `alias_keys`: a plain tuple, since there may be many."""


class AliasMatch(NamedTuple):
    """An entity with an alias that is spelt similarly to a name, and their distance."""

    distance: float
    alias: str
    entity: NamedEntity


class AliasLookup(NameLookup):
    """Look-up of the entities of one archive by their names, through one connection."""

    def named(
        self, name: str, types: tuple[str, ...], *, exact: bool = False
    ) -> tuple[NamedEntity, ...]:
        """Return the entities of some types that have this name, in any spelling, or this slug.

        With `exact` only the spellings of aliases count. A slug is resolved through merges.
        """
        from ..editing.corrections import ActiveCorrections, read_corrections

        slug = ActiveCorrections(read_corrections(self._connection)).resolve(name)
        rows = self._connection.execute(
            "SELECT id, slug, name, type FROM entities WHERE slug = ?", (slug,)
        )
        found = [NamedEntity(*row) for row in rows] or self.called(name)
        fitting = tuple(entity for entity in found if entity.type in types)
        return fitting if fitting or exact else self.resolve(given_first(name), types)

    def resolve(
        self, name: str, types: tuple[str, ...], *, near: bool = True, max_distance: float = 1.0
    ) -> tuple[NamedEntity, ...]:
        """Return the entity of which a name is a spelling, or all entities with that name.

        The result is empty if the name has no such entity or is ambiguous. Without `near` an alias
        must have exactly the skeleton of the name. If `max_distance` is below 1, last names of
        persons do not count.
        """
        asked = spelling(name)
        parts = (WHOLE, LAST) if len(asked.tokens) == 1 and max_distance >= 1 else (WHOLE, ENDS)
        for similar in (False, True)[: 1 + near]:
            matches = self._matches(name, asked, types, parts, near=similar)
            if matches:
                strays = self.strays(match.entity for match in matches)
                rivals = _rivals([match for match in matches if match.entity not in strays])
                found = _unambiguous(rivals) if rivals[0].distance <= max_distance else ()
                # A nearer name takes nothing away from one that is as good as the same.
                lone = rivals[0].distance if len(asked.tokens) == 1 else SAME
                same = [
                    match.entity
                    for match in matches
                    if match.distance <= min(SAME, max_distance, lone)
                    and (len(asked.tokens) > 1 or match.entity in strays)
                    and (len(asked.tokens) > 1 or has_arabic(match.alias) == asked.arabic)
                ]
                return tuple(dict.fromkeys((*found, *same))) if found else ()
        return ()

    def strays(self, entities: Iterable[NamedEntity]) -> set[NamedEntity]:
        """Return those of some entities who are no rivals of a listed person among them.

        These are persons that only rules have found, in few places or in far fewer.
        """
        persons = [entity for entity in entities if entity.type == "person"]
        listed = [entity for entity in persons if self.is_listed(entity)]
        if not listed or len(listed) == len(persons):
            return set()
        most = max(
            self.mentions(entity.id, MUCH_RARER * MUCH_RARER * FEW_MENTIONS) for entity in listed
        )
        few = max(FEW_MENTIONS, most // MUCH_RARER)
        return {
            entity
            for entity in set(persons).difference(listed)
            if self.mentions(entity.id, few + 1) <= few
        }

    def with_spellings(self, name: str, found: tuple[NamedEntity, ...]) -> tuple[NamedEntity, ...]:
        """Return the entities that have a name as it is written, and others it is a spelling of.

        There are others only if rules have found all that have it: a name of one article takes
        nothing away from those that the query named before.
        """
        if not found:
            return found
        ids = ", ".join(str(entity.id) for entity in found)
        listed = self._connection.execute(
            f"SELECT 1 FROM entities WHERE id IN ({ids})"
            " AND (type != 'person' OR origin != 'rules')"
        ).fetchone()
        if listed:
            return found
        asked = spelling(name)
        parts = (WHOLE, LAST) if len(asked.tokens) == 1 else (WHOLE,)
        matches = self._matches(name, asked, ("person",), parts, near=True)
        others = (match.entity for match in matches if match.distance <= SAME)
        return tuple(dict.fromkeys((*found, *others)))

    def suggest(self, name: str, types: tuple[str, ...], limit: int) -> tuple[NamedEntity, ...]:
        """Return at most `limit` entities of some types with the aliases most similar to a name."""
        asked = spelling(name)
        parts = (WHOLE, ENDS) if len(asked.tokens) > 1 else (WHOLE, LAST)
        matches = self._matches(name, asked, types, parts, near=True, times=OFFERED)
        entities = (match.entity for match in matches) if matches else self._misspelt(name, types)
        return tuple(dict.fromkeys(entities))[:limit]

    def matches(self, name: str, types: tuple[str, ...]) -> list[AliasMatch]:
        """Return the entities of which a name may be a spelling, the nearest alias of each first.

        Unlike `resolve` it tells how near, and does not choose.
        """
        asked = spelling(name)
        parts = (WHOLE, ENDS) if len(asked.tokens) > 1 else (WHOLE, LAST)
        return self._matches(name, asked, types, parts, near=True)

    def has_skeletons(self, skeletons: Iterable[str]) -> set[str]:
        """Return those of some skeletons that an alias has, or its first and last word."""
        rows = self._connection.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS"
            " (SELECT 1 FROM alias_keys WHERE skeleton = value AND part != 'last')",
            (_json_array(skeletons),),
        )
        return {skeleton for (skeleton,) in rows}

    def _misspelt(self, name: str, types: tuple[str, ...]) -> Iterator[NamedEntity]:
        """Yield the entities with a key at the least edit distance from that of a name."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        key = name_key(name)
        if len(key) < MIN_KEY:
            return
        edits = farthest(key)
        # At two edits the initial is the same, so few keys are read.
        rows = self._connection.execute(
            "SELECT DISTINCT key FROM aliases WHERE key >= ? AND key < ?"
            " AND length(key) BETWEEN ? AND ? AND entity_id IS NOT NULL"
            " UNION SELECT aliases.key FROM json_each(?) AS other"
            " CROSS JOIN aliases ON aliases.key = other.value"
            " WHERE entity_id IS NOT NULL",
            (
                key[0],
                key[0] + "\U0010ffff",
                len(key) - edits,
                len(key) + edits,
                _json_array(other_beginnings(key)),
            ),
        )
        keys = [alias_key for (alias_key,) in rows]
        matches = process.extract(key, keys, scorer=OSA.distance, score_cutoff=edits, limit=None)
        for match in nearest(key, sorted(matches, key=lambda match: (match[1], match[0]))):
            yield from (entity for entity in self.entities(match[0]) if entity.type in types)

    def _matches(
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
        if len(phonetic_form(name).replace(" ", "")) < MIN_FORM:
            return []
        found: dict[int, AliasMatch] = {}
        for row in self._candidates(name, asked, parts, near=near):
            other = spelling_of(row[1])
            if not is_spelling(asked, other, times * limit(asked, other)):
                continue
            for match in self._with_form(asked, row, times):
                known = found.get(match.entity.id)
                if match.entity.type in types and (known is None or match < known):
                    found[match.entity.id] = match
        return sorted(found.values(), key=lambda match: (match.distance, match.entity.slug))

    def _candidates(
        self, name: str, asked: Spelling, parts: tuple[str, ...], *, near: bool
    ) -> list[_Form]:
        """Return the forms that are compared with a name."""
        own = list(dict.fromkeys(key.skeleton for key in name_keys(name)))
        own = own if near else own[:1]
        skeletons = [*own, *near_skeletons(own[0])] if near and own else own
        rows = self._connection.execute(
            "SELECT DISTINCT part, form, skeleton FROM json_each(?) AS asked"
            " CROSS JOIN alias_keys ON skeleton = asked.value"
            " WHERE part IN (SELECT value FROM json_each(?))",
            (_json_array(skeletons), _json_array(parts)),
        )
        return _nearest_forms(phonetic_form(name), asked, own, rows.fetchall())

    def _with_form(self, asked: Spelling, row: _Form, times: float) -> Iterator[AliasMatch]:
        """Yield the entities with a form whose aliases are near enough as a whole."""
        part, form, skeleton = row
        rows = self._connection.execute(
            "SELECT alias, entities.id, slug, name, type FROM alias_keys"
            " JOIN aliases ON aliases.id = alias_id JOIN entities ON entities.id = entity_id"
            " WHERE skeleton = ? AND part = ? AND form = ? LIMIT ?",
            (skeleton, part, form, MAX_ALIASES + 1),
        ).fetchall()
        if len(rows) > MAX_ALIASES:
            return
        for alias, *values in rows:
            entity = NamedEntity(*values)
            person = entity.type == "person"
            if is_acronym(alias, person=person):
                continue
            last = part == LAST
            other = spelling_of(form) if last else spelling(given_first(alias) if person else alias)
            far = distance(asked, other, person=person) + (ONLY_LAST if last else 0)
            max_distance = times * limit(asked, other, person=person)
            if far <= max_distance and other.arabic != asked.arabic:
                scripts = map(has_arabic, self.aliases(entity.id))
                far += OTHER_SCRIPT if asked.arabic in scripts else 0
            if far <= max_distance:
                yield AliasMatch(far, alias, entity)


def _nearest_forms(
    form: str, asked: Spelling, skeletons: list[str], forms: list[_Form]
) -> list[_Form]:
    """Return the forms that are most similar to that of a name, in either script."""
    if len(forms) <= 2 * MAX_FORMS:
        return forms
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    own, across = [], []
    for row in forms:
        if (row[1][0] > _LAST_LATIN) == asked.arabic:
            own.append(row)
        elif row[2] in skeletons:
            across.append(row)
    across = across[:MAX_ACROSS]
    written = process.extract(
        form, [row[1] for row in own], scorer=OSA.normalized_similarity, limit=MAX_FORMS
    )
    sounding = process.extract(
        _consonants(asked.tokens),
        [_consonants(latinized_tokens(row[1])) for row in across],
        scorer=OSA.normalized_similarity,
        limit=MAX_FORMS,
    )
    return [*(own[index] for *_, index in written), *(across[index] for *_, index in sounding)]


def _json_array(texts: Iterable[str]) -> str:
    """Return texts of letters and digits as a JSON array, without importing `json` for a search."""
    return "[" + ",".join(f'"{text}"' for text in texts) + "]"


def _consonants(tokens: Iterable[str]) -> str:
    return " ".join(tokens).translate(_WEAK)


def _rivals(matches: list[AliasMatch]) -> list[AliasMatch]:
    """Return the nearest match and those that may be meant as well.

    A surname that is an alias of one person means nobody else with that surname, nor a name in the
    other script that is less near.
    """
    first = matches[0]
    key, arabic = name_key(first.alias), has_arabic(first.alias)
    return [
        match
        for match in matches
        if match.distance == first.distance
        or name_key(match.alias) == key
        or (has_arabic(match.alias) == arabic and not name_key(match.alias).endswith(f" {key}"))
    ]


def _unambiguous(matches: list[AliasMatch]) -> tuple[NamedEntity, ...]:
    """Return the entities of the nearest aliases if these are all the same name, else none."""
    first = matches[0]
    max_distance = AS_NEAR[0] * first.distance + AS_NEAR[1]
    near = [match for match in matches if match.distance <= max_distance]
    own = spelling(first.alias)
    same = (
        match.alias == first.alias or distance(own, spelling(match.alias)) <= SAME for match in near
    )
    return tuple(match.entity for match in near) if all(same) else ()
