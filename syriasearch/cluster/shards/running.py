"""What of a run is done next: what is read, made ready, stored, looked at?

All in the order of the input, so that the shards are the same whatever was lost meanwhile. A file
counts as read when all that it holds is stored.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from ...entities.recognition_settings import RecognitionOptions
from ...errors.faults import FaultLog
from ...ingest.blocks.plain_text import clean
from ...ingest.readers import Problem
from ...ingest.run import BATCH_ARTICLES, BATCH_CHARACTERS, BATCH_FILES, Progress
from ...ingest.sources import FoundFile, Match, ReadOptions, Sources
from ...ingest.workers import PrepareTask
from ...models.report import IngestProblem
from ...store.source_files import FileRow, Key, RetryPolicy, is_same
from ..placing import shard_of
from .batches import Batches, later
from .crew import Crew
from .looking import Seen
from .making import Made
from .partitions import Chunk, Ended, Trouble, Wanted, partitions
from .registry import Registry
from .shard_files import ShardFiles, ShardOrigins
from .tasks import RETRIES, make_task, read_task
from .writing import FileNote

AHEAD = 2
"""So many partitions are read at a time,"""
AHEAD_CHUNKS = 8
"""with so many chunks of each before they are made ready;"""
MAKING = 3
"""so many chunks are made ready or wait for it, for each processor,"""
BATCHES = 3
"""and so many batches wait for each writer."""
LINKED = 1_000
"""So many articles, at least, are looked at together for what they are copies of."""


class Run:
    """What a run has read, given to its writers, and counted."""

    def __init__(
        self, ray: Any, crew: Crew, names: list[str], matches: list[Match], reading: ReadOptions
    ) -> None:
        self._ray = ray
        self._crew = crew
        self._shards = len(crew.writers)
        self._sources = names
        crew.make()
        self._files = ShardFiles(ray, crew.writers)
        self.found = Sources(matches, ShardOrigins(ray, crew.writers), reading)
        self.faults = FaultLog()
        self.problems: list[IngestProblem] = []
        self.total = 0
        """How many bytes are to be read,"""
        self._bytes = 0
        """and how many are."""
        self._unchanged = [0] * self._shards
        """How many articles of each shard need not have been made."""
        self._failed = [0] * self._shards
        self._batches = [Batches() for _ in range(self._shards)]
        self._links = Batches()
        self._making: deque[tuple[Any, Any, list[Any]]] = deque()
        """Chunks, what will be told of each, and its articles by shard."""
        self._ended: deque[tuple[list[int], FileNote]] = deque()
        """Files that were read, each with the calls after which all of it is stored."""
        self._of_file: dict[Key, list[IngestProblem]] = {}
        self._unmade: Counter[Key] = Counter()
        self._homeless: list[IngestProblem] = []
        """The problems of no file."""
        self._passed: set[Key] = set()
        self._read: dict[Key, set[str]] = {}
        self._unread: set[Key] = set()

    def begin(self, told: RecognitionOptions, *, retry: bool, prune: bool) -> None:
        """Begin a run in each shard, and find out which files to read."""
        self._prunes = prune
        begun = self._crew.begin(self._sources, told)
        self._registry = Registry(self._crew.last, self._shards)
        self._names = self._ray.put(begun.names)
        self._lookers = None if self._crew.is_empty else self._crew.writers
        for path, problem in self.found.problems:
            self._problem(path, problem)
        for name in begun.gone:
            message = "is used no longer: give it too, to have its names found"
            self._problem(name, Problem(message, lost=False))
        self._to_read = self._changed(retry=retry)
        self.total = sum(each.found.stamp.size for each in self._to_read)

    def _problem(self, path: str, problem: Problem, key: Key | None = None) -> None:
        told = IngestProblem(path, clean(problem.message), problem.lost)
        self.problems.append(told)
        self._failed[self._home(key)] += problem.lost
        if problem.fault:
            self.faults.note(problem.fault, path)
        if key is None:
            self._homeless.append(told)
        else:
            self._of_file.setdefault(key, []).append(told)

    def _home(self, key: Key | None) -> int:
        """Return the shard that keeps a file, and what could not be read of it."""
        return shard_of(key[1], self._shards) if key else 0

    def _changed(self, *, retry: bool) -> list[Wanted]:
        """Return the files that are to be read; of others it is told what is known of them."""
        found = self.found
        rows = self._files.rows([file.key for file in found.files])
        held = self._files.held([file.key for file in found.files if rows[file.key]])
        again = RetryPolicy(self._files.unread_folders()) if retry else None
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
            self._note(FileNote(file.key, problems, touched=touched), [0] * self._shards)

    def work(self, progress: Progress | None) -> None:
        """Have all read, made ready and stored."""
        self._sizes = {each.found.key: each.found.stamp.size for each in self._to_read}
        self._progress = progress
        processors = int(self._ray.cluster_resources().get("CPU", 1))
        self._make = self._ray.remote(make_task).options(
            num_returns=1 + self._shards, max_retries=RETRIES, num_cpus=1
        )
        for chunk in self._chunks():
            made, *parts = self._make.remote(chunk, self._names, self._shards, self._lookers)
            self._making.append((chunk, made, parts))
            while len(self._making) >= MAKING * processors:
                self._step()
        while self._making:
            self._step()
        for shard in range(self._shards):
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
        waiting = {each.busy: each for each in self._asked() if each.busy is not None}
        refs = list(waiting)
        full = any(len(each.calls) >= BATCHES for each in self._asked())
        if self._making and not (full and refs):
            refs.append(self._making[0][1])
        if not refs:
            return
        ready, _ = self._ray.wait(refs, num_returns=1)
        for ref in ready:
            if ref in waiting:
                self._answered(ref, waiting[ref])
            else:
                chunk, _, parts = self._making.popleft()
                try:
                    self._add(self._ray.get(ref), parts)
                except self._ray.exceptions.RayTaskError:
                    raise
                except self._ray.exceptions.RayError:
                    self._make_singly(chunk)
        self._close_files()
        self._send()

    def _asked(self) -> list[Batches]:
        return [*self._batches, self._links]

    def _answered(self, ref: Any, batch: Batches) -> None:
        """Take that a writer has done what it was asked, and have what it stored looked at."""
        noted = self._ray.get(ref)
        stored = batch.answered()
        if batch is self._links or not stored:
            return
        self._links.parts.append((self._batches.index(batch), ref))
        self._links.articles += len(noted)
        if self._links.articles >= LINKED:
            self._link()

    def _link(self) -> None:
        """Have what is stored looked at for what it is a copy of."""
        if self._links.parts:
            shards, refs = zip(*self._links.parts, strict=True)
            self._links.call(later(self._crew.ledger.put, shards, *refs))
            self._links.parts, self._links.articles = [], 0

    def _make_singly(self, chunk: Any) -> None:
        """Make the documents of a chunk one by one: the making of one of them ends its process."""
        items: Chunk = self._ray.get(chunk)
        for item in items:
            made, *parts = self._make.remote([item], self._names, self._shards, self._lookers)
            try:
                self._add(self._ray.get(made), parts)
            except self._ray.exceptions.RayTaskError:
                raise
            except self._ray.exceptions.RayError:
                if not isinstance(item, PrepareTask):
                    raise
                self._lose(item)

    def _lose(self, job: PrepareTask) -> None:
        """Tell of a document that cannot be made ready."""
        problem = Problem(
            "ended the process that made it ready, each time (of too little memory, it may be): "
            "leave it out, and report it"
        )
        self._trouble(Trouble(job.file, job.path, problem))
        self._unmade[job.file] += 1
        if self._prunes:
            self._read.setdefault(job.file, set()).add(job.path)

    def _send(self) -> None:
        for each in self._asked():
            each.send()

    def _drain(self) -> None:
        while self._ended or any(each.busy is not None or each.calls for each in self._asked()):
            self._step()
            self._close_files(all_of_them=True)
        if self._links.parts:
            self._link()
            self._drain()

    def _add(self, made: Made, parts: list[Any]) -> None:
        """Take what was made of a chunk."""
        for ending in made.passed_over:
            self.found.skipped[ending] += 1
        for trouble in made.troubles:
            self._trouble(trouble)
        self._unmade.update(made.unmade)
        for key, path in made.seen if self._prunes else ():
            self._read.setdefault(key, set()).add(path)
        self._registry.meet(made.named)
        places = self._registry.place(made.measures, self._shards)
        for shard, (part, some) in enumerate(zip(parts, places, strict=True)):
            self._unchanged[shard] += made.unchanged[shard]
            batch = self._batches[shard]
            if some:
                batch.parts.append((some, part))
                batch.articles += len(some)
                batch.characters += made.characters[shard]
            if batch.articles >= BATCH_ARTICLES or batch.characters >= BATCH_CHARACTERS:
                self._store(shard)
        for ended in made.ended:
            self._end(ended)

    def _trouble(self, trouble: Trouble) -> None:
        self._problem(trouble.path, trouble.problem, trouble.file)
        if trouble.problem.lost:
            self._unread.add(trouble.file)

    def _store(self, shard: int) -> None:
        batch = self._batches[shard]
        if batch.parts:
            places, parts = zip(*batch.parts, strict=True)
            put, news = self._crew.write(shard, "put"), self._registry.news(shard)
            batch.call(later(put, self._crew.run, news, places, *parts), batches=1)
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
            note = self._crew.write(shard, "note")
            self._batches[shard].call(later(note, self._crew.run, some))

    def prune(self) -> None:
        """Remove what has gone."""
        scopes = list(set(self.found.scopes()))
        self._crew.prune(Seen(scopes, self._read, self._passed, self._unread))

    def finish(self) -> dict[str, int]:
        """End the run in each shard; return what it has done."""
        for shard in range(self._shards):
            news = self._registry.news(shard)
            if news:
                self._batches[shard].call(later(self._crew.write(shard, "meet"), news))
        self._drain()
        self._crew.reconcile()
        self._crew.sweep()
        total = Counter[str]()
        counts = self._crew.counts()
        for shard, each in enumerate(counts):
            # Kept with the articles, a batch that was given twice is counted once.
            stored = each["added"] + each["updated"]
            each["unchanged"] = self._unchanged[shard] + self._batches[shard].given - stored
            each["failed"] = self._failed[shard]
            total.update(each)
        there = self.found.existing_roots | ShardOrigins(self._ray, self._crew.writers).roots()
        self._crew.finish(counts, self._homeless, there)
        return {
            name: total[name] for name in ("added", "updated", "unchanged", "removed", "failed")
        }
