"""How does a shard get its articles? An ordinary archive, written by one process.

Every call is a transaction, or a look, and may be made again: a process that ends in the midst of
one, and is started elsewhere, is asked the same once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..connection import open_reader
from ..drafting import Drafted
from ..files import FileRow, Files, Key, Read, Stamp
from ..ingest import is_gone
from ..origins import Origins
from ..recognition import Known, Names, Told
from ..reports import IngestProblem
from ..sources import is_there
from ..store import Store
from .making import Identity


class Begun(NamedTuple):
    """A run that has begun in a shard."""

    run: int
    names: Names
    """By which names articles are recognized."""
    gone: tuple[str, ...]
    """The user's files that are used no longer."""
    is_empty: bool
    """Whether there is no article yet."""


class FileNote(NamedTuple):
    """What is kept of a file, in the one shard that keeps it."""

    file: Key
    problems: tuple[IngestProblem, ...]
    read: Read | None = None
    """What it was like when it was read, None where it was passed over."""
    held: int = 0
    """How many articles it holds, in all shards."""
    touched: Stamp | None = None
    """What it is like from outside, where only its time is another."""


class Seen(NamedTuple):
    """What a run has met: by that it is known what has gone."""

    scopes: list[tuple[str, str]]
    """What it has looked at: a root, and a prefix of the paths under it."""
    read: Mapping[Key, set[str]]
    """The paths of the articles that each file holds."""
    passed: set[Key]
    unread: set[Key]
    """Files that could not be read, or not whole."""


class ShardWriter:
    """A shard that is open to write."""

    def __init__(self, path: str, roots: Mapping[str, Path]) -> None:
        """`roots` are the folders that articles come from, by key."""
        self._path = Path(path)
        self._roots = dict(roots)
        self._opened: Store | None = None

    @property
    def _store(self) -> Store:
        # In the thread that writes.
        if self._opened is None:
            self._opened = Store(self._path)
            self._opened.origins.is_there = self._is_there
        return self._opened

    def _is_there(self, root: str, path: str) -> bool:
        folder = self._roots.get(root)
        # What this machine does not see may be there all the same.
        return folder is not None and (not folder.is_dir() or is_there(folder, path))

    def begin(self, sources: list[str], told: Told) -> Begun:
        """Begin a run."""
        store = self._store
        run = store.start_run(sources)
        gone = store.keep_names(told)
        return Begun(run, store.known().names, gone, store.count() == 0)

    def put(self, run: int, *parts: list[Drafted]) -> None:
        """Store articles, all or none, and count them."""
        store = self._store
        with store.batch():
            known = store.known()
            outcomes = Counter(_put(store, each, known) for part in parts for each in part)
            # What was there is counted by who knows how often it was given.
            store.count_run(run, {name: outcomes[name] for name in ("added", "updated")})

    def note(self, run: int, notes: Iterable[FileNote]) -> None:
        """Write which files were read, and what could not be read of them."""
        store = self._store
        files = store.files
        with store.batch():
            for note in notes:
                if note.read is None:
                    row = files.row(note.file)
                    if row and note.touched:
                        files.touch(row, note.touched)
                    number = files.tell_again(note.file, run) if note.problems else None
                else:
                    number = files.open(note.file, run)
                    lost = sum(problem.lost for problem in note.problems)
                    files.close(number, note.read, articles=note.held, lost=lost)
                if number is not None:
                    store.set_problems(run, number, note.problems)

    def remove(self, run: int, seen: Seen) -> int:
        """Remove the articles whose file has gone, or holds them no more; return how many."""
        store = self._store
        with store.batch():
            removed = 0
            for root, prefix in seen.scopes:
                gone = {
                    path
                    for path in store.origins.paths(root, prefix)
                    if is_gone((root, path), seen.read, seen.passed, seen.unread, self._is_there)
                }
                removed += store.remove(root, gone)
                files = store.files.paths(root, prefix)
                store.files.forget(root, {each for each in files if not self._is_there(root, each)})
            store.count_run(run, {"removed": removed})
        return store.run_counts(run)["removed"]

    def counts(self, run: int) -> dict[str, int]:
        """Return what a run has done so far, as it is kept with the articles."""
        return self._store.run_counts(run)

    def finish(
        self, run: int, counts: dict[str, int], problems: list[IngestProblem], there: set[str]
    ) -> None:
        """End a run; leave the archive as a read-only folder can serve it."""
        store = self._store
        with store.batch():
            store.set_problems(run, None, problems)
            store.note_run(run, counts, finished=True)
            store.files.sweep(there)
        store.settle()
        store.close()
        self._opened = None

    def roots(self) -> set[str]:
        """Return the roots of all articles."""
        with self._looking() as (origins, _):
            return origins.roots()

    def sources(self) -> list[str]:
        """Return what earlier runs were asked to read."""
        with self._looking() as (origins, _):
            return origins.sources()

    def held(self, keys: list[Key]) -> list[int]:
        """Return how many articles of each file stand here."""
        with self._looking() as (origins, _):
            return [origins.count(*key) for key in keys]

    def rows(self, keys: list[Key]) -> list[FileRow | None]:
        """Return what is known of files."""
        with self._looking() as (_, files):
            return [files.row(key) for key in keys]

    def lost(self, rows: list[FileRow]) -> list[list[tuple[str, str]]]:
        """Return the problems for which articles of files are missing: paths and messages."""
        with self._looking() as (_, files):
            return [files.lost(row) for row in rows]

    def unread_folders(self) -> list[str]:
        """Return the paths of what runs could not read, and that is no file."""
        with self._looking() as (_, files):
            return files.unread_folders()

    def unchanged(self, articles: list[Identity]) -> list[bool]:
        """Tell which articles stand here just as they were read now."""
        with self._looking() as (origins, _):
            origins.is_there = self._is_there
            return [origins.is_unchanged(*each) for each in articles]

    @contextmanager
    def _looking(self) -> Iterator[tuple[Origins, Files]]:
        """Look at what is written, beside the thread that writes."""
        with closing(open_reader(self._path)) as connection:
            yield Origins(connection, str(self._path)), Files(connection, str(self._path))

    def create(self) -> int:
        """Make the archive where there is none; return how many articles it has."""
        return self._store.count()


def _put(store: Store, drafted: Drafted, known: Known) -> str:
    assert drafted.draft is not None
    if drafted.names == known.names:
        return store.put(drafted.draft)
    return store.put(drafted.draft.recognized_by(known.recognizer))
