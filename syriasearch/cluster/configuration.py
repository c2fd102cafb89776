"""Which archives are the shards of a cluster, and how are they asked? What its file says.

address = "local"        # "local": in this process
replicas = 1
timeout_s = 2.0          # a shard that does not answer in that time is told as missing
[[shards]]
path = "syria-0.db"      # beside the file, or in a folder below; or an absolute path
"""

from __future__ import annotations

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
    """Its path, as the cluster's file has it."""
    path: Path


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the file of a cluster says."""

    path: Path
    shards: tuple[ShardFile, ...]
    address: str = LOCAL
    replicas: int = 1
    timeout_s: float = 2.0

    @property
    def names(self) -> tuple[str, ...]:
        """What each shard is called where it is told of."""
        return tuple(each.name for each in self.shards)


def new_configuration(path: Path, address: str, shards: int) -> Configuration:
    """Return what the file of a new cluster is to say. Raises OptionError."""
    check_new(path, shards)
    folder = path.parent.resolve()
    names = (f"{path.stem}-{number}.db" for number in range(shards))
    files = (ShardFile(name, folder / name) for name in names)
    return Configuration(path, tuple(files), address)


def check_new(path: Path, shards: int) -> None:
    """Check the name of a new cluster's file, and how many shards it has. Raises OptionError."""
    if path.suffix != ".toml":
        raise OptionError(f"a cluster's file is named .toml, not {path.name}")
    if type(shards) is not int or not 0 < shards <= MAX_SHARDS:
        raise OptionError(f"shards takes a number from 1 to {MAX_SHARDS:,}, not {shards!r}")


def read_configuration(path: Path) -> Configuration:
    """Return what a cluster's file says.

    Raises ArchiveNotFoundError where there is none, OptionError for what it cannot say.
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
    said = _parse(path, text)
    for key, value in said.items():
        if key not in _KEYS:
            raise OptionError(f"{path} has an unknown key {key!r}: it takes {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool):
            raise OptionError(f"{path} has another {key} than it can take: {value!r}")
    if not 0 < said.get("replicas", 1) <= MAX_SHARDS:
        raise OptionError(f"{path}: replicas takes a number from 1 to {MAX_SHARDS:,}")
    if not 0 < said.get("timeout_s", 1) <= MAX_SECONDS:
        raise OptionError(f"{path}: timeout_s takes a number above 0, of {MAX_SECONDS:,} at most")
    shards = tuple(_shard(path, each) for each in said.pop("shards", ()))
    if not shards:
        raise OptionError(f"{path} names no shards: add [[shards]] with path = …")
    known: dict[Path, str] = {}
    for shard in shards:
        if (first := known.setdefault(shard.path, shard.name)) is not shard.name:
            raise OptionError(f"{path} names one shard twice: {first} and {shard.name}")
    return Configuration(path, shards, **said)


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        import tomllib
    except ImportError:  # Python 3.10
        tomllib = import_extra("tomli", "this Python reads a cluster's file with tomli")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise OptionError(f"{path} is not TOML: {error}") from error


def _shard(path: Path, said: Any) -> ShardFile:
    if not isinstance(said, dict) or set(said) != {"path"} or not isinstance(said["path"], str):
        raise OptionError(f"{path}: each of [[shards]] has a path, and nothing else, not {said!r}")
    name = said["path"]
    if not name or "\0" in name:
        raise OptionError(f"{path}: {name!r} is no path of a shard")
    folder = path.parent.resolve()
    try:
        there = (folder / name).resolve()
    except (OSError, RuntimeError) as error:
        raise OptionError(f"{path}: the shard {name} is a link that leads nowhere") from error
    if not Path(name).is_absolute() and folder not in there.parents:
        raise OptionError(
            f"{path}: the shard {name} is outside of the folder: name it by its absolute path"
        )
    return ShardFile(name, there)


def write_configuration(told: Configuration) -> None:
    """Write what a cluster's file says, in one step: who reads sees the old or the new.

    Raises ArchiveError.
    """
    lines = [
        f"address = {json.dumps(told.address, ensure_ascii=False)}",
        f"replicas = {told.replicas}",
        f"timeout_s = {float(told.timeout_s)}",
    ]
    for shard in told.shards:
        lines += ["", "[[shards]]", f"path = {json.dumps(shard.name, ensure_ascii=False)}"]
    written = told.path.with_name(f"{told.path.name}.{os.getpid()}.new")
    try:
        told.path.parent.mkdir(parents=True, exist_ok=True)
        with written.open("w", encoding="utf-8") as stream:
            stream.write("\n".join(lines) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        written.replace(told.path)
    except OSError as error:
        raise ArchiveError(f"{told.path} cannot be written: {error.strerror}") from error
