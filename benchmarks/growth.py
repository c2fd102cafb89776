"""What does an archive cost as it grows, and what would it cost at a thousand times the size?

    python benchmarks/growth.py [ARCHIVE]

Archives of every 81st, 27th and 9th article of a file are made, and measured: what they hold, what
filling and checking take, and how long queries take. A cost that grows by a part of the text gets
the line, and one of different words or names the power law, that misses the archives least (least
squares of the relative error), and the table has what that says of larger archives. A further
archive, of the same articles, may be given, which is only read: queries are then fitted on it too.

CPU time, medians. Each archive is filled and measured by a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from corpora import DATA, read_lines
from tables import table

STEPS = (81, 27, 9)
"""One archive each: every n-th article."""
SIZES = (10**5, 10**6, 10**7, 10**8)
"""The numbers of paragraphs of the table."""
QUERIES = 8
"""Number of queries of each kind."""
TIMES = 4
"""How often each is asked, after once that does not count."""


@dataclass(frozen=True, slots=True)
class Cost:
    """A row of the table."""

    name: str
    unit: float
    """What the measured number is divided by."""
    format: str
    is_power: bool = False
    """Whether it grows by a power of the text instead of a line."""


COSTS = {
    "articles": Cost("articles, thousands", 1e3, ",.0f"),
    "bytes": Cost("file, GiB", 2**30, ",.2f"),
    "words": Cost("words, thousands", 1e3, ",.0f", is_power=True),
    "entities": Cost("entities, thousands", 1e3, ",.0f", is_power=True),
    "mentions": Cost("mentions, millions", 1e6, ",.1f"),
    "ingest": Cost("ingest, CPU h", 3600, ",.2f"),
    "doctor": Cost("doctor, CPU h", 3600, ",.2f"),
    "reindex": Cost("reindex, CPU h", 3600, ",.2f"),
    "first": Cost("first page, ms", 1e-3, ",.0f"),
    "rare": Cost("rare word, ms", 1e-3, ",.1f"),
    "common": Cost("common word, ms", 1e-3, ",.1f"),
    "phrase": Cost("phrase, ms", 1e-3, ",.1f"),
    "facets": Cost("common word with facets, ms", 1e-3, ",.1f"),
    "memory": Cost("memory of a search, MiB", 2**20, ",.0f"),
}


def spent(children: bool = False) -> float:
    """Return the processor time of this process, or of its children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def took(work: Callable[[], object]) -> float:
    """Return the processor time of some work, its worker processes included."""
    before = spent() + spent(children=True)
    work()
    return spent() + spent(children=True) - before


def fill(path: Path, source: Path) -> dict[str, float]:
    """Make an archive, and return what that and looking after it cost."""
    from syriasearch import Archive

    with Archive(path) as archive:
        return {
            "ingest": took(lambda: archive.ingest(source)),
            "doctor": took(archive.check),
            "reindex": took(archive.reindex),
        }


