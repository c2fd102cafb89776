"""How are documents made ready beside the writer, in processes of their own?

A process reads pickled jobs on its standard input and writes what became of them on its standard
output, some documents at a time, in their order; it ends with its input. One that ends before, or
cannot be started, costs nothing but time: what it was to do is done here.
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
from typing import NamedTuple

from ..entities.recognition_settings import Known, Names
from ..errors import SyriaSearchError
from .prepare import Draft, make_draft
from .readers import Document, Problem

CHUNK = 16
"""So many documents are made ready at a time, or fewer"""
CHUNK_CHARACTERS = 400_000
"""with so many characters."""
AHEAD = 20
"""So many chunks wait for each process, more than are written at a time: it goes on meanwhile."""
WORTH = 3_000_000
"""Fewer bytes than these are sooner read here than a process is started."""


class Job(NamedTuple):
    """A document to make ready."""

    document: Document
    file: tuple[str, str]
    """Its root, and its path under it."""
    path: str
    day_first: bool | None = None
    """Whether 3/4/2018 is in April (or in March, or cannot be known)."""


class Drafted(NamedTuple):
    """What became of a document."""

    file: tuple[str, str]
    path: str
    draft: Draft | None
    problems: list[Problem]
    names: Names
    """Those that were known."""


def draft(job: Job, known: Known) -> Drafted:
    """Make a document ready; what goes wrong is a problem. Raises what ends a run."""
    made: Draft | None = None
    problems: list[Problem] = []
    try:
        for item in job.document.complete():
            if isinstance(item, Problem):
                problems.append(item)
                continue
            made, told = make_draft(
                item, job.file[0], job.path, known.recognizer, day_first=job.day_first
            )
            problems += told
    except (SyriaSearchError, sqlite3.Error):
        raise
    except Exception as error:
        problems.append(Problem.of(error))
    return Drafted(job.file, job.path, made, problems, known.names)


class Drafting:
    """Makes documents ready, here or in processes beside. To be closed."""

    def __init__(self, processes: int) -> None:
        """Start at most so many processes, when they are needed; none where it is 0."""
        self._processes = processes
        self._workers: list[_Worker] = []
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(processes) if processes else None

    def drafts(self, jobs: Iterable[Job], known: Callable[[], Known]) -> Iterator[Drafted]:
        """Yield what becomes of jobs, in their order; `known` tells which names are known now."""
        if self._pool is None:
            for job in jobs:
                yield draft(job, known())
            return
        waiting: deque[tuple[list[Job], Future[list[Drafted] | None]]] = deque()
        for chunk in _chunks(jobs):
            waiting.append((chunk, self._pool.submit(self._beside, chunk, known().names)))
            if len(waiting) > AHEAD * self._processes:
                yield from self._done(*waiting.popleft(), known)
        while waiting:
            yield from self._done(*waiting.popleft(), known)

    @staticmethod
    def _done(
        chunk: list[Job], future: Future[list[Drafted] | None], known: Callable[[], Known]
    ) -> Iterator[Drafted]:
        done = future.result()
        if done is None:
            done = [draft(job, known()) for job in chunk]
        yield from done

    def _beside(self, chunk: list[Job], names: Names) -> list[Drafted] | None:
        """Return what a process makes of jobs, None where there is none. In the pool's threads."""
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


def _chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    chunk: list[Job] = []
    characters = 0
    for job in jobs:
        chunk.append(job)
        characters += job.document.size
        if len(chunk) == CHUNK or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


_SERVE = f"import sys; sys.path[:] = sys.argv[1:]; from {__name__} import serve; serve()"
"""What a process runs: it imports what this one does, and nothing from the folder that it is in."""


class _Worker:
    """A process that makes documents ready, as one thread of this one speaks with it."""

    def __init__(self) -> None:
        self._told: Names | None = None
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError, ValueError):
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )

    def drafts(self, chunk: list[Job], names: Names) -> list[Drafted] | None:
        """Return what becomes of jobs, None where the process has ended."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            pickle.dump((names if names != self._told else None, chunk), process.stdin)
            process.stdin.flush()
            self._told = names
            done: list[Drafted] = pickle.load(process.stdout)
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
    """Make ready what comes in. The whole of a process beside."""
    # Whoever interrupts the run ends it; this process ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs, done = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints is not for the other side.
    os.dup2(2, 1)
    known: Known | None = None
    # What fails here fails again where it can be told.
    with suppress(Exception):
        while True:
            message: tuple[Names | None, list[Job]] = pickle.load(jobs)
            names, chunk = message
            if names is not None:
                known = Known(names, names.recognizer)
            assert known is not None
            pickle.dump([draft(job, known) for job in chunk], done)
            done.flush()
