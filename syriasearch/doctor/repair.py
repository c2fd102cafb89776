"""Repair of an archive from its own content.

The text yields words, postings and copies; recognizing names in it again yields mentions; and
corrections yield the entities of these. Each step is a transaction, so that an interrupted repair
keeps what it has done. A repair may reveal damage that was hidden before, so the archive is checked
again until nothing is left, or nothing that can be repaired.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from ..entities.editing.corrections import ActiveCorrections, Correction
from ..entities.names.phonetic import write_alias_keys
from ..entities.recognition_settings import RecognitionOptions
from ..index.document import read_paragraphs
from ..index.postings import KIND_BITS
from ..ingest.archive_writer import ArchiveWriter
from ..ingest.reindex import BATCH, reindex
from ..models.entity import Mention
from ..models.report import RepairReport
from ..store.creation import empty_archive, record_migrations, records_migrations
from ..store.folds import store_folds
from ..store.known_schema import INDEX, objects_of
from ..store.sql import transaction
from ..store.sqlite_errors import translate_errors
from ..store.stem_versions import restem
from ..store.values import column_types
from ..text.dates import now
from ..text.tokenize import terms
from .check_rows import orphans_of, wrong_keys
from .check_schema import (
    ARRAYS,
    added_columns,
    expected,
    foreign,
    lacking,
    true_marks,
)
from .check_values import TIMES, no_time_sql
from .damage import Damage, Mend
from .diagnosis import diagnose, open_damaged

ROUNDS = 5
"""The maximum number of rounds of repairs and checks."""


def repair(path: Path) -> RepairReport:
    """Repair what can be repaired; report what was, and what is left. Raises ArchiveError."""
    seen: dict[str, None] = {}
    damages = diagnose(path)
    for _ in range(ROUNDS):
        seen.update(dict.fromkeys(damage.message for damage in damages))
        if not damages or any(damage.mend is None for damage in damages):
            # Damage that cannot be repaired may be worse than it looks.
            break
        _mend(path, damages)
        before, damages = damages, diagnose(path)
        if damages == before:
            break
    if seen or _has_log(path):
        _settle(path, damages)
    left = {damage.message for damage in damages}
    mended = tuple(message for message in seen if message not in left)
    return RepairReport(mended, tuple(map(str, damages)))


def _mend(path: Path, damages: Sequence[Damage]) -> None:
    mends = {damage.mend for damage in damages}
    if mends.intersection(_MENDING_FILE):
        with open_damaged(path) as connection:
            for mend, mend_file in _MENDING_FILE.items():
                if mend in mends:
                    mend_file(connection)
        # Everything else has to be checked again.
        return
    if mends & {"orphans", "text", "names", "corrections"}:
        # Postings contain the ids of words, and a damaged index may hide which words are missing.
        mends.add("words")
    with closing(ArchiveWriter(path)) as writer, translate_errors(str(path)):
        for mend, action in _MENDING.items():
            if mend in mends:
                action(writer, [damage for damage in damages if damage.mend == mend])


def _has_log(path: Path) -> bool:
    """Return whether a run was interrupted that wrote with a write-ahead log."""
    with open_damaged(path) as connection:
        return bool(connection.execute("PRAGMA journal_mode").fetchone() == ("wal",))


def _settle(path: Path, damages: Sequence[Damage]) -> None:
    """Leave the archive in the state a run leaves it in, if it can be used as an archive."""
    if all(damage.mend == "sources" for damage in damages):
        with closing(ArchiveWriter(path, log=False)) as writer:
            writer.settle()


def _mark(connection: sqlite3.Connection) -> None:
    """Write the numbers that identify an archive of its version."""
    marks = true_marks(connection)
    if marks is not None:
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {marks.application}")
            connection.execute(f"PRAGMA user_version = {marks.version}")


def _complete(connection: sqlite3.Connection) -> None:
    """Create the tables, indexes and triggers that are missing or different."""
    # References to a missing table are repaired once the table exists.
    connection.execute("PRAGMA foreign_keys = OFF")
    missing = lacking(connection)
    with transaction(connection):
        for each in foreign(connection):
            connection.execute(f"DROP {each.kind} IF EXISTS {_quoted(each.name)}")
        for table, columns in added_columns(connection).items():
            for column in columns:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {_quoted(column)}")
        if any((each.kind, each.name) == ("table", INDEX) for each in missing):
            # Together with its shadow tables, which it creates again.
            if ("table", INDEX) in objects_of(connection):
                connection.execute(f"DROP TABLE {INDEX}")
            for kind, name in objects_of(connection):
                if name.startswith(f"{INDEX}_"):
                    connection.execute(f"DROP {kind} {name}")
            missing = [each for each in missing if not each.name.startswith(f"{INDEX}_")]
        existing = objects_of(connection)
        for each in missing:
            for kind in (each.kind, "view"):
                if (kind, each.name) in existing:
                    connection.execute(f"DROP {kind} {each.name}")
            connection.execute(each.sql)
            if each.name.startswith(f"{INDEX}_"):
                _fill(connection, each.name)
        if not records_migrations(connection):
            record_migrations(connection)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _fill(connection: sqlite3.Connection, table: str) -> None:
    """Copy the rows of a table from an empty archive."""
    with closing(empty_archive()) as fresh:
        for row in fresh.execute(f"SELECT * FROM {table}"):
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def _reindex(connection: sqlite3.Connection) -> None:
    """Rebuild all indexes; one that fails with a constraint is left as it is."""
    for each in expected():
        if each.kind == "table" and not each.sql.startswith("CREATE VIRTUAL"):
            with suppress(sqlite3.IntegrityError):
                connection.execute(f"REINDEX {each.name}")


def _clear_arrays(connection: sqlite3.Connection) -> None:
    """Delete all postings, which are then found missing, and made again."""
    with transaction(connection):
        for table in ARRAYS:
            connection.execute(f"DELETE FROM {table}")


def _articles_of(damages: Iterable[Damage]) -> list[int]:
    return sorted({article for damage in damages for article in damage.articles})


def _remove_orphans(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Remove orphaned rows, or clear their reference, as deleting the parent row would have."""
    connection = writer.connection
    with writer.batch():
        for orphan in dict.fromkeys(each._replace(id=None) for each in orphans_of(connection)):
            # number, sequence, table, from, to, on update, on delete, match
            key = next(
                each
                for each in connection.execute(f"PRAGMA foreign_key_list({orphan.table})")
                if each[0] == orphan.key
            )
            statement = f"DELETE FROM {orphan.table}"
            if key[6] == "SET NULL":
                statement = f"UPDATE {orphan.table} SET {key[3]} = NULL"
            connection.execute(
                f"{statement} WHERE {key[3]} NOT IN (SELECT {key[4] or 'id'} FROM {orphan.parent})"
            )
        store_folds(connection)


