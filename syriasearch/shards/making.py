"""What does a piece of the input become, article by article and shard by shard?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from ..cluster.placing import shard_of
from ..drafting import Drafted, Job, draft
from ..files import Key
from ..readers import PassedOver
from ..recognition import Known, Names
from .partitions import Chunk, Ended, Trouble

Identity: TypeAlias = tuple[str, str, str]
"""Root, path and hash of an article."""
Unchanged: TypeAlias = Callable[[int, list[Identity]], Sequence[bool]]
"""Tells which articles stand in a shard just as they were read now."""


class Made(NamedTuple):
    """What is told of a chunk beside its articles."""

    troubles: list[Trouble]
    passed_over: list[str]
    """The endings of what no reader reads."""
    ended: list[Ended]
    unmade: Counter[Key]
    """How many documents of each file are no articles."""
    unchanged: list[int]
    """How many articles of each shard are left as they are."""
    articles: list[int]
    """How many go to each shard,"""
    characters: list[int]
    """with so many characters."""
    seen: list[tuple[Key, str]]
    """Which documents there were."""


_known: Known | None = None


def known_as(names: Names) -> Known:
    """Return what recognizes names; what was made for these names before is used again."""
    global _known
    if _known is None or _known.names != names:
        _known = Known(names, names.recognizer)
    return _known


def make(
    chunk: Chunk, names: Names, shards: int, unchanged: Unchanged | None
) -> tuple[Made, list[list[Drafted]]]:
    """Make a chunk ready to be stored; return what is told of it, and the articles by shard."""
    jobs = [item for item in chunk if isinstance(item, Job)]
    places = [shard_of(job.path, shards) for job in jobs]
    left = _unchanged(jobs, places, shards, unchanged)
    made = Made(
        troubles=[item for item in chunk if isinstance(item, Trouble)],
        passed_over=[item.ending for item in chunk if isinstance(item, PassedOver)],
        ended=[item for item in chunk if isinstance(item, Ended)],
        unmade=Counter(),
        unchanged=[0] * shards,
        articles=[0] * shards,
        characters=[0] * shards,
        seen=[(job.file, job.path) for job in jobs],
    )
    drafted: list[list[Drafted]] = [[] for _ in range(shards)]
    for number, (job, shard) in enumerate(zip(jobs, places, strict=True)):
        if number in left:
            made.unchanged[shard] += 1
            continue
        done = draft(job, known_as(names))
        made.troubles.extend(Trouble(job.file, job.path, each) for each in done.problems)
        if done.draft is None:
            made.unmade[job.file] += 1
            continue
        drafted[shard].append(done._replace(problems=[]))
        made.articles[shard] += 1
        made.characters[shard] += sum(len(block.text) for block in done.draft.blocks)
    return made, drafted


def _unchanged(
    jobs: list[Job], places: list[int], shards: int, unchanged: Unchanged | None
) -> set[int]:
    """Return the numbers of the jobs whose articles are left as they are."""
    left: set[int] = set()
    if unchanged is None:
        return left
    for shard in range(shards):
        numbers = [number for number, place in enumerate(places) if place == shard]
        if not numbers:
            continue
        asked = [
            (jobs[each].file[0], jobs[each].path, jobs[each].document.content_hash())
            for each in numbers
        ]
        told = unchanged(shard, asked)
        left.update(each for each, same in zip(numbers, told, strict=True) if same)
    return left
