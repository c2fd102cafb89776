"""The versions that an archive's stems were made with.

Stems are stored, and other versions of PyStemmer and simplemma give others: Snowball 2 makes
`organ` of `organization`, Snowball 3 `organiz`, and simplemma 2 finds `go` in `went`. Words that
came with one version and words that came with another would not find each other, so an archive
records its versions in `settings`, and the first batch of a writer that has others restems all
words (`Vocabulary.refresh`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..text.stem import RULES, stem

SETTING = "stems"
"""The name of the row of `settings` that holds the versions."""
LONGEST = 100
"""The characters of a recorded value that are shown: an archive may come from elsewhere."""


@cache
def current_versions() -> str:
    """Return the versions that this program stems with, as an archive records them."""
    # `Stemmer.version()` is 2.0.1 in PyStemmer 2.2 and in 3.0, which stem otherwise.
    packages = (("Stemmer", "PyStemmer"), ("simplemma", "simplemma"))
    installed = [f"{project} {_installed(module, project)}" for module, project in packages]
    return ", ".join((*installed, f"rules {RULES}"))


def _installed(module: str, project: str) -> str:
    """Return the version of a package, from the name of the metadata beside it.

    A search cannot wait for importlib.metadata: 0.2 ms against 30, which are for a package that is
    installed otherwise.
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
    """Return the versions that an archive's stems were made with; None where it has no record."""
    row = connection.execute(
        "SELECT CAST(value AS BLOB) FROM settings WHERE name = ?", (SETTING,)
    ).fetchone()
    return row[0].decode(errors="replace") if row else None


def other_versions(connections: Iterable[sqlite3.Connection]) -> str | None:
    """Return what archives' stems were made with, for a message; None where it is the current."""
    recorded = {recorded_versions(each) for each in connections} - {current_versions()}
    if not recorded:
        return None
    return " or ".join(sorted(each[:LONGEST] if each else "unknown versions" for each in recorded))


def wrong_stems(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the stems that words should have and have not, and the words."""
    words = connection.execute("SELECT word, stem FROM words")
    return [(now, word) for word, known in words if (now := stem(word)) != known]


def restem(connection: sqlite3.Connection) -> None:
    """Bring all stems to the current versions and record these, inside a transaction."""
    connection.executemany("UPDATE words SET stem = ? WHERE word = ?", wrong_stems(connection))
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (SETTING, current_versions()),
    )
