"""Ingest runs: files are read, cleaned, split, recognized and stored, and a report is made.

A run is idempotent: unchanged articles are skipped, a changed one replaces its article under the
same slug, and one bad file never stops the run. A fault of the program that every document meets
does. An interrupted run leaves an intact archive, and the next one continues where it stopped.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing

from ..entities.recognition_settings import LazyRecognizer, RecognitionOptions
from ..errors import InternalError, SyriaSearchError
from ..errors.faults import FaultLog, check_requirements
from ..models.report import IngestProblem, IngestReport
from ..store.source_files import FileRow, FileStat, Key, ReadState, RetryPolicy, is_same, read_as
from .archive_writer import ArchiveWriter
from .blocks.plain_text import clean
from .dry_run import DryRun
from .readers import Document, Item, PassedOver, Problem, read_items
from .sources import FoundFile, Match, ReadOptions, Sources, article_path, outer_of, written
from .workers import WORTH, Pool, PrepareResult, PrepareTask, WorkerPool

BATCH_ARTICLES = 200
"""The maximum number of articles in a transaction."""
BATCH_CHARACTERS = 2_000_000
"""The number of characters at which a transaction ends."""
BATCH_FILES = 2_000
"""The maximum number of files that are read before the archive records that they were."""

FAULTS = 3
"""The number of times the first documents of a run may meet the same fault of the program."""

Progress = Callable[[int, int, str], None]
"""A callback with the bytes read, the bytes to read, and the name of the file."""


def ingest(
    store: ArchiveWriter | DryRun,
    sources: Mapping[str, Sequence[Match]],
    *,
    options: RecognitionOptions = RecognitionOptions(),  # noqa: B008 (it is a tuple)
    prune: bool = False,
    retry: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
    reading: ReadOptions = ReadOptions(),  # noqa: B008 (it is frozen)
    pool: Pool | None = None,
    batches: int = 1,
) -> IngestReport:
    """Ingest files and folders into an archive, as found by `sources.find_sources`.

    `options` are the run's options of recognition, which the archive stores. `prune` removes the
    articles of these folders and files that are no longer in them. `retry` reads only the files
    that could not be read completely before. `processes` is the maximum number of processes to
    start besides this one; None means one for each other processor if there is much to read.
    `reading` has the options for files that do not describe themselves. `pool` prepares documents
    in place of those processes, and a transaction has as many articles as `batches` batches.

    Raises InternalError if a fault of the program stops the run.
    """
    started = time.perf_counter()
    check_requirements()
    matches = [match for each in sources.values() for match in each]
    found = Sources(matches, store.origins, reading)
    run = _Run(store, list(map(written, sources)), found, retry=retry, batches=batches)
    for path, problem in found.problems:
        run.problem(path, problem)
    run.know(options)
    to_read = [file for file in found.files if not run.passes_over(file)]
    total = sum(file.stamp.size for file in to_read)
    if processes is None:
        processes = (os.cpu_count() or 1) - 1 if total >= WORTH else 0
    with closing(pool or WorkerPool(processes)) as drafting:
        jobs = _jobs(to_read, run, lambda done, name: progress and progress(done, total, name))
        try:
            for drafted in drafting.drafts(jobs, lambda: run.known):
                run.add(drafted)
        except InternalError:
            run.flush()
            raise
    run.flush()
    if prune:
        run.prune()
    run.finish()
    if progress:
        progress(total, total, "")
    return IngestReport(
        added=run.counts["added"],
        updated=run.counts["updated"],
        unchanged=run.counts["unchanged"],
        removed=run.counts["removed"],
        failed=run.counts["failed"],
        problems=tuple(run.problems),
        skipped=dict(found.skipped),
        took_s=time.perf_counter() - started,
        fault=str(run.faults.error()) if run.faults else None,
    )


def _jobs(
    files: Iterable[FoundFile], run: _Run, tell: Callable[[int, str], object]
) -> Iterator[PrepareTask]:
    """Yield all documents that have changed, to be prepared."""
    done = 0
    for file in files:
        tell(done, file.file.name)
        run.open(file)
        for path, document in _documents(file, run):
            if run.store.origins.is_unchanged(file.root, path, document.content_hash()):
                run.counts["unchanged"] += 1
            else:
                run.waiting[file.key] += 1
                yield PrepareTask(document, file.key, path, run.day_first)
        run.close(file)
        done += file.stamp.size


def items_of(found: FoundFile) -> Iterator[tuple[str, Item]]:
    """Yield the contents of a file, each with its article's path; errors become problems."""
    items = read_items(found.file, named=found.named, reader=found.reader)
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except (SyriaSearchError, sqlite3.Error):
            raise
        except Exception as error:
            item = Problem.of_reading(error)
        yield "" if isinstance(item, PassedOver) else article_path(found, item), item


