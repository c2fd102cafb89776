"""How is what is damaged in an archive mended?

From what is there: the text tells words, postings and copies, recognizing it again tells who is
named, corrections tell whose that is. Each step is a transaction, so that a repair which is killed
has mended what it has mended. What is mended may bring to light what could not be seen before, so
everything is looked at again until nothing is left, or nothing that helps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ..entities.corrections import Correction, InForce
from ..entities.names.phonetic import write_alias_keys
from ..entities.recognition_settings import Told
from ..ingest.archive_writer import Store
from ..ingest.reindex import BATCH, reindex
from ..models.article import Mention
from ..models.report import RepairReport
from ..store.connection import check_filled, check_there, open_beside, open_writer, told_plainly
from ..store.migrations import empty_archive
from ..store.schema import check_current
from ..store.stem_versions import restem
from ..text.normalize import terms
from . import Damage, Mend, find_damages
from .check_rows import orphans_of, wrong_keys
from .check_schema import APPLIED, INDEX, expected, lacking, things_of, true_marks

ROUNDS = 5
_OF_THE_FILE = ("marks", "schema", "indexes")
"""What is mended before the archive can be used as one."""


def find(path: Path) -> list[Damage]:
    """Return what is wrong with an archive; what nothing mends, alone. Raises ArchiveError."""
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
            # An error may have rolled back by itself.
            with suppress(sqlite3.OperationalError):
                connection.execute("ROLLBACK")


def repair(path: Path) -> RepairReport:
    """Mend what can be mended; tell what was, and what is left. Raises ArchiveError."""
    seen: dict[str, None] = {}
    damages = find(path)
    for _ in range(ROUNDS):
        seen.update(dict.fromkeys(damage.message for damage in damages))
        if not damages or any(damage.mend is None for damage in damages):
            # What nothing mends may be worse than it seems.
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
        told_plainly(str(path)),
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
        # All else is to be looked at again.
        return
    if mends & {"orphans", "text", "names", "corrections"}:
        # Postings are written with the words' ids; which words lack, a damaged index hides.
        mends.add("words")
    with closing(Store(path)) as store, told_plainly(str(path)):
        for mend in _MENDING:
            if mend in mends:
                found = [damage for damage in damages if damage.mend == mend]
                _MENDING[mend](store, found)


def _has_log(path: Path) -> bool:
    """Tell whether a run was killed that has written with a write-ahead log."""
    with _writing(path) as connection:
        return bool(connection.execute("PRAGMA journal_mode").fetchone() == ("wal",))


def _settle(path: Path, damages: Sequence[Damage]) -> None:
    """Leave the archive as a run leaves it, where it can be used as one."""
    if all(damage.mend == "sources" for damage in damages):
        with closing(Store(path, log=False)) as store:
            store.settle()


def _mark(connection: sqlite3.Connection) -> None:
    """Write by what an archive of its version is known."""
    marks = true_marks(connection)
    if marks is not None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {marks.application}")
        connection.execute(f"PRAGMA user_version = {marks.version}")
        connection.execute("COMMIT")


def _complete(connection: sqlite3.Connection) -> None:
    """Make the tables, indexes and triggers that are not there, or otherwise."""
    # What refers to a table that is not there is mended after it is.
    connection.execute("PRAGMA foreign_keys = OFF")
    missing = {thing[:2]: thing for thing in lacking(connection)}
    connection.execute("BEGIN IMMEDIATE")
    try:
        if ("table", INDEX) in missing:
            # With the tables in which it is kept, which it makes anew.
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
    """Put into a table what an empty archive has there."""
    with closing(empty_archive()) as fresh:
        for row in fresh.execute(f"SELECT * FROM {table}"):
            places = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({places})", row)


def _reindex(connection: sqlite3.Connection) -> None:
    """Write all indexes anew; one that cannot be so is left."""
    for thing in expected():
        if thing.kind == "table" and not thing.sql.startswith("CREATE VIRTUAL"):
            with suppress(sqlite3.IntegrityError):
                connection.execute(f"REINDEX {thing.name}")


def _remove_orphans(store: Store, damages: Sequence[Damage]) -> None:
    """Remove what belongs to nothing, as it would have gone with it."""
    connection = store.naming.connection
    with store.batch():
        for orphan in orphans_of(connection):
            # number, place, table, from, to, on update, on delete, match
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


def _mend_text(store: Store, damages: Sequence[Damage]) -> None:
    with store.batch():
        _rebuild_text(store.naming.connection)


def _mend_words(store: Store, damages: Sequence[Damage]) -> None:
    store.count_words()
    with store.batch():
        restem(store.naming.connection)


def _mend_names(store: Store, damages: Sequence[Damage]) -> None:
    """Recognize articles anew; all where what is wrong is not an article's."""
    if all(damage.articles for damage in damages):
        articles = sorted({each for damage in damages for each in damage.articles})
        _recognize(store, articles)
        return
    with store.batch():
        store.naming.connection.execute(
            "DELETE FROM aliases WHERE entity_id IS NULL AND found_id IS NULL"
        )
    reindex([store], Told())


def _recognize(store: Store, articles: Sequence[int]) -> None:
    seen: dict[str, Mention] = {}
    for at in range(0, len(articles), BATCH):
        with store.batch():
            store.naming.recognize(articles[at : at + BATCH], seen)


def _mend_corrections(store: Store, damages: Sequence[Damage]) -> None:
    """Apply the corrections anew, as if rows agreed with none and all were others'."""
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
        store.naming.correct(InForce(untrue))


def _mend_keys(store: Store, damages: Sequence[Damage]) -> None:
    connection = store.naming.connection
    with store.batch():
        others, wrong = wrong_keys(connection)
        connection.executemany("UPDATE aliases SET key = ? WHERE id = ?", others)
        connection.executemany(
            "DELETE FROM alias_keys WHERE alias_id = ?", [(alias,) for alias in wrong]
        )
        write_alias_keys(connection)


def _mend_counts(store: Store, damages: Sequence[Damage]) -> None:
    """Let articles have the title and the number of words that stand in their text."""
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


def _let_be_read(store: Store, damages: Sequence[Damage]) -> None:
    """Let the next run over their sources find that articles are not what is there."""
    articles = {each for damage in damages for each in damage.articles}
    with store.batch():
        store.naming.connection.executemany(
            "UPDATE articles SET content_hash = '' WHERE id = ?",
            [(article,) for article in sorted(articles)],
        )
        store.files.let_be_read()


_MENDING: dict[Mend, Callable[[Store, Sequence[Damage]], None]] = {
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
"""What mends what, in this order."""
