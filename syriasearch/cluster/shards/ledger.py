"""Which articles of all shards are copies of another, and what do the shards not know of it yet?

A file beside the cluster's keeps of each article its shard, its day and the signature of its text:
what `DuplicateLinks` looks at, which finds here the links of one archive. All of it follows from
the shards: where the file is not there, or not of their last run, it is read from them again. Only
what has to be compared word for word is asked of the shards each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...errors import ArchiveError
from ...index.minhash import Fingerprint, ShingleSet, may_be_alike
from ...index.near_duplicates import DuplicateLinks
from ...store.schema import create_statements, split_statements

VERSION = 1
TOLD = 100
"""So many links are brought to the shards at a time."""
_SCHEMA = """
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  published TEXT,
  shard INTEGER NOT NULL,
  duplicate_of INTEGER,
  told INTEGER
);
CREATE INDEX articles_duplicate_of ON articles(duplicate_of);
CREATE INDEX articles_told ON articles(told);
CREATE INDEX articles_untold ON articles(id) WHERE duplicate_of IS NOT told;

CREATE TABLE seen (
  id INTEGER PRIMARY KEY,
  shard INTEGER NOT NULL
);

CREATE TABLE standing (
  id INTEGER PRIMARY KEY,
  told TEXT NOT NULL
);

CREATE TABLE begun (
  id INTEGER PRIMARY KEY,
  last INTEGER NOT NULL
);
"""
"""`told` is the link that an article has in its shard; `standing` what the shards were like when
they had been told all links; `begun` the last article before a run that has not ended."""


class Noted(NamedTuple):
    """What the ledger is told of an article."""

    id: int
    published: str | None
    digest: int
    minima: bytes
    link: int | None
    """Of what it is a copy in its shard."""


class Untold(NamedTuple):
    """A link that a shard has not."""

    id: int
    shard: int
    original: int | None
    target: int
    """The shard of the original; the article's own where it is one."""


Fetch = Callable[[int, list[int]], dict[int, ShingleSet]]
"""Returns what of articles of a shard is compared with others."""


