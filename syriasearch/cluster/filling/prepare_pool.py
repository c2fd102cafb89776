"""Prepare pool: documents are prepared by tasks of Ray, which runs those again that are lost.

An article stays where it was prepared until the writer of its shard fetches it. The driver gets
what it needs to allocate ids.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

from ...entities.entity_writer import NewEntity
from ...entities.recognition_settings import KnownNames, LazyRecognizer
from ...index.document import TermCounts
from ...ingest.prepare import PreparedArticle
from ...ingest.prepare_tasks import CHUNK, PrepareResult, PrepareTask, chunks
from ...ingest.prepare_tasks import prepare_chunk as prepare_together
from ...ingest.readers import Problem
from ..configuration import shard_of

CHUNK_DOCUMENTS = 100
"""The maximum number of documents in a chunk, which a task prepares."""
CHUNKS_IN_FLIGHT = 3
"""The number of chunks that are prepared, or wait for it, for each processor."""
RETRIES = 4
"""How often Ray runs a task again that ended with its process or machine."""


@dataclass(frozen=True, slots=True)
class RemoteArticle(PreparedArticle):
    """A prepared article without its text, which is where it was prepared."""

    paragraphs: int
    entities: tuple[NewEntity, ...]
    """The entities that no earlier article of its chunk names, in the order of the text."""
    number: int
    """Its number in its part of the chunk."""
    slug_title: str
    """The title, for a slug."""
    part: Any = None
    """A reference to that part, a list of articles."""

    @property
    def readable_title(self) -> str:
        """The title, for a slug: the names in it are where the text is."""
        return self.slug_title


class PreparePool:
    """Prepares documents on all machines of a cluster."""

    def __init__(self, ray: Any, shards: int) -> None:
        self._ray = ray
        self._shards = shards
        self._task = ray.remote(prepare_chunk).options(
            num_returns=1 + shards, max_retries=RETRIES, num_cpus=1
        )
        self._names: tuple[KnownNames, Any] | None = None
        """The names in effect, and a reference to them."""

    def prepare_all(
        self, tasks: Iterable[PrepareTask], known: Callable[[], LazyRecognizer]
    ) -> Iterator[PrepareResult]:
        """Yield the results of tasks, in order; `known` returns the names currently in effect."""
        processors = int(self._ray.cluster_resources().get("CPU", 1))
        waiting: deque[tuple[list[PrepareTask], KnownNames, list[Any]]] = deque()
        for chunk in chunks(tasks, CHUNK_DOCUMENTS):
            names = known().names
            waiting.append((chunk, names, self._start(chunk, names)))
            if len(waiting) >= CHUNKS_IN_FLIGHT * processors:
                yield from self._results(*waiting.popleft())
        while waiting:
            yield from self._results(*waiting.popleft())

    def _start(self, chunk: list[PrepareTask], names: KnownNames) -> list[Any]:
        if self._names is None or self._names[0] != names:
            self._names = names, self._ray.put(names)
        started: list[Any] = self._task.remote(chunk, self._names[1], self._shards)
        return started

    def _results(
        self, chunk: list[PrepareTask], names: KnownNames, started: list[Any]
    ) -> Iterator[PrepareResult]:
        """Yield the results of a chunk; one by one if a document ends every process."""
        summary, *parts = started
        try:
            results: list[PrepareResult] = self._ray.get(summary)
        except self._ray.exceptions.RayTaskError:
            raise
        except self._ray.exceptions.RayError:
            if len(chunk) > 1:
                for task in chunk:
                    yield from self._results([task], names, self._start([task], names))
                return
            problem = Problem(
                "ended the process that made it ready, each time (of too little memory, it may "
                "be): leave it out, and report it"
            )
            results = [PrepareResult(chunk[0].file, chunk[0].path, None, [problem], names)]
        for result in results:
            article = result.article
            if article is not None:
                part = parts[shard_of(result.path, self._shards)]
                article = replace(article, part=part)  # type: ignore[call-arg]
            yield result._replace(article=article, names=names)

    def close(self) -> None:
        """Tasks end by themselves."""


_known: LazyRecognizer | None = None


def prepare_chunk(
    chunk: list[PrepareTask], names: KnownNames, shards: int
) -> tuple[list[PrepareResult] | list[PreparedArticle], ...]:
    """Prepare documents; return the results, without texts, and the articles of each shard. A task.

    The shard of an article is the one that follows from its path.
    """
    global _known
    if _known is None or _known.names != names:
        _known = LazyRecognizer(names, names.recognizer)
    results: list[PrepareResult] = []
    parts: list[list[PreparedArticle]] = [[] for _ in range(shards)]
    entities: dict[str, NewEntity] = {}
    for task, result in zip(chunk, _prepared(chunk, _known), strict=True):
        article = result.article
        if article is not None:
            part = parts[shard_of(task.path, shards)]
            result = result._replace(article=_without_text(article, len(part), entities))
            part.append(article)
        results.append(result._replace(names=KnownNames("", (), (), ())))
    return results, *parts


def _prepared(chunk: list[PrepareTask], known: LazyRecognizer) -> Iterator[PrepareResult]:
    """Yield the result of each document, several prepared together."""
    for start in range(0, len(chunk), CHUNK):
        yield from prepare_together(chunk[start : start + CHUNK], known)


def _without_text(
    article: PreparedArticle, number: int, entities: dict[str, NewEntity]
) -> RemoteArticle:
    before = len(entities)
    for mention in chain.from_iterable(article.mentions):
        if mention.entity.slug not in entities:
            entities[mention.entity.slug] = NewEntity(mention.entity, mention.recognizer)
    kept = {each.name: getattr(article, each.name) for each in fields(article)}
    kept |= {
        "blocks": (),
        "folded": (),
        "fold_columns": (),
        "mentions": (),
        "term_counts": TermCounts(Counter(), Counter(), frozenset()),
    }
    return RemoteArticle(
        **kept,
        paragraphs=len(article.blocks),
        entities=tuple(entities.values())[before:],
        number=number,
        slug_title=article.readable_title,
    )