def _mend_times(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Put the time of the repair in place of what is no time, or nothing where that may be."""
    with writer.batch():
        for table, columns in TIMES.items():
            for column in columns:
                time = None if column_types(table)[column].is_optional else now()
                writer.connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {no_time_sql(column)}", (time,)
                )


def _mend_text(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    with writer.batch():
        store_folds(writer.connection)


def _mend_words(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    with writer.batch():
        # A word gets another id.
        writer.connection.execute(
            f"DELETE FROM words WHERE id NOT BETWEEN 1 AND {(1 << KIND_BITS) - 1}"
        )
    writer.count_words()
    with writer.batch():
        restem(writer.connection)


def _mend_names(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Recognize names again in the articles concerned, or in all if none are given."""
    if all(damage.articles for damage in damages):
        _recognize(writer, _articles_of(damages))
        return
    with writer.batch():
        writer.connection.execute(
            "DELETE FROM aliases WHERE entity_id IS NULL AND found_id IS NULL"
        )
    reindex([writer], RecognitionOptions())


def _recognize(writer: ArchiveWriter, articles: Sequence[int]) -> None:
    seen: dict[str, Mention] = {}
    for start in range(0, len(articles), BATCH):
        with writer.batch():
            writer.naming.recognize(articles[start : start + BATCH], seen)


def _mend_corrections(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Apply the corrections again, as if all rows followed other corrections before."""
    connection = writer.connection
    hidden = connection.execute(
        "SELECT DISTINCT article_id FROM mentions JOIN paragraphs ON paragraphs.id = paragraph_id"
        " WHERE entity_id IS NULL AND found_id IS NULL"
    ).fetchall()
    _recognize(writer, [article for (article,) in hidden])
    with writer.batch():
        moved = connection.execute(
            "SELECT slug FROM entities WHERE id IN (SELECT found_id FROM mentions"
            " UNION SELECT found_id FROM aliases)"
        ).fetchall()
        renamed = connection.execute("SELECT slug FROM entities WHERE found_name IS NOT NULL")
        slugs = {slug for (slug,) in moved} | writer.naming.entities.in_force.subjects
        untrue = [Correction(0, "", "merge", slug, other="") for slug in sorted(slugs)]
        untrue += [Correction(0, "", "rename", slug, name="") for (slug,) in renamed.fetchall()]
        writer.naming.correct(ActiveCorrections(untrue))


def _mend_keys(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    connection = writer.connection
    with writer.batch():
        others, wrong = wrong_keys(connection)
        connection.executemany("UPDATE aliases SET key = ? WHERE id = ?", others)
        connection.executemany(
            "DELETE FROM alias_keys WHERE alias_id = ?", [(alias,) for alias in wrong]
        )
        write_alias_keys(connection)


def _mend_counts(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Update the title and number of words of articles from their text."""
    with writer.batch():
        for article in _articles_of(damages):
            texts = [text for *_, text in read_paragraphs(writer.connection, article)]
            writer.connection.execute(
                "UPDATE articles SET title = ifnull(?, title), word_count = ? WHERE id = ?",
                (next(iter(texts), None), sum(len(terms(text)) for text in texts), article),
            )


def _read_again(writer: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Mark articles so that the next run over their sources replaces them."""
    with writer.batch():
        writer.connection.executemany(
            "UPDATE articles SET content_hash = '' WHERE id = ?",
            [(article,) for article in _articles_of(damages)],
        )
        writer.files.mark_unread()


_MENDING_FILE: dict[Mend, Callable[[sqlite3.Connection], None]] = {
    "marks": _mark,
    "schema": _complete,
    "indexes": _reindex,
    "arrays": _clear_arrays,
}
"""The repairs that must come before the archive can be opened for writing."""

_MENDING: dict[Mend, Callable[[ArchiveWriter, Sequence[Damage]], None]] = {
    "times": _mend_times,
    "orphans": _remove_orphans,
    "text": _mend_text,
    "words": _mend_words,
    "torn": lambda writer, damages: writer.rebuild_postings(),
    "names": _mend_names,
    "corrections": _mend_corrections,
    "keys": _mend_keys,
    "counts": _mend_counts,
    "copies": lambda writer, damages: writer.rebuild_copies(),
    "postings": lambda writer, damages: writer.rebuild_postings(),
    "sources": _read_again,
}
"""The other repairs, in the order in which they are carried out."""
