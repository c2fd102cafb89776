"""Speed and memory of an ingest, compared with `sqlite-utils insert`.

The same articles are ingested into an archive, and inserted with `sqlite-utils insert` and
`enable-fts` into a table without paragraphs, names, copies or ranking, in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpora import DATA, read_lines
from tables import table

PAUSE = 0.1
"""The interval at which memory is measured, in seconds."""
TENTHS = 10

# Ingests, and prints the share of the input that was read at each time.
_INGEST = """
import json, sys, time
from syriasearch import Archive
began, marks = time.perf_counter(), []
def mark(done, total, name):
    marks.append((time.perf_counter() - began, done / max(total, 1)))
with Archive(sys.argv[1]) as archive:
    report = archive.ingest(*sys.argv[2:], progress=mark)
print(json.dumps([report.added, marks]))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of commands, one after the other."""

    seconds: float
    peak: int
    """The maximum memory of all their processes together, in bytes."""
    output: str


def main() -> None:
    """Ingest each part of the file, and print how that went."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = []
        for every in options.every:
            files = write_parts(options.file, Path(folder) / f"every-{every}", every)
            rows += measure(files, Path(folder))
    head = ["", "articles", "seconds", "articles/s", "ratio", "peak, MiB", "file, MiB"]
    print(table(head, rows))


def measure(files: list[Path], folder: Path) -> list[list[str]]:
    """Return the rows of a table for one size of input."""
    archive, other = folder / "archive.db", folder / "other.db"
    ingest = [sys.executable, "-c", _INGEST, str(archive), *map(str, files)]
    first = run([ingest])
    added, marks = json.loads(first.output)
    again = run([ingest])
    rows = [
        _row("syriasearch ingest", added, first, 1.0, archive),
        ["… last tenth to second tenth", "", "", "", f"{_growth(marks):.2f}", "", ""],
        _row("… again, unchanged", added, again, again.seconds / first.seconds, archive),
    ]
    program = shutil.which("sqlite-utils", path=str(Path(sys.executable).parent))
    if program:
        whole = folder / "whole.jsonl"
        whole.write_bytes(b"".join(file.read_bytes() for file in files))
        insert = [program, "insert", str(other), "articles", str(whole), "--nl"]
        enable = [program, "enable-fts", str(other), "articles", "title", "text"]
        ran = run([insert, [*enable, "--create-triggers"]])
        name = "sqlite-utils insert + enable-fts"
        rows.append(_row(name, added, ran, ran.seconds / first.seconds, other))
        whole.unlink()
    for file in (archive, other, folder / "metadata.json"):
        file.unlink(missing_ok=True)
    return rows


def _row(name: str, articles: int, ran: Ran, ratio: float, file: Path) -> list[str]:
    return [
        name,
        f"{articles:,}",
        f"{ran.seconds:,.1f}",
        f"{articles / ran.seconds:,.0f}",
        f"{ratio:.2f}",
        f"{ran.peak / 2**20:,.0f}",
        f"{file.stat().st_size / 2**20:,.0f}",
    ]


def _growth(marks: Sequence[tuple[float, float]]) -> float:
    """Return the ratio of the times that the last and the second tenth of the input took."""
    ends = [next(when for when, done in marks if done * TENTHS >= tenth) for tenth in (1, 2, 9, 10)]
    return (ends[3] - ends[2]) / (ends[1] - ends[0])


def write_parts(file: Path, folder: Path, every: int) -> list[Path]:
    """Write each `every`-th article of a file into 50 files of JSON lines; return these.

    Progress is reported between files.
    """
    folder.mkdir()
    chosen = list(islice(_lines(file), 0, None, every))
    size = -(-len(chosen) // 50)
    paths = []
    for number in range(0, len(chosen), size):
        path = folder / f"{number:06}.jsonl"
        path.write_text("".join(chosen[number : number + size]), encoding="utf-8")
        paths.append(path)
    return paths


def _lines(file: Path) -> Iterator[str]:
    for values in read_lines(file):
        yield json.dumps(values, ensure_ascii=False) + "\n"


def run(commands: Sequence[Sequence[str]]) -> Ran:
    """Run commands that must succeed."""
    began, peak, output = time.perf_counter(), 0, ""
    for command in commands:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            watch = _Watch(process.pid)
            watch.start()
            output, _ = process.communicate()
            watch.ended.set()
            watch.join()
            peak = max(peak, watch.peak)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed")
    return Ran(time.perf_counter() - began, peak, output)


class _Watch(threading.Thread):
    """Measures the memory of a process and its descendants (on Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.ended = threading.Event()
        self._pid = pid

    def run(self) -> None:
        while not self.ended.wait(PAUSE):
            self.peak = max(self.peak, sum(map(_resident, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    family = [pid]
    for member in family:
        try:
            for thread in Path(f"/proc/{member}/task").iterdir():
                family += map(int, (thread / "children").read_text().split())
        except OSError:
            continue
    return family


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--file", type=Path, default=DATA / "scale" / "allsides.jsonl.xz", help="of articles")
    add("--every", type=int, nargs="+", default=[10, 3, 1], help="every 10th article, every 3rd")
    add("--folder", type=Path, help="for temporary files")
    return parser.parse_args()


if __name__ == "__main__":
    main()
