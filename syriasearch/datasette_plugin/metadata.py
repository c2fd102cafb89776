"""The metadata that Datasette gets for the archives it shows.

All that `DatasetteConfig` says: descriptions, facets, labels, queries. The user's own files take
precedence. Databases that are not archives are left alone. The queries are offered to those who may
run SQL of their own, so they show nothing that a person cannot see.
"""

from __future__ import annotations

import json
import math
import time
from typing import Any

from .. import ArchiveError, DatasetteConfig
from .sql_functions import tell_errors

AGAIN_SECONDS = 60.0
"""The time after which a file that could not be read is tried again."""
_told: dict[tuple[str, str], tuple[float, str]] = {}
"""The metadata by a database's name and file, as JSON, and the time until which it is valid.

It is JSON because Datasette 0.65 modifies what a plugin returns. An archive is read once: Datasette
asks many times for each page, and with a locked file each time would wait.
"""


def metadata_of(name: str, path: str | None) -> dict[str, Any] | None:
    """Return the metadata of a database that Datasette shows under a name; None if no archive."""
    if not path:
        return None
    until, text = _told.get((name, path), (0.0, "null"))
    if time.monotonic() > until:
        try:
            text = json.dumps(DatasetteConfig(path, names=[name]).databases[name])
            until = math.inf
        except ArchiveError:
            until = time.monotonic() + AGAIN_SECONDS
        _told[name, path] = until, text
    said: dict[str, Any] | None = json.loads(text)
    return said


def metadata(datasette: Any) -> dict[str, Any]:
    """Return the metadata for the hook of Datasette 0.65."""
    every = {name: metadata_of(name, each.path) for name, each in datasette.databases.items()}
    described = {
        name: {key: value for key, value in each.items() if key != "queries"}
        for name, each in every.items()
        if each
    }
    return {"databases": described}


async def questions(datasette: Any, name: str, actor: Any) -> dict[str, Any]:
    """Return the queries for the hook of Datasette 0.65, except those the user has defined."""
    ours = metadata_of(name, datasette.databases[name].path)
    if not ours or not await datasette.permission_allowed(
        actor, "execute-sql", resource=name, default=True
    ):
        return {}
    theirs = datasette.metadata("queries", database=name, fallback=False) or {}
    return {query: asked for query, asked in ours["queries"].items() if query not in theirs}


async def start(datasette: Any) -> None:
    """Set the metadata in Datasette 1.0, which has no hooks for `metadata` and `questions`."""
    tell_errors(datasette)
    if not hasattr(datasette, "add_query"):
        return
    for name, database in list(datasette.databases.items()):
        ours = metadata_of(name, database.path)
        if ours:
            await _tell_database(datasette, name, ours)
            for table, described in ours["tables"].items():
                await _tell_table(datasette, name, table, described)
            for query, asked in ours["queries"].items():
                if await datasette.get_query(name, query) is None:
                    await datasette.add_query(name, query, **asked, is_trusted=False)


async def _tell_database(datasette: Any, name: str, ours: dict[str, Any]) -> None:
    there = await datasette.get_database_metadata(name)
    for key in ("title", "description"):
        if not there.get(key):
            await datasette.set_database_metadata(name, key, ours[key])


async def _tell_table(datasette: Any, name: str, table: str, ours: dict[str, Any]) -> None:
    there = await datasette.get_resource_metadata(name, table)
    if not there.get("description"):
        await datasette.set_resource_metadata(name, table, "description", ours["description"])
    for column, description in ours["columns"].items():
        known = await datasette.get_column_metadata(name, table, column)
        if not known.get("description"):
            await datasette.set_column_metadata(name, table, column, "description", description)
    config = datasette.config = datasette.config or {}
    for key in ("databases", name, "tables", table):
        config = config.setdefault(key, {})
    for key in ours.keys() - {"description", "columns"}:
        config.setdefault(key, ours[key])
