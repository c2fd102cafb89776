"""How does an archive become the shards of a cluster, and how do these become one again?

A shard is an archive. Its articles, paragraphs and mentions keep the ids that they had, and each
shard has all entities and names, saved searches, corrections and runs, so that it may be read alone
and that a name means the same everywhere. An article goes to the shard that its path tells
(`cluster.placing`); a copy goes with its original, so that all links between copies are within a
shard, and are those that the shard alone would get.

Files are written beside those that are there, and what is there is only then replaced: the file of
the cluster, by renaming. Who reads meanwhile goes on with what they have open.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from ...errors import ArchiveError, OptionError
from ...index.near_duplicates import ARTICLE_BITS
from ...index.postings import Ids
from ...index.reader import open_index
from ...index.segment_writer import SegmentWriter
from ...ingest.archive_writer import ArchiveWriter
from ...search.collection import snapshot
from ...store.connection import Reader, open_reader
from ...store.migrations import empty_archive
from ...store.schema import check_archive, check_current, create_statements
from ...store.sqlite_errors import translate_errors
from ...store.stem_versions import recorded_versions
from .. import check_together
from ..belonging import names_met
from ..configuration import (
    Configuration,
    ShardFile,
    check_new,
    read_configuration,
    write_configuration,
)
from ..placing import shard_of
from .records import join_records, split_records
from .unions import unite

_OF_ARTICLES = {
    "articles": "id IN chosen",
    "paragraphs": "article_id IN chosen",
    "mentions": "paragraph_id IN (SELECT id FROM paragraphs WHERE article_id IN chosen)",
    "signatures": "id IN chosen",
    "bands": f"(id & {(1 << ARTICLE_BITS) - 1}) IN chosen",
    "saved_hits": "article_id IN chosen",
}
"""What each shard has of its own articles; the article of a band is in its last bits."""
_SHARED = (
    "entities",
    "aliases",
    "alias_keys",
    "corrections",
    "settings",
    "gazetteers",
    "saved_searches",
)
"""What each shard has as the whole has it; `records` tells what it has of runs and files."""


def split(archive: Path, target: Path, shards: int) -> Configuration:
    """Write the articles of an archive into so many shards, and the file of their cluster.

    The shards stand beside that file, under names that nothing has. Raises OptionError and
    ArchiveError.
    """
    check_new(target, shards)
    target.parent.mkdir(parents=True, exist_ok=True)
    files = _free_names(target, archive.stem, shards)
    with opened_shards([ShardFile(archive.name, archive)]) as (source,), snapshot([source]):
        check_shard(source, archive)
        chosen = _assigned(source, shards)
        with _new(file.path for file in files) as written:
            for number, (file, articles) in enumerate(zip(written, chosen, strict=True)):
                with _archive(file) as shard:
                    _copy_articles(shard, [(source, articles)])
                    split_records(shard, source, number, shards)
                    _copy_index(shard, [(source, articles)])
    told = Configuration(target, tuple(files))
    if target.exists():
        told = replace(read_configuration(target), shards=tuple(files))
    write_configuration(told)
    return told


def merge(cluster: Path, archive: Path) -> int:
    """Write the articles of all shards into one archive; return how many there are.

    Raises ArchiveError where two shards have the same article, OptionError where the archive is
    there.
    """
    if archive.exists():
        raise OptionError(f"{archive} is there already: name a new file")
    told = read_configuration(cluster)
    with opened_shards(told.shards) as sources, snapshot(sources):
        for source, shard in zip(sources, told.shards, strict=True):
            check_shard(source, shard.path)
        _check_paths(sources, told.shards)
        archive.parent.mkdir(parents=True, exist_ok=True)
        with _new([archive]) as (written,):
            if _are_one(told.shards, sources):
                _join(sources, written)
            else:
                unite(sources, written)
        return sum(open_index(each).total for each in sources)


def _are_one(shards: Sequence[ShardFile], sources: Sequence[sqlite3.Connection]) -> bool:
    """Tell whether shards have ids in common, as those of one archive have."""
    try:
        check_together(shards, sources, [open_index(each).live for each in sources])
    except ArchiveError:
        return False
    slugs: set[str] = set()
    for source in sources:
        for (slug,) in source.execute("SELECT slug FROM articles"):
            if slug in slugs:
                return False
            slugs.add(slug)
    return True


def _have_same_words(sources: Sequence[sqlite3.Connection]) -> bool:
    """Tell whether words have the same ids, as in shards that were split and not written since.

    And stems of the same versions.
    """
    if len({recorded_versions(each) for each in sources}) > 1:
        return False
    known: dict[str, int] = {}
    words: dict[int, str] = {}
    for source in sources:
        for number, word in source.execute("SELECT id, word FROM words"):
            if known.setdefault(word, number) != number or words.setdefault(number, word) != word:
                return False
    return True


def _join(sources: Sequence[Reader], path: Path) -> None:
    """Write an archive of the shards of a cluster, all under the ids that they have."""
    # The first has met all names, where others may not have yet.
    parts = [
        (each, open_index(each).articles) for each in sorted(sources, key=names_met, reverse=True)
    ]
    same_words = _have_same_words(sources)
    with _archive(path) as target:
        _copy_articles(target, parts)
        join_records(target, sources)
        if same_words:
            _copy_index(target, parts)
    ended = "SELECT 1 FROM ingest_runs WHERE finished_at IS NULL AND id = (SELECT max(id) FROM"
    if not same_words:
        # Opening it writes words and postings anew.
        with closing(ArchiveWriter(path, log=False)) as store:
            if store.connection.execute(f"{ended} ingest_runs)").fetchone():
                # It was to link copies.
                store.rebuild_copies()


def move(cluster: Path, name: str, target: Path) -> Configuration:
    """Bring a shard to another place; its old file stays, for those who read it still.

    Raises OptionError where the cluster has no such shard, or something is at that place.
    """
    told = read_configuration(cluster)
    found = next((each for each in told.shards if each.name == name), None)
    if found is None:
        names = ", ".join(each.name for each in told.shards)
        raise OptionError(f"{cluster} has no shard {name!r}: it has {names}")
    if target.exists():
        raise OptionError(f"{target} is there already: name a new file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened_shards([found]) as (source,), _new([target]) as (written,):
        _copy_file(source, written)
    moved = ShardFile(_name_from(cluster, target), target.absolute())
    shards = tuple(moved if each is found else each for each in told.shards)
    write_configuration(replace(told, shards=shards))
    return replace(told, shards=shards)


def _copy_file(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def check_shard(source: sqlite3.Connection, path: Path) -> None:
    """Raise ArchiveError where an archive is of another version, or its postings are not true."""
    check_current(check_archive(source, str(path)), str(path))
    with translate_errors(str(path)):
        open_index(source)


def _check_paths(sources: Sequence[sqlite3.Connection], shards: Sequence[ShardFile]) -> None:
    """Raise ArchiveError where two shards have an article from the same place."""
    known: dict[tuple[str, str], str] = {}
    for source, shard in zip(sources, shards, strict=True):
        for slug, *place in source.execute("SELECT slug, root, path FROM articles"):
            first = known.setdefault((place[0], place[1]), shard.name)
            if first != shard.name:
                raise ArchiveError(
                    f"{first} and {shard.name} both have the article {slug} ({place[1]}): leave "
                    "one of them out of the cluster's file, or bring it back as it was"
                )


def _assigned(source: sqlite3.Connection, shards: int) -> list[Ids]:
    """Return the articles of each shard."""
    found: list[list[int]] = [[] for _ in range(shards)]
    for article, path in source.execute(
        "SELECT articles.id, first.path FROM articles"
        " JOIN articles AS first ON first.id = ifnull(articles.duplicate_of, articles.id)"
        " ORDER BY articles.id"
    ):
        found[shard_of(path, shards)].append(article)
    return [np.array(each, np.int32) for each in found]


@contextmanager
def _archive(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a new archive, to be written without a way back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        with closing(empty_archive()) as empty:
            empty.backup(target)
        target.execute("PRAGMA journal_mode = OFF")  # what is not whole is thrown away
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA cache_size = -65536")
        target.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
        target.execute("CREATE TEMP TABLE stems (id INTEGER, word TEXT PRIMARY KEY, stem TEXT)")
        target.execute("DROP TRIGGER paragraphs_insert")  # the index is made at once
        yield target
        target.execute("PRAGMA optimize")
        target.execute("ANALYZE")
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _copy_articles(target: sqlite3.Connection, parts: Sequence[tuple[Reader, Ids]]) -> None:
    """Copy some articles of archives that have the same names, and these."""
    for number, (source, articles) in enumerate(parts):
        _copy_rows(target, source, articles, names=not number)
    target.execute("INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('rebuild')")
    target.execute(create_statements()["paragraphs_insert"])


def _copy_index(target: sqlite3.Connection, parts: Sequence[tuple[Reader, Ids]]) -> None:
    """Copy words, under the ids that they have, and postings."""
    _count_words(target)
    SegmentWriter(target).take([(source, articles) for source, articles in parts])


def _copy_rows(target: sqlite3.Connection, source: Reader, articles: Ids, *, names: bool) -> None:
    """Copy the rows of some articles as they are in the snapshot of a reader; and what is shared.

    They go through Python: another connection to the file would see what was written since.
    """
    source.execute("PRAGMA query_only = OFF")  # so that it can have this; the file is read only
    source.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)")
    for connection in (source, target):
        connection.execute("DELETE FROM temp.chosen")
        connection.executemany(
            "INSERT INTO temp.chosen VALUES (?)", ((each,) for each in articles.tolist())
        )
    for table in _SHARED if names else ():
        _copy(target, source, table, "true")
    for table, condition in _OF_ARTICLES.items():
        _copy(target, source, table, condition)
    target.executemany(
        "INSERT OR IGNORE INTO temp.stems VALUES (?, ?, ?)",
        source.execute("SELECT id, word, stem FROM words"),
    )


def _copy(target: sqlite3.Connection, source: Reader, table: str, condition: str) -> None:
    columns = [row[1] for row in target.execute(f"PRAGMA main.table_info({table})")]
    named = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    target.execute("BEGIN")
    target.executemany(
        f"INSERT INTO {table} ({named}) VALUES ({marks})",
        source.execute(f"SELECT {named} FROM {table} WHERE {condition} ORDER BY id"),
    )
    target.execute("COMMIT")


def _count_words(target: sqlite3.Connection) -> None:
    """Fill `words` with those of the index of the text, under the ids that they had."""
    target.execute("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, paragraphs_fts, row)")
    target.execute(
        "INSERT INTO words (id, word, stem, count)"
        " SELECT stems.id, term, stem, cnt FROM temp.indexed JOIN temp.stems ON word = term"
        " ORDER BY 1"
    )
    target.execute("DROP TABLE temp.indexed")


@contextmanager
def _new(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Give the places where files are written; when all are whole, they come to their own."""
    targets = list(paths)
    written = [each.with_name(f"{each.name}.{os.getpid()}.new") for each in targets]
    try:
        yield written
        for new, target in zip(written, targets, strict=True):
            new.replace(target)
    finally:
        for each in written:
            each.unlink(missing_ok=True)


@contextmanager
def opened_shards(shards: Sequence[ShardFile]) -> Iterator[list[Reader]]:
    """Open shards to be read."""
    opened: list[Reader] = []
    try:
        for shard in shards:
            opened.append(open_reader(shard.path))
        with translate_errors(" or ".join(shard.name for shard in shards)):
            yield opened
    finally:
        for each in opened:
            each.close()


def _free_names(target: Path, stem: str, shards: int) -> list[ShardFile]:
    """Return shards beside the file of their cluster, of which none is there yet."""
    for number in count(1):
        suffix = f".{number}" if number > 1 else ""
        names = [f"{stem}-{at}-of-{shards}{suffix}.db" for at in range(shards)]
        files = [ShardFile(name, target.parent.absolute() / name) for name in names]
        if not any(each.path.exists() for each in files):
            return files
    raise AssertionError


def _name_from(cluster: Path, target: Path) -> str:
    """Return how the file of a cluster names a shard."""
    folder, there = cluster.parent.resolve(), target.absolute().resolve()
    return str(there.relative_to(folder)) if folder in there.parents else str(there)
