"""The archive writer: the only code that writes articles.

An article is added, replaced or removed as a whole, with its paragraphs, its mentions and its share
of the vocabulary, in the transaction of its batch.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from .. import __version__
from ..entities.names.phonetic import rewrite_keys
from ..entities.recognition_settings import LazyRecognizer, RecognitionOptions
from ..entities.recognition_writer import MentionIndexer
from ..exporters.datasette_config import write_metadata
from ..index.document import make_document, stored_entry
from ..index.duplicate_links import DuplicateLinks
from ..index.reader import is_indexed
from ..index.segment_writer import REBUILT, SegmentWriter
from ..index.vocabulary_writer import VocabularyWriter
from ..models.report import IngestProblem
from ..store.commits import commit
from ..store.connection import open_writer
from ..store.creation import whole_migration
from ..store.deleted_articles import DeletedArticles
from ..store.folds import has_current_folds, pack_folds, store_folds
from ..store.provenance import Provenance
from ..store.saved_searches import SavedSearchTable
from ..store.schema import create_statements
from ..store.slugs import Slugs
from ..store.source_files import SourceFileTable
from ..store.sql import fetch_int, roll_back
from ..store.sqlite_errors import translate_errors
from ..text.dates import now
from ..text.tokenize import terms
from .prepare import PreparedArticle

_ARTICLE_COLUMNS = tuple(
    "title author source url published lang path root content_hash word_count".split()
)
"""The columns of `articles` that are fields of a prepared article."""


class ArchiveWriter:
    """An archive that is open for writing; not to be shared between threads.

    Raises ArchiveError for a file that cannot be opened or migrated.
    """

    def __init__(self, path: Path, *, log: bool = True) -> None:
        self.path = path
        self.connection = open_writer(path, log=log)
        self._vocabulary = VocabularyWriter(self.connection)
        self._segments = SegmentWriter(self.connection)
        self._copies = DuplicateLinks(self.connection)
        self._slugs = Slugs(self.connection)
        self._untriggered = False
        self._unindexed: list[tuple[int, str]] = []
        """Ids of paragraphs that are not in the FTS5 index yet, with their folded text."""
        self.origins = Provenance(self.connection, str(path))
        with translate_errors(str(path)):
            try:
                # A migration is complete only with what follows from the texts.
                with whole_migration(self.connection, str(path)):
                    self.saved = SavedSearchTable(self.connection)
                    self.files = SourceFileTable(self.connection, str(path))
                    self.deleted = DeletedArticles(self.connection, str(path))
                    self.naming = MentionIndexer(self.connection, self._segments, self._vocabulary)
                    self._check_derived()
            except BaseException:
                self.connection.close()
                raise

    def _check_derived(self) -> None:
        """Write what follows from the texts again, if it is missing or wrong."""
        if not has_current_folds(self.connection):
            self.refold()
        if not is_indexed(self.connection):
            self.rebuild_postings()
        if not self._copies.is_complete():
            self.rebuild_copies()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Write everything in the block in one transaction, or nothing of it."""
        with translate_errors(str(self.path)):
            is_part = self.connection.in_transaction  # of a migration, which commits it
            if not is_part:
                self.connection.execute("BEGIN IMMEDIATE")
            try:
                self.naming.entities.refresh()
                self._vocabulary.refresh()
                yield
                self._index_texts()
                self._vocabulary.flush()
                self._segments.flush(self._vocabulary.ids)
                self._copies.flush()
                if self._untriggered:
                    self.connection.execute(create_statements()["paragraphs_insert"])
                if not is_part:
                    commit(self.connection)
            except BaseException:
                roll_back(self.connection)
                self._unindexed.clear()
                self._vocabulary.clear()
                self._segments.clear()
                self._copies.clear()
                self.naming.entities.clear()
                raise
            finally:
                self._untriggered = False
                # Another process may write between two batches.
                self._slugs.clear()

    def put(self, article: PreparedArticle) -> str:
        """Store an article and return added, updated or unchanged; its slug and id never change."""
        existing = self.origins.find(article.root, article.path, article.content_hash)
        if existing is None:
            article_id = self._insert(article)
            self.deleted.forget(article.root, article.path)
            outcome = "added"
        else:
            article_id, content_hash, _ = existing
            if content_hash == article.content_hash:
                # Its folder has moved, or its file was renamed.
                self._update(article_id, {"root": article.root, "path": article.path})
                self.origins.note_found(article_id, content_hash)
                return "unchanged"
            self._remove_paragraphs(article_id)
            self._update(article_id, self._row(article))
            outcome = "updated"
        self._add_paragraphs(article_id, article)
        return outcome

    @staticmethod
    def _row(article: PreparedArticle) -> dict[str, Any]:
        row = {name: getattr(article, name) for name in _ARTICLE_COLUMNS}
        return {**row, "updated_at": now()}

    def _insert(self, article: PreparedArticle) -> int:
        row = self._row(article)
        row |= {
            "slug": self._slugs.free(article.published, article.readable_title),
            "added_at": row["updated_at"],
        }
        values = ", ".join(f":{name}" for name in row)
        cursor = self.connection.execute(
            f"INSERT INTO articles ({', '.join(row)}) VALUES ({values})", row
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _update(self, article_id: int, row: dict[str, Any]) -> None:
        sql = f"UPDATE articles SET {_assignments(row)} WHERE id = :id"
        self.connection.execute(sql, {**row, "id": article_id})

    def _add_paragraphs(
        self, article_id: int, article: PreparedArticle, first_id: int | None = None
    ) -> None:
        """Store the text of an article; `first_id` is the id of its first paragraph.

        By default it is above all others.
        """
        if first_id is None:
            first_id = fetch_int(self.connection, "SELECT max(id) FROM paragraphs") + 1
        self._drop_trigger()
        self.connection.executemany(
            "INSERT INTO paragraphs"
            " (id, article_id, position, kind, text, normalized, replacements)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (first_id + at, article_id, at, block.kind, block.text, *columns)
                for at, (block, columns) in enumerate(
                    zip(article.blocks, article.fold_columns, strict=True)
                )
            ),
        )
        self._unindexed += enumerate(article.folded, start=first_id)
        self._vocabulary.add(article.term_counts.counts)
        ids = self.naming.put(first_id, article.mentions)
        named = zip((block.kind for block in article.blocks), ids, strict=True)
        entry = make_document(article_id, article.published, first_id, article.term_counts, named)
        self._segments.add(entry)
        self._copies.add(article_id, article.published, article.fingerprint)

    def _index_texts(self) -> None:
        """Index the texts of the paragraphs that were added: faster for all of a batch at once."""
        self.connection.executemany(
            "INSERT INTO paragraphs_fts (rowid, folded) VALUES (?, ?)", self._unindexed
        )
        self._unindexed.clear()

    def _drop_trigger(self) -> None:
        """Leave updates of the FTS5 index to the code that adds paragraphs, for the whole batch."""
        if not self._untriggered:
            # The folded text is at hand.
            self.connection.execute("DROP TRIGGER IF EXISTS paragraphs_insert")
            self._untriggered = True

    def _remove_paragraphs(self, article_id: int) -> None:
        for (text,) in self.connection.execute(
            "SELECT text FROM paragraphs WHERE article_id = ?", (article_id,)
        ):
            self._vocabulary.remove(terms(text))
        self._segments.remove(article_id)
        self._copies.remove(article_id)
        # Mentions are deleted with their paragraphs, and a trigger updates the index.
        self._index_texts()
        self.connection.execute("DELETE FROM paragraphs WHERE article_id = ?", (article_id,))

    def drop(self, articles: Iterable[int]) -> int:
        """Remove articles and all that belongs to them, within a batch; return their number."""
        removed = 0
        for article in articles:
            self._remove_paragraphs(article)
            cursor = self.connection.execute("DELETE FROM articles WHERE id = ?", (article,))
            removed += cursor.rowcount
        return removed

    def restore(self, row: dict[str, Any], article: PreparedArticle) -> None:
        """Store an article that was dropped with the row that it had, within a batch."""
        values = ", ".join(f":{name}" for name in row)
        self.connection.execute(f"INSERT INTO articles ({', '.join(row)}) VALUES ({values})", row)
        self._add_paragraphs(row["id"], article)

    def remove(self, root: str, paths: Iterable[str]) -> int:
        """Remove the articles of some paths like `drop`; return their number."""
        sql = "SELECT id FROM articles WHERE root = ? AND path = ?"
        rows = [row for path in paths for row in self.connection.execute(sql, (root, path))]
        return self.drop([article for (article,) in rows])

    def link(self, links: Iterable[tuple[int, int | None]]) -> None:
        """Record the original of each article that is a copy (None for no copy), within a batch."""
        self.connection.executemany(
            "UPDATE articles SET duplicate_of = ? WHERE id = ?",
            ((original, article) for article, original in links),
        )

    def keep_names(self, options: RecognitionOptions) -> tuple[str, ...]:
        """Store a run's options of recognition; return the user's files that are no longer used."""
        gone: tuple[str, ...] = ()
        with self.batch():
            if options.recognizer is not None:
                self.naming.gazetteers.keep_recognizer(options.recognizer)
            if options.files is not None:
                gone = self.naming.gazetteers.keep(options.files)
        return gone

    def known(self) -> LazyRecognizer:
        """Return the names and the recognizer that are currently in effect."""
        with translate_errors(str(self.path)):
            self.naming.entities.refresh()
            return LazyRecognizer(self.naming.names(), self.naming.recognizer)

    def articles_after(self, article: int, limit: int) -> list[int]:
        """Return the ids of the articles that follow a given id, at most `limit`."""
        with translate_errors(str(self.path)):
            rows = self.connection.execute(
                "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?", (article, limit)
            )
            return [number for (number,) in rows]

    def count(self) -> int:
        """Return the number of articles."""
        with translate_errors(str(self.path)):
            return fetch_int(self.connection, "SELECT count(*) FROM articles")

    def rebuild_postings(self) -> None:
        """Rebuild the vocabulary and all postings from the text and the mentions."""
        with self.batch():
            self._rebuild_postings()

    def _rebuild_postings(self) -> None:
        self._vocabulary.correct()
        self._segments.drop_all()
        articles = self.connection.execute("SELECT id, published FROM articles ORDER BY id")
        for number, row in enumerate(articles.fetchall(), start=1):
            self._segments.add(stored_entry(self.connection, *row))
            if number % REBUILT == 0:
                self._segments.flush(self._vocabulary.ids)

    def refold(self) -> None:
        """Fold all text and all names again, and rebuild what follows from them."""
        with self.batch():
            store_folds(self.connection)
            rewrite_keys(self.connection)
            self._rebuild_postings()
            self._copies.rebuild()
            self.naming.entities.clear()

    def count_words(self) -> None:
        """Rebuild the vocabulary from the FTS5 index."""
        with self.batch():
            self._vocabulary.correct()

    def rebuild_copies(self) -> None:
        """Find all copies again."""
        with self.batch():
            self._copies.rebuild()

    def optimize(self) -> None:
        """Rewrite postings, FTS5 index and file so that searches read as little as possible."""
        self.rebuild_postings()
        self.rebuild_copies()
        with self.batch():
            self.deleted.drop_contents()
            self._segments.optimize()
            pack_folds(self.connection)
            self.connection.execute(
                "INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('optimize')"
            )
        with translate_errors(str(self.path)):
            self.connection.execute("VACUUM")

    def start_run(self, sources: list[str], number: int | None = None) -> int:
        """Record the start of a run and return its id, which is `number` unless that is None."""
        names = json.dumps(sources, ensure_ascii=False)
        with self.batch():
            self.deleted.drop_contents()
            cursor = self.connection.execute(
                "INSERT INTO ingest_runs (id, started_at, sources, program) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (number, now(), names, f"syriasearch {__version__}"),
            )
        run_id = cursor.lastrowid if number is None else number
        assert run_id is not None
        return run_id

    def note_run(self, run_id: int, counts: dict[str, int], *, finished: bool = False) -> None:
        """Record the counts of a run so far, within a batch."""
        row = {**counts, "finished_at": now() if finished else None}
        sql = f"UPDATE ingest_runs SET {_assignments(row)} WHERE id = :id"
        self.connection.execute(sql, {**row, "id": run_id})
        if finished:
            self._drop_unnamed()

    def _drop_unnamed(self) -> None:
        """Delete the entities that no article names any more."""
        self.naming.entities.sweep()

    def add_problem(self, run_id: int, problem: IngestProblem, file_id: int | None) -> None:
        """Record a problem of a run within a batch, with the id of its file if it has one."""
        self.connection.execute(
            "INSERT INTO ingest_problems (run_id, path, message, lost, file_id)"
            " VALUES (?, ?, ?, ?, ?)",
            (run_id, problem.path, problem.message, problem.lost, file_id),
        )

    def settle(self) -> None:
        """Leave the archive so that a read-only folder can serve it, with up-to-date statistics."""
        with self.batch():
            self._segments.settle()
        with translate_errors(str(self.path)):
            self.connection.execute("PRAGMA analysis_limit = 1000")
            self.connection.execute("ANALYZE")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            # SQLite refuses while others read; then the next run does it.
            with suppress(sqlite3.OperationalError):
                self.connection.execute("PRAGMA busy_timeout = 200")
                self.connection.execute("PRAGMA journal_mode = DELETE")
        self._write_metadata()

    def _write_metadata(self) -> None:
        """Write Datasette's metadata next to the archive."""
        write_metadata(self.path)

    def close(self) -> None:
        """Close the archive."""
        self.connection.close()


def _assignments(row: Iterable[str]) -> str:
    return ", ".join(f"{name} = :{name}" for name in row)


@contextmanager
def batch_of(writers: Sequence[ArchiveWriter]) -> Iterator[None]:
    """Write everything in the block in a transaction of each archive, with the same names in all.

    They are committed one after another, once all are ready.
    """
    entities = [writer.naming.entities for writer in writers]
    for own in entities:
        own.others = tuple(other for other in entities if other is not own)
    with ExitStack() as stack:
        for writer in writers:
            stack.enter_context(writer.batch())
        yield
