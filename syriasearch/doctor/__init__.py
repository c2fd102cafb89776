"""Is everything in an archive what its text says?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from .check_contents import content_damages, stem_damages, vocabulary_damages
from .check_duplicates import link_damages
from .check_rows import name_damages, row_damages
from .check_schema import (
    index_damages,
    page_damages,
    schema_damages,
    type_damages,
)
from .damage import Damage, Mend

__all__ = ["Damage", "Mend", "find_damages"]


def find_damages(connection: sqlite3.Connection, beside: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what is wrong with an archive, inside a transaction that is then rolled back.

    `beside` is another connection to it: while SQLite looks at its pages and its index of the text,
    all text is read through that one. Some 600 articles a second on two processors. What is so
    damaged that other things cannot be looked at is told alone.
    """
    damages = [*schema_damages(connection)]
    if any(damage.mend in (None, "marks") or "table" in damage.message for damage in damages):
        yield from damages
        return
    damages += type_damages(connection)
    if any(damage.mend is None for damage in damages):
        yield from damages
        return
    with ThreadPoolExecutor(1) as pool:
        by_sqlite = pool.submit(_tried, _told_by_sqlite(connection))
        try:
            derived, failed = _tried(_derived(beside))
        except BaseException:
            connection.interrupt()
            raise
        told, error = by_sqlite.result()
    yield from (*damages, *told)
    if any(damage.mend is None for damage in told):
        return
    yield from derived
    if error or failed:
        yield Damage(f"not all of it can be read ({error or failed})")


def _tried(damages: Iterator[Damage]) -> tuple[list[Damage], str]:
    """Return what is told before something cannot be read, and why it cannot."""
    found: list[Damage] = []
    try:
        for damage in damages:
            found.append(damage)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # The error itself would keep the connection from being closed.
        return found, str(error)
    return found, ""


def _told_by_sqlite(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what is wrong with the file, and with rows: what SQLite finds by itself."""
    sound = True
    for damage in page_damages(connection):
        sound &= damage.mend is not None
        yield damage
    if sound:
        yield from row_damages(connection)
        unindexed = list(index_damages(connection))
        yield from unindexed or vocabulary_damages(connection)


def _derived(connection: sqlite3.Connection) -> Iterator[Damage]:
    yield from name_damages(connection)
    yield from stem_damages(connection)
    signed = True
    for damage in content_damages(connection):
        signed &= damage.mend != "copies"
        yield damage
    if signed:
        yield from link_damages(connection)
