"""Configuration files that both the program and a person edit.

A file that the program writes records, for each database, which of its entries are the program's,
as digests of their path and value under `syriasearch_wrote`. An entry that still has its digest is
replaced, or removed if it is not needed any more; one that a person changed stays as it is, and one
that a person removed is not added again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import OptionError

MARK = "syriasearch_wrote"
"""The key under which the digests of the program's entries are recorded."""
_YAML = (".yaml", ".yml")
_COMMENT = re.compile(r"(?:^|\s)#", re.MULTILINE)
_Place = tuple[str, ...]


class ConfigFile(NamedTuple):
    """A file in JSON or YAML that Datasette reads."""

    path: Path

    @classmethod
    def in_folder(cls, folder: Path, name: str, suffix: str, *, only: bool = False) -> ConfigFile:
        """Return the existing file with this name, or else the one with the given suffix.

        Datasette prefers JSON to YAML; with `only` no other suffix is tried.
        """
        suffixes = (suffix,) if only else (".json", *_YAML)
        there = (folder / f"{name}{each}" for each in suffixes)
        return cls(next((path for path in there if path.exists()), folder / f"{name}{suffix}"))

    def read(self) -> dict[str, Any]:
        """Return the content of the file; empty if it does not exist.

        Raises OptionError for a file that cannot be read, or is not Datasette's.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
            content = self._load(text) if text.strip() else {}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise OptionError(f"{self.path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise OptionError(f"{self.path} is damaged: mend it, or move it away") from error
        known = isinstance(content, dict) and (
            not content or self.path.stem == "settings" or bool(content.keys() & _TOP)
        )
        if not known or not _mappings(content.get("databases")):
            raise OptionError(f"{self.path} is not Datasette's: move it away, or name a folder")
        return dict(content)

    def merged(self, ours: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content of the file with our entries for each database merged into it.

        Raises OptionError as `read` does.
        """
        theirs = self.read()
        databases = dict(theirs.get("databases", {}))
        for name, told in ours.get("databases", {}).items():
            databases[name] = _renewed(told, databases.get(name, {}))
        other = {key: value for key, value in ours.items() if key != "databases"}
        merged: dict[str, Any] = _joined(other, theirs)
        return merged | ({"databases": databases} if databases else {})

    def write(self, content: Mapping[str, Any]) -> None:
        """Write the file, unless it already has this content.

        Raises OptionError if it cannot be written, or has comments that would be lost.
        """
        if self.path.exists() and self.read() == content:
            return
        if self._has_comments():
            raise OptionError(
                f"{self.path} has comments, which would be lost: move it away, or name another "
                "folder with --directory, and copy what you need"
            )
        draft = self.path.with_name(self.path.name + ".new")
        try:
            draft.write_text(self._dump(content), encoding="utf-8")
            draft.replace(self.path)
        except OSError as error:
            raise OptionError(f"{self.path} cannot be written: {error.strerror}") from error

    def _has_comments(self) -> bool:
        yaml = self.path.suffix in _YAML and self.path.exists()
        return yaml and _COMMENT.search(self.path.read_text(encoding="utf-8")) is not None

    def _load(self, text: str) -> Any:
        if self.path.suffix not in _YAML:
            return json.loads(text)
        import yaml

        try:
            return yaml.safe_load(text) or {}
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error

    def _dump(self, content: Mapping[str, Any]) -> str:
        if self.path.suffix not in _YAML:
            return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        import yaml

        class Dumper(yaml.SafeDumper):
            """Writes text of several lines in literal style."""

        def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
            style = "|" if "\n" in value else None
            return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

        Dumper.add_representer(str, text)
        return yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)


_TOP = {
    *("about", "about_url", "allow", "allow_sql", "databases", "description", "description_html"),
    *("extra_css_urls", "extra_js_urls", "license", "license_url", "permissions", "plugins"),
    *("settings", "source", "source_url", "title"),
}
"""The top-level keys of such a file."""


def _mappings(databases: Any) -> bool:
    """Return whether a value is valid under `databases`: a mapping of mappings, or nothing."""
    if databases is None:
        return True
    return isinstance(databases, dict) and all(
        isinstance(each, dict) for each in databases.values()
    )


def _renewed(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a database's entries: theirs, and ours except where they changed or removed one."""
    wrote = set(str(theirs.get(MARK, "")).split())
    there = {place for place, _ in _entries(theirs)}
    kept = _without(theirs, {place for place, each in _marked(theirs).items() if each in wrote})
    kept.pop(MARK, None)
    marks = _marked(ours)
    removed = {place for place, each in marks.items() if each in wrote and place not in there}
    joined: dict[str, Any] = _joined(_without(ours, removed), kept)
    return {**joined, MARK: " ".join(sorted(set(marks.values())))}


def _entries(mapping: Mapping[str, Any], place: _Place = ()) -> Iterator[tuple[_Place, Any]]:
    """Yield the values that are not mappings, with the keys that lead to them."""
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield from _entries(value, (*place, str(key)))
        else:
            yield (*place, str(key)), value


def _marked(mapping: Mapping[str, Any]) -> dict[_Place, str]:
    """Return the digest of each entry."""
    return {
        place: hashlib.sha256(json.dumps([place, value], default=str).encode()).hexdigest()[:8]
        for place, value in _entries(mapping)
    }


def _without(mapping: Mapping[str, Any], gone: set[_Place], place: _Place = ()) -> dict[str, Any]:
    """Return a mapping without some entries, and without mappings that become empty by that."""
    kept: dict[str, Any] = {}
    for key, value in mapping.items():
        here = (*place, str(key))
        if isinstance(value, dict):
            inner = _without(value, gone, here)
            if inner or not value:
                kept[key] = inner
        elif here not in gone:
            kept[key] = value
    return kept


def _joined(ours: Any, theirs: Any) -> Any:
    """Merge two nested mappings, in our order; their values override ours."""
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return theirs
    both = {key: _joined(ours[key], theirs[key]) for key in ours if key in theirs}
    return {**ours, **theirs, **both}
