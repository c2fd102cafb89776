"""Everything at once: processes and threads that write and read one archive for some time.

Two ingests, corrections, a reindex and a doctor write, eight readers search. No error may come but
that another process writes, every page must be whole, and no reader may wait long for a writer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from conftest import everything

from syriasearch import Archive, ArchiveLockedError
from syriasearch.ingest import run as ingest_run
from syriasearch.store.connection import ReadConnection

from .points import TESTS

NAMES = ("Lavrov", "Bashar al-Assad", "Staffan de Mistura", "Idlib", "Aleppo", "the White Helmets")
ARTICLES = 40
READERS = 4
"""The number of processes that read, and of threads in one more process."""
MAX_WAIT = 1.0
"""Seconds that a reader may wait for a writer."""


class Soaked(NamedTuple):
    """What came of it."""

    calls: dict[str, int]
    """The number of calls of each kind that were answered."""
    locked: dict[str, int]
    """The number of calls that said that another process writes."""
    longest_wait: float
    """The longest that a reader waited for a writer, in seconds."""
    longest_call: float
    """The longest that a reader waited for an answer, in seconds; most of it is work."""
    wrong: list[str]


def write_source(folder: Path, version: int) -> None:
    """Write a version of a source's articles, of which a third changes with each version."""
    folder.mkdir(exist_ok=True)
    lines = []
    for number in range(ARTICLES):
        now = version if number % 3 == 0 else 0
        name, other = (NAMES[(number * 7 + each + now) % len(NAMES)] for each in (0, 1))
        title = f"Report {number} of {folder.name}"
        words = " ".join(f"{folder.name}word{number * each % 997}" for each in range(30))
        text = f"{title}.\n\n{name} spoke of {other} in version {now}.\n\nTalks in Sochi: {words}."
        day = f"201{number % 9}-01-{1 + number % 28:02}"
        lines.append(json.dumps({"id": number, "title": title, "text": text, "date": day}))
    (folder / "articles.jsonl").write_text("\n".join(lines))


def ingest(path: Path, source: Path, turn: int) -> None:
    ingest_run.BATCH_ARTICLES = 7
    write_source(source, turn)
    with Archive(path) as archive:
        archive.ingest(source, processes=0)


def correct(path: Path, source: Path, turn: int) -> None:
    with Archive(path) as archive:
        in_force = [each for each in archive.corrections.history() if each.undone_at is None]
        if in_force:
            archive.corrections.undo(in_force[-1].id)
        elif turn % 2:
            archive.corrections.merge("staffan-de-mistura", "sergei-lavrov")
        else:
            archive.corrections.rename("idlib", f"Edlib {turn}")


def reindex(path: Path, source: Path, turn: int) -> None:
    with Archive(path) as archive:
        archive.reindex()


def check(path: Path, source: Path, turn: int) -> None:
    with Archive(path) as archive:
        damages = archive.check()
    assert damages == (), damages


def read(archive: Archive, turn: int) -> None:
    page = archive.search("Sochi talks", facets=["year"], exact=True, all_copies=True)
    assert page.total == 2 * ARTICLES, page
    assert page.total == sum(each.count for each in page.facets[0].values), page
    for hit in page.hits:
        assert hit.passages, hit
        assert "Sochi" in hit.passages[0].snippet.text, hit
    article = archive.article(page.hits[turn % len(page.hits)].article.slug)
    assert len(article.paragraphs) == 3, article
    assert archive.entity("Lavrov").articles > 0


WRITERS: dict[str, Callable[[Path, Path, int], None]] = {
    "ingest a": ingest,
    "ingest b": ingest,
    "corrections": correct,
    "reindex": reindex,
    "doctor": check,
}


class Waits:
    """The time that readers of this process wait for writers."""

    def __init__(self) -> None:
        self.longest = 0.0
        begin = ReadConnection.begin

        def timed(connection: ReadConnection) -> None:
            start = time.monotonic()
            try:
                begin(connection)
            finally:
                self.longest = max(self.longest, time.monotonic() - start)

        ReadConnection.begin = timed  # type: ignore[method-assign]


def loop(do: Callable[[int], None], end: float, told: dict[str, Any]) -> None:
    """Do something until the end, and count."""
    turn = 0
    while time.time() < end:
        turn += 1
        start = time.monotonic()
        try:
            do(turn)
        except ArchiveLockedError:
            told["locked"] += 1
            continue
        except Exception as error:
            told["wrong"].append(f"{type(error).__name__}: {error}"[:500])
            continue
        told["calls"] += 1
        told["longest_call"] = max(told["longest_call"], time.monotonic() - start)


def take_part(name: str, path: Path, source: Path) -> None:
    """Be one of the processes, begin when all are ready, and print what came of it."""
    with Archive(path, readonly=True) as archive:
        read(archive, 0)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    end = time.time() + float(sys.stdin.readline())
    waits = Waits()
    threads = []
    told: dict[str, Any] = {"name": name, "calls": 0, "locked": 0, "longest_call": 0.0, "wrong": []}
    if name in WRITERS:
        loop(lambda turn: WRITERS[name](path, source, turn), end, told)
    else:
        with Archive(path, readonly=True) as archive:
            number = READERS if name == "threads" else 1
            for _ in range(number):
                arguments = (lambda turn: read(archive, turn), end, told)
                threads.append(threading.Thread(target=loop, args=arguments))
            for each in threads:
                each.start()
            for each in threads:
                each.join()
    told["longest_wait"] = waits.longest if name not in WRITERS else 0.0
    sys.stdout.write(json.dumps(told))


def soak(folder: Path, seconds: float) -> Soaked:
    """Let everything happen at once for some time."""
    path = folder / "soak.db"
    sources = {name: folder / name.replace(" ", "-") for name in WRITERS}
    ingests = [name for name in WRITERS if name.startswith("ingest")]
    for name in ingests:
        ingest(path, sources[name], 0)
    names = [*WRITERS, *(f"reader {number}" for number in range(READERS)), "threads"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "faults", "part", name, path, sources.get(name, folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TESTS,
        )
        for name in names
    ]
    for each in processes:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        assert each.stdin
        each.stdin.write(f"{seconds}\n")
        each.stdin.flush()
    parts = [json.loads(each.communicate()[0]) for each in processes]
    wrong = [f"{part['name']}: {each}" for part in parts for each in part["wrong"]]
    wrong += _wrong_at_the_end(folder, path, [sources[name] for name in ingests])
    readers = [part for part in parts if part["name"] not in WRITERS]
    return Soaked(
        {part["name"]: part["calls"] for part in parts},
        {part["name"]: part["locked"] for part in parts},
        max(part["longest_wait"] for part in readers),
        max(part["longest_call"] for part in readers),
        wrong,
    )


def _wrong_at_the_end(folder: Path, path: Path, sources: list[Path]) -> list[str]:
    """Return how an archive differs from one that was made at once of the same sources."""
    with Archive(path) as archive, Archive(folder / "fresh.db") as fresh:
        for each in archive.corrections.history():
            if each.undone_at is None:
                archive.corrections.undo(each.id)
        archive.ingest(*sources, processes=0)
        archive.reindex()
        for source in sources:
            fresh.ingest(source, processes=0)
        wrong = list(archive.check())
    found, expected = (everything(each, ids=False) for each in (path, folder / "fresh.db"))
    return wrong + [
        f"other rows at the end: {key[:80]}" for key in found if found[key] != expected[key]
    ]
