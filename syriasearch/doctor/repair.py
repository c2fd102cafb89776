"""Repair of an archive from its own content.

The text yields words, postings and copies; recognizing names in it again yields mentions; and
corrections yield the entities of these. Each step is a transaction, so that an interrupted repair
keeps what it has done. A repair may reveal damage that was hidden before, so the archive is checked
again until nothing is left, or nothing that can be repaired.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ..entities.corrections import ActiveCorrections, Correction
from ..entities.names.phonetic import write_alias_keys
from ..entities.recognition_settings import RecognitionOptions
from ..ingest.archive_writer import ArchiveWriter
from ..ingest.reindex import BATCH, reindex
from ..models.entity import Mention
from ..models.report import RepairReport
from ..store.connection import check_filled, check_there, open_beside, open_writer
from ..store.migrations import empty_archive
from ..store.schema import check_current
from ..store.sqlite_errors import translate_errors
from ..store.stem_versions import restem
from ..text.tokenize import terms
from . import Damage, Mend, find_damages
from .check_rows import orphans_of, wrong_keys
from .check_schema import APPLIED, INDEX, expected, lacking, things_of, true_marks

ROUNDS = 5
"""The maximum number of rounds of repairs and checks."""
_OF_THE_FILE = ("marks", "schema", "indexes")
"""The repairs that must come before the archive can be opened for writing."""


def find(path: Path) -> list[Damage]:
    """Return the damage to an archive; if some of it cannot be repaired, only that.

    Raises ArchiveError.
    """
    with _writing(path) as connection, closing(open_beside(path)) as beside:
        marks = true_marks(connection)
        if marks is None:
            check_filled(connection, path)
        else:
            check_current(marks.version, str(path))
        connection.execute("BEGIN IMMEDIATE")
        try:
            damages = list(find_damages(connection, beside))
            return [each for each in damages if each.mend is None] or damages
        finally:
            # An error may already have rolled back.
            with suppress(sqlite3.OperationalError):
                connection.execute("ROLLBACK")


def repair(path: Path) -> RepairReport:
    """Repair what can be repaired; report what was, and what is left. Raises ArchiveError."""
    seen: dict[str, None] = {}
    damages = find(path)
    for _ in range(ROUNDS):
        seen.update(dict.fromkeys(damage.message for damage in damages))
        if not damages or any(damage.mend is None for damage in damages):
            # Damage that cannot be repaired may be worse than it looks.
            break
        _mend(path, damages)
        before, damages = damages, find(path)
        if damages == before:
            break
    if seen or _has_log(path):
        _settle(path, damages)
    left = {damage.message for damage in damages}
    mended = tuple(message for message in seen if message not in left)
    return RepairReport(mended, tuple(map(str, damages)))


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    check_there(path)
    with (
        closing(open_writer(path, log=False, damaged=True)) as connection,
        translate_errors(str(path)),
    ):
        yield connection


def _mend(path: Path, damages: Sequence[Damage]) -> None:
    mends = {damage.mend for damage in damages}
    if mends.intersection(_OF_THE_FILE):
        with _writing(path) as connection:
            for mend, action in (
                ("marks", _mark),
                ("schema", _complete),
                ("indexes", _reindex),
            ):
                if mend in mends:
                    action(connection)
        # Everything else has to be checked again.
        return
    if mends & {"orphans", "text", "names", "corrections"}:
        # Postings contain the ids of words, and a damaged index may hide which words are missing.
        mends.add("words")
    with closing(ArchiveWriter(path)) as store, translate_errors(str(path)):
        for mend in _MENDING:
            if mend in mends:
                found = [damage for damage in damages if damage.mend == mend]
                _MENDING[mend](store, found)


def _has_log(path: Path) -> bool:
    """Return whether a run was interrupted that wrote with a write-ahead log."""
    with _writing(path) as connection:
        return bool(connection.execute("PRAGMA journal_mode").fetchone() == ("wal",))


def _settle(path: Path, damages: Sequence[Damage]) -> None:
    """Leave the archive in the state a run leaves it in, if it can be used as an archive."""
    if all(damage.mend == "sources" for damage in damages):
        with closing(ArchiveWriter(path, log=False)) as store:
            store.settle()


def _mark(connection: sqlite3.Connection) -> None:
    """Write the numbers that identify an archive of its version."""
    marks = true_marks(connection)
    if marks is not None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {marks.application}")
        connection.execute(f"PRAGMA user_version = {marks.version}")
        connection.execute("COMMIT")


def _complete(connection: sqlite3.Connection) -> None:
    """Create the tables, indexes and triggers that are missing or different."""
    # References to a missing table are repaired once the table exists.
    connection.execute("PRAGMA foreign_keys = OFF")
    missing = {thing[:2]: thing for thing in lacking(connection)}
    connection.execute("BEGIN IMMEDIATE")
    try:
        if ("table", INDEX) in missing:
            # Together with its shadow tables, which it creates again.
            for kind, name in things_of(connection):
                if name.startswith(f"{INDEX}_"):
                    connection.execute(f"DROP {kind} {name}")
            missing = {
                key: thing for key, thing in missing.items() if not key[1].startswith(f"{INDEX}_")
            }
        there = things_of(connection)
        for key, thing in missing.items():
            if key in there:
                connection.execute(f"DROP {thing.kind} {thing.name}")
            connection.execute(thing.sql)
            if thing.name == APPLIED or thing.name.startswith(f"{INDEX}_"):
                _fill(connection, thing.name)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise


def _fill(connection: sqlite3.Connection, table: str) -> None:
    """Copy the rows of a table from an empty archive."""
    with closing(empty_archive()) as fresh:
        for row in fresh.execute(f"SELECT * FROM {table}"):
            places = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({places})", row)


def _reindex(connection: sqlite3.Connection) -> None:
    """Rebuild all indexes; one that fails with a constraint is left as it is."""
    for thing in expected():
        if thing.kind == "table" and not thing.sql.startswith("CREATE VIRTUAL"):
            with suppress(sqlite3.IntegrityError):
                connection.execute(f"REINDEX {thing.name}")


def _remove_orphans(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Remove orphaned rows, or clear their reference, as deleting the parent row would have."""
    connection = store.naming.connection
    with store.batch():
        for orphan in orphans_of(connection):
            # number, sequence, table, from, to, on update, on delete, match
            about = next(
                each
                for each in connection.execute(f"PRAGMA foreign_key_list({orphan.table})")
                if each[0] == orphan.key
            )
            statement = f"DELETE FROM {orphan.table}"
            if about[6] == "SET NULL":
                statement = f"UPDATE {orphan.table} SET {about[3]} = NULL"
            connection.execute(f"{statement} WHERE id = ?", (orphan.id,))
        _rebuild_text(connection)


