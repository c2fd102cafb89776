"""A run is killed, the disk is full, another process writes: nothing of an archive is lost."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT, everything

from syriasearch import Archive

KILLS = int(os.environ.get("SYRIASEARCH_KILLS", "50"))
"""So many runs are killed in all; the moments are always the same shares of a run."""
PROCESSES = Path("/proc/self/task")
NAMES = ("Lavrov", "Bashar al-Assad", "Staffan de Mistura", "Idlib", "Aleppo", "the White Helmets")

SERVER = """
import json, os, sys
from syriasearch import Archive, ingest
import syriasearch.store, syriasearch.repairs
from syriasearch.entities import default_recognizer
from syriasearch.stems import stem
default_recognizer().recognize(["Lavrov went to Sochi."]), stem("boycotted")
ingest.BATCH_ARTICLES = 50
for line in sys.stdin:
    path, what, sources, options = json.loads(line)
    child = os.fork()
    if not child:
        getattr(Archive(path), what)(*sources, **options)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()  # until then its number is nobody else's
    print(os.waitpid(child, 0)[1], flush=True)
"""
"""Runs what it is told in processes that need not import anything first."""

Run = Callable[..., tuple[bool, float]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Ingest in a process that may be killed: `run(path, news, after=0.2)`.

    Returns whether it came to its end, and how many seconds it took.
    """
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert server.stdin
    assert server.stdout
    to, of = server.stdin, server.stdout

    def start(
        path: Path,
        *sources: Path,
        after: float | None = None,
        what: str = "ingest",
        **options: object,
    ) -> tuple[bool, float]:
        print(json.dumps([str(path), what, list(map(str, sources)), options]), file=to, flush=True)
        child, started = int(of.readline()), time.monotonic()
        if after is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        print(file=to, flush=True)
        return int(of.readline()) == 0, time.monotonic() - started

    yield start
    server.stdin.close()
    server.wait()
    server.stdout.close()


def write_news(folder: Path, version: int) -> Path:
    """Write articles of which some change, go and come from one version to the next."""
    folder.mkdir(exist_ok=True)
    for file in range(6):
        lines = []
        for number in range(50):
            if (number + version) % 9 == 0:
                continue
            changed = version * (number % 4 == 0)
            name, other = (NAMES[(number * 7 + each + changed) % len(NAMES)] for each in (0, 1))
            story = f"Story {file}-{number % 40}"  # the last ten are copies
            text = (
                f"{story}. {name} spoke of {other} in version {changed}.\n\nTalks went on in Sochi "
                + " ".join(f"word{(number % 40) * each % 997}" for each in range(60))
            )
            day = f"2018-01-{1 + number % 28:02}"
            lines.append(json.dumps({"id": number, "title": story, "text": text, "date": day}))
        (folder / f"{file}.jsonl").write_text("\n".join(lines))
    return folder


def assert_whole(path: Path) -> None:
    """The archive opens, answers, and nothing is wrong with it."""
    with Archive(path) as archive:
        assert archive.check() == ()
    with Archive(path, readonly=True) as archive:
        assert archive.search("talks Sochi", limit=1, exact=True).total == archive.search("").total


@pytest.mark.parametrize(
    ("share", "update", "options"),
    [
        (0.5, False, {"processes": 0}),
        (0.3, True, {"processes": 0, "prune": True}),
        (0.2, True, {"processes": 2, "prune": True}),
    ],
    ids=["new", "update", "workers"],
)
def test_a_run_that_is_killed_loses_nothing(
    run: Run, tmp_path: Path, share: float, update: bool, options: dict[str, object]
) -> None:
    news = write_news(tmp_path / "news", 0)
    before, whole, path = (tmp_path / f"{name}.db" for name in ("before", "whole", "killed"))
    if update:
        with Archive(before) as archive:
            archive.ingest(news)
        write_news(news, 1)
        shutil.copy(before, whole)
    _, seconds = run(whole, news, **options)
    expected = everything(whole)
    moments = random.Random(0)

    def start_anew() -> None:
        for each in tmp_path.glob("killed.db*"):
            each.unlink()
        if update:
            shutil.copy(before, path)

    start_anew()
    kills = 0
    while kills < KILLS * share:
        done, _ = run(path, news, after=moments.uniform(0, seconds), **options)
        if done:
            assert everything(path) == expected
            start_anew()
            continue
        kills += 1
        if path.exists() and path.stat().st_size:
            with closing(sqlite3.connect(path)) as connection:
                made = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if made:
                assert_whole(path)
    assert run(path, news, **options)[0]
    assert everything(path) == expected
    assert_whole(path)
