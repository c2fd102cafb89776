"""Clusters: several archives (shards) that answer, and are filled, as one.

A cluster file names the shards (`configuration`). They are read and written as one archive
(`backend`), and either searched in this process, or by replicas on many machines (`served`), which
are actors of Ray (`serving`, `shard_server`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .backend import ClusterBackend


def open_cluster(path: Path) -> ClusterBackend:
    """Return the backend for a cluster's file. Raises ArchiveError."""
    from .configuration import LOCAL, read_configuration

    if read_configuration(path).address == LOCAL:
        from .backend import LocalBackend

        return LocalBackend(path)
    from .served import ServedBackend

    return ServedBackend(path)
