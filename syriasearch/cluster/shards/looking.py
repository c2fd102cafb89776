"""What stands in a shard? Asked beside what is written to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path, PurePath
from typing import NamedTuple

from ...index.minhash import ShingleSet, make_shingle_set
from ...index.near_duplicates import stored_words
from ...ingest.article_transfer import Transfer, read_transfers
from ...ingest.run import is_gone
from ...ingest.sources import is_there
from ...store.connection import open_reader
from ...store.provenance import Provenance
from ...store.slugs import taken
from ...store.source_files import FileRow, Key, SourceFileTable
from .ledger import Noted
from .making import Identity

_NOTED = (
    "SELECT articles.id, published, digest, minima, duplicate_of FROM articles"
    " JOIN signatures USING (id)"
)
ALIGNED = 2000
"""So many articles are told of at a time."""


class Seen(NamedTuple):
    """What a run has met: by that it is known what has gone."""

    scopes: list[tuple[str, str]]
    """What it has looked at: a root, and a prefix of the paths under it."""
    read: Mapping[Key, set[str]]
    """The paths of the articles that each file holds."""
    passed: set[Key]
    unread: set[Key]
    """Files that could not be read, or not whole."""


class ShardLooker:
    """A shard that is looked at."""

    def __init__(self, path: str, roots: Mapping[str, PurePath]) -> None:
        """`roots` are the folders that articles come from, by key."""
        self._path = Path(path)
        self._roots = dict(roots)

    def _is_there(self, root: str, path: str) -> bool:
        return is_there(self._roots.get(root), path)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Look at what is written, beside the thread that writes."""
        with closing(open_reader(self._path)) as connection:
            yield connection

    @contextmanager
    def _looking(self) -> Iterator[tuple[Provenance, SourceFileTable]]:
        with self._open() as connection:
            yield (
                Provenance(connection, str(self._path)),
                SourceFileTable(connection, str(self._path)),
            )

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

    def find(self, articles: list[Identity]) -> list[tuple[int, str, str] | None]:
        """Return what stands here of articles that are read: id, hash and root."""
        with self._looking() as (origins, _):
            origins.is_there = self._is_there
            return [origins.find(*each) for each in articles]

    def numbered(self, slugs: list[str]) -> list[int]:
        """Return how far slugs are numbered here."""
        with self._open() as connection:
            return [taken(connection, slug) for slug in slugs]

    def gone(self, seen: Seen) -> list[int]:
        """Return the articles whose file has gone, or holds them no more."""
        found = []
        with self._open() as connection:
            origins = Provenance(connection, str(self._path))
            for root, prefix in seen.scopes:
                for path in sorted(origins.paths(root, prefix)):
                    article = (root, path)
                    if is_gone(article, seen.read, seen.passed, seen.unread, self._is_there):
                        found += connection.execute(
                            "SELECT id FROM articles WHERE root = ? AND path = ?", article
                        ).fetchone()
        return found

    def noted(self, behind: int) -> list[Noted]:
        """Return what the ledger is to know of articles behind one, some at a time."""
        with self._open() as connection:
            rows = connection.execute(
                f"{_NOTED} WHERE articles.id > ? ORDER BY articles.id LIMIT {ALIGNED}", (behind,)
            )
            return [Noted(*row) for row in rows]

    def behind(self, article: int) -> list[int]:
        """Return the ids of the articles behind one."""
        with self._open() as connection:
            rows = connection.execute("SELECT id FROM articles WHERE id > ?", (article,))
            return [number for (number,) in rows]

    def prints(self, articles: list[int]) -> dict[int, ShingleSet]:
        """Return what of articles is compared with others."""
        with self._open() as connection:
            return {each: make_shingle_set(stored_words(connection, each)) for each in articles}

    def give(self, articles: list[int]) -> list[Transfer]:
        """Return articles as they are to go to another shard."""
        with self._open() as connection:
            connection.execute("BEGIN")
            return read_transfers(connection, articles)


def noted_at(connection: sqlite3.Connection, article: Key) -> Noted | None:
    """Return what the ledger is to know of an article, by root and path."""
    row = connection.execute(f"{_NOTED} WHERE root = ? AND path = ?", article).fetchone()
    return row and Noted(*row)
