"""Datasette's configuration for an archive.

Datasette finds the search box on `paragraphs` and the foreign keys by itself. The configuration
adds descriptions of tables and columns, the column that labels a row, facets and sort orders,
queries, and time limits. The plugin, if installed, supplies all of it; for those who run Datasette
without it the same is written as files: `metadata.json`, which Datasette 0.65 reads completely and
1.0 except for its queries, `settings.json` for 0.65, and `datasette.yaml` with queries and settings
for 1.0.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import OptionError
from ..store.connection import open_reader
from ..store.schema import describe_tables
from ..text.patterns import regex

DATA = Path(__file__).parent / "data"
"""The queries, and how each table is shown, in Datasette's own terms."""
SETTINGS = {
    "default_page_size": 50,
    "facet_time_limit_ms": 800,
    "sql_time_limit_ms": 1000,
    "suggest_facets": False,
}
"""Facets of a million rows take some 400 ms; suggesting more would take a query for each column."""
WITHOUT_PLUGIN = (
    " The query search_in_plain_sql searches in any Datasette; with the plugin of syriasearch there"
    " is a search page, too."
)
"""What the description of an archive adds for a Datasette without the plugin."""
MARK = "syriasearch_wrote"
"""The key of a database's entries that has their digest, which shows if a person edited them."""
_QUERY = regex(
    r"^-- (?P<kind>query|part): (?P<name>\w+)\n"
    r"(?:-- title: (?P<title>.+)\n)?"
    r"(?P<description>(?:-- .+\n)+)"
    r"(?P<sql>(?:.+\n)+)",
    re.MULTILINE,
)