def _rebuild_text(connection: sqlite3.Connection) -> None:
    connection.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


def _mend_text(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    with store.batch():
        _rebuild_text(store.naming.connection)


def _mend_words(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    store.count_words()
    with store.batch():
        restem(store.naming.connection)


def _mend_names(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Recognize names again in the articles concerned, or in all if none are given."""
    if all(damage.articles for damage in damages):
        articles = sorted({each for damage in damages for each in damage.articles})
        _recognize(store, articles)
        return
    with store.batch():
        store.naming.connection.execute(
            "DELETE FROM aliases WHERE entity_id IS NULL AND found_id IS NULL"
        )
    reindex([store], RecognitionOptions())


def _recognize(store: ArchiveWriter, articles: Sequence[int]) -> None:
    seen: dict[str, Mention] = {}
    for at in range(0, len(articles), BATCH):
        with store.batch():
            store.naming.recognize(articles[at : at + BATCH], seen)


def _mend_corrections(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Apply the corrections again, as if all rows followed other corrections before."""
    connection = store.naming.connection
    nobodys = connection.execute(
        "SELECT DISTINCT article_id FROM mentions JOIN paragraphs ON paragraphs.id = paragraph_id"
        " WHERE entity_id IS NULL AND found_id IS NULL"
    ).fetchall()
    _recognize(store, [article for (article,) in nobodys])
    with store.batch():
        moved = connection.execute(
            "SELECT slug FROM entities WHERE id IN (SELECT found_id FROM mentions"
            " UNION SELECT found_id FROM aliases)"
        ).fetchall()
        renamed = connection.execute("SELECT slug FROM entities WHERE found_name IS NOT NULL")
        slugs = {slug for (slug,) in moved} | store.naming.entities.in_force.subjects
        untrue = [Correction(0, "", "merge", slug, other="") for slug in sorted(slugs)]
        untrue += [Correction(0, "", "rename", slug, name="") for (slug,) in renamed.fetchall()]
        store.naming.correct(ActiveCorrections(untrue))


def _mend_keys(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    connection = store.naming.connection
    with store.batch():
        others, wrong = wrong_keys(connection)
        connection.executemany("UPDATE aliases SET key = ? WHERE id = ?", others)
        connection.executemany(
            "DELETE FROM alias_keys WHERE alias_id = ?", [(alias,) for alias in wrong]
        )
        write_alias_keys(connection)


def _mend_counts(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Update the title and number of words of articles from their text."""
    connection = store.naming.connection
    with store.batch():
        for article in {each for damage in damages for each in damage.articles}:
            texts = connection.execute(
                "SELECT text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
            ).fetchall()
            title = texts[0][0] if texts else None
            connection.execute(
                "UPDATE articles SET title = ifnull(?, title), word_count = ? WHERE id = ?",
                (title, sum(len(terms(text)) for (text,) in texts), article),
            )


def _let_be_read(store: ArchiveWriter, damages: Sequence[Damage]) -> None:
    """Mark articles so that the next run over their sources replaces them."""
    articles = {each for damage in damages for each in damage.articles}
    with store.batch():
        store.naming.connection.executemany(
            "UPDATE articles SET content_hash = '' WHERE id = ?",
            [(article,) for article in sorted(articles)],
        )
        store.files.let_be_read()


_MENDING: dict[Mend, Callable[[ArchiveWriter, Sequence[Damage]], None]] = {
    "orphans": _remove_orphans,
    "text": _mend_text,
    "words": _mend_words,
    "torn": lambda store, damages: store.rebuild_postings(),
    "names": _mend_names,
    "corrections": _mend_corrections,
    "keys": _mend_keys,
    "counts": _mend_counts,
    "copies": lambda store, damages: store.rebuild_copies(),
    "postings": lambda store, damages: store.rebuild_postings(),
    "sources": _let_be_read,
}
"""The function for each repair, in the order in which they are called."""
