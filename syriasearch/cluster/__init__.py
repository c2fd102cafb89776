"""How do several archives answer as one?

A file describes which archives are the shards of a cluster (`configuration`), and where an article
goes (`placing`). Their files are opened (`opening`), where they belong together (`belonging`), and
the words of all of them are looked up together (`vocabulary`). Either this process searches them
(`local`), or processes on many machines do (`serving`), which Ray starts and finds (`ray_cluster`):
each answers what it is asked of its shard (`sessions`) through connections of its own (`channels`).
Who asks (`served`) knows which replicas answer (`replicas`), and asks another where one fails
(`conversations`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .belonging import check_together
from .configuration import LOCAL, Configuration, ShardFile, read_configuration
from .local import LocalShards

if TYPE_CHECKING:
    from .served import ServedShards

__all__ = ["Configuration", "LocalShards", "ShardFile", "check_together", "open_cluster"]


def open_cluster(path: Path) -> LocalShards | ServedShards:
    """Return the shards that a cluster's file describes, to be asked. Raises ArchiveError."""
    if read_configuration(path).address == LOCAL:
        return LocalShards(path)
    from .served import ServedShards

    return ServedShards(path)
