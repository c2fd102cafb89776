"""Permissions: an archive's pages are for those who may see all tables that they show."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import Forbidden

from .. import ArchiveLockedError
from .archives import is_archive

TABLES = ("articles", "paragraphs", "mentions", "entities", "aliases")


async def visible_archives(datasette: Any, actor: dict[str, Any] | None) -> list[str]:
    """Return the names of the archives that an actor may see."""
    return [name for name in datasette.databases if await is_visible(datasette, actor, name)]


async def is_visible(datasette: Any, actor: dict[str, Any] | None, name: str) -> bool:
    """Tell whether a database is an archive that an actor may see, and that can be read now."""
    database = datasette.databases.get(name)
    try:
        return bool(
            database and await is_archive(database) and await may_see(datasette, actor, name)
        )
    except ArchiveLockedError:
        return False


async def may_see(datasette: Any, actor: dict[str, Any] | None, database: str) -> bool:
    """Tell whether an actor may see what the pages of an archive show.

    Datasette may read the database for that. Raises ArchiveLockedError if it cannot.
    """
    is_allowed = _is_allowed if hasattr(datasette, "allowed") else _is_allowed_in_0_65
    try:
        for table in TABLES:
            if not await is_allowed(datasette, actor, database, table):
                return False
    except sqlite3.OperationalError as error:
        raise ArchiveLockedError(f"{database} cannot be looked into: {error}") from error
    return True


async def _is_allowed(datasette: Any, actor: Any, database: str, table: str) -> bool:
    from datasette.resources import TableResource

    resource = TableResource(database=database, table=table)
    allowed: bool = await datasette.allowed(action="view-table", resource=resource, actor=actor)
    return allowed


async def _is_allowed_in_0_65(datasette: Any, actor: Any, database: str, table: str) -> bool:
    """Ask Datasette 0.65: the first of these permissions with an opinion decides."""
    permissions = [("view-table", (database, table)), ("view-database", database), "view-instance"]
    try:
        await datasette.ensure_permissions(actor, permissions)
    except Forbidden:
        return False
    return True
