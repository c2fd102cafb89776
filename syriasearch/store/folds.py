"""The folded text of paragraphs, as it is stored and indexed.

`paragraphs.normalized` is the folded text where it differs from the text; the generated column
`folded` is the one or the other. The archive's record of versions (`stem_versions`) has the version
of the rules by which it was folded, and a writer with other rules folds all text again.
"""

from __future__ import annotations

import sqlite3

from ..text.normalize import fold
from ..text.tokenize import folded_terms
from .schema import create_statements
from .sql import cached_per_version
from .stem_versions import CURRENT_FOLDS, recorded_versions

_TRIGGER = "paragraphs_update"


def normalized(text: str, folded: str) -> str | None:
    """Return the value of `paragraphs.normalized` for a text and its fold."""
    return None if folded == text else folded


def has_current_folds(connection: sqlite3.Connection) -> bool:
    """Return whether an archive's text was folded by the current rules, according to its record."""
    return (recorded_versions(connection) or "").endswith(CURRENT_FOLDS)


def is_folded_sql(connection: sqlite3.Connection) -> str:
    """Return an expression for whether folding a paragraph is known to change nothing.

    Nothing is known of an archive that was folded by other rules.
    """
    current = cached_per_version(connection, "current folds", has_current_folds)
    return "normalized IS NULL" if current else "0"


def store_folds(connection: sqlite3.Connection) -> None:
    """Fold all text again, index it and count its words, inside a transaction."""
    connection.create_function("normalized", 1, lambda text: normalized(text, fold(text)))
    connection.create_function("count_terms", 1, lambda folded: len(folded_terms(folded)))
    # The index may have other terms than the triggers would remove from it.
    connection.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}")
    connection.execute(
        "UPDATE paragraphs SET normalized = normalized(text)"
        " WHERE normalized IS NOT normalized(text)"
    )
    connection.execute(create_statements()[_TRIGGER])
    connection.execute("INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('rebuild')")
    connection.execute(
        "UPDATE articles SET word_count = (SELECT ifnull(sum(count_terms(folded)), 0)"
        " FROM paragraphs WHERE article_id = articles.id)"
    )