def read(path: Path) -> dict[str, float]:
    """Return what an archive holds, and what searching it costs."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        names = ("articles", "paragraphs", "words", "entities", "mentions")
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names
        }
        asked = _queries(connection, counts["articles"])
    times = _times(path, asked)
    return {**counts, "bytes": path.stat().st_size, **times, "memory": _resident()}


def _queries(connection: sqlite3.Connection, articles: int) -> dict[str, list[str]]:
    """Return words and phrases of the archive, by kind; the same ones each time."""

    def words(condition: str) -> list[str]:
        rows = connection.execute(
            f"SELECT word FROM words WHERE {condition} AND word NOT GLOB '*[^a-z]*'"
            " AND length(word) > 3 ORDER BY substr(stem, 2), word"
        ).fetchall()
        return [word for (word,) in rows[:: max(1, len(rows) // QUERIES)][:QUERIES]]

    names = connection.execute(
        "SELECT surface FROM mentions WHERE surface GLOB '[A-Z]* [A-Z]* [A-Z]*'"
        " GROUP BY surface ORDER BY count(*) DESC LIMIT ?",
        (QUERIES,),
    )
    return {
        "rare": words("count BETWEEN 5 AND 20"),
        "common": words(f"count BETWEEN {articles // 2} AND {2 * articles}"),
        "phrase": [f'"{" ".join(name.split()[1:3])}"' for (name,) in names],
    }


def _times(path: Path, asked: dict[str, list[str]]) -> dict[str, float]:
    from syriasearch import Archive

    def search(query: str, facets: Sequence[str] = ()) -> float:
        return took(lambda: archive.search(query, facets=facets))

    first = []
    for _ in range(TIMES):
        archive = Archive(path, readonly=True)
        first.append(search(asked["common"][0]))
        archive.close()
    with Archive(path, readonly=True) as archive:
        kinds: dict[str, list[tuple[str, Sequence[str]]]] = {
            **{kind: [(query, ()) for query in queries] for kind, queries in asked.items()},
            "facets": [(query, ("entity", "source")) for query in asked["common"]],
        }

        def fastest(query: str, facets: Sequence[str]) -> float:
            return min(search(query, facets) for _ in range(TIMES + 1))

        found = {kind: median(fastest(*each) for each in some) for kind, some in kinds.items()}
    return {"first": median(first), **found}


def _resident() -> float:
    """Return the most memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # That of `getrusage` may be the parent's.
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return 1024 * float(line.split()[1])
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def measure(build: str, path: Path, source: Path | None) -> dict[str, float]:
    """Return the costs of an archive, which is made of a source if one is given."""
    costs: dict[str, float] = {}
    for name, given in (("fill", source), ("read", path)):
        if given is None:
            continue
        ran = subprocess.run(
            [sys.executable, __file__, str(path), "--run", name, "--source", str(source)],
            env=os.environ | ({"PYTHONPATH": build} if build else {}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        costs |= json.loads(ran.stdout)
    return costs


def fitted(
    cost: Cost, sizes: Sequence[float], values: Sequence[float]
) -> tuple[Callable[[float], float], str]:
    """Return the law of a cost by the number of paragraphs, as a function and as text."""
    n, y = np.array(sizes, float), np.array(values, float)
    if cost.is_power:
        power, logarithm = np.polyfit(np.log(n), np.log(y), 1)
        factor = np.exp(logarithm)
        return lambda size: float(factor * size**power), f"{factor:.3g}·n^{power:.2f}"
    # Relative errors count, so that the largest archive is not all that does.
    rows = np.stack([1 / y, n / y], axis=1)
    (start, slope), *_ = np.linalg.lstsq(rows, np.ones(len(y)), rcond=None)
    if start < 0:
        start, slope = 0.0, 1 / float(np.mean(n / y))
    elif slope < 0:
        start, slope = float(np.mean(y)), 0.0
    return lambda size: float(start + slope * size), f"{start:.3g} + {slope:.3g}·n"


def rows_of(measured: Sequence[dict[str, float]]) -> list[list[str]]:
    """Return the rows of the table: what was measured, and the law for larger archives."""
    rows = []
    for key, cost in COSTS.items():
        known = [each for each in measured if key in each]
        law, text = fitted(
            cost, [each["paragraphs"] for each in known], [each[key] for each in known]
        )
        seen = [
            format(each[key] / cost.unit, cost.format) if key in each else "" for each in measured
        ]
        foretold = [format(law(size) / cost.unit, cost.format) for size in SIZES]
        rows.append([cost.name, *seen, *foretold, f"`{text}`"])
    return rows


def main() -> None:
    """Measure, and print the table of `docs/scale.md`."""
    given = _options()
    if given.run:
        # A message of the program belongs to no table.
        costs = fill(given.archive, given.source) if given.run == "fill" else read(given.archive)
        print(json.dumps(costs))
        return
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        measured = []
        for step in given.steps:
            source = Path(folder, "articles.jsonl")
            with source.open("w", encoding="utf-8") as file:
                for number, line in enumerate(read_lines(given.file)):
                    if number % step == 0:
                        file.write(json.dumps(line) + "\n")
            path = Path(folder, "archive.db")
            measured.append(measure(given.build, path, source))
            path.unlink()
        if given.archive:
            only_read = measure(given.build, given.archive.absolute(), None)
            measured.append({"paragraphs": only_read["paragraphs"], **only_read})
    heads = [f"{each['paragraphs']:,.0f}" for each in measured]
    sizes = [f"10^{len(str(size)) - 1}" for size in SIZES]
    print(table(["paragraphs", *heads, *sizes, "law"], rows_of(measured)))
    print(f"\nIn {time.perf_counter() - started:.0f} s.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("archive", type=Path, nargs="?", help="an archive of the same articles, to read only")
    add("--file", type=Path, default=DATA / "scale" / "allsides.jsonl.xz", help="the articles")
    add("--steps", type=int, nargs="+", default=STEPS, help="every n-th article, an archive each")
    add("--build", default="", help="a checkout whose program is measured")
    add("--run", choices=("fill", "read"), help=argparse.SUPPRESS)
    add("--source", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
