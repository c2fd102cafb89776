"""Permissions: an archive's pages are for those who may see all tables that they show."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from datasette import Forbidden
from datasette.utils import actor_matches_allow

from .. import ArchiveLockedError, ArchiveNotFoundError
from .archives import is_archive

TABLES = ("articles", "paragraphs", "mentions", "entities", "aliases")
SAVED = ("saved_searches", "saved_hits")
"""The tables that the pages of saved searches show besides."""
CORRECTIONS = "corrections"
"""The table in which an actor must be allowed to write."""

PERMITTED = "syriasearch.permitted"
"""The key in a request's scope that says that its actor may see an archive."""


async def has_archive(datasette: Any, actor: dict[str, Any] | None) -> bool:
    """Tell whether an actor may see any archive."""
    for name in datasette.databases:
        if await is_visible(datasette, actor, name):
            return True
    return False


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
    except (ArchiveLockedError, ArchiveNotFoundError):
        return False


async def may_see(
    datasette: Any,
    actor: dict[str, Any] | None,
    database: str,
    tables: tuple[str, ...] = TABLES,
) -> bool:
    """Tell whether an actor may see what the pages of an archive show, or some tables.

    Datasette may read the database for that. Raises ArchiveNotFoundError and ArchiveLockedError if
    it cannot.
    """
    is_allowed = _is_allowed if hasattr(datasette, "allowed") else _is_visible_in_0_65
    try:
        for table in tables:
            if not await is_allowed(datasette, actor, "view-table", database, table):
                return False
    except sqlite3.OperationalError as error:
        path = datasette.databases[database].path
        if path and not Path(path).exists():
            raise ArchiveNotFoundError(f"there is no file {path}") from error
        raise ArchiveLockedError(f"{database} cannot be looked into: {error}") from error
    return True


async def may_correct(
    datasette: Any, actor: dict[str, Any] | None, database: Any, *, undo: bool = False
) -> bool:
    """Tell whether an actor may make corrections in an archive, or `undo` them.

    That is inserting rows into the table of corrections, or updating them. Nobody may write into a
    database that is served as immutable.
    """
    if not database.is_mutable:
        return False
    action = "update-row" if undo else "insert-row"
    is_allowed = _is_allowed if hasattr(datasette, "allowed") else _may_write_in_0_65
    return await is_allowed(datasette, actor, action, database.name, CORRECTIONS)


async def _is_allowed(datasette: Any, actor: Any, action: str, database: str, table: str) -> bool:
    from datasette.resources import TableResource

    resource = TableResource(database=database, table=table)
    allowed: bool = await datasette.allowed(action=action, resource=resource, actor=actor)
    return allowed


async def _is_visible_in_0_65(
    datasette: Any, actor: Any, action: str, database: str, table: str
) -> bool:
    """Ask Datasette 0.65: the first of these permissions with an opinion decides."""
    permissions = [(action, (database, table)), ("view-database", database), "view-instance"]
    try:
        await datasette.ensure_permissions(actor, permissions)
    except Forbidden:
        return False
    return True


async def _may_write_in_0_65(
    datasette: Any, actor: Any, action: str, database: str, table: str
) -> bool:
    """Ask Datasette 0.65, which has no such permission of its own.

    A plugin may have an opinion; then the block `permissions` of the metadata counts, as that of
    Datasette 1.0 does: of the table, the database, or the whole. By default it is root.
    """
    allow = {"id": "root"}
    for where in ({"database": database, "table": table}, {"database": database}, {}):
        permissions = datasette.metadata("permissions", fallback=False, **where) or {}
        if action in permissions:
            allow = permissions[action]
            break
    default = actor_matches_allow(actor, allow)
    allowed = await datasette.permission_allowed(actor, action, (database, table), default)
    return bool(allowed)
