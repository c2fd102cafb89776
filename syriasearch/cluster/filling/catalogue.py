"""The catalogue of a cluster: an archive of all of its articles, without their texts.

A run that fills a cluster is one that fills the catalogue, a file next to the cluster's: it decides
which articles are new, and allocates ids, slugs and entities, in the order of the input, as in any
archive. The texts go to the shards. A batch is committed in the shards first, and then here; so
what is here is in the shards, whatever is lost meanwhile, and `recovery` removes what else they
have. All of the catalogue can be made from the shards again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ...entities.entity_writer import NewEntity
from ...entities.recognition_settings import RecognitionOptions
from ...exporters.datasette_config import write_metadata
from ...index.minhash import Fingerprint, ShingleSet, may_be_alike
from ...index.near_duplicates import DuplicateLinks
from ...ingest.archive_writer import ArchiveWriter, Place
from ...ingest.prepare import PreparedArticle
from ..configuration import shard_of
from ..rows import read_rows
from .prepare_pool import RemoteArticle
from .recovery import describe, read_states, recover
from .shard_writer import Change, ShardBatch, ShardStore, Writers

T = TypeVar("T")

LINKS = 100
"""The maximum number of links that go to the shards at a time."""


class PendingLink(NamedTuple):
    """A link that is not yet in the shard of its article."""

    id: int
    shard: int
    original: int | None
    target: int
    """The shard of the original; the article's own if it is no copy."""


