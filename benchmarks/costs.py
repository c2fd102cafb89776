"""What does one archive cost: in bytes, in memory, in time to fill, to search and to check?

Each is measured in a process of its own. Times are of the processor, not of the clock: what else
the machine does counts little.
"""

from __future__ import annotations

import json
import pickle
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import numpy as np

from cases import spread
from syriasearch import Archive
from vocabulary import FUNCTION_WORDS

EACH = 12
"""So many queries of a kind."""
OPENINGS = 5
PARTS = {
    "text": ("paragraphs",),
    "full-text index": ("paragraphs_fts",),
    "postings": ("postings", "segments"),
    "mentions": ("mentions",),
    "copies": ("signatures", "bands"),
    "names": ("entities", "aliases", "alias_keys"),
    "words": ("words",),
    "articles": ("articles",),
}
"""Parts of the file, by tables; a table's indexes are a part of their own."""
COUNTED = ("articles", "paragraphs", "mentions", "words", "entities", "aliases", "alias_keys",
           "segments")  # fmt: skip
Asked = dict[str, list[tuple[str, tuple[str, ...]]]]
"""Queries with their facets, by kind."""


def open_plain(path: Path) -> sqlite3.Connection:
    """Open an archive to read its tables."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def sizes(path: Path) -> dict[str, int]:
    """Return bytes by part of the file; empty where SQLite was built without dbstat."""
    found: dict[str, int] = {}
    with closing(open_plain(path)) as connection:
        tables = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master"))
        try:
            rows = connection.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE")
        except sqlite3.OperationalError:
            return {}
        for name, size in rows:
            table = tables.get(name, name)
            part = next(
                (
                    part
                    for part, names in PARTS.items()
                    if table in names or (part == "full-text index" and table.startswith(names))
                ),
                "other",
            )
            if name != table:
                part = f"{part}: indexes"
            found[part] = found.get(part, 0) + size
    return found


def counts(path: Path) -> dict[str, int]:
    """Return how many rows tables have, and how many articles postings name."""
    with closing(open_plain(path)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in COUNTED
            if table in there
        }
        (entries,) = connection.execute(
            "SELECT sum((length(data) - 8 * terms) / 5) FROM postings"
        ).fetchone()
    return found | {"entries of postings": entries}


def choose_queries(path: Path) -> Asked:
    """Choose queries of each kind from what the archive holds."""
    with closing(open_plain(path)) as connection:
        first = connection.execute(
            "SELECT word FROM words WHERE length(word) > 3 ORDER BY count DESC LIMIT 400"
        ).fetchall()
        seldom = connection.execute(
            "SELECT word FROM words WHERE count BETWEEN 5 AND 20 AND length(word) > 6"
            " AND word GLOB '[a-z]*' AND NOT word GLOB '*[^a-z]*' ORDER BY word"
        ).fetchall()
        surfaces = connection.execute(
            "SELECT surface FROM mentions WHERE surface GLOB '[A-Z]*[a-z] [A-Z]*[a-z]'"
            " AND NOT surface GLOB '* * *' GROUP BY surface ORDER BY count(*) DESC LIMIT 60"
        ).fetchall()
        people = connection.execute(
            "SELECT name FROM entities JOIN (SELECT entity_id, count(*) AS often FROM mentions"
            " GROUP BY 1) ON entity_id = id WHERE type = 'person' AND name GLOB '* *'"
            " ORDER BY often DESC LIMIT 60"
        ).fetchall()
    with Archive(path, readonly=True) as archive:
        articles = archive.search("", limit=0).total
        common = [
            word
            for (word,) in first
            if word.isascii() and word not in FUNCTION_WORDS
            and articles / 4 <= archive.search(word, limit=0).total <= articles * 0.9
        ]  # fmt: skip
    broad = spread(common, EACH)
    asked = {
        "rare": [word for (word,) in spread(seldom, EACH)],
        "common": broad,
        "phrase": [f'"{surface}"' for (surface,) in spread(surfaces, EACH)],
        "name": [name for (name,) in spread(people, EACH)],
    }
    queries: Asked = {kind: [(query, ()) for query in each] for kind, each in asked.items()}
    queries["facets"] = [(word, ("source", "year")) for word in broad]
    queries["entity facet"] = [(word, ("entity",)) for word in broad]
    return queries


def anonymous() -> int:
    """Return the bytes that this process alone holds in memory (on Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


def arrays(archive: Archive) -> int:
    """Return the bytes of all arrays that this thread's connection keeps of articles."""
    (index,) = archive._connection().cache.values()
    kept = [value for name, value in vars(index).items() if name != "_kept"]
    total = 0
    while kept:
        value = kept.pop()
        if isinstance(value, np.ndarray):
            total += value.nbytes
        elif isinstance(value, dict):
            kept += value.values()
        elif isinstance(value, tuple):
            kept += value
    return total


def search_costs(path: Path, asked: Asked, rounds: int) -> dict[str, Any]:
    """Ask queries in one process; return times in milliseconds, and memory in bytes."""
    cases = [(kind, at) for kind, each in asked.items() for at in range(len(each))]
    times: dict[str, list[list[float]]] = {kind: [[] for _ in asked[kind]] for kind in asked}
    clocked = 0.0
    first = asked["rare"][0][0]

    def ask(archive: Archive, kind: str, at: int) -> object:
        query, facets = asked[kind][at]
        return archive.search(query, facets=facets, passages=1)

    def everything(archive: Archive) -> None:
        for kind, at in cases:
            ask(archive, kind, at)

    with Archive(path, readonly=True) as archive:
        archive.search(first, limit=1, passages=1)
        memory = {"after one query": anonymous()}
        everything(archive)
        memory["after all queries"] = anonymous()
        memory["of it, arrays by article"] = arrays(archive)
        for number in range(rounds):
            for kind, at in Random(number).sample(cases, len(cases)):
                began, worked = time.perf_counter(), time.thread_time()
                ask(archive, kind, at)
                times[kind][at].append(round((time.thread_time() - worked) * 1000, 4))
                clocked += time.perf_counter() - began
        before = anonymous()

        def second() -> None:
            everything(archive)
            memory["a second thread"] = anonymous() - before

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        page = ask(archive, "common", 0)
        pickled = [_timed(lambda: pickle.loads(pickle.dumps(page))) for _ in range(200)]
    openings = []
    for _ in range(OPENINGS):
        with Archive(path, readonly=True) as archive:
            openings.append(_timed(lambda a=archive: a.search(first, passages=1)))
    return {
        "times": times,
        "clock over processor": clocked * 1000 / sum(map(sum, chain.from_iterable(times.values()))),
        "memory": memory,
        "opening": median(openings),
        "page pickled": median(pickled),
    }


def _timed(what: Callable[[], object]) -> float:
    worked = time.thread_time()
    what()
    return (time.thread_time() - worked) * 1000


def ingest_costs(path: Path, files: Sequence[Path]) -> dict[str, Any]:
    """Ingest files, the writer in this process and all else in one beside; return seconds."""
    from syriasearch.index.near_duplicates import DuplicateLinks
    from syriasearch.index.segment_writer import SegmentWriter

    spent: dict[str, float] = {}
    for owner, name, part in (
        (SegmentWriter, "_merge_due", "merging"),
        (SegmentWriter, "settle", "settling"),
        (DuplicateLinks, "flush", "copies"),
    ):
        setattr(owner, name, _counted(getattr(owner, name), part, spent))
    began, worked = time.perf_counter(), time.process_time()
    with Archive(path) as archive:
        report = archive.ingest(*files, processes=1)
    own = resource.getrusage(resource.RUSAGE_SELF)
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "added": report.added,
        "seconds": time.perf_counter() - began,
        "writer": time.process_time() - worked,
        "beside": beside.ru_utime + beside.ru_stime,
        "parts": spent,
        "writer memory": own.ru_maxrss * 1024,
        "memory beside": beside.ru_maxrss * 1024,
    }


