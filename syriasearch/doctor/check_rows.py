"""Checks of rows: whether they refer to existing rows, and agree with them."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from ..entities.editing.corrections import ActiveCorrections, Named, read_corrections
from ..entities.editing.scoped_coverage import ScopedCoverage
from ..entities.entity_slugs import is_slug_of
from ..entities.names.known_keys import KnownKeys
from ..store.sql import fetch_int
from ..text.patterns import regex
from .damage import Damage, Damages, Mend, count_damage

_CHECKS = Path(__file__).parent / "data" / "row_checks.sql"
_CHECK = regex(r"^-- (\w+): (.+)\n([^;]+);", re.MULTILINE)
_WITHOUT_NAMES = (
    "SELECT count(*) FROM entities WHERE id NOT IN (SELECT ifnull(found_id, entity_id)"
    " FROM aliases WHERE found_id IS NOT NULL OR entity_id IS NOT NULL)"
)
_MENTIONS = (
    'SELECT paragraph_id, start, "end", surface, ifnull(found_id, entity_id), entity_id, found_id,'
    " article_id, position FROM mentions CROSS JOIN paragraphs ON paragraphs.id = paragraph_id"
)


class Orphan(NamedTuple):
    """A row that refers to a row that does not exist."""

    table: str
    id: int | None
    """Its rowid; None in a table without."""
    parent: str
    key: int
    """The index of the table's foreign key that is violated."""


def orphans_of(connection: sqlite3.Connection) -> list[Orphan]:
    """Return the orphaned rows, except mentions of a missing entity, which are found by article."""
    orphans = map(Orphan._make, connection.execute("PRAGMA foreign_key_check"))
    return [each for each in orphans if (each.table, each.parent) != ("mentions", "entities")]


def read_checks() -> list[tuple[Mend, str, str]]:
    """Return the checks of rows in SQL: a repair, a message, and a query for ids of articles."""
    return _CHECK.findall(_CHECKS.read_text("utf-8"))


def row_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to rows that can be found in SQL."""
    for table, count in Counter(each.table for each in orphans_of(connection)).items():
        yield Damage(f"{count:,} rows of {table} belong to what is not there", "orphans")
    for mend, message, sql in read_checks():
        found = [article for (article,) in connection.execute(sql)]
        yield from count_damage(len(found), message, mend, sorted(set(found)))


def name_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to entities, their names, and the effects of corrections."""
    yield from _entity_damages(connection)
    yield from _key_damages(connection)
    yield from _correction_damages(connection)


def _entity_damages(connection: sqlite3.Connection) -> Damages:
    rows = connection.execute(
        "SELECT slug, ifnull(found_name, name) FROM entities"
        " WHERE origin NOT IN ('gazetteer', 'correction')"
    )
    wrong = sum(not is_slug_of(slug, name) for slug, name in rows)
    yield from count_damage(wrong, "entities have another slug than their name", "names")
    nameless = fetch_int(connection, _WITHOUT_NAMES)
    yield from count_damage(nameless, "entities have no alias", "names")


def wrong_keys(connection: sqlite3.Connection) -> tuple[list[tuple[str, int]], list[int]]:
    """Return the aliases whose `key` does not match their name, and those with wrong `alias_keys`.

    The former come with the right key. In an archive with corrections, a name may have the keys of
    the entity that it belonged to before.
    """
    corrected = fetch_int(connection, "SELECT count(*) FROM corrections")
    keys: defaultdict[int, list[list[str]]] = defaultdict(list)
    for alias_id, *key in connection.execute(
        "SELECT alias_id, skeleton, form, part FROM alias_keys"
    ):
        keys[alias_id].append(key)
    known = KnownKeys()
    others: list[tuple[str, int]] = []
    wrong: list[int] = []
    for alias_id, alias, key, entity_type in connection.execute(
        "SELECT aliases.id, alias, key, type FROM aliases"
        " LEFT JOIN entities ON entities.id = entity_id"
    ):
        person = entity_type == "person"
        true_key, phonetic = known.of(alias, person=person)
        if key != true_key:
            others.append((true_key, alias_id))
        stored = sorted(keys[alias_id])
        if stored == phonetic:
            continue
        if not corrected or (
            stored != known.of(alias, person=not person)[1] and (stored or entity_type is not None)
        ):
            wrong.append(alias_id)
    return others, wrong


def _key_damages(connection: sqlite3.Connection) -> Damages:
    others, wrong = wrong_keys(connection)
    aliases = {alias for _, alias in others}.union(wrong)
    yield from count_damage(len(aliases), "aliases have other keys than their names", "keys")


def _correction_damages(connection: sqlite3.Connection) -> Damages:
    """Yield damage where mentions, names or aliases do not agree with the corrections."""
    in_force = ActiveCorrections(read_corrections(connection))
    slugs = dict(connection.execute("SELECT id, slug FROM entities"))
    subjects = [number for number, slug in slugs.items() if slug in in_force.subjects]
    wrong = sum(_wrong_mentions(connection, in_force, slugs, subjects))
    if wrong:
        yield Damage(f"{wrong:,} mentions do not agree with the corrections", "corrections")
    wrong = 0
    for alias, *ids in connection.execute(
        "SELECT alias, ifnull(found_id, entity_id), entity_id, found_id FROM aliases"
    ):
        wrong += not _agrees(slugs, in_force.resolve(slugs.get(ids[0], ""), alias), *ids)
    names = connection.execute("SELECT slug, name, found_name FROM entities")
    for slug, name, found_name in names:
        new_name = in_force.names.get(slug)
        wrong += new_name is not None and name != new_name
        wrong += (new_name is None) != (found_name is None)
    if wrong:
        message = f"{wrong:,} entities or aliases do not agree with the corrections"
        yield Damage(message, "corrections")


def _wrong_mentions(
    connection: sqlite3.Connection,
    in_force: ActiveCorrections,
    slugs: dict[int, str],
    subjects: list[int],
) -> Iterable[int]:
    """Yield the numbers, in parts, of mentions of another entity than the corrections require."""
    chosen = ", ".join(map(str, subjects))
    spoken_of = (
        "paragraph_id IN (SELECT paragraph_id FROM mentions"
        f" WHERE ifnull(found_id, entity_id) IN ({chosen}))"
    )
    # In a paragraph that names no subject of a correction, each mention keeps the entity found
    # there.
    yield fetch_int(
        connection,
        "SELECT count(*) FROM mentions WHERE (found_id IS NOT NULL OR entity_id IS NULL)"
        f" AND NOT {spoken_of}",
    )
    rows_of = connection.execute(f"{_MENTIONS} WHERE {spoken_of} ORDER BY paragraph_id")
    coverage = ScopedCoverage(connection, in_force)
    for _, some in groupby(rows_of, key=itemgetter(0)):
        rows = list(some)
        named = [
            Named(start, end, slugs.get(found, ""), text) for _, start, end, text, found, *_ in rows
        ]
        owners = in_force.resolve_all(named, coverage.of(*rows[0][-2:]))
        for row, owner in zip(rows, owners, strict=True):
            yield not _agrees(slugs, owner, *row[4:7])


def _agrees(
    slugs: dict[int, str],
    owner: str | None,
    found: int | None,
    entity_id: int | None,
    found_id: int | None,
) -> bool:
    """Return whether a row of mentions or aliases agrees with the corrections of its name."""
    if owner == slugs.get(found or 0):
        return entity_id == found and found_id is None
    return found_id == found and owner == (None if entity_id is None else slugs.get(entity_id))
