"""Splitting an archive into the shards of a cluster, and moving a shard.

Articles, paragraphs and mentions keep their ids, and each shard has all entities, names, saved
searches, corrections and runs, so that it can be read alone and a name means the same everywhere.
An article goes to the shard that follows from its path (`configuration.shard_of`); a copy goes with
its original, so that all links between copies are within a shard.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from ...errors import OptionError
from ...index.duplicate_links import ARTICLE_BITS
from ...index.postings import Ids
from ...index.reader import open_index
from ...search.collection import snapshot
from ...store.connection import open_reader
from ...store.ingest_runs import COUNTS
from ...store.schema import check_archive, check_current
from ...store.sqlite_errors import translate_errors
from ..configuration import (
    Configuration,
    ShardFile,
    check_new,
    read_configuration,
    shard_of,
    write_configuration,
)
from ..rows import attached, copy_rows
from ..shard_files import opened
from .files import copy_postings, index_text, new_archive, new_files

_OF_ARTICLES = {
    "articles": "id IN chosen",
    "paragraphs": "article_id IN chosen",
    "mentions": "paragraph_id IN (SELECT id FROM paragraphs WHERE article_id IN chosen)",
    "signatures": "id IN chosen",
    "bands": f"(id & {(1 << ARTICLE_BITS) - 1}) IN chosen",
    "saved_hits": "article_id IN chosen",
}
"""The condition for the rows of a shard's own articles; a band has its article in its last bits."""
_SHARED = (
    "entities",
    "aliases",
    "alias_keys",
    "corrections",
    "settings",
    "gazetteers",
    "saved_searches",
)
"""The tables that each shard has as the whole has them."""


def split(archive: Path, target: Path, shards: int) -> Configuration:
    """Write the articles of an archive into a number of shards, and their cluster's file.

    The shards are next to that file, under names that nothing has. Raises OptionError and
    ArchiveError.
    """
    check_new(target, shards)
    target.parent.mkdir(parents=True, exist_ok=True)
    files = _free_names(target, archive.stem, shards)
    with (
        closing(open_reader(archive)) as source,
        translate_errors(str(archive)),
        snapshot([source]),
    ):
        check_current(check_archive(source, str(archive)), str(archive))
        open_index(source)
        with new_files(file.path for file in files) as paths:
            for number, articles in enumerate(_assigned(source, shards)):
                with new_archive(paths[number]) as shard:
                    with attached(shard, archive):
                        _copy(shard, articles, is_first=not number)
                    index_text(shard)
                    copy_postings(shard, [(source, articles)])
    configuration = Configuration(target, tuple(files))
    if target.exists():
        configuration = replace(read_configuration(target), shards=tuple(files))
    write_configuration(configuration)
    return configuration


def _free_names(target: Path, stem: str, shards: int) -> list[ShardFile]:
    """Return files next to that of their cluster, none of which exists."""
    for number in count(1):
        suffix = f".{number}" if number > 1 else ""
        names = [f"{stem}-{shard}-of-{shards}{suffix}.db" for shard in range(shards)]
        files = [ShardFile(name, target.parent.absolute() / name) for name in names]
        if not any(each.path.exists() for each in files):
            return files
    raise AssertionError


def _assigned(source: sqlite3.Connection, shards: int) -> list[Ids]:
    """Return the ids of the articles of each shard."""
    found: list[list[int]] = [[] for _ in range(shards)]
    for article, path in source.execute(
        "SELECT articles.id, first.path FROM articles"
        " JOIN articles AS first ON first.id = ifnull(articles.duplicate_of, articles.id)"
        " ORDER BY articles.id"
    ):
        found[shard_of(path, shards)].append(article)
    return [np.array(each, np.int32) for each in found]


def _copy(target: sqlite3.Connection, articles: Ids, *, is_first: bool) -> None:
    """Copy the rows of some articles, and what all shards share.

    The counts of runs, and the records of files, problems and deletions, are those of the first
    shard.
    """
    target.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    target.executemany("INSERT INTO chosen VALUES (?)", ((each,) for each in articles.tolist()))
    for table in _SHARED:
        copy_rows(target, table)
    for table, condition in _OF_ARTICLES.items():
        copy_rows(target, table, condition=condition)
    copy_rows(target, "ingest_runs", {} if is_first else dict.fromkeys(COUNTS, "0"))
    for table in ("files", "ingest_problems") if is_first else ():
        copy_rows(target, table)
    if is_first:
        copy_rows(target, "deleted_articles", {"content": "NULL"})


def move(cluster: Path, name: str, target: Path) -> None:
    """Move a shard; its old file stays, for readers that have it open.

    Raises OptionError if the cluster has no such shard, or the target exists.
    """
    configuration = read_configuration(cluster)
    shard = next((each for each in configuration.shards if each.name == name), None)
    if shard is None:
        names = ", ".join(each.name for each in configuration.shards)
        raise OptionError(f"{cluster} has no shard {name!r}: it has {names}")
    if target.exists():
        raise OptionError(f"{target} is there already: name a new file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        opened([shard]) as (source,),
        new_files([target]) as (path,),
        closing(sqlite3.connect(path)) as copy,
    ):
        source.connection.backup(copy)
    folder, there = cluster.parent.resolve(), target.absolute().resolve()
    inside = folder in there.parents
    moved = ShardFile(str(there.relative_to(folder) if inside else there), target.absolute())
    shards = tuple(moved if each is shard else each for each in configuration.shards)
    write_configuration(replace(configuration, shards=shards))