class Catalogue(ArchiveWriter):
    """The catalogue, open for a run; what is written into it goes to the shards too."""

    def __init__(self, path: Path, paths: Sequence[Path], writers: Writers) -> None:
        """Bring the catalogue in line with the shards, at `paths`. Raises ArchiveError."""
        recovered = recover(path, paths, writers)
        super().__init__(path, shard=True)
        self._writers = writers
        self._paths = paths
        self._copies = _RemoteLinks(self.connection, writers)
        self._sent: set[str] = set()
        """The slugs of the entities that this run has met."""
        self._new_batch()
        if recovered.stored is not None:
            self._resume(recovered.stored)
        if recovered.lacks_links:
            self._find_links()
        last_ids = writers.call_all(ShardStore.last_ids)
        self._paragraph, self._mention = map(max, zip(*last_ids, strict=True))

    def _check_derived(self) -> None:
        """There are no postings here, and signatures are copied with their articles."""

    def _new_batch(self) -> None:
        self._entities: list[NewEntity] = []
        self._changed: dict[int, tuple[RemoteArticle, Place] | None] = {}
        self._dropped: list[tuple[int, int]] = []
        """Shard and id of articles that were removed."""

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Write everything in the block into the shards and here, or nothing of it here."""
        with super().batch():
            yield
            self._send()

    def _resume(self, stored: Sequence[Mapping[int, str]]) -> None:
        """Undo what an interrupted run did in the shards only.

        `stored` has the content hashes of the articles of each shard, by id.
        """
        rows = self.connection.execute(
            "SELECT id, shard, content_hash FROM articles JOIN placements USING (id)"
        )
        known = {article: (shard, digest) for article, shard, digest in rows}
        changed = False
        with self.batch():
            for shard, articles in enumerate(stored):
                for article in articles:
                    place, digest = known.get(article, (None, ""))
                    if place is None or (place != shard and article in stored[place]):
                        self._dropped.append((shard, article))
                        continue
                    if place != shard:  # it had moved
                        sql = "UPDATE placements SET shard = ? WHERE id = ?"
                        self.connection.execute(sql, (shard, article))
                    if digest != articles[article]:
                        sql = "UPDATE articles SET content_hash = '' WHERE id = ?"
                        self.connection.execute(sql, (article,))
                        changed = True
            super().drop(known.keys() - set().union(*stored))
            if changed:
                self.files.mark_unread()

    def _find_links(self) -> None:
        """Find the originals of all articles again."""
        with self.batch():
            for article, published, digest, minima in self.connection.execute(
                "SELECT id, published, digest, minima FROM articles JOIN signatures USING (id)"
            ).fetchall():
                self._copies.remove(article)
                signature = Fingerprint(digest, np.frombuffer(minima, "<u4"))
                self._copies.add(article, published, signature)

    def _insert(self, article: PreparedArticle) -> int:
        number = super()._insert(article)
        shard = shard_of(article.path, self._writers.shards)
        self.connection.execute("INSERT INTO placements VALUES (?, ?, NULL)", (number, shard))
        return number

    def _update(self, article_id: int, row: dict[str, Any]) -> None:
        super()._update(article_id, row)
        self._changed.setdefault(article_id)

    def _add_paragraphs(
        self, article_id: int, article: PreparedArticle, place: Place | None = None
    ) -> None:
        assert isinstance(article, RemoteArticle)
        new = [each for each in article.entities if each.entity.slug not in self._sent]
        self._sent.update(each.entity.slug for each in new)
        self._entities += new
        self.naming.add_entities(new)
        place = Place(self._paragraph + 1, self._mention + 1)
        self._paragraph += article.paragraphs
        self._mention += article.mention_count
        self._changed[article_id] = article, place
        self._copies.add(article_id, article.published, article.fingerprint)

    def _remove_paragraphs(self, article_id: int) -> None:
        self._copies.remove(article_id)

    def drop(self, articles: Iterable[int]) -> int:
        """Remove articles, within a batch; return their number."""
        articles = list(articles)
        for article in articles:
            self._changed.pop(article, None)
            self._dropped.append((self._shard(article), article))
        return super().drop(articles)

    def _shard(self, article: int) -> int:
        sql = "SELECT shard FROM placements WHERE id = ?"
        (shard,) = self.connection.execute(sql, (article,)).fetchone()
        return int(shard)

    def _send(self) -> None:
        """Write the batch into the shards."""
        batches: dict[int, tuple[ShardBatch, list[Any]]] = {}
        if self._entities or self._changed or self._dropped:
            shards = range(self._writers.shards)
            batches = {shard: (ShardBatch(self._entities), []) for shard in shards}
        for shard, number in self._dropped:
            batches[shard][0].dropped.append(number)
        for number, text in self._changed.items():
            batch, parts = batches[self._shard(number)]
            (row,) = read_rows(
                self.connection, "articles", "id = ?", (number,), nulls=["duplicate_of"]
            )
            if text is None:
                batch.changes.append(Change(row))
                continue
            article, place = text
            if not parts or parts[-1] is not article.part:
                parts.append(article.part)
            batch.changes.append(Change(row, place, len(parts) - 1, article.number))
        self._writers.apply(batches)
        self._new_batch()

    def keep_names(self, options: RecognitionOptions) -> tuple[str, ...]:
        """Store a run's options of recognition; return the user's files that are no longer used."""
        self._writers.call_all(ShardStore.keep_names, options)
        return super().keep_names(options)

    def start_run(self, sources: list[str], number: int | None = None) -> int:
        """Record the start of a run, and that the shards will change; return its id."""
        with self.batch():
            self.connection.execute("DELETE FROM notes")
        number = super().start_run(sources, number)
        self._writers.call_all(ShardStore.start_run, sources, number)
        return number

    def settle(self) -> None:
        """End the run in all shards, which have all links and records then."""
        writers = self._writers
        self._bring_links()
        unnamed = sorted(set.intersection(*map(set, writers.call_all(ShardStore.unnamed))))
        if unnamed:
            writers.call_all(ShardStore.drop_entities, unnamed)
            with self.batch():
                self.naming.entities.drop(unnamed)
        runs, files, problems = (
            read_rows(self.connection, table).fetchall()
            for table in ("ingest_runs", "files", "ingest_problems")
        )
        first_shard = {"ingest_runs": runs[-1:], "files": files, "ingest_problems": problems}
        others = {"ingest_runs": [(*runs[-1][:5], 0, 0, 0, 0, 0)]}
        shards = range(writers.shards)
        writers.call_each(ShardStore.finish, {n: others if n else first_shard for n in shards})
        writers.close()
        for path in self._paths:
            write_metadata(path)
        with self.batch():
            self.connection.execute(
                "INSERT INTO notes (states) VALUES (?)",
                (describe(self._paths, read_states(self._paths)),),
            )
        super().settle()

    def _bring_links(self) -> None:
        """Bring links into the shards, and each copy to the shard of its original.

        An article that moves is whole in both shards until it is removed from the first.
        """
        writers = self._writers
        with self.batch():
            # An update may have left a link as it was.
            self.connection.execute(
                "DELETE FROM pending WHERE id IN (SELECT id FROM articles JOIN placements USING"
                " (id) WHERE duplicate_of IS link)"
            )
        while links := self._pending():
            moving = {link.id: link for link in links if link.shard != link.target}
            staying = (link for link in links if link.id not in moving)
            writers.call_each(
                ShardStore.link_all,
                _by_shard((link.shard, (link.id, link.original)) for link in staying),
            )
            sources = _by_shard((link.shard, link.id) for link in moving.values())
            read = writers.call_each(ShardStore.read_transfers, sources)
            transfers = (transfer for each in read.values() for transfer in each)
            taken = ((moving[each.id], each) for each in transfers)
            writers.call_each(
                ShardStore.take_all,
                _by_shard((link.target, (each, link.original)) for link, each in taken),
            )
            writers.call_each(ShardStore.drop_all, sources)
            self._record(links)

    def _pending(self) -> list[PendingLink]:
        rows = self.connection.execute(
            "SELECT own.id, own.shard, duplicate_of, ifnull(original.shard, own.shard)"
            " FROM pending JOIN articles USING (id) JOIN placements AS own USING (id)"
            " LEFT JOIN placements AS original ON original.id = duplicate_of"
            f" ORDER BY own.id LIMIT {LINKS}"
        )
        return [PendingLink(*row) for row in rows]

    def _record(self, links: Iterable[PendingLink]) -> None:
        """Record that links are in the shards now, and their articles in the targets."""
        with self.batch():
            for link in links:
                if link.shard != link.target:
                    # Its removal there has taken the links to it along.
                    self.connection.execute(
                        "UPDATE placements SET link = NULL WHERE link = ?", (link.id,)
                    )
                self.connection.execute(
                    "UPDATE placements SET shard = ?, link = ? WHERE id = ?",
                    (link.target, link.original, link.id),
                )
                self.connection.execute("DELETE FROM pending WHERE id = ?", (link.id,))


class _RemoteLinks(DuplicateLinks):
    """Duplicate detection for articles whose texts are in the shards."""

    def __init__(self, connection: sqlite3.Connection, writers: Writers) -> None:
        super().__init__(connection)
        self._writers = writers

    def _fetch(self, articles: Iterable[int]) -> None:
        """Fetch together what will most likely be compared."""
        wanted: set[int] = set()
        for article in articles:
            known = self._about(article)
            if known is None:
                continue
            alike = [
                each
                for each in self._near(article)
                if may_be_alike(known.signature, self._there(each).signature)
            ]
            if alike:
                wanted.update(alike, [article])
        self._prints.update(self._made(wanted - self._prints.keys()))

    def _made(self, articles: Iterable[int]) -> dict[int, ShingleSet]:
        sql = "SELECT shard FROM placements WHERE id = ?"
        placed = ((self._connection.execute(sql, (e,)).fetchone()[0], e) for e in sorted(articles))
        found = self._writers.call_each(ShardStore.shingle_sets, _by_shard(placed))
        return {number: each for some in found.values() for number, each in some.items()}


def _by_shard(items: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for shard, item in items:
        found.setdefault(shard, []).append(item)
    return found
