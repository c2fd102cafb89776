"""Worker pool: processes that prepare documents in parallel with the writer.

A process reads pickled chunks of tasks from standard input and writes their results to standard
output, in order; it ends with its input. A document that exceeds its limits, or ends the
process twice, is a problem, and others are prepared by the next process. If no process can be
started, and for an error that ends the run, the work is done in this one.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from ..entities.recognition_settings import KnownNames, LazyRecognizer
from .document_limits import (
    Limits,
    begin_document,
    end_document,
    ending,
    exceeded_time,
    prepare_limits,
)
from .garbage import collecting_rarely
from .prepare_tasks import (
    CHUNK,
    PackedResults,
    PrepareResult,
    PrepareTask,
    chunks,
    pack,
    prepare,
    prepare_chunk,
)
from .readers import Problem

if TYPE_CHECKING:
    import subprocess
    from concurrent.futures import Future, ThreadPoolExecutor

AHEAD = 12
"""The number of chunks that wait for each process: more than it prepares while a batch is written,
so that it is never idle. What is prepared takes memory."""
WORTH = 3_000_000
"""The number of bytes for which a process is started: fewer are prepared faster than it starts."""


class Pool(Protocol):
    """Prepares documents, here or elsewhere. To be closed."""

    def prepare_all(
        self, tasks: Iterable[PrepareTask], known: Callable[[], LazyRecognizer]
    ) -> Iterator[PrepareResult]:
        """Yield the results of tasks, in order; `known` returns the names currently in effect."""

    def close(self) -> None:
        """Release what the pool holds."""


class WorkerPool:
    """Prepares documents, in this process or in others. To be closed."""

    def __init__(self, processes: int, *, after: int = 0, limits: Limits = Limits()) -> None:  # noqa: B008 (it is a tuple)
        """Start at most `processes` processes, when they are needed; with 0, work in this one.

        Documents of the first `after` characters are prepared in this process. `limits` are those
        of each document in the others.
        """
        self._limits = limits
        self._processes = processes
        self._after = after
        self._workers: list[_Worker] = []
        self._is_closed = False
        self._local = threading.local()
        self._pool: ThreadPoolExecutor | None = None
        if processes:
            # Not above, as subprocess below: what is only for a pool takes its processes some time.
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(processes)

    def prepare_all(
        self, tasks: Iterable[PrepareTask], known: Callable[[], LazyRecognizer]
    ) -> Iterator[PrepareResult]:
        """Yield the results of tasks, in order; `known` returns the names currently in effect."""
        if self._pool is None:
            for chunk in chunks(tasks, CHUNK):
                yield from prepare_chunk(chunk, known())
            return
        tasks = iter(tasks)
        while self._after > 0 and (task := next(tasks, None)):
            self._after -= task.document.size
            yield prepare(task, known())
        waiting: deque[tuple[list[PrepareTask], Future[PackedResults]]] = deque()

        def take() -> Iterator[PrepareResult]:
            chunk, future = waiting.popleft()
            done = future.result()
            yield from done.unpacked()
            yield from (prepare(task, known()) for task in chunk[len(done) :])

        for chunk in chunks(tasks, CHUNK):
            waiting.append((chunk, self._pool.submit(self._prepare_chunk, chunk, known().names)))
            if len(waiting) > AHEAD * self._processes:
                yield from take()
        while waiting:
            yield from take()

    def _prepare_chunk(self, chunk: list[PrepareTask], names: KnownNames) -> PackedResults:
        """Return the results of processes; called in the pool's threads.

        They are fewer than the tasks if the others are to be done in this process.
        """
        done = PackedResults()
        has_ended_one = False
        together = len(chunk) > 1
        while len(done) < len(chunk) and not self._is_closed:
            worker = self._worker()
            # One that has ended a process is tried again alone.
            rest = chunk[len(done) : len(done) + 1] if has_ended_one else chunk[len(done) :]
            before = len(done)
            worker.prepare(rest, names, self._limits, done, together=together)
            count = len(done) - before
            if count == len(rest):
                has_ended_one = False
                continue
            if not worker.has_failed:
                break
            if together:
                # Which document has ended it shows when each is prepared by itself.
                together = False
                continue
            task = rest[count]
            again, has_ended_one = has_ended_one and not count, True
            if exceeded_time(worker.exit_status):
                seconds = self._limits.seconds_for(task.document.size)
                problem = Problem(f"takes more than {seconds:.0f} s: split it, or leave it out")
            elif again:
                how = ending(worker.exit_status)
                problem = Problem(f"has ended the program that read it ({how}): leave it out")
            else:
                continue
            done.add(pack([PrepareResult(task.file, task.path, None, [problem], names)]))
            has_ended_one = False
        return done

    def _worker(self) -> _Worker:
        """Return the process of this thread, which is started if there is none."""
        worker: _Worker | None = getattr(self._local, "worker", None)
        if worker is None or worker.has_failed:
            worker = self._local.worker = _Worker()
            self._workers.append(worker)
        return worker

    def close(self) -> None:
        """End the processes."""
        self._is_closed = True
        for worker in self._workers:
            worker.end()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        # A thread that was about to start another has done so.
        for worker in self._workers:
            worker.end()


def make_pool(processes: int | None, size: int, *, open_ended: bool) -> WorkerPool:
    """Return a pool for documents of some size in bytes; if it is `open_ended`, for more.

    With `processes` None it has a process for each of several processors, if there is enough to
    read for all.
    """
    if processes is not None:
        return WorkerPool(processes)
    processors = os.cpu_count() or 1
    # This process writes meanwhile, which takes a third of the time: it needs no processor of its
    # own. Where there is but one, processes only take memory.
    several = processors if processors > 1 else 0
    if open_ended and size < WORTH:
        # How much there is shows as it is read.
        return WorkerPool(several, after=WORTH)
    return WorkerPool(min(several, size // WORTH))


_Message = tuple[KnownNames | None, Limits, list[PrepareTask], bool]
"""The names in effect if they are others than before, limits, tasks, and whether they are prepared
together."""
_READY = "ready"
"""The first message of a process, when it has started."""
_ENDING = 5.0
"""The number of seconds in which a process whose output has ended ends too."""
_SERVE = f"""
import gc, os, sys
gc.disable()  # what is imported stays
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads of numpy's library would do nothing
sys.path[:] = sys.argv[1:]
from {__name__} import run_worker
run_worker()
"""
"""The program of a process: it imports what this one does, but nothing from the current folder."""


class _Worker:
    """A process that prepares documents, used by one thread of this one."""

    def __init__(self) -> None:
        self._names: KnownNames | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.exit_status: int | None = None
        self._has_begun = False
        import subprocess

        with suppress(OSError, ValueError):
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )

    @property
    def has_failed(self) -> bool:
        """Whether the process worked, and was ended: by itself it ends with exit status 0."""
        return self._has_begun and self.exit_status not in (None, 0)

    def prepare(
        self,
        chunk: list[PrepareTask],
        names: KnownNames,
        limits: Limits,
        done: PackedResults,
        *,
        together: bool,
    ) -> None:
        """Add the results of tasks, of the first ones if the process ends before the others.

        The limits are those of each task, or of all if they are prepared `together`.
        """
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return
        try:
            if not self._has_begun:
                self._has_begun = pickle.load(process.stdout) == _READY
            message: _Message = (names if names != self._names else None, limits, chunk, together)
            pickle.dump(message, process.stdin)
            process.stdin.flush()
            self._names = names
            for _ in range(1 if together else len(chunk)):
                done.add(pickle.load(process.stdout))
        except (OSError, EOFError, ValueError, pickle.PickleError):
            self.end(wait=True)

    def end(self, *, wait: bool = False) -> None:
        """End the process, or `wait` for the end of one that is ending."""
        process, self._process = self._process, None
        if process:
            import subprocess

            if wait:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_ENDING)
            process.kill()
            process.communicate()
            self.exit_status = process.returncode


def run_worker() -> None:
    """Prepare the documents that arrive; the main function of a process."""
    # An interrupt ends the run in the parent process; this one ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # The output of a library must not reach the parent as a result.
    os.dup2(2, 1)
    prepare_limits()
    gc.freeze()
    gc.enable()
    known: LazyRecognizer | None = None

    def send(result: object) -> None:
        pickle.dump(result, results)
        results.flush()

    send(_READY)
    # A task that fails here fails again in the parent, which can report it.
    with suppress(Exception), collecting_rarely():
        while True:
            message: _Message = pickle.load(requests)
            names, limits, chunk, together = message
            if names is not None:
                known = LazyRecognizer(names, names.recognizer)
            assert known is not None
            for part in [chunk] if together else [[task] for task in chunk]:
                begin_document(limits, sum(task.document.size for task in part))
                done = list(prepare_chunk(part, known))
                end_document()
                send(pack(done))
