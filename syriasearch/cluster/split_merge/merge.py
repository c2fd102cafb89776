"""Merging of archives into one: the shards of a cluster, or archives that were filled separately.

The shards of a cluster keep their ids. Of other archives, entities are identified by their slugs,
with all names that any archive has for them; articles, paragraphs and mentions get new ids, those
of one archive after those of the one before, and copies are linked across all. Corrections must be
the same everywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ...entities.names.phonetic import write_alias_keys
from ...errors import ArchiveError, OptionError
from ...index.reader import open_index
from ...ingest.archive_writer import ArchiveWriter
from ...store.connection import ReadConnection
from ...store.ingest_runs import COUNTS
from ...store.slugs import Slugs
from ...store.sqlite_errors import translate_errors
from ...store.stem_versions import SETTING, recorded_versions
from ..configuration import ShardFile, read_configuration
from ..consistency import check_together, names_met
from ..rows import attached, copy_rows
from ..shard_files import opened
from .files import copy_postings, index_text, new_archive, new_files

_ALIKE = {
    "corrections": "SELECT * FROM corrections ORDER BY id",
    "gazetteers": "SELECT name, entities FROM gazetteers ORDER BY name",
    "settings": f"SELECT name, value FROM settings WHERE name != '{SETTING}' ORDER BY name",
}
"""What must be the same in all archives."""
_SHIFTED = ("files", "ingest_problems", "saved_searches", "saved_hits")
"""Tables whose ids differ between the shards of a cluster."""
_MOVED = ("articles", "paragraphs", "entities", "aliases", "ingest_runs", *_SHIFTED)
_ADD_COUNTS = (
    "ON CONFLICT (id) DO UPDATE SET started_at = min(started_at, excluded.started_at),"
    " finished_at = max(finished_at, excluded.finished_at)"
) + "".join(f", {name} = {name} + excluded.{name}" for name in COUNTS)


def merge(cluster: Path, archive: Path) -> int:
    """Write the articles of all shards into one archive; return their number.

    Raises ArchiveError if two shards have the same article, OptionError if the archive exists.
    """
    if archive.exists():
        raise OptionError(f"{archive} is there already: name a new file")
    shards = read_configuration(cluster).shards
    with opened(shards) as open_shards, translate_errors(f"a shard of {cluster}"):
        sources = [shard.connection for shard in open_shards]
        for source, shard in zip(sources, shards, strict=True):
            with translate_errors(str(shard.path)):
                open_index(source)
        _check_paths(sources, shards)
        archive.parent.mkdir(parents=True, exist_ok=True)
        with new_files([archive]) as (path,):
            _write(path, sources, shards, keep_ids=_are_one(sources, shards))
        return sum(open_index(each).total for each in sources)


def _write(
    path: Path, sources: Sequence[ReadConnection], shards: Sequence[ShardFile], *, keep_ids: bool
) -> None:
    _check_names(sources)
    same_versions = len({recorded_versions(each) for each in sources}) == 1
    copies_postings = keep_ids and same_versions and _have_same_words(sources)
    order = list(range(len(shards)))
    if keep_ids:
        # The first has all names, where others may not have met the last ones yet.
        order.sort(key=lambda shard: names_met(sources[shard]), reverse=True)
    with new_archive(path) as target:
        for number, shard in enumerate(order):
            with attached(target, shards[shard].path):
                if not number:
                    for table in (*_ALIKE, *(["alias_keys"] if keep_ids else [])):
                        copy_rows(target, table)
                join(target, keep_ids=keep_ids)
        if not keep_ids:
            write_alias_keys(target)
        if not same_versions:
            # The text is folded again.
            target.execute("DELETE FROM settings WHERE name = ?", (SETTING,))
        index_text(target)
        if copies_postings:
            copy_postings(target, [(each, open_index(each).articles) for each in sources])
    if not copies_postings:
        # This writes postings, and finds copies unless their signatures are there.
        with closing(ArchiveWriter(path, log=False)) as store:
            last = "SELECT finished_at FROM ingest_runs ORDER BY id DESC LIMIT 1"
            if keep_ids and store.connection.execute(last).fetchone() == (None,):
                # That run was to link copies.
                store.rebuild_copies()


def _check_paths(sources: Sequence[sqlite3.Connection], shards: Sequence[ShardFile]) -> None:
    """Raise ArchiveError if two shards have an article from the same place."""
    known: dict[tuple[str, str], str] = {}
    for source, shard in zip(sources, shards, strict=True):
        for slug, *place in source.execute("SELECT slug, root, path FROM articles"):
            first = known.setdefault((place[0], place[1]), shard.name)
            if first != shard.name:
                raise ArchiveError(
                    f"{first} and {shard.name} both have the article {slug} ({place[1]}): leave "
                    "one of them out of the cluster's file, or bring it back as it was"
                )


def _are_one(sources: Sequence[sqlite3.Connection], shards: Sequence[ShardFile]) -> bool:
    """Return whether shards have different ids and slugs, as those of one cluster have."""
    try:
        check_together(shards, sources, [open_index(each).live for each in sources])
    except ArchiveError:
        return False
    slugs = [slug for each in sources for (slug,) in each.execute("SELECT slug FROM articles")]
    return len(set(slugs)) == len(slugs)


def _have_same_words(sources: Sequence[sqlite3.Connection]) -> bool:
    """Return whether words have the same ids, as in shards not written since a split."""
    known: dict[str, int] = {}
    words: dict[int, str] = {}
    for source in sources:
        for number, word in source.execute("SELECT id, word FROM words"):
            if known.setdefault(word, number) != number or words.setdefault(number, word) != word:
                return False
    return True


def _check_names(sources: Sequence[sqlite3.Connection]) -> None:
    """Raise ArchiveError if corrections, gazetteers or settings differ."""
    for table, sql in _ALIKE.items():
        first, *others = (each.execute(sql).fetchall() for each in sources)
        if any(each != first for each in others):
            raise ArchiveError(
                f"the archives have other {table}: let them be the same before they become one"
            )


def join(target: sqlite3.Connection, *, keep_ids: bool, texts: bool = True) -> None:
    """Write the rows of the attached archive after those that are there.

    Entities and aliases that are there already are left out; without `texts`, so are texts.
    """
    after = _offsets(target, keep_ids=keep_ids)
    owners: dict[str, str] = {}
    if keep_ids:
        # The shards of one cluster have the same names under the same ids.
        for table in ("entities", "aliases"):
            copy_rows(target, table, conflict="ON CONFLICT DO NOTHING")
    else:
        owners = _join_names(target, after)

    new = {"id": f"id + {after['ingest_runs']}"}
    copy_rows(target, "ingest_runs", new, conflict=_ADD_COUNTS)
    run = {"run_id": f"run_id + {after['ingest_runs']}"}
    new = {"id": f"id + {after['files']}", **run}
    copy_rows(target, "files", new, conflict="ON CONFLICT DO NOTHING")
    file = f"(SELECT id FROM main.files WHERE id = file_id + {after['files']})"
    new = {"id": f"id + {after['ingest_problems']}", **run, "file_id": file}
    copy_rows(target, "ingest_problems", new)
    unknown = "(root, path) NOT IN (SELECT root, path FROM main.deleted_articles)"
    copy_rows(target, "deleted_articles", {"id": "NULL", "content": "NULL"}, unknown)

    if keep_ids:
        for table in ("articles", "signatures", "bands"):
            copy_rows(target, table)
    else:
        _copy_articles(target, after["articles"])
    if texts:
        article = {"article_id": f"article_id + {after['articles']}"}
        copy_rows(target, "paragraphs", {"id": f"id + {after['paragraphs']}", **article})
        paragraph = {"paragraph_id": f"paragraph_id + {after['paragraphs']}"}
        copy_rows(target, "mentions", {**paragraph, **owners})
        new = {"id": f"id + {after['saved_searches']}"}
        unknown = "name NOT IN (SELECT name FROM main.saved_searches)"
        copy_rows(target, "saved_searches", new, unknown)
        search = (
            "(SELECT there.id FROM source.saved_searches AS own JOIN main.saved_searches AS there"
            " USING (name) WHERE own.id = search_id)"
        )
        new = {"id": f"id + {after['saved_hits']}", "search_id": search, **article}
        copy_rows(target, "saved_hits", new)


def _join_names(target: sqlite3.Connection, after: dict[str, int]) -> dict[str, str]:
    """Write entities and aliases that are not there; return what becomes of the ids of entities.

    Entities are identified by their slugs.
    """
    new = {"id": f"id + {after['entities']}"}
    copy_rows(target, "entities", new, "slug NOT IN (SELECT slug FROM main.entities)")
    target.execute("DROP TABLE IF EXISTS temp.owners")
    target.execute(
        "CREATE TEMP TABLE owners AS SELECT own.id AS own, there.id AS there"
        " FROM source.entities AS own JOIN main.entities AS there USING (slug)"
    )
    target.execute("CREATE UNIQUE INDEX temp.owners_own ON owners(own)")
    entity, found, whose = (
        f"(SELECT there FROM temp.owners WHERE own = {each})"
        for each in ("entity_id", "found_id", "ifnull(found_id, entity_id)")
    )
    owners = {"entity_id": entity, "found_id": found}
    known = "SELECT ifnull(found_id, entity_id), alias FROM main.aliases"
    new = {"id": f"id + {after['aliases']}", **owners}
    copy_rows(target, "aliases", new, f"({whose}, alias) NOT IN ({known})")
    return owners


def _offsets(target: sqlite3.Connection, *, keep_ids: bool) -> dict[str, int]:
    """Return what is added to the ids of the attached archive's rows, by table."""
    offsets = {}
    for table in _MOVED:
        (last,) = target.execute(f"SELECT ifnull(max(id), 0) FROM main.{table}").fetchone()
        both = f"SELECT 1 FROM main.{table} JOIN source.{table} USING (id) LIMIT 1"
        stays = keep_ids and (table not in _SHIFTED or not target.execute(both).fetchall())
        offsets[table] = 0 if stays else int(last)
    return offsets


def _copy_articles(target: sqlite3.Connection, after: int) -> None:
    """Write articles under new ids, and new slugs if theirs are taken."""
    new = {"id": f"id + {after}", "duplicate_of": "NULL"}
    taken = target.execute(
        "SELECT id, published, title FROM source.articles"
        " WHERE slug IN (SELECT slug FROM main.articles) ORDER BY id"
    ).fetchall()
    copy_rows(target, "articles", new, "slug NOT IN (SELECT slug FROM main.articles)")
    slugs = Slugs(target)
    for article, published, title in taken:
        slug = slugs.free(published, title)  # of letters, digits and hyphens
        copy_rows(target, "articles", {**new, "slug": f"'{slug}'"}, f"id = {article}")
