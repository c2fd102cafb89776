"""How does a shard get its articles? An ordinary archive, written by one process.

Every call is a transaction, or a look, and may be made again: a process that ends in the midst of
one, and is started elsewhere, is asked the same once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from ...entities.entity_writer import NewEntity
from ...entities.recognition_settings import KnownNames, RecognitionOptions
from ...exporters.datasette_config import write_metadata
from ...ingest.archive_writer import ArchiveWriter, Place
from ...ingest.article_transfer import Transfer
from ...ingest.workers import PrepareResult
from ...models.report import IngestProblem
from ...store.source_files import FileStat, Key, ReadState
from .alignment import Rows, State, digest_names, read_names, read_state, write_names
from .ledger import Noted
from .looking import Seen, ShardLooker, noted_at


class Begun(NamedTuple):
    """A run that has begun in a shard."""

    names: KnownNames
    """By which names articles are recognized."""
    gone: tuple[str, ...]
    """The user's files that are used no longer."""


class FileNote(NamedTuple):
    """What is kept of a file, in the one shard that keeps it."""

    file: Key
    problems: tuple[IngestProblem, ...]
    read: ReadState | None = None
    """What it was like when it was read, None where it was passed over."""
    held: int = 0
    """How many articles it holds, in all shards."""
    touched: FileStat | None = None
    """What it is like from outside, where only its time is another."""


class ShardWriter(ShardLooker):
    """A shard that is open to write."""

    def __init__(self, path: str, roots: Mapping[str, PurePath]) -> None:
        """`roots` are the folders that articles come from, by key."""
        super().__init__(path, roots)
        self._opened: ArchiveWriter | None = None

    @property
    def _store(self) -> ArchiveWriter:
        # In the thread that writes.
        if self._opened is None:
            self._opened = ArchiveWriter(self._path, shard=True)
            self._opened.origins.is_there = self._is_there
        return self._opened

    def state(self) -> State:
        """Make the archive where there is none; return what it is like."""
        return read_state(self._store.connection, self._path.name)

    def digest_names(self) -> str:
        """Return a hash of what all shards have alike."""
        return digest_names(self._store.connection)

    def read_names(self) -> Rows:
        """Return what all shards have alike."""
        with self._store.batch():  # which records what this shard's stems are made with
            return read_names(self._store.connection)

    def write_names(self, rows: Rows) -> None:
        """Write what all shards have alike. Raises ArchiveError where this has other names."""
        store = self._store
        with store.batch():
            write_names(store.connection, rows, self._path.name)
        store.naming.entities.forget()

    def begin(self, run: int, sources: list[str], told: RecognitionOptions) -> Begun:
        """Begin a run."""
        store = self._store
        store.start_run(sources, run)
        gone = store.keep_names(told)
        return Begun(store.known().names, gone)

    def put(
        self,
        run: int,
        news: Sequence[NewEntity],
        places: Sequence[Sequence[Place]],
        *parts: list[PrepareResult],
    ) -> list[Noted]:
        """Store articles, all or none, and count them; return what the ledger is to know.

        `news` are the entities that were met since the last batch.
        """
        store = self._store
        outcomes: Counter[str] = Counter()
        keys: dict[Key, None] = {}
        with store.batch():
            store.naming.add_entities(news)
            for part, some in zip(parts, places, strict=True):
                for each, place in zip(part, some, strict=True):
                    assert each.article is not None
                    outcomes[store.put(each.article, place)] += 1
                    keys[each.file[0], each.path] = None
            # What was there is counted by who knows how often it was given.
            store.count_run(run, {name: outcomes[name] for name in ("added", "updated")})
        noted = (noted_at(store.connection, key) for key in keys)
        return [each for each in noted if each]

    def meet(self, news: Sequence[NewEntity]) -> None:
        """Write the entities that were met since the last batch."""
        with self._store.batch():
            self._store.naming.add_entities(news)

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

    def remove(self, run: int, articles: list[int], seen: Seen) -> None:
        """Remove articles that have gone, and forget the files that have."""
        store = self._store
        with store.batch():
            store.count_run(run, {"removed": store.drop(articles)})
            for root, prefix in seen.scopes:
                files = store.files.paths(root, prefix)
                store.files.forget(root, {each for each in files if not self._is_there(root, each)})

    def take(self, articles: list[tuple[Transfer, int | None]]) -> None:
        """Take articles in from other shards, each with the original that it is a copy of."""
        with self._store.batch():
            for transfer, original in articles:
                self._store.take(transfer, original)

    def drop(self, articles: list[int]) -> None:
        """Remove articles that stand elsewhere too."""
        with self._store.batch():
            self._store.drop(articles)

    def link(self, links: list[tuple[int, int | None]]) -> None:
        """Write of which original each of some articles is a copy."""
        with self._store.batch():
            self._store.link(links)

    def unnamed(self) -> list[int]:
        """Return the entities that nothing names here."""
        return self._store.naming.entities.unnamed()

    def drop_entities(self, entities: list[int]) -> None:
        """Remove entities that nothing names anywhere."""
        with self._store.batch():
            self._store.naming.entities.drop(entities)

    def counts(self, run: int) -> dict[str, int]:
        """Return what a run has done so far, as it is kept with the articles."""
        return self._store.run_counts(run)

    def finish(
        self, run: int, counts: dict[str, int], problems: list[IngestProblem], there: set[str]
    ) -> State:
        """End a run; leave the archive as a read-only folder can serve it."""
        store = self._store
        with store.batch():
            store.set_problems(run, None, problems)
            store.note_run(run, counts, finished=True)
            store.files.sweep(there)
        store.settle()
        state = self.state()
        store.close()
        self._opened = None
        return state

    def describe(self) -> None:
        """Tell of the archive in the file beside the shards. One after the other."""
        write_metadata(self._path)
