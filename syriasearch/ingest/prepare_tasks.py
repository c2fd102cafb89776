"""Tasks of preparing documents, and their results, which are pickled between processes."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..entities.recognition_settings import KnownNames, LazyRecognizer
from ..errors import SyriaSearchError
from ..store.source_files import FileKey
from ..text.stages import Stages, complete, complete_together
from .document_limits import TOO_LARGE
from .prepare import PreparedArticle, prepare_in_stages
from .readers import Document, Problem

CHUNK = 16
"""The maximum number of documents in a chunk, the unit of work of a process."""
CHUNK_CHARACTERS = 400_000
"""The number of characters at which a chunk ends."""


class PrepareTask(NamedTuple):
    """A document to be prepared."""

    document: Document
    file: FileKey
    path: str
    day_first: bool | None = None
    """True if 3/4/2018 is in April, False if in March, None if it is unknown."""
    content_hash: str | None = None
    """The hash of the document, if it is known and the document complete."""


class PrepareResult(NamedTuple):
    """The result of preparing a document."""

    file: FileKey
    path: str
    article: PreparedArticle | None
    problems: list[Problem]
    names: KnownNames
    """The names that were in effect."""


def prepare(task: PrepareTask, known: LazyRecognizer) -> PrepareResult:
    """Prepare a document; errors become problems, except those that end a run, which are raised."""
    return complete(_prepare_in_stages(task, known))


def prepare_chunk(chunk: Sequence[PrepareTask], known: LazyRecognizer) -> Iterator[PrepareResult]:
    """Yield the results of tasks, in order, as `prepare` returns each, and faster."""
    try:
        results = complete_together([_prepare_in_stages(task, known) for task in chunk])
    except (SyriaSearchError, sqlite3.Error):
        # Those before the one with the error are kept.
        results = []
    if results and not any(map(_is_too_large, results)):
        yield from results
    else:
        yield from (prepare(task, known) for task in chunk)


def _is_too_large(result: PrepareResult) -> bool:
    return any(problem.message == TOO_LARGE for problem in result.problems)


def _prepare_in_stages(task: PrepareTask, known: LazyRecognizer) -> Stages[PrepareResult]:
    article: PreparedArticle | None = None
    problems: list[Problem] = []
    try:
        for item in task.document.complete():
            if isinstance(item, Problem):
                problems.append(item)
                continue
            article, others = yield from prepare_in_stages(
                item,
                task.file[0],
                task.path,
                known.recognizer,
                day_first=task.day_first,
                content_hash=task.content_hash,
            )
            problems += others
    except (SyriaSearchError, sqlite3.Error):
        raise
    except MemoryError:
        problems.append(Problem(TOO_LARGE))
    except Exception as error:
        problems.append(Problem.of(error))
    return PrepareResult(task.file, task.path, article, problems, known.names)


def chunks(tasks: Iterable[PrepareTask], documents: int) -> Iterator[list[PrepareTask]]:
    """Yield tasks in chunks of at most some documents; those before an error are a chunk, too."""
    chunk: list[PrepareTask] = []
    characters = 0
    tasks = iter(tasks)
    while True:
        try:
            task = next(tasks)
        except StopIteration:
            break
        except SyriaSearchError:
            if chunk:
                yield chunk
            raise
        chunk.append(task)
        characters += task.document.size
        if len(chunk) == documents or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


Part = tuple[int, bytes]
"""Some results: how many, and a pickle of them."""


def pack(results: list[PrepareResult]) -> Part:
    """Pickle some results."""
    return len(results), pickle.dumps(results)


class PackedResults:
    """The results of the first tasks of a chunk, in a fifth of their memory until they are used."""

    def __init__(self) -> None:
        self._parts: list[Part] = []

    def __len__(self) -> int:
        return sum(count for count, _ in self._parts)

    def add(self, part: Part) -> None:
        """Add some results."""
        self._parts.append(part)

    def unpacked(self) -> Iterator[PrepareResult]:
        """Yield the results."""
        for _, pickled in self._parts:
            yield from pickle.loads(pickled)
