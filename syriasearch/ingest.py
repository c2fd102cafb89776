"""How do files become an archive? Read, clean, split, recognize, store; and tell.

A run is idempotent: what is unchanged is passed over, what has changed replaces its article under
the same slug, and one bad file never stops it. A killed run leaves a whole archive, and the next
one goes on where it was.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from .datasette_config import write_metadata
from .drafting import WORTH, Drafted, Drafting, Job, unexpected
from .prose import clean
from .readers import Document, PassedOver, Problem, read_items
from .recognition import Known, Told
from .reports import IngestProblem, IngestReport
from .sources import FoundFile, Reading, Sources, article_path, written
from .store import Store

BATCH_ARTICLES = 200
BATCH_CHARACTERS = 2_000_000

Progress = Callable[[int, int, str], None]
"""Called with the bytes read, the bytes to read, and the name of the file."""


def ingest(
    store: Store,
    sources: dict[str, list[Path]],
    *,
    told: Told = Told(),  # noqa: B008 (it is a tuple)
    prune: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
    reading: Reading = Reading(),  # noqa: B008 (it is frozen)
) -> IngestReport:
    """Bring files and folders into an archive, as `sources.find_sources` found them.

    `told` is what the run says of how names are found, which the archive keeps. `prune` removes
    the articles of these folders and files that are no longer in them. `processes` are to be
    started beside this one, at most; None for as many as there are other processors, where there is
    much to read. `reading` says how files are to be read that do not tell it themselves.
    """
    started = time.perf_counter()
    found = Sources([match for matches in sources.values() for match in matches], store, reading)
    run = _Run(store, list(map(written, sources)), found)
    for path, problem in found.problems:
        run.problem(path, problem)
    run.know(told)
    total = sum(file.size for file in found.files)
    if processes is None:
        processes = (os.cpu_count() or 1) - 1 if total >= WORTH else 0
    with closing(Drafting(processes)) as drafting:
        jobs = _jobs(found, run, lambda done, name: progress and progress(done, total, name))
        for drafted in drafting.drafts(jobs, lambda: run.known):
            run.add(drafted)
    run.flush()
    if prune:
        run.prune()
    run.finish()
    write_metadata(store.path)
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
    )


def _jobs(sources: Sources, run: _Run, tell: Callable[[int, str], object]) -> Iterator[Job]:
    """Yield what is to be made ready: all documents that have changed."""
    done = 0
    for file in sources.files:
        tell(done, file.file.name)
        for path, document in _documents(file, run):
            if run.store.is_unchanged(file.root, path, document.content_hash()):
                run.counts["unchanged"] += 1
            else:
                yield Job(document, file.root, path, sources.reading.day_first)
        done += file.size


def _documents(found: FoundFile, run: _Run) -> Iterator[tuple[str, Document]]:
    name = found.file.name
    seen = run.read.setdefault((found.root, name), set())
    items = read_items(found.file, named=found.named, reader=found.reader)
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except OSError as error:
            item = Problem(f"cannot be read: {error.strerror}")
        except Exception as error:
            item = unexpected(error)
        if isinstance(item, PassedOver):
            run.pass_over(item.ending)
            continue
        path = article_path(found, item)
        if isinstance(item, Document):
            seen.add(path)
            yield path, item
            continue
        run.problem(path, item)
        if item.lost:
            # What could not be read has not gone.
            run.unread.add((found.root, name))


class _Run:
    """What a run has stored, counted and noted, written a batch at a time."""

    def __init__(self, store: Store, names: list[str], sources: Sources) -> None:
        self.store = store
        self.counts: Counter[str] = Counter(added=0, updated=0, unchanged=0, removed=0, failed=0)
        self.problems: list[IngestProblem] = []
        self.read: dict[tuple[str, str], set[str]] = {}
        """The paths of the articles that each file holds."""
        self.unread: set[tuple[str, str]] = set()
        """Files that could not be read, or not whole."""
        self._sources = sources
        self._drafted: list[Drafted] = []
        self._characters = 0
        self._noted = 0
        store.is_there = sources.is_there
        self._id = store.start_run(names)
        self.known: Known

    def problem(self, path: str, problem: Problem) -> None:
        self.problems.append(IngestProblem(path, clean(problem.message), problem.lost))
        self.counts["failed"] += problem.lost

    def pass_over(self, ending: str) -> None:
        self._sources.skipped[ending] += 1

    def add(self, drafted: Drafted) -> None:
        for problem in drafted.problems:
            self.problem(drafted.path, problem)
        if drafted.draft:
            self._drafted.append(drafted)
            self._characters += sum(len(block.text) for block in drafted.draft.blocks)
            if len(self._drafted) >= BATCH_ARTICLES or self._characters >= BATCH_CHARACTERS:
                self.flush()

    def know(self, told: Told) -> None:
        """Find names as the archive does, and as the run says in the place of that."""
        for name in self.store.keep_names(told):
            message = "is used no longer: give it too, to have its names found"
            self.problem(name, Problem(message, lost=False))
        self.known = self.store.known()

    def flush(self, *, finished: bool = False) -> None:
        with self.store.batch():
            # Another process may have corrected something meanwhile.
            self.known = self.store.known()
            outcomes = Counter(map(self._put, self._drafted))
            for problem in self.problems[self._noted :]:
                self.store.add_problem(self._id, problem.path, problem.message, lost=problem.lost)
            counts = dict(self.counts + outcomes)
            self.store.note_run(self._id, counts, finished=finished)
        self.counts.update(outcomes)
        self._noted = len(self.problems)
        self._drafted.clear()
        self._characters = 0

    def _put(self, drafted: Drafted) -> str:
        assert drafted.draft is not None
        if drafted.names == self.known.names:
            return self.store.put(drafted.draft)
        return self.store.put(drafted.draft.recognized_by(self.known.recognizer))

    def prune(self) -> None:
        """Remove the articles whose file has gone, or holds them no more."""
        with self.store.batch():
            for root, prefix in set(self._sources.scopes()):
                gone = {
                    path for path in self.store.paths(root, prefix) if self._is_gone(root, path)
                }
                self.counts["removed"] += self.store.remove(root, gone)

    def _is_gone(self, root: str, path: str) -> bool:
        names = [path, *(path[:at] for at, letter in enumerate(path) if letter == "#")]
        for name in names:
            seen = self.read.get((root, name))
            if seen is not None:
                return path not in seen and (root, name) not in self.unread
        return not self._sources.is_there(root, path)

    def finish(self) -> None:
        self.flush(finished=True)
        self.store.settle()