def _documents(found: FoundFile, run: _Run) -> Iterator[tuple[str, Document]]:
    seen = run.read.setdefault(found.key, set())
    for path, item in items_of(found):
        if isinstance(item, PassedOver):
            run.pass_over(item.ending)
        elif isinstance(item, Document):
            seen.add(path)
            yield path, item
        else:
            run.problem(path, item, found.key)
            if item.lost:
                # An article that could not be read has not gone.
                run.unread.add(found.key)


def is_gone(
    article: Key,
    read: Mapping[Key, set[str]],
    passed: Set[Key],
    unread: Set[Key],
    is_there: Callable[[str, str], bool],
) -> bool:
    """Return whether an article's file has gone, or no longer contains the article.

    `read` are the paths of the articles in each file, `passed` the files that were skipped, and
    `unread` those that could not be read, or not completely.
    """
    root, path = article
    for name in (path, *outer_of(path)):
        if (root, name) in passed:
            return False
        seen = read.get((root, name))
        if seen is not None:
            return path not in seen and (root, name) not in unread
    return not is_there(root, path)


class _Run:
    """The state of a run: what was stored, counted and noted, written in batches."""

    def __init__(
        self,
        store: ArchiveWriter | DryRun,
        names: list[str],
        sources: Sources,
        *,
        retry: bool,
        batches: int,
    ) -> None:
        self.store = store
        self.day_first = sources.reading.day_first
        self.counts: Counter[str] = Counter(added=0, updated=0, unchanged=0, removed=0, failed=0)
        self.problems: list[IngestProblem] = []
        self.faults = FaultLog()
        self._faulty: set[Key] = set()
        """Files that met a fault of the program: the next run reads them again."""
        self.read: dict[Key, set[str]] = {}
        """The paths of the articles in each file."""
        self.unread: set[Key] = set()
        """Files that could not be read, or not completely."""
        self.waiting: Counter[Key] = Counter()
        """The number of articles of each file that are being prepared."""
        self._sources = sources
        self._retry = RetryPolicy(store.files.unread_folders()) if retry else None
        self._passed: set[Key] = set()
        """Files that need not be read."""
        self._opened: dict[Key, int | None] = {}
        """Files that are being read, with their ids in the archive."""
        self._closed: dict[Key, ReadState] = {}
        """Files that were read to the end."""
        self._lost: Counter[Key] = Counter()
        self._unmade: Counter[Key] = Counter()
        """The number of documents of each file that gave no article."""
        self._touched: list[tuple[FileRow, FileStat]] = []
        self._untold: list[tuple[IngestProblem, Key | None]] = []
        """Problems that are not yet written."""
        self._drafted: list[PrepareResult] = []
        self._characters = 0
        self._batches = batches
        self._has_succeeded = False
        """Whether any document was prepared successfully."""
        store.origins.is_there = sources.is_there
        self._id = store.start_run(names)
        self.known: LazyRecognizer

    def passes_over(self, file: FoundFile) -> bool:
        """Return whether a file need not be read: it has not changed, or is not to be retried.

        Its articles are counted, and its earlier problems are reported again.
        """
        row = None if file.is_stdin else self.store.files.row(file.key)
        if self._retry:
            passes = not self._retry.wants(file.key, row)
        else:
            passes = row is not None and self._is_same(file, row)
            if row and passes:
                self.counts["unchanged"] += row.articles
                self._tell_again(file, row)
        if passes:
            self._passed.add(file.key)
        return passes

    def _is_same(self, file: FoundFile, row: FileRow) -> bool:
        return is_same(
            row, file.file.path, file.stamp, self._sources.how_read(file)
        ) and row.articles == self.store.origins.count(*file.key)

    def _tell_again(self, file: FoundFile, row: FileRow) -> None:
        if row.modified != file.stamp.modified and not self._sources.is_recent(file):
            self._touched.append((row, file.stamp))
        if row.lost:
            for path, message in self.store.files.lost(row):
                self.problem(path, Problem(message), file.key)

    def open(self, file: FoundFile) -> None:
        """Record that a file is being read."""
        if not file.is_stdin:
            self._opened[file.key] = None

    def close(self, file: FoundFile) -> None:
        """Record that a file was read to the end; its articles may still be in preparation."""
        if file.is_stdin:
            return
        self._closed[file.key] = read_as(
            file.file.path,
            file.stamp,
            recent=self._sources.is_recent(file),
            reading=self._sources.how_read(file),
        )

    def problem(self, path: str, problem: Problem, key: Key | None = None) -> None:
        found = IngestProblem(path, clean(problem.message), problem.lost)
        self.problems.append(found)
        self._untold.append((found, key))
        self.counts["failed"] += problem.lost
        if key:
            self._lost[key] += problem.lost
        if problem.fault:
            met = self.faults.note(problem.fault, path)
            if key:
                self._faulty.add(key)
            if problem.fault.is_installation or (not self._has_succeeded and met >= FAULTS):
                raise self.faults.error("; the run has ended, and what was stored is kept")

    def pass_over(self, ending: str) -> None:
        self._sources.skipped[ending] += 1

    def add(self, drafted: PrepareResult) -> None:
        self.waiting[drafted.file] -= 1
        for problem in drafted.problems:
            self.problem(drafted.path, problem, drafted.file)
        if drafted.article:
            self._has_succeeded = True
            self._drafted.append(drafted)
            self._characters += drafted.article.characters
        else:
            self._unmade[drafted.file] += 1
        if (
            len(self._drafted) >= BATCH_ARTICLES * self._batches
            or self._characters >= BATCH_CHARACTERS * self._batches
            or len(self._closed) >= BATCH_FILES
        ):
            self.flush()

    def know(self, options: RecognitionOptions) -> None:
        """Find names as the archive does, unless the run has options of its own."""
        for name in self.store.keep_names(options):
            message = "is used no longer: give it too, to have its names found"
            self.problem(name, Problem(message, lost=False))
        self.known = self.store.known()
        if options.recognizer is not None:
            # A recognizer that cannot be used is reported before anything is read.
            _ = self.known.recognizer

    def flush(self, *, finished: bool = False) -> None:
        with self.store.batch():
            # Another process may have made corrections in the meantime.
            self.known = self.store.known()
            outcomes = Counter(map(self._put, self._drafted))
            closed = self._note_files()
            counts = dict(self.counts + outcomes)
            self.store.note_run(self._id, counts, finished=finished)
        self.counts.update(outcomes)
        for key in closed:
            del self._opened[key], self._closed[key]
            self.waiting.pop(key, None)
            self._lost.pop(key, None)
            self._unmade.pop(key, None)
        self._untold.clear()
        self._touched.clear()
        self._drafted.clear()
        self._characters = 0

    def _put(self, drafted: PrepareResult) -> str:
        assert drafted.article is not None
        if drafted.names == self.known.names:
            return self.store.put(drafted.article)
        return self.store.put(drafted.article.recognized_by(self.known.recognizer))

    def _note_files(self) -> list[Key]:
        """Write the files being read or finished, and all problems; return the finished files."""
        files = self.store.files
        for key, number in self._opened.items():
            if number is None:
                self._opened[key] = files.open(key, self._id)
        for problem, of in self._untold:
            number = None
            if of:
                number = self._opened.get(of) or files.tell_again(of, self._id)
            self.store.add_problem(self._id, problem, number)
        for row, stamp in self._touched:
            files.touch(row, stamp)
        closed = [key for key in self._closed if not self.waiting[key]]
        for key in closed:
            number = self._opened[key]
            assert number is not None
            held = len(self.read[key]) - self._unmade[key]
            read = self._closed[key]
            if key in self._faulty:
                read = read.to_be_repeated()
            files.close(number, read, articles=held, lost=self._lost[key])
        return closed

    def prune(self) -> None:
        """Remove the articles whose file has gone, or no longer contains them."""
        with self.store.batch():
            here = self._sources.is_there
            for root, prefix in set(self._sources.scopes()):
                gone = {
                    path
                    for path in self.store.origins.paths(root, prefix)
                    if is_gone((root, path), self.read, self._passed, self.unread, here)
                }
                self.counts["removed"] += self.store.remove(root, gone)
                files = self.store.files.paths(root, prefix)
                self.store.files.forget(root, {path for path in files if not here(root, path)})

    def finish(self) -> None:
        self.flush(finished=True)
        with self.store.batch():
            self.store.files.sweep(self._sources.there)
        self.store.settle()
