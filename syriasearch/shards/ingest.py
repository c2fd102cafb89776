"""How do files become an archive of many shards?

Readers read partitions of the input, makers make its documents ready, a writer for each shard
stores them: tasks and actors of Ray, which makes anew what was lost with a process or a machine.
Here is only told who does what next, in the order of the input, so that the shards are the same
whatever was lost meanwhile. A file counts as read when all that it holds is stored.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..cluster.placing import shard_of
from ..errors import ArchiveError, OptionError
from ..files import FileRow, Key, Retry, is_same
from ..ingest import BATCH_ARTICLES, BATCH_CHARACTERS, BATCH_FILES, Progress
from ..prose import clean
from ..readers import Problem
from ..recognition import Told
from ..reports import IngestProblem, IngestReport
from ..sources import STDIN, FoundFile, Reading, Sources, root_key, written
from .batches import Batches, later
from .making import Made
from .partitions import Ended, Wanted, partitions
from .shard_files import ShardFiles, ShardOrigins
from .tasks import RETRIES, make_task, read_task, start_writer
from .writing import FileNote, Seen

AHEAD = 2
"""So many partitions are read at a time,"""
AHEAD_CHUNKS = 8
"""with so many chunks of each before they are made ready;"""
MAKING = 3
"""so many chunks are made ready or wait for it, for each processor,"""
BATCHES = 3
"""and so many batches wait for each writer."""


def ingest(
    ray: Any,
    paths: Sequence[Path],
    sources: dict[str, list[Path]],
    *,
    told: Told = Told(),  # noqa: B008 (it is a tuple)
    prune: bool = False,
    retry: bool = False,
    progress: Progress | None = None,
    reading: Reading = Reading(),  # noqa: B008 (it is frozen)
) -> IngestReport:
    """Bring files and folders into shards; the options are those of `ingest.ingest`.

    All machines of the cluster must see the files, and the folder of the shards, under the same
    paths. Raises OptionError for what cannot be shared out, and what `ingest.ingest` raises.
    """
    started = time.perf_counter()
    matches = [match for each in sources.values() for match in each]
    if STDIN in matches:
        raise OptionError("standard input cannot be shared out to a cluster: put it into a file")
    folders = {root_key(each): each for each in map(_folder, matches)}
    writers = [start_writer(ray, path, folders) for path in paths]
    try:
        run = _Run(ray, writers, list(map(written, sources)), matches, reading)
        run.begin(told, retry=retry, prune=prune)
        run.work(progress)
        if prune:
            run.prune()
        counts = run.finish()
    except ray.exceptions.RayTaskError as error:
        raise _plain(error) from error
    except ray.exceptions.RayError as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise ArchiveError(f"the cluster cannot go on ({lines[0][:200]}): run it again") from error
    finally:
        for writer in writers:
            ray.kill(writer)
    if progress:
        progress(run.total, run.total, "")
    return IngestReport(
        **counts,
        problems=tuple(run.problems),
        skipped=dict(run.found.skipped),
        took_s=time.perf_counter() - started,
    )


def _folder(match: Path) -> Path:
    return match.resolve() if match.is_dir() else match.parent.resolve()


def _plain(error: Any) -> Exception:
    """Return the error that a task has raised."""
    cause = error.cause if isinstance(error.cause, Exception) else None
    return cause or ArchiveError(f"the cluster cannot go on ({error}): run it again")


class _Run:
    """What a run has read, given to its writers, and counted."""

    def __init__(
        self, ray: Any, writers: list[Any], names: list[str], matches: list[Path], reading: Reading
    ) -> None:
        self._ray = ray
        self._writers = writers
        self._sources = names
        ray.get([self._write(writer.create).remote() for writer in writers])
        self._files = ShardFiles(ray, writers)
        self.found = Sources(matches, ShardOrigins(ray, writers), reading)
        self.problems: list[IngestProblem] = []
        self.total = 0
        """How many bytes are to be read,"""
        self._bytes = 0
        """and how many are."""
        self._runs: list[int] = []
        self._unchanged = [0] * len(writers)
        """How many articles of each shard need not have been made."""
        self._failed = [0] * len(writers)
        self._batches = [Batches() for _ in writers]
        self._making: deque[tuple[Any, list[Any]]] = deque()
        self._ended: deque[tuple[list[int], FileNote]] = deque()
        """Files that were read, each with the calls after which all of it is stored."""
        self._of_file: dict[Key, list[IngestProblem]] = {}
        self._unmade: Counter[Key] = Counter()
        self._homeless: list[IngestProblem] = []
        """The problems of no file."""
        self._passed: set[Key] = set()
        self._read: dict[Key, set[str]] = {}
        self._unread: set[Key] = set()

    @staticmethod
    def _write(method: Any) -> Any:
        return method.options(concurrency_group="write")

    def begin(self, told: Told, *, retry: bool, prune: bool) -> None:
        """Begin a run in each shard, and find out which files to read."""
        ray = self._ray
        self._prunes = prune
        begun = ray.get(
            [self._write(each.begin).remote(self._sources, told) for each in self._writers]
        )
        self._runs = [each.run for each in begun]
        self._names = ray.put(begun[0].names)
        self._lookers = None if all(each.is_empty for each in begun) else self._writers
        for path, problem in self.found.problems:
            self._problem(path, problem)
        for name in begun[0].gone:
            message = "is used no longer: give it too, to have its names found"
            self._problem(name, Problem(message, lost=False))
        self._to_read = self._changed(retry=retry)
        self.total = sum(each.found.stamp.size for each in self._to_read)

    def _problem(self, path: str, problem: Problem, key: Key | None = None) -> None:
        told = IngestProblem(path, clean(problem.message), problem.lost)
        self.problems.append(told)
        self._failed[self._home(key)] += problem.lost
        if key is None:
            self._homeless.append(told)
        else:
            self._of_file.setdefault(key, []).append(told)

    def _home(self, key: Key | None) -> int:
        """Return the shard that keeps a file, and what could not be read of it."""
        return shard_of(key[1], len(self._writers)) if key else 0

    def _changed(self, *, retry: bool) -> list[Wanted]:
        """Return the files that are to be read; of others it is told what is known of them."""
        found = self.found
        rows = self._files.rows([file.key for file in found.files])
        held = self._files.held([file.key for file in found.files if rows[file.key]])
        again = Retry(self._files.unread_folders()) if retry else None
        wanted = []
        for file in found.files:
            row, how = rows[file.key], found.how_read(file)
            if again:
                passes = not again.wants(file.key, row)
            else:
                passes = (
                    row is not None
                    and is_same(row, file.file.path, file.stamp, how)
                    and row.articles == held[file.key]
                )
                if passes and row is not None:
                    self._tell_again(file, row)
            if passes:
                self._passed.add(file.key)
            else:
                wanted.append(Wanted(file, found.is_recent(file), how))
        return wanted

    def _tell_again(self, file: FoundFile, row: FileRow) -> None:
        self._unchanged[self._home(file.key)] += row.articles
        moved = row.modified != file.stamp.modified and not self.found.is_recent(file)
        if row.lost:
            for path, message in self._files.lost(file.key, row):
                self._problem(path, Problem(message), file.key)
        problems = tuple(self._of_file.pop(file.key, ()))
        if moved or problems:
            touched = file.stamp if moved else None
            self._note(FileNote(file.key, problems, touched=touched), [0] * len(self._writers))

    def work(self, progress: Progress | None) -> None:
        """Have all read, made ready and stored."""
        self._sizes = {each.found.key: each.found.stamp.size for each in self._to_read}
        self._progress = progress
        processors = int(self._ray.cluster_resources().get("CPU", 1))
        making = self._ray.remote(make_task).options(
            num_returns=1 + len(self._writers), max_retries=RETRIES, num_cpus=1
        )
        for chunk in self._chunks():
            made, *parts = making.remote(chunk, self._names, len(self._writers), self._lookers)
            self._making.append((made, parts))
            while len(self._making) >= MAKING * processors:
                self._step()
        while self._making:
            self._step()
        for shard in range(len(self._writers)):
            self._store(shard)
        self._drain()

    def _chunks(self) -> Iterator[Any]:
        """Yield references to chunks, in the order of the input, some partitions being read."""
        # A reader waits for those who take what it has read, and they need the processors.
        reading = self._ray.remote(read_task).options(
            num_cpus=0, max_retries=RETRIES, _generator_backpressure_num_objects=AHEAD_CHUNKS
        )
        day_first = self.found.reading.day_first
        started: deque[Any] = deque()
        for part in partitions(self._to_read):
            started.append(reading.remote(part, day_first))
            if len(started) > AHEAD:
                yield from started.popleft()
        while started:
            yield from started.popleft()

    def _step(self) -> None:
        """Wait until something is done, and have the next done."""
        self._send()
        waiting = {each.busy: each for each in self._batches if each.busy is not None}
        refs = list(waiting)
        full = any(len(each.calls) >= BATCHES for each in self._batches)
        if self._making and not (full and refs):
            refs.append(self._making[0][0])
        if not refs:
            return
        ready, _ = self._ray.wait(refs, num_returns=1)
        for ref in ready:
            if ref in waiting:
                self._ray.get(ref)
                waiting[ref].answered()
            else:
                _, parts = self._making.popleft()
                self._add(self._ray.get(ref), parts)
        self._close_files()
        self._send()

    def _send(self) -> None:
        for each in self._batches:
            each.send()

    def _drain(self) -> None:
        while any(each.busy is not None or each.calls for each in self._batches) or self._ended:
            self._step()
            self._close_files(all_of_them=True)

    def _add(self, made: Made, parts: list[Any]) -> None:
        """Take what was made of a chunk."""
        for ending in made.passed_over:
            self.found.skipped[ending] += 1
        for trouble in made.troubles:
            self._problem(trouble.path, trouble.problem, trouble.file)
            if trouble.problem.lost:
                self._unread.add(trouble.file)
        self._unmade.update(made.unmade)
        for key, path in made.seen if self._prunes else ():
            self._read.setdefault(key, set()).add(path)
        for shard, part in enumerate(parts):
            self._unchanged[shard] += made.unchanged[shard]
            batch = self._batches[shard]
            if made.articles[shard]:
                batch.parts.append(part)
                batch.articles += made.articles[shard]
                batch.characters += made.characters[shard]
            if batch.articles >= BATCH_ARTICLES or batch.characters >= BATCH_CHARACTERS:
                self._store(shard)
        for ended in made.ended:
            self._end(ended)

    def _store(self, shard: int) -> None:
        batch, run = self._batches[shard], self._runs[shard]
        if batch.parts:
            parts, put = batch.parts, self._write(self._writers[shard].put)
            batch.call(later(put, run, *parts), batches=1)
            batch.given += batch.articles
            batch.parts, batch.articles, batch.characters = [], 0, 0

    def _end(self, ended: Ended) -> None:
        """Take that a file was read: it is told when all before it is stored."""
        key = ended.file
        held = ended.held - self._unmade.pop(key, 0)
        problems = tuple(self._of_file.pop(key, ()))
        after = [each.asked + bool(each.parts) for each in self._batches]
        self._note(FileNote(key, problems, ended.read, held), after)
        self._bytes += self._sizes[key]
        if self._progress:
            self._progress(self._bytes, self.total, key[1])

    def _note(self, note: FileNote, after: list[int]) -> None:
        self._ended.append((after, note))

    def _close_files(self, *, all_of_them: bool = False) -> None:
        """Have it noted which files were read whose articles are all stored, many at a time."""
        ready = 0
        for after, _ in self._ended:
            if any(each.done < wanted for each, wanted in zip(self._batches, after, strict=True)):
                break
            ready += 1
        if ready < BATCH_FILES and not all_of_them:
            return
        notes: dict[int, list[FileNote]] = {}
        for _, note in (self._ended.popleft() for _ in range(ready)):
            notes.setdefault(self._home(note.file), []).append(note)
        for shard, some in notes.items():
            run, method = self._runs[shard], self._write(self._writers[shard].note)
            self._batches[shard].call(later(method, run, some))

    def prune(self) -> None:
        """Remove what has gone."""
        seen = Seen(list(set(self.found.scopes())), self._read, self._passed, self._unread)
        told = self._ray.put(seen)
        each_of = zip(self._writers, self._runs, strict=True)
        self._ray.get([self._write(each.remove).remote(run, told) for each, run in each_of])

    def finish(self) -> dict[str, int]:
        """End the run in each shard; return what it has done."""
        ray, total = self._ray, Counter[str]()
        for shard, (writer, run) in enumerate(zip(self._writers, self._runs, strict=True)):
            # Kept with the articles, a batch that was given twice is counted once.
            counts = ray.get(self._write(writer.counts).remote(run))
            stored = counts["added"] + counts["updated"]
            counts["unchanged"] = self._unchanged[shard] + self._batches[shard].given - stored
            counts["failed"] = self._failed[shard]
            problems = [] if shard else self._homeless
            # One after another: a file beside the shards tells of them all.
            finish = self._write(writer.finish)
            ray.get(finish.remote(run, counts, problems, self.found.there))
            total.update(counts)
        return {
            name: total[name] for name in ("added", "updated", "unchanged", "removed", "failed")
        }
