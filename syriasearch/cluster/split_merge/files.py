"""Files that are read and written when archives are split and merged.

Files are written next to existing ones, which are then replaced by renaming, so that readers go on
with what they have open.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from ...index.postings import Ids
from ...index.segment_writer import SegmentWriter
from ...store.connection import ReadConnection
from ...store.creation import empty_archive
from ...store.schema import create_statements


@contextmanager
def new_files(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Yield temporary paths to write to; at the end the files get the paths that were given."""
    targets = list(paths)
    temporary = [each.with_name(f"{each.name}.{os.getpid()}.new") for each in targets]
    try:
        yield temporary
        for written, target in zip(temporary, targets, strict=True):
            written.replace(target)
    finally:
        for each in temporary:
            each.unlink(missing_ok=True)


@contextmanager
def new_archive(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a new archive that is written without a journal; texts are indexed later."""
    with closing(
        sqlite3.connect(path.absolute().as_uri(), isolation_level=None, uri=True)
    ) as target:
        with closing(empty_archive()) as empty:
            empty.backup(target)
        target.execute("PRAGMA journal_mode = OFF")  # an incomplete file is thrown away
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA cache_size = -65536")
        target.execute("DROP TRIGGER paragraphs_insert")
        yield target
        target.execute("PRAGMA optimize")
        target.execute("ANALYZE")
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def index_text(target: sqlite3.Connection) -> None:
    """Index all paragraphs for FTS5."""
    target.execute("INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('rebuild')")
    target.execute(create_statements()["paragraphs_insert"])


def copy_postings(target: sqlite3.Connection, parts: Sequence[tuple[ReadConnection, Ids]]) -> None:
    """Copy the postings of articles, and their words under the ids that they have in all parts."""
    target.execute("CREATE TEMP TABLE stems (id INTEGER, word TEXT PRIMARY KEY, stem TEXT)")
    for source, _ in parts:
        target.executemany(
            "INSERT OR IGNORE INTO temp.stems VALUES (?, ?, ?)",
            source.execute("SELECT id, word, stem FROM words"),
        )
    target.execute("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, paragraphs_fts, row)")
    target.execute(
        "INSERT INTO words (id, word, stem, count)"
        " SELECT stems.id, term, stem, cnt FROM temp.indexed JOIN temp.stems ON word = term"
        " ORDER BY 1"
    )
    target.execute("DROP TABLE temp.indexed")
    SegmentWriter(target).take(parts)
