"""The cluster file: which archives are the shards of a cluster, and how they are asked.

address = "local"        # "local": in this process; or host:port of a Ray cluster
replicas = 1
timeout_s = 2.0          # a shard that does not answer in that time is reported as missing
[[shards]]
path = "syria-0.db"      # beside the file, or in a folder below; or an absolute path
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ArchiveError, ArchiveNotFoundError, OptionError
from ..errors.faults import import_extra

LOCAL = "local"
"""The address of a cluster that is on this machine alone."""
MAX_SHARDS = 1024
MAX_SECONDS = 86_400
_KEYS: dict[str, tuple[type, ...]] = {
    "address": (str,),
    "replicas": (int,),
    "timeout_s": (int, float),
    "shards": (list,),
}


@dataclass(frozen=True, slots=True)
class ShardFile:
    """One of the archives of a cluster."""

    name: str
    """Its path as written in the cluster's file."""
    path: Path


@dataclass(frozen=True, slots=True)
class Configuration:
    """The contents of a cluster's file."""

    path: Path
    shards: tuple[ShardFile, ...]
    address: str = LOCAL
    replicas: int = 1
    timeout_s: float = 2.0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the shards."""
        return tuple(each.name for each in self.shards)


def new_configuration(path: Path, address: str, shards: int) -> Configuration:
    """Return the contents of a new cluster's file. Raises OptionError."""
    check_new(path, shards)
    folder = path.parent.resolve()
    names = (f"{path.stem}-{number}.db" for number in range(shards))
    files = (ShardFile(name, folder / name) for name in names)
    return Configuration(path, tuple(files), address)


def check_new(path: Path, shards: int) -> None:
    """Raise OptionError for an invalid name of a new cluster's file, or number of shards."""
    if path.suffix != ".toml":
        raise OptionError(f"a cluster's file is named .toml, not {path.name}")
    if type(shards) is not int or not 0 < shards <= MAX_SHARDS:
        raise OptionError(f"shards takes a number from 1 to {MAX_SHARDS:,}, not {shards!r}")


def read_configuration(path: Path) -> Configuration:
    """Read a cluster's file.

    Raises ArchiveNotFoundError if there is none, OptionError for invalid contents.
    """
    if path.suffix != ".toml":
        raise OptionError(f"{path} is no cluster's file: that is named .toml")
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ArchiveNotFoundError(
            f"no cluster at {path}: `syriasearch cluster split` and `ingest --cluster` make one"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{path} cannot be read: {error}") from error
    found = _parse(path, text)
    for key, value in found.items():
        if key not in _KEYS:
            raise OptionError(f"{path} has an unknown key {key!r}: it takes {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool):
            raise OptionError(f"{path} has another {key} than it can take: {value!r}")
    if not 0 < found.get("replicas", 1) <= MAX_SHARDS:
        raise OptionError(f"{path}: replicas takes a number from 1 to {MAX_SHARDS:,}")
    if not 0 < found.get("timeout_s", 1) <= MAX_SECONDS:
        raise OptionError(f"{path}: timeout_s takes a number above 0, of {MAX_SECONDS:,} at most")
    shards = tuple(_shard(path, each) for each in found.pop("shards", ()))
    if not shards:
        raise OptionError(f"{path} names no shards: add [[shards]] with path = …")
    known: dict[Path, str] = {}
    for shard in shards:
        if (first := known.setdefault(shard.path, shard.name)) is not shard.name:
            raise OptionError(f"{path} names one shard twice: {first} and {shard.name}")
    return Configuration(path, shards, **found)


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        import tomllib
    except ImportError:  # Python 3.10
        tomllib = import_extra("tomli", "this Python reads a cluster's file with tomli")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise OptionError(f"{path} is not TOML: {error}") from error


def _shard(path: Path, table: Any) -> ShardFile:
    if not isinstance(table, dict) or set(table) != {"path"} or not isinstance(table["path"], str):
        raise OptionError(f"{path}: each of [[shards]] has a path, and nothing else, not {table!r}")
    name = table["path"]
    if not name or "\0" in name:
        raise OptionError(f"{path}: {name!r} is no path of a shard")
    folder = path.parent.resolve()
    try:
        file = (folder / name).resolve()
    except (OSError, RuntimeError) as error:
        raise OptionError(f"{path}: the shard {name} is a link that leads nowhere") from error
    if not Path(name).is_absolute() and folder not in file.parents:
        raise OptionError(
            f"{path}: the shard {name} is outside of the folder: name it by its absolute path"
        )
    return ShardFile(name, file)


def write_configuration(configuration: Configuration) -> None:
    """Write a cluster's file, in one step: readers see the old or the new. Raises ArchiveError."""
    lines = [
        f"address = {json.dumps(configuration.address, ensure_ascii=False)}",
        f"replicas = {configuration.replicas}",
        f"timeout_s = {float(configuration.timeout_s)}",
    ]
    for shard in configuration.shards:
        lines += ["", "[[shards]]", f"path = {json.dumps(shard.name, ensure_ascii=False)}"]
    written = configuration.path.with_name(f"{configuration.path.name}.{os.getpid()}.new")
    try:
        configuration.path.parent.mkdir(parents=True, exist_ok=True)
        with written.open("w", encoding="utf-8") as stream:
            stream.write("\n".join(lines) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        written.replace(configuration.path)
    except OSError as error:
        raise ArchiveError(f"{configuration.path} cannot be written: {error.strerror}") from error


def shard_of(path: str, shards: int) -> int:
    """Return the index of the shard, of a number of shards, for an article with this path.

    It depends only on the path below the source root: the same folder gives the same shards on
    every machine, and an article whose folder has moved is found where it is.
    """
    digest = hashlib.blake2b(path.encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards
