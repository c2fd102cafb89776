"""Datasette's configuration for an archive.

Datasette finds the search box on `paragraphs` and the foreign keys by itself. The configuration
adds descriptions of tables and columns, the column that labels a row, facets and sort orders,
queries, and time limits. The plugin, if installed, supplies all of it; for those who run Datasette
without it the same is written as files: `metadata.json`, which Datasette 0.65 reads completely and
1.0 except for its queries, `settings.json` for 0.65, and `datasette.yaml` with queries and settings
for 1.0.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..errors import OptionError
from ..store.connection import open_reader
from ..store.schema import describe_tables
from .config_files import ConfigFile
from .datasette_queries import QUERIES

SETTINGS = {
    "default_page_size": 50,
    "facet_time_limit_ms": 800,
    "sql_time_limit_ms": 1000,
    "suggest_facets": False,
}
"""Facets of a million rows take some 400 ms; suggesting more would take a query for each column."""

SHOWN: dict[str, dict[str, Any]] = {
    "articles": {
        "label_column": "title",
        "sort_desc": "published",
        "facets": ["source", "lang", "author"],
    },
    "paragraphs": {"label_column": "text", "facets": ["kind"]},
    "entities": {"label_column": "name", "facets": ["type"]},
    "corrections": {"label_column": "entity", "facets": ["action"]},
    "aliases": {"label_column": "alias", "facets": ["lang"]},
    "alias_keys": {"label_column": "form", "hidden": True},
    "mentions": {"label_column": "surface", "facets": ["entity_id"]},
    "words": {"label_column": "word", "sort_desc": "count"},
    "gazetteers": {"label_column": "name"},
    "settings": {"label_column": "name"},
    "ingest_runs": {"label_column": "started_at", "sort_desc": "id"},
    "ingest_problems": {"label_column": "path", "sort_desc": "id", "facets": ["lost"]},
    "files": {"label_column": "path"},
    "signatures": {"label_column": "id", "hidden": True},
    "bands": {"label_column": "id", "hidden": True},
    "segments": {"label_column": "id", "hidden": True},
    "postings": {"label_column": "id", "hidden": True},
    "saved_searches": {"label_column": "name"},
    "saved_hits": {"label_column": "article_id", "sort_desc": "id", "facets": ["search_id"]},
    "_sqlite_migrations": {"label_column": "name", "hidden": True},
    "paragraphs_fts": {"hidden": True},
}
"""The way each table is shown, in Datasette's own terms."""


def tables() -> dict[str, dict[str, Any]]:
    """Return the metadata of an archive's tables, as Datasette 0.65 and 1.0 read it."""
    descriptions = describe_tables()
    return {name: {**descriptions[name]._asdict(), **shown} for name, shown in SHOWN.items()}


def queries() -> dict[str, dict[str, Any]]:
    """Return the queries that come with an archive, as Datasette 0.65 and 1.0 read them."""
    return {
        name: {
            "title": query.title,
            "description": query.description,
            "hide_sql": True,
            "sql": query.sql,
        }
        for name, query in QUERIES.items()
    }


def describe() -> dict[str, Any]:
    """Return the metadata of one archive."""
    return {
        "title": "News on the Syrian conflict",
        "description": "An archive made by syriasearch: search it with its queries, "
        "and follow mentions from an entity to where it is named.",
        "tables": tables(),
        "queries": queries(),
    }


class DatasetteConfig:
    """Configuration of Datasette 0.65 and 1.0 for some archives.

    `names` are those under which Datasette shows them; by default those it would give them itself.
    Raises ArchiveError for a file that is not an archive, OptionError for a cluster.
    """

    def __init__(
        self, *archives: str | os.PathLike[str], names: Sequence[str] | None = None
    ) -> None:
        self.archives = tuple(Path(each) for each in archives)
        for path in self.archives:
            if path.suffix == ".toml":
                raise OptionError(
                    f"{path} is a cluster, and Datasette shows archives: name its shards"
                )
            open_reader(path).close()  # raises ArchiveError for a file that is not an archive
        self.names = tuple(names or shown_as(self.archives))
        self.databases = {name: describe() for name in self.names}

    @property
    def metadata(self) -> dict[str, Any]:
        """The content of metadata.json."""
        return {"databases": self.databases}

    @property
    def config(self) -> dict[str, Any]:
        """The content of datasette.yaml: what 1.0 does not read from metadata.json."""
        asked = {name: {"queries": told["queries"]} for name, told in self.databases.items()}
        return {"settings": self.settings, "databases": asked}

    @property
    def settings(self) -> dict[str, Any]:
        """The content of settings.json: limits, for 0.65."""
        return dict(SETTINGS)

    def write(self, directory: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write the files into a folder, merged with those already there, and return their paths.

        A user's own changes are kept. Raises OptionError for a file that cannot be written, or is
        not Datasette's.
        """
        folder = Path(directory)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OptionError(f"the folder {folder} cannot be made: {error.strerror}") from error
        files = [
            (ConfigFile.in_folder(folder, "metadata", ".json"), self.metadata),
            (ConfigFile.in_folder(folder, "settings", ".json", only=True), self.settings),
            (ConfigFile.in_folder(folder, "datasette", ".yaml"), self.config),
        ]
        merged = [(file, file.merged(told)) for file, told in files]
        for file, content in merged:
            file.write(content)
        return tuple(file.path for file, _ in merged)


def shown_as(archives: Iterable[Path]) -> list[str]:
    """Return the names under which Datasette shows files: the stem, numbered if several share it.

    >>> shown_as([Path("a/syria.db"), Path("b/syria.db")])
    ['syria', 'syria_2']
    """
    names: list[str] = []
    for path in archives:
        name, number = path.stem, 1
        while name in names:
            number += 1
            name = f"{path.stem}_{number}"
        names.append(name)
    return names


def write_metadata(archive: Path) -> None:
    """Write an archive's metadata next to it, if that can be done without damage to another file.

    Queries are updated only if the file already has some. Offering them is the user's choice:
    Datasette 0.65 lets everybody run them, even on tables that are private.
    """
    file = ConfigFile.in_folder(archive.parent, "metadata", ".json")
    told = describe()
    try:
        there = file.read().get("databases", {}).get(archive.stem, {})
        if "queries" not in there:
            del told["queries"]
        file.write(file.merged({"databases": {archive.stem: told}}))
    except OptionError:
        return
