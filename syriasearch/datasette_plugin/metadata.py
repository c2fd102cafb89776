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

RETRY_SECONDS = 60.0
"""The time after which a file that could not be read is tried again."""
_DESCRIPTIONS = ("description", "columns")
"""What a table's own page shows, which asks for the metadata of all databases."""
_cache: dict[tuple[str, str], tuple[float, str, str]] = {}
"""By a database's name and file: the time until which this is valid, metadata, and queries.

They are JSON because Datasette 0.65 modifies what a plugin returns, and apart because it asks for
metadata dozens of times for each page. An archive is read once: with a locked file each time would
wait.
"""


def _read(name: str, path: str | None) -> tuple[str, str]:
    """Return metadata and queries of a database under its name, as JSON; null if no archive."""
    if not path:
        return "null", "null"
    until, metadata, queries = _cache.get((name, path), (0.0, "null", "null"))
    if time.monotonic() > until:
        try:
            described = DatasetteConfig(path, names=[name], plugin=True).databases[name]
            queries = json.dumps(described.pop("queries"))
            metadata = json.dumps(described)
            until = math.inf
        except ArchiveError:
            until = time.monotonic() + RETRY_SECONDS
        _cache[name, path] = until, metadata, queries
    return metadata, queries


def is_described(name: str, path: str | None) -> bool:
    """Return whether a database is an archive, as far as its metadata could be read."""
    return _read(name, path)[0] != "null"


def all_metadata(datasette: Any, key: str | None = None) -> dict[str, Any]:
    """Return the metadata for the hook of Datasette 0.65, without queries.

    With the `key` that Datasette looks for, it is only what may be needed: Datasette copies all of
    it for each permission of a table.
    """
    texts = {name: _read(name, each.path)[0] for name, each in datasette.databases.items()}
    if key not in (None, "databases") and not any(f'"{key}":' in text for text in texts.values()):
        return {}
    found = {name: json.loads(text) for name, text in texts.items() if text != "null"}
    for database in found.values() if key == "tables" else ():
        database["tables"] = {
            name: {each: value for each, value in table.items() if each not in _DESCRIPTIONS}
            for name, table in database["tables"].items()
        }
    return {"databases": found}


async def queries_for(datasette: Any, name: str, actor: Any) -> dict[str, Any]:
    """Return the queries for the hook of Datasette 0.65, except those the user has defined."""
    queries = json.loads(_read(name, datasette.databases[name].path)[1])
    if not queries or not await datasette.permission_allowed(
        actor, "execute-sql", resource=name, default=True
    ):
        return {}
    defined = datasette.metadata("queries", database=name, fallback=False) or {}
    return {query: each for query, each in queries.items() if query not in defined}


async def set_metadata(datasette: Any) -> None:
    """Set metadata and queries in Datasette 1.0, which has no hooks for them."""
    if not hasattr(datasette, "add_query"):
        return
    for name, database in list(datasette.databases.items()):
        metadata, queries = map(json.loads, _read(name, database.path))
        if metadata:
            await _describe_database(datasette, name, metadata)
            for table, about in metadata["tables"].items():
                await _describe_table(datasette, name, table, about)
            for query, about in queries.items():
                if await datasette.get_query(name, query) is None:
                    await datasette.add_query(name, query, **about, is_trusted=False)


async def _describe_database(datasette: Any, name: str, ours: dict[str, Any]) -> None:
    present = await datasette.get_database_metadata(name)
    for key in ("title", "description"):
        if not present.get(key):
            await datasette.set_database_metadata(name, key, ours[key])


async def _describe_table(datasette: Any, name: str, table: str, ours: dict[str, Any]) -> None:
    present = await datasette.get_resource_metadata(name, table)
    if not present.get("description"):
        await datasette.set_resource_metadata(name, table, "description", ours["description"])
    for column, description in ours["columns"].items():
        present = await datasette.get_column_metadata(name, table, column)
        if not present.get("description"):
            await datasette.set_column_metadata(name, table, column, "description", description)
    config = datasette.config = datasette.config or {}
    for key in ("databases", name, "tables", table):
        config = config.setdefault(key, {})
    for key in ours.keys() - {"description", "columns"}:
        config.setdefault(key, ours[key])
