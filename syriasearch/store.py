"""How does an article get into the archive? The only writer.

Every article is written, replaced or removed as one, with its paragraphs, mentions and its share of
the vocabulary, in the transaction of its batch.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ._version import __version__
from .checkup import is_indexed
from .connection import commit, open_writer, told_plainly
from .copies import Copies
from .datasette_config import write_metadata
from .dates import now
from .drafts import Draft
from .entries import make_entry, stored_entry
from .files import Files
from .naming import Naming
from .origins import Origins
from .recognition import Known, Told
from .reports import IngestProblem
from .saved import SavedSearches
from .schema import INSERT_TRIGGER, migrate
from .segments import REBUILT, SegmentWriter
from .slugs import Slugs
from .text import terms
from .vocabulary import Vocabulary


class Store:
    """An archive that is open to write. Not to be shared between threads."""

    def __init__(self, path: Path, *, log: bool = True) -> None:
        self.path = path
        self._connection = open_writer(path, log=log)
        self._vocabulary = Vocabulary(self._connection)
        self._segments = SegmentWriter(self._connection)
        self._copies = Copies(self._connection)
        self._slugs = Slugs(self._connection)
        self._untriggered = False
        self.origins = Origins(self._connection, str(path))
        with told_plainly(str(path)):
            try:
                # Its plugins and triggers are for others' databases.
                self._database = Database(
                    self._connection, recursive_triggers=False, execute_plugins=False
                )
                migrate(self._database, str(path))
                self.saved = SavedSearches(self._connection)
                self.files = Files(self._connection, str(path))
                self.naming = Naming(self._connection, self._segments, self._vocabulary)
                if not is_indexed(self._connection):
                    self.rebuild_postings()
                if not self._copies.is_complete():
                    self.rebuild_copies()
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Write what is put inside in one transaction, or nothing of it."""
        with told_plainly(str(self.path)):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self.naming.refresh()
                self._vocabulary.refresh()
                yield
                self._vocabulary.flush()
                self._segments.flush(self._vocabulary.ids)
                self._copies.flush()
                if self._untriggered:
                    self._connection.execute(INSERT_TRIGGER)
                commit(self._connection)
            except BaseException:
                # A full disk rolls back by itself.
                with suppress(sqlite3.OperationalError):
                    self._connection.execute("ROLLBACK")
                self._vocabulary.clear()
                self._segments.clear()
                self._copies.clear()
                self.naming.clear()
                raise
            finally:
                self._untriggered = False
                # Another process may write between two batches.
                self._slugs.clear()

    def put(self, article: Draft) -> str:
        """Store an article; return added, updated or unchanged. Its slug and id never change."""
        existing = self.origins.find(article.root, article.path, article.content_hash)
        if existing is None:
            article_id = self._insert(article)
            outcome = "added"
        else:
            article_id, content_hash, root = existing
            if content_hash == article.content_hash:
                if root != article.root:
                    # Its folder has moved.
                    self._update(article_id, {"root": article.root})
                return "unchanged"
            self._remove_paragraphs(article_id)
            self._update(article_id, self._row(article))
            outcome = "updated"
        self._add_paragraphs(article_id, article)
        return outcome

    @staticmethod
    def _row(article: Draft) -> dict[str, Any]:
        return {
            "title": article.title,
            "author": article.author,
            "source": article.source,
            "url": article.url,
            "published": article.published,
            "lang": article.lang,
            "path": article.path,
            "root": article.root,
            "content_hash": article.content_hash,
            "word_count": sum(article.digest.counts.values()),
            "updated_at": now(),
        }

    def _insert(self, article: Draft) -> int:
        row = self._row(article)
        row |= {
            "slug": self._slugs.free(article.published, article.title),
            "added_at": row["updated_at"],
        }
        columns = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        cursor = self._connection.execute(
            f"INSERT INTO articles ({columns}) VALUES ({values})", row
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _update(self, article_id: int, row: dict[str, Any]) -> None:
        assignments = ", ".join(f"{name} = :{name}" for name in row)
        self._connection.execute(
            f"UPDATE articles SET {assignments} WHERE id = :id", {**row, "id": article_id}
        )

    def _add_paragraphs(self, article_id: int, article: Draft) -> None:
        first = self._connection.execute("SELECT ifnull(max(id), 0) + 1 FROM paragraphs")
        first_id: int = first.fetchone()[0]
        if not self._untriggered:
            # SQL folds a text twice as long as it takes to index it; a draft's is folded.
            self._connection.execute("DROP TRIGGER IF EXISTS paragraphs_insert")
            self._untriggered = True
        self._connection.executemany(
            "INSERT INTO paragraphs (id, article_id, position, kind, text) VALUES (?, ?, ?, ?, ?)",
            (
                (first_id + position, article_id, position, block.kind, block.text)
                for position, block in enumerate(article.blocks)
            ),
        )
        self._connection.executemany(
            "INSERT INTO paragraphs_fts (rowid, folded) VALUES (?, ?)",
            enumerate(article.folded, start=first_id),
        )
        self._vocabulary.add(article.digest.counts)
        ids = self.naming.put(first_id, article.mentions)
        named = zip((block.kind for block in article.blocks), ids, strict=True)
        entry = make_entry(article_id, article.published, first_id, article.digest, named)
        self._segments.add(entry)
        self._copies.add(article_id, article.published, article.signed)

    def _remove_paragraphs(self, article_id: int) -> None:
        for (text,) in self._connection.execute(
            "SELECT text FROM paragraphs WHERE article_id = ?", (article_id,)
        ):
            self._vocabulary.remove(terms(text))
        self._segments.remove(article_id)
        self._copies.remove(article_id)
        # Mentions go with their paragraphs, and the index is told by a trigger.
        self._connection.execute("DELETE FROM paragraphs WHERE article_id = ?", (article_id,))

    def keep_names(self, told: Told) -> tuple[str, ...]:
        """Keep what a run says of how names are found; return which of a user's files went."""
        gone: tuple[str, ...] = ()
        with self.batch():
            if told.recognizer is not None:
                self.naming.gazetteers.keep_recognizer(told.recognizer)
            if told.files is not None:
                gone = self.naming.gazetteers.keep(told.files)
        return gone

    def known(self) -> Known:
        """Return by which names articles are recognized, as the archive stands now."""
        with told_plainly(str(self.path)):
            self.naming.refresh()
            return Known(self.naming.names(), self.naming.recognizer)

    def articles_behind(self, article: int, limit: int) -> list[int]:
        """Return the ids of the articles that come behind one, the first so many."""
        with told_plainly(str(self.path)):
            rows = self._connection.execute(
                "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?", (article, limit)
            )
            return [number for (number,) in rows]

    def count(self) -> int:
        """Return how many articles there are."""
        with told_plainly(str(self.path)):
            found: int = self._connection.execute("SELECT count(*) FROM articles").fetchone()[0]
            return found

    def rebuild_postings(self) -> None:
        """Write the vocabulary and all postings anew, from the text and the mentions."""
        with self.batch():
            self._vocabulary.correct()
            self._segments.drop_all()
            articles = self._connection.execute("SELECT id, published FROM articles ORDER BY id")
            for number, row in enumerate(articles.fetchall(), start=1):
                self._segments.add(stored_entry(self._connection, *row))
                if number % REBUILT == 0:
                    self._segments.flush(self._vocabulary.ids)

    def count_words(self) -> None:
        """Make the vocabulary that of the index of the text."""
        with self.batch():
            self._vocabulary.correct()

    def rebuild_copies(self) -> None:
        """Find all copies anew."""
        with self.batch():
            self._copies.rebuild()

    def optimize(self) -> None:
        """Write postings, the index of the text and the file so that searches read least."""
        self.rebuild_postings()
        self.rebuild_copies()
        with self.batch():
            self._segments.optimize()
            self._connection.execute(
                "INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('optimize')"
            )
        with told_plainly(str(self.path)):
            self._connection.execute("VACUUM")

    def remove(self, root: str, paths: Iterable[str]) -> int:
        """Remove articles with all that belongs to them; return how many."""
        removed = 0
        for path in paths:
            for (article_id,) in self._connection.execute(
                "SELECT id FROM articles WHERE root = ? AND path = ?", (root, path)
            ).fetchall():
                self._remove_paragraphs(article_id)
                self._connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
                removed += 1
        return removed

    def start_run(self, sources: list[str]) -> int:
        """Record that a run begins; return its id."""
        with self.batch():
            run = self._connection.execute(
                "INSERT INTO ingest_runs (started_at, sources, program) VALUES (?, ?, ?)",
                (now(), json.dumps(sources, ensure_ascii=False), f"syriasearch {__version__}"),
            )
        assert run.lastrowid is not None
        return run.lastrowid

    def note_run(self, run_id: int, counts: dict[str, int], *, finished: bool = False) -> None:
        """Write what a run has done so far, inside a batch."""
        row = {**counts, "finished_at": now() if finished else None, "id": run_id}
        assignments = ", ".join(f"{name} = :{name}" for name in row if name != "id")
        self._connection.execute(f"UPDATE ingest_runs SET {assignments} WHERE id = :id", row)
        if finished:
            self.naming.entities.sweep()

    def add_problem(self, run_id: int, problem: IngestProblem, file_id: int | None) -> None:
        """Record what a run could not do, inside a batch, and of which file, if of any."""
        self._connection.execute(
            "INSERT INTO ingest_problems (run_id, path, message, lost, file_id)"
            " VALUES (?, ?, ?, ?, ?)",
            (run_id, problem.path, problem.message, problem.lost, file_id),
        )

    def count_run(self, run_id: int, more: dict[str, int]) -> None:
        """Add to what a run has done so far, inside a batch."""
        changes = ", ".join(f"{name} = {name} + :{name}" for name in more)
        self._connection.execute(
            f"UPDATE ingest_runs SET {changes} WHERE id = :id", {**more, "id": run_id}
        )

    def run_counts(self, run_id: int) -> dict[str, int]:
        """Return what a run has done so far."""
        names = ("added", "updated", "unchanged", "removed", "failed")
        with told_plainly(str(self.path)):
            row = self._connection.execute(
                f"SELECT {', '.join(names)} FROM ingest_runs WHERE id = ?", (run_id,)
            ).fetchone()
        return dict(zip(names, row, strict=True))

    def set_problems(
        self, run_id: int, file_id: int | None, problems: Iterable[IngestProblem]
    ) -> None:
        """Record all that a run could not do of a file, or of none, inside a batch."""
        self._connection.execute(
            "DELETE FROM ingest_problems WHERE run_id = ? AND file_id IS ?", (run_id, file_id)
        )
        for problem in problems:
            self.add_problem(run_id, problem, file_id)

    def settle(self) -> None:
        """Leave the archive as a read-only folder can serve it, statistics up to date."""
        with self.batch():
            self._segments.settle()
        with told_plainly(str(self.path)):
            self._connection.execute("PRAGMA analysis_limit = 1000")
            self._connection.execute("ANALYZE")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            # Refused while others read; the next run does it then.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("PRAGMA busy_timeout = 200")
                self._connection.execute("PRAGMA journal_mode = DELETE")
        write_metadata(self.path)

    def close(self) -> None:
        """Close the archive."""
        self._connection.close()


@contextmanager
def batch_of(stores: Sequence[Store]) -> Iterator[None]:
    """Write what is put inside in one transaction of each; shards have the same names behind it.

    One after another is committed when nothing stands in the way of any.
    """
    rows = [store.naming.entities for store in stores]
    for each in rows:
        each.others = tuple(other for other in rows if other is not each)
    with ExitStack() as stack:
        for store in stores:
            stack.enter_context(store.batch())
        yield
