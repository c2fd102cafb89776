"""The doctor: checks whether an archive agrees with its own text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from ..store.second_reading import is_malformed
from ..text.patterns import regex
from .check_contents import content_damages, stem_damages, vocabulary_damages
from .check_duplicates import link_damages
from .check_records import description_damages, record_damages
from .check_rows import name_damages, row_damages
from .check_schema import id_damages, index_damages, page_damages, schema_damages, type_damages
from .check_values import value_damages
from .damage import Damage, Mend

_STOPPING = regex("table|not the archive's own")
"""Damage to the schema without whose repair nothing else can be checked."""

__all__ = ["Damage", "Mend", "find_damages"]


def find_damages(connection: sqlite3.Connection, reader: sqlite3.Connection) -> Iterator[Damage]:
    """Yield the damage to an archive, within a transaction that the caller rolls back.

    `reader` is another connection to the archive: while SQLite checks its pages and its text index
    on the first one, all text is read through the second. Damage that prevents other checks is
    reported without them.
    """
    damages = [*schema_damages(connection)]
    if any(
        damage.mend in (None, "marks") or _STOPPING.search(damage.message) for damage in damages
    ):
        yield from damages
        return
    damages += [*type_damages(connection), *id_damages(connection), *value_damages(connection)]
    if not any(damage.mend is None for damage in damages):
        damages += record_damages(connection)
    if any(damage.mend is None for damage in damages):
        yield from damages
        return
    with ThreadPoolExecutor(1) as pool:
        by_sqlite = pool.submit(_collect, _file_damages(connection))
        try:
            derived, failed = _collect(_derived_damages(reader))
        except BaseException:
            connection.interrupt()
            raise
        found, error = by_sqlite.result()
    yield from (*damages, *found)
    if any(damage.mend is None for damage in found):
        return
    yield from derived
    if error or failed:
        yield Damage(f"not all of it can be read ({error or failed})", by_reading=True)


def _collect(damages: Iterator[Damage]) -> tuple[list[Damage], str]:
    """Return the damage found before something could not be read, and the reason it could not."""
    found: list[Damage] = []
    try:
        for damage in damages:
            found.append(damage)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not is_malformed(error):
            raise
        # The error itself would keep the connection from being closed.
        return found, str(error)
    return found, ""


def _file_damages(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield the damage that SQLite itself finds, in the file and in its rows."""
    sound = True
    for damage in page_damages(connection):
        sound &= damage.mend is not None
        yield damage
    if sound:
        yield from row_damages(connection)
        unindexed = list(index_damages(connection))
        yield from unindexed or vocabulary_damages(connection)


def _derived_damages(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield the damage to what is derived from the text."""
    yield from name_damages(connection)
    yield from description_damages(connection)
    yield from stem_damages(connection)
    signed = True
    for damage in content_damages(connection):
        signed &= damage.mend != "copies"
        yield damage
    if signed:
        yield from link_damages(connection)
