"""Versions of the stemmers with which an archive's stems were made, and of the fold of its text.

Stems are stored, and they differ between versions of PyStemmer and simplemma: Snowball 2 stems
`organization` to `organ`, Snowball 3 to `organiz`, and simplemma 2 lemmatizes `went` to `go`. Words
stemmed by different versions would not find each other, so an archive records its versions in
`settings`, and a writer with other versions restems all words in its first batch
(`index.vocabulary_writer`). The same record has the version of the rules of folding (`folds`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..text.normalize import RULES as FOLD_RULES
from ..text.stem import RULES, stem
from .sql import write_setting

SETTING = "stems"
"""The name of the row of `settings` that holds the versions."""
CURRENT_FOLDS = f", folds {FOLD_RULES}"
"""The end of a record of text folded by the current rules."""
MAX_SHOWN = 100
"""Number of characters of a recorded value that are shown, as the archive may not be trusted."""


@cache
def current_versions() -> str:
    """Return the versions with which this program stems, in the form that archives record."""
    # `Stemmer.version()` is 2.0.1 in both PyStemmer 2.2 and 3.0, which stem differently.
    packages = (("Stemmer", "PyStemmer"), ("simplemma", "simplemma"))
    installed = [f"{project} {_installed(module, project)}" for module, project in packages]
    return ", ".join((*installed, f"rules {RULES}")) + CURRENT_FOLDS


def _installed(module: str, project: str) -> str:
    """Return the version of a package, from the name of the metadata folder next to it.

    This takes 0.2 ms, and importlib.metadata 30, which is too long for a search; it is the fallback
    for a package that is installed in another way.
    """
    spec = find_spec(module)
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        if spec.submodule_search_locations:
            folder = folder.parent
        names = os.listdir(folder)  # noqa: PTH208 (a path for each name takes twice the time)
        found = [
            name.split("-")[1].removesuffix(".dist").removesuffix(".egg")
            for name in names
            if name.endswith("-info") and name.lower().startswith(f"{project.lower()}-")
        ]
        if len(found) == 1:
            return found[0]
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(project)
    except PackageNotFoundError:
        return "unknown"


def recorded_versions(connection: sqlite3.Connection) -> str | None:
    """Return the versions with which an archive's stems were made, None if it has no record."""
    row = connection.execute(
        "SELECT CAST(value AS BLOB) FROM settings WHERE name = ?", (SETTING,)
    ).fetchone()
    return row[0].decode(errors="replace") if row else None


def other_versions(connections: Iterable[sqlite3.Connection]) -> str | None:
    """Return the other versions with which archives were stemmed, for a message; None if none."""
    others = {recorded_versions(each) for each in connections} - {current_versions()}
    names = sorted(each[:MAX_SHOWN] if each else "unknown versions" for each in others)
    return " or ".join(names) or None


def wrong_stems(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the correct stem of each word whose stored stem differs, with the word."""
    words = connection.execute("SELECT word, stem FROM words")
    return [(now, word) for word, known in words if (now := stem(word)) != known]


def restem(connection: sqlite3.Connection) -> None:
    """Restem all words with the current versions and record these, inside a transaction."""
    connection.executemany("UPDATE words SET stem = ? WHERE word = ?", wrong_stems(connection))
    write_setting(connection, SETTING, current_versions())