def _counted(method: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    def counted(self: object, *arguments: Any) -> Any:
        began = time.thread_time()
        try:
            return method(self, *arguments)
        finally:
            spent[part] = spent.get(part, 0.0) + time.thread_time() - began

    return counted


def check_costs(path: Path) -> dict[str, Any]:
    """Let the doctor look at an archive."""
    began, worked = time.perf_counter(), time.process_time()
    with Archive(path) as archive:
        damages = archive.check()
    return {
        "seconds": time.perf_counter() - began,
        "worked": time.process_time() - worked,
        "damages": len(damages),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def text_index_costs(path: Path, folder: Path, batch: int) -> list[tuple[int, float]]:
    """Write an index of the archive's text anew, beside it, as a run does: batch by batch.

    Returns how many paragraphs were in and how many seconds that had taken, tenth by tenth.
    """
    target = folder / "text-index.db"
    target.unlink(missing_ok=True)
    found = []
    with closing(open_plain(path)) as source, closing(sqlite3.connect(target)) as connection:
        (sql,) = source.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'paragraphs_fts'"
        ).fetchone()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("CREATE TABLE paragraphs (id INTEGER PRIMARY KEY, folded TEXT)")
        connection.execute(sql)
        (total,) = source.execute("SELECT count(*) FROM paragraphs").fetchone()
        rows = source.execute("SELECT id, folded FROM paragraphs ORDER BY id")
        done, worked = 0, 0.0
        for batched in iter(lambda: rows.fetchmany(batch), []):
            began = time.process_time()
            connection.executemany(
                "INSERT INTO paragraphs_fts (rowid, folded) VALUES (?, ?)", batched
            )
            connection.commit()
            worked += time.process_time() - began
            tenth = done * 10 // total
            done += len(batched)
            if done * 10 // total > tenth:
                found.append((done, worked))
    for file in folder.glob("text-index.db*"):
        file.unlink()
    return found


def measure(
    path: Path, folder: Path, *, rounds: int, own: bool, text_index: bool
) -> dict[str, Any]:
    """Measure an archive that is there; only what is our `own` may be opened to be written."""
    asked = choose_queries(path)
    with closing(open_plain(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    found: dict[str, Any] = {
        "version": version,
        "bytes": path.stat().st_size,
        "parts": sizes(path),
        "counts": counts(path),
        "search": _beside("search", path, str(rounds), given=asked),
    }
    if own:
        found["check"] = _beside("check", path)
    if text_index:
        found["text index"] = _beside("text-index", path, str(folder))
    return found


def ingest(path: Path, files: Sequence[Path]) -> dict[str, Any]:
    """Make an archive of files."""
    return _beside("ingest", path, *map(str, files))


def _beside(what: str, path: Path, *arguments: str, given: object = None) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, __file__, what, str(path), *arguments],
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(ran.stdout))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the least value that such a share does not exceed."""
    ordered = sorted(values)
    return ordered[max(-int(-len(ordered) * share // 1) - 1, 0)]


def together(times: Sequence[Sequence[float]]) -> list[float]:
    """Return the times of all queries of a kind."""
    return list(chain.from_iterable(times))


def _main(what: str, path: Path, *arguments: str) -> dict[str, Any]:
    given = json.load(sys.stdin)
    if what == "search":
        return search_costs(path, given, int(arguments[0]))
    if what == "ingest":
        return ingest_costs(path, [Path(each) for each in arguments])
    if what == "check":
        return check_costs(path)
    return {"marks": text_index_costs(path, Path(arguments[0]), 5000)}


if __name__ == "__main__":
    print(json.dumps(_main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])))
