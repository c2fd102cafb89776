"""In which pieces is the input read, and what does each piece hold?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from ...ingest.readers import PassedOver, Problem
from ...ingest.run import items_of
from ...ingest.sources import FoundFile
from ...ingest.workers import PrepareTask
from ...store.source_files import Key, ReadState, read_as

PARTITION = 8_000_000
"""So many bytes of small files are read together; a larger file is read for itself."""
PARTITION_FILES = 500
CHUNK = 100
"""So many documents are made ready at a time, or fewer"""
CHUNK_CHARACTERS = 400_000
"""with so many characters."""
CHUNK_ITEMS = 2_000


class Wanted(NamedTuple):
    """A file to read, with what only the whole run can tell of it."""

    found: FoundFile
    recent: bool
    """Whether it has changed so lately that its time says nothing."""
    reading: str
    """How it is read, as one value that changes with it."""


class Trouble(NamedTuple):
    """A problem, and where it was met."""

    file: Key
    path: str
    problem: Problem


class Ended(NamedTuple):
    """A file that was read to its end."""

    file: Key
    read: ReadState
    held: int
    """How many documents it holds."""


Item: TypeAlias = PrepareTask | Trouble | PassedOver | Ended
Chunk: TypeAlias = list[Item]


def partitions(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    """Part the files to read, in their order."""
    part: list[Wanted] = []
    size = 0
    for each in wanted:
        if part and (size + each.found.stamp.size > PARTITION or len(part) == PARTITION_FILES):
            yield part
            part, size = [], 0
        part.append(each)
        size += each.found.stamp.size
    if part:
        yield part


def read_partition(part: list[Wanted], day_first: bool | None) -> Iterator[Chunk]:
    """Yield what files hold, in its order, some of it at a time."""
    chunk: Chunk = []
    documents = characters = 0
    for each in part:
        for item in _items(each, day_first):
            chunk.append(item)
            if isinstance(item, PrepareTask):
                documents += 1
                characters += item.document.size
            if documents >= CHUNK or characters >= CHUNK_CHARACTERS or len(chunk) >= CHUNK_ITEMS:
                yield chunk
                chunk, documents, characters = [], 0, 0
    if chunk:
        yield chunk


def _items(wanted: Wanted, day_first: bool | None) -> Iterator[Item]:
    found = wanted.found
    seen: set[str] = set()
    for path, item in items_of(found):
        if isinstance(item, PassedOver):
            yield item
        elif isinstance(item, Problem):
            yield Trouble(found.key, path, item)
        else:
            seen.add(path)
            yield PrepareTask(item, found.key, path, day_first)
    read = read_as(found.file.path, found.stamp, recent=wanted.recent, reading=wanted.reading)
    yield Ended(found.key, read, len(seen))
