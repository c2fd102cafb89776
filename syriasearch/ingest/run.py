"""Ingest runs: files are read, cleaned, split, recognized and stored, and a report is made.

A run is idempotent: unchanged articles are skipped, a changed one replaces its article under the
same slug, and one bad file never stops the run. A fault of the program that every document meets
does. An interrupted run leaves an intact archive, and the next one continues where it stopped.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial

from ..entities.recognition_settings import LazyRecognizer, RecognitionOptions
from ..errors import EmptySourceError, InternalError, SourceError, SyriaSearchError
from ..errors.faults import FaultLog, check_requirements
from ..models.report import IngestProblem, IngestReport
from ..store.ingest_runs import COUNTS
from ..store.source_files import FileKey, FileRow, FileStat
from .archive_writer import ArchiveWriter
from .article_paths import ArticlePaths
from .blocks.plain_text import clean
from .dry_run import DryRun
from .empty_runs import reasons
from .file_names import outer_of
from .found_files import FileProgress, FoundFile, Match
from .garbage import collecting_rarely
from .prepare_tasks import PrepareResult, PrepareTask
from .progress import Progress, ProgressMeter
from .readers import Item, PassedOver, Problem
from .readers.base import CLEANING, accepted_hashes
from .readers.detect import read_items
from .sources import ReadOptions, Sources, written
from .unchanged import RetryPolicy, is_same, read_as
from .workers import Pool, make_pool

BATCH_ARTICLES = 200
"""The maximum number of articles in a transaction."""
BATCH_CHARACTERS = 2_000_000
"""The number of characters at which a transaction ends."""
BATCH_FILES = 2_000
"""The maximum number of files that are read before the archive records that they were."""

FAULTS = 3
"""The number of times the first documents of a run may meet the same fault of the program."""


def ingest(
    store: ArchiveWriter | DryRun,
    sources: Mapping[str, Sequence[Match]],
    *,
    options: RecognitionOptions = RecognitionOptions(),  # noqa: B008 (it is a tuple)
    prune: bool = False,
    force: bool = False,
    retry: bool = False,
    restore: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
    reading: ReadOptions = ReadOptions(),  # noqa: B008 (it is frozen)
    pool: Pool | None = None,
    batches: int = 1,
) -> IngestReport:
    """Ingest files and folders into an archive, as found by `sources.find_sources`.

    `options` are the run's options of recognition, which the archive stores. `prune` removes the
    articles of these folders and files that are no longer in them; without `force` it is refused if
    a folder no longer has any file. `retry` reads only the files that could not be read completely
    before, and `restore` also ingests articles that were deleted. `processes` is the maximum number
    of processes to start besides this one; None means one for each of several processors, if
    there is enough to read for all. `reading` has the options for files that do not describe
    themselves. `pool` prepares documents in place of those processes, and a transaction has as many
    articles as `batches` batches.

    Raises EmptySourceError if it is refused, before anything is written, and InternalError if a
    fault of the program stops the run.
    """
    started = time.perf_counter()
    check_requirements()
    matches = [match for each in sources.values() for match in each]
    found = Sources(matches, store.origins, reading)
    if prune and not force and (emptied := found.emptied()):
        raise EmptySourceError(emptied)
    run = _Run(
        store, list(map(written, sources)), found, retry=retry, restore=restore, batches=batches
    )
    for path, problem in found.problems:
        run.problem(path, problem)
    run.use_names(options)
    to_read = [file for file in found.files if not run.passes_over(file)]
    if to_read:
        run.note_renamed()
    total = sum(file.stamp.size for file in to_read)
    is_open_ended = any(file.is_stream and not file.stamp.size for file in to_read)
    meter = ProgressMeter(progress, 0 if is_open_ended else total)
    pool = pool or make_pool(processes, total, open_ended=is_open_ended)
    with collecting_rarely(), closing(pool):
        try:
            for result in pool.prepare_all(run.tasks(to_read, meter), lambda: run.known):
                run.add(result)
        except (InternalError, SourceError):
            run.flush()
            raise
    run.flush()
    if prune:
        run.prune()
    has_acted = bool(any(run.counts.values()) or run.problems or found.skipped or run.deleted)
    for name, problem in reasons(sources, done=has_acted, retry=retry):
        run.problem(written(name), problem)
    run.finish()
    meter.finish()
    return IngestReport(
        **run.counts,
        problems=tuple(run.problems),
        skipped=dict(found.skipped),
        deleted=run.deleted,
        took_s=time.perf_counter() - started,
        fault=str(run.faults.error()) if run.faults else None,
    )


def _items_of(found: FoundFile, meter: ProgressMeter | None = None) -> Iterator[Item]:
    """Yield the contents of a file, whose bytes are counted; errors become problems."""
    try:
        if found.is_records and found.reader:
            yield from found.reader.read(found.file)
        else:
            count = meter.count_bytes if meter else None
            yield from read_items(found.file, named=found.named, reader=found.reader, count=count)
    except (SyriaSearchError, sqlite3.Error):
        raise
    except Exception as error:
        yield Problem.of_reading(error)


class _Run:
    """The state of a run: what was stored, counted and noted, written in batches."""

    def __init__(
        self,
        store: ArchiveWriter | DryRun,
        names: list[str],
        sources: Sources,
        *,
        retry: bool,
        restore: bool,
        batches: int,
    ) -> None:
        self.counts = Counter(dict.fromkeys(COUNTS, 0))
        self.problems: list[IngestProblem] = []
        self.faults = FaultLog()
        self.known: LazyRecognizer
        self._store = store
        self._sources = sources
        self._restore = restore
        self.deleted = 0
        """The number of articles that are left out, as they were deleted."""
        self._retry = RetryPolicy(store.files.unread_folders()) if retry else None
        self._passed: set[FileKey] = set()
        """Files that need not be read."""
        self._files: dict[FileKey, FileProgress] = {}
        self._open_files: dict[FileKey, FileProgress] = {}
        """Those that are not recorded as read."""
        self._touched: list[tuple[FileRow, FileStat]] = []
        self._unwritten: list[tuple[IngestProblem, FileKey | None]] = []
        """Problems that are not yet written."""
        self._prepared: list[PrepareResult] = []
        self._characters = 0
        self._batches = batches
        self._has_succeeded = False
        """Whether any document was prepared successfully."""
        store.origins.is_there = sources.is_there
        self._id = store.start_run(names)

    def use_names(self, options: RecognitionOptions) -> None:
        """Find names as the archive does, unless the run has options of its own."""
        for name in self._store.keep_names(options):
            message = "is used no longer: give it too, to have its names found"
            self.problem(name, Problem(message, lost=False))
        self.known = self._store.known()
        if options.recognizer is not None:
            # A recognizer that cannot be used is reported before anything is read.
            _ = self.known.recognizer

    def passes_over(self, file: FoundFile) -> bool:
        """Return whether a file need not be read: it has not changed, or is not to be retried.

        Its articles are counted, and its earlier problems are reported again.
        """
        row = None if file.is_stream else self._store.files.row(file.key)
        if self._retry:
            passes = not self._retry.wants(file.key, row)
        else:
            passes = row is not None and self._is_unchanged(file, row)
            if row and passes:
                deleted = self._store.deleted.count(*file.key)
                self.deleted += deleted
                self.counts["unchanged"] += row.articles - deleted
                self._repeat_problems(file, row)
        if passes:
            self._passed.add(file.key)
        return passes

    def note_renamed(self) -> None:
        """Note the articles whose files have gone, which may have other names now."""
        keys = {file.key for file in self._sources.files}
        origins, is_there = self._store.origins, self._sources.is_there
        for root, prefix in {(root, prefix) for _, root, prefix in self._sources.folder_scopes()}:
            gone = (
                path
                for path in origins.paths(root, prefix)
                if keys.isdisjoint((root, name) for name in (path, *outer_of(path)))
            )
            origins.note_gone(root, [path for path in gone if not is_there(root, path)])

    def _is_unchanged(self, file: FoundFile, row: FileRow) -> bool:
        if not is_same(row, file.file.path, file.stamp, self._sources.how_read(file)):
            return False
        deleted = self._store.deleted.count(*file.key)
        stored = self._store.origins.count(*file.key)
        return row.articles == stored + deleted and not (deleted and self._restore)

    def _repeat_problems(self, file: FoundFile, row: FileRow) -> None:
        if row.modified != file.stamp.modified and not self._sources.is_recent(file):
            self._touched.append((row, file.stamp))
        if row.lost:
            for path, message in self._store.files.lost(row):
                self.problem(path, Problem(message), file.key)

    def tasks(self, files: Iterable[FoundFile], meter: ProgressMeter) -> Iterator[PrepareTask]:
        """Read files, and yield all documents that have changed, to be prepared."""
        for found in files:
            meter.begin(found.file.name, found.stamp.size)
            file = self._files.setdefault(found.key, FileProgress())
            if not found.is_stream:
                self._open_files[found.key] = file
            yield from self._tasks_of(found, file, meter)
            if not found.is_stream:
                # Its articles may still be in preparation.
                file.state = read_as(
                    found.file.path,
                    found.stamp,
                    recent=self._sources.is_recent(found),
                    reading=self._sources.how_read(found),
                )
            meter.end()

    def _tasks_of(
        self, found: FoundFile, file: FileProgress, meter: ProgressMeter
    ) -> Iterator[PrepareTask]:
        day_first = self._sources.reading.day_first
        store = self._store
        paths = ArticlePaths(
            found, file.paths, store.origins, store.deleted, partial(_items_of, found), day_first
        )
        for item in _items_of(found, meter):
            if isinstance(item, PassedOver):
                self._sources.skipped[item.ending] += 1
                continue
            path = paths.of(item)
            if isinstance(item, Problem):
                self.problem(path, item, found.key)
                file.is_incomplete |= item.lost
            else:
                meter.count_article()
                file.paths.add(path)
                content_hash = item.content_hash()
                hashes = accepted_hashes(content_hash, day_first)
                if store.origins.is_unchanged(found.root, path, hashes):
                    self.counts["unchanged"] += 1
                elif not self._restore and store.deleted.covers(
                    found.root, path, hashes, CLEANING, self._sources.is_there
                ):
                    self.deleted += 1
                else:
                    file.waiting += 1
                    known_hash = content_hash if item.pending is None else None
                    yield PrepareTask(item, found.key, path, day_first, known_hash)

    def problem(self, path: str, problem: Problem, key: FileKey | None = None) -> None:
        """Report a problem, of a file if `key` is given; InternalError ends the run."""
        file = self._files.get(key) if key else None
        if file is None or file.takes_problem(lost=problem.lost):
            self._list(path, problem, key)
        if file:
            file.is_faulty |= problem.fault is not None
        if problem.fault:
            met = self.faults.note(problem.fault, path)
            if problem.fault.is_installation or (not self._has_succeeded and met >= FAULTS):
                raise self.faults.error("; the run has ended, and what was stored is kept")

    def _list(self, path: str, problem: Problem, key: FileKey | None) -> None:
        found = IngestProblem(path, clean(problem.message), problem.lost)
        self.problems.append(found)
        self._unwritten.append((found, key))
        self.counts["failed"] += problem.lost
        if file := self._files.get(key) if key else None:
            file.lost += problem.lost

    def add(self, result: PrepareResult) -> None:
        """Add a prepared article, or its problems, and write a batch if it is large enough."""
        file = self._files[result.file]
        file.waiting -= 1
        for problem in result.problems:
            self.problem(result.path, problem, result.file)
        if result.article:
            self._has_succeeded = True
            self._prepared.append(result)
            self._characters += result.article.characters
        else:
            file.unmade += 1
        if (
            len(self._prepared) >= BATCH_ARTICLES * self._batches
            or self._characters >= BATCH_CHARACTERS * self._batches
            or len(self._open_files) > BATCH_FILES
        ):
            self.flush()

    def flush(self, *, finished: bool = False) -> None:
        """Write what was prepared, and what was noted of files, in one transaction."""
        for key, file in (self._files if finished else self._open_files).items():
            if finished or file.is_finished:
                for problem in file.unlisted_problems():
                    self._list(key[1], problem, key)
        with self._store.batch():
            # Another process may have made corrections in the meantime.
            self.known = self._store.known()
            outcomes = Counter(map(self._put, self._prepared))
            closed = self._record_files()
            self._store.deleted.write()
            self._store.note_run(self._id, dict(self.counts + outcomes), finished=finished)
        self.counts.update(outcomes)
        for key in closed:
            del self._open_files[key]
        self._unwritten.clear()
        self._touched.clear()
        self._prepared.clear()
        self._characters = 0

    def _put(self, result: PrepareResult) -> str:
        article = result.article
        assert article is not None
        if result.names != self.known.names:
            article = article.recognized_by(self.known.recognizer)
        return self._store.put(article)

    def _record_files(self) -> list[FileKey]:
        """Write the files being read or finished, and all problems; return the finished files."""
        files = self._store.files
        for key, file in self._open_files.items():
            if file.id is None:
                file.id = files.open(key, self._id)
        for problem, of in self._unwritten:
            number = None
            if of in self._open_files:
                number = self._open_files[of].id
            elif of:
                number = files.report_again(of, self._id)
            self._store.add_problem(self._id, problem, number)
        for row, stamp in self._touched:
            files.touch(row, stamp)
        closed = []
        for key, file in self._open_files.items():
            if file.is_finished:
                assert file.id is not None and file.state is not None
                state = file.state.to_be_repeated() if file.is_faulty else file.state
                files.close(file.id, state, articles=len(file.paths) - file.unmade, lost=file.lost)
                if not file.is_incomplete:
                    self._store.deleted.keep_only(*key, file.paths)
                closed.append(key)
        return closed

    def prune(self) -> None:
        """Remove the articles whose file has gone, or no longer contains them."""
        is_there = self._sources.is_there
        with self._store.batch():
            for root, prefix in set(self._sources.scopes()):
                paths = self._store.origins.paths(root, prefix)
                gone = {path for path in paths if self._is_gone(root, path)}
                self.counts["removed"] += self._store.remove(root, gone)
                files = self._store.files.paths(root, prefix)
                self._store.files.forget(root, {name for name in files if not is_there(root, name)})

    def _is_gone(self, root: str, path: str) -> bool:
        for name in (path, *outer_of(path)):
            if (root, name) in self._passed:
                return False
            if file := self._files.get((root, name)):
                return path not in file.paths and not file.is_incomplete
        return not self._sources.is_there(root, path)

    def finish(self) -> None:
        """Record that the run has ended, and leave the archive ready to be read."""
        self.flush(finished=True)
        with self._store.batch():
            self._store.files.sweep(self._sources.existing_roots)
        self._store.settle()
