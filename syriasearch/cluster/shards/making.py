"""What does a piece of the input become, article by article and shard by shard?"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import NamedTuple, Protocol, TypeAlias

from ...entities.entity_writer import NewEntity, new_entity
from ...entities.recognition_settings import KnownNames, LazyRecognizer
from ...ingest.prepare import PreparedArticle
from ...ingest.readers import PassedOver
from ...ingest.workers import PrepareResult, PrepareTask, prepare
from ...store.slugs import plain_slug
from ...store.source_files import Key
from ..placing import shard_of
from .partitions import Chunk, Ended, Trouble

Identity: TypeAlias = tuple[str, str, str]
"""Root, path and hash of an article."""


class Found(NamedTuple):
    """An article that stands in a shard, as `Origins.find` has found it."""

    shard: int
    content_hash: str
    root: str


class Look(Protocol):
    """Looks at what stands in the shards already."""

    def find(self, shard: int, articles: list[Identity]) -> list[tuple[int, str, str] | None]:
        """Return what stands in a shard of articles that are read: id, hash and root."""

    def numbered(self, shard: int, slugs: list[str]) -> list[int]:
        """Return how far slugs are numbered in a shard."""


class Measure(NamedTuple):
    """What must be known of an article to place it before others."""

    shard: int
    slug: str
    """By date and title alone."""
    numbered: int
    """How far that is numbered already."""
    stands: bool
    """Whether it has its place: its text alone is another."""
    paragraphs: int
    mentions: int


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
    measures: list[Measure]
    """Of each article, in the order of the input; those of a shard in the order in which they are
    given to it."""
    characters: list[int]
    """How many characters go to each shard."""
    seen: list[tuple[Key, str]]
    """Which documents there were."""
    named: list[NewEntity]
    """Who is named, each once, in the order of the input."""


_known: LazyRecognizer | None = None


def known_as(names: KnownNames) -> LazyRecognizer:
    """Return what recognizes names; what was made for these names before is used again."""
    global _known
    if _known is None or _known.names != names:
        _known = LazyRecognizer(names, names.recognizer)
    return _known


def make(
    chunk: Chunk, names: KnownNames, shards: int, look: Look | None
) -> tuple[Made, list[list[PrepareResult]]]:
    """Make a chunk ready to be stored; return what is told of it, and the articles by shard.

    Where there is nothing to `look` at, all shards are empty.
    """
    jobs = [item for item in chunk if isinstance(item, PrepareTask)]
    found = _found(jobs, shards, look) if look else [None] * len(jobs)
    made = Made(
        troubles=[item for item in chunk if isinstance(item, Trouble)],
        passed_over=[item.ending for item in chunk if isinstance(item, PassedOver)],
        ended=[item for item in chunk if isinstance(item, Ended)],
        unmade=Counter(),
        unchanged=[0] * shards,
        measures=[],
        characters=[0] * shards,
        seen=[(job.file, job.path) for job in jobs],
        named=[],
    )
    drafted: list[list[PrepareResult]] = [[] for _ in range(shards)]
    named: dict[str, NewEntity] = {}
    for job, there in zip(jobs, found, strict=True):
        stands = there is not None and there.root == job.file[0]
        if there and stands and there.content_hash == job.document.content_hash():
            made.unchanged[there.shard] += 1
            continue
        done = prepare(job, known_as(names))
        made.troubles.extend(Trouble(job.file, job.path, each) for each in done.problems)
        if done.article is None:
            made.unmade[job.file] += 1
            continue
        for mention in chain.from_iterable(done.article.mentions):
            if mention.entity.slug not in named:
                named[mention.entity.slug] = new_entity(mention.entity, mention.recognizer)
        shard = there.shard if there else shard_of(job.path, shards)
        drafted[shard].append(done._replace(problems=[]))
        made.measures.append(_measure(done.article, shard, stands=stands))
        made.characters[shard] += sum(len(block.text) for block in done.article.blocks)
    made.named.extend(named.values())
    if look:
        _number(made.measures, shards, look)
    return made, drafted


def _measure(made: PreparedArticle, shard: int, *, stands: bool) -> Measure:
    slug = "" if stands else plain_slug(made.published, made.title)
    return Measure(shard, slug, 0, stands, len(made.blocks), sum(map(len, made.mentions)))


def _found(jobs: list[PrepareTask], shards: int, look: Look) -> list[Found | None]:
    """Return what stands in the shards of documents that are read.

    An article stands where its path says, or where its original did when it was placed. One of the
    same root goes before one whose folder has moved.
    """
    found: list[Found | None] = [None] * len(jobs)
    asked = [(job.file[0], job.path, job.document.content_hash()) for job in jobs]
    homes = [shard_of(job.path, shards) for job in jobs]
    for is_home in (True, False):
        for shard in range(shards):
            numbers = [
                number
                for number, home in enumerate(homes)
                if (home == shard) is is_home and not _is_at(found[number], asked[number])
            ]
            told = look.find(shard, [asked[each] for each in numbers]) if numbers else []
            for number, row in zip(numbers, told, strict=True):
                if row is None:
                    continue
                there = Found(shard, row[1], row[2])
                if found[number] is None or _is_at(there, asked[number]):
                    found[number] = there
    return found


def _is_at(found: Found | None, article: Identity) -> bool:
    return found is not None and found.root == article[0]


def _number(measures: list[Measure], shards: int, look: Look) -> None:
    """Find out how far slugs are numbered in all shards."""
    slugs = list({each.slug for each in measures if not each.stands})
    if not slugs:
        return
    told = zip(*(look.numbered(shard, slugs) for shard in range(shards)), strict=True)
    numbered = dict(zip(slugs, map(max, told), strict=True))
    measures[:] = [each._replace(numbered=numbered.get(each.slug, 0)) for each in measures]
