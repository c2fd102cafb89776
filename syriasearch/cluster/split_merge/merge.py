"""Merging of archives into one: the shards of a cluster, or archives that were filled separately.

The shards of a cluster keep their ids. Of other archives, entities are identified by their slugs,
with all names that any archive has for them; articles, paragraphs and mentions get new ids, those
of one archive after those of the one before, and copies are linked across all. Corrections must be
the same everywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from ...entities.names.phonetic import write_alias_keys
from ...errors import ArchiveError, OptionError
from ...index.reader import open_index
from ...ingest.archive_writer import ArchiveWriter
from ...search.collection import snapshot
from ...store.connection import Reader
from ...store.slugs import Slugs
from ...store.stem_versions import SETTING, recorded_versions
from ..configuration import ShardFile, read_configuration
from ..consistency import check_together, names_met
from ..rows import Row, column_names, insert_rows, read_rows
from .files import check_shard, copy_postings, index_text, new_archive, new_files, opened_shards

_ALIKE = {
    "corrections": "SELECT * FROM corrections ORDER BY id",
    "gazetteers": "SELECT name, entities FROM gazetteers ORDER BY name",
    "settings": f"SELECT name, value FROM settings WHERE name != '{SETTING}' ORDER BY name",
}
"""What must be the same in all archives."""
_ADD_COUNTS = (
    "ON CONFLICT (id) DO UPDATE SET started_at = min(started_at, excluded.started_at),"
    " finished_at = max(finished_at, excluded.finished_at)"
) + "".join(
    f", {name} = {name} + excluded.{name}"
    for name in ("added", "updated", "unchanged", "removed", "failed")
)

Change: TypeAlias = Callable[[Any], Any]
"""What a value of a column becomes."""


def merge(cluster: Path, archive: Path) -> int:
    """Write the articles of all shards into one archive; return their number.

    Raises ArchiveError if two shards have the same article, OptionError if the archive exists.
    """
    if archive.exists():
        raise OptionError(f"{archive} is there already: name a new file")
    shards = read_configuration(cluster).shards
    with opened_shards(shards) as sources, snapshot(sources):
        for source, shard in zip(sources, shards, strict=True):
            check_shard(source, shard.path)
        _check_paths(sources, shards)
        archive.parent.mkdir(parents=True, exist_ok=True)
        with new_files([archive]) as (path,):
            _write(path, sources, keep_ids=_are_one(sources, shards))
        return sum(open_index(each).total for each in sources)


def _write(path: Path, sources: Sequence[Reader], *, keep_ids: bool) -> None:
    copies_index = keep_ids and _have_same_words(sources)
    with new_archive(path) as target:
        # The first shard has all names, where others may not have met the last ones yet.
        ordered = sorted(sources, key=names_met, reverse=True) if keep_ids else sources
        join_names(target, ordered)
        for source in ordered:
            Join(target, source, keep_ids=keep_ids).write()
        if keep_ids:
            insert_rows(target, "alias_keys", read_rows(ordered[0], "alias_keys"))
        else:
            write_alias_keys(target)
        index_text(target)
        if copies_index:
            copy_postings(target, [(each, open_index(each).articles) for each in ordered])
    if not copies_index:
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
    """Return whether words have the same ids and stems, as in shards not written since a split."""
    if len({recorded_versions(each) for each in sources}) > 1:
        return False
    known: dict[str, int] = {}
    words: dict[int, str] = {}
    for source in sources:
        for number, word in source.execute("SELECT id, word FROM words"):
            if known.setdefault(word, number) != number or words.setdefault(number, word) != word:
                return False
    return True


def join_names(target: sqlite3.Connection, sources: Sequence[sqlite3.Connection]) -> None:
    """Write corrections, gazetteers and settings, which must be the same in all archives."""
    for table, sql in _ALIKE.items():
        first, *others = (each.execute(sql).fetchall() for each in sources)
        if any(each != first for each in others):
            raise ArchiveError(
                f"the archives have other {table}: let them be the same before they become one"
            )
        insert_rows(target, table, read_rows(sources[0], table))


class Join:
    """One archive, on its way into another."""

    def __init__(
        self, target: sqlite3.Connection, source: sqlite3.Connection, *, keep_ids: bool
    ) -> None:
        self._target = target
        self._source = source
        self._keep_ids = keep_ids

    def write(self, *, texts: bool = True) -> None:
        """Write its rows after those that are there; without `texts` only what describes them."""
        entity = self._entities()
        self._aliases(entity)
        self._records()
        article, paragraph = self._ids("articles"), self._ids("paragraphs")
        self._articles(article)
        if not texts:
            return
        self._copy("paragraphs", {"id": paragraph, "article_id": article})
        mention = self._ids("mentions")
        self._copy(
            "mentions",
            {"id": mention, "paragraph_id": paragraph, "entity_id": entity, "found_id": entity},
        )
        self._saved_searches(article)

    def _entities(self) -> Change:
        """Write entities that are not there yet; return what their ids become."""
        known = dict(self._target.execute("SELECT slug, id FROM entities"))
        new_id = self._ids("entities")
        ids: dict[int | None, int] = {}
        rows = []
        for number, slug, *others in read_rows(self._source, "entities"):
            ids[number] = known.get(slug) or new_id(number)
            if slug not in known:
                rows.append((ids[number], slug, *others))
        insert_rows(self._target, "entities", rows)
        return ids.get

    def _aliases(self, entity: Change) -> None:
        """Write aliases that are not there yet."""
        whose = "SELECT ifnull(found_id, entity_id), alias FROM aliases"
        known = set(self._target.execute(whose))
        new_id = self._ids("aliases")
        rows = []
        for number, owner, alias, lang, key, found, correction in read_rows(
            self._source, "aliases"
        ):
            if (entity(found) or entity(owner), alias) not in known:
                moved = (new_id(number), entity(owner), alias, lang, key, entity(found))
                rows.append((*moved, correction))
        insert_rows(self._target, "aliases", rows)

    def _records(self) -> None:
        """Write the records of runs, files and problems; the first record of a file counts."""
        run, file = self._ids("ingest_runs"), self._free_ids("files")
        self._copy("ingest_runs", {"id": run}, _ADD_COUNTS)
        self._copy("files", {"id": file, "run_id": run}, "ON CONFLICT DO NOTHING")
        files = {number for (number,) in self._target.execute("SELECT id FROM files")}

        def read(number: int | None) -> int | None:
            return found if (found := file(number)) in files else None

        problem = self._free_ids("ingest_problems")
        self._copy("ingest_problems", {"id": problem, "run_id": run, "file_id": read})

    def _articles(self, article: Change) -> None:
        if self._keep_ids:
            for table in ("articles", "signatures", "bands"):
                self._copy(table, {})
            return
        insert_rows(self._target, "articles", self._renamed_articles(article))

    def _renamed_articles(self, article: Change) -> Iterator[Row]:
        """Yield the rows of articles, with new ids, and slugs that are free."""
        slugs = Slugs(self._target)
        known = {slug for (slug,) in self._target.execute("SELECT slug FROM articles")}
        columns = column_names(self._target, "articles")
        for values in read_rows(self._source, "articles", nulls=["duplicate_of"]):
            row = dict(zip(columns, values, strict=True))
            row["id"] = article(row["id"])
            if row["slug"] in known:
                row["slug"] = slugs.free(row["published"], row["title"])
            known.add(row["slug"])
            yield tuple(row.values())

    def _saved_searches(self, article: Change) -> None:
        """Write saved searches and what they have shown; the first search of a name counts."""
        known = dict(self._target.execute("SELECT name, id FROM saved_searches"))
        new_id = self._free_ids("saved_searches")
        ids: dict[int, int] = {}
        rows = []
        for number, name, *others in read_rows(self._source, "saved_searches"):
            ids[number] = known.get(name) or new_id(number)
            if name not in known:
                rows.append((ids[number], name, *others))
        insert_rows(self._target, "saved_searches", rows)
        hit = self._free_ids("saved_hits")
        self._copy("saved_hits", {"id": hit, "search_id": ids.get, "article_id": article})

    def _ids(self, table: str) -> Change:
        """Return what ids become."""
        return (lambda number: number) if self._keep_ids else self._new_ids(table)

    def _free_ids(self, table: str) -> Change:
        """Return what ids become that stay if none of them is taken."""
        own, taken = (
            {number for (number,) in each.execute(f"SELECT id FROM {table}")}
            for each in (self._source, self._target)
        )
        return (lambda number: number) if own.isdisjoint(taken) else self._new_ids(table)

    def _new_ids(self, table: str) -> Change:
        """Return what makes of an id one after those that are there."""
        last: int
        (last,) = self._target.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()
        return lambda number: None if number is None else number + last

    def _copy(self, table: str, changes: dict[str, Change], conflict: str = "") -> None:
        columns = column_names(self._source, table)
        changed = [(columns.index(name), change) for name, change in changes.items()]

        def moved(row: Row) -> Row:
            values = list(row)
            for index, change in changed:
                values[index] = change(values[index])
            return tuple(values)

        insert_rows(self._target, table, map(moved, read_rows(self._source, table)), conflict)
