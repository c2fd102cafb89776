"""Dry runs: an archive that is read like one that is written to, but does not change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from ..entities.recognition_settings import KnownNames, LazyRecognizer, RecognitionOptions
from ..models.entity import Mention
from ..store.connection import open_reader
from ..store.deleted_articles import DeletedArticles
from ..store.provenance import Provenance
from ..store.source_files import FileKey, SourceFileTable
from .prepare import PreparedArticle


def _do_nothing(*_: Any, **__: Any) -> Any:
    """Write nothing, and return the id of no row."""
    return 0


class _NoRecognizer:
    """Finds no names: they make no difference to the report of a run."""

    name = "nobody"

    def recognize(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> list[list[Mention]]:
        return [[] for _ in paragraphs]


class _UnchangedFiles(SourceFileTable):
    """Reads the table of source files, and records nothing."""

    open = close = report_again = touch = forget = sweep = _do_nothing


class _StillDeleted(DeletedArticles):
    """Reads the table of deleted articles, and records nothing."""

    write = forget = keep_only = _do_nothing


class DryRun:
    """Counts what a run would do, and does nothing. Raises what `ArchiveWriter` raises."""

    batch = nullcontext
    start_run = note_run = add_problem = settle = _do_nothing

    def __init__(self, path: Path) -> None:
        if path.exists():
            self._connection: Connection = open_reader(path)
        else:
            from ..store.creation import empty_archive

            self._connection = empty_archive()
        self.origins = Provenance(self._connection, str(path))
        self.files = _UnchangedFiles(self._connection, str(path))
        self.deleted = _StillDeleted(self._connection, str(path))
        self._gone: set[FileKey] = set()
        self._put: dict[FileKey, str] = {}
        """The content hashes of the articles of this run."""

    def put(self, article: PreparedArticle) -> str:
        """Return what would happen to an article: added, updated or unchanged."""
        key = article.root, article.path
        before = self._put.get(key)
        self._put[key] = article.content_hash
        if before is not None:
            return "unchanged" if before == article.content_hash else "updated"
        existing = self.origins.find(*key, article.content_hash)
        if existing is None:
            return "added"
        if existing[1] != article.content_hash:
            return "updated"
        self.origins.note_found(*existing[:2])
        # The place of a renamed file is not one that lacks an article.
        self._gone |= set(
            self._connection.execute("SELECT root, path FROM articles WHERE id = ?", existing[:1])
        )
        return "unchanged"

    def remove(self, root: str, paths: Iterable[str]) -> int:
        """Return the number of articles that would be removed."""
        # Several of the roots that a run has looked at may lack the same article.
        gone = {(root, path) for path in paths} - self._gone
        self._gone |= gone
        return len(gone)

    def known(self) -> LazyRecognizer:
        """Return an empty set of names."""
        return LazyRecognizer(KnownNames("nobody", (), (), ()), _NoRecognizer)

    def keep_names(self, options: RecognitionOptions) -> tuple[str, ...]:
        """Store nothing, so that no file is dropped."""
        return ()

    def close(self) -> None:
        """Close the archive."""
        self._connection.close()
