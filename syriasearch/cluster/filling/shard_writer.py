"""Shard writers: actors of Ray, each of which writes one shard, an ordinary archive.

Each change is one transaction, and may be made again: when a writer ends in the middle of one, Ray
starts it elsewhere and gives it the same again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ...entities.entity_writer import NewEntity
from ...index.document import stored_entry
from ...index.duplicate_links import stored_shingle_set
from ...index.near_duplicates import ShingleSet
from ...ingest.archive_writer import ArchiveWriter
from ...ingest.prepare import PreparedArticle
from ...store.sql import fetch_int
from ...text.tokenize import folded_terms
from ..ray_connection import PLACED
from ..rows import Row, insert_rows, upsert_rows
from .article_transfer import Transfer, read_transfers


class Change(NamedTuple):
    """An article whose row, and maybe text, is new in its shard."""

    row: Row
    """Its row in `articles`, without a link."""
    first_id: int | None = None
    """The id of its first paragraph; None if only the row is new."""
    part: int = 0
    number: int = 0
    """The part that it is in, and its number there."""


@dataclass
class ShardBatch:
    """What a shard gets in one transaction, after the entities that no article named before."""

    entities: Sequence[NewEntity]
    changes: list[Change] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    """The ids of articles that were removed."""


class PartWriter(ArchiveWriter):
    """A writer of a part of a cluster: a shard, or the catalogue."""

    def _drop_unnamed(self) -> None:
        """Leave entities to the end of the run: another shard may name them."""

    def _write_metadata(self) -> None:
        """Leave the metadata to the catalogue, which writes that of all shards."""


class ShardWriter(PartWriter):
    """The writer of a shard: an actor."""

    def last_paragraph(self) -> int:
        """Return the highest id of a paragraph."""
        return fetch_int(self.connection, "SELECT max(id) FROM paragraphs")

    def apply(self, batch: ShardBatch, *parts: list[PreparedArticle]) -> None:
        """Write changes; `parts` are the lists that their articles are in."""
        with self.batch():
            self.naming.add_entities(batch.entities)
            self.drop(batch.dropped)
            for change in batch.changes:
                article, first_id = change.row[0], change.first_id
                if first_id and self._has(article):
                    self._remove_paragraphs(article)
                upsert_rows(self.connection, "articles", [change.row], keep=["duplicate_of"])
                if first_id:
                    self._add_paragraphs(article, parts[change.part][change.number], first_id)

    def take(self, transfers: Iterable[tuple[Transfer, int | None]]) -> None:
        """Store articles of other shards, each with its original, unless they are here already."""
        with self.batch():
            for transfer, original in transfers:
                if not self._has(transfer.id):
                    self._take(transfer, original)

    def _has(self, article: int) -> bool:
        sql = "SELECT 1 FROM articles WHERE id = ?"
        return self.connection.execute(sql, (article,)).fetchone() is not None

    def _take(self, transfer: Transfer, original: int | None) -> None:
        self._drop_trigger()
        for table, rows in transfer.rows.items():
            insert_rows(self.connection, table, rows)
        self.link([(transfer.id, original)])
        words: Counter[str] = Counter()
        for number, folded in self.connection.execute(
            "SELECT id, folded FROM paragraphs WHERE article_id = ? ORDER BY id", (transfer.id,)
        ).fetchall():
            self.connection.execute(
                "INSERT INTO paragraphs_fts (rowid, folded) VALUES (?, ?)", (number, folded)
            )
            words.update(folded_terms(folded))
        self._vocabulary.add(words)
        self._segments.add(stored_entry(self.connection, transfer.id, transfer.published))
        self._copies.add(transfer.id, transfer.published, transfer.signature)

    def read_transfers(self, articles: list[int]) -> list[Transfer]:
        """Return articles, to be stored in another shard."""
        return read_transfers(self.connection, articles)

    def shingle_sets(self, articles: list[int]) -> dict[int, ShingleSet]:
        """Return the shingles of articles, by which they are compared word for word."""
        return {each: stored_shingle_set(self.connection, each) for each in articles}

    def drop_all(self, articles: Iterable[int]) -> None:
        """Remove articles."""
        with self.batch():
            self.drop(articles)

    def link_all(self, links: Iterable[tuple[int, int | None]]) -> None:
        """Record the originals of articles, None for one that is no copy."""
        with self.batch():
            self.link(links)

    def unnamed(self) -> list[int]:
        """Return the ids of entities that nothing names here."""
        return self.naming.entities.unnamed()

    def drop_entities(self, entities: Iterable[int]) -> None:
        """Remove entities that nothing names in any shard."""
        with self.batch():
            self.naming.entities.drop(entities)

    def finish(self, records: Mapping[str, list[Row]]) -> None:
        """Write the record of a run, and leave the shard so that a read-only folder can serve it.

        The first shard also has the records of all files and problems.
        """
        with self.batch():
            upsert_rows(self.connection, "ingest_runs", records["ingest_runs"])
            if "files" in records:
                self.connection.execute("DELETE FROM ingest_problems")
                self.connection.execute("DELETE FROM files")
                for table in ("files", "ingest_problems"):
                    insert_rows(self.connection, table, records[table])
        self.settle()
        self.close()


def start_writers(ray: Any, paths: Iterable[Path]) -> list[Any]:
    """Start the writers of shards, on as many machines as there are."""
    actor = ray.remote(ShardWriter).options(
        # A writer waits for prepared articles, which need the processors.
        num_cpus=0,
        memory=PLACED,
        max_restarts=-1,
        max_task_retries=-1,
        scheduling_strategy="SPREAD",
    )
    return [actor.remote(path) for path in paths]
