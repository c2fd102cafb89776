"""The catalogue of a cluster: an archive of all of its articles, without their texts.

A run that fills a cluster is one that fills the catalogue, a file next to the cluster's: it decides
which articles are new, and allocates ids, slugs and entities, in the order of the input, as in any
archive. The texts go to the shards. A batch is committed in the shards first, and then here; so
what is here is in the shards, whatever is lost meanwhile, and `recovery` removes what else they
have. All of the catalogue can be made from the shards again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ...entities.entity_writer import NewEntity
from ...entities.recognition_settings import RecognitionOptions
from ...exporters.datasette_config import write_metadata
from ...index.duplicate_links import DuplicateLinks
from ...index.minhash import Fingerprint
from ...index.near_duplicates import ShingleSet, may_be_alike
from ...ingest.prepare import PreparedArticle
from ..configuration import shard_of
from ..rows import read_rows
from .prepare_pool import RemoteArticle
from .recovery import describe, describe_unfinished, note, read_states, recover
from .shard_writer import Change, PartWriter, ShardBatch, start_writers

LINKS = 100
"""The maximum number of links that go to the shards at a time."""


class Catalogue(PartWriter):
    """The catalogue, open for a run; what is written into it goes to the shards too."""

    def __init__(self, ray: Any, path: Path, paths: Sequence[Path]) -> None:
        """Bring the catalogue in line with the shards, at `paths`. Raises ArchiveError."""
        recovered = recover(path, paths)
        super().__init__(path)
        self._ray = ray
        self._paths = paths
        self._writers = start_writers(ray, paths)
        self._copies = _RemoteLinks(self.connection, self._shingle_sets)
        self._sent: set[str] = set()
        """The slugs of the entities that this run has met."""
        self._new_batch()
        try:
            if recovered.stored is not None:
                self._resume(recovered.stored)
            if recovered.lacks_links:
                self._find_links()
            last = self._wait(writer.last_paragraph.remote() for writer in self._writers)
        except BaseException:
            self.close()
            raise
        self._paragraph = max(last)

    def _check_derived(self) -> None:
        """There are no postings here, and signatures are copied with their articles."""

    def _new_batch(self) -> None:
        self._entities: list[NewEntity] = []
        self._changed: dict[int, tuple[RemoteArticle, int] | None] = {}
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
        shard = shard_of(article.path, len(self._writers))
        self.connection.execute("INSERT INTO placements VALUES (?, ?, NULL)", (number, shard))
        return number

    def _update(self, article_id: int, row: dict[str, Any]) -> None:
        super()._update(article_id, row)
        self._changed.setdefault(article_id)

    def _add_paragraphs(
        self, article_id: int, article: PreparedArticle, first_id: int | None = None
    ) -> None:
        assert isinstance(article, RemoteArticle)
        new = [each for each in article.entities if each.entity.slug not in self._sent]
        self._sent.update(each.entity.slug for each in new)
        self._entities += new
        self.naming.add_entities(new)
        self._changed[article_id] = article, self._paragraph + 1
        self._paragraph += article.paragraphs
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
            batches = {n: (ShardBatch(self._entities), []) for n in range(len(self._writers))}
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
            article, first_id = text
            if not parts or parts[-1] is not article.part:
                parts.append(article.part)
            batch.changes.append(Change(row, first_id, len(parts) - 1, article.number))
        self._wait(self._writers[n].apply.remote(b, *parts) for n, (b, parts) in batches.items())
        self._new_batch()

    def keep_names(self, options: RecognitionOptions) -> tuple[str, ...]:
        """Store a run's options of recognition; return the user's files that are no longer used."""
        self._wait(writer.keep_names.remote(options) for writer in self._writers)
        return super().keep_names(options)

    def start_run(self, sources: list[str], number: int | None = None) -> int:
        """Record the start of a run, and that the shards will change; return its id."""
        with self.batch():
            note(self.connection, describe_unfinished(self._paths))
        number = super().start_run(sources, number)
        self._wait(writer.start_run.remote(sources, number) for writer in self._writers)
        return number

    def settle(self) -> None:
        """End the run in all shards, which have all links and records then."""
        self._bring_links()
        unnamed = self._wait(writer.unnamed.remote() for writer in self._writers)
        dropped = sorted(set.intersection(*map(set, unnamed)))
        self._wait(writer.drop_entities.remote(dropped) for writer in self._writers)
        runs, files, problems = (
            read_rows(self.connection, table).fetchall()
            for table in ("ingest_runs", "files", "ingest_problems")
        )
        records = {"ingest_runs": runs[-1:], "files": files, "ingest_problems": problems}
        others = {"ingest_runs": [(*runs[-1][:5], 0, 0, 0, 0, 0)]}
        self._wait(
            writer.finish.remote(others if shard else records)
            for shard, writer in enumerate(self._writers)
        )
        for path in self._paths:
            write_metadata(path)
        with self.batch():
            self.naming.entities.drop(dropped)
            note(self.connection, describe(self._paths, read_states(self._paths)))
        super().settle()

    def _bring_links(self) -> None:
        """Bring links into the shards, and each copy to the shard of its original.

        An article that moves is whole in both shards until it is removed from the first.
        """
        pending = self.connection.execute(
            "SELECT own.id, own.shard, duplicate_of, ifnull(original.shard, own.shard)"
            " FROM articles JOIN placements AS own USING (id)"
            " LEFT JOIN placements AS original ON original.id = duplicate_of"
            " WHERE duplicate_of IS NOT own.link ORDER BY own.id"
        ).fetchall()
        for start in range(0, len(pending), LINKS):
            links = pending[start : start + LINKS]
            moving = {link[0]: link for link in links if link[1] != link[3]}
            staying = [link for link in links if link[0] not in moving]
            linked = ((shard, (article, original)) for article, shard, original, _ in staying)
            self._each(lambda writer: writer.link_all, linked)
            sources = [(shard, article) for article, shard, *_ in moving.values()]
            transfers = self._each(lambda writer: writer.read_transfers, sources)
            taken = ((moving[each.id], each) for each in chain.from_iterable(transfers))
            self._each(
                lambda writer: writer.take,
                ((target, (each, original)) for (*_, original, target), each in taken),
            )
            self._each(lambda writer: writer.drop_all, sources)
            with self.batch():
                # The removal of an article has taken the links to it along.
                self.connection.executemany(
                    "UPDATE placements SET link = NULL WHERE link = ?", ((each,) for each in moving)
                )
                self.connection.executemany(
                    "UPDATE placements SET shard = ?, link = ? WHERE id = ?",
                    ((target, original, article) for article, _, original, target in links),
                )

    def _shingle_sets(self, articles: Iterable[int]) -> dict[int, ShingleSet]:
        placed = ((self._shard(article), article) for article in sorted(articles))
        found = self._each(lambda writer: writer.shingle_sets, placed)
        return {number: each for some in found for number, each in some.items()}

    def _each(self, method: Callable[[Any], Any], items: Iterable[tuple[int, Any]]) -> list[Any]:
        """Call a method of writers with lists of items, which are given with their shards."""
        by_shard: dict[int, list[Any]] = {}
        for shard, item in items:
            by_shard.setdefault(shard, []).append(item)
        return self._wait(
            method(self._writers[shard]).remote(some) for shard, some in by_shard.items()
        )

    def _wait(self, references: Iterable[Any]) -> list[Any]:
        found: list[Any] = self._ray.get(list(references))
        return found

    def close(self) -> None:
        """Close the catalogue, and end the writers."""
        super().close()
        for writer in self._writers:
            self._ray.kill(writer)


class _RemoteLinks(DuplicateLinks):
    """Duplicate detection for articles whose texts are in the shards."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        shingle_sets: Callable[[Iterable[int]], dict[int, ShingleSet]],
    ) -> None:
        super().__init__(connection)
        self._read_shingle_sets = shingle_sets

    def _make_shingle_sets(self, articles: Iterable[int]) -> dict[int, ShingleSet]:
        return self._read_shingle_sets(articles)

    def _fetch(self, articles: Iterable[int]) -> None:
        """Fetch together what will most likely be compared."""
        wanted: set[int] = set()
        for article in articles:
            if known := self._about(article):
                near = self._near(article)
                alike = [
                    e
                    for e in near
                    if may_be_alike(known.signature, self._known_article(e).signature)
                ]
                wanted.update(alike, [article] if alike else [])
        self._shingle_sets.update(self._make_shingle_sets(wanted - self._shingle_sets.keys()))
