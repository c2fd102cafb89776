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
from click.testing import CliRunner
from conftest import everything

from syriasearch import Archive
from syriasearch.cli import main

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("SYRIASEARCH_KILLS", "50"))
"""So many runs are killed in all; the moments are always the same shares of a run."""
PROCESSES = Path("/proc/self/task")
NAMES = ("Lavrov", "Bashar al-Assad", "Staffan de Mistura", "Idlib", "Aleppo", "the White Helmets")

SERVER = """
import json, os, sys
from syriasearch import Archive
from syriasearch.ingest import run as ingest
import syriasearch.ingest.archive_writer, syriasearch.doctor.repair
from syriasearch.entities.recognizer import default_recognizer
from syriasearch.text.stem import stem
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


def is_made(path: Path) -> bool:
    """Tell whether a run has come so far that there is an archive."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0


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
        if is_made(path):
            assert_whole(path)
    assert run(path, news, **options)[0]
    assert everything(path) == expected
    assert_whole(path)


SPOILT = """
DELETE FROM words WHERE id % 7 = 0;
UPDATE mentions SET start = start + 1 WHERE id % 50 = 0;
DELETE FROM mentions WHERE id % 51 = 0;
UPDATE articles SET duplicate_of = NULL;
UPDATE segments SET days = zeroblob(length(days));
INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('delete-all');
DELETE FROM alias_keys;
DROP INDEX words_stem;
PRAGMA user_version = 0;
"""


def test_a_repair_that_is_killed_makes_nothing_worse(run: Run, tmp_path: Path) -> None:
    whole, path = tmp_path / "whole.db", tmp_path / "spoilt.db"
    with Archive(whole) as archive:
        archive.ingest(write_news(tmp_path / "news", 0))
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SPOILT)
    shutil.copy(path, tmp_path / "spoilt.copy")
    _, seconds = run(path, what="repair")
    moments = random.Random(0)
    for _ in range(KILLS // 5):
        shutil.copy(tmp_path / "spoilt.copy", path)
        run(path, what="repair", after=moments.uniform(0, seconds))
        assert run(path, what="repair")[0]
        assert_whole(path)
        assert everything(path, ids=False) == everything(whole, ids=False)


# Workers


def children_of(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found.update(map(int, (task / "children").read_text().split()))
    return found


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells who is whose child")
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_is_left_behind(tmp_path: Path, by: signal.Signals) -> None:
    news = write_news(tmp_path / "news", 0)
    code = (
        "import sys; from syriasearch import Archive;"
        "Archive(sys.argv[1]).ingest(sys.argv[2], processes=2)"
    )
    ingest = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "killed.db", news],
    )
    workers: set[int] = set()
    while len(workers) < 2 and ingest.poll() is None:
        workers |= children_of(ingest.pid)
    ingest.send_signal(by)
    ingest.wait()
    assert len(workers) == 2
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{each}").exists() for each in workers):
        assert time.monotonic() < deadline, "a process beside goes on without the one it works for"
        time.sleep(0.05)


# A full disk


FILL = """
import json, resource, sys
from syriasearch import Archive, SyriaSearchError
from syriasearch.ingest import run as ingest
path, news, room = sys.argv[1], sys.argv[2], int(sys.argv[3])
ingest.BATCH_ARTICLES = 50
if room:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
try:
    Archive(path).ingest(news, processes=0)
    print("done")
except SyriaSearchError as error:
    print(error)
"""


def python(code: str, *arguments: object) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    return result.stdout


NO_ROOM = (
    "no room to write {path}; what was reported as stored is kept: free some disk and run again\n"
)
NOT_WRITTEN = (
    "{path} could not be written or read (disk I/O error); what was reported as stored is kept: "
    "look to the disk and its quotas, and run again\n"
)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.8, 0.95])
def test_a_file_that_may_not_grow_is_told_and_gone_on_with(tmp_path: Path, share: float) -> None:
    news = write_news(tmp_path / "news", 0)
    whole, path = tmp_path / "whole.db", tmp_path / "small.db"
    assert python(FILL, whole, news, 0) == "done\n"
    told = python(FILL, path, news, int(whole.stat().st_size * share))
    assert told == NOT_WRITTEN.format(path=path)
    if is_made(path):
        with Archive(path) as archive:
            assert archive.check() == ()
    assert python(FILL, path, news, 0) == "done\n"
    assert everything(path) == everything(whole)


FULL = """
set -e
mount -t tmpfs -o size=1m tmpfs {disk}
{python} -c "$CODE" {disk}/small.db {news} 0
{python} -m syriasearch.cli --db {disk}/small.db doctor || true
head -c 100m /dev/zero > {disk}/filler 2>&1 || true
{python} -c "$CODE" {disk}/small.db {news} 0
rm {disk}/filler
mount -o remount,size=100m {disk}
{python} -c "$CODE" {disk}/small.db {news} 0
cp {disk}/small.db {copy}
"""


def may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="a small disk can only be mounted by some")
def test_a_full_disk_is_told_and_gone_on_with(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news", 0)
    whole, copy, disk = tmp_path / "whole.db", tmp_path / "copy.db", tmp_path / "disk"
    disk.mkdir()
    assert python(FILL, whole, news, 0) == "done\n"
    script = FULL.format(disk=disk, news=news, copy=copy, python=sys.executable)
    result = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"CODE": FILL},
    )
    path = disk / "small.db"
    no_room = NO_ROOM.format(path=path)
    assert result.stdout == f"{no_room}{path} is sound.\n{no_room}done\n"
    assert everything(copy) == everything(whole)


# A locked archive


def test_an_archive_that_another_process_writes_all_the_time_is_told(tmp_path: Path) -> None:
    news, path = write_news(tmp_path / "news", 0), tmp_path / "locked.db"
    with Archive(path) as archive:
        archive.ingest(news)
    before = everything(path)
    write_news(news, 1)
    code = (
        "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "connection.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout
    assert other.stdout.readline() == "locked\n"
    result = CliRunner().invoke(main, ["--db", str(path), "ingest", str(news)])
    other.communicate()
    told = f"another process is writing to {path}: try again when it is done\n"
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(told)
    assert result.stderr.count("\n") == 1
    assert everything(path) == before
    assert_whole(path)


# Readers


READ = """
import json, sys
from pathlib import Path
from syriasearch import Archive
path, stop = sys.argv[1:]
seen = set()
with Archive(path, readonly=True) as archive:
    print("reading", flush=True)
    while True:
        over = Path(stop).exists()
        # Every article of the one version or of the other has these words.
        page = archive.search("Sochi talks", facets=["year"], exact=True, all_copies=True)
        assert page.total == sum(each.count for each in page.facets[0].values), page
        assert page.total == archive.search("", all_copies=True).total or not over
        seen.add(page.total)
        if over:
            break
print(json.dumps(sorted(seen)))
"""


def test_another_process_sees_whole_batches_only(run: Run, tmp_path: Path) -> None:
    news, path = write_news(tmp_path / "news", 0), tmp_path / "read.db"
    with Archive(path) as archive:
        first = archive.ingest(news / "0.jsonl").added
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READ, path, stop],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "reading\n"
    done, _ = run(path, news, processes=0)
    assert done
    with Archive(path, readonly=True) as archive:
        last = archive.search("", all_copies=True).total
    stop.touch()
    # Batches of fifty, and what is left at the end.
    batches = {*range(first, last, 50), last}
    for reader in readers:
        seen = set(json.loads(reader.communicate()[0]))
        assert seen <= batches
        assert last in seen
    assert_whole(path)
