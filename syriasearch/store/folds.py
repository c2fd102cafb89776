"""The folded text of paragraphs, as it is stored and indexed.

Where the folded text differs from the text, `paragraphs.replacements` has what differs, or
`paragraphs.normalized` the folded text as a whole (see `replacements`); the generated column
`folded` is made of them in SQL. The archive's record of versions (`stem_versions`) has the version
of the rules by which it was folded, and a writer with other rules folds all text again.
"""

from __future__ import annotations

import sqlite3

from ..text.normalize import fold
from ..text.tokenize import folded_terms
from .replacements import find_replacements
from .schema import create_statements, read_version
from .sql import cached_per_version
from .stem_versions import CURRENT_FOLDS, recorded_versions

REPLACEMENTS_VERSION = 9
"""The first version of the schema that has `paragraphs.replacements`."""
_TRIGGER = "paragraphs_update"


FoldColumns = tuple[str | None, str | None]
"""`paragraphs.normalized` and `paragraphs.replacements`."""


def fold_columns(text: str, folded: str) -> FoldColumns:
    """Return `paragraphs.normalized` and `paragraphs.replacements` for a text and its fold."""
    if folded == text:
        return None, None
    replacements = find_replacements(text, folded)
    return (folded if replacements is None else None), replacements


def has_current_folds(connection: sqlite3.Connection) -> bool:
    """Return whether an archive's text was folded by the current rules, according to its record."""
    return (recorded_versions(connection) or "").endswith(CURRENT_FOLDS)


def is_folded_sql(connection: sqlite3.Connection) -> str:
    """Return an expression for whether folding a paragraph is known to change nothing.

    Nothing is known of an archive that was folded by other rules.
    """
    return cached_per_version(connection, "is folded", _is_folded_sql)


def _is_folded_sql(connection: sqlite3.Connection) -> str:
    if not has_current_folds(connection):
        return "0"
    if (read_version(connection) or 0) < REPLACEMENTS_VERSION:
        return "normalized IS NULL"
    return "coalesce(normalized, replacements) IS NULL"


def store_folds(connection: sqlite3.Connection) -> None:
    """Fold all text again, index it and count its words, inside a transaction."""
    connection.create_function("fold", 1, fold)
    connection.create_function("count_terms", 1, lambda folded: len(folded_terms(folded)))
    _update(connection, "fold(text)", "folded IS NOT fold(text)")
    connection.execute("INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('rebuild')")
    connection.execute(
        "UPDATE articles SET word_count = (SELECT ifnull(sum(count_terms(folded)), 0)"
        " FROM paragraphs WHERE article_id = articles.id)"
    )


def pack_folds(connection: sqlite3.Connection) -> None:
    """Replace folded texts that are stored as a whole by replacements, inside a transaction.

    Archives up to schema version 8 have all of them as a whole.
    """
    _update(connection, "folded", "normalized IS NOT NULL")


def _update(connection: sqlite3.Connection, folded: str, condition: str) -> None:
    """Write the columns of some paragraphs' folded text, an expression, without the index."""
    for index, name in enumerate(("whole_fold", "fold_replacements")):
        connection.create_function(name, 2, lambda *texts, at=index: fold_columns(*texts)[at])
    # The index may have other terms than the triggers would remove from it.
    connection.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}")
    connection.execute(
        f"UPDATE paragraphs SET normalized = whole_fold(text, {folded}),"
        f" replacements = fold_replacements(text, {folded}) WHERE {condition}"
    )
    connection.execute(create_statements()[_TRIGGER])
