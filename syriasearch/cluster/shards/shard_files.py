"""What is known of files and their articles, in all shards together?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...store.source_files import FileRow, Key
from ..placing import shard_of


class _Lookers:
    """The shards, to be looked at while they are written."""

    def __init__(self, ray: Any, writers: list[Any]) -> None:
        self._ray = ray
        self._writers = writers

    def _all(self, method: str, *arguments: Any) -> list[Any]:
        """Return what each shard answers."""
        asked = [self._ask(shard, method, *arguments) for shard in range(len(self._writers))]
        answers: list[Any] = self._ray.get(asked)
        return answers

    def _ask(self, shard: int, method: str, *arguments: Any) -> Any:
        asked = getattr(self._writers[shard], method).options(concurrency_group="look")
        return asked.remote(*arguments)


class ShardOrigins(_Lookers):
    """Where the articles of all shards have come from."""

    def roots(self) -> set[str]:
        """Return the roots of all articles."""
        return set[str]().union(*self._all("roots"))

    def sources(self) -> list[str]:
        """Return what earlier runs were asked to read."""
        return list(dict.fromkeys(source for each in self._all("sources") for source in each))

    def count(self, root: str, name: str) -> int:
        """Return how many articles a file of a root has become."""
        return sum(held for (held,) in self._all("held", [(root, name)]))


class ShardFiles(_Lookers):
    """Which files were read. The shard of a file's own path keeps it, with all its problems."""

    def rows(self, keys: Sequence[Key]) -> dict[Key, FileRow | None]:
        """Return what is known of files."""
        count = len(self._writers)
        homes = [[key for key in keys if shard_of(key[1], count) == each] for each in range(count)]
        asked = [self._ask(shard, "rows", each) for shard, each in enumerate(homes)]
        rows: dict[Key, FileRow | None] = {}
        for home, told in zip(homes, self._ray.get(asked), strict=True):
            rows.update(zip(home, told, strict=True))
        return rows

    def held(self, keys: Sequence[Key]) -> dict[Key, int]:
        """Return how many articles each file has become."""
        told = self._all("held", list(keys)) if keys else []
        return dict(zip(keys, map(sum, zip(*told, strict=True)), strict=True))

    def lost(self, key: Key, row: FileRow) -> Iterable[tuple[str, str]]:
        """Return the problems for which articles of a file are missing: path and message."""
        asked = self._ask(shard_of(key[1], len(self._writers)), "lost", [row])
        lost: list[tuple[str, str]] = self._ray.get(asked)[0]
        return lost

    def unread_folders(self) -> list[str]:
        """Return the paths of what runs could not read, and that is no file."""
        return [path for each in self._all("unread_folders") for path in each]
