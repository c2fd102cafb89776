"""What runs on the machines of a cluster while an archive is filled?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from ...entities.recognition_settings import KnownNames
from ...index.minhash import ShingleSet
from ...ingest.workers import PrepareResult
from ..ray_cluster import PLACED
from .ledger import Ledger, Noted
from .making import Identity, Made, make
from .partitions import Chunk, Wanted, read_partition
from .writing import ShardWriter

RETRIES = 4
"""A task whose process or machine ends is begun again so often."""


def read_task(part: list[Wanted], day_first: bool | None) -> Iterator[Chunk]:
    """Read a partition. A task."""
    yield from read_partition(part, day_first)


class _Look:
    """Looks at the shards through their writers."""

    def __init__(self, writers: list[Any]) -> None:
        self._writers = writers

    def _ask(self, shard: int, method: str, asked: list[Any]) -> list[Any]:
        import ray

        look = getattr(self._writers[shard], method).options(concurrency_group="look")
        told: list[Any] = ray.get(look.remote(asked))
        return told

    def find(self, shard: int, articles: list[Identity]) -> list[tuple[int, str, str] | None]:
        return self._ask(shard, "find", articles)

    def numbered(self, shard: int, slugs: list[str]) -> list[int]:
        return self._ask(shard, "numbered", slugs)


def make_task(
    chunk: Chunk, names: KnownNames, shards: int, writers: list[Any] | None
) -> tuple[Made | list[PrepareResult], ...]:
    """Make a chunk ready, passing over what stands in the shards already. A task."""
    made, drafted = make(chunk, names, shards, _Look(writers) if writers else None)
    return (made, *drafted)


class LedgerKeeper(Ledger):
    """The ledger, as an actor."""

    def __init__(self, path: str, writers: list[str]) -> None:
        """`writers` are the names of those of the shards."""

        def fetch(shard: int, articles: list[int]) -> dict[int, ShingleSet]:
            import ray

            writer: Any = ray.get_actor(writers[shard])
            look = writer.prints.options(concurrency_group="look")
            told: dict[int, ShingleSet] = ray.get(look.remote(articles))
            return told

        super().__init__(Path(path), fetch)

    def put(self, shards: Sequence[int], *parts: Sequence[Noted]) -> None:
        """Take what writers have answered."""
        self.take(zip(shards, parts, strict=True))


def start_writers(
    ray: Any, paths: Sequence[Path], ledger: Path, folders: dict[str, PurePath]
) -> tuple[list[Any], Any]:
    """Start the writers of the shards, and that of the ledger; each is started anew if it ends."""
    made = ray.remote(concurrency_groups={"write": 1, "look": 2})(ShardWriter)
    # A writer waits for what is made ready, which needs the processors.
    options = {"num_cpus": 0, "memory": PLACED, "max_restarts": -1, "max_task_retries": -1}
    # One that is started anew finds the others by their names.
    names = [f"{uuid4().hex}-{shard}" for shard in range(len(paths))]
    writers = [
        made.options(**options, name=name, scheduling_strategy="SPREAD").remote(str(path), folders)
        for name, path in zip(names, paths, strict=True)
    ]
    return writers, ray.remote(LedgerKeeper).options(**options).remote(str(ledger), names)
