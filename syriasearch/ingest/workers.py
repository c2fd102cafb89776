"""Worker pool: processes that prepare documents in parallel with the writer.

A process reads pickled jobs from standard input and writes the results to standard output, some
documents at a time, in order; it ends with its input. If one ends before that, or cannot be
started, it costs nothing but time: its jobs are done in this process.
"""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple, Protocol

from ..entities.recognition_settings import KnownNames, LazyRecognizer
from ..errors import SyriaSearchError
from .prepare import PreparedArticle, prepare_article
from .readers import Document, Problem

CHUNK = 16
"""The maximum number of documents in a chunk, the unit of work of a process."""
CHUNK_CHARACTERS = 400_000
"""The number of characters at which a chunk ends."""
AHEAD = 20
"""The number of chunks that wait for each process, more than a batch, so that it is never idle."""
WORTH = 3_000_000
"""The number of bytes below which reading them here is faster than starting a process."""


class PrepareTask(NamedTuple):
    """A document to be prepared."""

    document: Document
    file: tuple[str, str]
    """The file's root, and its path below it."""
    path: str
    day_first: bool | None = None
    """True if 3/4/2018 is in April, False if in March, None if it is unknown."""


class PrepareResult(NamedTuple):
    """The result of preparing a document."""

    file: tuple[str, str]
    path: str
    article: PreparedArticle | None
    problems: list[Problem]
    names: KnownNames
    """The names that were in effect."""


def prepare(job: PrepareTask, known: LazyRecognizer) -> PrepareResult:
    """Prepare a document; errors become problems, except those that end a run, which are raised."""
    made: PreparedArticle | None = None
    problems: list[Problem] = []
    try:
        for item in job.document.complete():
            if isinstance(item, Problem):
                problems.append(item)
                continue
            made, told = prepare_article(
                item, job.file[0], job.path, known.recognizer, day_first=job.day_first
            )
            problems += told
    except (SyriaSearchError, sqlite3.Error):
        raise
    except Exception as error:
        problems.append(Problem.of(error))
    return PrepareResult(job.file, job.path, made, problems, known.names)


class Pool(Protocol):
    """Prepares documents, here or elsewhere. To be closed."""

    def drafts(
        self, jobs: Iterable[PrepareTask], known: Callable[[], LazyRecognizer]
    ) -> Iterator[PrepareResult]:
        """Yield the results of jobs, in order; `known` returns the names currently in effect."""

    def close(self) -> None:
        """Release what the pool holds."""


class WorkerPool:
    """Prepares documents, in this process or in others. To be closed."""

    def __init__(self, processes: int) -> None:
        """Start at most `processes` processes, when they are needed; with 0, work in this one."""
        self._processes = processes
        self._workers: list[_Worker] = []
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(processes) if processes else None

    def drafts(
        self, jobs: Iterable[PrepareTask], known: Callable[[], LazyRecognizer]
    ) -> Iterator[PrepareResult]:
        """Yield the results of jobs, in order; `known` returns the names currently in effect."""
        if self._pool is None:
            for job in jobs:
                yield prepare(job, known())
            return
        waiting: deque[tuple[list[PrepareTask], Future[list[PrepareResult] | None]]] = deque()
        for chunk in chunks(jobs, CHUNK):
            waiting.append((chunk, self._pool.submit(self._beside, chunk, known().names)))
            if len(waiting) > AHEAD * self._processes:
                yield from self._done(*waiting.popleft(), known)
        while waiting:
            yield from self._done(*waiting.popleft(), known)

    @staticmethod
    def _done(
        chunk: list[PrepareTask],
        future: Future[list[PrepareResult] | None],
        known: Callable[[], LazyRecognizer],
    ) -> Iterator[PrepareResult]:
        done = future.result()
        if done is None:
            done = [prepare(job, known()) for job in chunk]
        yield from done

    def _beside(self, chunk: list[PrepareTask], names: KnownNames) -> list[PrepareResult] | None:
        """Return the results of a process, None if it has failed; called in the pool's threads."""
        worker: _Worker | None = getattr(self._local, "worker", None)
        if worker is None:
            worker = self._local.worker = _Worker()
            self._workers.append(worker)
        return worker.drafts(chunk, names)

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.end()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def chunks(jobs: Iterable[PrepareTask], documents: int) -> Iterator[list[PrepareTask]]:
    """Yield jobs in chunks of at most some documents."""
    chunk: list[PrepareTask] = []
    characters = 0
    for job in jobs:
        chunk.append(job)
        characters += job.document.size
        if len(chunk) == documents or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


_SERVE = f"import sys; sys.path[:] = sys.argv[1:]; from {__name__} import serve; serve()"
"""The program of a process: it imports what this one does, but nothing from the current folder."""


class _Worker:
    """A process that prepares documents, used by one thread of this one."""

    def __init__(self) -> None:
        self._told: KnownNames | None = None
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError, ValueError):
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )

    def drafts(self, chunk: list[PrepareTask], names: KnownNames) -> list[PrepareResult] | None:
        """Return the results of jobs, None if the process has ended."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            pickle.dump((names if names != self._told else None, chunk), process.stdin)
            process.stdin.flush()
            self._told = names
            done: list[PrepareResult] = pickle.load(process.stdout)
        except (OSError, EOFError, ValueError, pickle.PickleError):
            self.end()
            return None
        return done

    def end(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()


def serve() -> None:
    """Prepare the documents that arrive; the main function of a process."""
    # An interrupt ends the run in the parent process; this one ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs, done = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # The output of a library must not reach the parent as a result.
    os.dup2(2, 1)
    known: LazyRecognizer | None = None
    # A job that fails here fails again in the parent, which can report it.
    with suppress(Exception):
        while True:
            message: tuple[KnownNames | None, list[PrepareTask]] = pickle.load(jobs)
            names, chunk = message
            if names is not None:
                known = LazyRecognizer(names, names.recognizer)
            assert known is not None
            pickle.dump([prepare(job, known) for job in chunk], done)
            done.flush()