def queries() -> dict[str, dict[str, Any]]:
    """Return the queries that come with an archive, as Datasette 0.65 and 1.0 read them."""
    text = (DATA / "datasette_queries.sql").read_text("utf-8")
    parts: dict[str, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for match in _QUERY.finditer(text):
        name, sql = match["name"], match["sql"].rstrip()
        for part, its_sql in parts.items():
            sql = sql.replace(f"{{{part}}}", its_sql)
        if match["kind"] == "part":
            parts[name] = sql
        else:
            description = re.sub(r"(?:^|\n)-- ", " ", match["description"]).strip()
            about = {"title": match["title"], "description": description}
            found[name] = {**about, "hide_sql": True, "sql": sql}
    return found


def tables(*, plugin: bool = False) -> dict[str, dict[str, Any]]:
    """Return the metadata of an archive's tables, as Datasette 0.65 and 1.0 read it.

    Without the plugin, descriptions say what to do instead. Columns of a table whose
    `described_columns` is false are not described: Datasette lists them above the rows, which would
    not be on the first screen.
    """
    shown = json.loads((DATA / "datasette_tables.json").read_text("utf-8"))
    found = {}
    for name, table in describe_tables().items():
        about = {**table._asdict(), **shown[name]}
        without_plugin = about.pop("without_plugin", "")
        if without_plugin and not plugin:
            about["description"] += " " + without_plugin
        if not about.pop("described_columns", True):
            about["columns"] = {}
        found[name] = about
    return {name: found[name] for name in shown}


def describe_archive(*, plugin: bool = False) -> dict[str, Any]:
    """Return the metadata of one archive, for a Datasette with the plugin or without it."""
    search = "" if plugin else WITHOUT_PLUGIN
    return {
        "title": "News on the Syrian conflict",
        "description": "An archive made by syriasearch: search it with its queries, "
        "and follow mentions from an entity to where it is named." + search,
        "tables": tables(plugin=plugin),
        "queries": queries(),
    }


class DatasetteConfig:
    """Configuration of Datasette 0.65 and 1.0 for some archives.

    `names` are those under which Datasette shows them; by default those it would give them itself.
    With `plugin` descriptions do not say what to do without it.
    Raises ArchiveError for a file that is not an archive, OptionError for a cluster.
    """

    def __init__(
        self,
        *archives: str | os.PathLike[str],
        names: Sequence[str] | None = None,
        plugin: bool = False,
    ) -> None:
        self.archives = tuple(Path(each) for each in archives)
        for path in self.archives:
            if path.suffix == ".toml":
                raise OptionError(
                    f"{path} is a cluster, and Datasette shows archives: name its shards"
                )
            open_reader(path).close()  # raises ArchiveError for a file that is not an archive
        self.names = tuple(names or shown_as(self.archives))
        self.databases = {name: describe_archive(plugin=plugin) for name in self.names}

    @property
    def metadata(self) -> dict[str, Any]:
        """The content of metadata.json."""
        return {"databases": self.databases}

    @property
    def config(self) -> dict[str, Any]:
        """The content of datasette.yaml: what 1.0 does not read from metadata.json."""
        databases = {name: {"queries": each["queries"]} for name, each in self.databases.items()}
        return {"settings": self.settings, "databases": databases}

    @property
    def settings(self) -> dict[str, Any]:
        """The content of settings.json: limits, for 0.65."""
        return dict(SETTINGS)

    def write(self, directory: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write the files into a folder, and return their paths.

        A file that the program wrote is replaced, but for its entries on other archives. Raises
        OptionError, and writes nothing, if a file was written or edited by a person, or cannot be
        written.
        """
        folder = Path(directory)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OptionError(f"the folder {folder} cannot be made: {error.strerror}") from error
        contents = {
            folder / "metadata.json": self.metadata,
            folder / "settings.json": self.settings,
            folder / "datasette.yaml": self.config,
        }
        earlier = {path: _read(path, content) for path, content in contents.items()}
        for path, content in contents.items():
            _write(path, content, earlier[path])
        return tuple(contents)


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
    """Write an archive's metadata next to it, unless a person wrote or edited that file.

    Queries are updated only if the file already has some. Offering them is the user's choice:
    Datasette 0.65 lets everybody run them, even on tables that are private.
    """
    path = archive.parent / "metadata.json"
    entries = describe_archive()
    with suppress(OptionError):
        earlier = _read(path, {})
        if "queries" not in earlier.get(archive.stem, {}):
            del entries["queries"]
        _write(path, {"databases": {archive.stem: entries}}, earlier)


def _read(path: Path, ours: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of each database in a file that the program wrote; empty without a file.

    Raises OptionError for a file that cannot be read, or that is not as the program wrote it, with
    `ours` besides the databases. So is one that Datasette reads in its place.
    """
    suffixes = () if path.stem == "settings" else (".json", ".yaml", ".yml")
    for other in (path.with_suffix(suffix) for suffix in suffixes):
        if other != path and other.exists():
            raise _edited(other)
    try:
        text = path.read_text(encoding="utf-8")
        content = _parse(path, text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OptionError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _edited(path) from error
    databases: Any = content.get("databases", {}) if isinstance(content, dict) else None
    is_ours = (
        isinstance(databases, dict)
        and {**content, "databases": {}} == {**ours, "databases": {}}
        and all(isinstance(each, dict) for each in databases.values())
        and all(each.get(MARK) == _digest(each) for each in databases.values())
        and _dump(path, content) == text
    )
    if not is_ours:
        raise _edited(path)
    return dict(databases)


def _edited(path: Path) -> OptionError:
    return OptionError(
        f"{path} is not as the program wrote it, and stays: move it away, or name another folder "
        "with --directory, and copy what you need"
    )


def _write(path: Path, content: dict[str, Any], earlier: dict[str, Any]) -> None:
    """Write a file, which keeps the entries of other databases, unless it has this content.

    Raises OptionError.
    """
    ours = content.get("databases", {})
    marked = {name: {**each, MARK: _digest(each)} for name, each in ours.items()}
    if marked:
        content = {**content, "databases": {**earlier, **marked}}
    text = _dump(path, content)
    draft = path.with_name(path.name + ".new")
    try:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OptionError(f"{path} cannot be written: {error.strerror}") from error


def _digest(entries: dict[str, Any]) -> str:
    """Return the digest of a database's entries, without the one that they have."""
    unmarked = {key: value for key, value in entries.items() if key != MARK}
    return hashlib.sha256(json.dumps(unmarked, default=str).encode()).hexdigest()[:16]


def _parse(path: Path, text: str) -> Any:
    """Return what a file in JSON or YAML says. Raises ValueError."""
    if path.suffix == ".json":
        return json.loads(text)
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _dump(path: Path, content: dict[str, Any]) -> str:
    if path.suffix == ".json":
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes text of several lines in literal style."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
