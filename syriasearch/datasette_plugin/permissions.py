"""Permissions: an archive's pages are for those who may see all tables that they show."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import Forbidden

from .. import ArchiveLockedError

TABLES = ("articles", "paragraphs", "mentions", "entities", "aliases")


async def may_see(datasette: Any, actor: dict[str, Any] | None, database: str) -> bool:
    """Tell whether an actor may see what the pages of an archive show.

    Datasette may read the database for that. Raises ArchiveLockedError if it cannot.
    """
    check = _in_new if hasattr(datasette, "allowed") else _in_old
    try:
        for table in TABLES:
            if not await check(datasette, actor, database, table):
                return False
    except sqlite3.OperationalError as error:
        raise ArchiveLockedError(f"{database} cannot be looked into: {error}") from error
    return True


async def _in_new(datasette: Any, actor: Any, database: str, table: str) -> bool:
    """Ask Datasette 1.0."""
    from datasette.resources import TableResource

    resource = TableResource(database=database, table=table)
    allowed: bool = await datasette.allowed(action="view-table", resource=resource, actor=actor)
    return allowed


async def _in_old(datasette: Any, actor: Any, database: str, table: str) -> bool:
    """Ask Datasette 0.65: the first of these with an opinion decides."""
    asked = [("view-table", (database, table)), ("view-database", database), "view-instance"]
    try:
        await datasette.ensure_permissions(actor, asked)
    except Forbidden:
        return False
    return True
