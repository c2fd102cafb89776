"""Dry runs: an archive that is read like one that is written to, but does not change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..entities.recognition_settings import KnownNames, LazyRecognizer, RecognitionOptions
from ..models.entity import Mention
from ..models.report import IngestProblem
from ..store.connection import open_reader
from ..store.migrations import empty_archive
from ..store.provenance import Provenance
from ..store.source_files import FileRow, FileStat, Key, ReadState, SourceFileTable
from .prepare import PreparedArticle


class _Nobody:
    """Finds no names: they make no difference to the report of a run."""

    name = "nobody"

    def recognize(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        return [[] for _ in paragraphs]


class _FilesAsTheyAre(SourceFileTable):
    """Reads the table of source files, and records nothing."""

    def open(self, key: Key, run_id: int) -> int:
        return 0

    def close(self, number: int, read: ReadState, *, articles: int, lost: int) -> None:
        pass

    def tell_again(self, key: Key, run_id: int) -> int | None:
        return None

    def touch(self, row: FileRow, stamp: FileStat) -> None:
        pass

    def forget(self, root: str, paths: set[str]) -> None:
        pass

    def sweep(self, roots: Iterable[str]) -> None:
        pass


class DryRun:
    """Counts what a run would do, and does nothing. Raises what `Store` raises."""

    def __init__(self, path: Path) -> None:
        self._connection: sqlite3.Connection
        if path.exists():
            self._connection = open_reader(path)
        else:
            self._connection = empty_archive()
        self.origins = Provenance(self._connection, str(path))
        self._gone: set[tuple[str, str]] = set()
        self.files = _FilesAsTheyAre(self._connection, str(path))

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Write nothing."""
        yield

    def put(self, article: PreparedArticle) -> str:
        """Return what would happen to an article: added, updated or unchanged."""
        existing = self.origins.find(article.root, article.path, article.content_hash)
        if existing is None:
            return "added"
        return "unchanged" if existing[1] == article.content_hash else "updated"

    def remove(self, root: str, paths: Iterable[str]) -> int:
        """Return the number of articles that would be removed."""
        # Several of the roots that a run has looked at may lack the same article.
        gone = {(root, path) for path in paths} - self._gone
        self._gone |= gone
        return len(gone)

    def known(self) -> LazyRecognizer:
        """Return an empty set of names."""
        return LazyRecognizer(KnownNames("nobody", (), (), ()), _Nobody)

    def keep_names(self, options: RecognitionOptions) -> tuple[str, ...]:
        """Store nothing, so that no file is dropped."""
        return ()

    def start_run(self, sources: list[str]) -> int:
        """Return 0, the id of no run."""
        return 0

    def note_run(self, run_id: int, counts: dict[str, int], *, finished: bool = False) -> None:
        """Record nothing."""

    def add_problem(self, run_id: int, problem: IngestProblem, file_id: int | None) -> None:
        """Record nothing."""

    def settle(self) -> None:
        """Leave the archive as it is."""

    def close(self) -> None:
        """Close the archive."""
        self._connection.close()