class Ledger:
    """The file, open to write."""

    def __init__(self, path: Path, fetch: Fetch) -> None:
        self._connection = connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        # What a crash takes of it is read from the shards again.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        self._copies = _FarCopies(connection, fetch)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            self._make()

    def _make(self) -> None:
        with self._batch():
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
            for (name,) in self._connection.execute(tables).fetchall():
                self._connection.execute(f"DROP TABLE {name}")
            for statement in split_statements(_SCHEMA):
                self._connection.execute(statement)
            for name in ("signatures", "signatures_digest", "bands"):
                self._connection.execute(create_statements()[name])
            self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _batch(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            self._copies.clear()
            raise

    def is_of(self, standing: str) -> bool:
        """Tell whether it was left as the shards stand now; from now on it is not."""
        found = self._connection.execute("SELECT told FROM standing").fetchall()
        with self._batch():
            self._connection.execute("DELETE FROM standing")
            self._connection.execute("DELETE FROM seen")
        return found == [(standing,)]

    def interrupted(self) -> int | None:
        """Return the last article before a run that was interrupted, None where none was."""
        row = self._connection.execute("SELECT last FROM begun").fetchone()
        return None if row is None else int(row[0])

    def begin(self, last: int) -> None:
        """Note that a run begins, and the last article before it."""
        with self._batch():
            self._connection.execute("INSERT OR REPLACE INTO begun VALUES (1, ?)", (last,))

    def leave(self, standing: str) -> None:
        """Keep how the shards stand, which know all links now."""
        with self._batch():
            self._connection.execute("DELETE FROM begun")
            self._connection.execute("INSERT INTO standing (told) VALUES (?)", (standing,))
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def align(self, shard: int, some: Iterable[Noted]) -> list[int]:
        """Take articles as they stand in a shard; return those that another shard has too.

        Raises ArchiveError where another shard has other articles under their ids.
        """
        doubles = []
        with self._batch():
            for each in some:
                first = self._connection.execute(
                    "SELECT seen.shard, digest, published FROM seen JOIN signatures USING (id)"
                    " JOIN articles USING (id) WHERE id = ?",
                    (each.id,),
                ).fetchone()
                if first is None or first[0] == shard:
                    self._connection.execute(
                        "INSERT OR IGNORE INTO seen VALUES (?, ?)", (each.id, shard)
                    )
                    self._take(shard, each)
                    self._connection.execute(
                        "UPDATE articles SET told = ? WHERE id = ?", (each.link, each.id)
                    )
                elif first[1:] == (each.digest, each.published):
                    doubles.append(each.id)
                else:
                    raise ArchiveError(
                        "the shards have other articles under the same ids: `syriasearch cluster "
                        "merge` makes one archive of them, to be split anew"
                    )
            self._copies.flush()
        return doubles

    def end_alignment(self) -> None:
        """Forget what no shard has."""
        gone = self._connection.execute(
            "SELECT id FROM articles WHERE id NOT IN (SELECT id FROM seen)"
        ).fetchall()
        self.remove([number for (number,) in gone])
        with self._batch():
            self._connection.execute("DELETE FROM seen")

    def take(self, parts: Iterable[tuple[int, Sequence[Noted]]]) -> None:
        """Take what has come to shards, and find what it is a copy of."""
        with self._batch():
            for shard, some in parts:
                for each in some:
                    self._take(shard, each)
            self._copies.flush()

    def _take(self, shard: int, each: Noted) -> None:
        row = self._connection.execute(
            "SELECT published, digest, shard FROM articles LEFT JOIN signatures USING (id)"
            " WHERE id = ?",
            (each.id,),
        ).fetchone()
        if row == (each.published, each.digest, shard):
            return
        if row is not None:
            self._copies.remove(each.id)
        self._connection.execute(
            "INSERT INTO articles (id, published, shard, told) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET published = excluded.published, shard = excluded.shard",
            (each.id, each.published, shard, each.link),
        )
        signed = Fingerprint(each.digest, np.frombuffer(each.minima, "<u4"))
        self._copies.add(each.id, each.published, signed)

    def remove(self, articles: Iterable[int]) -> None:
        """Forget articles that have gone from their shards, and what of them were copies."""
        with self._batch():
            for article in articles:
                self._copies.remove(article)
                for column in ("duplicate_of", "told"):
                    self._connection.execute(
                        f"UPDATE articles SET {column} = NULL WHERE {column} = ?", (article,)
                    )
                self._connection.execute("DELETE FROM articles WHERE id = ?", (article,))
            self._copies.flush()

    def untold(self) -> list[Untold]:
        """Return links that shards do not have, some at a time."""
        rows = self._connection.execute(
            "SELECT a.id, a.shard, a.duplicate_of, ifnull(o.shard, a.shard) FROM articles AS a"
            " LEFT JOIN articles AS o ON o.id = a.duplicate_of"
            f" WHERE a.duplicate_of IS NOT a.told ORDER BY a.id LIMIT {TOLD}"
        )
        return [Untold(*row) for row in rows]

    def tell(self, links: Iterable[Untold]) -> None:
        """Note that shards have links now, and the articles that came with them."""
        with self._batch():
            for each in links:
                if each.shard != each.target:
                    # With it went the links of what was its copy there.
                    self._connection.execute(
                        "UPDATE articles SET told = NULL WHERE told = ?", (each.id,)
                    )
                self._connection.execute(
                    "UPDATE articles SET told = ?, shard = ? WHERE id = ?",
                    (each.original, each.target, each.id),
                )

    def close(self) -> None:
        """Close the file."""
        with closing(self._connection), suppress(sqlite3.OperationalError):
            self._connection.execute("PRAGMA journal_mode = DELETE")


class _FarCopies(DuplicateLinks):
    """Finds links where the texts stand elsewhere."""

    def __init__(self, connection: sqlite3.Connection, fetch: Fetch) -> None:
        super().__init__(connection)
        self._ask = fetch

    def _fetch(self, articles: Iterable[int]) -> None:
        """Fetch at once what will most likely be compared."""
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
        shards: dict[int, list[int]] = {}
        for article in sorted(articles):
            sql = "SELECT shard FROM articles WHERE id = ?"
            (shard,) = self._connection.execute(sql, (article,)).fetchone()
            shards.setdefault(shard, []).append(article)
        return {
            number: each
            for shard, some in shards.items()
            for number, each in self._ask(shard, some).items()
        }
