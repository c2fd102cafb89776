"""Which shards does an archive of many have, and where are they asked?

address = "local"        # or host:port, as `ray start --head` prints it
replicas = 1             # so many processes answer for each shard
timeout_s = 2.0          # a shard that has not answered by then is named as missing

[[shards]]
path = "syria-0.db"      # beside this file, or absolute
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ArchiveError, ArchiveNotFoundError, OptionError
from .ray_cluster import LOCAL

MOST_SHARDS = 1000
_KEYS = {"address": str, "replicas": int, "timeout_s": (int, float), "shards": list}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a cluster file says."""

    file: Path
    shards: tuple[Path, ...]
    address: str = LOCAL
    replicas: int = 1
    timeout_s: float = 2.0

    def names(self) -> list[str]:
        """Return what each shard is called where it is told of."""
        return [path.name for path in self.shards]


def read_configuration(file: str | os.PathLike[str]) -> Configuration:
    """Read a cluster file. Raises ArchiveError with a line that says what is wrong in it."""
    path = Path(file)
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        try:
            import tomli as tomllib
        except ModuleNotFoundError as error:
            raise OptionError(
                "cluster files need tomli: pip install 'syriasearch[cluster]'"
            ) from error
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ArchiveNotFoundError(f"there is no {path}: `ingest --cluster` makes one") from error
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ArchiveError(f"{path} is no cluster file ({error}): mend it") from error
    return _checked(path, given)


def _checked(file: Path, given: Mapping[str, Any]) -> Configuration:
    for key, value in given.items():
        if key not in _KEYS:
            raise ArchiveError(f"{file}: there is no key {key!r}: take {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool):  # type: ignore[arg-type]
            raise ArchiveError(f"{file}: {key} cannot be {value!r}")
    if given.get("replicas", 1) < 1 or not given.get("timeout_s", 1) > 0:
        raise ArchiveError(f"{file}: replicas and timeout_s must be more than nothing")
    shards = []
    for each in given.get("shards", ()):
        if not (isinstance(each, dict) and set(each) == {"path"} and isinstance(each["path"], str)):
            raise ArchiveError(f"{file}: a shard is told by its path, and nothing else: {each!r}")
        shards.append(shard_path(file, each["path"]))
    if not shards:
        raise ArchiveError(f"{file} names no shards: write [[shards]] with a path for each")
    if len(set(shards)) < len(shards):
        raise ArchiveError(f"{file} names a shard twice")
    plain = {key: value for key, value in given.items() if key != "shards"}
    return Configuration(file, tuple(shards), **plain)


def shard_path(file: Path, path: str) -> Path:
    """Return where a shard lies: as it is written where that is absolute, else beside the file.

    Raises ArchiveError for a path that leads out of the file's folder.
    """
    if not path or "\0" in path:
        raise ArchiveError(f"{file}: {path!r} is no path of a shard")
    if Path(path).is_absolute():
        return Path(path)
    folder = file.resolve().parent
    found = (folder / path).resolve()
    if not found.is_relative_to(folder) or found == folder:
        raise ArchiveError(
            f"{file}: the shard {path!r} lies outside of the file's folder: write its whole path"
        )
    return found


def new_configuration(file: str | os.PathLike[str], address: str, shards: int) -> Configuration:
    """Return what a new cluster file is to say. Raises OptionError."""
    path = Path(file)
    if path.suffix != ".toml":
        raise OptionError(f"{path} is no name of a cluster file: let it end in .toml")
    if not 1 <= shards <= MOST_SHARDS:
        raise OptionError(f"there are 1 to {MOST_SHARDS} shards, not {shards}")
    paths = (shard_path(path, f"{path.stem}-{number}.db") for number in range(shards))
    return Configuration(path, tuple(paths), address)


def write_configuration(configuration: Configuration) -> None:
    """Write a cluster file, whole or not at all. Raises ArchiveError."""
    file = configuration.file
    folder = file.resolve().parent
    lines = [
        f"address = {json.dumps(configuration.address)}",
        f"replicas = {configuration.replicas}",
        f"timeout_s = {configuration.timeout_s}",
    ]
    for path in configuration.shards:
        inside = path.relative_to(folder) if path.is_relative_to(folder) else path
        # A text in JSON is one in TOML.
        lines += ["", "[[shards]]", f"path = {json.dumps(str(inside), ensure_ascii=False)}"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{file.name}.new")
        new.write_text("\n".join(lines) + "\n", encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise ArchiveError(f"{file} cannot be written: {error.strerror}") from error
