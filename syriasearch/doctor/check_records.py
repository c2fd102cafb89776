"""Checks of records: what users have said, and what the gazetteer says of entities."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import cache

from ..entities.editing.corrections import read_corrections
from ..entities.entity_updates import names_of
from ..entities.gazetteer import Gazetteer
from ..entities.recognition_settings import Gazetteers
from ..errors import GazetteerError, OptionError, QuerySyntaxError
from ..store.deleted_articles import unpack_content
from ..store.odd_values import NOWHERE
from ..store.saved_searches import SavedSearchTable
from ..store.sql import fetch_int
from ..store.values import DamagedValueError
from .damage import Damage, Damages, count_damage


def record_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to records that cannot be derived from anything else."""
    try:
        corrections = read_corrections(connection)
    except DamagedValueError as error:
        yield Damage(str(error))
        return
    wrong = sum(each.entity == each.other for each in corrections)
    yield from count_damage(wrong, "corrections correct an entity to itself")
    if searches := SavedSearchTable(connection).all():
        from ..search.saved_searches import request_of  # not above: most archives have none

        wrong = _failing(request_of, searches, (OptionError, QuerySyntaxError))
        yield from count_damage(wrong, "saved searches have options that no search has")
    contents = connection.execute("SELECT content FROM deleted_articles WHERE content IS NOT NULL")
    wrong = _failing(unpack_content, (row[0] for row in contents), (DamagedValueError,))
    yield from count_damage(wrong, "deleted articles cannot be restored")
    try:
        Gazetteers(connection).whole()
    except GazetteerError as error:
        yield Damage(f"a gazetteer cannot be used ({error})")


def _failing(
    function: Callable[..., object], values: Iterable[object], errors: tuple[type[Exception], ...]
) -> int:
    """Return the number of values for which a function raises an error."""
    count = 0
    for value in values:
        try:
            function(value)
        except errors:
            count += 1
    return count


def description_damages(connection: sqlite3.Connection) -> Damages:
    """Yield the damage to entities that the gazetteer describes, or that follow each other."""
    count = fetch_int(connection, f"SELECT count(*) FROM entities WHERE {NOWHERE}")
    yield from count_damage(count, "entities have coordinates that are nowhere on earth", "names")
    gazetteer = Gazetteers(connection).whole()
    listed = {entity.slug: entity.follows for entity in gazetteer.entities}
    follows = dict(connection.execute("SELECT slug, follows FROM entities"))
    wrong = sum(
        _is_cyclic(follows, slug) or listed.get(slug) != other for slug, other in follows.items()
    )
    yield from count_damage(wrong, "entities follow others than they do", "names")
    wrong = _of_others(connection, gazetteer)
    yield from count_damage(wrong, "aliases are those of other entities", "names")


def _is_cyclic(follows: dict[str, str | None], slug: str) -> bool:
    """Return whether an entity comes after itself; at most all that follow another are visited."""
    at = follows[slug]
    for _ in range(len(follows)):
        if at is None or at == slug:
            return at is not None
        at = follows.get(at)
    return False


def _of_others(connection: sqlite3.Connection, gazetteer: Gazetteer) -> int:
    """Return the number of aliases of listed entities that only others have in the gazetteer."""
    listed = {entity.slug: entity for entity in gazetteer.entities}
    names = cache(lambda slug: {*names_of(listed[slug])})
    rows = connection.execute(
        "SELECT slug, alias FROM aliases JOIN entities ON entities.id = ifnull(found_id, entity_id)"
        " WHERE correction_id IS NULL"
    )
    odd = [alias for slug, alias in rows if slug in listed and alias not in names(slug)]
    known = {name for slug in (listed if odd else ()) for name in names(slug)}
    return sum(alias in known for alias in odd)
