"""What runs on the machines of a cluster while an archive is filled?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..cluster.ray_cluster import PLACED
from ..drafting import Drafted
from ..recognition import Names
from .making import Made, make
from .partitions import Chunk, Wanted, read_partition
from .writing import ShardWriter

RETRIES = 10
"""A task whose process or machine ends is begun again so often."""


def read_task(part: list[Wanted], day_first: bool | None) -> Iterator[Chunk]:
    """Read a partition. A task."""
    yield from read_partition(part, day_first)


def make_task(
    chunk: Chunk, names: Names, shards: int, writers: list[Any] | None
) -> tuple[Made | list[Drafted], ...]:
    """Make a chunk ready, passing over what stands in the shards already. A task."""

    def unchanged(shard: int, articles: list[Any]) -> Sequence[bool]:
        import ray

        assert writers is not None
        look = writers[shard].unchanged.options(concurrency_group="look")
        told: list[bool] = ray.get(look.remote(articles))
        return told

    made, drafted = make(chunk, names, shards, unchanged if writers else None)
    return (made, *drafted)


def start_writer(ray: Any, path: Path, folders: dict[str, Path]) -> Any:
    """Start the writer of a shard; it is started anew where it ends."""
    made = ray.remote(concurrency_groups={"write": 1, "look": 2})(ShardWriter)
    # A writer waits for what is made ready, which needs the processors.
    options = {"num_cpus": 0, "memory": PLACED, "max_restarts": -1, "max_task_retries": -1}
    return made.options(**options, scheduling_strategy="SPREAD").remote(str(path), folders)
